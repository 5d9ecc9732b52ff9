import Experiments
import Tensors

/// The link-prediction variant (section 4): the outputs of two nodes score the edge between them by their inner product.
extension Trainer {
    /// Edges of a step, which bounds its memory: each has its unjoined pairs beside it.
    private var edgeBatch: Int { max(1, min(4096, 8_000_000 / (settings.negatives * material.outputs))) }

    /// Binary cross-entropy of a step: the mean over some seen edges, plus that over pairs of their first ends with nodes drawn at random.
    /// - Parameter z: one row a node.
    func linkLoss(_ z: Tensor<Float>, _ links: LinkSplit, _ random: RandomSource) throws -> Tensor<Float> {
        var random = random.stream("edges")
        let isWhole = links.edges.count <= edgeBatch
        let drawn = isWhole ? links.edges : (0..<edgeBatch).map { _ in links.edges[random.integer(below: links.edges.count)] }
        let edges = drawn.map { random.next() & 1 == 0 ? $0 : ($0.1, $0.0) }, beside = settings.negatives
        let others = (0..<edges.count * beside).map { _ in links.taught[random.integer(below: links.taught.count)] }
        let own = try z.gathered(edges.map(\.0))
        let joined = try (own * z.gathered(edges.map(\.1))).sum(axes: [1])
        let apart = try (own.expandingAxis(at: 1) * z.gathered(others).reshaped(edges.count, beside, z.shape[1])).sum(axes: [2])
        // Without targets binary cross-entropy is softplus of the negated and of the plain score.
        return try joined.scaled(by: -1).softplus().mean() + apart.softplus().mean()
    }

    /// MRR on the held-out edges.
    func linkValidation(_ z: Tensor<Float>, _ links: LinkSplit) -> Validation {
        Validation(score: LinkRanking.meanReciprocalRank(z.withScalars { Array($0) }, width: z.shape[1], links.validation), loss: 0)
    }

    /// Ranks while a model trains, every fifth epoch.
    func reportRanks(_ model: String, _ epoch: Int, _ z: Tensor<Float>, _ links: LinkSplit) {
        guard epoch == 1 || epoch % 5 == 0 else { return }
        let rows = z.withScalars { Array($0) }, width = z.shape[1]
        context.metric("isolation MRR/\(model)", step: Double(epoch), value: LinkRanking.meanReciprocalRank(rows, width: width, links.isolation), unit: "%")
        context.metric("connected MRR/\(model)", step: Double(epoch), value: LinkRanking.meanReciprocalRank(rows, width: width, links.connected), unit: "%")
    }

    /// An MLP on features and dense columns beside them, taught by the seen edges.
    mutating func trainLinkPerceptron(_ name: String, dense: [Tensor<Float>], _ links: LinkSplit) throws {
        var random = context.random.stream("\(name) start")
        let inputs = try material.inputs.adding(dense)
        let network = MultilayerPerceptron<Float>(inputs: (inputs.sparse.columns, inputs.dense?.shape[1] ?? 0), hidden: [settings.studentWidth], outputs: material.outputs, random: &random)
        let stage = name == "student" ? "ξ₂" : name
        _ = try fit(stage, network.parameters, settings.plan, reported: ("loss/\(stage)", "nats")) { _, random in
            try linkLoss(network(inputs, dropout: settings.studentDropout, random: random), links, random)
        } validate: { epoch in
            let z = try network(inputs)
            reportRanks(name, epoch, z, links)
            return linkValidation(z, links)
        }
        state.logits[name] = try network(inputs).withScalars { Array($0) }
    }

    /// Features alone, each node's scaled to length 1: what no training adds to.
    private func featureRanks(_ questions: [LinkSplit.Question]) -> Double {
        let x = material.inputs.sparse
        func row(_ node: Int) -> Range<Int> { Int(x.starts[node])..<Int(x.starts[node + 1]) }
        let lengths = (0..<x.rows).map { node in max(x.values[row(node)].reduce(0) { $0 + $1 * $1 }.squareRoot(), .leastNormalMagnitude) }
        let ranks = questions.map { question -> Double in
            let own = Dictionary(zip(x.indices[row(question.node)], x.values[row(question.node)])) { $0 + $1 }
            func likeness(_ other: Int) -> Float { row(other).reduce(0) { $0 + (own[x.indices[$1]] ?? 0) * x.values[$1] } / lengths[other] }
            let found = likeness(question.neighbour), others = question.others.map(likeness)
            return 1 / (1 + Double(others.count { $0 > found }) + Double(others.count { $0 == found }) / 2)
        }
        return 100 * ranks.reduce(0, +) / Double(max(1, ranks.count))
    }

    /// MRR by model on removed edges and on held-out ones, and the results.
    mutating func reportLinks(_ models: [String], _ links: LinkSplit) {
        let reference = "MLP 256", untrained = "features alone"
        var found: [(model: String, isolation: Double, connected: Double)] = models.compactMap { model in
            guard let rows = state.logits[model] else { return nil }
            func rank(_ questions: [LinkSplit.Question]) -> Double { LinkRanking.meanReciprocalRank(rows, width: material.outputs, questions) }
            return (model, rank(links.isolation), rank(links.connected))
        }
        found.append((untrained, featureRanks(links.isolation), featureRanks(links.connected)))
        let base = found.first { $0.model == reference }?.isolation
        let table = found.map { row -> [Cell] in
            [.text(row.model), .number(row.isolation), .number(row.connected), row.model == reference ? .empty : base.map { .number(row.isolation - $0) } ?? .empty]
        }
        context.emit(.table(.init(name: "link ranking", columns: [.init("model"), .init("isolation MRR", unit: "%", digits: 1, better: .higher),
                                                                  .init("connected MRR", unit: "%", digits: 1, better: .higher), .init("over MLP", unit: "points", digits: 1)], rows: table)))
        let results = found.flatMap { row -> [RunEvent.Result] in
            let baseline = row.model == "teacher" ? "GCN" : row.model == reference || row.model == "GCN" || row.model == untrained ? nil : reference
            return [.init(name: "isolation MRR", arm: row.model, unit: "%", value: row.isolation, better: .higher, baseline: baseline),
                    .init(name: "connected MRR", arm: row.model, unit: "%", value: row.connected, better: .higher, baseline: baseline)]
        }
        state.results = results.filter { $0.arm == "student" } + results.filter { $0.arm != "student" } + state.results
        let chance = 100 * (1...settings.negatives + 1).reduce(0.0) { $0 + 1 / Double($1) } / Double(settings.negatives + 1)
        context.note("The neighbours of isolated nodes, \(links.isolation.count) in all, are ranked among \(settings.negatives) nodes each that are not joined to the isolated one; chance would give an MRR of \(Self.short(chance)) %.")
        guard let own = found.first(where: { $0.model == "student" }) else { return }
        let better = found.filter { $0.model != "student" && $0.isolation >= own.isolation }.map(\.model)
        if !better.isEmpty { context.note("On removed edges the student does not beat \(better.joined(separator: ", ")) with this seed.") }
    }

    private static func short(_ value: Double) -> String { String(Double((10 * value).rounded()) / 10) }
}
