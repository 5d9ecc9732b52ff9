import Datasets
import Experiments
import Foundation
import Tensors

/// One run: a list of stages over shared material, with a state that a checkpoint keeps after each.
struct Trainer {
    let context: RunContext
    let settings: Settings
    let material: Material
    var state: TrainingState

    struct Stage {
        var name: String
        var run: (inout Trainer) throws -> Void
    }

    static func train(_ context: RunContext) throws {
        let settings = try Settings(context.parameters)
        let material = try Material(context, settings)
        var trainer = Trainer(context: context, settings: settings, material: material,
                              state: try context.restoredState.map(TrainingState.init(decoding:)) ?? TrainingState())
        if trainer.state.finishedStages == 0 { trainer.reportGraph() }
        let stages = stages(settings)
        for (index, stage) in stages.enumerated() where index >= trainer.state.finishedStages {
            context.stage(stage.name, index + 1, of: stages.count)
            try stage.run(&trainer)
            trainer.state.finishedStages = index + 1
            try context.saveCheckpoint(stage.name) { try trainer.state.encoded() }
        }
        context.finish(trainer.state.results)
    }

    private static func stages(_ settings: Settings) -> [Stage] {
        let gcn = Stage(name: "GCN") { try $0.trainNetwork("GCN", hasEmbedding: false, $0.material.propagation) }
        let teacher = Stage(name: "teacher") { try $0.trainTeacher() }
        if settings.task == .depth { return [gcn, teacher, Stage(name: "report") { $0.report(["GCN", "teacher"]) }] }
        let student = [
            Stage(name: "ξ₁") { try $0.trainGuess() }, Stage(name: "neighbours") { try $0.findNeighbours() },
            Stage(name: "ξ₂") { try $0.trainClassifier("student", usesNeighbours: true, usesGuess: $0.settings.usesGuess) },
            Stage(name: "MLP 256") { try $0.trainPerceptron("MLP 256", hidden: [$0.settings.studentWidth], distils: false) },
        ]
        let baselines = [
            Stage(name: "MLP 128") { try $0.trainPerceptron("MLP 128", hidden: [128, 128], distils: false) },
            Stage(name: "distilled MLP") { try $0.trainPerceptron("distilled MLP", hidden: [$0.settings.studentWidth], distils: true) },
            Stage(name: "GraphSAGE") { try $0.trainSAGE() },
            Stage(name: "ê only") { try $0.trainClassifier("student, ê only", usesNeighbours: false, usesGuess: true) },
            Stage(name: "ẽ only") { try $0.trainClassifier("student, ẽ only", usesNeighbours: true, usesGuess: false) },
        ]
        let last = [
            Stage(name: "label propagation") { try $0.propagateLabels("label propagation", $0.material.reduced) },
            Stage(name: "whole graph") { try $0.trainWholeGraph() },
            Stage(name: "report") { trainer in
                let models = ["GCN", "teacher"] + (trainer.settings.baselines ? ["GraphSAGE"] : []) + ["MLP 256"] + (trainer.settings.baselines ? ["MLP 128", "distilled MLP"] : [])
                    + ["ξ₁ alone", "student"] + (trainer.settings.baselines ? ["student, ê only", "student, ẽ only"] : []) + ["label propagation"]
                trainer.report(models)
                trainer.reportContribution()
                trainer.reportNeighbours()
            },
        ]
        return [gcn, teacher] + student + (settings.baselines ? baselines : []) + last
    }

    // MARK: - Graph networks

    /// Accuracy in percent of `logits` on `nodes`; rows are nodes.
    func accuracy(_ logits: [Float], _ nodes: [Int]) -> Double {
        100 * Double(nodes.count { prediction(logits, $0) == material.graph.labels[$0] }) / Double(max(1, nodes.count))
    }

    func prediction(_ logits: [Float], _ node: Int) -> Int {
        let row = logits[node * material.classes..<(node + 1) * material.classes]
        var best = row.startIndex
        for place in row.indices where row[place] > row[best] { best = place }
        return best - row.startIndex
    }

    /// Validation accuracy and cross-entropy of logits of all nodes.
    func validation(_ logits: Tensor<Float>) throws -> Validation {
        let loss = try logits.crossEntropy(targets(material.validation)).scalar
        return Validation(score: accuracy(logits.withScalars { Array($0) }, material.validation), loss: Double(loss))
    }

    /// Labels at `nodes`, -1 (left out) elsewhere.
    func targets(_ nodes: [Int]) -> [Int32] {
        var targets = [Int32](repeating: -1, count: material.graph.count)
        for node in nodes { targets[node] = Int32(material.graph.labels[node]) }
        return targets
    }

    func reportEpoch(_ stage: String, _ epoch: Int, _ logits: [Float]) {
        guard epoch == 1 || epoch % 5 == 0 else { return }
        for group in material.evaluated { context.metric("\(stage) accuracy/\(group.name)", step: Double(epoch), value: accuracy(logits, group.nodes), unit: "%") }
        context.metric("\(stage) accuracy/validation", step: Double(epoch), value: accuracy(logits, material.validation), unit: "%")
    }

    /// Trains one graph network; keeps its logits and hands over its validation.
    @discardableResult
    mutating func trainNetwork(_ name: String, hasEmbedding: Bool, eta: Double = 0, _ propagation: SparseMatrix<Float>) throws -> Validation {
        var random = context.random.stream("\(name) start")
        let widths = [material.inputs.sparse.columns] + [Int](repeating: settings.width, count: settings.layers - 1) + [material.classes]
        let network = StructuralGraphNetwork<Float>(nodes: material.graph.count, widths: widths, switches: hasEmbedding ? settings.switches : (false, false, false),
                                                    embeddingDeviation: settings.embeddingDeviation, random: &random)
        let training = targets(material.training), features = material.inputs.sparse
        func evaluate() throws -> Tensor<Float> { try network.outputs(features, propagation)[settings.layers - 1] }
        let best = try fit(name, network.parameters, settings.plan) { epoch, random in
            let loss = try network.outputs(features, propagation, dropout: settings.dropout, random: random)[settings.layers - 1].crossEntropy(training)
            guard eta > 0, let penalty = try network.penalty(settings.penalty) else { return loss }
            context.metric("penalty/\(name)", step: Double(epoch), value: eta * Double(penalty.scalar))
            return try loss + penalty.scaled(by: eta)
        } validate: { epoch in
            let logits = try evaluate()
            if name.hasPrefix("teacher") || name == "GCN" { reportEpoch(name, epoch, logits.withScalars { Array($0) }) }
            return try validation(logits)
        }
        state.logits[name] = try evaluate().withScalars { Array($0) }
        if hasEmbedding, settings.switches.first, let e = network.layers[0].embedding {
            let product = try features.multiplied(by: network.layers[0].weight.value)
            let rows = material.groups.isolation.map { Int32($0) }
            let ratio = try Double(e.value.gathered(rows).squared().sum().scalar / max(product.gathered(rows).squared().sum().scalar, .leastNormalMagnitude)).squareRoot()
            if ratio > 0.1 {
                context.warning("the structural embedding of isolated nodes, which no label reaches, is still \(String(format: "%.2g", ratio)) times as large as their features' part; take a larger eta")
            }
        }
        return best
    }

    /// One teacher for each candidate η; validation chooses.
    mutating func trainTeacher() throws {
        var best: (validation: Validation, logits: [Float], eta: Double)?
        for eta in settings.etas {
            let name = settings.etas.count == 1 ? "teacher" : "teacher η \(ParameterValue.real(eta).display)"
            let validation = try trainNetwork(name, hasEmbedding: true, eta: eta, material.propagation)
            let logits = state.logits.removeValue(forKey: name) ?? []
            if best.map({ validation.isBetter(than: $0.validation) }) ?? true { best = (validation, logits, eta) }
        }
        guard let best else { return }
        state.logits["teacher"] = best.logits
        state.results.append(.init(name: "η", arm: "teacher", value: best.eta, better: .neither))
        standardise(best.logits)
    }

    /// Ē: the logits less their column means over connected nodes, divided by one deviation.
    private mutating func standardise(_ logits: [Float]) {
        let width = material.classes, n = Double(material.connected.count)
        let means = (0..<width).map { c in material.connected.reduce(0.0) { $0 + Double(logits[$1 * width + c]) } / n }
        var squares = 0.0
        for node in material.connected { for c in 0..<width { squares += pow(Double(logits[node * width + c]) - means[c], 2) } }
        let deviation = max((squares / (n * Double(width))).squareRoot(), 1e-12)
        state.means = means.map { Float($0) }
        state.deviation = Float(deviation)
        state.embeddings = logits.indices.map { Float((Double(logits[$0]) - means[$0 % width]) / deviation) }
    }

    mutating func trainSAGE() throws {
        var random = context.random.stream("GraphSAGE start")
        let network = GraphSAGE(widths: [material.inputs.sparse.columns] + [Int](repeating: settings.width, count: settings.layers - 1) + [material.classes], random: &random)
        let mean = try material.reduced.neighbourMean(Float.self), training = targets(material.training), features = material.inputs.sparse
        func evaluate() throws -> Tensor<Float> { try network.logits(features, mean, dropout: 0, random: nil) }
        _ = try fit("GraphSAGE", network.parameters, settings.plan) { _, random in
            try network.logits(features, mean, dropout: settings.dropout, random: random).crossEntropy(training)
        } validate: { _ in try validation(evaluate()) }
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
        for alpha in [0.1, 0.5, 0.9] {
            try context.proceed()
            let z = try LabelPropagation.run(propagation, labels: material.graph.labels, training: material.training, classes: material.classes, alpha: alpha).map { Float($0) }
            let accuracy = accuracy(z, material.validation)
            if accuracy > best?.accuracy ?? -1 { best = (accuracy, z) }
        }
        state.logits[name] = best?.z
    }

    // MARK: - Student

    /// ξ₁: guesses Ē from features; a tenth of the connected nodes is held out.
    mutating func trainGuess() throws {
        var random = context.random.stream("ξ₁ start")
        let width = material.classes
        let order = random.permutation(material.connected.count).map { material.connected[$0] }
        let heldOut = order.prefix(max(1, order.count / 10)).sorted(), seen = order.dropFirst(heldOut.count).sorted()
        let network = MultilayerPerceptron<Float>(inputs: (material.inputs.sparse.columns, 0), hidden: [settings.studentWidth], outputs: width, random: &random)
        let embeddings = Tensor<Float>(shape: [material.graph.count, width], state.embeddings)
        let seenTargets = try embeddings.gathered(seen.map { Int32($0) }), heldTargets = try embeddings.gathered(heldOut.map { Int32($0) })
        let seenInputs = try material.inputs.rows(seen), heldInputs = try material.inputs.rows(heldOut)
        let variance = Double(try heldTargets.variance().scalar)
        // Larger graphs are taken in batches.
        let batch = seen.count < 20_000 ? seen.count : 4096
        let best = try fit("ξ₁", network.parameters, settings.plan) { _, random in
            if batch == seen.count { return try network(seenInputs, dropout: settings.studentDropout, random: random).meanSquaredError(seenTargets) }
            var draw = random.stream("batch")
            let rows = (0..<batch).map { _ in draw.integer(below: seen.count) }
            return try network(seenInputs.rows(rows), dropout: settings.studentDropout, random: random).meanSquaredError(seenTargets.gathered(rows.map { Int32($0) }))
        } validate: { epoch in
            let error = Double(try network(heldInputs).meanSquaredError(heldTargets).scalar)
            context.metric("held-out error/ratio to variance", step: Double(epoch), value: error / max(variance, 1e-12))
            return Validation(score: -error, loss: error)
        }
        state.guesses = try network(material.inputs).withScalars { Array($0) }
        state.logits["ξ₁ alone"] = state.guesses.indices.map { state.guesses[$0] * state.deviation + state.means[$0 % width] }
        state.results.append(.init(name: "held-out error ratio", arm: "ξ₁", value: best.loss / max(variance, 1e-12), better: .lower))
    }

    mutating func findNeighbours() throws {
        let found = try VirtualNeighbours(guesses: state.guesses, embeddings: state.embeddings, width: material.classes, candidates: material.connected,
                                          count: settings.neighbours, proceed: context.proceed)
        state.neighbours = found.nodes
        state.weights = found.weights
        state.mixtures = found.mixtures
    }

    /// ξ₂: classifies from features, ẽ and ê, both frozen.
    mutating func trainClassifier(_ name: String, usesNeighbours: Bool, usesGuess: Bool) throws {
        let shape: Shape = [material.graph.count, material.classes]
        let dense = (usesNeighbours ? [Tensor<Float>(shape: shape, state.mixtures)] : []) + (usesGuess ? [Tensor<Float>(shape: shape, state.guesses)] : [])
        try trainPerceptron(name, hidden: [settings.studentWidth], distils: false, dense: dense)
    }

    mutating func trainPerceptron(_ name: String, hidden: [Int], distils: Bool, dense: [Tensor<Float>] = []) throws {
        var random = context.random.stream("\(name) start")
        let inputs = try material.inputs.adding(dense)
        let network = MultilayerPerceptron<Float>(inputs: (inputs.sparse.columns, inputs.dense?.shape[1] ?? 0), hidden: hidden, outputs: material.classes, random: &random)
        let labels = material.graph.labels
        let trainingInputs = try inputs.rows(material.training), trainingTargets = material.training.map { Int32(labels[$0]) }
        let validationInputs = try inputs.rows(material.validation), validationTargets = material.validation.map { Int32(labels[$0]) }
        let connected = distils ? try inputs.rows(material.connected) : nil
        let teacher = try Tensor<Float>(shape: [material.graph.count, material.classes], state.logits["teacher"] ?? []).gathered(material.connected.map { Int32($0) }).softmax()
        _ = try fit(name == "student" ? "ξ₂" : name, network.parameters, settings.plan) { _, random in
            let loss = try network(trainingInputs, dropout: settings.studentDropout, random: random).crossEntropy(trainingTargets)
            guard let connected else { return loss }
            return try loss + network(connected, dropout: settings.studentDropout, random: random.stream("distil")).logSoftmax().klDivergence(from: teacher)
        } validate: { epoch in
            if name == "student", epoch == 1 || epoch % 5 == 0 { try reportEpoch("student", epoch, network(inputs).withScalars { Array($0) }) }
            let logits = try network(validationInputs)
            let correct = zip(logits.argmax(), validationTargets).count { $0 == Int($1) }
            return Validation(score: 100 * Double(correct) / Double(validationTargets.count), loss: Double(try logits.crossEntropy(validationTargets).scalar))
        }
        state.logits[name] = try network(inputs).withScalars { Array($0) }
    }
}
