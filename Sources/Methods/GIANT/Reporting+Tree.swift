import Experiments
import Foundation
import Tensors

/// The label tree and single nodes, for the inspectors.
extension Trainer {
    /// Of each level at most so many clusters are listed.
    private static let shownClusters = 4096
    private static let inspected = 60

    /// Clusters in the order of a walk down the tree, and their classes and children as details.
    func reportTree() throws {
        let chain = try chain("codes/GIANT"), graph = graph, levels = chain.levels.count
        var items: [[Cell]] = [], details: [[Cell]] = []
        var members = [[[Int]]](repeating: [], count: levels)
        for level in 0..<levels {
            members[level] = [[Int]](repeating: [], count: chain.levels[level])
            for node in 0..<graph.count { members[level][Int(chain.cluster(of: node, at: level))].append(node) }
        }
        func name(_ level: Int, _ cluster: Int) -> String { String(repeating: "  ", count: level) + (level == levels - 1 ? "leaf " : "") + "\(level + 1).\(cluster)" }
        func classes(_ nodes: [Int]) -> [(label: Int, count: Int)] {
            var counts = [Int](repeating: 0, count: material.classes)
            for node in nodes where graph.labels[node] >= 0 { counts[graph.labels[node]] += 1 }
            return counts.enumerated().filter { $0.element > 0 }.sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }.map { ($0.offset, $0.element) }
        }
        func walk(_ level: Int, _ cluster: Int) {
            guard items.count < Self.shownClusters else { return }
            let nodes = members[level][cluster], histogram = classes(nodes), labelled = histogram.reduce(0) { $0 + $1.count }
            let title = name(level, cluster)
            let purity = histogram.first.map { 100 * Double($0.count) / Double(max(1, labelled)) }
            let terms = self.terms(nodes)
            items.append([.text(title), .number(Double(nodes.count)), purity.map { .number($0) } ?? .empty, .text(histogram.first.map { graph.classNames[$0.label] } ?? "none"), .text(terms.joined(separator: ", "))])
            for term in terms { details.append([.text(title), .text("term"), .text(term), .empty, .empty]) }
            for entry in histogram.prefix(8) { details.append([.text(title), .text("class"), .text(graph.classNames[entry.label]), .number(Double(entry.count)), .number(100 * Double(entry.count) / Double(labelled))]) }
            guard level + 1 < levels else {
                for node in nodes.prefix(16) { details.append([.text(title), .text("node"), .text(nodeName(node)), .number(Double(graph.degree(node))), .empty]) }
                return
            }
            for child in chain.children(of: Int32(cluster), at: level) { walk(level + 1, Int(child)) }
        }
        for cluster in 0..<chain.levels[0] { walk(0, cluster) }
        context.emit(.table(.init(name: "cluster tree", columns: [.init("cluster"), .init("labels", digits: 0), .init("purity", unit: "%", digits: 0), .init("largest class"), .init("top terms")], rows: items)))
        context.emit(.table(.init(name: "cluster members", columns: [.init("cluster"), .init("what"), .init("name"), .init("count or degree", digits: 0), .init("share", unit: "%", digits: 0)], rows: details)))
    }

    /// The terms with the largest TF-IDF sum over nodes.
    private func terms(_ nodes: [Int], count: Int = 6) -> [String] {
        guard let text = material.text else { return [] }
        var sums: [Int32: Float] = [:]
        for node in nodes.prefix(512) { for entry in material.features.row(node) { sums[entry.column, default: 0] += entry.value } }
        return sums.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(count).map { text.term(Int($0.key)) }
    }

    func nodeName(_ node: Int) -> String { graph.names.map { "\(node) \($0[node])" } ?? "\(node)" }

    /// A sample of nodes with text, true neighbours, predicted neighbours and the nearest nodes before and after training.
    func reportInspector() throws {
        let chain = try chain("codes/GIANT"), after = try state.vectors("GIANT", nodes: graph.count).unitRows()
        let before = state.has("vectors/untrained") ? try state.vectors("untrained", nodes: graph.count).unitRows() : nil
        let kept = try state.levels(chain, width: settings.width, rows: material.rows.count, predicted: settings.training.matcherCount, prefix: "kept head")
        let heads = kept.heads.map { LevelHeads<Float>(weights: $0.weights, biases: $0.biases) }
        let leaves = chain.members(), beam = BeamSearch(width: settings.training.matcherCount, postProcessor: settings.training.postProcessor)
        var random = context.random.stream("inspector")
        let nodes = random.permutation(graph.count).prefix(Self.inspected).sorted()
        let rows = nodes.map { Int32($0) }, raw = try state.vectors("GIANT", nodes: graph.count).tensor.gathered(rows)
        let nearAfter = try Self.nearest(after, rows), nearBefore = try before.map { try Self.nearest($0, rows) }
        let clusters = heads.count == chain.levels.count ? try LevelTraining.search(raw, heads, chain, beam) : []
        var items: [[Cell]] = [], details: [[Cell]] = []
        for (place, node) in nodes.enumerated() {
            try context.proceed()
            let truth = Set(graph.adjacency.neighbours(of: node).map(Int.init)), title = nodeName(node)
            // Members of the beam's leaves, those nearest to the node first.
            let candidates = place < clusters.count ? clusters[place].flatMap { kept in leaves[Int(kept.cluster)].map { (label: Int($0), value: kept.value) } } : []
            let predicted = candidates.filter { $0.label != node }.map { (label: $0.label, value: Double($0.value) * (1 + after.cosine(node, $0.label)) / 2) }
                .sorted { ($1.value, $0.label) < ($0.value, $1.label) }.prefix(10)
            let hits = predicted.count { truth.contains($0.label) }
            let text = graph.texts.map { String($0[node].prefix(160)) } ?? ""
            items.append([.text(title), .text(className(node)), .number(Double(truth.count)), .text("\(hits) of \(predicted.count)"), .text(text)])
            // A narrow screen shows no column of texts, so the beginning stands below as well.
            for line in Self.lines(text, width: 26).prefix(6) { details.append([.text(title), .text("text"), .text(line), .empty, .empty, .empty]) }
            for neighbour in truth.sorted().prefix(10) { details.append(row(title, "neighbour", neighbour, nil, "")) }
            for one in predicted { details.append(row(title, "predicted", one.label, after.cosine(node, one.label), truth.contains(one.label) ? "hit" : "–")) }
            for (what, found) in [("near before", nearBefore), ("near after", nearAfter)] {
                for near in found?[place] ?? [] { details.append(row(title, what, near.node, near.cosine, truth.contains(near.node) ? "neighbour" : "")) }
            }
        }
        context.emit(.table(.init(name: "nodes", columns: [.init("node"), .init("class"), .init("degree", digits: 0), .init("predicted"), .init("text")], rows: items)))
        context.emit(.table(.init(name: "node relations", columns: [.init("node"), .init("what"), .init("other"), .init("class"), .init("cosine", digits: 2), .init("hit")], rows: details)))
    }

    /// A text in lines of whole words.
    private static func lines(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + word.count < width { lines[lines.count - 1] = last + " " + word } else { lines.append(String(word)) }
        }
        return lines
    }

    private func className(_ node: Int) -> String { graph.labels[node] < 0 ? "none" : graph.classNames[graph.labels[node]] }

    private func row(_ title: String, _ what: String, _ other: Int, _ score: Double?, _ hit: String) -> [Cell] {
        [.text(title), .text(what), .text(nodeName(other)), .text(className(other)), score.map { .number($0) } ?? .empty, .text(hit)]
    }

    /// The five nodes of largest cosine for each of `rows`, among all nodes.
    private static func nearest(_ vectors: NodeVectors, _ rows: [Int32]) throws -> [[(node: Int, cosine: Double)]] {
        let all = vectors.tensor, cosines = try all.gathered(rows).matmul(all, transposeOther: true)
        let ranked = ClusterRecall.ranked(cosines, 6)
        return cosines.withScalars { values in
            zip(rows.indices, ranked).map { place, nodes in
                nodes.filter { $0 != rows[place] }.prefix(5).map { (Int($0), Double(values[place * vectors.count + Int($0)])) }
            }
        }
    }
}
