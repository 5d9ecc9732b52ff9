import Experiments
import Tensors

/// The stages that read features alone: the student's two networks and the MLP baselines.
extension Trainer {
    /// ξ₁: guesses Ē from features; a tenth of its nodes is held out.
    mutating func trainGuess() throws {
        var random = context.random.stream("ξ₁ start")
        let nodes: [Int]
        switch settings.guessNodes {
        case .connected: nodes = material.connected
        case .training: nodes = material.training.filter { !material.isolated.contains($0) }
        }
        guard nodes.count >= 2 else { throw ColdBrewError("parameter guess-nodes: \(nodes.count) training nodes are not isolated, too few for the first network; set it to connected") }
        let order = random.permutation(nodes.count).map { nodes[$0] }
        let heldOut = order.prefix(max(1, order.count / 10)).sorted(), seen = order.dropFirst(heldOut.count).sorted()
        let network = MultilayerPerceptron<Float>(inputs: (material.inputs.sparse.columns, 0), hidden: [settings.studentWidth], outputs: state.width, random: &random)
        let embeddings = try state.rows(\.embeddings, nodes: material.graph.count)
        let seenTargets = try embeddings.gathered(seen.map { Int32($0) }), heldTargets = try embeddings.gathered(heldOut.map { Int32($0) })
        let seenInputs = try material.inputs.rows(seen), heldInputs = try material.inputs.rows(heldOut)
        let variance = max(Double(try heldTargets.variance().scalar), 1e-12)
        let best = try fit("ξ₁", network.parameters, settings.plan, reported: ("guess error/training", "sd²")) { _, random in
            guard let rows = batch(of: seen.count, random) else { return try network(seenInputs, dropout: settings.studentDropout, random: random).meanSquaredError(seenTargets) }
            return try network(seenInputs.rows(rows), dropout: settings.studentDropout, random: random).meanSquaredError(seenTargets.gathered(rows.map { Int32($0) }))
        } validate: { epoch in
            let error = Double(try network(heldInputs).meanSquaredError(heldTargets).scalar)
            context.metric("guess error/held out", step: Double(epoch), value: error, unit: "sd²")
            context.metric("guess error/held out over variance", step: Double(epoch), value: error / variance)
            return Validation(score: -error, loss: error)
        }
        let guesses = try network(material.inputs).withScalars { Array($0) }
        state.guesses = guesses
        if let columns = state.logitColumns {
            state.logits["ξ₁ alone"] = (0..<material.graph.count).flatMap { node in
                columns.map { guesses[node * state.width + $0] * state.deviation + state.means[$0] }
            }
        }
        state.results.append(.init(name: "held-out error ratio", arm: "ξ₁", value: best.loss / variance, better: .lower))
        if best.loss >= variance { context.warning("ξ₁ learnt nothing: its held-out error is the variance of the embedding; the student can be no better than an MLP") }
    }

    /// ξ₁ is frozen from here on: ê, the virtual neighbours and ẽ are computed once.
    mutating func findNeighbours() throws {
        _ = try state.rows(\.guesses, nodes: material.graph.count)
        _ = try state.rows(\.embeddings, nodes: material.graph.count)
        let found = try VirtualNeighbours(guesses: state.guesses, embeddings: state.embeddings, width: state.width, candidates: material.connected,
                                          count: settings.neighbours, proceed: context.proceed)
        state.neighbours = found.nodes
        state.weights = found.weights
        state.mixtures = found.mixtures
    }

    /// ξ₂: classifies from features, ẽ and ê.
    mutating func trainClassifier(_ name: String, usesNeighbours: Bool, usesGuess: Bool) throws {
        let nodes = material.graph.count
        let dense = try (usesNeighbours ? [state.rows(\.mixtures, nodes: nodes)] : []) + (usesGuess ? [state.rows(\.guesses, nodes: nodes)] : [])
        var training = material.training
        if settings.studentNodes == .lowDegree, material.links == nil {
            let low = material.isolated.union(material.groups.tail)
            training = training.filter(low.contains)
            guard !training.isEmpty else { throw ColdBrewError("parameter student-nodes: no training node is in the groups tail and isolation; set it to all") }
        }
        try trainPerceptron(name, hidden: [settings.studentWidth], dense: dense, training: training)
    }

    /// An MLP on features and, where given, dense columns beside them; `distils` adds the teacher's softmax on all connected nodes.
    mutating func trainPerceptron(_ name: String, hidden: [Int], distils: Bool = false, dense: [Tensor<Float>] = [], training: [Int]? = nil) throws {
        if let links = material.links { return try trainLinkPerceptron(name, dense: dense, links) }
        var random = context.random.stream("\(name) start")
        let inputs = try material.inputs.adding(dense), training = training ?? material.training, connected = material.connected
        let network = MultilayerPerceptron<Float>(inputs: (inputs.sparse.columns, inputs.dense?.shape[1] ?? 0), hidden: hidden, outputs: material.classes, random: &random)
        let labels = material.graph.labels
        let trainingInputs = try inputs.rows(training), trainingTargets = training.map { Int32(labels[$0]) }
        let validationInputs = try inputs.rows(material.validation), validationTargets = material.validation.map { Int32(labels[$0]) }
        let teacher = try distils ? Tensor<Float>(shape: [material.graph.count, material.classes], state.logits(of: "teacher")).gathered(connected.map { Int32($0) }).softmax() : nil
        let connectedInputs = try distils ? inputs.rows(connected) : nil
        let stage = name == "student" ? "ξ₂" : name
        _ = try fit(stage, network.parameters, settings.plan, reported: ("loss/\(stage)", "nats")) { _, random in
            let rows = batch(of: training.count, random)
            let loss = try network(rows.map { try trainingInputs.rows($0) } ?? trainingInputs, dropout: settings.studentDropout, random: random)
                .crossEntropy(rows.map { $0.map { trainingTargets[$0] } } ?? trainingTargets)
            guard let connectedInputs, let teacher else { return loss }
            let distil = random.stream("distil"), places = batch(of: connected.count, distil)
            let guess = try network(places.map { try connectedInputs.rows($0) } ?? connectedInputs, dropout: settings.studentDropout, random: distil).logSoftmax()
            return try loss + guess.klDivergence(from: places.map { try teacher.gathered($0.map { Int32($0) }) } ?? teacher)
        } validate: { epoch in
            try reportEpoch(name, epoch) { try network(inputs) }
            let logits = try network(validationInputs)
            let correct = zip(logits.argmax(), validationTargets).count { $0 == Int($1) }
            return Validation(score: 100 * Double(correct) / Double(validationTargets.count), loss: Double(try logits.crossEntropy(validationTargets).scalar))
        }
        state.logits[name] = try network(inputs).withScalars { Array($0) }
    }

    /// Nodes of a step of GraphMLP, whose contrast has a term for each pair.
    private static let contrastBatch = 1500

    mutating func trainGraphMLP() throws {
        var random = context.random.stream("GraphMLP start")
        let features = material.inputs, nodes = material.graph.count
        let network = GraphMLP<Float>(inputs: features.sparse.columns, width: settings.studentWidth, outputs: material.classes, random: &random)
        let power = try PropagationPower(material.propagation, exponent: settings.contrast.hops)
        let trainingInputs = try features.rows(material.training), targets = material.training.map { Int32(material.graph.labels[$0]) }
        // As the official code has it.
        let dropout = 0.6
        _ = try fit("GraphMLP", network.parameters, settings.plan, reported: ("loss/GraphMLP", "nats")) { _, random in
            let loss = try network(trainingInputs, dropout: dropout, random: random).logits.crossEntropy(targets)
            guard settings.contrast.weight > 0 else { return loss }
            let contrast = random.stream("contrast")
            var draw = contrast
            let rows = nodes <= Self.contrastBatch ? Array(0..<nodes) : Array(draw.permutation(nodes).prefix(Self.contrastBatch))
            let z = try network(features.rows(rows), dropout: dropout, random: contrast).z
            guard let terms = try NeighbourContrast.terms(z, strengths: power.block(rows), temperature: settings.contrast.temperature) else { return loss }
            return try loss + terms.mean.scaled(by: settings.contrast.weight)
        } validate: { epoch in
            let logits = try network(features).logits
            reportEpoch("GraphMLP", epoch) { logits }
            return try validation(logits)
        }
        state.logits["GraphMLP"] = try network(features).logits.withScalars { Array($0) }
    }
}
