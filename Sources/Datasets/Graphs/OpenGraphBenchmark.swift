import Tensors

/// The folder of a node set of the Open Graph Benchmark (Hu et al., NeurIPS 2020) as its archive unpacks it, plain or gzipped:
/// `raw/edge.csv` (two node numbers with a comma, no header), `raw/node-label.csv` (a number a line), perhaps `raw/node-feat.csv` (a row
/// of numbers a node), `split/<scheme>/{train,valid,test}.csv` (a node number a line).
///
/// Texts come from what is laid beside them: `X.all.txt` of GIANT's authors (line i is node i), or `titleabs.tsv` (paper, title, abstract)
/// with `mapping/nodeidx2paperid.csv`. Vectors: `X.all.xrt-emb.npy` or `embeddings.npy`.
enum OpenGraphBenchmark {
    static let edges = "raw/edge.csv", labels = "raw/node-label.csv", features = "raw/node-feat.csv", mapping = "mapping/nodeidx2paperid.csv"
    static let bundleTexts = "X.all.txt", titles = "titleabs.tsv", vectors = ["X.all.xrt-emb.npy", "embeddings.npy"]
    /// Of the splits that archives have, the official one of the set stands first.
    static let schemes = ["time", "sales_ranking"]
    /// Numbers of dense features that are read; a sparse entry takes eight bytes.
    static let featureLimit = 1 << 26

    static func read(_ files: DatasetFiles, identifier: String) throws -> GraphDataset {
        var checksums: [(name: String, checksum: String)] = [], notes: [String] = []
        func open(_ name: String) throws -> DatasetFiles.File {
            let file = try files.read(name)
            checksums.append((name, file.checksum))
            return file
        }
        func optional(_ name: String) throws -> DatasetFiles.File? { files.contains(name) ? try open(name) : nil }
        let labelFile = try open(labels), classes = try readLabels(labelFile)
        let count = classes.count
        guard count > 0 else { throw DatasetError(file: labelFile.name, "lists no nodes; it needs a label a line") }
        let adjacency = try readEdges(open(edges), nodes: count)
        let featureRows = try optional(features).map { try readFeatures($0, nodes: count) } ?? SparseFeatures(none: count)
        var split: [GraphDataset.Part] = []
        if let scheme = schemes.first(where: { files.contains("split/\($0)/train.csv") }) {
            split = [GraphDataset.Part](repeating: .unused, count: count)
            for (name, part) in [("train", GraphDataset.Part.training), ("valid", .validation), ("test", .test)] {
                try take(open("split/\(scheme)/\(name).csv"), part, into: &split)
            }
        } else {
            notes.append("no split/time or split/sales_ranking lies in the folder: the published split is not known")
        }
        var texts: NodeTexts?
        if let file = try optional(bundleTexts) {
            texts = try PlainGraph.readTexts(file, nodes: count)
        } else if files.contains(titles) {
            guard files.contains(mapping) else { throw DatasetError(file: titles, "names papers, and \(mapping) that says which node is which is not there; unpack the whole archive") }
            let papers = try readPapers(open(mapping), nodes: count), found = try readTitles(open(titles), papers: papers, nodes: count)
            texts = found.texts
            if found.missing > 0 { notes.append("\(grouped(found.missing)) of \(grouped(count)) papers have no title in \(titles)") }
        }
        let embeddings = try vectors.first(where: files.contains).map { try PlainGraph.readEmbeddings(open($0), nodes: count) }
        return try GraphDataset(identifier: identifier, checksum: DatasetFiles.checksum(checksums), adjacency: adjacency, features: featureRows, labels: classes,
                                classNames: (0...max(0, classes.max() ?? 0)).map(String.init), publicSplit: split, texts: texts, embeddings: embeddings, notes: notes, file: labelFile.name)
    }

    /// A class a line; `nan` and -1 say that there is none.
    private static func readLabels(_ file: DatasetFiles.File) throws -> [Int] {
        var lines = TextLines(file), labels: [Int] = []
        while lines.advance() {
            if lines.isBlank { continue }
            guard labels.count < Adjacency.nodeLimit else { throw lines.failure("is beyond the \(grouped(Adjacency.nodeLimit)) nodes that are read; take a part of the graph") }
            guard let value = parseDecimal(lines.bytes, lines.start, lines.end), value.isNaN || value == value.rounded() && value >= -1 && value < 65_536 else {
                throw lines.failure("is no label; give a whole number from 0 to 65535, or nan")
            }
            labels.append(value.isNaN ? -1 : Int(value))
        }
        return labels
    }

    private static func readEdges(_ file: DatasetFiles.File, nodes: Int) throws -> Adjacency {
        var lines = TextLines(file), from: [Int32] = [], to: [Int32] = []
        while lines.advance() {
            if lines.isBlank { continue }
            guard let a = lines.number(), lines.take(UInt8(ascii: ",")), let b = lines.number(), lines.isAtEnd else { throw lines.failure("two node numbers with a comma between them are needed; mend the line") }
            guard a < nodes, b < nodes else { throw lines.failure("node \(max(a, b)) is outside 0 ... \(nodes - 1); \(labels) lists \(grouped(nodes))") }
            guard from.count < Adjacency.edgeLimit else { throw lines.failure("is beyond the \(grouped(Adjacency.edgeLimit)) edges that are read; take a part of the graph") }
            from.append(Int32(truncatingIfNeeded: a))
            to.append(Int32(truncatingIfNeeded: b))
        }
        return Adjacency(count: nodes, from: from, to: to)
    }

    private static func readFeatures(_ file: DatasetFiles.File, nodes: Int) throws -> SparseFeatures {
        var lines = TextLines(file), width: Int?, values: [Float] = [], rows = 0
        while lines.advance() {
            if lines.isBlank { continue }
            let before = values.count
            while !lines.isAtEnd {
                let field = lines.field(separator: UInt8(ascii: ","))
                guard let value = parseDecimal(lines.bytes, field.lowerBound, field.upperBound), value.isFinite, abs(value) <= Double(Float.greatestFiniteMagnitude) else {
                    throw lines.failure("feature \(values.count - before + 1) is no finite number; mend it")
                }
                values.append(Float(value))
            }
            let found = values.count - before
            guard width ?? found == found else { throw lines.failure("has \(found) features where the rows before have \(width ?? 0)") }
            width = found
            guard nodes * found <= featureLimit else { throw lines.failure("\(grouped(nodes)) rows of \(found) features are more than the \(grouped(featureLimit)) numbers that are read; take the file away to use the graph without them") }
            rows += 1
        }
        guard rows == nodes, let width, width > 0 else { throw DatasetError(file: file.name, "has \(grouped(rows)) rows for \(grouped(nodes)) nodes; give one a node") }
        return SparseFeatures(dense: values, width: width)
    }

    private static func take(_ file: DatasetFiles.File, _ part: GraphDataset.Part, into split: inout [GraphDataset.Part]) throws {
        var lines = TextLines(file)
        while lines.advance() {
            if lines.isBlank { continue }
            guard let node = lines.number(), lines.isAtEnd, node < split.count else { throw lines.failure("is no node of 0 ... \(split.count - 1); mend the line") }
            guard split[node] == .unused || split[node] == part else { throw lines.failure("node \(node) is in two parts of the split; list it in one") }
            split[node] = part
        }
    }

    /// The node of each paper, by the paper's number as it is written.
    private static func readPapers(_ file: DatasetFiles.File, nodes: Int) throws -> [ArraySlice<UInt8>: Int] {
        var lines = TextLines(file), papers: [ArraySlice<UInt8>: Int] = [:]
        _ = lines.advance()
        while lines.advance() {
            if lines.isBlank { continue }
            guard let node = lines.number(), lines.take(UInt8(ascii: ",")), node < nodes, !lines.isAtEnd else { throw lines.failure("a node of 0 ... \(nodes - 1), a comma and a paper are needed; mend the line") }
            papers[lines.bytes[lines.position..<lines.end]] = node
        }
        return papers
    }

    /// Title and abstract of each node's paper with a blank between them; papers that are no node are passed over.
    private static func readTitles(_ file: DatasetFiles.File, papers: [ArraySlice<UInt8>: Int], nodes: Int) throws -> (texts: NodeTexts, missing: Int) {
        var lines = TextLines(file), places = [Range<Int>?](repeating: nil, count: nodes)
        while lines.advance() {
            let paper = lines.field()
            guard let node = papers[lines.bytes[paper]] else { continue }
            guard UTF8Span.isValid(lines.bytes[lines.position..<lines.end]) else { throw lines.failure("is not UTF-8; save the file as UTF-8") }
            places[node] = lines.position..<lines.end
        }
        var builder = NodeTexts.Builder()
        for place in places { builder.append(place.map { lines.bytes[$0].map { $0 == 0x09 ? 0x20 : $0 }[...] } ?? []) }
        return (builder.finish(), places.count { $0 == nil })
    }
}
