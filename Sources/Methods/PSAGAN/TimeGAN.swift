import Layers
import Tensors

/// Layers of gated recurrent units with a dense layer at each step.
private struct RecurrentStack {
    private let layers: [GRU<Float>]
    private let dense: Linear<Float>
    private let hasSigmoid: Bool

    init(_ name: String, inputs: Int, width: Int, layers count: Int, outputs: Int, hasSigmoid: Bool = true, in store: ParameterStore<Float>, from random: inout RandomSource) {
        layers = (0..<count).map { GRU("\(name).\($0)", inputs: $0 == 0 ? inputs : width, hidden: width, in: store, from: &random) }
        dense = Linear("\(name).dense", inputs: width, outputs: outputs, in: store, from: &random)
        self.hasSigmoid = hasSigmoid
    }

    func callAsFunction(_ x: Tensor<Float>) throws -> Tensor<Float> {
        var h = x
        for layer in layers { h = try layer(h) }
        return try dense(h, activation: hasSigmoid ? .sigmoid : .identity)
    }
}

/// TimeGAN (Yoon, Jarrett, van der Schaar 2019; section 2.10): an embedder and its recovery, a supervisor that tells the next hidden step, a
/// generator and a discriminator in the hidden space; three phases.
final class TimeGAN: WindowModel {
    private let embedding = ParameterStore<Float>(), supervising = ParameterStore<Float>(), generating = ParameterStore<Float>(), judging = ParameterStore<Float>()
    private let embedder, recovery, supervisor, generator, discriminator: RecurrentStack
    private let embeddingOptimiser, supervisorOptimiser, generatorOptimiser, judge: Optimiser<Float>
    private let tape = Tape<Float>()
    private let length: Int
    /// Steps of the three phases.
    private let phases: (Int, Int, Int)
    private static let batch = 128

    init(length: Int, steps: Int, width: Int = 16, layers: Int = 2, random: inout RandomSource) {
        self.length = length
        // 500, 500 and 700 of 1,700.
        phases = (steps * 5 / 17, steps * 5 / 17, steps - 2 * (steps * 5 / 17))
        embedder = RecurrentStack("embedder", inputs: 1, width: width, layers: layers, outputs: width, in: embedding, from: &random)
        recovery = RecurrentStack("recovery", inputs: width, width: width, layers: layers, outputs: 1, in: embedding, from: &random)
        supervisor = RecurrentStack("supervisor", inputs: width, width: width, layers: max(1, layers - 1), outputs: width, in: supervising, from: &random)
        generator = RecurrentStack("generator", inputs: 1, width: width, layers: layers, outputs: width, in: generating, from: &random)
        discriminator = RecurrentStack("discriminator", inputs: width, width: width, layers: layers, outputs: 1, hasSigmoid: false, in: judging, from: &random)
        embeddingOptimiser = Optimiser(embedding, .adam(), rate: 1e-3)
        supervisorOptimiser = Optimiser(supervising, .adam(), rate: 1e-3)
        generatorOptimiser = Optimiser(generating, .adam(), rate: 1e-3)
        judge = Optimiser(judging, .adam(), rate: 1e-3)
    }

    var stores: [ParameterStore<Float>] { [embedding, supervising, generating, judging] }

    func advance(_ step: Int, _ sampler: WindowSampler, _ random: inout RandomSource, proceed: () throws -> Void) throws -> [String: Double] {
        if step < phases.0 { return ["reconstruction": try embed(sampler, &random, supervision: 0)] }
        if step < phases.0 + phases.1 {
            let x = sampler.real(sampler.draw(Self.batch, &random)), h = try embedder(x)
            let loss = try tape.differentiate(supervising) { try supervision(h) }
            supervisorOptimiser.update()
            return ["supervised": Double(loss)]
        }
        var losses: [String: Double] = [:]
        for _ in 0..<2 {
            losses["generator"] = try generate(sampler, &random)
            try proceed()
            losses["reconstruction"] = try embed(sampler, &random, supervision: 0.1)
            try proceed()
        }
        losses["discriminator"] = try discriminate(sampler, &random)
        return losses
    }

    private func noise(_ random: inout RandomSource) -> Tensor<Float> { .uniform([Self.batch, length, 1], from: &random) }

    /// L_S: the mean squared error of each next hidden step.
    private func supervision(_ h: Tensor<Float>) throws -> Tensor<Float> {
        try (h.sliced(axis: 1, 1..<length) - supervisor(h).sliced(axis: 1, 0..<length - 1)).squared().mean()
    }

    private func embed(_ sampler: WindowSampler, _ random: inout RandomSource, supervision weight: Double) throws -> Double {
        let x = sampler.real(sampler.draw(Self.batch, &random))
        let loss = try tape.differentiate(embedding) {
            let h = try embedder(x), error = try (recovery(h) - x).squared().mean().scaled(by: 1, plus: 1e-12).squareRoot().scaled(by: 10)
            return weight > 0 ? try error + supervision(h).scaled(by: weight) : error
        }
        embeddingOptimiser.update()
        return Double(loss)
    }

    private func generate(_ sampler: WindowSampler, _ random: inout RandomSource) throws -> Double {
        let x = sampler.real(sampler.draw(Self.batch, &random)), z = noise(&random), h = try embedder(x)
        let ones = Tensor<Float>(shape: [Self.batch, length, 1], repeating: 1)
        let loss = try tape.differentiate(generating, supervising) {
            let e = try generator(z), ahead = try supervisor(e), made = try recovery(ahead)
            let adversarial = try discriminator(ahead).binaryCrossEntropy(ones) + discriminator(e).binaryCrossEntropy(ones)
            let next = try supervision(h).scaled(by: 1, plus: 1e-12).squareRoot().scaled(by: 100)
            // Moments over the batch at each step.
            func moments(_ y: Tensor<Float>) throws -> (Tensor<Float>, Tensor<Float>) { (try y.mean(axes: [0]), try y.variance(axes: [0]).scaled(by: 1, plus: 1e-6).squareRoot()) }
            let (a, b) = (try moments(made), try moments(x))
            return try adversarial + next + ((a.1 - b.1).absolute().mean() + (a.0 - b.0).absolute().mean()).scaled(by: 100)
        }
        generatorOptimiser.update()
        supervisorOptimiser.update()
        return Double(loss)
    }

    /// Judged only while it loses more than 0.15.
    private func discriminate(_ sampler: WindowSampler, _ random: inout RandomSource) throws -> Double {
        let h = try embedder(sampler.real(sampler.draw(Self.batch, &random))), e = try generator(noise(&random)), ahead = try supervisor(e)
        let ones = Tensor<Float>(shape: [Self.batch, length, 1], repeating: 1), zeros = Tensor<Float>(shape: [Self.batch, length, 1], repeating: 0)
        let loss = try tape.differentiate(judging) {
            try discriminator(h).binaryCrossEntropy(ones) + discriminator(ahead).binaryCrossEntropy(zeros) + discriminator(e).binaryCrossEntropy(zeros)
        }
        if loss > 0.15 { judge.update() }
        return Double(loss)
    }

    func windows(_ count: Int, _ random: inout RandomSource) throws -> [Float] {
        try recovery(supervisor(generator(.uniform([count, length, 1], from: &random)))).scalars
    }
}
