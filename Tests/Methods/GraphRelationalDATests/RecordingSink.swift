import Datasets
import Experiments
import Foundation
import GraphRelationalDA
import Synchronization

/// Keeps a run's events and checkpoints in memory; can be told to stop the run at the n-th `proceed`.
final class RecordingSink: RunEventSink {
    struct Contents {
        var events: [RunEvent.Payload] = []
        /// Each checkpoint with how many events stood before it.
        var checkpoints: [(name: String, state: Data, events: Int)] = []
        var proceeds = 0
        var results: [RunEvent.Result]?
    }

    let contents = Mutex(Contents())
    let stopAt: Int?

    init(stopAt: Int? = nil) { self.stopAt = stopAt }

    func emit(_ payload: RunEvent.Payload) { contents.withLock { $0.events.append(payload) } }
    func metric(series: String, unit: String, step: Double, value: Double) { emit(.metric(.init(series: series, unit: unit, steps: [step], values: [value]))) }
    func proceed() throws {
        try contents.withLock { contents in
            contents.proceeds += 1
            if contents.proceeds == stopAt { throw RunCancelled() }
        }
    }
    func checkpoint(name: String, force: Bool, state: () throws -> Data) throws {
        let data = try state()
        contents.withLock { $0.checkpoints.append((name, data, $0.events.count)) }
    }
    func artifact(_ mark: RunEvent.ArtifactMark, _ data: Data) {}
    func finish(_ results: [RunEvent.Result]) { contents.withLock { $0.results = results } }

    var events: [RunEvent.Payload] { contents.withLock { $0.events } }
    var checkpoints: [(name: String, state: Data, events: Int)] { contents.withLock { $0.checkpoints } }
    var results: [RunEvent.Result] { contents.withLock { $0.results ?? [] } }
    var proceeds: Int { contents.withLock { $0.proceeds } }

    func value(_ name: String, _ arm: String) -> Double? { results.first { $0.name == name && $0.arm == arm }?.value }
    func points(_ series: String) -> [Double] {
        events.flatMap { event -> [Double] in if case .metric(let batch) = event, batch.series == series { batch.values } else { [] } }
    }
    var warnings: [String] { events.compactMap { if case .warning(let message) = $0 { message.text } else { nil } } }
    func table(_ name: String) -> RunEvent.Table? {
        for event in events.reversed() { if case .table(let table) = event, table.name == name { return table } }
        return nil
    }
}

@discardableResult
func run(_ request: RunRequest, sink: RecordingSink = RecordingSink(), restoring state: Data? = nil, library: DatasetLibrary = DatasetLibrary(folders: [])) throws -> RecordingSink {
    let method = GraphRelationalDAMethod()
    let context = RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: library,
                             cacheFolder: FileManager.default.temporaryDirectory, restoredState: state, sink: sink)
    try method.train(context)
    return sink
}

/// A run of seconds: few epochs of narrow networks.
func request(_ values: [String: ParameterValue] = [:], dataset: String = "dg-6", plan: Plan = .smoke, seed: UInt64 = 1) -> RunRequest {
    RunRequest(method: "grda", dataset: dataset, plan: plan, seed: seed, threads: 1, values: values)
}

func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-grda-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

/// A data set in the domain layout, opened from a folder of its own.
func library(_ files: [String: String], in folder: URL, name: String = "mine") throws -> DatasetLibrary {
    let place = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    for (name, text) in files { try Data(text.utf8).write(to: place.appendingPathComponent(name)) }
    return DatasetLibrary(folders: [folder])
}
