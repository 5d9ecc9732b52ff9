import Foundation
import GRDB
#if canImport(Glibc)
import Glibc
#endif

extension RunStore {
    /// States above this size are files beside the store, so that the store stays quick to copy and check.
    static let largestBlob = 8 << 20

    private var checkpointFolder: URL {
        location.deletingLastPathComponent().appendingPathComponent(location.lastPathComponent + ".checkpoints")
    }

    /// Commits events, of which the last is the checkpoint's mark, and the checkpoint's state: all of it or nothing. The run keeps
    /// its last two checkpoints.
    public func saveCheckpoint(_ state: some DataProtocol, events: [RunEvent], claim: RunClaim, seconds: Double) throws(StoreError) {
        guard let mark = events.last, case .checkpoint(let checkpoint) = mark.payload else { return }
        let data = Data(state)
        let file = data.count > Self.largestBlob ? try writeFile(data, "\(claim.identifier)-\(mark.sequence)", "checkpoint") : nil
        let superseded: [String]
        do {
            superseded = try write { db, revision in
                try Self.check(claim, db)
                let key = try Self.key(db, claim.identifier)
                try Self.insert(events, run: key, db)
                try db.execute(sql: "INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, ?, ?, ?, ?)", arguments: [
                    key, mark.sequence, checkpoint.name, mark.time, seconds, data.count, file == nil ? data : nil, file,
                ])
                let old = "run = ? AND sequence NOT IN (SELECT sequence FROM checkpoints WHERE run = ? ORDER BY sequence DESC LIMIT 2)"
                let files = try String.fetchAll(db, sql: "SELECT file FROM checkpoints WHERE file IS NOT NULL AND \(old)", arguments: [key, key])
                try db.execute(sql: "DELETE FROM checkpoints WHERE \(old)", arguments: [key, key])
                try db.execute(sql: "UPDATE runs SET checkpointSequence = ? WHERE key = ?", arguments: [mark.sequence, key])
                try Self.touch(key, seconds: seconds, isOwner: true, revision: revision, db)
                return files
            }
        } catch {
            if let file { removeFile(file) }
            throw error
        }
        for name in superseded { removeFile(name) }
    }

    /// A finished run never goes on, so its checkpoints would only take room: as much as all that it left behind where it trains networks.
    /// - Returns: the files that go once the change is committed.
    static func dropCheckpoints(ofFinished run: Int64, _ db: Database) throws -> [String] {
        guard try String.fetchOne(db, sql: "SELECT state FROM runs WHERE key = ?", arguments: [run]) == RunState.finished.rawValue else { return [] }
        let files = try String.fetchAll(db, sql: "SELECT file FROM checkpoints WHERE run = ? AND file IS NOT NULL", arguments: [run])
        try db.execute(sql: "DELETE FROM checkpoints WHERE run = ?", arguments: [run])
        try db.execute(sql: "UPDATE runs SET checkpointSequence = NULL WHERE key = ?", arguments: [run])
        return files
    }

    /// The newest checkpoint of a run that can be read; nil where there is none.
    public func checkpoint(of identifier: String) throws(StoreError) -> StoredCheckpoint? {
        let rows = try read { db in
            try Row.fetchAll(db, sql: "SELECT sequence, name, time, bytes, state, file FROM checkpoints WHERE run = ? ORDER BY sequence DESC",
                             arguments: [try Self.key(db, identifier)])
        }
        for row in rows {
            guard let sequence = row.int(0), let state = state(of: row) else { continue }
            return StoredCheckpoint(sequence: sequence, name: row.string(1) ?? "", time: row.double(2) ?? 0, state: Array(state))
        }
        return nil
    }

    private func state(of row: Row) -> Data? {
        let state = if let file = row.string(5) { contents(ofFile: file) } else { row.data(4) ?? Data() }
        return state?.count == row.int(3) ? state : nil
    }

    /// What a file beside the store holds; nil where it is not there.
    func contents(ofFile name: String) -> Data? {
        isOwnName(name) ? try? Data(contentsOf: checkpointFolder.appendingPathComponent(name)) : nil
    }

    /// Forgets checkpoints whose file went away, so that the one before them counts.
    func dropUnreadableCheckpoints(of identifier: String) throws(StoreError) {
        let readable = try checkpoint(of: identifier)?.sequence ?? -1
        try write { db, _ in
            try db.execute(sql: "DELETE FROM checkpoints WHERE run = ? AND sequence > ?", arguments: [try Self.key(db, identifier), readable])
        }
    }

    /// A name from the store may come from a stranger's file: only what we make ourselves is followed.
    private func isOwnName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == ".") }
    }

    func removeFile(_ name: String) {
        guard isOwnName(name) else { return }
        try? FileManager.default.removeItem(at: checkpointFolder.appendingPathComponent(name))
    }

    /// Written under another name, brought to the disk and then renamed: the name never stands for half a state.
    func writeFile(_ data: Data, _ stem: String, _ kind: String) throws(StoreError) -> String {
        let name = stem.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") } + ".\(kind)"
        let target = checkpointFolder.appendingPathComponent(name)
        do {
            try FileManager.default.createDirectory(at: checkpointFolder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try AtomicFile.write(data, to: target)
        } catch {
            throw StoreError(.full, "store \(location.path): \(kind == "artifact" ? "an" : "a") \(kind) of \(data.count / 1_048_576) MB cannot be written beside it (\(error.localizedDescription)); free some room")
        }
        return name
    }
}

/// Replaces a file whole or not at all, readable by its user only.
enum AtomicFile {
    static func write(_ data: Data, to target: URL) throws {
        let partial = target.appendingPathExtension("partial")
        let descriptor = open(partial.path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown, userInfo: [NSLocalizedDescriptionKey: String(cString: strerror(errno))]) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: data)
            try file.synchronize()
            try file.close()
            guard rename(partial.path, target.path) == 0 else {
                throw CocoaError(.fileWriteUnknown, userInfo: [NSLocalizedDescriptionKey: String(cString: strerror(errno))])
            }
        } catch {
            try? FileManager.default.removeItem(at: partial)
            throw error
        }
    }
}
