import Datasets
import Foundation
import Layers
import Tensors

/// RevGAT in the form in which the paper runs it on ogbn-arxiv: two layers, so that no reversible block is ever built (Li et al., ICML 2021; section 2.8).
/// Attention comes from the source alone, softmax over the edges that come in; features are scaled by deg^-1/2 before and deg^+1/2 after.
package struct GraphAttentionNetwork {
    package let parameters = ParameterStore<Float>()
    private struct Layer {
        var values: Linear<Float>, attention: Parameter<Float>, residual: Linear<Float>, norm: BatchNormalisation<Float>?
        var heads: Int, width: Int
    }
    private let layers: [Layer]
    private let bias: Parameter<Float>
    /// Every edge in both directions, and one from each node to itself.
    private let sources: [Int32], targets: [Int32]
    private let before: Tensor<Float>, after: Tensor<Float>
    private let nodes: Int

    package static let heads = 3, inputDropout = 0.25, dropout = 0.75, edgeDropout = 0.3

    package init(_ graph: Adjacency, inputs: Int, hidden: Int, outputs: Int, random: inout RandomSource) {
        nodes = graph.count
        var sources: [Int32] = [], targets: [Int32] = []
        for node in 0..<graph.count {
            sources += graph.neighbours(of: node)
            sources.append(Int32(node))
            targets += [Int32](repeating: Int32(node), count: graph.degree(node) + 1)
        }
        let roots = (0..<graph.count).map { Float(graph.degree($0) + 1).squareRoot() }
        (self.sources, self.targets) = (sources, targets)
        before = Tensor(shape: [nodes, 1], roots.map { 1 / $0 })
        after = Tensor(shape: [nodes, 1], roots)
        func layer(_ name: String, _ inputs: Int, _ heads: Int, _ width: Int, isLast: Bool, _ random: inout RandomSource, _ store: ParameterStore<Float>) -> Layer {
            let deviation = (2 / Double(width + 1)).squareRoot()
            return Layer(values: Linear("\(name).values", inputs: inputs, outputs: heads * width, bias: false, in: store, from: &random),
                         attention: store.add("\(name).attention", .normal([1, heads, width], deviation: Float(deviation), from: &random)),
                         residual: Linear("\(name).residual", inputs: inputs, outputs: heads * width, bias: false, in: store, from: &random),
                         norm: isLast ? nil : BatchNormalisation("\(name).norm", channels: heads * width, in: store), heads: heads, width: width)
        }
        layers = [layer("0", inputs, Self.heads, hidden, isLast: false, &random, parameters), layer("1", Self.heads * hidden, 1, outputs, isLast: true, &random, parameters)]
        bias = parameters.add("bias", Tensor(shape: [outputs], repeating: 0))
    }

    /// The class scores of all nodes.
    /// - Parameter training: draws dropout masks and dropped edges; nil for evaluation.
    package func callAsFunction(_ x: Tensor<Float>, training: RandomSource? = nil) throws -> Tensor<Float> {
        func dropped(_ x: Tensor<Float>, _ rate: Double, _ name: String) throws -> Tensor<Float> {
            guard var random = training?.stream(name) else { return x }
            return try x.dropout(rate: rate, seed: random.next())
        }
        var x = try dropped(x, Self.inputDropout, "input")
        for (l, layer) in layers.enumerated() {
            var (sources, targets) = (self.sources, self.targets)
            if var random = training?.stream("edges", l) {
                let kept = sources.indices.filter { _ in random.uniform() >= Self.edgeDropout }
                (sources, targets) = (kept.map { sources[$0] }, kept.map { targets[$0] })
            }
            let values = try (layer.values(x) * before).reshaped([nodes, layer.heads, layer.width])
            let scores = try (values * layer.attention.tensor).sum(axes: [2]).leakyReLU(slope: 0.2)
            let shares = try scores.gathered(sources).segmentSoftmax(targets, count: nodes)
            // One head after the other: all at once would hold edges x heads x width numbers.
            let heads = try (0..<layer.heads).map { head in
                try (values.selected(axis: 1, head).gathered(sources) * shares.sliced(axis: 1, head..<head + 1)).segmentSum(targets, count: nodes)
            }
            x = try .concatenated(heads, axis: 1) * after + layer.residual(x)
            guard let norm = layer.norm else { continue }
            x = try dropped(norm(x, mode: training == nil ? .inference : .training(seed: 0), activation: .relu), Self.dropout, "between")
        }
        return try x + bias.tensor
    }
}

extension Downstream {
    /// RMSprop 0.002 with 50 warm-up epochs. The input is x and the labels of a random half of the training nodes; after one pass the other nodes get the
    /// predicted probabilities for labels, and the loss ln(ε + CE) - ln ε is taken on the other half.
    ///
    /// - Parameter teacher: scores of an earlier run; the loss is then 0.05 loss + 0.95 T² KL(teacher || student), T = 0.7, the mean over nodes x classes.
    func attentionNetwork(_ x: Tensor<Float>, teacher: Tensor<Float>?, _ random: RandomSource, _ report: (Int, Double) -> Void) throws -> Tensor<Float> {
        var start = random.stream("start")
        let network = GraphAttentionNetwork(graph, inputs: x.shape[1] + classes, hidden: options.hidden, outputs: classes, random: &start)
        let epsilon = 1 - log(2.0), temperature = 0.7, warmup = max(1, min(50, options.epochs / 3)), held = validation.map { Int32($0) }
        /// x beside one-hot labels of `known`, and beside `guess` everywhere else.
        func input(_ known: [Int], _ guess: Tensor<Float>?) throws -> Tensor<Float> {
            var given = guess?.scalars ?? [Float](repeating: 0, count: labels.count * classes)
            for node in known { for c in 0..<classes { given[node * classes + c] = c == labels[node] ? 1 : 0 } }
            return try .concatenated([x, Tensor(shape: [labels.count, classes], given)], axis: 1)
        }
        func scores() throws -> Tensor<Float> { try network(input(training, network(input(training, nil)).softmax())) }
        let goal = try teacher?.scaled(by: 1 / temperature).softmax()
        return try fit(network.parameters, random, report, algorithm: .rmsProp(), rate: { 0.002 * min(1, Double($0) / Double(warmup)) }) { epoch, _ in
            let draws = random.stream("epoch", epoch)
            var half = draws.stream("half")
            let order = half.permutation(training.count), known = order.prefix(order.count / 2).map { training[$0] }, asked = order.dropFirst(order.count / 2).map { training[$0] }
            let guess = try network(input(known, nil), training: draws.stream("first")).softmax()
            // What was guessed is a constant for the gradient.
            let found = try network(input(known, Tensor(shape: guess.shape, guess.scalars)), training: draws.stream("second"))
            let losses = try found.gathered(asked.map { Int32($0) }).crossEntropyLosses(targets(asked))
            let loss = try losses.scaled(by: 1, plus: epsilon).log().mean().scaled(by: 1, plus: -log(epsilon))
            guard let goal else { return loss }
            let distance = try found.scaled(by: 1 / temperature).logSoftmax().klDivergence(from: goal)
            return try loss.scaled(by: 0.05) + distance.scaled(by: 0.95 * temperature * temperature / Double(classes))
        } validate: {
            try accuracy(scores().gathered(held), validation)
        } predict: {
            try scores()
        }
    }
}
