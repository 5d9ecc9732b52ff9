import Augmentation
import DeepAutoAugment
import Foundation
import Tensors
import Testing

/// The sheet's gradient fixture (section 8): a linear softmax without bias, W = [[0.5, -0.2], [0.1, 0.3]], class 0, three "operations".
@Suite struct FixtureTests {
    private let store = ParameterStore<Double>(), tape = Tape<Double>()
    private let weight: Parameter<Double>
    private let operations = Tensor<Double>(shape: [3, 2], [1, 2, 2, 1, -1, 1]), validation = Tensor<Double>(shape: [2, 2], [1, 0.5, 1.5, -0.5])

    init() { weight = store.add("w", Tensor(shape: [2, 2], [0.5, -0.2, 0.1, 0.3])) }

    private func losses(_ x: Tensor<Double>) throws -> Tensor<Double> { try x.matmul(weight.tensor).crossEntropyLosses(Array(repeating: 0, count: x.shape[0])) }

    private func near(_ a: [Double], _ b: [Double]) -> Bool { a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-9 } }

    /// J and the gradients at probabilities p.
    private func matched(_ p: [Double]) throws -> (v: GradientVector<Double>, g: GradientVector<Double>, matching: MatchingDirection<Double>, c: [Double]) {
        tape.begin([store])
        try tape.backward(from: losses(validation).mean())
        let v = GradientVector(of: [store])
        tape.begin([store])
        defer { tape.end() }
        let all = try losses(operations)
        try tape.backward(from: all, seed: Tensor(shape: [3], p), keepingRecords: true)
        let g = GradientVector(of: [store]), matching = try #require(MatchingDirection(validation: v, augmented: g))
        return (v, g, matching, try tape.tangent(of: all, along: matching.tangent.parts).scalars)
    }

    @Test func `probabilities, gradients, cosine, tangent and rewards are the sheet's`() throws {
        let p = PolicyLayer.softmax([1, 0, -1])
        #expect(near(p, [0.6652409558, 0.2447284711, 0.0900305732]))
        let (v, g, matching, c) = try matched(p)
        #expect(near(g.parts[0][weight].scalars, [-0.3323882273, 0.3323882273, -0.6868523007, 0.6868523007]))
        #expect(near(v.parts[0][weight].scalars, [-0.3575386592, 0.3575386592, -0.0284636527, 0.0284636527]))
        #expect(abs(matching.cosine - 0.5056639370) < 1e-9)
        #expect(near(matching.tangent.parts[0][weight].scalars, [-0.5088625797, 0.5088625797, 0.2462537151, -0.2462537151]))
        #expect(near(c, [0.0139201125, 0.3571530392, -1.0736991085]))
        #expect(abs(zip(p, c).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-12 && abs(matching.tangent.dot(g)) < 1e-14)
        #expect(near(PolicyLayer.logitGradient(p, c), [0.0092602289, 0.0874055172, -0.0966657462]))
        // Central differences of J in the logits.
        for place in 0..<3 {
            func cosine(_ shift: Double) throws -> Double {
                var theta = [1.0, 0, -1]
                theta[place] += shift
                return try matched(PolicyLayer.softmax(theta)).matching.cosine
            }
            #expect(abs((try cosine(1e-5) - cosine(-1e-5)) / 2e-5 - PolicyLayer.logitGradient(p, c)[place]) < 1e-9)
        }
    }

    @Test func `the mean less the deviation, over two images`() throws {
        let p = PolicyLayer.softmax([1, 0, -1]), rewards = [try matched(p).c, [0.02, -0.05, 0.1]]
        let rho = RewardRule.code.combined(rewards, layer: 1)
        #expect(near(rho, [0.0139201125, -0.05, -1.0736991085]))
        #expect(near(PolicyLayer.logitGradient(p, rho), [0.0755461288, 0.0121487963, -0.0876949251]))
        #expect(RewardRule.all.combined(rewards, layer: 0) == rho && RewardRule.none.combined(rewards, layer: 1) == RewardRule.code.combined(rewards, layer: 0))
        #expect(near(RewardRule.code.combined(rewards, layer: 0), [0.01696005625, 0.1535765196, -0.48684955425]))
    }

    @Test func `a layer begins as the sheet says`() {
        let layer = PolicyLayer(), p = layer.probabilities
        #expect(near([layer.logits[0], layer.logits[1], p[0], p[138]], [7.9424460432, -0.0575539568, 0.9557544537, 0.0003206199]))
        #expect(abs(p.reduce(0, +) - 1) < 1e-12)
    }

    @Test func `with validation and augmentation alike the cosine is one and no operation is better`() throws {
        let p = [0.5, 0.3, 0.2]
        tape.begin([store])
        defer { tape.end() }
        let all = try losses(operations)
        try tape.backward(from: all, seed: Tensor(shape: [3], p), keepingRecords: true)
        let g = GradientVector(of: [store]), matching = try #require(MatchingDirection(validation: g, augmented: g))
        #expect(abs(matching.cosine - 1) < 1e-12)
        #expect(try tape.tangent(of: all, along: matching.tangent.parts).scalars.allSatisfy { abs($0) < 1e-12 })
        // Scaled losses: the same cosine, and t |g| |v| too.
        let scaled = try #require(MatchingDirection(validation: g * 3, augmented: try matched(p).g * 7)), plain = try #require(MatchingDirection(validation: g, augmented: try matched(p).g))
        #expect(abs(scaled.cosine - plain.cosine) < 1e-12)
        #expect(MatchingDirection(validation: g * 0, augmented: g) == nil)
    }

    @Test func `a constant on all logits changes nothing, and permuted rewards permute the logits`() {
        let shifted = [1.0, 0, -1].map { $0 + 5 }
        #expect(near(PolicyLayer.softmax(shifted), PolicyLayer.softmax([1, 0, -1])))
        var random = RandomSource(seed: 1)
        let rewards = (0..<139).map { _ in random.normal() }, order = [0] + random.permutation(138).map { $0 + 1 }
        var a = PolicyLayer(), b = PolicyLayer()
        for _ in 0..<5 {
            a.ascend(rewards, scale: 0.25, rate: 0.3)
            b.ascend(order.map { rewards[$0] }, scale: 0.25, rate: 0.3)
        }
        #expect(zip(order.map { a.logits[$0] }, b.logits).allSatisfy { abs($0 - $1) < 1e-12 })
    }
}
