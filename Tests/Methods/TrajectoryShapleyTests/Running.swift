import Datasets
import Experiments
import Foundation
import TrajectoryShapley

/// Runs the method as a runner would, in memory.
func run(_ request: RunRequest, library: DatasetLibrary = shipped, restoring state: Data? = nil, sink: RecordingSink = RecordingSink()) throws -> RecordingSink {
    let method = TrajectoryShapleyMethod()
    let context = RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: library,
                             cacheFolder: FileManager.default.temporaryDirectory, restoredState: state, sink: sink)
    try method.train(context)
    return sink
}

/// What the program itself holds, opened once.
let shipped = DatasetLibrary(folders: [])

/// Events in a form in which a number that is none equals itself.
func text(_ payloads: some Sequence<RunEvent.Payload>) -> [String] { payloads.map { RunEvent(sequence: 0, time: 0, payload: $0).jsonLine } }

func request(_ values: [String: ParameterValue] = [:], dataset: String = "crowd", seed: UInt64 = 1) -> RunRequest {
    RunRequest(method: "trajectory-shapley", dataset: dataset, plan: .smoke, seed: seed, values: values)
}
