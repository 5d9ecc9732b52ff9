import Datasets
import Experiments
import Layers
import PSAGAN
import Tensors
import Testing

/// Check 15, and what of check 11 is about networks.
@Suite struct InvariantTests {
    static let shape = NetworkShape(window: 64, channels: 6, embedding: 4, series: 5)

    func batch(_ count: Int, _ shape: NetworkShape = InvariantTests.shape, identifiers: [Int32]? = nil, seed: UInt64 = 1) throws -> (WindowConditions<Float>, Tensor<Float>) {
        var random = RandomSource(seed: seed)
        let conditions = try WindowConditions<Float>(identifiers: identifiers ?? (0..<count).map { Int32($0 % shape.series) }, features: .normal([count, shape.window, shape.features], from: &random), context: nil, shape: shape)
        return (conditions, .normal([count, shape.window, 1], from: &random))
    }

    @Test func `depth d gives windows of 8 times 2 to the d, and sampling leaves all numbers as they are`() throws {
        var random = RandomSource(seed: 9)
        let generator = Generator<Float>(Self.shape, random: &random), (conditions, z) = try batch(3)
        let before = generator.parameters.snapshot
        for depth in 0..<4 { #expect(try generator(conditions, noise: z, depth: depth, alpha: 0.4, mode: .inference).shape == [3, 8 << depth, 1]) }
        #expect(generator.parameters.snapshot == before)
        _ = try generator(conditions, noise: z, depth: 0, mode: .training(seed: 0))
        #expect(generator.parameters.snapshot != before)
    }

    @Test func `a step at depth d leaves later blocks alone, and a step of one network the weights of the other`() throws {
        var random = RandomSource(seed: 10)
        let generator = Generator<Float>(Self.shape, random: &random), discriminator = Discriminator<Float>(Self.shape, random: &random), (conditions, z) = try batch(4)
        let optimiser = Optimiser(generator.parameters, .adam(), rate: 0.01)
        func learnt(_ store: ParameterStore<Float>) -> [String: [Float]] { Dictionary(uniqueKeysWithValues: store.parameters.filter(\.isLearnt).map { ($0.name, $0.value.scalars) }) }
        let first = learnt(generator.parameters), other = learnt(discriminator.parameters)
        for _ in 0..<3 {
            try Tape<Float>().differentiate(generator.parameters) {
                try AdversarialLoss.generator(fake: discriminator(generator(conditions, noise: z, depth: 1, alpha: 0.5, mode: .training(seed: 0)), conditions, depth: 1, alpha: 0.5, mode: .training(seed: 0)))
            }
            optimiser.update()
        }
        let after = learnt(generator.parameters)
        for (name, values) in first {
            let isLater = ["block2", "block3", "skip2", "skip3"].contains { name.contains($0) }
            // Behind γ = 0 little passes in three steps.
            let isAttention = name.contains("projection") || name.contains("output")
            #expect(isLater ? after[name] == values : after[name] != values || isAttention, "\(name)")
        }
        #expect(learnt(discriminator.parameters) == other)
    }

    @Test func `a block with share 0, nearest upsampling and an identity to the output is the old output, upsampled`() throws {
        var shape = Self.shape, random = RandomSource(seed: 11)
        shape.upsampling = .nearest
        let generator = Generator<Float>(shape, random: &random), (conditions, z) = try batch(3, shape)
        let identity = (0..<shape.channels * shape.channels).map { Float($0 % (shape.channels + 1) == 0 ? 1 : 0) }
        for skip in generator.skips {
            skip.weight.assign(Tensor(shape: [shape.channels, shape.channels], identity))
            skip.bias?.assign(Tensor(shape: [shape.channels], repeating: 0))
        }
        for depth in 1..<4 {
            let old = try generator(conditions, noise: z, depth: depth - 1, mode: .inference).resized(length: 8 << depth, .nearest).scalars
            #expect(try generator(conditions, noise: z, depth: depth, alpha: 0, mode: .inference).scalars == old)
        }
    }

    @Test func `permuting identifiers together with the table permutes the windows`() throws {
        var random = RandomSource(seed: 12)
        let generator = Generator<Float>(Self.shape, random: &random), (conditions, z) = try batch(5, identifiers: [0, 1, 2, 3, 4])
        let plain = try generator(conditions, noise: z, depth: 3, mode: .inference).scalars
        let order = [3, 1, 4, 0, 2], table = generator.table.table.value.scalars, width = Self.shape.embedding
        // Row order[i] of the new table is row i of the old one.
        var moved = table
        for (old, new) in order.enumerated() { for c in 0..<width { moved[new * width + c] = table[old * width + c] } }
        generator.table.table.assign(Tensor(shape: [5, width], moved))
        let (renamed, _) = try batch(5, identifiers: order.map { Int32($0) })
        #expect(try generator(renamed, noise: z, depth: 3, mode: .inference).scalars == plain)
    }

    @Test func `one and two threads give the same windows`() throws {
        var random = RandomSource(seed: 13)
        let generator = Generator<Float>(Self.shape, random: &random), (conditions, z) = try batch(32)
        let threads = Parallel.threads
        defer { Parallel.threads = threads }
        func windows(_ count: Int) throws -> [Float] {
            Parallel.threads = count
            return try generator(conditions, noise: z, depth: 3, mode: .inference).scalars
        }
        #expect(try windows(1) == windows(2))
    }
}
