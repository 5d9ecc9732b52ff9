import Foundation
import GRDB

/// A process's right to write a run, got by `claim`. When another process takes the run over, writing with it fails.
public struct RunClaim: Sendable, Equatable {
    public var identifier: String
    var token: String
}

extension RunStore {
    /// Commits events of a run in one transaction; the run's header follows them (state, stage, progress, results).
    ///
    /// Events that are there already, by sequence, are passed over, so repeating an append does no harm.
    /// - Parameters:
    ///   - claim: nil writes without asking who owns the run; imports do.
    ///   - seconds: the run's seconds of work so far.
    public func append(_ events: [RunEvent], to identifier: String, claim: RunClaim? = nil, seconds: Double? = nil) throws(StoreError) {
        let files = try write { db, revision in
            let key = try Self.key(db, identifier)
            if let claim { try Self.check(claim, db) }
            try Self.insert(events, run: key, db)
            try Self.touch(key, seconds: seconds, isOwner: claim != nil, revision: revision, db)
            return events.contains { $0.payload.kind == "finished" } ? try Self.dropCheckpoints(ofFinished: key, db) : []
        }
        for file in files { removeFile(file) }
    }

    static func touch(_ key: Int64, seconds: Double?, isOwner: Bool, revision: Int, _ db: Database) throws {
        try db.cachedStatement(sql: """
            UPDATE runs SET revision = ?, seconds = coalesce(?, seconds), heartbeat = CASE WHEN ? THEN ? ELSE heartbeat END WHERE key = ?
            """).execute(arguments: [revision, seconds, isOwner, Date().timeIntervalSince1970, key])
    }

    static func check(_ claim: RunClaim, _ db: Database) throws {
        let token = try String.fetchOne(db.cachedStatement(sql: "SELECT token FROM runs WHERE identifier = ?"), arguments: [claim.identifier])
        guard token == claim.token else {
            throw StoreError(.conflict, "run \(claim.identifier) was taken over by another process; this one stops writing it")
        }
    }

    static func insert(_ events: [RunEvent], run: Int64, _ db: Database) throws {
        var next = try Int.fetchOne(db.cachedStatement(sql: "SELECT nextSequence FROM runs WHERE key = ?"), arguments: [run]) ?? 0
        var fresh: [String: (unit: String, chunk: MetricChunk)] = [:]
        var order: [String] = []
        for event in events where event.sequence >= next {
            next = event.sequence + 1
            if case .metric(let batch) = event.payload {
                if fresh[batch.series] == nil { order.append(batch.series) }
                fresh[batch.series, default: (batch.unit, MetricChunk())].chunk.append(batch, sequence: event.sequence, time: event.time)
            } else {
                try insertRow(event, run: run, db)
                try follow(event, run: run, db)
            }
        }
        var points = 0
        for path in order {
            guard let (unit, chunk) = fresh[path] else { continue }
            points += chunk.values.count
            try insert(chunk, path: path, unit: unit, run: run, db)
        }
        try db.cachedStatement(sql: "UPDATE runs SET nextSequence = ?, points = points + ? WHERE key = ?")
            .execute(arguments: [next, points, run])
    }

    /// Adds an event that an earlier import lacked, below the newest one.
    static func insertBetween(_ event: RunEvent, run: Int64, _ db: Database) throws {
        guard case .metric(let batch) = event.payload else { return try insertRow(event, run: run, db) }
        var chunk = MetricChunk()
        chunk.append(batch, sequence: event.sequence, time: event.time)
        try insert(chunk, path: batch.series, unit: batch.unit, run: run, db)
        try db.execute(sql: "UPDATE runs SET points = points + ? WHERE key = ?", arguments: [chunk.values.count, run])
    }

    private static func insertRow(_ event: RunEvent, run: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?)")
            .execute(arguments: [run, event.sequence, event.time.isFinite ? event.time : 0, event.payload.kind, event.jsonLine])
    }

    /// The new chunk takes in the chunks before it that are no larger, so a run that comes in drops leaves chunks of doubling
    /// sizes: a point is rewritten a dozen times at most, and a long series ends in few rows.
    private static func insert(_ new: MetricChunk, path: String, unit: String, run: Int64, _ db: Database) throws {
        var series = try Int64.fetchOne(db.cachedStatement(sql: "SELECT key FROM series WHERE run = ? AND path = ?"), arguments: [run, path])
        if series == nil {
            try db.cachedStatement(sql: "INSERT INTO series (run, path, unit) VALUES (?, ?, ?)").execute(arguments: [run, path, unit])
            series = db.lastInsertedRowID
        }
        var chunk = new
        while chunk.values.count < MetricChunk.capacity {
            let last = try Row.fetchOne(db.cachedStatement(sql: """
                SELECT key, count, points, parts FROM chunks WHERE series = ? AND count <= ? AND lastSequence < ? AND firstSequence =
                    (SELECT max(firstSequence) FROM chunks WHERE series = ?)
                """), arguments: [series, min(chunk.values.count, MetricChunk.capacity - chunk.values.count), chunk.firstSequence, series])
            guard let last, let key = last.int(0), let points = last.data(2), let parts = last.data(3),
                  var before = MetricChunk(points: points, parts: parts) else { break }
            before.append(chunk)
            chunk = before
            try db.cachedStatement(sql: "DELETE FROM chunks WHERE key = ?").execute(arguments: [key])
        }
        try db.cachedStatement(sql: "INSERT INTO chunks (run, series, firstSequence, lastSequence, count, points, parts) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .execute(arguments: [run, series, chunk.firstSequence, chunk.lastSequence, chunk.values.count, chunk.encodedPoints(), chunk.encodedParts()])
        try db.cachedStatement(sql: "UPDATE series SET points = points + ? WHERE key = ?").execute(arguments: [new.values.count, series])
    }

    /// The run's header follows its events.
    private static func follow(_ event: RunEvent, run: Int64, _ db: Database) throws {
        switch event.payload {
        case .started:
            try db.execute(sql: "UPDATE runs SET state = 'running', started = coalesce(started, ?), ended = NULL, sentence = '' WHERE key = ?",
                           arguments: [event.time, run])
        case .stage(let stage):
            try db.cachedStatement(sql: "UPDATE runs SET stageName = ?, stageIndex = ?, stageCount = ?, done = NULL, total = NULL, progressUnit = NULL WHERE key = ?")
                .execute(arguments: [stage.name, stage.index, stage.of, run])
        case .progress(let progress):
            try db.cachedStatement(sql: "UPDATE runs SET done = ?, total = ?, progressUnit = ? WHERE key = ?")
                .execute(arguments: [progress.done, progress.total, progress.unit, run])
        case .checkpoint:
            break
        case .finished(let summary):
            try db.execute(sql: "UPDATE runs SET state = 'finished', ended = ?, sentence = '', seconds = max(seconds, ?) WHERE key = ?",
                           arguments: [event.time, summary.seconds.isFinite ? summary.seconds : 0, run])
            try db.execute(sql: "DELETE FROM results WHERE run = ?", arguments: [run])
            for (position, result) in summary.results.enumerated() {
                // A NaN is NULL here and NaN again when read.
                try db.execute(sql: "INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                               arguments: [run, position, result.name, result.arm, result.unit, result.value, result.better.rawValue, result.baseline])
            }
        case .failed(let message):
            try db.execute(sql: "UPDATE runs SET state = 'failed', ended = ?, sentence = ? WHERE key = ?", arguments: [event.time, message.text, run])
        case .cancelled(let message):
            try db.execute(sql: "UPDATE runs SET state = 'cancelled', ended = ?, sentence = ? WHERE key = ?", arguments: [event.time, message.text, run])
        default: break
        }
    }

    // MARK: Reading

    /// Reads a run whole.
    /// - Complexity: a run with 1,000,000 points and 1,000 events opens in tens of milliseconds.
    public func openRun(_ identifier: String) throws(StoreError) -> StoredRun {
        try read { db in
            let key = try Self.key(db, identifier)
            return StoredRun(record: try Self.record(db, identifier), events: try Self.rows(db, run: key, after: -1),
                             series: try Self.series(db, run: key, path: nil), results: try Self.results(db, run: key))
        }
    }

    /// The events after a sequence, metric ones too, in their order: what a second process asks for again and again. -1 asks for all.
    public func events(of identifier: String, after sequence: Int) throws(StoreError) -> [RunEvent] {
        try read { db in
            let key = try Self.key(db, identifier)
            var events = try Self.rows(db, run: key, after: sequence)
            let rows = try Row.fetchCursor(db.cachedStatement(sql: """
                SELECT path, unit, chunks.points, parts FROM chunks JOIN series ON series.key = chunks.series
                WHERE chunks.run = ? AND lastSequence > ?
                """), arguments: [key, sequence])
            while let row = try rows.next() {
                guard let points = row.data(2), let parts = row.data(3), let chunk = MetricChunk(points: points, parts: parts) else {
                    throw Self.damaged(identifier)
                }
                events += chunk.filtered { $0 > sequence }.events(series: row.string(0) ?? "", unit: row.string(1) ?? "")
            }
            return events.sorted { $0.sequence < $1.sequence }
        }
    }

    /// One series of a run; nil when the run has none of that path.
    public func series(_ path: String, of identifier: String) throws(StoreError) -> MetricSeries? {
        try read { db in try Self.series(db, run: try Self.key(db, identifier), path: path).first }
    }

    /// What a finished run found.
    public func results(of identifier: String) throws(StoreError) -> [RunEvent.Result] {
        try read { db in try Self.results(db, run: try Self.key(db, identifier)) }
    }

    /// What runs found, by run: for a list of many. Runs that found nothing, or are not there, have no entry.
    /// - Complexity: one query for any number of runs; more than a few are read in the table's order.
    public func results(of identifiers: [String]) throws(StoreError) -> [String: [RunEvent.Result]] {
        let wanted = Set(identifiers)
        return try read { db in
            var found: [String: [RunEvent.Result]] = [:]
            if wanted.count <= 16 {
                for identifier in wanted {
                    guard let key = try Int64.fetchOne(db.cachedStatement(sql: "SELECT key FROM runs WHERE identifier = ?"), arguments: [identifier]) else { continue }
                    let results = try Self.results(db, run: key)
                    if !results.isEmpty { found[identifier] = results }
                }
                return found
            }
            // The results' own order is the runs': a run's name is looked at once, and no text is compared.
            var names: [Int: String] = [:]
            let runs = try Row.fetchCursor(db.cachedStatement(sql: "SELECT key, identifier FROM runs"))
            while let row = try runs.next() {
                if let key = row.int(0), let name = row.string(1), wanted.contains(name) { names[key] = name }
            }
            let rows = try Row.fetchCursor(db.cachedStatement(sql: "SELECT name, arm, unit, value, better, baseline, run FROM results ORDER BY run, position"))
            while let row = try rows.next() {
                if let name = row.int(6).flatMap({ names[$0] }) { found[name, default: []].append(Self.result(row)) }
            }
            return found
        }
    }

    private static func damaged(_ identifier: String) -> StoreError {
        StoreError(.corrupt, "run \(identifier): a block of its metrics is damaged; “lathe doctor” checks the store")
    }

    static func rows(_ db: Database, run: Int64, after sequence: Int) throws -> [RunEvent] {
        var events: [RunEvent] = []
        let rows = try Row.fetchCursor(db.cachedStatement(sql: "SELECT sequence, time, kind, json FROM events WHERE run = ? AND sequence > ? ORDER BY sequence"),
                                       arguments: [run, sequence])
        while let row = try rows.next() {
            let json = row.string(3) ?? "{}"
            // What cannot be read is kept and shown raw, as a kind of a later version is.
            events.append((try? RunEvent(jsonLine: json)) ?? RunEvent(
                sequence: row.int(0) ?? 0, time: row.double(1) ?? 0, payload: .unknown(kind: row.string(2) ?? "", json: json)))
        }
        return events
    }

    static func series(_ db: Database, run: Int64, path: String?) throws -> [MetricSeries] {
        var series: [MetricSeries] = []
        let heads = try Row.fetchAll(db.cachedStatement(sql: "SELECT key, path, unit, points FROM series WHERE run = ? ORDER BY key"), arguments: [run])
        for head in heads where path == nil || head.string(1) == path {
            var item = MetricSeries(path: head.string(1) ?? "", unit: head.string(2) ?? "")
            let points = max(0, head.int(3) ?? 0)
            // A damaged count must not allocate: blocks are read, then trusted.
            item.steps.reserveCapacity(min(points, 1 << 24))
            item.values.reserveCapacity(min(points, 1 << 24))
            let rows = try Row.fetchCursor(db.cachedStatement(sql: "SELECT firstSequence, lastSequence, points FROM chunks WHERE series = ? ORDER BY firstSequence"),
                                           arguments: [head.int(0)])
            var last = -1, isOrdered = true
            while let row = try rows.next() {
                guard let points = row.data(2), MetricChunk.decodePoints(points, steps: &item.steps, values: &item.values) != nil else {
                    throw StoreError(.corrupt, "series “\(item.path)”: a block of its points is damaged; “lathe doctor” checks the store")
                }
                if (row.int(0) ?? 0) <= last { isOrdered = false }
                last = max(last, row.int(1) ?? 0)
            }
            // A gap that was filled by a later import lies inside another block: then the batches are put in order one by one.
            if !isOrdered { try reorder(&item, key: head.int(0) ?? 0, db) }
            series.append(item)
        }
        return series
    }

    private static func reorder(_ item: inout MetricSeries, key: Int, _ db: Database) throws {
        var batches: [RunEvent] = []
        for row in try Row.fetchAll(db, sql: "SELECT points, parts FROM chunks WHERE series = ?", arguments: [key]) {
            guard let points = row.data(0), let parts = row.data(1), let chunk = MetricChunk(points: points, parts: parts) else { continue }
            batches += chunk.events(series: item.path, unit: item.unit)
        }
        batches.sort { $0.sequence < $1.sequence }
        item.steps = []
        item.values = []
        for case .metric(let batch) in batches.map(\.payload) {
            item.steps += batch.steps
            item.values += batch.values
        }
    }

    static func results(_ db: Database, run: Int64) throws -> [RunEvent.Result] {
        try Row.fetchAll(db.cachedStatement(sql: "SELECT name, arm, unit, value, better, baseline FROM results WHERE run = ? ORDER BY position"), arguments: [run])
            .map(result)
    }

    private static func result(_ row: Row) -> RunEvent.Result {
        RunEvent.Result(name: row.string(0) ?? "", arm: row.string(1) ?? "", unit: row.string(2) ?? "", value: row.double(3) ?? .nan,
                        better: row.string(4).flatMap(RunEvent.Result.Direction.init(rawValue:)) ?? .neither, baseline: row.string(5))
    }

    // MARK: Cutting

    /// Drops the events from a sequence on, as a resumed run does with what came after its checkpoint.
    static func truncate(_ db: Database, run: Int64, from sequence: Int) throws {
        try db.execute(sql: "DELETE FROM events WHERE run = ? AND sequence >= ?", arguments: [run, sequence])
        try db.execute(sql: "DELETE FROM checkpoints WHERE run = ? AND sequence >= ?", arguments: [run, sequence])
        try db.execute(sql: "DELETE FROM artifacts WHERE run = ? AND sequence >= ?", arguments: [run, sequence])
        try db.execute(sql: "DELETE FROM results WHERE run = ?", arguments: [run])
        let rows = try Row.fetchAll(db, sql: "SELECT key, firstSequence, points, parts FROM chunks WHERE run = ? AND lastSequence >= ?",
                                    arguments: [run, sequence])
        for row in rows {
            let key = row.int(0) ?? 0
            guard (row.int(1) ?? 0) < sequence, let points = row.data(2), let parts = row.data(3),
                  let chunk = MetricChunk(points: points, parts: parts)?.filtered({ $0 < sequence }) else {
                try db.execute(sql: "DELETE FROM chunks WHERE key = ?", arguments: [key])
                continue
            }
            try db.execute(sql: "UPDATE chunks SET lastSequence = ?, count = ?, points = ?, parts = ? WHERE key = ?",
                           arguments: [chunk.lastSequence, chunk.values.count, chunk.encodedPoints(), chunk.encodedParts(), key])
        }
        try db.execute(sql: """
            UPDATE series SET points = coalesce((SELECT sum(count) FROM chunks WHERE chunks.series = series.key), 0) WHERE run = ?;
            """, arguments: [run])
        try db.execute(sql: "DELETE FROM series WHERE run = ? AND points = 0", arguments: [run])
        try db.execute(sql: """
            UPDATE runs SET nextSequence = min(nextSequence, ?), ended = NULL, sentence = '',
                points = coalesce((SELECT sum(points) FROM series WHERE series.run = runs.key), 0),
                stageName = NULL, stageIndex = NULL, stageCount = NULL, done = NULL, total = NULL, progressUnit = NULL
            WHERE runs.key = ?
            """, arguments: [sequence, run])
        for kind in ["stage", "progress"] {
            let json = try String.fetchOne(db, sql: "SELECT json FROM events WHERE run = ? AND kind = ? ORDER BY sequence DESC LIMIT 1", arguments: [run, kind])
            if let json, let event = try? RunEvent(jsonLine: json) { try follow(event, run: run, db) }
        }
    }
}

extension RunStore {
    /// In how many blocks a run's points lie, for tests.
    package func blockCount(of identifier: String) throws(StoreError) -> Int {
        try read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM chunks WHERE run = ?", arguments: [try Self.key(db, identifier)]) ?? 0 }
    }
}
