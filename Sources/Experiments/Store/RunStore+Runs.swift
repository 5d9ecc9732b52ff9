import Foundation
import GRDB

extension RunStore {
    private static let columns = """
        runs.identifier, study, method, dataset, plan, seed, threads, condition, parameters, state, sentence, created, started, ended,
        seconds, stageName, stageIndex, stageCount, done, total, progressUnit, host, process, processStart, heartbeat,
        nextSequence, points, checkpointSequence, origin, notes, tags, revision
        """

    /// Adds a run that waits to be started.
    /// - Parameter identifier: nil makes a new one.
    @discardableResult
    public func createRun(_ request: RunRequest, study: String? = nil, identifier: String? = nil) throws(StoreError) -> RunRecord {
        try createRuns([request], study: study, identifiers: identifier.map { [$0] })[0]
    }

    /// Adds runs that wait to be started, all or none.
    /// - Returns: their records, in the requests' order.
    public func createRuns(_ requests: [RunRequest], study: String? = nil, identifiers: [String]? = nil) throws(StoreError) -> [RunRecord] {
        let names = identifiers ?? requests.map { _ in RunIdentifier.make(prefix: "r") }
        try write { db, revision in
            for (request, name) in zip(requests, names) {
                try Self.insertRun(db, request, name, study: study, created: Date().timeIntervalSince1970, origin: "", revision: revision)
            }
        }
        return try names.map { name throws(StoreError) in try run(name) }
    }

    static func insertRun(_ db: Database, _ request: RunRequest, _ identifier: String, study: String?, created: Double, origin: String,
                          revision: Int) throws {
        var parameters = JSONWriter()
        parameters.beginObject()
        parameters.member("values", request.values)
        parameters.endObject()
        guard try Int.fetchOne(db, sql: "SELECT 1 FROM runs WHERE identifier = ?", arguments: [identifier]) == nil else {
            throw StoreError(.conflict, "run \(identifier) is in the store already")
        }
        try db.cachedStatement(sql: """
            INSERT INTO runs (identifier, study, method, dataset, plan, seed, threads, condition, parameters, state, created, origin, revision)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?)
            """).execute(arguments: [
                identifier, study, request.method, request.dataset, request.plan.rawValue, Int64(bitPattern: request.seed),
                request.threads, request.condition, parameters.text, created, origin, revision,
            ])
    }

    /// The record of a run.
    /// - Throws: `StoreError` of kind `notFound`.
    public func run(_ identifier: String) throws(StoreError) -> RunRecord {
        let record = try read { db in
            try Row.fetchOne(db.cachedStatement(sql: "SELECT \(Self.columns) FROM runs WHERE identifier = ?"), arguments: [identifier]).map(Self.record)
        }
        guard let record else { throw Self.noRun(identifier) }
        return record
    }

    static func noRun(_ identifier: String) -> StoreError {
        StoreError(.notFound, "there is no run “\(identifier)” in this store; “lathe runs” lists them")
    }

    /// The run's whole identifier from its beginning, as a person types it.
    public func resolve(_ beginning: String) throws(StoreError) -> String {
        let pattern = beginning.filter { $0.isLetter || $0.isNumber || $0 == "-" }
        let found = pattern.isEmpty ? [] : try read { db in
            try String.fetchAll(db, sql: "SELECT identifier FROM runs WHERE identifier = ? OR identifier GLOB ? ORDER BY identifier LIMIT 4",
                                arguments: [beginning, pattern + "*"])
        }
        if found.contains(beginning) { return beginning }
        guard let only = found.first else { throw Self.noRun(beginning) }
        guard found.count == 1 else {
            throw StoreError(.notFound, "“\(beginning)” begins several runs (\(found.joined(separator: ", "))); type more of it")
        }
        return only
    }

    /// The runs that pass a filter.
    /// - Complexity: some milliseconds for ten thousand runs.
    public func runs(_ filter: RunFilter = RunFilter()) throws(StoreError) -> [RunRecord] {
        var conditions: [String] = [], arguments = StatementArguments()
        func add(_ condition: String, _ value: (any DatabaseValueConvertible)?...) {
            conditions.append(condition)
            arguments += StatementArguments(value)
        }
        if !filter.states.isEmpty {
            conditions.append("state IN (\(filter.states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")))")
        }
        if let method = filter.method { add("method = ?", method) }
        if let dataset = filter.dataset { add("dataset = ?", dataset) }
        if let plan = filter.plan { add("plan = ?", plan.rawValue) }
        if let study = filter.study { add("study = ?", study) }
        if let tag = filter.tag { add("instr(char(10) || tags || char(10), char(10) || ? || char(10)) > 0", tag) }
        for word in filter.text.split(separator: " ") {
            // An identifier is drawn: a number that somebody looks for must not meet the middle of one.
            add("(instr(lower(identifier), ?) = 1 OR instr(lower(method || ' ' || dataset || ' ' || condition || ' ' || notes || ' ' || tags), ?) > 0)",
                word.lowercased(), word.lowercased())
        }
        let clause = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
        let order = filter.order == .newestFirst ? "created DESC, key DESC" : "created, key"
        arguments += [filter.limit ?? -1, filter.offset]
        return try read { db in
            var records: [RunRecord] = []
            let rows = try Row.fetchCursor(db.cachedStatement(sql: "SELECT \(Self.columns) FROM runs \(clause) ORDER BY \(order) LIMIT ? OFFSET ?"),
                                           arguments: arguments)
            var settings = SettingsReader()
            while let row = try rows.next() { records.append(Self.record(row, &settings)) }
            return records
        }
    }

    /// What changed since a revision: for a screen that keeps its list up to date.
    public struct Changes: Sendable {
        /// Ask with this one next time.
        public var revision: Int
        public var changed: [RunRecord]
        public var removed: [String]
    }

    public func changes(since revision: Int) throws(StoreError) -> Changes {
        try read { db in
            let now = try Int.fetchOne(db, sql: "SELECT value FROM counter WHERE name = 'revision'") ?? 0
            guard now != revision else { return Changes(revision: now, changed: [], removed: []) }
            var changed: [RunRecord] = [], settings = SettingsReader()
            let rows = try Row.fetchCursor(db.cachedStatement(sql: "SELECT \(Self.columns) FROM runs WHERE revision > ? ORDER BY revision"), arguments: [revision])
            while let row = try rows.next() { changed.append(Self.record(row, &settings)) }
            return Changes(
                revision: now, changed: changed,
                removed: try String.fetchAll(db, sql: "SELECT identifier FROM removals WHERE revision > ?", arguments: [revision]))
        }
    }

    /// How many runs there are in each state.
    public func counts() throws(StoreError) -> [RunState: Int] {
        try read { db in
            var counts: [RunState: Int] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT state, count(*) FROM runs GROUP BY state") {
                if let state = row.string(0).flatMap(RunState.init(rawValue:)) { counts[state] = row.int(1) }
            }
            return counts
        }
    }

    public func setNotes(_ notes: String, of identifier: String) throws(StoreError) {
        try update(identifier, "notes = ?", [notes])
    }

    public func setTags(_ tags: [String], of identifier: String) throws(StoreError) {
        let words = tags.map { $0.filter { !$0.isNewline } }.filter { !$0.isEmpty }
        try update(identifier, "tags = ?", [words.joined(separator: "\n")])
    }

    /// Adds tags, each once and in the order in which they came, takes others away, and writes a note where one is given.
    public func annotate(_ identifier: String, adding: [String] = [], removing: [String] = [], note: String? = nil) throws(StoreError) {
        let before = try run(identifier).tags
        let tags = (before + adding.filter { !before.contains($0) }).filter { !removing.contains($0) }
        if tags != before { try setTags(tags, of: identifier) }
        if let note { try setNotes(note, of: identifier) }
    }

    /// Removes runs with all that belongs to them.
    /// - Throws: `StoreError` of kind `conflict` while one of them is running in a living process; then none is removed.
    public func delete(_ identifiers: [String]) throws(StoreError) {
        let files = try write { db, revision in
            var files: [String] = []
            for identifier in identifiers {
                let record = try Row.fetchOne(db, sql: "SELECT \(Self.columns) FROM runs WHERE identifier = ?", arguments: [identifier]).map(Self.record)
                guard let record else { throw Self.noRun(identifier) }
                if record.state == .running || record.state == .paused, record.owner?.isAlive != false {
                    throw StoreError(.conflict, "run \(identifier) is still running; cancel it first")
                }
                for table in ["checkpoints", "artifacts"] {
                    files += try String.fetchAll(db, sql: "SELECT file FROM \(table) JOIN runs ON runs.key = run WHERE identifier = ? AND file IS NOT NULL",
                                                 arguments: [identifier])
                }
                try db.execute(sql: "DELETE FROM runs WHERE identifier = ?", arguments: [identifier])
                try db.execute(sql: "INSERT INTO removals VALUES (?, ?)", arguments: [identifier, revision])
            }
            return files
        }
        for file in files { removeFile(file) }
    }

    func update(_ identifier: String, _ assignment: String, _ arguments: StatementArguments) throws(StoreError) {
        let isFound = try write { db, revision in
            try db.execute(sql: "UPDATE runs SET \(assignment), revision = ? WHERE identifier = ?", arguments: arguments + [revision, identifier])
            return db.changesCount > 0
        }
        guard isFound else { throw Self.noRun(identifier) }
    }

    static func key(_ db: Database, _ identifier: String) throws -> Int64 {
        let statement = try db.cachedStatement(sql: "SELECT key FROM runs WHERE identifier = ?")
        guard let key = try Int64.fetchOne(statement, arguments: [identifier]) else { throw noRun(identifier) }
        return key
    }

    static func record(_ db: Database, _ identifier: String) throws -> RunRecord {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM runs WHERE identifier = ?")
        guard let row = try Row.fetchOne(statement, arguments: [identifier]) else { throw noRun(identifier) }
        return record(row)
    }

    /// Reads the settings of runs; those of a study's seeds are alike and are read once.
    private struct SettingsReader {
        private var known: [String: [String: ParameterValue]] = [#"{"values":{}}"#: [:]]

        mutating func values(_ text: String) -> [String: ParameterValue] {
            if let values = known[text] { return values }
            let values = (try? JSONFields(JSONValue(parsing: text)).parameters("values")) ?? [:]
            known[text] = values
            return values
        }
    }

    static func record(_ row: Row) -> RunRecord {
        var settings = SettingsReader()
        return record(row, &settings)
    }

    private static func record(_ row: Row, _ settings: inout SettingsReader) -> RunRecord {
        let values = row.string(8).map { settings.values($0) } ?? [:]
        let request = RunRequest(
            method: row.string(2) ?? "", dataset: row.string(3) ?? "", plan: row.string(4).flatMap(Plan.init(rawValue:)) ?? .smoke,
            seed: UInt64(bitPattern: Int64(row.int(5) ?? 0)), threads: row.int(6) ?? 1, condition: row.string(7) ?? "", values: values)
        var stage: RunEvent.Stage?
        if let name = row.string(15) { stage = .init(name: name, index: row.int(16) ?? 1, of: row.int(17) ?? 1) }
        var progress: RunEvent.Progress?
        if let unit = row.string(20) { progress = .init(done: row.double(18) ?? 0, total: row.double(19) ?? 0, unit: unit) }
        var owner: RunOwner?
        if let host = row.string(21) { owner = RunOwner(host: host, process: row.int(22) ?? 0, processStart: row.int(23) ?? 0) }
        return RunRecord(
            identifier: row.string(0) ?? "", study: row.string(1), request: request,
            state: row.string(9).flatMap(RunState.init(rawValue:)) ?? .failed, sentence: row.string(10) ?? "",
            created: row.double(11) ?? 0, started: row.double(12), ended: row.double(13), seconds: row.double(14) ?? 0, stage: stage,
            progress: progress, owner: owner, heartbeat: row.double(24), nextSequence: row.int(25) ?? 0, pointCount: row.int(26) ?? 0,
            checkpointSequence: row.int(27), origin: row.string(28) ?? "", notes: row.string(29) ?? "",
            tags: (row.string(30) ?? "").split(separator: "\n").map(String.init), revision: row.int(31) ?? 0)
    }
}
