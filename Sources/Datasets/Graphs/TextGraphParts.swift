/// A graph with texts on its way from a published form to a data set: what the readers of Debian's and WordNet's files find.
struct TextGraphParts {
    var texts = NodeTexts([])
    var names: [String] = []
    var labels: [Int] = []
    var classNames: [String] = []
    /// A word a node for what it belongs to; empty where every node stands for itself.
    var groups: [String] = []
    var from: [Int32] = [], to: [Int32] = []
    /// What was left out or resolved, in words.
    var notes: [String] = []

    /// The parts as a data set.
    func dataset(identifier: String, checksum: String, file: String) throws -> GraphDataset {
        var numbers: [String: Int32] = [:]
        let groupNumbers = groups.map { group in
            let number = numbers[group] ?? Int32(truncatingIfNeeded: numbers.count)
            numbers[group] = number
            return number
        }
        return try GraphDataset(identifier: identifier, checksum: checksum, adjacency: Adjacency(count: names.count, from: from, to: to),
                                features: SparseFeatures(none: names.count), labels: labels, classNames: classNames, texts: texts,
                                names: NodeTexts(names), groups: groupNumbers, notes: notes, file: file)
    }

    /// The parts as the files of the plain graph layout, each edge once.
    func packed() -> [(name: String, bytes: [UInt8])] {
        var nodes = Array((notes.map { "# note: \($0)\n" }.joined() + "# id\tlabel\tname\(groups.isEmpty ? "" : "\tgroup")\n").utf8)
        for node in names.indices {
            nodes.append(contentsOf: "\(node)\t\(labels[node])\t\(names[node])\(groups.isEmpty ? "" : "\t\(groups[node])")\n".utf8)
        }
        let adjacency = Adjacency(count: names.count, from: from, to: to)
        var edges = Array("# src\tdst\n".utf8)
        edges.reserveCapacity(14 * adjacency.edgeCount)
        for node in names.indices {
            for neighbour in adjacency.neighbours(of: node) where Int(neighbour) > node { edges.append(contentsOf: "\(node)\t\(neighbour)\n".utf8) }
        }
        var text: [UInt8] = []
        text.reserveCapacity(texts.byteCount + texts.count)
        for node in names.indices {
            text.append(contentsOf: texts.bytes(of: node))
            text.append(0x0A)
        }
        return [("nodes.tsv", nodes), ("edges.tsv", edges), ("text.txt", text), ("classes.txt", Array((classNames.joined(separator: "\n") + "\n").utf8))]
    }

    /// The part of the graph that `nodes`, in rising order, span.
    func restricted(to nodes: [Int]) -> TextGraphParts {
        var place = [Int32](repeating: -1, count: names.count)
        var result = TextGraphParts(classNames: classNames, notes: notes)
        var builder = NodeTexts.Builder()
        for (number, node) in nodes.enumerated() {
            place[node] = Int32(truncatingIfNeeded: number)
            builder.append(texts.bytes(of: node))
            result.names.append(names[node])
            result.labels.append(labels[node])
            if !groups.isEmpty { result.groups.append(groups[node]) }
        }
        result.texts = builder.finish()
        for (a, b) in zip(from, to) where place[Int(a)] >= 0 && place[Int(b)] >= 0 {
            result.from.append(place[Int(a)])
            result.to.append(place[Int(b)])
        }
        return result
    }

    /// The nodes of the largest connected part, in rising order; of equals, the part with the lowest node.
    func largestComponent() -> [Int] {
        var parent = Array(0..<names.count)
        func root(_ node: Int) -> Int {
            var node = node
            while parent[node] != node {
                parent[node] = parent[parent[node]]
                node = parent[node]
            }
            return node
        }
        for (a, b) in zip(from, to) {
            let first = root(Int(a)), second = root(Int(b))
            // The lowest node of a part is its root.
            if first != second { parent[max(first, second)] = min(first, second) }
        }
        var sizes = [Int](repeating: 0, count: names.count)
        for node in 0..<names.count { sizes[root(node)] += 1 }
        guard let largest = sizes.indices.max(by: { (sizes[$0], -$0) < (sizes[$1], -$1) }) else { return [] }
        return (0..<names.count).filter { root($0) == largest }
    }
}
