import DIVA
import Datasets
import Experiments
import Foundation
import Synchronization

/// Keeps a run's events in memory, as the runner's store would: points join the stream in order, and a checkpoint drops nothing
/// before it. Can be told to stop the run at the n-th `proceed`.
final class RecordingSink: RunEventSink {
    struct Contents {
        var events: [RunEvent.Payload] = []
        var checkpoint: Data?
        /// How many events stood before the newest checkpoint.
        var eventsAtCheckpoint = 0
        var checkpoints = 0
        var proceeds = 0
        var results: [RunEvent.Result]?
        var longestPause = 0.0
        var lastProceed = ContinuousClock.now
    }

    let contents = Mutex(Contents())
    let stopAt: Int?
    /// Checkpoints that are kept: a runner may skip some that follow too closely.
    let keepsEvery: Int

    init(stopAt: Int? = nil, keepsEvery: Int = 1) {
        self.stopAt = stopAt
        self.keepsEvery = keepsEvery
    }

    func emit(_ payload: RunEvent.Payload) { contents.withLock { $0.events.append(payload) } }
    func metric(series: String, unit: String, step: Double, value: Double) {
        emit(.metric(.init(series: series, unit: unit, steps: [step], values: [value])))
    }
    func proceed() throws {
        try contents.withLock { contents in
            let now = ContinuousClock.now
            let elapsed = contents.lastProceed.duration(to: now)
            contents.longestPause = max(contents.longestPause, Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18)
            contents.lastProceed = now
            contents.proceeds += 1
            if contents.proceeds == stopAt { throw RunCancelled() }
        }
    }
    func checkpoint(name: String, force: Bool, state: () throws -> Data) throws {
        let data = try state()
        contents.withLock { contents in
            contents.checkpoints += 1
            guard contents.checkpoints.isMultiple(of: keepsEvery) else { return }
            contents.checkpoint = data
            contents.eventsAtCheckpoint = contents.events.count
        }
    }
    func artifact(_ mark: RunEvent.ArtifactMark, _ data: Data) {}
    func finish(_ results: [RunEvent.Result]) { contents.withLock { $0.results = results } }

    var events: [RunEvent.Payload] { contents.withLock { $0.events } }
    var results: [RunEvent.Result]? { contents.withLock { $0.results } }
    func value(_ name: String, _ arm: String) -> Double? { results?.first { $0.name == name && $0.arm == arm }?.value }
}

/// Data folders as the program finds them, with the project's shared data where it is.
enum TestData {
    static let folders: [URL] = {
        var folders: [URL] = []
        if let named = ProcessInfo.processInfo.environment["LATHE_TEST_DATA"] { folders.append(URL(fileURLWithPath: named)) }
        folders += (ProcessInfo.processInfo.environment["LATHE_DATA"] ?? "").split(separator: ":").map { URL(fileURLWithPath: String($0)) }
        var place = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while place.path != "/" {
            let shared = place.appendingPathComponent("shared/data")
            if FileManager.default.fileExists(atPath: shared.path) { folders.append(shared) }
            let wheels = place.appendingPathComponent("dev/wheels")
            if FileManager.default.fileExists(atPath: wheels.path) { folders.append(wheels) }
            place.deleteLastPathComponent()
        }
        return folders
    }()
    static let library = DatasetLibrary(folders: folders)
    static func has(_ identifier: String) -> Bool { library.entry(identifier).map { $0.state != .missing } ?? false }
}

/// Runs a request without the runner.
func run(_ request: RunRequest, sink: RecordingSink = RecordingSink(), restoring state: Data? = nil, cache: URL? = nil,
         library: DatasetLibrary = TestData.library) throws -> RecordingSink {
    let method = DIVAMethod()
    let folder = cache ?? FileManager.default.temporaryDirectory.appendingPathComponent("lathe-diva-tests-\(ProcessInfo.processInfo.processIdentifier)")
    let context = RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: library, cacheFolder: folder,
                             restoredState: state, sink: sink)
    try method.train(context)
    return sink
}

func request(_ values: [String: ParameterValue], dataset: String = "digits", plan: Plan = .standard, seed: UInt64 = 1) -> RunRequest {
    RunRequest(method: "diva", dataset: dataset, plan: plan, seed: seed, values: values)
}
