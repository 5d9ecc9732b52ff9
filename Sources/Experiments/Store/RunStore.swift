import Foundation
import GRDB

/// The store of all runs: one SQLite file.
///
/// Every event that was committed stays, whatever happens to the process afterwards. Several processes may use one store at
/// once; a writer waits up to 5 s for another. All functions may be called from any thread and block it; call them away from
/// the screen's thread where they may take long. Errors are `StoreError`, one sentence each.
///
///     let store = try RunStore(at: RunStore.defaultLocation())
///     let run = try store.createRun(request)
///     try store.append(events, to: run.identifier)
///     let stored = try store.openRun(run.identifier)
public final class RunStore: Sendable {
    public let location: URL
    /// What a user should know of how the store was opened; nil when there is nothing to say.
    public let note: String?
    /// Whether the store was opened for reading only.
    public let isReadOnly: Bool
    let database: any DatabaseWriter
    private let reader: (any DatabaseReader)?

    /// `LATHE_STORE`, else `lathe/store.sqlite` in `XDG_DATA_HOME` (`~/.local/share` when unset).
    public static func defaultLocation(environment: [String: String] = ProcessInfo.processInfo.environment) -> URL {
        if let path = environment["LATHE_STORE"], !path.isEmpty { return URL(fileURLWithPath: path) }
        let data: URL
        if let folder = environment["XDG_DATA_HOME"], folder.hasPrefix("/") {
            data = URL(fileURLWithPath: folder)
        } else {
            let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
            data = URL(fileURLWithPath: home).appendingPathComponent(".local/share")
        }
        return data.appendingPathComponent("lathe/store.sqlite")
    }

    /// Opens the store, makes it where it is missing, and brings an older one to this version after a backup beside it.
    /// - Parameter isTemporary: nobody misses it after a fall of the machine, so nothing waits for the disk.
    /// - Throws: `StoreError`; a store of a newer version is refused and stays untouched.
    public convenience init(at location: URL, isTemporary: Bool = false) throws(StoreError) {
        try self.init(at: location, schema: .current, isTemporary: isTemporary)
    }

    /// - Parameters:
    ///   - schema: the tables; tests give longer ones.
    ///   - prefersRollbackJournal: what a network file system needs; nil looks at the file system.
    package init(at location: URL, schema: StoreSchema, prefersRollbackJournal: Bool? = nil, isTemporary: Bool = false) throws(StoreError) {
        let path = location.path
        self.location = location
        do {
            try StoreFile.prepare(location, version: schema.version)
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            configuration.maximumReaderCount = 4
            configuration.label = "lathe.store"
            let fileSystem = prefersRollbackJournal == nil ? StoreFile.networkFileSystem(of: location) : nil
            let usesRollbackJournal = prefersRollbackJournal ?? (fileSystem != nil)
            configuration.prepareDatabase { db in
                // Large pages cost the fewest calls; a store that stays keeps the usual ones, of which small changes write less.
                if isTemporary { try db.execute(sql: "PRAGMA page_size = 32768") }
                try db.execute(sql: "PRAGMA trusted_schema = OFF")
                try db.execute(sql: "PRAGMA cell_size_check = ON")
                try db.execute(sql: "PRAGMA synchronous = \(isTemporary ? "OFF" : usesRollbackJournal ? "FULL" : "NORMAL")")
                if !db.configuration.readonly { try db.execute(sql: "PRAGMA journal_size_limit = 67108864") }
            }
            var note: String?
            if usesRollbackJournal {
                note = "the store lies on a network file system (\(fileSystem ?? "chosen")), which write-ahead logging cannot use: it works, but slower, and one process writes at a time"
                database = try Self.queue(path, configuration)
            } else {
                do {
                    database = try DatabasePool(path: path, configuration: configuration)
                } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR || error.resultCode == .SQLITE_PROTOCOL
                            || error.resultCode == .SQLITE_IOERR || error.resultCode == .SQLITE_NOMEM {
                    note = "write-ahead logging is not possible there (\(error.message ?? "no shared memory")): the store works, but slower, and one process writes at a time"
                    database = try Self.queue(path, configuration)
                }
            }
            self.note = note
            reader = nil
            isReadOnly = false
            try StoreFile.migrate(database, location, schema)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private static func queue(_ path: String, _ configuration: Configuration) throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.inDatabase { db in _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE") }
        return queue
    }

    // MARK: Access

    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try database.read(body) } catch { throw StoreError(error, path: location.path) }
    }

    /// One immediate transaction. `body` gets the number that marks this change, see `revision()`.
    func write<Value>(_ body: (Database, Int) throws -> Value) throws(StoreError) -> Value {
        do {
            return try database.write { db in
                try db.cachedStatement(sql: "UPDATE counter SET value = value + 1 WHERE name = 'revision'").execute()
                let revision = try Int.fetchOne(db.cachedStatement(sql: "SELECT value FROM counter WHERE name = 'revision'")) ?? 0
                return try body(db, revision)
            }
        } catch { throw StoreError(error, path: location.path) }
    }

    /// A number that grows with every change by any process: cheap to ask for, so a second workbench asks ten times a second.
    public func revision() throws(StoreError) -> Int {
        try read { db in try Int.fetchOne(db.cachedStatement(sql: "SELECT value FROM counter WHERE name = 'revision'")) ?? 0 }
    }

    /// SQLite's own check of the whole file; "ok" or what is wrong.
    public func integrityCheck() throws(StoreError) -> String {
        try read { db in try String.fetchAll(db, sql: "PRAGMA integrity_check").joined(separator: "; ") }
    }

    /// Closes the file. Using the store afterwards is an error of SQLite, not a trap.
    public func close() { try? database.close() }
}

extension Row {
    // Columns read without a trap: a value of the wrong type, which only a damaged or hostile file holds, is nil.
    func int(_ index: Int) -> Int? { Int.fromDatabaseValue(self[index]) }
    func double(_ index: Int) -> Double? { Double.fromDatabaseValue(self[index]) }
    func string(_ index: Int) -> String? { String.fromDatabaseValue(self[index]) }
    func data(_ index: Int) -> Data? { Data.fromDatabaseValue(self[index]) }
}

extension RunStore {
    /// Makes the store run full at so many pages, for tests of a full disk.
    package func limitPages(to count: Int) throws(StoreError) {
        do {
            try database.writeWithoutTransaction { db in _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(count)") }
        } catch { throw StoreError(error, path: location.path) }
    }
}
