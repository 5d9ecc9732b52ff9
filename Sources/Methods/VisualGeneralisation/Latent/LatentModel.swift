import Foundation
import Layers
import Tensors

/// An encoder of images into a few latent numbers, with a decoder back where the kind has one.
///
/// The encoder is the CNN's trunk with a mean and a log-variance for each latent; PCL's has means alone. The decoder (of the public code, at 32 x 32 half as
/// wide): linear, ReLU, then transposed 4 x 4 convolutions up to the image's logits.
package struct LatentModel<Scalar: TensorScalar> {
    package let parameters = ParameterStore<Scalar>()
    package let latents: Int
    private let encoder: ConvolutionalTrunk<Scalar>
    private let opening: Linear<Scalar>?, decoder: [TransposedConvolution2D<Scalar>]
    /// PCL's w, v, c, one number a latent, and m.
    package let contrast: (w: Parameter<Scalar>, v: Parameter<Scalar>, c: Parameter<Scalar>, m: Parameter<Scalar>)?

    package init(kind: LatentKind, side: Int, channels: Int, latents: Int, random: inout RandomSource) {
        self.latents = latents
        encoder = ConvolutionalTrunk("encoder", side: side, channels: channels, outputs: kind.isGenerative ? 2 * latents : latents, in: parameters, random: &random)
        guard kind.isGenerative else {
            (opening, decoder) = (nil, [])
            let store = parameters
            func vector(_ name: String, _ value: Scalar, _ count: Int) -> Parameter<Scalar> { store.add(name, Tensor(shape: [count], repeating: value)) }
            contrast = (vector("contrast.w", 1, latents), vector("contrast.v", -1, latents), vector("contrast.c", 0, latents), vector("contrast.m", 0, 1))
            return
        }
        contrast = nil
        let wide = side >= 64 ? 256 : 128, widths = side >= 64 ? [64, 64, 32, 32] : [32, 32, 16]
        opening = Linear("decoder.open", inputs: latents, outputs: wide, in: parameters, from: &random)
        var layers: [TransposedConvolution2D<Scalar>] = [], width = wide
        for (number, next) in (widths + [channels]).enumerated() {
            layers.append(TransposedConvolution2D("decoder.conv\(number)", inputs: width, outputs: next, kernel: 4, stride: number == 0 ? 1 : 2, padding: number == 0 ? 0 : 1,
                                                  in: parameters, from: &random))
            width = next
        }
        decoder = layers
    }

    /// Means and log-variances of images, [batch, latents]; PCL's log-variances are nil.
    package func encode(_ images: Tensor<Scalar>) throws -> (mean: Tensor<Scalar>, logVariance: Tensor<Scalar>?) {
        let codes = try encoder(images)
        guard contrast == nil else { return (codes, nil) }
        let halves = try codes.split(into: 2, axis: 1)
        return (halves[0], halves[1])
    }

    /// The logits of the pixels.
    package func decode(_ z: Tensor<Scalar>) throws -> Tensor<Scalar> {
        guard let opening else { throw VisualGeneralisationError("a model that only contrasts has no decoder") }
        var x = try opening(z, activation: .relu).reshaped(z.shape[0], 1, 1, -1)
        for (number, layer) in decoder.enumerated() {
            x = try layer(x)
            if number + 1 < decoder.count { x = try x.relu() }
        }
        return x
    }
}

/// How a representation is learnt.
package enum LatentKind: String, Sendable, CaseIterable, Codable {
    case betaVAE = "beta-vae", adaGVAE = "ada-gvae", slowVAE = "slowvae", pcl

    /// Whether it draws images, in contrast to telling pairs apart.
    package var isGenerative: Bool { self != .pcl }
}
