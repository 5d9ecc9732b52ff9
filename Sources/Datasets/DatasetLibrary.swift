import Foundation
import Synchronization

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
        return DatasetCatalogue.sources.map { entry($0, files: locate($0, listing)) }
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
    /// Opens pretrained weights.
    public func weights(_ identifier: String) throws -> WeightsFile { try open(identifier, as: WeightsFile.self) }

    // MARK: - Looking up

    private func source(_ identifier: String) -> DatasetSource? {
        DatasetCatalogue.sources.first { $0.identifier == identifier || $0.aliases.contains(identifier) }
    }

    private func locate(_ source: DatasetSource, _ listing: FolderListing) -> DatasetFiles? {
        for place in source.places {
            if let files = listing.find(place, systemRoot: systemRoot) { return files }
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
        DatasetError(file: source.identifier, "is not on this machine; bring it with: \(obtain(source) ?? "a new build")")
    }

    private func unknown(_ identifier: String) -> DatasetError {
        let names = entries().map(\.identifier)
        let near = nearNames(identifier, among: names)
        return DatasetError(file: identifier, "is no data set; " + (near.isEmpty ? "`lathe data list` shows all \(names.count)"
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
