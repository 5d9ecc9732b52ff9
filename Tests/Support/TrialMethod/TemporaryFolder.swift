import Datasets
import Experiments
import Foundation

/// A folder that goes away with the test.
public final class TemporaryFolder: Sendable {
    public let location: URL
    public init() throws {
        location = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-experiments-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: location, withIntermediateDirectories: true)
    }
    public func file(_ name: String) -> URL { location.appendingPathComponent(name) }
    deinit { try? FileManager.default.removeItem(at: location) }
}

public func makeExecutor(_ folder: TemporaryFolder) -> RunExecutor {
    RunExecutor(library: DatasetLibrary(folders: []), cacheFolder: folder.file("cache"))
}

public func makeRunner(_ folder: TemporaryFolder, maximumRunning: Int = 1, minimumCheckpointInterval: Duration = .milliseconds(20),
                       turnstile: Turnstile? = nil) throws -> Runner {
    var executor = makeExecutor(folder)
    executor.minimumCheckpointInterval = minimumCheckpointInterval
    return Runner(store: try RunStore(at: folder.file("store.sqlite")), methods: { $0 == "darts" ? DartsMethod(turnstile: turnstile) : nil },
                  executor: executor, maximumRunning: maximumRunning)
}

/// Waits until something is so, and says after how many seconds; nil when it never was.
public func waited(_ limit: Double = 10, until condition: () throws -> Bool) rethrows -> Double? {
    let begin = ContinuousClock.now
    while begin.duration(to: .now) < .seconds(limit) {
        if try condition() { return begin.duration(to: .now) / .seconds(1) }
        Thread.sleep(forTimeInterval: 0.002)
    }
    return nil
}
