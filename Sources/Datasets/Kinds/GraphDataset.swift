/// A graph for node classification: undirected edges without loops or repeats, a class for each node, and what is known of the nodes:
/// sparse features, raw texts, or both.
public struct GraphDataset: Dataset {
    /// Which part of a published split a node belongs to.
    public enum Part: UInt8, Sendable, Equatable {
        case training, validation, test, unused
    }

    public let identifier: String
    public let checksum: String
    /// N, the number of nodes.
    public let count: Int
    /// Neighbours of all nodes in compressed rows.
    public let adjacency: Adjacency
    /// Features of all nodes in compressed rows; no columns when the set has none.
    public private(set) var features: SparseFeatures
    /// The class of each node, -1 where it has none.
    public let labels: [Int]
    /// Class names in label order.
    public let classNames: [String]
    /// The published split, one part a node; empty where there is none.
    public let publicSplit: [Part]
    /// Further published splits (ten for the sets of geom-gcn), each one part a node.
    public let splits: [[Part]]
    /// The raw text of each node; nil where the set has none.
    public let texts: NodeTexts?
    /// What each node is called, such as a package; nil where nodes have numbers only.
    public let names: NodeTexts?
    /// Nodes of one number belong together (packages built from one source) and must not be divided between training, validation and
    /// test; numbers count from 0 without gaps. Empty where every node stands for itself.
    public let groups: [Int32]
    /// A vector a node from elsewhere (`embeddings.npy`); nil where there is none.
    public let embeddings: NodeEmbeddings?
    /// What reading left out or mended, in words, for the Data screen and a run's log.
    public let notes: [String]

    /// Degree of a node, loops never counted.
    public func degree(_ node: Int) -> Int { adjacency.degree(node) }
    public var edgeCount: Int { adjacency.edgeCount }
    /// The same graph for a method that reads features: where there are texts and no features, the words of the texts are the features.
    public func withWordFeatures() -> GraphDataset {
        guard features.width == 0, let texts else { return self }
        var graph = self
        graph.features = texts.wordFeatures()
        return graph
    }

    /// - Throws: `DatasetError` when the lengths do not fit together or a label is no class.
    public init(identifier: String, checksum: String, adjacency: Adjacency, features: SparseFeatures, labels: [Int], classNames: [String],
                publicSplit: [Part] = [], splits: [[Part]] = [], texts: NodeTexts? = nil, names: NodeTexts? = nil, groups: [Int32] = [],
                embeddings: NodeEmbeddings? = nil, notes: [String] = [], file: String = "") throws {
        let file = file.isEmpty ? identifier : file
        let count = adjacency.count
        guard count > 0 else { throw DatasetError(file: file, "has no nodes; give a graph with at least one") }
        guard labels.count == count, features.count == count, publicSplit.isEmpty || publicSplit.count == count,
              splits.allSatisfy({ $0.count == count }) else {
            throw DatasetError(file: file, "has \(count) nodes, \(labels.count) labels and \(features.count) rows of features; give one of each a node")
        }
        for (what, length) in [("texts", texts?.count), ("names", names?.count), ("groups", groups.isEmpty ? nil : groups.count), ("embeddings", embeddings?.count)] {
            if let length, length != count {
                throw DatasetError(file: file, "has \(grouped(length)) \(what) for \(grouped(count)) nodes; give one a node")
            }
        }
        if let bad = labels.firstIndex(where: { $0 < -1 || $0 >= classNames.count }) {
            throw DatasetError(file: file, place: "node \(bad)", "has label \(labels[bad]), outside -1 ... \(classNames.count - 1); mend the label")
        }
        self.identifier = identifier
        self.checksum = checksum
        self.count = count
        self.adjacency = adjacency
        self.features = features
        self.labels = labels
        self.classNames = classNames
        self.publicSplit = publicSplit
        self.splits = splits
        self.texts = texts
        self.names = names
        self.groups = groups
        self.embeddings = embeddings
        self.notes = notes + adjacency.notes + Self.notes(of: texts)
    }

    public var memoryBytes: Int {
        adjacency.memoryBytes + 8 * (features.starts.count + count) + 8 * features.indices.count
            + (publicSplit.isEmpty ? 0 : count) + splits.count * count + [texts, names].reduce(0) { $0 + ($1.map { $0.bytesHeld + 8 * $0.starts.count } ?? 0) }
            + 4 * groups.count + 4 * (embeddings?.values.count ?? 0)
    }

    private static func notes(of texts: NodeTexts?) -> [String] {
        guard let (empty, repeated) = texts?.emptyAndRepeated() else { return [] }
        return (empty > 0 ? ["\(grouped(empty)) texts are empty"] : []) + (repeated > 0 ? ["\(grouped(repeated)) texts repeat an earlier one"] : [])
    }

    public func preview() -> DatasetPreview {
        var preview = DatasetPreview()
        let degrees = (0..<count).map(self.degree)
        let largest = degrees.max() ?? 0
        func percent(_ share: Double) -> String { "\(shortNumber((share * 1000).rounded() / 10)) %" }
        let unlabelled = labels.count { $0 < 0 }
        let classes = "\(classNames.count)" + (unlabelled > 0 ? ", \(grouped(unlabelled)) nodes without label" : "")
        let degree = "mean \(shortNumber((200 * Double(edgeCount) / Double(count)).rounded() / 100)), largest \(grouped(largest))"
        var agreement = homophily.map { "\(percent($0)) by node" } ?? "n/a"
        if let edgeHomophily { agreement += ", \(percent(edgeHomophily)) by edge" }
        let splitNames = [publicSplit.isEmpty ? nil : "public", splits.isEmpty ? nil : "\(splits.count) more"].compactMap { $0 }
        preview.facts = [
            .init("nodes", grouped(count)),
            .init("edges", grouped(edgeCount)),
            .init("features", features.width == 0 ? "none" : "\(grouped(features.width)), \(grouped(features.indices.count)) not zero"),
            .init("classes", classes),
            .init("degree", degree),
            .init("isolated nodes", grouped(degrees.count { $0 == 0 })),
            .init("homophily", agreement),
            .init("texts", textFact),
            .init("groups", groups.isEmpty ? "" : "\(grouped(Int(groups.max() ?? -1) + 1)), kept together in a split"),
            .init("embeddings", embeddings.map { "\(grouped($0.count)) x \($0.width)" } ?? ""),
            .init("splits", splitNames.joined(separator: ", ")),
        ].filter { !$0.value.isEmpty }
        preview.facts += notes.map { .init("note", $0) }
        preview.facts.append(.init("checksum", checksum))
        var counts = [Int](repeating: 0, count: classNames.count)
        for label in labels where label >= 0 { counts[label] += 1 }
        preview.classes = zip(classNames, counts).map { .init(name: $0, count: $1) }
        // Longer tails than this are a column of ones and zeros that no screen shows.
        preview.degreeHistogram = [Int](repeating: 0, count: min(largest, 4096) + 1)
        for degree in degrees where degree <= 4096 { preview.degreeHistogram[degree] += 1 }
        sketch(into: &preview)
        if texts != nil { sampleTexts(into: &preview) }
        return preview
    }

    private var textFact: String {
        guard let texts else { return "" }
        let words = (0..<count).reduce(0) { $0 + texts.wordCount(of: $1) }
        return "mean \(shortNumber((10 * Double(words) / Double(count)).rounded() / 10)) words, \(grouped(texts.byteCount)) bytes in all"
    }

    /// Some nodes from the whole range with the beginning of their texts; no control character of a file reaches a screen.
    private func sampleTexts(into preview: inout DatasetPreview, rows: Int = 10, characters: Int = 240) {
        guard let texts else { return }
        preview.columns = (["node"] + (names == nil ? [] : ["name"]) + ["class", "degree", "text"]).map { DatasetPreview.Column(name: $0) }
        let shown = min(rows, count)
        for row in 0..<shown {
            let node = row * count / shown
            // Four bytes hold any character; what a cut splits is left out.
            let beginning = String(decoding: texts.bytes(of: node).prefix(4 * characters), as: UTF8.self)
            preview.rows.append([String(node)] + (names.map { [harmless($0[node])] } ?? [])
                + [labels[node] < 0 ? "none" : harmless(classNames[labels[node]]), String(degree(node)), harmless(String(beginning.prefix(characters)))])
        }
    }

    /// The part of the graph around its best connected node, small enough to draw.
    private func sketch(into preview: inout DatasetPreview, nodes limit: Int = 300) {
        guard let root = (0..<count).max(by: { (degree($0), -$0) < (degree($1), -$1) }) else { return }
        var place = [root: 0], order = [root], next = 0
        while next < order.count, order.count < limit {
            for neighbour in adjacency.neighbours(of: order[next]).prefix(24) where place[Int(neighbour)] == nil && order.count < limit {
                place[Int(neighbour)] = order.count
                order.append(Int(neighbour))
            }
            next += 1
        }
        preview.nodeCount = order.count
        for (a, node) in order.enumerated() {
            for neighbour in adjacency.neighbours(of: node) {
                if let b = place[Int(neighbour)], a < b { preview.edges.append([a, b]) }
                if preview.edges.count >= 2000 { return }
            }
        }
    }

    /// Edge agreement by node, β: the mean, over nodes with a label and a neighbour, of the share of neighbours that have the node's
    /// label; a neighbour without a label agrees with none. nil where no node has both.
    public var homophily: Double? {
        var sum = 0.0, counted = 0
        for node in 0..<count where labels[node] >= 0 {
            let all = adjacency.neighbours(of: node)
            guard !all.isEmpty else { continue }
            sum += Double(all.count { labels[Int($0)] == labels[node] }) / Double(all.count)
            counted += 1
        }
        return counted > 0 ? sum / Double(counted) : nil
    }

    /// The share of edges between labelled nodes that join two of the same class. nil where there is no such edge.
    public var edgeHomophily: Double? {
        var same = 0, counted = 0
        for node in 0..<count where labels[node] >= 0 {
            for neighbour in adjacency.neighbours(of: node) where labels[Int(neighbour)] >= 0 {
                counted += 1
                if labels[Int(neighbour)] == labels[node] { same += 1 }
            }
        }
        return counted > 0 ? Double(same) / Double(counted) : nil
    }
}
