import GraphRelationalDA
import Tensors
import Testing

/// Derivatives through D and E against finite differences, and what the graph loss must not depend on.
@Suite struct GradientTests {
    let graph = DomainGraph(count: 4, edges: [(0, 1), (1, 2), (2, 3)])

    func parts(_ kind: Adversary<Double>.Kind, headWidth: Int = 4) -> (EncoderPredictor<Double>, Adversary<Double>, Tensor<Double>, Tensor<Double>) {
        var random = RandomSource(seed: 5)
        let network = EncoderPredictor<Double>(inputs: 2, embedding: 2, width: 5, outputs: 2, random: &random)
        let adversary = Adversary<Double>(kind, graph: graph, width: 5, outputs: 2, embedding: 2, headWidth: headWidth, random: &random)
        // Biases away from 0, so that no ReLU sits on its edge.
        for parameter in network.parameters.parameters + adversary.parameters.parameters where parameter.name.hasSuffix("bias") {
            parameter.assign(.normal(parameter.shape, deviation: 0.3, from: &random))
        }
        return (network, adversary, .normal([4, 3, 2], from: &random), .normal([4, 2], from: &random))
    }

    static let kinds: [(String, Adversary<Double>.Kind)] = GraphReconstruction.Pairing.allCases.flatMap { pairing in
        GraphReconstruction.Head.allCases.flatMap { head in
            [false, true].map { ("\(pairing) \(head) \($0)", Adversary<Double>.Kind.graph(.init(pairing: pairing, head: head, selfPairs: $0))) }
        }
    } + [("DANN", .domain(conditional: false)), ("CDANN", .domain(conditional: true)), ("ADDA", .source), ("MDD", .disparity), ("CIDA", .embedding)]

    @Test(arguments: kinds) func `gradients of D and, through it, of E agree with finite differences`(name: String, kind: Adversary<Double>.Kind) throws {
        let (network, adversary, x, z) = parts(kind)
        let fixed = try network.predict(network.encode(x, z)).detached()
        func step(_ group: [Int]) -> AdversaryStep<Double> {
            AdversaryStep(prediction: fixed, sources: [0, 1], targets: [2, 3], embedding: z, group: group, isClassification: true)
        }
        func loss() throws -> Tensor<Double> { try adversary.loss(network.encode(x, z), step([0, 1, 3])) }
        let tape = Tape<Double>()
        _ = try tape.differentiate(network.parameters, adversary.parameters) { try loss() }
        for store in [network.parameters, adversary.parameters] {
            for parameter in store.parameters where !parameter.name.hasPrefix("predictor") {
                let analytic = parameter.gradient.scalars, values = parameter.value.scalars
                for place in [0, values.count / 2, values.count - 1] {
                    var moved = values
                    func value(_ shift: Double) throws -> Double {
                        moved[place] = values[place] + shift
                        parameter.assign(Tensor(shape: parameter.shape, moved))
                        defer { parameter.assign(Tensor(shape: parameter.shape, values)) }
                        return try loss().scalar
                    }
                    let numeric = try (value(1e-5) - value(-1e-5)) / 2e-5
                    #expect(abs(numeric - analytic[place]) < 1e-6 * max(1e-2, abs(numeric)), "\(name) \(parameter.name)[\(place)]: \(numeric) \(analytic[place])")
                }
            }
        }
    }

    @Test func `the loss of all pairs does not change when each domain's rows are permuted by themselves`() throws {
        let (network, adversary, x, z) = parts(.graph(.init(pairing: .all)))
        func loss(_ x: Tensor<Double>) throws -> Double {
            try adversary.loss(network.encode(x, z), AdversaryStep(prediction: x, sources: [], targets: [], embedding: z, group: [0, 1, 2, 3], isClassification: true)).scalar
        }
        let rows = x.scalars
        var random = RandomSource(seed: 2)
        var shuffled: [Double] = []
        for domain in 0..<4 {
            for row in random.permutation(3) { shuffled += rows[(domain * 3 + row) * 2..<(domain * 3 + row) * 2 + 2] }
        }
        let first = try loss(x), second = try loss(Tensor(shape: [4, 3, 2], shuffled))
        #expect(abs(first - second) < 1e-10)
        #expect(rows != shuffled)
    }

    @Test func `relabelling the domains permutes the encodings and leaves the loss`() throws {
        let (network, adversary, x, z) = parts(.graph(.init(pairing: .slot)))
        let order = [2, 0, 3, 1]
        let renamed = DomainGraph(count: 4, edges: [(0, 1), (1, 2), (2, 3)].map { (order.firstIndex(of: $0.0) ?? 0, order.firstIndex(of: $0.1) ?? 0) })
        let rows = order.map { Int32($0) }
        let e = try network.encode(x, z), moved = try network.encode(x.gathered(rows), z.gathered(rows))
        let wanted = try e.gathered(rows).scalars
        #expect(zip(wanted, moved.scalars).allSatisfy { abs($0 - $1) < 1e-12 })
        let loss = GraphReconstruction(pairing: .slot)
        let first = try loss.loss(adversary.reconstruct(e), group: [0, 1, 2, 3], graph: graph).scalar
        let second = try loss.loss(adversary.reconstruct(moved), group: [0, 1, 2, 3], graph: renamed).scalar
        #expect(abs(first - second) < 1e-12)
    }

    @Test func `groups have the wanted size, no domain twice, and chains favour neighbours`() {
        let chain = DomainGraph(count: 40, edges: (1..<40).map { ($0 - 1, $0) })
        var random = RandomSource(seed: 3), edges = 0
        for _ in 0..<200 {
            let group = GroupSampling.group(of: 10, in: chain, random: &random)
            #expect(group.count == 10 && Set(group).count == 10)
            edges += zip(group, group.dropFirst()).count { $1 - $0 == 1 }
        }
        // Uniform groups of ten hold 10 · 9 / 2 · 39 / 780 = 2.25 edges on average; half of the groups are chains with about 8.
        #expect(edges > 200 * 4)
        #expect(GroupSampling.group(of: 99, in: chain, random: &random) == Array(0..<40))
    }
}
