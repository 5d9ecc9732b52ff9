import Datasets
import GIANT
import Tensors
import Testing

/// The graph networks that the paper puts on the vectors.
@Suite(.serialized) struct DownstreamTests {
    /// Two communities of 60 nodes; each node's features say little, its neighbours' together much.
    struct Blocks {
        let graph: Adjacency, labels: [Int], vectors: NodeVectors
        let training: [Int], validation: [Int], test: [Int]

        init() {
            var random = RandomSource(seed: 8), from: [Int32] = [], to: [Int32] = [], values: [Float] = []
            labels = (0..<120).map { $0 % 2 }
            for _ in 0..<420 {
                let a = random.integer(below: 120), other = 2 * random.integer(below: 60) + (random.uniform() < 0.9 ? a % 2 : 1 - a % 2)
                from.append(Int32(a))
                to.append(Int32(other))
            }
            for node in 0..<120 { for c in 0..<6 { values.append(Float(random.normal()) + (c == node % 2 ? 0.9 : 0)) } }
            graph = Adjacency(count: 120, from: from, to: to)
            vectors = NodeVectors(values, width: 6)
            training = Array(0..<40)
            validation = Array(40..<60)
            test = Array(60..<120)
        }

        func downstream(_ models: [DownstreamModel], _ change: (inout Downstream.Options) -> Void = { _ in }) throws -> Downstream {
            var options = Downstream.Options()
            options.hidden = 16
            options.epochs = 60
            change(&options)
            return try Downstream(labels: labels, classes: 2, training: training, validation: validation, graph: graph, models: models, options: options)
        }

        func accuracy(_ scores: Tensor<Float>) -> Double { Double(zip(test, test.map { scores.argmax()[$0] }).count { labels[$0] == $1 }) / Double(test.count) }
    }

    @Test(arguments: [DownstreamModel.sampled, .attention, .distilled, .gated])
    func `each network reads the graph, and the same stream gives the same scores`(model: DownstreamModel) throws {
        let blocks = Blocks(), downstream = try blocks.downstream([model, .perceptron])
        let random = RandomSource(seed: 5), scores = try downstream.scores(model, blocks.vectors, random: random)
        let alone = try downstream.scores(.perceptron, blocks.vectors, random: random)
        #expect(scores.shape == [120, 2])
        #expect(blocks.accuracy(scores) > 0.8 && blocks.accuracy(scores) > blocks.accuracy(alone), "\(blocks.accuracy(scores)) beside \(blocks.accuracy(alone))")
        #expect(try downstream.scores(model, blocks.vectors, random: random).scalars == scores.scalars)
    }

    @Test func `no network sees the label of a node that does not train`() throws {
        let blocks = Blocks()
        for model in [DownstreamModel.sampled, .attention, .gated] {
            var options = Downstream.Options()
            options.hidden = 8
            options.epochs = 6
            func scores(_ labels: [Int]) throws -> [Float] {
                try Downstream(labels: labels, classes: 2, training: blocks.training, validation: blocks.validation, graph: blocks.graph, models: [model], options: options)
                    .scores(model, blocks.vectors, random: RandomSource(seed: 2)).scalars
            }
            let turned = blocks.labels.enumerated().map { $0.offset < 60 ? $0.element : 1 - $0.element }
            #expect(try scores(blocks.labels) == scores(turned), "\(model.rawValue)")
        }
    }

    @Test func `walks take roots and one neighbour, and the mean stays inside the part`() throws {
        let path = Adjacency(count: 5, from: [0, 1, 2], to: [1, 2, 3])
        for seed in 1..<20 as Range<UInt64> {
            var random = RandomSource(seed: seed)
            let part = path.nodesOfWalks(roots: 1, length: 1, random: &random)
            #expect(part == [4] || part.count == 2 && part[1] == part[0] + 1, "\(part)")
        }
        let mean = try path.meanWithin([0, 1, 3, 4])
        #expect(mean.starts == [0, 1, 2, 2, 2] && mean.indices == [1, 0] && mean.values == [1, 1])
        #expect(Downstream.roots(nodes: 1_000_000) == 20_000 && Downstream.roots(nodes: 400) == 100)
    }

    @Test func `attention is scaled by degrees and comes from the source alone`() throws {
        // Of a node with one neighbour of equal score each of the two edges has weight 1/2: sqrt(2) (v + u) / (2 sqrt(2)) + residual.
        let graph = Adjacency(count: 2, from: [0], to: [1])
        var random = RandomSource(seed: 3)
        let network = GraphAttentionNetwork(graph, inputs: 1, hidden: 1, outputs: 1, random: &random)
        for parameter in network.parameters.parameters where parameter.name.hasSuffix("attention") { parameter.assign(Tensor(shape: parameter.shape, repeating: 0)) }
        for name in ["0.values.weight", "0.residual.weight", "1.values.weight", "1.residual.weight"] {
            let parameter = try #require(network.parameters[name])
            parameter.assign(Tensor(shape: parameter.shape, repeating: name.contains("residual") ? 0 : 1))
        }
        // First layer: (1 + 3) / 2 = 2 in each of three heads at both nodes, whose batch normalisation by (0, 1) leaves it; second: the sum of the three.
        let found = try network(Tensor<Float>(shape: [2, 1], [1, 3])).scalars
        #expect(found.allSatisfy { abs($0 - 6) < 1e-3 }, "\(found)")
    }
}
