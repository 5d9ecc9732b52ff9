import Foundation
import GRDB
#if canImport(Glibc)
import Glibc
#endif

/// The store as a file: made for its user only, recognised before it is opened, brought to this version.
package enum StoreFile {
    /// Makes folder (0700) and file (0600) where they are missing, and refuses what is no store or a newer one by looking at the
    /// file's header, before SQLite touches it.
    static func prepare(_ location: URL, version: Int) throws {
        let path = location.path
        let files = FileManager.default
        var isFolder: ObjCBool = false
        if files.fileExists(atPath: path, isDirectory: &isFolder) {
            guard !isFolder.boolValue else { throw StoreError(.unavailable, "store \(path): this is a folder; name a file in it") }
            guard access(path, R_OK) == 0 else {
                throw StoreError(.unavailable, "store \(path): it may not be read; change its permissions or pick another with --store PATH")
            }
            guard access(path, W_OK) == 0, access(location.deletingLastPathComponent().path, W_OK) == 0 else {
                throw StoreError(.unavailable, "store \(path): it or its folder may only be read; change the permissions or pick another with --store PATH")
            }
            try checkHeader(location, version: version)
            return
        }
        let folder = location.deletingLastPathComponent()
        do {
            try files.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StoreError(.unavailable, "store \(path): its folder cannot be made; pick another place with --store PATH")
        }
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            Glibc.close(descriptor)
        } else if errno != EEXIST {
            let reason = String(cString: strerror(errno))
            throw StoreError(errno == ENOSPC ? .full : .unavailable,
                             "store \(path): it cannot be made there (\(reason)); pick another place with --store PATH")
        }
    }

    private static func checkHeader(_ location: URL, version: Int) throws {
        let file = try FileHandle(forReadingFrom: location)
        defer { try? file.close() }
        let header = try file.read(upToCount: 100) ?? Data()
        if header.isEmpty { return }
        guard header.count == 100, header.starts(with: "SQLite format 3\0".utf8) else {
            throw StoreError(.corrupt, "store \(location.path): this is not a store of Lathe; it was left untouched, pick another with --store PATH")
        }
        func number(at offset: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(header[offset + $1]) } }
        if number(at: 68) == StoreSchema.applicationIdentifier { try refuseNewer(number(at: 60), than: version, location) }
    }

    private static func refuseNewer(_ found: Int, than version: Int, _ location: URL) throws {
        guard found > version else { return }
        throw StoreError(.newer, "store \(location.path): it was written by a newer Lathe (store version \(found), this one reads up to \(version)); it was left untouched, use that Lathe or pick another with --store PATH")
    }

    /// Brings the tables to this version. Two processes may do it at once: the second finds the work done.
    static func migrate(_ database: any DatabaseWriter, _ location: URL, _ schema: StoreSchema) throws {
        let (found, application, tables, strange) = try database.read { db in
            (try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0, try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0,
             try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0,
             try String.fetchOne(db, sql: "SELECT type || ' ' || name FROM sqlite_schema WHERE type IN ('trigger', 'view')"))
        }
        if tables > 0, application != StoreSchema.applicationIdentifier {
            throw StoreError(.corrupt, "store \(location.path): this SQLite file belongs to another program; it was left untouched, pick another with --store PATH")
        }
        if let strange {
            throw StoreError(.corrupt, "store \(location.path): it holds a \(strange), which Lathe never writes; it was not opened, since such a part can act on its own")
        }
        try refuseNewer(found, than: schema.version, location)
        guard found < schema.version else { return }
        if found > 0 { try backUp(database, location, version: found) }
        try database.write { db in
            // Asked again inside the transaction, which only one process is in.
            let present = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            try refuseNewer(present, than: schema.version, location)
            guard present < schema.version else { return }
            for step in schema.steps[present...] { try step(db) }
            try db.execute(sql: "PRAGMA application_id = \(StoreSchema.applicationIdentifier)")
            try db.execute(sql: "PRAGMA user_version = \(schema.version)")
        }
        // The version belongs in the file itself, where an older program looks before it opens.
        _ = try? database.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
    }

    private static func backUp(_ database: any DatabaseWriter, _ location: URL, version: Int) throws {
        let name = "\(location.lastPathComponent).version-\(version).backup"
        let target = location.deletingLastPathComponent().appendingPathComponent(name)
        let partial = target.appendingPathExtension("partial")
        try? FileManager.default.removeItem(at: partial)
        let descriptor = open(partial.path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.unavailable, "store \(location.path): the backup before its migration cannot be written beside it; nothing was changed")
        }
        Glibc.close(descriptor)
        do {
            let copy = try DatabaseQueue(path: partial.path)
            try database.backup(to: copy)
            try copy.close()
        } catch {
            try? FileManager.default.removeItem(at: partial)
            throw StoreError(.full, "store \(location.path): the backup before its migration failed (\(StoreError(error, path: partial.path).description)); nothing was changed")
        }
        guard rename(partial.path, target.path) == 0 else {
            throw StoreError(.unavailable, "store \(location.path): the backup before its migration cannot be named \(name); nothing was changed")
        }
    }

    private static let networkFileSystems: Set = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "lustre", "ceph", "gpfs", "beegfs", "afs", "panfs", "glusterfs", "ncpfs", "davfs",
        "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.glusterfs", "fuse.ceph-fuse", "fuse.juicefs", "fuse.davfs2",
    ]

    /// The file system's name where it is one that several machines share, on which WAL's shared memory does not work.
    static func networkFileSystem(of location: URL) -> String? {
        let folder = location.deletingLastPathComponent().resolvingSymlinksInPath().standardizedFileURL.path
        return networkFileSystem(of: folder, mounts: (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? "")
    }

    /// - Parameter mounts: lines of device, mount point, type and more, as in `/proc/self/mounts`.
    package static func networkFileSystem(of folder: String, mounts: String) -> String? {
        var best = (length: -1, type: "")
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 2 else { continue }
            let point = fields[1].replacingOccurrences(of: "\\040", with: " ")
            let isBelow = point == "/" || folder == point || folder.hasPrefix(point + "/")
            // A later mount on the same point covers the earlier one.
            if isBelow, point.utf8.count >= best.length { best = (point.utf8.count, String(fields[2])) }
        }
        return networkFileSystems.contains(best.type) ? best.type : nil
    }
}
