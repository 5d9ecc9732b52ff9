import PSAGAN
import Tensors
import Testing
import Layers

/// Check 14: finite differences in double, the vectors of spectral normalisation held still.
@Suite struct GradientTests {
    static let window = 32
    static func shape(context: Int = 0, noise: NetworkShape.Noise = .pooled) -> NetworkShape {
        NetworkShape(window: window, channels: 3, embedding: 2, series: 3, features: 2, attention: 2, context: context, noise: noise)
    }

    /// Every number of every learnt parameter against (f(x + ε) - f(x - ε)) / 2ε.
    func check(_ store: ParameterStore<Double>, _ name: String, loss: () throws -> Tensor<Double>) throws {
        try Tape<Double>().differentiate(store, of: loss)
        let reached = store.hasGradient
        for (index, parameter) in store.parameters.enumerated() where parameter.isLearnt && reached[index] {
            let gradient = parameter.gradient.scalars, value = parameter.value.scalars
            for place in stride(from: 0, to: value.count, by: max(1, value.count / 12)) {
                func moved(_ step: Double) throws -> Double {
                    var other = value
                    other[place] += step
                    parameter.assign(Tensor(shape: parameter.shape, other))
                    defer { parameter.assign(Tensor(shape: parameter.shape, value)) }
                    return try loss().scalar
                }
                let numeric = (try moved(1e-6) - moved(-1e-6)) / 2e-6
                #expect(abs(numeric - gradient[place]) < 1e-5 * max(0.01, abs(numeric), abs(gradient[place])), "\(name): \(parameter.name) at \(place): \(gradient[place]) is not \(numeric)")
            }
        }
    }

    struct Batch {
        var conditions: WindowConditions<Double>, real: Tensor<Double>, noise: Tensor<Double>
        init(_ shape: NetworkShape, _ random: inout RandomSource) throws {
            let context: Tensor<Double>? = shape.context > 0 ? .normal([4, shape.context], from: &random) : nil
            conditions = try WindowConditions(identifiers: [0, 2, 1, 2], features: .normal([4, shape.window, shape.features], from: &random), context: context, shape: shape)
            real = .normal([4, shape.window, 1], from: &random)
            noise = .normal([4, shape.window, 1], from: &random)
        }
    }

    /// γ starts at 0, where attention passes nothing on.
    func openAttention(_ store: ParameterStore<Double>) {
        for parameter in store.parameters where parameter.name.hasSuffix(".gain") && parameter.shape == [1] { parameter.assign(Tensor(shape: [1], [0.2])) }
    }

    @Test(arguments: [(0, NetworkShape.Noise.pooled), (3, .pooled), (0, .multi)])
    func `gradients of the generator through the discriminator agree at every depth`(context: Int, noise: NetworkShape.Noise) throws {
        var random = RandomSource(seed: 7)
        let shape = Self.shape(context: context, noise: noise), batch = try Batch(shape, &random)
        let generator = Generator<Double>(shape, random: &random), discriminator = Discriminator<Double>(shape, random: &random)
        let alpha = 0.3
        openAttention(generator.parameters)
        openAttention(discriminator.parameters)
        for depth in 0..<3 {
            let real = try batch.real.pooled(to: shape.length(depth))
            try check(generator.parameters, "G at depth \(depth)") {
                let fake = try generator(batch.conditions, noise: batch.noise, depth: depth, alpha: alpha, mode: .inference)
                let adversarial = try AdversarialLoss.generator(fake: discriminator(fake, batch.conditions, depth: depth, alpha: alpha, mode: .inference))
                return try adversarial + MomentLoss.paired(fake: fake, real: real)
            }
            try check(discriminator.parameters, "D at depth \(depth)") {
                let fake = try generator(batch.conditions, noise: batch.noise, depth: depth, alpha: alpha, mode: .inference)
                return try AdversarialLoss.discriminator(real: discriminator(real, batch.conditions, depth: depth, alpha: alpha, mode: .inference),
                                                         fake: discriminator(fake, batch.conditions, depth: depth, alpha: alpha, mode: .inference))
            }
        }
    }

    @Test func `gradients of the embedder agree`() throws {
        var random = RandomSource(seed: 8)
        let encoder = SequenceEncoder<Double>(EncoderShape(channels: 3, depth: 2, reduced: 4, output: 3), random: &random)
        let anchors = Tensor<Double>.normal([2, 20, 1], from: &random), others = Tensor<Double>.normal([6, 12, 1], from: &random)
        try check(encoder.parameters, "encoder") {
            let b = try encoder(others)
            return try TripletLoss.mean(anchors: encoder(anchors), positives: b.sliced(0..<2), negatives: b.sliced(2..<6), hasExtraTerm: true)
        }
    }

    @Test func `gradients of a recurrent network under Student's likelihood agree`() throws {
        var random = RandomSource(seed: 9)
        let store = ParameterStore<Double>(), network = GRU<Double>("gru", inputs: 3, hidden: 4, in: store, from: &random), head = Linear<Double>("head", inputs: 4, outputs: 3, in: store, from: &random)
        let x = Tensor<Double>.normal([2, 6, 3], from: &random), targets = Tensor<Double>.normal([2, 6, 1], from: &random)
        try check(store, "forecaster") {
            let p = try head(network(x)).split(into: 3, axis: -1)
            return try StudentLikelihood.losses(targets, place: p[0], scale: p[1].softplus().scaled(by: 1, plus: 1e-3), freedom: p[2].softplus().scaled(by: 1, plus: 2)).mean()
        }
    }
}
