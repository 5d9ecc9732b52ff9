import Experiments
import Layers
import Tensors

/// One arm's switches: what of PSA-GAN it has.
package struct GeneratorVariant: Sendable, Equatable, Codable {
    package var hasContext = false, hasAttention = true, hasMomentLoss = true, hasFade = true, hasGrowth = true
    package var noise = NetworkShape.Noise.pooled, moments = MomentLoss.paired, calendar = CalendarFeatures.full, upsampling = NetworkShape.Upsampling.linear
    package init() {}
}

/// Generator against discriminator: weights, optimisers and the step that trains both.
final class AdversarialGame {
    let variant: GeneratorVariant
    let sampler: WindowSampler
    let generator: Generator<Float>
    let discriminator: Discriminator<Float>
    private let settings: GameSettings
    private let schedule: GrowthSchedule
    private let generatorOptimiser, discriminatorOptimiser: Optimiser<Float>
    private let random: RandomSource
    private let tape = Tape<Float>()
    /// Generator steps done.
    private(set) var step = 0

    /// What a step gave: means over what it did.
    struct Losses: Codable { var discriminator: Double, adversarial: Double, moment: Double }

    /// - Parameter random: a source of this arm's own; two arms of one run share it, so that their differences pair up.
    init(_ variant: GeneratorVariant, _ settings: GameSettings, _ sampler: WindowSampler, random: RandomSource) {
        self.variant = variant
        self.settings = settings
        self.sampler = sampler
        self.random = random
        var start = random.stream("weights")
        generator = Generator(sampler.shape, random: &start)
        discriminator = Discriminator(sampler.shape, random: &start)
        generatorOptimiser = Optimiser(generator.parameters, .adam(), rate: settings.rate)
        discriminatorOptimiser = Optimiser(discriminator.parameters, .adam(), rate: settings.rate)
        schedule = settings.schedule(resolutions: sampler.shape.resolutions, variant)
    }

    /// The resolution and the newest block's share at a step.
    func place(_ step: Int) -> (depth: Int, alpha: Double) {
        let epoch = step / settings.epochSteps
        return (schedule.depth(epoch), schedule.alpha(epoch))
    }

    /// The steps at which a resolution begins, with its length.
    var growth: [(step: Int, length: Int)] {
        (1..<max(1, sampler.shape.resolutions)).compactMap { k in
            let step = (schedule.points[k - 1] + 1) * settings.epochSteps
            return step > 0 && step < settings.steps ? (step, sampler.shape.length(k)) : nil
        }
    }

    /// Noise of so many windows.
    func noise(_ count: Int, _ random: inout RandomSource) -> Tensor<Float> { .normal([count, sampler.shape.window, 1], from: &random) }

    /// One generator step after its discriminator steps, each on a batch of its own.
    func advance(proceed: () throws -> Void) throws -> Losses {
        let (depth, alpha) = place(step), length = sampler.shape.length(depth), root = random.stream("step", step)
        var losses = Losses(discriminator: 0, adversarial: 0, moment: 0)
        let count = step < settings.warmUp ? settings.warmUpSteps : settings.discriminatorSteps
        for turn in 0..<count {
            var draw = root.stream("D", turn)
            let keys = sampler.draw(settings.batch, &draw), conditions = try sampler.conditions(keys), mode = ForwardMode.training(seed: 0)
            let real = try sampler.real(keys).pooled(to: length)
            let fake = try generator(conditions, noise: noise(settings.batch, &draw), depth: depth, alpha: alpha, mode: mode)
            try proceed()
            // One pass over both halves, so that spectral normalisation takes one step.
            let both = try WindowConditions(doubling: conditions), batch = settings.batch
            losses.discriminator += Double(try tape.differentiate(discriminator.parameters) {
                let scores = try discriminator(.concatenated([real, fake]), both, depth: depth, alpha: alpha, mode: mode)
                return try AdversarialLoss.discriminator(real: scores.sliced(0..<batch), fake: scores.sliced(batch..<2 * batch))
            }) / Double(max(1, count))
            discriminatorOptimiser.update()
            try proceed()
        }
        var draw = root.stream("G")
        let keys = sampler.draw(settings.batch, &draw), conditions = try sampler.conditions(keys), mode = ForwardMode.training(seed: 0)
        let real = try sampler.real(keys).pooled(to: length), z = noise(settings.batch, &draw)
        try tape.differentiate(generator.parameters) {
            let fake = try generator(conditions, noise: z, depth: depth, alpha: alpha, mode: mode)
            let adversarial = try AdversarialLoss.generator(fake: discriminator(fake, conditions, depth: depth, alpha: alpha, mode: mode))
            let moment = try variant.moments(fake: variant.hasMomentLoss ? fake : fake.detached(), real: real)
            losses.adversarial = Double(adversarial.scalar)
            losses.moment = Double(moment.scalar)
            return variant.hasMomentLoss ? try adversarial + moment.scaled(by: settings.momentWeight) : adversarial
        }
        generatorOptimiser.update()
        step += 1
        return losses
    }

    // MARK: - Checkpoints

    /// Weights and optimisers of both players after a step.
    struct State: Codable {
        var step: Int
        var generator: NetworkBlock, discriminator: NetworkBlock
    }

    var state: State { State(step: step, generator: .init(generator.parameters, generatorOptimiser), discriminator: .init(discriminator.parameters, discriminatorOptimiser)) }

    func restore(_ state: State) -> Bool {
        guard (0...settings.steps).contains(state.step), state.generator.isFinite, state.discriminator.isFinite, state.generator.restore(generator.parameters, generatorOptimiser),
              state.discriminator.restore(discriminator.parameters, discriminatorOptimiser) else { return false }
        step = state.step
        return true
    }
}

/// How the game is played.
struct GameSettings: Sendable {
    var batch: Int, steps: Int, rate: Double, discriminatorSteps: Int, warmUp: Int, warmUpSteps: Int, momentWeight: Double
    /// Generator steps of an epoch of the schedule; its points in epochs, nil for the short schedule; epochs of a fade, nil for half a stage.
    var epochSteps: Int, growthPoints: [Int]?, fade: Int?

    func schedule(resolutions: Int, _ variant: GeneratorVariant) -> GrowthSchedule {
        guard variant.hasGrowth else { return .grown(resolutions: resolutions) }
        // "No fade" of the published code is a fade of two epochs.
        let fade = variant.hasFade ? fade : 2
        guard let growthPoints else { return GrowthSchedule(epochs: max(1, steps / epochSteps), resolutions: resolutions, fade: fade) }
        return GrowthSchedule(points: Array(growthPoints.prefix(max(0, resolutions - 1))), fade: fade ?? 500)
    }
}

extension WindowConditions {
    /// The same windows twice, one after the other.
    init(doubling one: WindowConditions) throws {
        identifiers = one.identifiers + one.identifiers
        features = try one.features.map { try .concatenated([$0, $0]) }
        context = try one.context.map { try .concatenated([$0, $0]) }
    }
}
