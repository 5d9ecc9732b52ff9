/// A data set in memory. Each kind is a type of its own (`ImageDataset`, `FeatureDataset`, …); a method asks for the kind it
/// takes with `as?`, a screen asks for `preview`. A new kind is a new conforming type.
public protocol Dataset: Sendable {
    /// The identifier under which it was opened, such as `digits`.
    var identifier: String { get }
    /// SHA-256 of the source bytes, in hexadecimal: part of a run's record.
    var checksum: String { get }
    /// How many examples (rows, nodes, series, pairs) it has.
    var count: Int { get }
    /// Roughly how many bytes of memory it holds; bounds what a library keeps.
    var memoryBytes: Int { get }
    /// What the Data screen draws for it.
    func preview() -> DatasetPreview
}

/// What kind of thing a data set holds; a method says which kinds it accepts.
public enum DatasetKind: String, Codable, Sendable, CaseIterable {
    case images, features, table, graph, textGraph, domains, series, events, pairs, trajectories, factors, weights

    /// The kind in words, for a person.
    public var title: String { self == .textGraph ? "text graph" : self == .factors ? "factor images" : rawValue }
}

/// Where a data set stands on this machine.
public enum DatasetState: String, Codable, Sendable {
    /// Inside the program.
    case embedded
    /// Found in a folder.
    case present
    /// Not here; `DatasetEntry.obtain` tells how to bring it.
    case missing
}

/// One row of the catalogue: what is known of a data set without opening it.
public struct DatasetEntry: Codable, Sendable, Hashable {
    public var identifier: String
    public var title: String
    public var kind: DatasetKind
    public var state: DatasetState
    /// The number of examples, where known without opening.
    public var rows: Int?
    /// The shape of one example in words, such as "8 x 8 grey, 10 classes".
    public var shape: String
    public var origin: String
    public var licence: String
    /// The folder or file it was found in; nil when embedded or missing.
    public var path: String?
    /// The exact command that brings it, or the address where a person gets it; nil when it is always there.
    public var obtain: String?

    public init(identifier: String, title: String, kind: DatasetKind, state: DatasetState, rows: Int?, shape: String,
                origin: String, licence: String, path: String? = nil, obtain: String? = nil) {
        self.identifier = identifier
        self.title = title
        self.kind = kind
        self.state = state
        self.rows = rows
        self.shape = shape
        self.origin = origin
        self.licence = licence
        self.path = path
        self.obtain = obtain
    }
}

/// A small picture: 8-bit grey (one channel) or RGB (three), row by row, channels interleaved.
public struct Thumbnail: Codable, Sendable, Hashable {
    public let width: Int
    public let height: Int
    public let channels: Int
    /// `width * height * channels` bytes.
    public let pixels: [UInt8]

    /// - Returns: nil when the sizes do not fit together or the picture is larger than 256 x 256.
    public init?(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
        guard (1...256).contains(width), (1...256).contains(height), channels == 1 || channels == 3,
              pixels.count == width * height * channels else { return nil }
        self.width = width
        self.height = height
        self.channels = channels
        self.pixels = pixels
    }
}

/// What the Data screen shows of a data set; parts that do not apply are empty.
public struct DatasetPreview: Codable, Sendable {
    public struct Column: Codable, Sendable {
        public var name: String
        /// Counts in equal bins between `minimum` and `maximum` of the numeric values; empty for text.
        public var histogram: [Int] = []
        public var minimum: Double?
        public var maximum: Double?
        public var missing = 0
        public init(name: String) { self.name = name }
    }
    public struct Example: Codable, Sendable {
        public var index: Int
        public var caption: String
        public var thumbnail: Thumbnail
        public init(index: Int, caption: String, thumbnail: Thumbnail) {
            self.index = index
            self.caption = caption
            self.thumbnail = thumbnail
        }
    }
    public struct ClassCount: Codable, Sendable {
        public var name: String
        public var count: Int
        public init(name: String, count: Int) {
            self.name = name
            self.count = count
        }
    }
    public struct Line: Codable, Sendable {
        public var name: String
        public var values: [Double]
        public init(name: String, values: [Double]) {
            self.name = name
            self.values = values
        }
    }
    /// Facts in words: name and value ("rows", "1,797").
    public var facts: [Fact] = []
    public struct Fact: Codable, Sendable {
        public var name: String
        public var value: String
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
    public var columns: [Column] = []
    /// The first rows as text, one string a column.
    public var rows: [[String]] = []
    public var examples: [Example] = []
    public var classes: [ClassCount] = []
    public var lines: [Line] = []
    /// A graph's edges between nodes 0 ..< `nodeCount`, thinned for drawing.
    public var nodeCount = 0
    public var edges: [[Int]] = []
    /// Number of nodes of each degree 0, 1, 2, …
    public var degreeHistogram: [Int] = []
    public init() {}
}

/// What goes wrong with outside data: one sentence with the file, the place in it and what to do.
public struct DatasetError: Error, CustomStringConvertible, Equatable, Sendable {
    public var description: String
    /// - Parameter place: "line 12", "byte 4", "member `a.npy`", …
    public init(file: String, place: String? = nil, _ sentence: String) {
        description = place.map { "\(file), \($0): \(sentence)" } ?? "\(file): \(sentence)"
    }
}
