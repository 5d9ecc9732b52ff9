import Datasets
import Foundation
import GIANT
import Tensors
import Testing

/// Gradients, updates and invariants of section 9.
@Suite struct TrainingTests {
    static func pairs(_ all: Int, rows: Int) -> ActivePairs {
        var pairs = ActivePairs()
        for row in 0..<rows {
            for cluster in 0..<all {
                pairs.examples.append(Int32(row))
                pairs.clusters.append(Int32(cluster))
                pairs.signs.append((row + cluster) % 3 == 0 ? 1 : -1)
                pairs.counts.append((row + cluster) % 3 == 0 ? 2 : 1)
            }
        }
        pairs.batch = rows
        return pairs
    }

    static func encoders() throws -> [any TextEncoder<Double>] {
        let texts = NodeTexts(["red blue green", "blue blue", "red one two", "", "green two red blue"])
        var random = RandomSource(seed: 4)
        let words = try TextFeatures(texts, options: [.init(tokens: .words, lengths: 1...1, maximumShare: 1, maximumFeatures: 100)])
        return [BagEncoder<Double>(try words.rows.matrix(), width: 4, random: &random),
                TransformerTextEncoder<Double>(WordSequences(texts, minimum: 1), width: 8, layers: 2, heads: 2, inner: 6, random: &random)]
    }

    @Test(arguments: LevelLoss.allCases) func `gradients agree with finite differences for each encoder`(loss: LevelLoss) throws {
        for encoder in try Self.encoders() {
            var random = RandomSource(seed: 9)
            let weights: Tensor<Double> = .normal([3, encoder.width], from: &random)
            let heads = LevelHeads<Double>(weights: weights.scalars, biases: [0.1, -0.2, 0.3]), pairs = Self.pairs(3, rows: 4), rows: [Int32] = [0, 1, 2, 4]
            func value() throws -> Tensor<Double> { try loss(heads.logits(encoder(rows, training: nil), pairs), pairs) }
            try Tape<Double>().differentiate(encoder.parameters, heads.parameters, of: value)
            for store in [encoder.parameters, heads.parameters] {
                for parameter in store.parameters where parameter.isLearnt {
                    let start = parameter.value, gradient = parameter.gradient.scalars
                    for place in stride(from: 0, to: start.count, by: max(1, start.count / 7)) {
                        func moved(_ by: Double) throws -> Double {
                            var values = start.scalars
                            values[place] += by
                            parameter.assign(Tensor(shape: start.shape, values))
                            defer { parameter.assign(start) }
                            return try value().scalar
                        }
                        let numeric = (try moved(1e-6) - moved(-1e-6)) / 2e-6
                        #expect(abs(numeric - gradient[place]) < 1e-6 * max(1, abs(numeric)), "\(parameter.name) \(place)")
                    }
                }
            }
        }
    }

    @Test func `sparse and dense heads agree when every cluster takes part`() throws {
        var random = RandomSource(seed: 2)
        let h: Tensor<Float> = .normal([4, 5], from: &random), weights: Tensor<Float> = .normal([6, 5], from: &random), pairs = Self.pairs(6, rows: 4)
        let values = try [true, false].map { isSparse in
            let heads = LevelHeads<Float>(weights: weights.scalars, biases: [Float](repeating: 0, count: 6), isSparse: isSparse), optimiser = Optimiser(heads.parameters, .adam(), rate: 0.01)
            for _ in 0..<3 {
                try Tape<Float>().differentiate(heads.parameters) { try LevelLoss.squaredHinge(heads.logits(h, pairs), pairs) }
                optimiser.update(clippingNorm: 1)
            }
            return heads.values.weights
        }
        #expect(zip(values[0], values[1]).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(values[0] != weights.scalars)
    }

    @Test func `lazy Adam leaves untouched words alone and takes the first step of dense Adam`() throws {
        let encoder = try #require(Self.encoders()[0] as? BagEncoder<Double>), words = try #require(encoder.parameters["words.table"]), before = words.value.scalars
        let optimiser = Optimiser(encoder.parameters, .adam(), rate: 0.01)
        try Tape<Double>().differentiate(encoder.parameters) { try encoder([1], training: nil).squared().sum() }
        let gradient = words.gradient.scalars, touched = Set(words.touchedRows ?? [])
        #expect(touched.count == 1)
        optimiser.update()
        for (place, value) in words.value.scalars.enumerated() {
            let expected = touched.contains(Int32(place / 4)) ? before[place] - 0.01 * gradient[place] / (abs(gradient[place]) + 1e-8) : before[place]
            #expect(abs(value - expected) < 1e-9)
        }
    }

    @Test func `every positive is in the active set, whatever the limit and the predictions`() throws {
        let graph = Adjacency(count: 64, from: (0..<63).map { Int32($0) } + [0, 0, 0], to: (1..<64).map { Int32($0) } + [20, 40, 60])
        let targets = LevelTargets(chain: try ClusterChain(codes: (0..<64).map { Int32($0 / 4) }, leaves: 16, splits: 4, minimumCodes: 4), graph: graph)
        for sampling in NegativeSampling.allCases {
            for limit in [1, 5, 100] {
                let set = ActiveSet(of: 0, at: 1, targets: targets, predicted: [3, 2], sampling: sampling, limit: limit, random: RandomSource(seed: 1))
                let positives = Set(targets.clusters(of: 0, at: 1).map(\.cluster))
                #expect(Set(zip(set.clusters, set.signs).filter { $0.1 > 0 }.map(\.0)) == positives)
                #expect(Set(set.clusters).count == set.clusters.count && set.clusters.count <= max(limit, positives.count))
            }
        }
        let both = ActiveSet(of: 5, at: 1, targets: targets, predicted: [3], sampling: .both, limit: 100, random: RandomSource(seed: 1))
        #expect(both.matcherCount == 4 && Set(both.clusters).isSuperset(of: [12, 13, 14, 15]))
    }

    /// Section 9, theory: the signal of a sum over neighbours against its noise.
    @Test(arguments: [(20.0, 0.9, 1.600), (20, 0.6, 0.400), (4, 0.9, 0.716)]) func `neighbours' features tell the class as theory says`(degree: Double, inside: Double, ratio: Double) throws {
        let nodes = 6000, mean = 0.5
        var random = RandomSource(seed: 11), from: [Int32] = [], to: [Int32] = []
        func sign(_ node: Int) -> Double { node % 2 == 0 ? 1 : -1 }
        for _ in 0..<Int(degree) * nodes / 2 {
            let a = random.integer(below: nodes), isSame = random.uniform() < inside
            from.append(Int32(a))
            to.append(Int32(2 * random.integer(below: nodes / 2) + (isSame ? a % 2 : 1 - a % 2)))
        }
        let graph = Adjacency(count: nodes, from: from, to: to)
        let x = (0..<nodes).map { sign($0) * mean + random.normal() }
        // Degrees vary here, so the mean over neighbours is taken and scaled to the theory's degree.
        let connected = (0..<nodes).filter { !graph.neighbours(of: $0).isEmpty }
        let signal = connected.reduce(0.0) { sum, node in
            let neighbours = graph.neighbours(of: node)
            return sum + sign(node) * neighbours.reduce(0) { $0 + x[Int($1)] } / Double(neighbours.count)
        } / Double(connected.count)
        #expect(abs(signal * (degree / (1 + mean * mean)).squareRoot() - ratio) < 0.1)
        // A label embedding of one column is the sign of the sum.
        let labels = try LabelEmbeddings.aggregated(SparseFeatures(dense: x.map { Float($0) }, width: 1), over: graph, isTraining: [Bool](repeating: true, count: nodes), normalisesRows: false)
        let right = Double(connected.count { (labels.row($0).first?.value ?? 0) * Float(sign($0)) > 0 }) / Double(connected.count)
        let expected = 0.5 * (1 + erf(ratio / 2.0.squareRoot())), own = Double((0..<nodes).count { x[$0] * sign($0) > 0 }) / Double(nodes)
        #expect(abs(right - expected) < 0.04, "\(right) where \(expected) was expected")
        #expect((right > own) == (degree * (2 * inside - 1) * (2 * inside - 1) > 1 + mean * mean))
    }

    @Test func `GraphSAGE on a node without edges is its own linear map`() throws {
        var random = RandomSource(seed: 3)
        let graph = Adjacency(count: 3, from: [0], to: [1]), x: Tensor<Float> = .normal([3, 4], from: &random)
        let network = Classifier(inputs: 4, hidden: 2, outputs: 2, layers: 1, propagation: .sage, random: &random)
        let alone = try #require(network.parameters["0.own.weight"]), bias = try #require(network.parameters["0.own.bias"])
        let own = try x.linear(alone.tensor, bias: bias.tensor), found = try network(x, graph.meanOverNeighbours())
        #expect(found.scalars[4..<6] == own.scalars[4..<6])
        #expect(found.scalars[0..<2] != own.scalars[0..<2])
    }
}
