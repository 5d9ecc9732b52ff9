import Foundation
import GRDB

/// What an import did.
public struct ImportReport: Sendable, Equatable {
    public var run: String
    /// Events that were new to the store.
    public var added = 0
    /// Events that it had already.
    public var known = 0
    /// Lines that could not be read; the import went on after them.
    public var problems: [EventLogProblem] = []
}

/// Follows one growing event log into a store; keep it and call `update` now and then.
///
/// Idempotent: an event is known by run, sequence and time, so the same log may be imported any number of times, whole or in
/// pieces, by several processes. A log whose run went on from a checkpoint replaces the events behind that checkpoint.
public struct EventLogImport: Sendable {
    private var reader: EventLogReader
    private let store: RunStore
    private var identifier: String?
    /// Events that wait for the `started` event, which says what run to make.
    private var waiting: [RunEvent] = []
    /// The sequence of the last event that went into the store.
    private var last = -1

    public init(of log: URL, into store: RunStore) {
        reader = EventLogReader(at: log)
        self.store = store
    }

    /// The run's identifier, once the log named it.
    public var run: String? { identifier }

    /// The line at the log's end that is not whole, if there is one.
    public var tornLine: EventLogProblem? { reader.tornLine }

    /// Takes in what came since the last call.
    /// - Returns: nil when nothing did.
    /// - Throws: `EventLogError`, `StoreError`; what was read before is taken in with the next call.
    public mutating func update() throws -> ImportReport? {
        var report = ImportReport(run: identifier ?? ""), isEmpty = true
        while let piece = try reader.next(bytes: 4 << 20) {
            isEmpty = false
            if piece.isFromStart { (waiting, last) = ([], -1) }
            report.problems += piece.problems
            // What a resumed run dropped within what is not stored yet never reaches the store.
            for event in piece.events { EventLog.add(event, to: &waiting) }
        }
        if let run = try identifier ?? prepare() {
            report.run = run
            let stepsBack = waiting.first.map { $0.sequence <= last } ?? false
            let slice = 20_000
            for start in stride(from: 0, to: waiting.count, by: slice) {
                let events = Array(waiting[start..<min(start + slice, waiting.count)])
                let (added, known) = try store.merge(events, into: run, replacesRest: stepsBack && start == 0, heartbeat: reader.lastHeartbeat)
                report.added += added
                report.known += known
            }
            for event in waiting {
                guard case .artifact(let mark) = event.payload, let data = LogArtifact.read(mark, beside: reader.location) else { continue }
                try store.adoptArtifact(data, mark, sequence: event.sequence, of: run)
            }
            last = waiting.last?.sequence ?? last
            waiting = []
        }
        return isEmpty ? nil : report
    }

    private mutating func prepare() throws -> String? {
        for case .started(let start) in waiting.map(\.payload) {
            // A log without a header is known by its file's name.
            let name = reader.header?.run ?? "log-" + reader.location.deletingPathExtension().lastPathComponent
            try store.createImported(start.request, identifier: name, study: reader.header?.study, origin: reader.location.path,
                                     created: waiting.first?.time ?? 0)
            identifier = name
            return name
        }
        return nil
    }
}

extension RunStore {
    /// Imports an event log, once or again.
    /// - Throws: `EventLogError` when it cannot be read or holds no run, `StoreError`.
    @discardableResult
    public func importEventLog(_ log: URL) throws -> ImportReport {
        var follower = EventLogImport(of: log, into: self)
        var report = try follower.update() ?? ImportReport(run: "")
        if let torn = follower.tornLine { report.problems.append(torn) }
        guard follower.run != nil else {
            let first = report.problems.first.map { "; \($0)" } ?? ""
            throw EventLogError("event log \(log.path): it holds no event of kind “started”, so it tells of no run\(first)")
        }
        return report
    }

    func createImported(_ request: RunRequest, identifier: String, study: String?, origin: String, created: Double) throws(StoreError) {
        try write { db, revision in
            guard try Int.fetchOne(db, sql: "SELECT 1 FROM runs WHERE identifier = ?", arguments: [identifier]) == nil else { return }
            try Self.insertRun(db, request, identifier, study: study, created: created, origin: origin, revision: revision)
        }
    }

    /// Merges events of a log, by increasing sequence, into a run, in one transaction.
    /// - Parameter replacesRest: the log steps back to the first of the events: what the store holds from there on was dropped.
    /// - Returns: how many were new and how many were there already.
    func merge(_ events: [RunEvent], into identifier: String, replacesRest: Bool, heartbeat: Double?) throws(StoreError) -> (added: Int, known: Int) {
        try write { db, revision in
            let key = try Self.key(db, identifier)
            if replacesRest, let first = events.first { try Self.truncate(db, run: key, from: first.sequence) }
            let next = try Int.fetchOne(db, sql: "SELECT nextSequence FROM runs WHERE key = ?", arguments: [key]) ?? 0
            var fresh = events[...], known = 0
            if let first = events.first, first.sequence < next {
                let stored = try Self.times(db, run: key)
                scan: while let event = fresh.first, event.sequence < next {
                    switch stored[event.sequence] {
                    case nil: try Self.insertBetween(event, run: key, db)
                    case let time? where time < event.time:
                        // The run went on from a checkpoint before this event, and what is stored from here on was dropped by it.
                        try Self.truncate(db, run: key, from: event.sequence)
                        break scan
                    default: known += 1
                    }
                    fresh = fresh.dropFirst()
                }
            }
            // Whatever ended it before, it goes on; an end among these events is followed by the next line.
            if !fresh.isEmpty { try db.execute(sql: "UPDATE runs SET state = 'running', sentence = '' WHERE key = ? AND state <> 'running'", arguments: [key]) }
            try Self.insert(Array(fresh), run: key, db)
            let heard = max(heartbeat ?? 0, events.last?.time ?? 0)
            try db.execute(sql: "UPDATE runs SET revision = ?, heartbeat = max(coalesce(heartbeat, 0), ?) WHERE key = ?", arguments: [revision, heard, key])
            return (events.count - known, known)
        }
    }

    private static func times(_ db: Database, run: Int64) throws -> [Int: Double] {
        var times: [Int: Double] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT sequence, time FROM events WHERE run = ?", arguments: [run]) {
            if let sequence = row.int(0), let time = row.double(1) { times[sequence] = time }
        }
        for row in try Row.fetchAll(db, sql: "SELECT parts FROM chunks WHERE run = ?", arguments: [run]) {
            for part in row.data(0).flatMap(MetricChunk.decodeParts) ?? [] { times[part.sequence] = part.time }
        }
        return times
    }
}
