import Datasets
import Foundation

/// Follows a log of another program into a store; keep it and call `update` now and then, `end` when nothing more will come.
struct ForeignImport: Sendable {
    private(set) var log: any ForeignLog
    private let store: RunStore
    /// The run's identifier in the store: the same for the same place, so that a second import replaces the first.
    let identifier: String
    private(set) var isMade = false
    private var isEnded = false
    private var last: RunEvent?

    init(_ log: any ForeignLog, into store: RunStore) {
        self.log = log
        self.store = store
        identifier = Self.identifier(of: log.location)
    }

    /// Twelve hexadecimal digits of the checksum of the place.
    static func identifier(of location: URL) -> String { String(SHA256.hexadecimal(of: Array(location.standardizedFileURL.path.utf8)).prefix(12)) }

    var hasEnded: Bool { isEnded }

    /// Takes in what came since the last call.
    /// - Parameter heartbeat: when it was seen to grow, seconds since 1970.
    /// - Returns: how many events came.
    mutating func update(heartbeat: Double? = nil, limit: Int = 16 << 20) throws -> Int {
        guard !isEnded else { return 0 }
        let events = try log.update(limit: limit)
        if case .started(let start)? = events.first?.payload, !isMade {
            if (try? store.run(identifier)) != nil { try store.delete([identifier]) }
            try store.createImported(start.request, identifier: identifier, study: nil, origin: log.location.path, created: events[0].time)
            isMade = true
        }
        if isMade, !events.isEmpty {
            _ = try store.merge(events, into: identifier, replacesRest: false, heartbeat: heartbeat)
            last = events.last
        }
        if log.isOver, isMade { try end() }
        return events.count
    }

    /// Writes the run's end, with the last values of all series as its results.
    mutating func end() throws {
        guard isMade, !isEnded else { return }
        isEnded = true
        let record = try store.run(identifier), time = last?.time ?? record.created
        let end: RunEvent.Payload = log.failure.map { .failed(.init($0)) } ?? .finished(.init(results: log.newest.results, seconds: max(0, time - record.created)))
        _ = try store.merge([RunEvent(sequence: (last?.sequence ?? -1) + 1, time: time, payload: end)], into: identifier, replacesRest: false, heartbeat: nil)
    }
}

extension RunStore {
    /// What came of taking in the logs of other programs at a place.
    public struct ForeignReport: Sendable, Equatable {
        public var run: String, name: String, events: Int, problems: [String]
    }

    /// Takes in every run of TensorBoard and W&B at or below a place, as finished runs.
    /// - Throws: `InterchangeError` where there is none, `StoreError`.
    public func importForeignLogs(at location: URL) throws -> [ForeignReport] {
        let logs = try ForeignLogs.find(at: location)
        guard !logs.isEmpty else { throw InterchangeError("\(location.path): holds no event log (*.jsonl), no event file of TensorBoard (*tfevents*) and no log of W&B (*.wandb)") }
        var reports: [ForeignReport] = []
        for log in logs {
            var follower = ForeignImport(log, into: self)
            var count = 0, problems: [String] = []
            while true {
                let added = try follower.update()
                problems += follower.takeProblems()
                count += added
                if added == 0 { break }
            }
            try follower.end()
            reports.append(ForeignReport(run: follower.identifier, name: follower.log.name, events: count, problems: problems))
        }
        return reports
    }
}

extension ForeignImport {
    mutating func takeProblems() -> [String] { log.takeProblems() }
}
