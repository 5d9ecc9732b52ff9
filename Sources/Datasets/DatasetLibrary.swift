import Foundation

/// Finds and opens data sets: the embedded ones, those in the user's data folder and in the folders of `LATHE_DATA`, and those
/// that Debian packages put in fixed places.
///
///     let library = DatasetLibrary(environment: ProcessInfo.processInfo.environment)
///     let digits = try library.open("digits", as: ImageDataset.self)
///
/// A library keeps the last few opened data sets, so that the runs of a study read them once. Copies share what is kept. Safe to
/// use from any thread.
public struct DatasetLibrary: Sendable {
    /// Folders that are searched, in order.
    public let folders: [URL]
    /// Where `lathe data add` puts a user's own sets, and where commands that fetch data are told to put it.
    public let userFolder: URL
    /// "/", below which system packages put their data.
    let systemRoot: URL
    private let kept = OpenedDatasets()

    /// A library over given folders; the first is the user's data folder.
    public init(folders: [URL]) {
        self.init(folders: folders, userFolder: folders.first ?? Self.defaultUserFolder([:]))
    }

    /// The library of a process: `$XDG_DATA_HOME/lathe/data` (`~/.local/share/lathe/data` when unset), then the folders of
    /// `LATHE_DATA`, separated by colons.
    public init(environment: [String: String]) {
        let userFolder = Self.defaultUserFolder(environment)
        let more = (environment["LATHE_DATA"] ?? "").split(separator: ":").map { URL(fileURLWithPath: String($0)) }
        self.init(folders: [userFolder] + more, userFolder: userFolder)
    }

    package init(folders: [URL], userFolder: URL, systemRoot: URL = URL(fileURLWithPath: "/")) {
        var seen: Set<String> = []
        self.folders = folders.filter { seen.insert($0.standardizedFileURL.path).inserted }
        self.userFolder = userFolder
        self.systemRoot = systemRoot
    }

    private static func defaultUserFolder(_ environment: [String: String]) -> URL {
        // The XDG specification has relative paths ignored.
        if let base = environment["XDG_DATA_HOME"], base.hasPrefix("/") {
            return URL(fileURLWithPath: base).appendingPathComponent("lathe/data")
        }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
        return URL(fileURLWithPath: home).appendingPathComponent(".local/share/lathe/data")
    }

    /// The catalogue with the state of each entry, then the user's own sets and tables. Looks at names only, opens nothing large.
    public func entries() -> [DatasetEntry] {
        let listing = FolderListing(folders)
        return sources().map { entry($0, files: locate($0, listing)) }
    }

    /// The entry of that identifier (or alias); nil when unknown.
    public func entry(_ identifier: String) -> DatasetEntry? {
        guard let source = source(identifier) else { return nil }
        return entry(source, files: locate(source, FolderListing(folders)))
    }

    /// Opens a data set.
    /// - Throws: `DatasetError` when the identifier is unknown (near names are listed), the set is not on this machine (the
    ///   command that brings it is named) or its files are damaged.
    public func open(_ identifier: String) throws -> any Dataset {
        guard let source = source(identifier) else { throw unknown(identifier) }
        guard let files = locate(source, FolderListing(folders)) else { throw missing(source) }
        if let dataset = kept[source.identifier, files.stamp] { return dataset }
        let dataset = try source.read(files, source.identifier)
        kept.keep(dataset, source.identifier, files.stamp)
        return dataset
    }

    /// Opens a data set of a known kind.
    /// - Throws: `DatasetError` as `open(_:)`, and when the set is of another kind.
    public func open<Kind: Dataset>(_ identifier: String, as _: Kind.Type) throws -> Kind {
        let dataset = try open(identifier)
        guard let wanted = dataset as? Kind else {
            throw DatasetError(file: identifier, "is a \(type(of: dataset)) where a \(Kind.self) is needed; choose another data set "
                + "(`lathe data list` shows their kinds)")
        }
        return wanted
    }

    /// Opens labelled pictures.
    public func images(_ identifier: String) throws -> ImageDataset { try open(identifier, as: ImageDataset.self) }
    /// Opens labelled feature vectors.
    public func features(_ identifier: String) throws -> FeatureDataset { try open(identifier, as: FeatureDataset.self) }
    /// Opens a table.
    public func table(_ identifier: String) throws -> TableDataset { try open(identifier, as: TableDataset.self) }
    /// Opens pretrained weights.
    public func weights(_ identifier: String) throws -> WeightsFile { try open(identifier, as: WeightsFile.self) }

    // MARK: - Looking up

    /// The catalogue, then the user's own sets; a name that comes again is hidden by the first.
    private func sources() -> [DatasetSource] {
        var seen: Set<String> = []
        return (DatasetCatalogue.sources + UserDatasets.sources(in: folders)).filter { source in
            guard !seen.contains(source.identifier) else { return false }
            seen.formUnion([source.identifier] + source.aliases)
            return true
        }
    }

    private func source(_ identifier: String) -> DatasetSource? {
        let known = { (source: DatasetSource) in source.identifier == identifier || source.aliases.contains(identifier) }
        return DatasetCatalogue.sources.first(where: known) ?? UserDatasets.sources(in: folders).first(where: known)
    }

    private func locate(_ source: DatasetSource, _ listing: FolderListing) -> DatasetFiles? {
        for place in source.places {
            if let files = listing.find(source.identifier, at: place, systemRoot: systemRoot) { return files }
        }
        return nil
    }

    private func entry(_ source: DatasetSource, files: DatasetFiles?) -> DatasetEntry {
        let state: DatasetState = switch files?.root {
        case nil: .missing
        case .embedded: .embedded
        default: .present
        }
        return DatasetEntry(identifier: source.identifier, title: source.title, kind: source.kind, state: state, rows: source.rows,
                            shape: source.shape, origin: source.origin, licence: source.licence, path: files?.path,
                            obtain: obtain(source))
    }

    private func obtain(_ source: DatasetSource) -> String? {
        source.obtain?.replacingOccurrences(of: "{data}", with: shellQuoted(userFolder.path))
    }

    private func missing(_ source: DatasetSource) -> DatasetError {
        if let (folder, file) = FolderListing(folders).incomplete(source.places, systemRoot: systemRoot) {
            return DatasetError(file: folder.path, "lacks the file \(file); complete the folder"
                + (obtain(source).map { ", or bring the data set anew with: \($0)" } ?? ""))
        }
        guard let way = obtain(source) else { return DatasetError(file: source.identifier, "is not on this machine; add its files again") }
        let isCommand = !way.hasPrefix("fetch ") && !way.hasPrefix("put ")
        return DatasetError(file: source.identifier, "is not on this machine; \(isCommand ? "bring it with:" : "to bring it,") \(way)")
    }

    private func unknown(_ identifier: String) -> DatasetError {
        let all = sources()
        let names = Dictionary(all.flatMap { source in ([source.identifier] + source.aliases).map { ($0, source.identifier) } }) { first, _ in first }
        var near: [String] = []
        for name in nearNames(identifier, among: Array(names.keys)) {
            if let meant = names[name], !near.contains(meant) { near.append(meant) }
        }
        return DatasetError(file: identifier, "is no data set; " + (near.isEmpty ? "`lathe data list` shows all \(all.count)"
                            : "did you mean \(near.joined(separator: " or "))? `lathe data list` shows all"))
    }
}

/// A path as a shell reads it: quoted only where it must be.
func shellQuoted(_ path: String) -> String {
    let plain = path.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "/._-+@%".unicodeScalars.contains(scalar))
    }
    return plain ? path : "'" + path.replacingOccurrences(of: "'", with: "'\\''") + "'"
}
