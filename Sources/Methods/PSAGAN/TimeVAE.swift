import Layers
import Tensors

/// Weights of a dense or convolutional layer as Keras starts them, uniform within sqrt(6 / (in + out)), with biases of zero.
struct GlorotLayer {
    let weight, bias: Parameter<Float>

    /// - Parameters:
    ///   - shape: the last axis is what comes out, or, for a transposed convolution, what goes in.
    ///   - outputs: how many biases.
    init(_ name: String, _ shape: Shape, fan: Int, outputs: Int, in store: ParameterStore<Float>, from random: inout RandomSource) {
        let bound = Float((6 / Double(max(1, fan))).squareRoot())
        weight = store.add("\(name).weight", .uniform(shape, in: -bound, bound, from: &random))
        bias = store.add("\(name).bias", Tensor(shape: [outputs], repeating: 0))
    }

    static func dense(_ name: String, _ inputs: Int, _ outputs: Int, in store: ParameterStore<Float>, from random: inout RandomSource) -> GlorotLayer {
        GlorotLayer(name, [inputs, outputs], fan: inputs + outputs, outputs: outputs, in: store, from: &random)
    }

    func dense(_ x: Tensor<Float>, _ activation: Activation = .identity) throws -> Tensor<Float> { try x.linear(weight.tensor, bias: bias.tensor, activation: activation) }
}

/// TimeVAE in its base form (section 2.10): a convolutional encoder of a window, a decoder of level and residual. It knows neither series nor time.
final class TimeVAE: WindowModel {
    private let length: Int
    private let store = ParameterStore<Float>()
    private var encoder: [GlorotLayer] = [], decoder: [GlorotLayer] = []
    private let mean, variance, level, levelOut, first, last: GlorotLayer
    private let optimiser: Optimiser<Float>
    private let tape = Tape<Float>()
    private var best = Float.infinity, stale = 0, sum: Float = 0
    private static let latent = 8, channels = [1, 50, 100, 200], batch = 16, epoch = 100

    init(length: Int, random: inout RandomSource) {
        self.length = length
        let c = Self.channels, flat = 200 * length / 8
        for k in 0..<3 { encoder.append(GlorotLayer("encoder\(k)", [3, c[k], c[k + 1]], fan: 3 * (c[k] + c[k + 1]), outputs: c[k + 1], in: store, from: &random)) }
        mean = .dense("mean", flat, Self.latent, in: store, from: &random)
        variance = .dense("variance", flat, Self.latent, in: store, from: &random)
        level = .dense("level", Self.latent, 1, in: store, from: &random)
        levelOut = .dense("levelOut", 1, 1, in: store, from: &random)
        first = .dense("first", Self.latent, flat, in: store, from: &random)
        for k in (0..<3).reversed() { decoder.append(GlorotLayer("decoder\(k)", [3, c[k], c[k + 1]], fan: 3 * (c[k] + c[k + 1]), outputs: c[k], in: store, from: &random)) }
        last = .dense("last", length, length, in: store, from: &random)
        optimiser = Optimiser(store, .adam(), rate: 1e-3)
    }

    var stores: [ParameterStore<Float>] { [store] }

    private func decode(_ z: Tensor<Float>) throws -> Tensor<Float> {
        var h = try first.dense(z, .relu).reshaped(z.shape[0], length / 8, 200)
        for layer in decoder { h = try (h.transposedConv1d(layer.weight.tensor, stride: 2, padding: 1, outputPadding: 1) + layer.bias.tensor).relu() }
        return try last.dense(h.reshaped(z.shape[0], length)) + levelOut.dense(level.dense(z, .relu))
    }

    func advance(_ step: Int, _ sampler: WindowSampler, _ random: inout RandomSource, proceed: () throws -> Void) throws -> [String: Double] {
        let keys = sampler.draw(Self.batch, &random), x = sampler.real(keys), noise = Tensor<Float>.normal([Self.batch, Self.latent], from: &random)
        var parts: (Double, Double) = (0, 0)
        let total = try tape.differentiate(store) {
            var h = x
            for layer in encoder { h = try h.conv1d(layer.weight.tensor, bias: layer.bias.tensor, stride: 2, padding: .symmetric(1), activation: .relu) }
            let flat = try h.reshaped(Self.batch, 200 * length / 8), mu = try mean.dense(flat), logVariance = try variance.dense(flat)
            let z = try mu + logVariance.scaled(by: 0.5).exp() * noise
            let reconstruction = try (decode(z) - x.reshaped(Self.batch, length)).squared().sum()
            let divergence = try BaselineLoss.divergence(mean: mu, logVariance: logVariance)
            parts = (Double(reconstruction.scalar), Double(divergence.scalar))
            // The published loss has a second term of reconstruction, of means over the features, which for one channel is the first again.
            return try reconstruction.scaled(by: 6) + divergence
        }
        optimiser.update()
        sum += total
        if step % Self.epoch == Self.epoch - 1 {
            if sum / Float(Self.epoch) < best - 0.01 { (best, stale) = (sum / Float(Self.epoch), 0) } else { stale += 1 }
            sum = 0
        }
        return ["reconstruction": parts.0, "KL": parts.1]
    }

    /// Nothing has been gained in 50 epochs of 100 steps.
    var isDone: Bool { stale >= 50 }

    func windows(_ count: Int, _ random: inout RandomSource) throws -> [Float] { try decode(.normal([count, Self.latent], from: &random)).scalars }
}
