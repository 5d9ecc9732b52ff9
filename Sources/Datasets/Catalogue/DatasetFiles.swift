import CEmbedded
import Foundation

/// The files of one data set by their relative names, wherever they are: in the program, in a folder, or in an archive that is
/// opened as it is. A reader is written once against names.
public struct DatasetFiles: Sendable {
    /// A file's bytes with the name that errors carry.
    public struct File: Sendable {
        public let name: String
        public let bytes: [UInt8]
        /// SHA-256 of the file as it is stored, before unpacking.
        public let checksum: String
        /// The name without the folders before it.
        var leaf: String { name.split(separator: "/").last.map(String.init) ?? name }
    }

    enum Root: Sendable, Hashable {
        /// Files of the program under this data set's name.
        case embedded(String)
        /// Files below `folder`; no link may lead out of `boundary`.
        case folder(URL, boundary: URL)
        /// Members of a zip archive whose names begin with `prefix`.
        case archive(URL, prefix: String, boundary: URL)
        /// One file that stands for the whole set.
        case single(URL, boundary: URL)
    }

    let root: Root

    init(root: Root) { self.root = root }

    /// The files of a folder.
    package init(folder: URL) { self.init(root: .folder(folder, boundary: folder)) }

    /// The folder or file it was found in; nil when embedded.
    public var path: String? {
        switch root {
        case .embedded: nil
        case .folder(let url, _), .archive(let url, _, _), .single(let url, _): url.path
        }
    }

    /// Whether a file of that name exists, plain or with ".gz".
    public func contains(_ name: String) -> Bool {
        switch root {
        case .embedded(let folder): return embeddedFile("\(folder)/\(name)") != nil
        case .folder(let url, _):
            return isFile(url.appendingPathComponent(name)) || isFile(url.appendingPathComponent(name + ".gz"))
        case .archive(let url, let prefix, let boundary):
            let archive = try? ZipArchive(ByteSource(file: url, within: boundary))
            return archive?.member(prefix + name) != nil
        case .single(let url, _): return isFile(url)
        }
    }

    /// The names of the regular files right in the folder, sorted; empty for anything but a folder.
    public func names() -> [String] {
        guard case .folder(let url, _) = root else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.filter { isFile(url.appendingPathComponent($0)) }.sorted()
    }

    /// Reads a file whole; when only `name` + ".gz" exists, or the bytes are gzip, it comes out unpacked.
    /// - Parameter limit: the largest size, unpacked, that is accepted.
    /// - Throws: `DatasetError` when it is missing, unreadable, too large or damaged.
    public func read(_ name: String, limit: Int = Limits.fileBytes) throws -> File {
        try Self.read(source(name, limit: limit), limit: limit)
    }

    /// Reads a source whole; gzip comes out unpacked.
    static func read(_ source: ByteSource, limit: Int = Limits.fileBytes) throws -> File {
        let checksum = try SHA256.hexadecimal(of: source)
        let isPacked = try source.count >= 2 && Gzip.isGzip(source.read(at: 0, count: 2))
        let bytes = isPacked ? try Gzip.decompress(source, limit: limit) : try source.readAll(limit: limit)
        return File(name: source.name, bytes: bytes, checksum: checksum)
    }

    /// The bytes of a file, to be read piece by piece where they lie in one.
    func source(_ name: String, limit: Int) throws -> ByteSource {
        switch root {
        case .embedded(let folder):
            let name = "\(folder)/\(name)"
            guard let bytes = embeddedFile(name) else { throw DatasetError(file: name, "is not embedded in this build; build the program again") }
            return ByteSource(name: name, bytes: bytes)
        case .folder(let url, let boundary):
            let plain = url.appendingPathComponent(name)
            return try ByteSource(file: isFile(plain) || !isFile(plain.appendingPathExtension("gz")) ? plain : plain.appendingPathExtension("gz"), within: boundary)
        case .archive(let url, let prefix, let boundary):
            let archive = try ZipArchive(ByteSource(file: url, within: boundary))
            return ByteSource(name: "\(url.path)/\(prefix)\(name)", bytes: try archive.read(prefix + name, limit: limit))
        case .single(let url, let boundary):
            return try ByteSource(file: url, within: boundary)
        }
    }

    /// One checksum for several files: SHA-256 of their "checksum, two spaces, name" lines, in the given order; of one file, its own.
    public static func checksum(_ files: [(name: String, checksum: String)]) -> String {
        if files.count == 1 { return files[0].checksum }
        return SHA256.hexadecimal(of: Array(files.map { "\($0.checksum)  \($0.name)\n" }.joined().utf8))
    }

    /// The same under the files' own names.
    static func checksum(of files: [File]) -> String { checksum(files.map { ($0.leaf, $0.checksum) }) }
}

/// Whether a path is a regular file (links followed).
func isFile(_ url: URL) -> Bool {
    var status = stat()
    return stat(url.path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}

/// Whether a path is a folder (links followed).
func isFolder(_ url: URL) -> Bool {
    var status = stat()
    return stat(url.path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// A file that ships inside the program, plain or with ".gz"; nil when there is none of that name.
private func embeddedFile(_ name: String) -> [UInt8]? {
    let names = [name, name + ".gz"]
    for index in 0..<lathe_embedded_count() {
        let file = lathe_embedded_at(index)
        if names.contains(String(cString: file.name)) { return Array(UnsafeBufferPointer(start: file.bytes, count: file.count)) }
    }
    return nil
}
