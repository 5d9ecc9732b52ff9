import Foundation
import GraphRelationalDA
import Tensors
import Testing

/// Numbers worked out by hand for small cases, in double precision.
@Suite struct FixtureTests {
    let chain = DomainGraph(count: 3, edges: [(0, 1), (1, 2)])
    let corners: [Double] = [1, 0, 0, 1, 1, 1]

    func isNear(_ found: [Double], _ wanted: [Double], _ tolerance: Double = 1e-6) -> Bool {
        found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) < tolerance }
    }

    /// A loss and its gradient at `values`.
    func gradient(_ shape: Shape, _ values: [Double], _ loss: (Tensor<Double>) throws -> Tensor<Double>) throws -> (Double, [Double]) {
        let tape = Tape<Double>()
        tape.begin()
        defer { tape.end() }
        let x = tape.watch(Tensor(shape: shape, values))
        let value = try loss(x)
        try tape.backward(from: value)
        return (value.scalar, tape.gradient(of: x).scalars)
    }

    @Test func `the embedding's loss and gradient on a chain of three`() throws {
        let (value, slope) = try gradient([3, 2], corners) { try DomainEmbedding.loss($0, chain) }
        #expect(abs(value - 0.773224) < 1e-6)
        #expect(isNear(slope, [0.243686, 0.077020, -0.256314, -0.089647, 0.243686, -0.089647]))
    }

    @Test func `the graph loss with one sample a domain, and at chance`() throws {
        let graphLoss = GraphReconstruction(pairing: .slot)
        let (value, slope) = try gradient([3, 1, 2], corners) { try graphLoss.loss($0, group: [0, 1, 2], graph: chain) }
        #expect(abs(value - 2.724699) < 1e-6)
        #expect(isNear(slope, [1.096588, 0.721588, -0.576706, -0.201706, 1.096588, -0.201706]))
        for pairing in GraphReconstruction.Pairing.allCases {
            let (chance, flat) = try gradient([3, 1, 2], [Double](repeating: 0, count: 6)) { try GraphReconstruction(pairing: pairing).loss($0, group: [0, 1, 2], graph: chain) }
            #expect(abs(chance - 2.079442) < 1e-6 && flat.allSatisfy { $0 == 0 })
        }
        #expect(isNear([15, 48, 60].map(GraphReconstruction.chance), [10.397, 33.271, 41.589], 1e-3))
    }

    @Test func `the graph loss with two samples a domain, slot by slot and all with all`() throws {
        let slots: [Double] = [1, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0]
        let (value, slope) = try gradient([3, 2, 2], slots) { try GraphReconstruction(pairing: .slot).loss($0, group: [0, 1, 2], graph: chain) }
        #expect(abs(value - 2.117156) < 1e-6)
        #expect(isNear(slope, [0.548294, 0.360794, 0.274147, -0.100853, -0.288353, -0.100853, -0.100853, -0.100853, 0.548294, -0.100853, -0.100853, 0.274147]))
        let all = try GraphReconstruction(pairing: .all).loss(Tensor(shape: [3, 2, 2], slots), group: [0, 1, 2], graph: chain).scalar
        #expect(abs(all - 2.314762) < 1e-6)
    }

    @Test func `a group without connected or without unconnected pairs keeps the other half's weight`() throws {
        let z = Tensor<Double>(shape: [2, 1, 2], [1, 0, 1, 0])
        let joined = try GraphReconstruction(pairing: .slot).loss(z, group: [0, 1], graph: chain).scalar
        let apart = try GraphReconstruction(pairing: .slot).loss(z, group: [0, 2], graph: chain).scalar
        #expect(abs(joined - 1.5 * log(1 + exp(-1.0))) < 1e-12 && abs(apart - 1.5 * log(1 + exp(1.0))) < 1e-12)
    }

    @Test func `pairs of a domain with itself count as unconnected, always with another sample`() throws {
        let clique = DomainGraph(count: 2, edges: [(0, 1)])
        // ẑ of domain 0: (1,0), (0,1); of domain 1: twice (1,0).
        let z = Tensor<Double>(shape: [2, 2, 2], [1, 0, 0, 1, 1, 0, 1, 0])
        let soft = { (s: Double) in log(1 + exp(s)) }
        let connected = (soft(1) - 1 + soft(0)) / 2, own = (soft(0) + soft(1)) / 2
        let slot = try GraphReconstruction(pairing: .slot, selfPairs: true).loss(z, group: [0, 1], graph: clique).scalar
        let all = try GraphReconstruction(pairing: .all, selfPairs: true).loss(z, group: [0, 1], graph: clique).scalar
        #expect(abs(slot - (connected + own)) < 1e-12)
        #expect(abs(all - ((2 * (soft(1) - 1) + 2 * soft(0)) / 4 + own)) < 1e-12)
        let signed = try GraphReconstruction(pairing: .slot, head: .signed).loss(z, group: [0, 1], graph: clique).scalar
        // Logits p p' - q q': 1 and 0.
        #expect(abs(signed - (soft(1) - 1 + soft(0)) / 2) < 1e-12)
    }

    @Test func `the predictor's loss and its gradient`() throws {
        let (first, slope) = try gradient([1, 2], [2, 0]) { try PredictionLoss.classification($0, [0]) }
        #expect(abs(first - 0.126814) < 1e-6 && isNear(slope, [-0.119189, 0.119189]))
        #expect(abs(try PredictionLoss.classification(Tensor<Double>(shape: [1, 2], [2, 0]), [1]).scalar - 2.126089) < 1e-6)
    }

    @Test func `the encoder of width one gives the worked example, and full size has the published number of weights`() throws {
        var random = RandomSource(seed: 1)
        let network = EncoderPredictor<Double>(inputs: 2, embedding: 2, width: 1, outputs: 2, random: &random)
        func set(_ name: String, _ values: [Double]) throws {
            let parameter = try #require(network.parameters["encoder.\(name)"])
            parameter.assign(Tensor(shape: parameter.shape, values))
        }
        try set("sample.0.weight", [1, 0.5]); try set("sample.0.bias", [0.1])
        try set("domain.0.weight", [1, -0.2]); try set("domain.1.weight", [2]); try set("domain.1.bias", [-0.1])
        try set("join.sample", [1, -1]); try set("join.domain", [0.5, 1])
        for layer in 0...1 { try set("deep.\(layer).weight", [1, -1, 0.5, 1]) }
        try set("deep.2.weight", [1, -1]); try set("deep.2.bias", [0.2])
        let e = try network.encode(Tensor(shape: [1, 1, 2], [1, -1]), Tensor(shape: [1, 2], [0.5, 1]))
        #expect(e.shape == [1, 1, 1] && abs(e.scalars[0] - 1.05) < 1e-12)

        let full = EncoderPredictor<Float>(inputs: 2, embedding: 2, width: 512, outputs: 2, random: &random)
        let adversary = Adversary<Float>(.graph(.init(pairing: .slot)), graph: chain, width: 512, outputs: 2, embedding: 2, headWidth: 2, random: &random)
        let encoder = full.parameters.parameters.filter { $0.name.hasPrefix("encoder") }.reduce(0) { $0 + $1.shape.count }
        #expect(encoder == 3_939_328 && full.parameters.parameterCount - encoder == 526_338 && adversary.parameters.parameterCount == 1_314_306)
    }

    @Test func `the baselines' losses`() throws {
        let logits = Tensor<Double>(shape: [3, 1, 3], [0.2, -0.1, 0, 0, 0.3, 0.1, 0, 0, 0.5])
        #expect(isNear(try logits.reshaped([3, 3]).crossEntropyLosses([0, 1, 2]).scalars, [0.939831, 0.939831, 0.794377]))
        #expect(abs(try AdversaryLoss.domain(logits).scalar - 0.891346) < 1e-6)
        let (source, target) = (Tensor<Double>(shape: [1, 1], [0.5]), Tensor<Double>(shape: [1, 1], [-0.3]))
        #expect(abs(try AdversaryLoss.source(source, target).scalar - 1.028432) < 1e-6)
        #expect(abs(try AdversaryLoss.pretended(target).scalar - 0.854355) < 1e-6)
        let own = Tensor<Double>(shape: [1, 2], [log(0.7), log(0.3)]), other = Tensor<Double>(shape: [1, 2], [log(0.4), log(0.6)])
        let disparity = try AdversaryLoss.disparity(own, other, Tensor(shape: [1, 2], [3, 1]), Tensor(shape: [1, 2], [1, 3])).scalar
        #expect(abs(disparity - 0.636483) < 1e-6)
        let far = try AdversaryLoss.distance(own, other, own, Tensor(shape: [1, 2], [100, 100])).scalar
        #expect(far == -2)
    }

    @Test func `the learning rate and the ramp`() {
        let schedule = RateSchedule(rate: 1e-4, halfLife: 100)
        #expect(abs(schedule.rate(epoch: 0) - 1e-4) < 1e-18 && abs(schedule.rate(epoch: 100) - 5e-5) < 1e-16 && abs(schedule.rate(epoch: 499) - 3.1467e-6) < 1e-10)
        let warm = RateSchedule(rate: 3e-5, halfLife: 100, warmUp: 20)
        #expect(abs(warm.rate(epoch: 9) - 1.5e-5) < 1e-18 && warm.rate(epoch: 20) == 3e-5)
        #expect(isNear([0, 0.1, 0.5, 1].map(RateSchedule.ramp), [0, 0.462117, 0.986614, 0.999909]))
    }

    @Test func `the optimum of a chain of three, and what unequal middles cost`() {
        let even = [[0.8, 0.2], [0.5, 0.5], [0.2, 0.8]]
        #expect(Equilibrium.edgeProbabilities(even, chain).joined().allSatisfy { abs($0 - 4.0 / 9) < 1e-12 })
        #expect(abs(Equilibrium.optimalLoss(even, chain) - 0.686962) < 1e-6)
        let uneven = [[0.8, 0.2], [0.6, 0.4], [0.2, 0.8]]
        let edges = Equilibrium.edgeProbabilities(uneven, chain)
        #expect(isNear([edges[0][0], edges[0][1], edges[1][1]], [0.468750, 0.446429, 0.408163]))
        #expect(abs(Equilibrium.optimalLoss(uneven, chain) - 0.686034) < 1e-6)
    }

    @Test func `alignment freedom of cliques, chains, stars and cycles`() throws {
        func freedom(_ count: Int, _ edges: [(Int, Int)]) throws -> Int { try Equilibrium.freedom(DomainGraph(count: count, edges: edges)) }
        #expect(try freedom(5, (0..<5).flatMap { a in (0..<a).map { (a, $0) } }) == 0)
        for (count, expected) in [(3, 1), (4, 1), (5, 1), (6, 1), (10, 3)] { #expect(try freedom(count, (1..<count).map { ($0 - 1, $0) }) == expected, "chain of \(count)") }
        for leaves in 2...6 { #expect(try freedom(leaves + 1, (1...leaves).map { (0, $0) }) == leaves - 1, "star of \(leaves)") }
        for count in 4...6 { #expect(try freedom(count, (0..<count).map { ($0, ($0 + 1) % count) }) == 2, "cycle of \(count)") }
    }

    @Test func `an embedding learnt in sixty steps ranks edges first, and starts and grows as told`() throws {
        var points: [Double] = []
        let graph = DomainGraph(count: 8, edges: (1..<8).map { ($0 - 1, $0) })
        let learnt = try DomainEmbedding.learned(graph, width: 2, steps: 60, rate: 0.05, random: RandomSource(seed: 1)) { _, loss, _ in points.append(loss) }
        #expect(points.count == 60 && (points.last ?? 9) < points[0] && (learnt.areaUnderCurve(graph) ?? 0) > 0.75)
        // A chain's second Laplacian vector, each entry over the root of its degree, is monotonous along it.
        let spectral = try DomainEmbedding.spectral(graph, width: 2)
        let first = (0..<8).map { spectral.row($0)[0] / Double(graph.neighbours[$0].count).squareRoot() }
        #expect(zip(first, first.dropFirst()).allSatisfy { ($0 - $1) * (first[0] - first[7]) > 0 })
        #expect(pairAUC([0, 3, 1, 3, 0, 3, 1, 3, 0], chain) == 1 && pairAUC([Double](repeating: 2, count: 9), chain) == 0.5)
    }
}
