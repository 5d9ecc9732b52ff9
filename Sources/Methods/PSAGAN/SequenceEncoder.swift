import Layers
import Tensors

/// The embedder's sizes (section 2.8).
package struct EncoderShape: Sendable, Equatable, Codable {
    package var channels: Int, depth: Int, reduced: Int, output: Int
    package init(channels: Int = 16, depth: Int = 4, reduced: Int = 32, output: Int = 16) { (self.channels, self.depth, self.reduced, self.output) = (channels, depth, reduced, output) }

    /// How many steps back one output looks.
    package var receptiveField: Int { 1 + 4 * ((1 << (depth + 1)) - 1) }
}

/// The causal convolutional network whose last layer embeds a window of any length (Franceschi, Dieuleveut, Jaggi 2019): blocks with
/// dilation 1, 2, 4, …, the maximum over time, a linear layer.
package struct SequenceEncoder<Scalar: TensorScalar> {
    package let shape: EncoderShape
    package let parameters: ParameterStore<Scalar>
    private let blocks: [CausalBlock<Scalar>]
    private let last: Linear<Scalar>

    package init(_ shape: EncoderShape, random: inout RandomSource) {
        self.shape = shape
        let store = ParameterStore<Scalar>()
        parameters = store
        blocks = (0...shape.depth).map { level in
            CausalBlock("encoder.block\(level)", inputs: level == 0 ? 1 : shape.channels, outputs: level == shape.depth ? shape.reduced : shape.channels, dilation: 1 << level, in: store, from: &random)
        }
        last = Linear("encoder.last", inputs: shape.reduced, outputs: shape.output, in: store, from: &random)
    }

    /// [windows, length, 1] to [windows, output].
    package func callAsFunction(_ x: Tensor<Scalar>) throws -> Tensor<Scalar> { try last(features(x).maximum(axis: 1)) }

    /// What each step knows of itself and the steps before it, [windows, length, reduced].
    package func features(_ x: Tensor<Scalar>) throws -> Tensor<Scalar> {
        var h = x
        for block in blocks { h = try block(h) }
        return h
    }
}

/// b + x with a = LReLU(conv(x)), b = LReLU(conv(a)): weight-normalised, dilated, and padded on the left alone. Where the channels change,
/// x passes a 1 x 1 convolution.
private struct CausalBlock<Scalar: TensorScalar> {
    private let first, second: CausalConvolution<Scalar>
    private let shortcut: Linear<Scalar>?

    init(_ name: String, inputs: Int, outputs: Int, dilation: Int, in store: ParameterStore<Scalar>, from random: inout RandomSource) {
        first = CausalConvolution("\(name).first", inputs: inputs, outputs: outputs, dilation: dilation, in: store, from: &random)
        second = CausalConvolution("\(name).second", inputs: outputs, outputs: outputs, dilation: dilation, in: store, from: &random)
        shortcut = inputs == outputs ? nil : Linear("\(name).shortcut", inputs: inputs, outputs: outputs, in: store, from: &random)
    }

    func callAsFunction(_ x: Tensor<Scalar>) throws -> Tensor<Scalar> { try second(first(x)) + (shortcut?(x) ?? x) }
}

/// A weight-normalised convolution of kernel 3 that sees no step after its own: w = g v / |v| for each channel out, g starting at |v|.
private struct CausalConvolution<Scalar: TensorScalar> {
    private let direction, gain, bias: Parameter<Scalar>
    private let dilation: Int

    init(_ name: String, inputs: Int, outputs: Int, dilation: Int, in store: ParameterStore<Scalar>, from random: inout RandomSource) {
        let bound = Scalar(1 / Double(3 * inputs).squareRoot())
        let start = Tensor<Scalar>.uniform([3, inputs, outputs], in: -bound, bound, from: &random)
        direction = store.add("\(name).direction", start)
        var norms = [Scalar](repeating: 0, count: outputs)
        for (place, value) in start.scalars.enumerated() { norms[place % outputs] += value * value }
        gain = store.add("\(name).gain", Tensor(shape: [outputs], norms.map { $0.squareRoot() }))
        bias = store.add("\(name).bias", .uniform([outputs], in: -bound, bound, from: &random))
        self.dilation = dilation
    }

    func callAsFunction(_ x: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let weight = try Tensor.weightNormalised(direction: direction.tensor, gain: gain.tensor)
        return try x.conv1d(weight, bias: bias.tensor, padding: .explicit(top: 0, bottom: 0, left: 2 * dilation, right: 0), dilation: dilation, activation: .leakyReLU(slope: NetworkShape.slope))
    }
}

/// The triplet loss of the embedder: an anchor is like a part of itself and unlike windows of other series.
package enum TripletLoss {
    /// -log σ(a'p) - (1/K) Σ log σ(-a'n_k), with `hasExtraTerm` - (1/K) Σ log σ(-p'n_k) more; the mean over the batch. Both published codes
    /// average over the negatives where the paper sums.
    /// - Parameters: anchors and positives [batch, width], negatives [batch · K, width], K a row of the batch.
    package static func mean<Scalar>(anchors: Tensor<Scalar>, positives: Tensor<Scalar>, negatives: Tensor<Scalar>, hasExtraTerm: Bool = false, sums: Bool = false) throws -> Tensor<Scalar> {
        let batch = anchors.shape[0], width = anchors.shape[1], count = negatives.shape[0] / max(1, batch)
        let others = try negatives.reshaped(batch, count, width), factor = sums ? Double(count) : 1
        // -log σ(s) = softplus(-s)
        func against(_ x: Tensor<Scalar>) throws -> Tensor<Scalar> { try (x.reshaped(batch, 1, width) * others).sum(axes: [2]).softplus().mean().scaled(by: factor) }
        var loss = try (anchors * positives).sum(axes: [1]).scaled(by: -1).softplus().mean() + against(anchors)
        if hasExtraTerm { loss = try loss + against(positives) }
        return loss
    }

    /// The loss of an embedder that gives zeros: 2 ln 2.
    package static let chance = 2 * 0.693_147_180_559_945_3
}
