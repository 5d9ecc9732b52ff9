/// A graph for node classification: undirected edges without loops or repeats, sparse features and a class for each node.
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
    public let features: SparseFeatures
    /// The class of each node, -1 where it has none.
    public let labels: [Int]
    /// Class names in label order.
    public let classNames: [String]
    /// The published split, one part a node; empty where there is none.
    public let publicSplit: [Part]
    /// Further published splits (ten for the sets of geom-gcn), each one part a node.
    public let splits: [[Part]]
    /// What reading left out or mended, in words, for the Data screen and a run's log.
    public let notes: [String]

    /// Degree of a node, loops never counted.
    public func degree(_ node: Int) -> Int { adjacency.neighbours(of: node).count }
    public var edgeCount: Int { adjacency.edgeCount }

    /// - Throws: `DatasetError` when the lengths do not fit together or a label is no class.
    public init(identifier: String, checksum: String, adjacency: Adjacency, features: SparseFeatures, labels: [Int], classNames: [String],
                publicSplit: [Part] = [], splits: [[Part]] = [], notes: [String] = [], file: String = "") throws {
        let file = file.isEmpty ? identifier : file
        let count = adjacency.count
        guard count > 0 else { throw DatasetError(file: file, "has no nodes; give a graph with at least one") }
        guard labels.count == count, features.count == count, publicSplit.isEmpty || publicSplit.count == count,
              splits.allSatisfy({ $0.count == count }) else {
            throw DatasetError(file: file, "has \(count) nodes, \(labels.count) labels and \(features.count) rows of features; give one of each a node")
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
        self.notes = notes + adjacency.notes
    }

    public var memoryBytes: Int {
        4 * adjacency.neighbours.count + 8 * (adjacency.starts.count + features.starts.count + count) + 8 * features.indices.count
            + (publicSplit.isEmpty ? 0 : count) + splits.count * count
    }

    public func preview() -> DatasetPreview {
        var preview = DatasetPreview()
        let degrees = (0..<count).map(degree)
        let largest = degrees.max() ?? 0
        preview.facts = [
            .init("nodes", grouped(count)),
            .init("edges", grouped(edgeCount)),
            .init("features", features.width == 0 ? "none" : "\(grouped(features.width)), \(grouped(features.indices.count)) not zero"),
            .init("classes", "\(classNames.count)" + (labels.contains(-1) ? ", \(grouped(labels.count { $0 < 0 })) nodes without label" : "")),
            .init("degree", "mean \(shortNumber(2 * Double(edgeCount) / Double(count))), largest \(grouped(largest))"),
            .init("isolated nodes", grouped(degrees.count { $0 == 0 })),
            .init("homophily", homophily.map { "\(shortNumber(($0 * 1000).rounded() / 10)) %" } ?? "n/a"),
            .init("splits", [publicSplit.isEmpty ? nil : "public", splits.isEmpty ? nil : "\(splits.count) more"].compactMap { $0 }.joined(separator: ", ")),
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
        return preview
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

    /// Edge agreement by node: the mean, over nodes with a label and a labelled neighbour, of the share of those neighbours that
    /// have the node's label. nil where no node has one.
    public var homophily: Double? {
        var sum = 0.0, counted = 0
        for node in 0..<count where labels[node] >= 0 {
            let known = adjacency.neighbours(of: node).filter { labels[Int($0)] >= 0 }
            guard !known.isEmpty else { continue }
            sum += Double(known.count { labels[Int($0)] == labels[node] }) / Double(known.count)
            counted += 1
        }
        return counted > 0 ? sum / Double(counted) : nil
    }
}
