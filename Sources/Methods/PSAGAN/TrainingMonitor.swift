import Experiments
import Foundation
import Layers
import Tensors

/// What a run shows of a generator while it trains (section 7, a to f).
final class TrainingMonitor {
    private let context: RunContext
    private let settings: Settings
    private let material: Material
    private let arm: String
    /// Distances while training are measured on fewer windows.
    private let meter: FidelityMeter
    private let floor: Double, bootstrap: Double, bootstrapDiversity: Double
    /// The window that is shown.
    private let shown: WindowKey
    private var lastPlace = (depth: -1, share: -1)

    private typealias Cell = RunEvent.Table.Cell
    static let monitored = 512

    init(_ context: RunContext, _ settings: Settings, _ material: Material, _ ruler: Ruler, _ arm: String) throws {
        self.context = context
        self.settings = settings
        self.material = material
        self.arm = arm
        let length = material.length
        var sample = material.fit
        let count = min(Self.monitored, sample.keys.count)
        sample.keys = Array(sample.keys.prefix(count))
        sample.real = Array(sample.real.prefix(count * length))
        meter = try FidelityMeter(ruler, sample, length: length, proceed: context.proceed)
        floor = try meter.distance(Array(sample.otherReal.prefix(count * length)))
        var random = RandomSource(seed: 0).stream("monitor")
        let draws = try (0..<2).map { _ in try material.controls.windows(.weekBootstrap, sample.keys, &random, proceed: context.proceed) }
        bootstrap = try meter.distance(draws[0])
        bootstrapDiversity = Fidelity.diversity(draws, real: sample.real, length: length)
        shown = sample.keys[0]
    }

    /// At the first step of an arm.
    func begin(_ game: AdversarialGame) {
        context.emit(.table(.init(name: "growth", columns: [.init("length"), .init("step", digits: 0)], rows: game.growth.map { [.text("→\($0.length)"), .number(Double($0.step))] })))
        showStage(game, 0)
    }

    /// After a step.
    /// - Parameter isFirst: whether no distance was measured yet.
    /// - Returns: the distance where it was measured.
    func look(_ game: AdversarialGame, _ losses: AdversarialGame.Losses, isFirst: Bool) throws -> Double? {
        let step = game.step, x = Double(step), steps = settings.game.steps, thinning = max(1, steps / 2000), last = game.sampler.shape.resolutions - 1
        if step % thinning == 0 {
            context.metric("L_D/\(arm)", step: x, value: losses.discriminator)
            context.metric("L_adv/\(arm)", step: x, value: losses.adversarial)
            context.metric("L_D/cannot tell 0.25", step: x, value: 0.25)
            context.metric("L_adv/cannot tell 0.125", step: x, value: 0.125)
            context.metric("λ·ML/\(arm)", step: x, value: settings.game.momentWeight * losses.moment)
        }
        if step % 10 == 0 {
            context.progress(x, of: Double(steps), unit: "steps of \(arm)")
            showStage(game, step)
        }
        let place = game.place(step - 1), every = max(1, steps / 16)
        if step % every == 0 || step == steps {
            for (k, block) in game.generator.blocks.enumerated() where k <= place.depth {
                if let gain = block.attention?.gain.value.scalars.first { context.metric("γ/generator block \(game.sampler.shape.length(k))", step: x, value: Double(gain)) }
            }
            for (k, block) in game.discriminator.blocks.enumerated() where k < place.depth {
                if let gain = block.attention?.gain.value.scalars.first { context.metric("γ/discriminator block \(game.sampler.shape.length(k + 1))", step: x, value: Double(gain)) }
            }
            try showWindows(game)
        }
        guard place.depth == last, isFirst || step % max(1, steps / 8) == 0 || step == steps else { return nil }
        let trained = TrainedGenerator(generator: game.generator, sampler: game.sampler)
        var random = RandomSource(seed: 0).stream("monitor draw")
        let keys = meter.sample.keys, windows = try trained.windows(keys, &random, proceed: context.proceed)
        guard windows.allSatisfy(\.isFinite) else { throw PSAGANError("\(arm) gives windows that are not finite at step \(step) of the stage train \(arm); take a smaller rate than \(settings.game.rate)") }
        let distance = try meter.distance(windows)
        context.metric("FD/\(arm)", step: x, value: distance)
        context.metric("FD/floor", step: x, value: floor)
        context.metric("FD/seasonal bootstrap", step: x, value: bootstrap)
        let count = min(128, keys.count), some = Array(keys.prefix(count))
        let draws = try (0..<4).map { _ in try trained.windows(some, &random, proceed: context.proceed) }
        context.metric("δ/\(arm)", step: x, value: Fidelity.diversity(draws, real: Array(meter.sample.real.prefix(count * material.length)), length: material.length))
        context.metric("δ/seasonal bootstrap", step: x, value: bootstrapDiversity)
        return distance
    }

    /// The resolutions with their share: done, fading in, or still to come.
    private func showStage(_ game: AdversarialGame, _ step: Int) {
        let place = game.place(max(0, step - 1)), share = Int((100 * place.alpha).rounded())
        guard (place.depth, share) != lastPlace else { return }
        lastPlace = (place.depth, share)
        context.emit(.table(.init(name: "resolution", columns: [.init("length"), .init("share", unit: "%", digits: 0), .init("state")], rows: (0..<game.sampler.shape.resolutions).map { k in
            [.text("\(game.sampler.shape.length(k))"), .number(k < place.depth ? 100 : k > place.depth ? 0 : Double(share)),
             .text(k < place.depth ? "grown" : k > place.depth ? "to come" : share < 100 ? "fades in" : "trains")]
        })))
    }

    /// A real window beside two synthetic ones of the same series and time, at the resolution in training.
    private func showWindows(_ game: AdversarialGame) throws {
        let (depth, alpha) = game.place(game.step - 1), length = game.sampler.shape.length(depth), hours = material.length / length
        var random = RandomSource(seed: 0).stream("shown")
        let keys = [shown, shown], conditions = try game.sampler.conditions(keys)
        let z = Tensor<Float>.normal([2, material.length, 1], from: &random)
        let fake = try game.generator(conditions, noise: z, depth: depth, alpha: alpha, mode: .inference).scalars
        let real = try game.sampler.real([shown]).pooled(to: length).scalars
        var rows: [[Cell]] = []
        for (group, values) in [("real", Array(real)), ("synthetic 1", Array(fake[0..<length])), ("synthetic 2", Array(fake[length..<2 * length]))] {
            for (place, value) in values.enumerated() { rows.append([.text(group), .number((Double(place) + 0.5) * Double(hours)), .number(Double(value))]) }
        }
        context.emit(.table(.init(name: "windows now", columns: [.init("group"), .init("hour", unit: "h", digits: 1), .init("scaled value", digits: 3)], rows: rows)))
    }
}
