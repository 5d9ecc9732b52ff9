import Layers
import Tensors

/// The generator (section 2.3): noise, time features and a series' vector become a window, block by block from length 8 to L.
package struct Generator<Scalar: TensorScalar> {
    package let shape: NetworkShape
    package let parameters: ParameterStore<Scalar>
    /// φ, [N, E].
    package let table: Embedding<Scalar>
    /// M_0 … M_{K-1}.
    package let blocks: [MainBlock<Scalar>]
    /// The output convolution, shared by all depths.
    package let output: Convolution1D<Scalar>
    /// S_1 … S_{K-1}: what leads a block's input to the output while the block fades in.
    package let skips: [Linear<Scalar>]
    private let perceptrons: [ContextPerceptron<Scalar>]
    /// Channels for the noise of each later block (`multi`).
    private let noiseVectors: [Parameter<Scalar>]

    package init(_ shape: NetworkShape, random: inout RandomSource) {
        self.shape = shape
        let store = ParameterStore<Scalar>(), width = shape.embedding + shape.features
        parameters = store
        table = Embedding("generator.ids", count: shape.series, width: shape.embedding, in: store, from: &random)
        var blocks = [MainBlock("generator.block0", inputs: width + 1, shape: shape, in: store, from: &random)]
        var skips: [Linear<Scalar>] = [], perceptrons: [ContextPerceptron<Scalar>] = [], noiseVectors: [Parameter<Scalar>] = []
        for k in 1..<max(1, shape.resolutions) {
            blocks.append(MainBlock("generator.block\(k)", inputs: width + shape.channels, shape: shape, in: store, from: &random))
            skips.append(Linear("generator.skip\(k)", inputs: shape.channels, outputs: shape.channels, in: store, from: &random))
            if shape.context > 0 { perceptrons.append(ContextPerceptron("generator.context\(k)", context: shape.context, channels: shape.channels, in: store, from: &random)) }
            if shape.noise == .multi { noiseVectors.append(store.add("generator.noise\(k)", .normal([shape.channels], deviation: 0.1, from: &random))) }
        }
        output = Convolution1D("generator.out", inputs: shape.channels, outputs: 1, kernel: 1, isSpectral: true, in: store, from: &random)
        (self.blocks, self.skips, self.perceptrons, self.noiseVectors) = (blocks, skips, perceptrons, noiseVectors)
    }

    /// Windows [batch, 8 · 2^depth, 1].
    /// - Parameters:
    ///   - z: noise [batch, L, 1].
    ///   - depth: the resolution, 0 ..< K.
    ///   - alpha: the share of the newest block while it fades in, 1 afterwards.
    package func callAsFunction(_ conditions: WindowConditions<Scalar>, noise z: Tensor<Scalar>, depth: Int, alpha: Double = 1, mode: ForwardMode) throws -> Tensor<Scalar> {
        let (y, before) = try hidden(conditions, z, depth, mode)
        let filter = try output.filter(mode), newest = try output(y, filter: filter)
        guard let before, alpha < 1 else { return newest }
        let older = try output(skips[depth - 1](before), filter: filter)
        return try newest.scaled(by: alpha) + older.scaled(by: 1 - alpha)
    }

    /// y_depth, and what came into its block before the context was added.
    private func hidden(_ conditions: WindowConditions<Scalar>, _ z: Tensor<Scalar>, _ depth: Int, _ mode: ForwardMode) throws -> (Tensor<Scalar>, Tensor<Scalar>?) {
        var y = try blocks[0](firstInput(conditions, z), mode: mode), before: Tensor<Scalar>?
        for k in 1..<depth + 1 {
            let p = try upsampled(y, k)
            before = p
            y = try blocks[k](input(conditions, p, z, k), mode: mode)
        }
        return (y, before)
    }

    private func firstInput(_ conditions: WindowConditions<Scalar>, _ z: Tensor<Scalar>) throws -> Tensor<Scalar> {
        // Eight averages of L / 8 normal numbers have the variance 8 / L; `multi` brings it back to 1.
        let pooled = try z.pooled(to: 8), start = try shape.noise == .multi ? pooled.scaled(by: unitScale(0)) : pooled
        return try conditions.joined(table.table.tensor, 0, with: start)
    }

    private func unitScale(_ k: Int) -> Double { (Double(shape.window) / Double(shape.length(k))).squareRoot() }

    private func upsampled(_ y: Tensor<Scalar>, _ k: Int) throws -> Tensor<Scalar> { try y.resized(length: shape.length(k), shape.upsampling == .linear ? .linear : .nearest) }

    private func input(_ conditions: WindowConditions<Scalar>, _ p: Tensor<Scalar>, _ z: Tensor<Scalar>, _ k: Int) throws -> Tensor<Scalar> {
        var q = p
        if let context = conditions.context, shape.context > 0 { q = try q + perceptrons[k - 1](p, context) }
        if shape.noise == .multi { q = try q + z.pooled(to: shape.length(k)).scaled(by: unitScale(k)) * noiseVectors[k - 1].tensor }
        return try conditions.joined(table.table.tensor, k, with: q)
    }

    /// The attention of block k [batch, time, time]; nil without self-attention.
    package func attentionMap(_ conditions: WindowConditions<Scalar>, noise z: Tensor<Scalar>, block k: Int) throws -> Tensor<Scalar>? {
        guard let attention = blocks[k].attention else { return nil }
        let input = k == 0 ? try firstInput(conditions, z) : try input(conditions, upsampled(hidden(conditions, z, k - 1, .inference).0, k), z, k)
        return try attention.weights(blocks[k].hidden(input))
    }
}

/// What PSA-GAN-C adds at each position: Linear(L_C + C → ⌊L_C / 2⌋ + C), LReLU, Linear(→ C) of the context and the channels there.
/// The context's part of the first product is the same at all positions, so it is taken once.
package struct ContextPerceptron<Scalar: TensorScalar> {
    private let contextWeight: Parameter<Scalar>
    private let channelWeight: Parameter<Scalar>
    private let bias: Parameter<Scalar>
    private let second: Linear<Scalar>

    init(_ name: String, context: Int, channels: Int, in store: ParameterStore<Scalar>, from random: inout RandomSource) {
        let inner = context / 2 + channels, bound = Scalar(1 / Double(context + channels).squareRoot())
        contextWeight = store.add("\(name).contextWeight", .uniform([context, inner], in: -bound, bound, from: &random))
        channelWeight = store.add("\(name).channelWeight", .uniform([channels, inner], in: -bound, bound, from: &random))
        bias = store.add("\(name).bias", .uniform([inner], in: -bound, bound, from: &random))
        second = Linear("\(name).second", inputs: inner, outputs: channels, in: store, from: &random)
    }

    func callAsFunction(_ p: Tensor<Scalar>, _ context: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let common = try context.linear(contextWeight.tensor, bias: bias.tensor).expandingAxis(at: 1)
        return try second((p.matmul(channelWeight.tensor) + common).leakyReLU(slope: NetworkShape.slope))
    }
}
