import Tensors

/// A block of a progressive self-attention generator: spectrally normalised convolution, leaky ReLU, self-attention.
struct SelfAttentionBlock {
    let convolution, query, key, value: Convolution1D<Float>
    let gain: Parameter<Float>

    init(_ name: String, in store: ParameterStore<Float>, from random: inout RandomSource) {
        convolution = Convolution1D("\(name).conv", inputs: 32, outputs: 32, kernel: 3, padding: .symmetric(1), isSpectral: true, in: store, from: &random)
        query = Convolution1D("\(name).query", inputs: 32, outputs: 8, kernel: 1, isSpectral: true, in: store, from: &random)
        key = Convolution1D("\(name).key", inputs: 32, outputs: 8, kernel: 1, isSpectral: true, in: store, from: &random)
        value = Convolution1D("\(name).value", inputs: 32, outputs: 32, kernel: 1, isSpectral: true, in: store, from: &random)
        gain = store.add("\(name).gain", Tensor(shape: [1], repeating: 0))
    }

    func callAsFunction(_ x: Tensor<Float>, mode: ForwardMode) throws -> Tensor<Float> {
        let h = try convolution(x, mode: mode, activation: .leakyReLU(slope: 0.2))
        let attended = try query(h, mode: mode).attention(keys: key(h, mode: mode), values: value(h, mode: mode), scale: 1)
        return try h + gain.tensor * attended
    }
}

/// Progressive GAN's inner block, three times, on 128 sequences of 64 steps and 32 channels, least-squares loss, Adam 5e-4.
package struct SelfAttentionGANWorkload: Workload {
    package let parameters = ParameterStore<Float>()
    package let algorithm = OptimiserAlgorithm.adam()
    package let rate = 5e-4
    let blocks: [SelfAttentionBlock]
    let output: Convolution1D<Float>
    package var sequences: Tensor<Float>

    package init(batch: Int = 128, time: Int = 64) {
        var random = RandomSource(seed: 0)
        let store = parameters
        blocks = (0..<3).map { SelfAttentionBlock("block\($0)", in: store, from: &random) }
        output = Convolution1D("output", inputs: 32, outputs: 1, kernel: 1, isSpectral: true, in: parameters, from: &random)
        sequences = .normal([batch, time, 32], from: &random)
    }

    package func loss(_ mode: ForwardMode) throws -> Tensor<Float> {
        var x = sequences
        for block in blocks { x = try block(x, mode: mode) }
        return try (output(x, mode: mode) - 1).squared().mean()
    }
}
