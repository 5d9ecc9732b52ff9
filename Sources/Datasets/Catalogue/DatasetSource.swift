import Foundation

/// One catalogue entry with its reader. Adding a data set is one of these, in the file of its kind, and nothing else.
public struct DatasetSource: Sendable {
    /// Where a data set can stand.
    public enum Place: Sendable {
        /// In the program itself: its files there lie under its identifier.
        case embedded
        /// A folder of one of these names in a search folder (or the search folder itself), holding all `files` (plain or ".gz").
        case folder([String], files: [String])
        /// A zip archive or wheel in a search folder whose name begins and ends so; `prefix` goes before a member's name.
        case archive(namePrefix: String, nameSuffix: String, memberPrefix: String)
        /// A single file of one of these names in a search folder.
        case file([String])
        /// A fixed folder where a system package puts it.
        case system(String, files: [String])
    }

    public var identifier: String
    /// Further names under which it opens.
    public var aliases: [String] = []
    public var title: String
    public var kind: DatasetKind
    public var rows: Int?
    public var shape: String
    public var origin: String
    public var licence: String
    /// The command that brings it, or the address and what to do there; "{data}" stands for the user's data folder. nil: always there.
    public var obtain: String?
    public var places: [Place]
    /// Reads it from where it was found.
    public var read: @Sendable (_ files: DatasetFiles, _ identifier: String) throws -> any Dataset

    public init(identifier: String, aliases: [String] = [], title: String, kind: DatasetKind, rows: Int?, shape: String, origin: String,
                licence: String, obtain: String?, places: [Place],
                read: @escaping @Sendable (_ files: DatasetFiles, _ identifier: String) throws -> any Dataset) {
        self.identifier = identifier
        self.aliases = aliases
        self.title = title
        self.kind = kind
        self.rows = rows
        self.shape = shape
        self.origin = origin
        self.licence = licence
        self.obtain = obtain
        self.places = places
        self.read = read
    }
}

/// Every data set that Lathe knows by name: the lists of all kinds, in the order of the Data screen.
public enum DatasetCatalogue {
    public static let sources: [DatasetSource] = imageSources + weightSources + graphSources + textGraphSources + domainSources
        + seriesSources + eventSources + pairSources + trajectorySources + factorSources
}
