import Datasets
import Experiments
import Foundation
import Tensors
import TransEncoder

/// What the program itself holds, opened once.
let shipped = DatasetLibrary(folders: [])

/// Runs the method as a runner would, in memory.
func run(_ request: RunRequest, library: DatasetLibrary = shipped, restoring state: Data? = nil, sink: RecordingSink = RecordingSink()) throws -> RecordingSink {
    let method = TransEncoderMethod()
    let context = RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: library,
                             cacheFolder: FileManager.default.temporaryDirectory, restoredState: state, sink: sink)
    try method.train(context)
    return sink
}

/// Events in a form in which a number that is none equals itself.
func text(_ payloads: some Sequence<RunEvent.Payload>) -> [String] { payloads.map { RunEvent(sequence: 0, time: 0, payload: $0).jsonLine } }

func request(_ values: [String: ParameterValue] = [:], dataset: String = "small-pairs", seed: UInt64 = 1) -> RunRequest {
    RunRequest(method: "trans-encoder", dataset: dataset, plan: .smoke, seed: seed, values: values)
}

/// A folder that is gone when the closure ends.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-trans-encoder-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

/// Runs with one thread, as a resumed run must to come to the same bits.
func withOneThread<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = Parallel.threads
    Parallel.threads = 1
    defer { Parallel.threads = before }
    return try body()
}
