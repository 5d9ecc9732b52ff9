import Datasets
import Experiments
import Foundation
import VisualGeneralisation

/// What the program itself holds.
let shipped = DatasetLibrary(folders: [])

/// Runs the method as a runner would, in memory.
func run(_ request: RunRequest, library: DatasetLibrary = shipped, restoring state: Data? = nil, sink: RecordingSink = RecordingSink(), cache: URL = FileManager.default.temporaryDirectory) throws -> RecordingSink {
    let method = VisualGeneralisationMethod()
    try method.train(RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: library, cacheFolder: cache, restoredState: state, sink: sink))
    return sink
}

/// A run of a second.
func request(_ values: [String: ParameterValue] = [:], dataset: String = "sprites", seed: UInt64 = 1) -> RunRequest {
    let quick: [String: ParameterValue] = [
        "training-images": .integer(80), "test-images": .integer(40), "one-factor-images": .integer(16), "steps": .integer(6), "latent-steps": .integer(4), "readout-steps": .integer(5),
        "transfer-steps": .integer(4), "pretraining-steps": .integer(4), "batch": .integer(16), "watch-every": .integer(3), "watch-images": .integer(16), "mig-images": .integer(60), "dci-images": .integer(60),
        "transfer": .text("synthetic"),
    ]
    return RunRequest(method: "visual-generalisation", dataset: dataset, plan: .smoke, seed: seed, threads: 1, condition: "test", values: quick.merging(values) { $1 })
}

/// Events in a form in which a number that is none equals itself; without the list that has times in it.
func text(_ payloads: some Sequence<RunEvent.Payload>) -> [String] {
    payloads.compactMap { payload in
        if case .table(let table) = payload, table.name == "queue" { return nil }
        return RunEvent(sequence: 0, time: 0, payload: payload).jsonLine
    }
}
