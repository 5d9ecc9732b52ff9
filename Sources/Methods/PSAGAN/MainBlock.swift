import Layers
import Tensors

/// The block of both networks (section 2.2): h = LReLU(SN-conv(x)), then self-attention along time,
///
///     M(x) = h + γ (W_o softmax(Q' K / sqrt(key size)) V + b_o),    γ = 0 at the start.
///
/// Only the convolution is spectrally normalised, as in the published code, whose comments claim it for all.
package struct MainBlock<Scalar: TensorScalar> {
    package let convolution: Convolution1D<Scalar>
    package let attention: TemporalAttention<Scalar>?

    init(_ name: String, inputs: Int, shape: NetworkShape, in store: ParameterStore<Scalar>, from random: inout RandomSource) {
        convolution = Convolution1D("\(name).convolution", inputs: inputs, outputs: shape.channels, kernel: 3, padding: .symmetric(1), isSpectral: true, in: store, from: &random)
        attention = shape.attention > 0 ? TemporalAttention(name, channels: shape.channels, size: shape.attention, in: store, from: &random) : nil
    }

    func callAsFunction(_ x: Tensor<Scalar>, mode: ForwardMode) throws -> Tensor<Scalar> {
        let h = try convolution(x, mode: mode, activation: .leakyReLU(slope: NetworkShape.slope))
        return try attention?(h) ?? h
    }

    /// What the convolution gives: where the attention looks.
    func hidden(_ x: Tensor<Scalar>) throws -> Tensor<Scalar> { try convolution(x, mode: .inference, activation: .leakyReLU(slope: NetworkShape.slope)) }
}

/// Self-attention along time with a learnt gain, added to its input.
package struct TemporalAttention<Scalar: TensorScalar> {
    /// Queries, keys and values in one product, side by side.
    package let projection: Linear<Scalar>
    package let output: Linear<Scalar>
    /// γ.
    package let gain: Parameter<Scalar>
    package let size: Int

    package init(_ name: String, channels: Int, size: Int, in store: ParameterStore<Scalar>, from random: inout RandomSource) {
        projection = Linear("\(name).projection", inputs: channels, outputs: 3 * size, in: store, from: &random)
        output = Linear("\(name).output", inputs: size, outputs: channels, in: store, from: &random)
        gain = store.add("\(name).gain", Tensor(shape: [1], repeating: 0))
        self.size = size
    }

    package func callAsFunction(_ h: Tensor<Scalar>) throws -> Tensor<Scalar> {
        try h + gain.tensor * output(projection(h).selfAttention(heads: 1))
    }

    /// A [batch, time, time]: how much each step looks at each other.
    package func weights(_ h: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let parts = try projection(h).split(into: 3, axis: 2)
        return try parts[0].matmul(parts[1], transposeOther: true).scaled(by: 1 / Double(size).squareRoot()).softmax()
    }
}
