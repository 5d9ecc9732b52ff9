import Datasets
import Experiments
import Foundation
import Tensors

/// The stages that read edges.
extension Trainer {
    /// What the outputs of all nodes are taught: the classes of the training nodes, or the seen edges.
    private func objective(_ outputs: Tensor<Float>, _ random: RandomSource) throws -> Tensor<Float> {
        if let links = material.links { return try linkLoss(outputs, links, random) }
        return try outputs.crossEntropy(targets(material.training))
    }

    private func reportProgress(_ model: String, _ epoch: Int, _ outputs: Tensor<Float>) {
        if let links = material.links { reportRanks(model, epoch, outputs, links) } else { reportEpoch(model, epoch) { outputs } }
    }

    private var widths: [Int] { [material.inputs.sparse.columns] + [Int](repeating: settings.width, count: settings.layers - 1) + [material.outputs] }

    /// Trains one graph network; keeps its logits and hands over its validation and what it gives in evaluation.
    @discardableResult
    mutating func trainNetwork(_ name: String, hasEmbedding: Bool, eta: Double = 0,
                               _ propagation: SparseMatrix<Float>) throws -> (validation: Validation, pass: StructuralGraphNetwork<Float>.Pass) {
        var random = context.random.stream("\(name) start")
        let network = StructuralGraphNetwork<Float>(nodes: material.graph.count, widths: widths, switches: hasEmbedding ? settings.switches : (false, false, false),
                                                    embeddingDeviation: settings.embeddingDeviation, backbone: settings.backbone, random: &random)
        let features = material.inputs.sparse
        let best = try fit(name, network.parameters, settings.plan, reported: nil) { epoch, random in
            let loss = try objective(network(features, propagation, dropout: settings.dropout, random: random).logits, random)
            context.metric("loss/\(name)", step: Double(epoch), value: Double(loss.scalar), unit: "nats")
            guard eta > 0, let penalty = try network.penalty(settings.penalty) else { return loss }
            context.metric("penalty/\(name)", step: Double(epoch), value: eta * Double(penalty.scalar), unit: "nats")
            return try loss + penalty.scaled(by: eta)
        } validate: { epoch in
            let logits = try network(features, propagation).logits
            if propagation === material.propagation { reportProgress(name, epoch, logits) }
            return try validation(logits)
        }
        let pass = try network(features, propagation)
        state.logits[name] = pass.logits.withScalars { Array($0) }
        if hasEmbedding { try warnOfIsolatedEmbeddings(network) }
        return (best, pass)
    }

    /// No label reaches the embedding of an isolated node: it keeps its random start unless the penalty pulls it to zero.
    private func warnOfIsolatedEmbeddings(_ network: StructuralGraphNetwork<Float>) throws {
        let rows = material.groups.isolation.map { Int32($0) }
        let pass = try network(material.inputs.sparse, material.propagation)
        var worst: (layer: Int, ratio: Double)?
        for (l, layer) in network.layers.enumerated() {
            guard let embedding = layer.embedding else { continue }
            // An isolated node's row of Ã is 1 at its own place, so ÃXW is V - E there.
            let own = try embedding.value.gathered(rows), rest = try pass.inputs[l].gathered(rows) - own
            let ratio = Double(try own.squared().sum().scalar / max(rest.squared().sum().scalar, .leastNormalMagnitude)).squareRoot()
            if ratio > worst?.ratio ?? 0.1 { worst = (l + 1, ratio) }
        }
        guard let worst else { return }
        context.warning("the structural embedding of isolated nodes, which no label reaches, is still \(String(format: "%.2g", worst.ratio)) times as large in layer \(worst.layer) as "
            + "what their features give (above 0.1 it disturbs them); take a larger eta")
    }

    /// One teacher for each candidate η; validation chooses, never the test.
    mutating func trainTeacher() throws {
        var best: (validation: Validation, pass: StructuralGraphNetwork<Float>.Pass, logits: [Float], eta: Double)?
        for eta in settings.etas {
            let name = settings.etas.count == 1 ? "teacher" : "teacher η \(ParameterValue.real(eta).display)"
            let (validation, pass) = try trainNetwork(name, hasEmbedding: true, eta: eta, material.propagation)
            let logits = state.logits.removeValue(forKey: name) ?? []
            if best.map({ validation.isBetter(than: $0.validation) }) ?? true { best = (validation, pass, logits, eta) }
        }
        guard let best else { return }
        state.logits["teacher"] = best.logits
        state.results.append(.init(name: "η", arm: "teacher", value: best.eta, better: .neither))
        let embeddings = try TeacherEmbeddings(settings.embeddings, of: best.pass, connected: material.connected)
        state.embeddings = embeddings.values
        state.width = embeddings.width
        state.means = embeddings.means
        state.deviation = embeddings.deviation
        state.logitColumns = embeddings.logitColumns
    }

    mutating func trainSAGE() throws {
        var random = context.random.stream("GraphSAGE start")
        let network = GraphSAGE(widths: widths, random: &random)
        let mean = try material.messages.neighbourMean(Float.self), features = material.inputs.sparse
        func evaluate() throws -> Tensor<Float> { try network.logits(features, mean, dropout: 0, random: nil) }
        _ = try fit("GraphSAGE", network.parameters, settings.plan, reported: ("loss/GraphSAGE", "nats")) { _, random in
            try objective(network.logits(features, mean, dropout: settings.dropout, random: random), random)
        } validate: { epoch in
            let logits = try evaluate()
            reportProgress("GraphSAGE", epoch, logits)
            return try validation(logits)
        }
        state.logits["GraphSAGE"] = try evaluate().withScalars { Array($0) }
    }

    /// The graph network on all edges, for the feature-contribution ratio.
    mutating func trainWholeGraph() throws {
        try trainNetwork("GCN, whole graph", hasEmbedding: false, material.graph.adjacency.normalised())
        try propagateLabels("label propagation, whole graph", material.graph.adjacency)
    }

    mutating func propagateLabels(_ name: String, _ adjacency: Adjacency) throws {
        let propagation = try adjacency.normalised(Double.self)
        var best: (accuracy: Double, z: [Float])?
        for alpha in settings.propagation.alphas {
            try context.proceed()
            let z = try LabelPropagation.run(propagation, labels: material.graph.labels, training: material.training, classes: material.classes, alpha: alpha, rounds: settings.propagation.rounds).map { Float($0) }
            let accuracy = accuracy(z, material.validation)
            if accuracy > best?.accuracy ?? -1 { best = (accuracy, z) }
        }
        state.logits[name] = best?.z
    }
}
