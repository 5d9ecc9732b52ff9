import Datasets
import Experiments
import Foundation
import Layers
import Tensors

/// One run: the embedder, then each generator over the same panel, then the measures and the report.
struct Trainer {
    let context: RunContext
    let settings: Settings
    let material: Material
    var state: TrainingState

    static let foreign = CheckpointError("the checkpoint belongs to other settings or data than this run's; start the run anew")

    static func train(_ context: RunContext) throws {
        let settings = try Settings(context.parameters)
        let state = try context.restoredState.map(TrainingState.init(decoding:)) ?? TrainingState()
        guard state.finished.count <= settings.arms.count, zip(settings.arms, state.finished).allSatisfy({ $0.name == $1.arm }) else { throw foreign }
        let material = try Material(context, settings)
        var trainer = Trainer(context: context, settings: settings, material: material, state: state)
        try trainer.run()
    }

    private mutating func run() throws {
        let stages = settings.arms.count + 2
        if announce("embedder", 1, of: stages) { reportPanel() }
        let ruler = try embedder()
        for (index, arm) in settings.arms.enumerated() where index >= state.finished.count {
            announce("train \(arm.name)", index + 2, of: stages)
            guard case .progressive(let variant) = arm.kind else { continue }
            state.finished.append(try train(arm.name, variant, ruler))
            state.progress = nil
            try save(arm.name)
        }
        announce("measure", stages, of: stages)
        let generators = try settings.arms.enumerated().map { index, arm in try generator(arm, state.finished[index]) }
        context.finish(try report(ruler, generators))
    }

    /// Names a stage once; false when a checkpoint says that it was named before.
    @discardableResult
    private mutating func announce(_ name: String, _ index: Int, of count: Int) -> Bool {
        guard state.announcedStage < index else { return false }
        context.stage(name, index, of: count)
        state.announcedStage = index
        return true
    }

    private func save(_ name: String) throws { try context.saveCheckpoint(name) { try state.encoded() } }

    // MARK: - Embedder

    /// The embedder, trained or as the checkpoint has it. It takes seconds, so one that was interrupted begins anew.
    private mutating func embedder() throws -> Ruler {
        let training = EmbedderTraining(settings.embedder, material.panel), steps = settings.embedder.steps
        if let kept = state.embedder {
            guard training.encoder.parameters.restore(kept.values.floats), kept.values.floats.allSatisfy(\.isFinite) else { throw Self.foreign }
            return Ruler(encoder: training.encoder)
        }
        var recent: [Double] = []
        let thinning = max(1, steps / 2000)
        for step in 0..<steps {
            try context.proceed()
            let loss = try training.advance(step, proceed: context.proceed)
            guard loss.isFinite else { throw PSAGANError("the triplet loss of the embedder is not finite at step \(step + 1); take a smaller encoder-rate than \(settings.embedder.rate)") }
            recent = recent.suffix(49) + [loss]
            if step % thinning == 0 {
                context.metric("triplet loss/embedder", step: Double(step + 1), value: loss, unit: "nats")
                context.metric("triplet loss/chance 2 ln 2", step: Double(step + 1), value: TripletLoss.chance, unit: "nats")
            }
            if step % 10 == 9 { context.progress(Double(step + 1), of: Double(steps), unit: "steps of the embedder") }
        }
        let loss = recent.reduce(0, +) / Double(max(1, recent.count))
        state.embedder = .init(values: FloatBlock(training.encoder.parameters.snapshot), loss: loss)
        if loss >= TripletLoss.chance { context.warning("the embedder has learnt nothing: its triplet loss ends at \(short(loss)) nats where zeros have \(short(TripletLoss.chance)); its distances mean little, take more encoder-steps") }
        try save("embedder")
        return Ruler(encoder: training.encoder)
    }

    // MARK: - Generators

    private func game(_ variant: GeneratorVariant) throws -> AdversarialGame {
        let shape = settings.shape(variant, series: material.panel.count)
        return AdversarialGame(variant, settings.game, try WindowSampler(material.panel, shape, variant.calendar), random: context.random.stream("game"))
    }

    private func generator(_ arm: Arm, _ finished: TrainingState.Finished) throws -> TrainedGenerator {
        guard case .progressive(let variant) = arm.kind else { throw Self.foreign }
        let game = try game(variant)
        guard game.generator.parameters.restore(finished.values.floats), finished.values.floats.allSatisfy(\.isFinite) else { throw Self.foreign }
        return TrainedGenerator(generator: game.generator, sampler: game.sampler)
    }

    private mutating func train(_ arm: String, _ variant: GeneratorVariant, _ ruler: Ruler) throws -> TrainingState.Finished {
        let game = try game(variant), monitor = try TrainingMonitor(context, settings, material, ruler, arm)
        var recent: [AdversarialGame.Losses] = [], first: [Double] = [], firstDistance: Double?
        if let progress = state.progress {
            guard progress.arm == arm, game.restore(progress.game), progress.recent.count <= 50, progress.first.count <= 10 else { throw Self.foreign }
            (recent, first, firstDistance) = (progress.recent, progress.first, progress.firstDistance)
        } else {
            monitor.begin(game)
        }
        let steps = settings.game.steps
        while game.step < steps {
            try context.proceed()
            let losses = try game.advance(proceed: context.proceed)
            guard losses.discriminator.isFinite, losses.adversarial.isFinite, losses.moment.isFinite else {
                throw PSAGANError("the losses of \(arm) are not finite at step \(game.step) of the stage train \(arm), at length \(game.sampler.shape.length(game.place(game.step - 1).depth)); take a smaller rate than \(settings.game.rate)")
            }
            recent = recent.suffix(49) + [losses]
            if first.count < 10 { first.append(losses.moment) }
            try monitor.look(game, losses, firstDistance: &firstDistance)
            let kept = (game.state, recent, first, firstDistance)
            if game.step % 10 == 0, game.step < steps {
                try context.saveCheckpoint("\(arm), step \(game.step)") {
                    var snapshot = state
                    snapshot.progress = .init(arm: arm, game: kept.0, recent: kept.1, first: kept.2, firstDistance: kept.3)
                    return try snapshot.encoded()
                }
            }
        }
        func mean(_ part: (AdversarialGame.Losses) -> Double, _ losses: some Collection<AdversarialGame.Losses>) -> Double { losses.reduce(0) { $0 + part($1) } / Double(max(1, losses.count)) }
        return .init(arm: arm, values: FloatBlock(game.generator.parameters.snapshot),
                     losses: .init(discriminator: mean(\.discriminator, recent), adversarial: mean(\.adversarial, recent), moment: mean(\.moment, recent)),
                     firstMoment: first.reduce(0, +) / Double(max(1, first.count)), lastMoment: mean(\.moment, recent.suffix(10)), firstDistance: firstDistance)
    }
}

/// A number for a sentence.
func short(_ value: Double, digits: Int = 3) -> String { String(format: "%.\(digits)g", value) }
