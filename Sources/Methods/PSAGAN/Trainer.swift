import Datasets
import Experiments
import Foundation
import Layers
import Tensors

/// One run: a list of stages over one panel, with a state that a checkpoint keeps after each, and within the training of a generator.
struct Trainer {
    let context: RunContext
    let settings: Settings
    let material: Material
    var state: TrainingState
    /// Made by the first stage.
    var ruler: Ruler?

    struct Stage {
        var name: String
        var run: (inout Trainer) throws -> Void
    }


    static func train(_ context: RunContext) throws {
        let settings = try Settings(context.parameters)
        let request = context.request
        let owner = ([request.dataset, "seed \(request.seed)"] + context.parameters.all.map { "\($0.key)=\($0.value.display)" }.sorted()).joined(separator: "\n")
        let state = try context.restoredState.map { try TrainingState(decoding: $0, owner: owner) } ?? TrainingState(owner: owner)
        let material = try Material(context, settings)
        var trainer = Trainer(context: context, settings: settings, material: material, state: state)
        try trainer.run()
    }

    private mutating func run() throws {
        let stages = stages
        guard (0...stages.count).contains(state.finishedStages) else { throw CheckpointError.foreign }
        if settings.task == .fidelity, let kept = state.embedder { ruler = try restoredRuler(kept) }
        for (index, stage) in stages.enumerated() where index >= state.finishedStages {
            if context.stage(stage.name, index + 1, of: stages.count, after: &state.announcedStage), index == 0 { reportPanel() }
            try stage.run(&self)
            state.finishedStages = index + 1
            try context.saveCheckpoint(stage.name) { try state.encoded() }
        }
        context.finish(state.results)
    }

    private var stages: [Stage] {
        switch settings.task {
        case .fidelity:
            return [Stage(name: "embedder") { try $0.trainEmbedder() }]
                + settings.arms.map { arm in Stage(name: "train \(arm.name)") { try $0.trainArm(arm) } }
                + [Stage(name: "measure") { try $0.measure() }]
                + settings.gaps.map { gap in Stage(name: "forecast over \(gap) h") { try $0.forecastFar(gap) } }
                + [Stage(name: "report") { try $0.reportTasks() }]
        case .stretches: return settings.stretches.map { length in Stage(name: "stretches of \(length) h") { try $0.forecastStretches(length) } } + [Stage(name: "report") { try $0.reportTasks() }]
        case .coldStart: return settings.coldShares.map { share in Stage(name: "\(Int((100 * share).rounded())) % cold") { try $0.forecastCold(share) } } + [Stage(name: "report") { try $0.reportTasks() }]
        case .lowData: return settings.lowShares.map { share in Stage(name: "\(Int((100 * share).rounded())) % of the data") { try $0.forecastLow(share) } } + [Stage(name: "report") { try $0.reportTasks() }]
        }
    }

    // MARK: - Embedder

    private func restoredRuler(_ kept: TrainingState.Embedder) throws -> Ruler {
        let training = EmbedderTraining(settings.embedder, material.panel)
        guard kept.values.floats.allSatisfy(\.isFinite), training.encoder.parameters.restore(kept.values.floats) else { throw CheckpointError.foreign }
        return Ruler(encoder: training.encoder)
    }

    func needRuler() throws -> Ruler {
        guard let ruler else { throw CheckpointError.foreign }
        return ruler
    }

    /// It takes seconds, so one that was interrupted begins anew.
    private mutating func trainEmbedder() throws {
        let training = EmbedderTraining(settings.embedder, material.panel), steps = settings.embedder.steps
        var recent: [Double] = []
        let thinning = max(1, steps / 2000)
        for step in 0..<steps {
            try context.proceed()
            let loss = try training.advance(step, proceed: context.proceed)
            guard loss.isFinite else { throw PSAGANError("the triplet loss is not finite at step \(step + 1) of the stage embedder; take a smaller encoder-rate than \(settings.embedder.rate)") }
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
        ruler = Ruler(encoder: training.encoder)
    }

    // MARK: - Generators

    private mutating func trainArm(_ arm: Arm) throws {
        _ = try trained(arm, "", material.panel, monitor: arm.variant != nil ? TrainingMonitor(context, settings, material, needRuler(), arm.name) : nil)
    }

    /// The generators of the run, as they were trained.
    func generators() throws -> [(arm: Arm, generator: any WindowGenerator)] {
        try settings.arms.map { arm in
            guard let kept = state.finished.first(where: { $0.arm == arm.name }) else { throw CheckpointError.foreign }
            return (arm, try generator(arm, kept, material.panel))
        }
    }

    private func game(_ variant: GeneratorVariant, _ panel: SeriesPanel) throws -> AdversarialGame {
        let shape = settings.shape(variant, series: panel.count)
        return AdversarialGame(variant, settings.game, try WindowSampler(panel, shape, variant.calendar), random: context.random.stream("game"))
    }

    private func baseline(_ kind: Arm.Kind, _ panel: SeriesPanel) -> any WindowModel {
        var start = context.random.stream("baseline weights")
        switch kind {
        case .timeGAN: return TimeGAN(length: settings.window, steps: settings.baselineSteps, random: &start)
        case .energyBased:
            let real = material.fit.real.map { Double($0) }
            return EBGAN(length: settings.window, variance: pow(Fidelity.deviation(real), 2), random: &start)
        default: return TimeVAE(length: settings.window, random: &start)
        }
    }

    private func generator(_ arm: Arm, _ kept: TrainingState.Finished, _ panel: SeriesPanel) throws -> any WindowGenerator {
        let values = kept.values.floats
        guard values.allSatisfy(\.isFinite) else { throw CheckpointError.foreign }
        if let variant = arm.variant {
            let game = try game(variant, panel)
            guard game.generator.parameters.restore(values) else { throw CheckpointError.foreign }
            return TrainedGenerator(generator: game.generator, sampler: game.sampler)
        }
        let model = baseline(arm.kind, panel)
        guard model.restore(values) else { throw CheckpointError.foreign }
        return UnconditionalGenerator(model: model, length: settings.window)
    }

    /// Trains a generator on a panel, or takes it from the state.
    /// - Parameter label: what distinguishes this training from others of the same arm, such as "20 h"; "" for none.
    mutating func trained(_ arm: Arm, _ label: String, _ panel: SeriesPanel, monitor: TrainingMonitor? = nil) throws -> any WindowGenerator {
        let name = label.isEmpty ? arm.name : "\(arm.name), \(label)"
        if let kept = state.finished.first(where: { $0.arm == name }) { return try generator(arm, kept, panel) }
        let done = try arm.variant.map { try trainProgressive(name, $0, panel, monitor) } ?? trainBaseline(name, arm.kind, panel)
        state.finished.append(done)
        state.progress = nil
        let kept = state
        try context.saveCheckpoint(name) { try kept.encoded() }
        return try generator(arm, done, panel)
    }

    private mutating func trainProgressive(_ name: String, _ variant: GeneratorVariant, _ panel: SeriesPanel, _ monitor: TrainingMonitor?) throws -> TrainingState.Finished {
        let game = try game(variant, panel)
        var recent: [AdversarialGame.Losses] = [], first: [Double] = [], firstDistance: Double?, lastDistance: Double?
        if let progress = state.progress {
            guard progress.arm == name, game.restore(progress.game), progress.recent.count <= 50, progress.first.count <= 10 else { throw CheckpointError.foreign }
            (recent, first, firstDistance) = (progress.recent, progress.first, progress.firstDistance)
        } else {
            monitor?.begin(game)
        }
        let steps = settings.game.steps
        while game.step < steps {
            try context.proceed()
            let losses = try game.advance(proceed: context.proceed)
            guard losses.discriminator.isFinite, losses.adversarial.isFinite, losses.moment.isFinite else {
                throw PSAGANError("the losses are not finite at step \(game.step) of the stage train \(name), at length \(game.sampler.shape.length(game.place(game.step - 1).depth)); take a smaller rate than \(settings.game.rate)")
            }
            recent = recent.suffix(49) + [losses]
            if first.count < 10 { first.append(losses.moment) }
            if let distance = try monitor?.look(game, losses, isFirst: firstDistance == nil) {
                firstDistance = firstDistance ?? distance
                lastDistance = distance
            }
            if monitor == nil, game.step % 10 == 0 { context.progress(Double(game.step), of: Double(steps), unit: "steps of \(name)") }
            guard game.step % 10 == 0, game.step < steps else { continue }
            let kept = (state, recent, first, firstDistance)
            try context.saveCheckpoint("\(name), step \(game.step)") {
                var snapshot = kept.0
                snapshot.progress = .init(arm: name, game: game.state, recent: kept.1, first: kept.2, firstDistance: kept.3)
                return try snapshot.encoded()
            }
        }
        func mean(_ part: (AdversarialGame.Losses) -> Double, _ losses: some Collection<AdversarialGame.Losses>) -> Double { losses.reduce(0) { $0 + part($1) } / Double(max(1, losses.count)) }
        return .init(arm: name, values: FloatBlock(game.generator.parameters.snapshot),
                     losses: .init(discriminator: mean(\.discriminator, recent), adversarial: mean(\.adversarial, recent), moment: mean(\.moment, recent)),
                     firstMoment: first.reduce(0, +) / Double(max(1, first.count)), lastMoment: mean(\.moment, recent.suffix(10)), firstDistance: firstDistance, lastDistance: lastDistance)
    }

    /// A baseline takes about as long as a stage; one that was interrupted begins anew.
    private func trainBaseline(_ name: String, _ kind: Arm.Kind, _ panel: SeriesPanel) throws -> TrainingState.Finished {
        let model = baseline(kind, panel), variant = GeneratorVariant(), sampler = try WindowSampler(panel, settings.shape(variant, series: panel.count), variant.calendar)
        let random = context.random.stream("baseline"), steps = settings.baselineSteps, thinning = max(1, steps / 2000)
        for step in 0..<steps where !model.isDone {
            try context.proceed()
            var draw = random.stream("step", step)
            let losses = try model.advance(step, sampler, &draw, proceed: context.proceed)
            guard losses.values.allSatisfy(\.isFinite) else { throw PSAGANError("the losses are not finite at step \(step + 1) of the stage train \(name); take another seed") }
            if step % thinning == 0 { for (part, loss) in losses.sorted(by: { $0.key < $1.key }) { context.metric("baseline loss/\(name) \(part)", step: Double(step + 1), value: loss) } }
            if step % 10 == 9 { context.progress(Double(step + 1), of: Double(steps), unit: "steps of \(name)") }
        }
        return .init(arm: name, values: FloatBlock(model.snapshot), losses: nil)
    }
}

/// A number for a sentence.
func short(_ value: Double, digits: Int = 3) -> String { String(format: "%.\(digits)g", value) }
