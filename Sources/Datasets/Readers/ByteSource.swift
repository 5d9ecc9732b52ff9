import Foundation

/// Bytes of a file or of memory, read piecewise, so that one member of a large archive costs no more than itself.
///
/// Only regular files are opened (a pipe or device would hang), and a link that leads out of the folder it was found in is
/// refused. A file that shrinks while it is read gives an error, never a trap.
public struct ByteSource: Sendable {
    /// The name that errors carry: the path, or what the caller calls the bytes.
    public let name: String
    /// How many bytes there are.
    public let count: Int
    private let storage: Storage

    private enum Storage: Sendable {
        case memory([UInt8])
        case file(OpenFile)
    }

    /// Bytes in memory.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        count = bytes.count
        storage = .memory(bytes)
    }

    /// Opens a regular file for reading.
    /// - Parameter folder: the folder that the file must lie in once every link on its path is followed; nil allows any place.
    /// - Throws: `DatasetError` when the file is missing, unreadable, not a regular file, or led out of `folder` by a link.
    public init(file url: URL, within folder: URL? = nil) throws {
        let path = url.path
        guard let resolved = resolvedPath(path) else {
            throw DatasetError(file: path, "cannot be opened: \(systemMessage()); check the path and its permissions")
        }
        if let folder {
            guard let root = resolvedPath(folder.path) else {
                throw DatasetError(file: folder.path, "cannot be opened: \(systemMessage()); check the path and its permissions")
            }
            guard resolved == root || resolved.hasPrefix(root == "/" ? "/" : root + "/") else {
                throw DatasetError(file: path, "is a link that leads out of the data folder \(root); put the file itself there, "
                    + "or add its own folder to LATHE_DATA")
            }
        }
        let file = try OpenFile(path: resolved, name: path)
        name = path
        count = file.size
        storage = .file(file)
    }

    /// The bytes `offset ..< offset + count`.
    /// - Throws: `DatasetError` when they do not all exist.
    public func read(at offset: Int, count wanted: Int) throws -> [UInt8] {
        guard offset >= 0, wanted >= 0, offset <= count, wanted <= count - offset else {
            throw DatasetError(file: name, place: "byte \(max(0, offset))",
                               "ends after \(count) bytes where \(wanted) more are announced; the file is cut short, fetch it again")
        }
        switch storage {
        case .memory(let bytes): return Array(bytes[offset..<(offset + wanted)])
        case .file(let file): return try file.read(at: offset, count: wanted, name: name)
        }
    }

    /// Everything.
    /// - Parameter limit: more bytes than this are refused before anything is allocated.
    public func readAll(limit: Int = Limits.fileBytes) throws -> [UInt8] {
        guard count <= limit else {
            throw DatasetError(file: name, "has \(count) bytes, more than the \(limit) that are read into memory; split the file")
        }
        if case .memory(let bytes) = storage { return bytes }
        return try read(at: 0, count: count)
    }
}

/// Bounds on what outside data may ask for.
public enum Limits {
    /// The largest file, and the largest unpacked member, that is read into memory whole: 2 GiB.
    public static let fileBytes = 1 << 31
    /// How many elements an array may have.
    public static let elements = 1 << 29
    /// Beyond 32 MiB, an archive that unpacks to more than this many times its size is taken for a bomb.
    public static let unpackingRatio = 400
}

/// A file descriptor that closes with its last owner.
private final class OpenFile: Sendable {
    let descriptor: Int32
    let size: Int

    init(path: String, name: String) throws {
        // O_NONBLOCK: opening a pipe must not wait for a writer.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw DatasetError(file: name, "cannot be opened: \(systemMessage()); check the path and its permissions")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, let size = Int(exactly: status.st_size) else {
            close(descriptor)
            throw DatasetError(file: name, "is not a regular file; give the file itself")
        }
        self.size = size
    }

    deinit { close(descriptor) }

    func read(at offset: Int, count: Int, name: String) throws -> [UInt8] {
        var failure: DatasetError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while filled < count {
                let step = pread(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset + filled))
                if step > 0 { filled += step; continue }
                if step < 0 && errno == EINTR { continue }
                failure = step == 0
                    ? DatasetError(file: name, place: "byte \(offset + filled)", "became shorter while it was read; read it again")
                    : DatasetError(file: name, place: "byte \(offset + filled)", "cannot be read: \(systemMessage()); check the disk")
                return
            }
        }
        if let failure { throw failure }
        return bytes
    }
}

/// `path` with every link followed; nil (and `errno`) when something on it is missing.
func resolvedPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(validatingCString: resolved)
}

/// What the system says about the last failed call.
func systemMessage() -> String { String(cString: strerror(errno)) }
