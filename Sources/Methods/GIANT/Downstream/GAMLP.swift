import Layers
import Tensors

/// GAMLP with recursive attention (Zhang et al., KDD 2022; section 2.8): an MLP on each of X, ÃX, …, Ã^(K-1)X, weighted node by node by how far each hop differs from those before it.
package struct GatedHops {
    package let parameters = ParameterStore<Float>()
    private let hops: [Classifier], output: Classifier, label: Classifier
    private let attention: Linear<Float>

    package init(hops count: Int, inputs: Int, hidden: Int, classes: Int, random: inout RandomSource) {
        var hops: [Classifier] = []
        for k in 0..<count { hops.append(Classifier(inputs: inputs, hidden: hidden, outputs: hidden, layers: 2, propagation: .none, name: "hop \(k) ", in: parameters, random: &random)) }
        self.hops = hops
        attention = Linear("attention", inputs: 2 * hidden, outputs: 1, in: parameters, from: &random)
        output = Classifier(inputs: hidden, hidden: hidden, outputs: classes, layers: 2, propagation: .none, name: "output ", in: parameters, random: &random)
        label = Classifier(inputs: classes, hidden: hidden, outputs: classes, layers: 2, propagation: .none, name: "label ", in: parameters, random: &random)
    }

    /// - Parameters:
    ///   - x: of each hop the rows, [rows, inputs].
    ///   - labels: propagated labels, [rows, classes].
    package func callAsFunction(_ x: [Tensor<Float>], _ labels: Tensor<Float>, dropout: Double = 0, training: RandomSource? = nil) throws -> Tensor<Float> {
        let parts = try zip(hops, x).enumerated().map { k, pair in try pair.0(pair.1, nil, dropout: dropout, training: training?.stream("hop", k)) }
        /// The parts weighted by a softmax over their scores.
        func mixed(_ scores: [Tensor<Float>]) throws -> Tensor<Float> {
            let shares = try Tensor<Float>.concatenated(scores, axis: 1).softmax()
            var sum = try parts[0] * shares.sliced(axis: 1, 0..<1)
            for k in scores.indices.dropFirst() { sum = try sum + parts[k] * shares.sliced(axis: 1, k..<k + 1) }
            return sum
        }
        var scores: [Tensor<Float>] = []
        for part in parts {
            let earlier = scores.isEmpty ? part : try mixed(scores)
            scores.append(try attention(.concatenated([earlier, part], axis: 1), activation: .sigmoid))
        }
        return try output(mixed(scores), nil, dropout: dropout, training: training?.stream("output")) + label(labels, nil, dropout: dropout, training: training?.stream("label"))
    }
}

extension Downstream {
    package static let gatedHopCount = 6, labelHopCount = 9
    /// Epochs of the stages as shares of the epochs asked for: 100, 150, 150 and 150 of the official 150.
    static let stageShares = [2.0 / 3, 1, 1, 1]
    /// From the second stage on nodes whose largest probability exceeds this train as well (reliable label utilisation). The sheet names no threshold; this is ours.
    static let confidence = 0.85

    /// In stages, each with a new network: later ones take the probabilities of the stage before for labels of the nodes that have none, and add KL(teacher || student) on
    /// those that it is sure of. Of the stages the one of best validation accuracy counts.
    func gatedHops(_ x: Tensor<Float>, _ random: RandomSource, _ report: (Int, Double) -> Void) throws -> Tensor<Float> {
        guard let normalised else { throw GIANTError("GAMLP needs the graph's matrix") }
        func propagated(_ start: Tensor<Float>, _ times: Int) throws -> [Tensor<Float>] {
            var hops = [start]
            for _ in 0..<times {
                try proceed()
                hops.append(try normalised.multiplied(by: hops[hops.count - 1]))
            }
            return hops
        }
        let hops = try propagated(x, Self.gatedHopCount - 1), isTraining = Set(training)
        let held = validation.map { Int32($0) }, labelled = training.map { Int32($0) }
        var best = (accuracy: -1.0, scores: Tensor<Float>(shape: [labels.count, classes], repeating: 0)), teacher: Tensor<Float>?
        for (stage, share) in Self.stageShares.enumerated() {
            let random = random.stream("stage", stage)
            var given = teacher?.scalars ?? [Float](repeating: 0, count: labels.count * classes), sure: [Int32] = []
            if teacher != nil {
                sure = labels.indices.filter { node in !isTraining.contains(node) && (given[node * classes..<(node + 1) * classes].max() ?? 0) > Float(Self.confidence) }.map { Int32($0) }
            }
            for node in training { for c in 0..<classes { given[node * classes + c] = c == labels[node] ? 1 : 0 } }
            let spread = try propagated(Tensor(shape: [labels.count, classes], given), Self.labelHopCount)[Self.labelHopCount]
            var start = random.stream("start")
            let network = GatedHops(hops: hops.count, inputs: x.shape[1], hidden: options.hidden, classes: classes, random: &start)
            let rows = labelled + sure, batches = rows.count > 8192 ? (rows.count + 4095) / 4096 : 1
            let goal = try teacher?.gathered(sure), wanted = targets(training)
            var order: [Int] = []
            let scores = try fit(network.parameters, random, report, epochs: Int((share * Double(options.epochs)).rounded(.up)), batches: batches) { epoch, batch in
                let draws = random.stream("epoch", epoch)
                if batch == 0 {
                    var shuffle = draws.stream("order")
                    order = batches > 1 ? shuffle.permutation(rows.count) : Array(rows.indices)
                }
                // Labelled rows first.
                let chosen = order[batch * order.count / batches..<(batch + 1) * order.count / batches].sorted(), first = chosen.count { $0 < labelled.count }
                let nodes = chosen.map { rows[$0] }
                let found = try network(hops.map { try $0.gathered(nodes) }, spread.gathered(nodes), dropout: options.dropout, training: draws.stream("batch", batch))
                let weight = Double(first) / Double(max(1, nodes.count))
                var loss = Tensor<Float>(0)
                if first > 0 { loss = try found.sliced(0..<first).crossEntropy(chosen.prefix(first).map { wanted[$0] }).scaled(by: weight) }
                guard let goal, first < nodes.count else { return loss }
                let taught = try goal.gathered(chosen.dropFirst(first).map { Int32($0 - labelled.count) })
                return try loss + found.sliced(first..<nodes.count).logSoftmax().klDivergence(from: taught).scaled(by: 1 - weight)
            } validate: {
                try accuracy(network(hops.map { try $0.gathered(held) }, spread.gathered(held)), validation)
            } predict: {
                try network(hops, spread)
            }
            let found = accuracy(try scores.gathered(held), validation)
            if found > best.accuracy { best = (found, scores) }
            teacher = try scores.softmax()
        }
        return best.scores
    }
}
