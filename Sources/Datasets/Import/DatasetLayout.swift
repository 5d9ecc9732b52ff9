/// How the files of a user's own data set are to be read; the values of `lathe data add --as`.
public enum DatasetLayout: String, Codable, Sendable, CaseIterable {
    /// One CSV or TSV file: a table as it is.
    case table
    /// Labelled feature vectors: a CSV file whose other columns are numbers, an NPY array of N x D (and one of N labels), or an
    /// NPZ archive or safetensors file with both.
    case features
    /// IDX files of pictures and labels (MNIST's layout), with or without a test pair, and a text file of class names if there is one.
    case idx
    /// CIFAR-10's binary batches, with `batches.meta.txt` for the class names if there is one.
    case cifar
    /// Labelled pictures as arrays: an NPZ archive, or two NPY files, N x height x width (x 3) bytes and N labels.
    case pictures
    /// A folder of class-named folders of PNG, PGM or PPM pictures of one size (or `train` and `test` with such folders). It is
    /// packed into IDX files as it is added.
    case folder
    /// Domains: a table of samples (domain, inputs, label or number), a list of edges (its name holds `edge`, or it is a GAL file)
    /// and perhaps a table of domains and roles (its name holds `role` or `domain`).
    case domains
    /// A graph in the plain layout: a folder with `nodes.tsv`, `edges.tsv` and what else the layout knows (docs/data.md), or these files.
    case graph
    /// Debian's package index (and Translation-en), dpkg's status file or the output of apt-cache dumpavail: every package, made into
    /// a graph with texts as it is added.
    case debian
    /// The same files: packages of ten topic sections and their largest connected part.
    case debianTen = "debian-ten"
    /// WordNet's data files (`data.noun`, …) and index files, made into a graph of glosses as it is added.
    case wordnet
    /// Events: one table of user, item and time (`u.data`, `ratings.dat`, `ratings.csv`, `.inter`, or a CSV or TSV with columns of such
    /// names), and a table of the items' titles if there is one (`u.item`, `movies.dat`, `movies.csv`, `.item`).
    case events
    /// Series: one table with a column a series, with or without a column of time stamps.
    case series
    /// Paths: tables of frame, agent, x and y in metres, with or without a header; each file is a recording.
    case trajectories
    /// Images with known factors: arrays of bytes in the grid's order with a list of factors or with labels, or a published pair of training and test archives.
    case factors
    /// Sentence pairs: `sentence||sentence` lines (.txt), or tables of score (or nothing) and two sentences (.tsv); a file with `dev` in its name
    /// chooses checkpoints, one with `test` tests.
    case pairs
    /// A sentence encoder: `model.safetensors`, `config.json` and `vocab.txt`, or a folder, wheel or zip archive that holds them.
    case encoder
    /// A network's weights: one safetensors file, or PyTorch's format before 1.6.
    case weights

    /// The layout that a set of file names makes evident; nil when it does not.
    static func evident(_ names: [String]) -> DatasetLayout? {
        let plain = names.map { $0.lowercased().hasSuffix(".gz") ? String($0.lowercased().dropLast(3)) : $0.lowercased() }
        if plain.contains(where: { $0.hasSuffix(".bin") }) { return .cifar }
        if plain.contains("nodes.tsv"), plain.contains("edges.tsv") { return .graph }
        if plain.contains(where: { $0 == "u.data" || $0 == "ratings.dat" || $0 == "ratings.csv" || $0.hasSuffix(".inter") }) { return .events }
        // A packed index is refused with the command that unpacks it.
        let unpacked = plain.map { name in [".xz", ".lz4", ".bz2", ".zst"].first(where: name.hasSuffix).map { String(name.dropLast($0.count)) } ?? name }
        if !plain.isEmpty, unpacked.allSatisfy({ $0 == "packages" || $0.hasSuffix("_packages") || $0.contains("translation-en") || $0 == "status" }) { return .debian }
        if !plain.isEmpty, plain.allSatisfy({ name in WordNet.partNames.contains { name == "data.\($0)" || name == "index.\($0)" } }) { return .wordnet }
        if Set(SentenceEncoderFiles.names).isSubset(of: plain) || (names.count == 1 && plain.allSatisfy(isArchive)) { return .encoder }
        let arrays = plain.filter { !$0.hasSuffix(".txt") }
        if !arrays.isEmpty, arrays.allSatisfy({ $0.contains("ubyte") || $0.hasSuffix(".idx") || $0.contains("-idx") }) { return .idx }
        if plain.allSatisfy({ $0.hasSuffix(".npy") || $0.hasSuffix(".npz") }) { return .features }
        if let parts = domainParts(names), (2...3).contains(names.count), parts.edges != nil, parts.points != nil { return .domains }
        if names.count == 1, plain.allSatisfy({ $0.hasSuffix(".pth") || $0.hasSuffix(".pt") }) { return .weights }
        if names.count == 1, plain.allSatisfy({ $0.hasSuffix(".csv") || $0.hasSuffix(".tsv") || $0.hasSuffix(".tab") }) { return .table }
        return nil
    }

    static func isArchive(_ name: String) -> Bool { name.lowercased().hasSuffix(".whl") || name.lowercased().hasSuffix(".zip") }

    /// Which of some file names is the table of samples, the graph and the table of roles; nil when one of them comes twice.
    static func domainParts(_ names: [String]) -> (points: String?, edges: String?, domains: String?)? {
        var parts: (points: String?, edges: String?, domains: String?) = (nil, nil, nil)
        for name in names {
            let lower = name.lowercased()
            if lower.contains("edge") || lower.hasSuffix(".gal") {
                guard parts.edges == nil else { return nil }
                parts.edges = name
            } else if lower.contains("role") || lower.contains("domain") {
                guard parts.domains == nil else { return nil }
                parts.domains = name
            } else {
                guard parts.points == nil else { return nil }
                parts.points = name
            }
        }
        return parts
    }

    /// Names that a column or array of labels goes by.
    static let labelNames = ["label", "labels", "class", "target", "targets", "y"]
}

/// What a user's own set says of itself: `dataset.json` in its folder.
public struct DatasetManifest: Codable, Sendable, Hashable {
    public struct File: Codable, Sendable, Hashable {
        public var name: String
        public var bytes: Int
        public var sha256: String
    }
    public static let fileName = "dataset.json"
    /// The version that this program writes and reads.
    public static let currentVersion = 1

    public var version: Int
    public var name: String
    public var layout: DatasetLayout
    public var kind: DatasetKind
    public var rows: Int
    public var shape: String
    public var files: [File]
    /// The column or array that holds the labels; nil: found by its name.
    public var labelColumn: String?
    public var checksum: String
    public var origin: String
    /// When it was added, ISO 8601.
    public var added: String
}
