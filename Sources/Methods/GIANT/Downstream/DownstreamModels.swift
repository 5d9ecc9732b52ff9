import Datasets
import Layers
import Tensors

/// What is put on node features to classify nodes.
package enum DownstreamModel: String, Sendable, CaseIterable, Codable {
    case perceptron = "MLP", sage = "GraphSAGE", simplified = "SGC", corrected = "C&S", convolution = "GCN", sampled = "GraphSAINT", attention = "RevGAT", distilled = "RevGAT + KD",
         gated = "GAMLP", logistic = "logistic regression"
}

/// Trains downstream models on vectors of all nodes. This is the only place where labels are read.
package struct Downstream {
    package struct Options: Sendable {
        package var hidden = 128, epochs = 150, rate = 0.005, weightDecay = 1e-4, dropout = 0.5, hops = 3
        /// Whether MLP and GraphSAINT have batch normalisation between layers.
        package var normalises = true
        package init() {}
    }

    package let labels: [Int]
    package let classes: Int
    package let training: [Int], validation: [Int]
    package let options: Options
    let graph: Adjacency
    let mean: SparseMatrix<Float>?, normalised: SparseMatrix<Float>?
    let proceed: () throws -> Void

    /// - Parameter graph: where models that read edges find them.
    package init(labels: [Int], classes: Int, training: [Int], validation: [Int], graph: Adjacency, models: [DownstreamModel], options: Options, proceed: @escaping () throws -> Void = {}) throws {
        self.labels = labels
        self.classes = classes
        self.training = training
        self.validation = validation
        self.options = options
        self.proceed = proceed
        self.graph = graph
        mean = [.sage, .corrected, .sampled].contains { models.contains($0) } ? try graph.meanOverNeighbours() : nil
        normalised = [.convolution, .simplified, .gated].contains { models.contains($0) } ? try graph.normalisedWithLoops() : nil
    }

    /// The class scores of all nodes, nodes x classes, at the epoch of best validation accuracy.
    /// - Parameter base: for C&S the scores of an MLP, for RevGAT + KD those of RevGAT, where they are already there.
    package func scores(_ model: DownstreamModel, _ vectors: NodeVectors, base: Tensor<Float>? = nil, random: RandomSource, report: (_ epoch: Int, _ loss: Double) -> Void = { _, _ in }) throws -> Tensor<Float> {
        switch model {
        case .perceptron: return try perceptron(vectors.standardised().tensor, random, report)
        case .simplified:
            var x = vectors.standardised().tensor
            if let normalised { for _ in 0..<options.hops { x = try normalised.multiplied(by: x) } }
            return try perceptron(NodeVectors(x.scalars, width: vectors.width).standardised().tensor, random, report)
        case .sage: return try graphNetwork(.sage, mean, vectors.standardised().tensor, random, report)
        case .convolution: return try graphNetwork(.convolution, normalised, vectors.standardised().tensor, random, report)
        case .corrected:
            let base = try base ?? perceptron(vectors.standardised().tensor, random, report)
            return try correctedAndSmoothed(base.softmax())
        case .sampled: return try sampledGraphNetwork(vectors.standardised().tensor, random, report)
        case .attention: return try attentionNetwork(vectors.standardised().tensor, teacher: nil, random, report)
        case .distilled:
            let x = vectors.standardised().tensor, teacher = try base ?? attentionNetwork(x, teacher: nil, random, report)
            return try attentionNetwork(x, teacher: teacher, random.stream("student"), report)
        case .gated: return try gatedHops(vectors.standardised().tensor, random, report)
        case .logistic: return try logisticRegression(vectors.unitRows(), random, report)
        }
    }

    /// The class of each node.
    package static func predictions(_ scores: Tensor<Float>) -> [Int] { scores.argmax() }

    func targets(_ nodes: [Int]) -> [Int32] { nodes.map { Int32(labels[$0]) } }

    func accuracy(_ scores: Tensor<Float>, _ nodes: [Int]) -> Double {
        Double(zip(scores.argmax(), nodes).count { $0 == labels[$1] }) / Double(max(1, nodes.count))
    }

    /// An MLP sees labelled rows only; above 8192 of them an epoch goes through them in batches of about 4096.
    private func perceptron(_ x: Tensor<Float>, _ random: RandomSource, _ report: (Int, Double) -> Void) throws -> Tensor<Float> {
        var start = random.stream("start")
        let network = Classifier(inputs: x.shape[1], hidden: options.hidden, outputs: classes, layers: 3, propagation: .none, normalises: options.normalises, random: &start)
        let rows = try x.gathered(training.map { Int32($0) }), wanted = targets(training)
        let held = try x.gathered(validation.map { Int32($0) })
        let batches = training.count > 8192 ? (training.count + 4095) / 4096 : 1
        var order: [Int32] = []
        return try fit(network.parameters, random, report, batches: batches) { epoch, batch in
            let draws = random.stream("epoch", epoch)
            guard batches > 1 else { return try network(rows, nil, dropout: options.dropout, training: draws).crossEntropy(wanted) }
            if batch == 0 {
                var shuffle = draws.stream("order")
                order = shuffle.permutation(training.count).map { Int32($0) }
            }
            let chosen = Array(order[batch * order.count / batches..<(batch + 1) * order.count / batches])
            return try network(rows.gathered(chosen), nil, dropout: options.dropout, training: draws.stream("batch", batch)).crossEntropy(chosen.map { wanted[Int($0)] })
        } validate: {
            try accuracy(network(held, nil), validation)
        } predict: {
            try network(x, nil)
        }
    }

    private func graphNetwork(_ propagation: Classifier.Propagation, _ matrix: SparseMatrix<Float>?, _ x: Tensor<Float>, _ random: RandomSource,
                              _ report: (Int, Double) -> Void) throws -> Tensor<Float> {
        var start = random.stream("start")
        let network = Classifier(inputs: x.shape[1], hidden: options.hidden, outputs: classes, layers: 2, propagation: propagation, random: &start)
        var wanted = [Int32](repeating: -1, count: labels.count)
        for node in training { wanted[node] = Int32(labels[node]) }
        let held = validation.map { Int32($0) }
        return try fit(network.parameters, random, report) { epoch, _ in
            try network(x, matrix, dropout: options.dropout, training: random.stream("epoch", epoch)).crossEntropy(wanted)
        } validate: {
            try accuracy(network(x, matrix).gathered(held), validation)
        } predict: {
            try network(x, matrix)
        }
    }

    /// - Parameters:
    ///   - algorithm: Adam with the weight decay of the options where none is given.
    ///   - rate: the learning rate of an epoch, counted from 1; nil: that of the options.
    ///   - predict: the scores of all nodes with the values of the best epoch.
    func fit(_ store: ParameterStore<Float>, _ random: RandomSource, _ report: (Int, Double) -> Void, epochs: Int? = nil, batches: Int = 1, algorithm: OptimiserAlgorithm? = nil, rate: (Int) -> Double? = { _ in nil },
             loss: (_ epoch: Int, _ batch: Int) throws -> Tensor<Float>, validate: () throws -> Double, predict: () throws -> Tensor<Float>) throws -> Tensor<Float> {
        let tape = Tape<Float>(), optimiser = Optimiser(store, algorithm ?? .adam(weightDecay: options.weightDecay), rate: options.rate)
        var best = (accuracy: -1.0, values: [Float]())
        for epoch in 1...max(1, epochs ?? options.epochs) {
            optimiser.rate = rate(epoch) ?? options.rate
            var mean = 0.0
            for batch in 0..<batches {
                try proceed()
                let value = try tape.differentiate(store) { try loss(epoch, batch) }
                guard value.isFinite else { throw GIANTError("the loss of a downstream model is not finite at epoch \(epoch); take a smaller rate than \(optimiser.rate)") }
                optimiser.update()
                mean += Double(value) / Double(batches)
            }
            report(epoch, mean)
            let accuracy = try validate()
            if accuracy > best.accuracy { best = (accuracy, store.snapshot) }
        }
        _ = store.restore(best.values)
        return try predict()
    }

    /// Multinomial logistic regression, ½ |W|² + C Σ cross-entropy with C = 10, by Adam with half a cosine.
    private func logisticRegression(_ vectors: NodeVectors, _ random: RandomSource, _ report: (Int, Double) -> Void) throws -> Tensor<Float> {
        let store = ParameterStore<Float>(), cost = 10.0, steps = 400
        let weight = store.add("W", Tensor(shape: [vectors.width, classes], repeating: 0)), bias = store.add("b", Tensor(shape: [classes], repeating: 0))
        let x = vectors.tensor, rows = try x.gathered(training.map { Int32($0) }), wanted = targets(training)
        let optimiser = Optimiser(store, .adam(), rate: 0.1), tape = Tape<Float>(), schedule = Schedule.cosine(steps: steps)
        for step in 0..<steps {
            try proceed()
            let value = try tape.differentiate(store) {
                let fit = try rows.linear(weight.tensor, bias: bias.tensor).crossEntropy(wanted)
                return try fit + weight.tensor.squared().sum().scaled(by: 0.5 / (cost * Double(training.count)))
            }
            optimiser.rate = 0.1 * schedule.factor(step)
            optimiser.update()
            report(step + 1, Double(value))
        }
        return try x.linear(weight.tensor, bias: bias.tensor)
    }

    /// Correct and smooth (Huang et al. 2021): errors on labelled rows are spread by D^-1 A, rescaled and added; then labels are spread by A D^-1.
    package func correctedAndSmoothed(_ probabilities: Tensor<Float>, correction: Double = 0.979, smoothing: Double = 0.756, iterations: Int = 50) throws -> Tensor<Float> {
        guard let mean else { return probabilities }
        let nodes = labels.count
        var error = [Float](repeating: 0, count: nodes * classes), sums = 0.0
        probabilities.withScalars { p in
            for node in training {
                for c in 0..<classes { error[node * classes + c] = (c == labels[node] ? 1 : 0) - p[node * classes + c] }
                sums += Double(error[node * classes..<(node + 1) * classes].reduce(0) { $0 + abs($1) })
            }
        }
        let start = Tensor<Float>(shape: [nodes, classes], error)
        var spread = start
        for _ in 0..<iterations {
            try proceed()
            spread = try (mean.multiplied(by: spread).scaled(by: correction) + start.scaled(by: 1 - correction)).clamped(-1, 1)
        }
        let size = Float(sums / Double(max(1, training.count)))
        var values = probabilities.scalars
        spread.withScalars { e in
            for node in 0..<nodes {
                let norm = e[node * classes..<(node + 1) * classes].reduce(0) { $0 + abs($1) }
                var ratio = size / norm
                if !ratio.isFinite || ratio > 1000 { ratio = 1 }
                for c in 0..<classes { values[node * classes + c] += ratio * e[node * classes + c] }
            }
        }
        for node in training { for c in 0..<classes { values[node * classes + c] = c == labels[node] ? 1 : 0 } }
        let corrected = Tensor<Float>(shape: [nodes, classes], values)
        var smooth = corrected
        for _ in 0..<iterations {
            try proceed()
            smooth = try (mean.transposed.multiplied(by: smooth).scaled(by: smoothing) + corrected.scaled(by: 1 - smoothing)).clamped(0, 1)
        }
        return smooth
    }
}
