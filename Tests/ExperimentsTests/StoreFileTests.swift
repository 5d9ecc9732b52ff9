import Experiments
import Foundation
import GRDB
import Testing
import TrialMethod

/// The store as a file: whose it is, what is refused, what is damaged.
@Suite struct StoreFileTests {
    static func filled(_ folder: TemporaryFolder, _ name: String = "store.sqlite") throws -> (URL, String) {
        let file = folder.file(name)
        let store = try RunStore(at: file)
        let run = try store.createRun(DartsMethod.request()).identifier
        try store.append(everyKind.enumerated().map { RunEvent(sequence: $0.offset, time: Double($0.offset), payload: $0.element) }, to: run)
        store.close()
        return (file, run)
    }

    /// Names and bytes of a folder's files.
    static func contents(_ folder: URL) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) { contents[name] = try Data(contentsOf: folder.appendingPathComponent(name)) }
        return contents
    }

    @Test func `file and folder are their user's only`() throws {
        let folder = try TemporaryFolder(), file = folder.file("new/deep/store.sqlite")
        let store = try RunStore(at: file)
        _ = try store.createRun(DartsMethod.request())
        func mode(_ path: String) throws -> Int? { (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue }
        for suffix in ["", "-wal", "-shm"] { #expect(try mode(file.path + suffix) == 0o600) }
        #expect(try mode(folder.file("new").path) == 0o700)
        #expect(store.note == nil)
    }

    @Test func `a newer version is refused and untouched`() throws {
        let folder = try TemporaryFolder()
        let (file, _) = try Self.filled(folder)
        let database = try DatabaseQueue(path: file.path)
        try database.write { try $0.execute(sql: "PRAGMA user_version = 99") }
        try database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        try database.close()
        let before = try Self.contents(folder.location)
        let error = #expect(throws: StoreError.self) { try RunStore(at: file) }
        #expect(error?.kind == .newer)
        #expect(error?.description.contains("version 99") == true && error?.description.contains(file.path) == true)
        #expect(try Self.contents(folder.location) == before)
    }

    @Test func `a newer version that another process has just written is refused as well`() throws {
        let folder = try TemporaryFolder()
        let (file, _) = try Self.filled(folder)
        let other = try DatabasePool(path: file.path)
        try other.write { try $0.execute(sql: "PRAGMA user_version = 99") }
        #expect(throws: StoreError.self) { try RunStore(at: file) }
        #expect(try other.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM runs") } == 1)
    }

    @Test func `an older version is brought on after a backup, a failed step changes nothing`() throws {
        let folder = try TemporaryFolder()
        let (file, run) = try Self.filled(folder)
        struct Stop: Error {}
        var longer = StoreSchema.current
        longer.steps.append { db in
            try db.execute(sql: "ALTER TABLE runs ADD COLUMN colour TEXT")
            throw Stop()
        }
        #expect(throws: StoreError.self) { try RunStore(at: file, schema: longer) }
        #expect(try RunStore(at: file).run(run).identifier == run)
        longer.steps[longer.steps.count - 1] = { db in try db.execute(sql: "ALTER TABLE runs ADD COLUMN colour TEXT") }
        let store = try RunStore(at: file, schema: longer)
        #expect(try store.openRun(run).events.count > 10)
        let backup = folder.file("store.sqlite.version-\(StoreSchema.current.version).backup")
        let (version, runs) = try DatabaseQueue(path: backup.path).read {
            (try Int.fetchOne($0, sql: "PRAGMA user_version"), try Int.fetchOne($0, sql: "SELECT count(*) FROM runs"))
        }
        #expect(version == StoreSchema.current.version && runs == 1)
        store.close()
        #expect(throws: StoreError.self) { try RunStore(at: file) }
    }

    @Test func `what is no store is left alone`() throws {
        let folder = try TemporaryFolder()
        try Data("hello, I am a text file that is longer than a header of SQLite, which has one hundred bytes, so read on".utf8).write(to: folder.file("text"))
        let other = try DatabaseQueue(path: folder.file("other").path)
        try other.write { try $0.execute(sql: "CREATE TABLE recipes (name TEXT)") }
        try other.close()
        try FileManager.default.createDirectory(at: folder.file("folder"), withIntermediateDirectories: true)
        let before = try Data(contentsOf: folder.file("text"))
        for (name, word) in [("text", "not a store"), ("other", "another program"), ("folder", "folder"), ("text/below", "folder cannot be made")] {
            let error = #expect(throws: StoreError.self) { try RunStore(at: folder.file(name)) }
            #expect(error?.description.contains(word) == true, "\(error as Any)")
        }
        #expect(try Data(contentsOf: folder.file("text")) == before)
    }

    @Test func `a stranger's trigger or view is not opened`() throws {
        for statement in ["CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM events; END", "CREATE VIEW v AS SELECT 1"] {
            let folder = try TemporaryFolder()
            let (file, _) = try Self.filled(folder)
            let database = try DatabaseQueue(path: file.path)
            try database.write { try $0.execute(sql: statement) }
            try database.close()
            let error = #expect(throws: StoreError.self) { try RunStore(at: file) }
            #expect(error?.kind == .corrupt)
        }
    }

    @Test func `a store that may only be read gives a sentence`() throws {
        let folder = try TemporaryFolder()
        let (file, _) = try Self.filled(folder)
        let before = try Self.contents(folder.location)
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: file.path)
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.location.path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.location.path) }
        // Root may write everything, so another user tries.
        let user = getuid() == 0 ? ["65534"] : []
        let writer = try Writer(["open", file.path] + user)
        let said = writer.output()
        #expect(said.contains("may only be read") && said.contains(file.path), "\(said)")
        #expect(try Self.contents(folder.location) == before)
    }

    @Test func `a full store says so, keeps what it has, and goes on when there is room`() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore(at: folder.file("store.sqlite"))
        let run = try store.createRun(DartsMethod.request()).identifier
        let note = RunEvent.Payload.note(.init(String(repeating: "x", count: 100_000)))
        try store.append([RunEvent(sequence: 0, time: 0, payload: note)], to: run)
        try store.limitPages(to: 40)
        let error = #expect(throws: StoreError.self) {
            for sequence in 1..<50 { try store.append([RunEvent(sequence: sequence, time: 0, payload: note)], to: run) }
        }
        #expect(error?.kind == .full)
        let kept = try store.run(run).nextSequence
        #expect(try store.events(of: run, after: -1).count == kept)
        #expect(try store.integrityCheck() == "ok")
        try store.limitPages(to: 100_000)
        try store.append([RunEvent(sequence: kept, time: 0, payload: note)], to: run)
        #expect(try store.run(run).nextSequence == kept + 1)
    }

    @Test func `a damaged store gives sentences, never a trap`() throws {
        let folder = try TemporaryFolder()
        let (file, run) = try Self.filled(folder)
        let bytes = try Data(contentsOf: file)
        var generator = SystemRandomNumberGenerator()
        for round in 0..<150 {
            var changed = bytes
            if round.isMultiple(of: 5) {
                changed = changed.prefix(Int.random(in: 0..<bytes.count, using: &generator))
            } else {
                for _ in 0..<40 { changed[Int.random(in: 100..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator) }
            }
            let damaged = folder.file("damaged-\(round).sqlite")
            try changed.write(to: damaged)
            guard let store = try? RunStore(at: damaged) else { continue }
            _ = try? store.runs()
            _ = try? store.openRun(run)
            _ = try? store.events(of: run, after: 3)
            _ = try? store.export(run, as: .markdown)
            _ = try? store.integrityCheck()
            store.close()
        }
    }

    @Test func `values of the wrong type in a stranger's store are no trap`() throws {
        let folder = try TemporaryFolder()
        let (file, run) = try Self.filled(folder)
        let database = try DatabaseQueue(path: file.path)
        try database.write { db in
            try db.execute(sql: "PRAGMA writable_schema = ON")
            try db.execute(sql: "UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')')")
        }
        try database.close()
        let second = try DatabaseQueue(path: file.path)
        try second.write { db in
            try db.execute(sql: "UPDATE chunks SET points = 'x', parts = 3, count = -9; UPDATE series SET points = 4611686018427387904")
            try db.execute(sql: "UPDATE runs SET seed = 'x', plan = 7, state = x'00', parameters = '[', nextSequence = 'y', stageIndex = 1e300, tags = x'FF'")
            try db.execute(sql: "UPDATE events SET json = '{' WHERE sequence = 1; UPDATE results SET better = 5, value = 'v'")
        }
        try second.close()
        let store = try RunStore(at: file)
        #expect(try store.runs().count == 1)
        #expect(throws: StoreError.self) { try store.openRun(run) }
        #expect(throws: StoreError.self) { try store.events(of: run, after: -1) }
        _ = try store.results(of: run)
    }

    @Test func `where write-ahead logging cannot be, the store works without`() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore(at: folder.file("store.sqlite"), schema: .current, prefersRollbackJournal: true)
        #expect(store.note?.contains("write-ahead") == true)
        let run = try store.createRun(DartsMethod.request()).identifier
        try store.append(EventLogTests.events(5), to: run)
        let second = try RunStore(at: folder.file("store.sqlite"), schema: .current, prefersRollbackJournal: true)
        #expect(try second.events(of: run, after: -1) == EventLogTests.events(5))
        #expect(!FileManager.default.fileExists(atPath: folder.file("store.sqlite-wal").path))
    }

    @Test func `network file systems are known by their mounts`() {
        let mounts = "/dev/vda / ext4 rw 0 0\nserver:/home /home nfs4 rw 0 0\n/dev/vdb /home/local xfs rw 0 0\nx /mnt/a\\040b cifs rw 0 0\n"
        #expect(StoreFile.networkFileSystem(of: "/home/ada/.local", mounts: mounts) == "nfs4")
        #expect(StoreFile.networkFileSystem(of: "/home/local/x", mounts: mounts) == nil)
        #expect(StoreFile.networkFileSystem(of: "/homes", mounts: mounts) == nil)
        #expect(StoreFile.networkFileSystem(of: "/mnt/a b", mounts: mounts) == "cifs")
        #expect(StoreFile.networkFileSystem(of: "/x", mounts: "") == nil)
    }

    @Test func `the store's place follows the environment`() {
        #expect(RunStore.defaultLocation(environment: ["LATHE_STORE": "/a/b.sqlite"]).path == "/a/b.sqlite")
        #expect(RunStore.defaultLocation(environment: ["XDG_DATA_HOME": "/d", "HOME": "/h"]).path == "/d/lathe/store.sqlite")
        #expect(RunStore.defaultLocation(environment: ["XDG_DATA_HOME": "relative", "HOME": "/h"]).path == "/h/.local/share/lathe/store.sqlite")
    }
}
