import Foundation
import Testing
import Tensors
import VisualGeneralisation

/// The objectives of the latent kinds: section 8's numbers and finite differences.
@Suite struct LatentTests {
    private func row(_ values: [Double]) -> Tensor<Double> { Tensor(shape: [1, values.count], values) }
    private func near(_ a: Tensor<Double>, _ b: [Double], _ tolerance: Double = 1e-6) -> Bool { a.count == b.count && zip(a.scalars, b).allSatisfy { abs($0 - $1) < tolerance } }

    @Test func `Ada-GVAE of the sheet`() throws {
        let found = try LatentLosses.aggregated(row([0, 1, -0.5]), row([0, -1, -2]), row([0.1, -1, -0.4]), row([0.2, -1, -1.5]))
        #expect(near(found.distances, [0.026918, 10.873127, 0.151348]))
        #expect(near(found.mean0, [0.05, 1, -0.45]) && near(found.mean1, [0.05, -1, -0.45]))
        #expect(near(found.logVariance0, [0.104992, -1, -1.719070]) && near(found.logVariance1, [0.104992, -1, -1.719070]))
        #expect(abs(try LatentLosses.divergence(found.mean0, found.logVariance0).scalar - 1.238446) < 1e-6)
    }

    @Test func `SlowVAE of the sheet`() throws {
        for (d, v, rate, wanted) in [(0.0, 0.0, 6.0, 3.688695), (0.5, -2, 6, 2.078390), (-0.5, -2, 6, 2.078390), (1, 0, 1, 1.859778)] {
            #expect(abs(try LatentLosses.laplaceCrossEntropy(row([d]), row([v]), rate: rate).scalar - wanted) < 1e-6)
        }
        #expect(abs(try LatentLosses.entropy(row([-2])).scalar - 0.418939) < 1e-6)
        // Two pairs: the Laplace terms are a mean over pairs, the entropy one over images.
        let a = Tensor<Double>(shape: [2, 1], [0.5, 0.5]), b = Tensor<Double>(shape: [2, 1], [0, 0]), v = Tensor<Double>(shape: [2, 1], [-2, -2])
        #expect(abs(try LatentLosses.slowness(a, v, b, v, rate: 6).scalar - (2 * 2.078390 - 0.418939)) < 1e-5)
    }

    @Test func `PCL of the sheet`() throws {
        let now = Tensor<Double>(shape: [3, 2], [1, 0.5, 0.2, -0.3, -0.4, 0.8]), before = Tensor<Double>(shape: [3, 2], [0.9, 0.5, 0.2, -0.1, 0, 0.8])
        let (w, v, c, m) = (Tensor<Double>(shape: [2], [1, 1]), Tensor<Double>(shape: [2], [-1, -1]), Tensor<Double>(shape: [2], [0, 0]), Tensor<Double>(shape: [1], [0]))
        #expect(near(try LatentLosses.contrastScores(now, before, w: w, v: v, c: c, m: m), [1.15, -0.07, 0.40]))
        #expect(near(try LatentLosses.contrastScores(now, before.rolled(axis: 0, by: 1), w: w, v: v, c: c, m: m), [-0.05, -1.37, -0.70]))
        let found = try LatentLosses.contrast(now, before, w: w, v: v, c: c, m: m)
        #expect(abs(found.loss.scalar - 0.469154) < 1e-6 && abs(found.accuracy - 5.0 / 6) < 1e-12)
    }

    @Test func `reconstruction is a sum over pixels and a mean over images`() throws {
        let logits = Tensor<Double>(shape: [2, 1, 2, 1], [0, 0, 0, 0]), images = Tensor<Double>(shape: [2, 1, 2, 1], [0, 1, 0.5, 0.3])
        #expect(abs(try LatentLosses.reconstruction(logits, images).scalar - 2 * log(2)) < 1e-12)
    }

    @Test func `the Laplace transition of the sheet`() {
        for (start, wanted) in [(0, [0.4433, 0.2537, 0.1452, 0.0831, 0.0475, 0.0272]), (3, [0.0627, 0.1096, 0.1916, 0.3348, 0.1916, 0.1096])] {
            let weights = (0..<6).map { PairSampling.weight(from: start, to: $0, of: 6) }, sum = weights.reduce(0, +)
            #expect(zip(weights, wanted).allSatisfy { abs($0 / sum - $1) < 6e-5 })
        }
    }

    @Test(arguments: [PairSampling.Rule.changed(1), .changed(3), .changed(0), .laplace], [FactorSplit.Kind.extrapolation, .interpolation, .composition, .random])
    func `pairs stay in the training part and change what they should`(rule: PairSampling.Rule, kind: FactorSplit.Kind) throws {
        let split = try Sets.sprites.split(kind), sampling = PairSampling(rule, split), parts = try FactorPartition(split), training = Set(parts.training)
        var random = RandomSource(seed: 4), changes: [Int] = []
        for index in stride(from: 0, to: parts.training.count, by: 97) {
            var first = [Int](repeating: 0, count: 5), rest = parts.training[index]
            for j in (0..<5).reversed() { (rest, first[j]) = (rest / split.factors[j].size, rest % split.factors[j].size) }
            guard let second = sampling.second(of: first, &random) else { continue }
            #expect(training.contains(zip(second, split.factors).reduce(0) { $0 * $1.1.size + $1.0 }))
            changes.append(zip(first, second).count { $0 != $1 })
            if rule == .laplace { #expect(first[0] == second[0]) }
        }
        #expect(changes.count > 50)
        switch rule {
        case .changed(1): #expect(changes.allSatisfy { $0 == 1 })
        case .changed(3): #expect(changes.allSatisfy { (1...3).contains($0) } && changes.contains(3))
        case .changed: #expect(changes.allSatisfy { (1...4).contains($0) } && Set(changes).count > 1)
        case .laplace: #expect(Set(changes).count > 2)
        }
    }

    @Test func `a pair that cannot change anything is skipped`() throws {
        // Two values, of which one is trained: nothing can change.
        let split = try FactorSplit(.extrapolation, of: [.init("a", 2), .init("b", 2)], heldOutShare: 0.3)
        var random = RandomSource(seed: 1)
        #expect(PairSampling(.changed(1), split).second(of: [0, 0], &random) == nil)
    }

    /// Central differences of a scalar in every element of every input.
    private func check(_ inputs: [Tensor<Double>], _ name: String, _ f: ([Tensor<Double>]) throws -> Tensor<Double>) throws {
        let tape = Tape<Double>()
        tape.begin()
        let watched = inputs.map(tape.watch)
        try tape.backward(from: f(watched))
        let gradients = watched.map { tape.gradient(of: $0).scalars }
        tape.end()
        let h = 1e-5
        for (number, input) in inputs.enumerated() {
            for place in 0..<input.count {
                func value(_ step: Double) throws -> Double {
                    var numbers = input.scalars, moved = inputs
                    numbers[place] += step
                    moved[number] = Tensor(shape: input.shape, numbers)
                    return try f(moved).scalar
                }
                let slope = (try value(h) - value(-h)) / (2 * h), own = gradients[number][place]
                #expect(abs(slope - own) < 1e-6 * max(1, abs(slope)), "\(name), input \(number), element \(place): \(own) instead of \(slope)")
            }
        }
    }

    @Test func `gradients of the objectives agree with finite differences`() throws {
        var random = RandomSource(seed: 5)
        func draw(_ shape: Shape) -> Tensor<Double> { .normal(shape, deviation: 0.8, from: &random) }
        try check([draw([3, 4]), draw([3, 4])], "Laplace cross-entropy") { try LatentLosses.laplaceCrossEntropy($0[0], $0[1], rate: 6).sum() }
        try check([draw([3, 4]), draw([3, 4])], "KL") { try LatentLosses.divergence($0[0], $0[1]) }
        try check([draw([3, 4]), draw([3, 4]), draw([3, 4]), draw([3, 4])], "aggregation") { x in
            let found = try LatentLosses.aggregated(x[0], x[1], x[2], x[3])
            return try LatentLosses.divergence(found.mean0, found.logVariance0) + found.mean1.squared().sum() + (found.logVariance1 * 1.3).exp().sum()
        }
        try check([draw([3, 4]), draw([3, 4]), draw([3, 4]), draw([3, 4])], "slowness") { try LatentLosses.slowness($0[0], $0[1], $0[2], $0[3], rate: 6) }
        try check([draw([3, 2]), draw([3, 2]), draw([2]), draw([2]), draw([2]), draw([1])], "contrast") { try LatentLosses.contrast($0[0], $0[1], w: $0[2], v: $0[3], c: $0[4], m: $0[5]).loss }
        let images = try draw([2, 1, 2, 1]).sigmoid()
        try check([draw([2, 1, 2, 1])], "reconstruction") { try LatentLosses.reconstruction($0[0], images) }
    }
}
