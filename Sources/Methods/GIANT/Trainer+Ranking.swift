import Datasets
import Experiments
import Tensors

/// How well held-out neighbours are found among all nodes: P@k and R@k of section 2.6.
extension Trainer {
    private static let rankedRows = 2000
    private static let depths = [1, 5, 10]

    /// Ranks all nodes for rows with held-out edges by two ways: the trained heads down the tree and then the cosine inside the leaves; and XR-Linear. A row's training
    /// neighbours and itself are not asked for.
    mutating func rankHeldOut() throws {
        guard !material.heldOut.isEmpty else { context.note("No edge is held out, so precision and recall of neighbours are not measured; parameter held-out takes some out."); return }
        let isInstance = material.isTraining
        var asked = material.heldOut.keys.filter { isInstance[Int($0)] }.sorted(), random = context.random.stream("ranked rows")
        if asked.count > Self.rankedRows { asked = random.permutation(asked.count).prefix(Self.rankedRows).map { asked[$0] }.sorted() }
        let positives = asked.map { Set(material.heldOut[$0] ?? []) }
        let known = asked.map { row in Set(material.edges.neighbours(of: Int(row))).union([row]) }
        let vectors = try state.vectors("GIANT", nodes: graph.count)

        var found: [(name: String, ranked: [[Int32]])] = []
        if let ranked = try rankedByHeads(asked, known, vectors) { found.append(("heads and cosine", ranked)) }
        var options = LinearRanker.Options()
        (options.maximumLeaf, options.splits, options.minimumCodes) = (settings.maximumLeaf, settings.splits, settings.minimumCodes)
        options.postProcessor = settings.training.postProcessor
        let features = LinearRanker.features(material.features, vectors)
        let ranker = try LinearRanker(features, over: material.edges, rows: material.rows, options: options, random: context.random.stream("ranker")) { done, total in
            try context.proceed()
            if done % 64 == 0 { context.progress(Double(done), of: Double(total), unit: "machines") }
        }
        found.append(("XR-Linear", try zip(asked, known).map { row, known in
            try context.proceed()
            return ranker.best(row, of: features, keeping: Self.depths.max() ?? 10, excluding: known).map(\.cluster)
        }))
        let rows = found.map { name, ranked -> [Cell] in
            [.text(name)] + Self.depths.flatMap { k -> [Cell] in
                let precision = 100 * (ClusterRecall.precision(ranked, positives, at: k) ?? 0), recall = 100 * (ClusterRecall.recall(ranked, positives, at: k) ?? 0)
                state.results.append(.init(name: "held-out precision at \(k)", arm: name, unit: "%", value: precision, better: .higher))
                state.results.append(.init(name: "held-out recall at \(k)", arm: name, unit: "%", value: recall, better: .higher))
                return [.number(precision), .number(recall)]
            }
        }
        // A random order finds k of the other nodes' share.
        let guess = Self.depths.flatMap { k -> [Cell] in
            let size = positives.reduce(0.0) { $0 + Double($1.count) } / Double(max(1, positives.count)), others = Double(max(1, graph.count - 1))
            return [.number(100 * size / others), .number(100 * Double(k) / others)]
        }
        context.emit(.table(.init(name: "held-out neighbours", columns: [.init("ranker")] + Self.depths.flatMap { k in
            [.init("P@\(k)", unit: "%", digits: 2, better: .higher), .init("R@\(k)", unit: "%", digits: 2, better: .higher)]
        }, rows: rows + [[.text("random guess")] + guess])))
    }

    /// nil where the leaves have no heads of their own.
    private func rankedByHeads(_ asked: [Int32], _ known: [Set<Int32>], _ vectors: NodeVectors) throws -> [[Int32]]? {
        let chain = try chain("codes/GIANT")
        let kept = try state.levels(chain, width: settings.width, rows: material.rows.count, predicted: settings.training.matcherCount, prefix: "kept head")
        guard kept.heads.count == chain.levels.count else { return nil }
        let heads = kept.heads.map { LevelHeads<Float>(weights: $0.weights, biases: $0.biases) }, leaves = chain.members(), unit = vectors.unitRows()
        let beam = BeamSearch(width: LinearRanker.Options().beam, postProcessor: settings.training.postProcessor)
        var ranked: [[Int32]] = []
        for start in stride(from: 0, to: asked.count, by: 256) {
            try context.proceed()
            let part = start..<min(asked.count, start + 256)
            let found = try LevelTraining.search(vectors.tensor.gathered(Array(asked[part])), heads, chain, beam)
            for (place, clusters) in zip(part, found) {
                let candidates = clusters.flatMap { leaf in
                    leaves[Int(leaf.cluster)].filter { !known[place].contains($0) }.map { label in
                        BeamSearch.Kept(cluster: label, value: leaf.value * Float(1 + unit.cosine(Int(asked[place]), Int(label))) / 2)
                    }
                }
                ranked.append(beam.best(candidates, Self.depths.max() ?? 10).map(\.cluster))
            }
        }
        return ranked
    }
}
