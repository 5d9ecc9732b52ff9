import Layers
import Tensors

/// The energy-based GAN (Zhao, Mathieu, LeCun 2017; section 2.10): the discriminator is an auto-encoder, its error the energy.
final class EBGAN: WindowModel {
    private let generating = ParameterStore<Float>(), judging = ParameterStore<Float>()
    private let start: Linear<Float>, blocks: [Convolution1D<Float>], output: Convolution1D<Float>
    private let encoder: [Convolution1D<Float>], code: Linear<Float>, decode: Linear<Float>, decoder: [Convolution1D<Float>]
    private let generatorOptimiser, judge: Optimiser<Float>
    private let tape = Tape<Float>()
    private let length: Int
    /// Half the variance of real windows.
    private let margin: Double
    private static let latent = 16, batch = 64, slope = Activation.leakyReLU(slope: 0.2)

    init(length: Int, variance: Double, random: inout RandomSource) {
        self.length = length
        margin = 0.5 * variance
        start = Linear("generator.start", inputs: Self.latent, outputs: 32 * length / 8, in: generating, from: &random)
        var blocks: [Convolution1D<Float>] = []
        for k in 0..<3 { blocks.append(Convolution1D("generator.block\(k)", inputs: 32, outputs: 32, kernel: 3, padding: .symmetric(1), in: generating, from: &random)) }
        self.blocks = blocks
        output = Convolution1D("generator.out", inputs: 32, outputs: 1, kernel: 1, in: generating, from: &random)
        encoder = [Convolution1D("encoder.0", inputs: 1, outputs: 32, kernel: 3, stride: 2, padding: .symmetric(1), in: judging, from: &random),
                   Convolution1D("encoder.1", inputs: 32, outputs: 64, kernel: 3, stride: 2, padding: .symmetric(1), in: judging, from: &random)]
        code = Linear("code", inputs: 64 * length / 4, outputs: 16, in: judging, from: &random)
        decode = Linear("decode", inputs: 16, outputs: 64 * length / 4, in: judging, from: &random)
        decoder = [Convolution1D("decoder.0", inputs: 64, outputs: 32, kernel: 3, padding: .symmetric(1), in: judging, from: &random),
                   Convolution1D("decoder.1", inputs: 32, outputs: 1, kernel: 3, padding: .symmetric(1), in: judging, from: &random)]
        generatorOptimiser = Optimiser(generating, .adam(), rate: 1e-3)
        judge = Optimiser(judging, .adam(), rate: 1e-3)
    }

    var stores: [ParameterStore<Float>] { [generating, judging] }

    private func generate(_ z: Tensor<Float>) throws -> Tensor<Float> {
        var h = try start(z, activation: Self.slope).reshaped(z.shape[0], length / 8, 32)
        for block in blocks { h = try block(h.resized(length: 2 * h.shape[1]), mode: .inference, activation: Self.slope) }
        return try output(h, mode: .inference)
    }

    /// Mean error and bottleneck codes.
    private func energy(_ x: Tensor<Float>) throws -> (Tensor<Float>, Tensor<Float>) {
        let count = x.shape[0]
        var h = x
        for layer in encoder { h = try layer(h, mode: .inference, activation: Self.slope) }
        let codes = try code(h.reshaped(count, 64 * length / 4))
        h = try decode(codes, activation: Self.slope).reshaped(count, length / 4, 64)
        h = try decoder[0](h.resized(length: length / 2), mode: .inference, activation: Self.slope)
        return (try (decoder[1](h.resized(length: length), mode: .inference) - x).squared().mean(), codes)
    }

    func advance(_ step: Int, _ sampler: WindowSampler, _ random: inout RandomSource, proceed: () throws -> Void) throws -> [String: Double] {
        let x = sampler.real(sampler.draw(Self.batch, &random)), fake = try generate(.normal([Self.batch, Self.latent], from: &random))
        let energyLoss = try tape.differentiate(judging) {
            try energy(x).0 + energy(fake).0.scaled(by: -1, plus: margin).relu()
        }
        judge.update()
        try proceed()
        let z = Tensor<Float>.normal([Self.batch, Self.latent], from: &random)
        let generatorLoss = try tape.differentiate(generating) {
            let (error, codes) = try energy(generate(z))
            return try error + BaselineLoss.pulling(codes).scaled(by: 0.1)
        }
        generatorOptimiser.update()
        return ["energy": Double(energyLoss), "generator": Double(generatorLoss)]
    }

    func windows(_ count: Int, _ random: inout RandomSource) throws -> [Float] { try generate(.normal([count, Self.latent], from: &random)).scalars }
}
