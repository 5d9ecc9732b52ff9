import Foundation
import GRDB

/// What goes wrong with a store: one sentence with the file and what to do.
public struct StoreError: Error, CustomStringConvertible, Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// The folder or file cannot be read or written.
        case unavailable
        /// The store was written by a newer Lathe; it was left untouched.
        case newer
        /// The file is damaged or no store of Lathe.
        case corrupt
        /// No room is left on the disk.
        case full
        /// Another process kept the store locked longer than the busy timeout.
        case busy
        /// There is no run, study or checkpoint of that name, or more than one.
        case notFound
        /// The run is not in a state that allows the action, or belongs to another process.
        case conflict
    }

    public var kind: Kind
    public var description: String

    public init(_ kind: Kind, _ sentence: String) {
        self.kind = kind
        self.description = sentence
    }

    /// Puts an error of SQLite or of the file system into a sentence.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(error, path: path)
        default:
            self.init(.unavailable, "store \(path): \(error.localizedDescription); pick another place with --store PATH")
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let code = error.resultCode
        switch code {
        case .SQLITE_FULL:
            self.init(.full, "store \(path): the disk is full; free some room, nothing that was committed is lost")
        case .SQLITE_NOTADB:
            self.init(.corrupt, "store \(path): the file is not a SQLite database; move it away or pick another with --store PATH")
        case .SQLITE_CORRUPT:
            self.init(.corrupt, "store \(path): the file is damaged (\(error.message ?? "corrupt")); copy it away and try “sqlite3 FILE .recover”")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.busy, "store \(path): another process kept it locked for more than 5 s; try again when it is done")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(.unavailable, "store \(path): it may only be read; change its permissions or pick another with --store PATH")
        case .SQLITE_CANTOPEN:
            self.init(.unavailable, "store \(path): it cannot be opened or made there; pick another place with --store PATH")
        case .SQLITE_IOERR:
            self.init(.unavailable, "store \(path): reading or writing failed (\(error.message ?? "disk I/O error")); check the disk and its free room")
        default:
            self.init(.unavailable, "store \(path): \(error.message ?? "SQLite error \(code.rawValue)")")
        }
    }
}
