import Datasets
import Experiments
import Foundation
import Tensors

/// One run: each model is trained and predicts every set, then the report. A model whose loss is no number is given up, and the queue goes on.
struct Trainer {
    let context: RunContext
    let settings: Settings
    let material: Material
    let arms: [Arm]
    var state: TrainingState
    /// What is known of the model at work, for the queue's list.
    var current: Current?

    struct Current {
        var arm: Int, phase: String, step: Int, steps: Int
        var watched: [Double]
        var seconds: Double
    }

    static func train(_ context: RunContext) throws {
        let settings = try Settings(context.parameters), library = context.library
        func hasWeights(_ number: Int) -> Bool { library.entry("efficientnet-lite\(number)").map { $0.state != .missing } ?? false }
        let arms = try Arm.list(settings.models, betas: settings.betas) { settings.transfer == .weights || (settings.transfer == .auto && hasWeights($0)) }
        for case .transfer(let number) in arms.map(\.kind) where !hasWeights(number) {
            let command = library.entry("efficientnet-lite\(number)")?.obtain ?? ""
            throw VisualGeneralisationError("the weights of EfficientNet-Lite\(number) are not on this machine; bring them with: \(command), or set transfer to synthetic for networks that are pretrained here")
        }
        let material = try Material(context, settings)
        let owner = "\(context.request.dataset) \(material.dataset.checksum) \(context.request.seed) \(settings.identity) \(arms.map(\.name))"
        let state = try context.restoredState.map { try TrainingState(decoding: $0, owner: owner) } ?? TrainingState(owner: owner)
        var trainer = Trainer(context: context, settings: settings, material: material, arms: arms, state: state)
        try trainer.run()
    }

    private mutating func run() throws {
        guard state.finished.count <= arms.count, zip(arms, state.finished).allSatisfy({ $0.name == $1.arm }), state.finished.allSatisfy(fits) else { throw CheckpointError.foreign }
        for index in arms.indices where index >= state.finished.count {
            if context.stage("train \(arms[index].name)", index + 1, of: arms.count + 1, after: &state.announcedStage), index == 0 { reportMaterial() }
            state.finished.append(try trained(index))
            (state.progress, current) = (nil, nil)
            reportQueue()
            try reportFindings()
            let kept = state
            try context.saveCheckpoint(arms[index].name) { try kept.encoded() }
        }
        context.stage("report", arms.count + 1, of: arms.count + 1, after: &state.announcedStage)
        try context.proceed()
        try finish()
    }

    /// Whether a finished model's numbers have the sizes of this run's sets: a checkpoint is a file.
    private func fits(_ done: TrainingState.Finished) -> Bool {
        if done.failure != nil { return done.predictions.isEmpty }
        let n = material.factors.count, sets = material.sets
        guard done.predictions.count == sets.count, zip(done.predictions, sets).allSatisfy({ $0.bytes.count == 4 * $1.count * n }) else { return false }
        guard let measure = done.disentanglement else { return true }
        return measure.importance.count == settings.latents && measure.factors.allSatisfy(material.factors.indices.contains) && measure.importance.allSatisfy { $0.count == measure.factors.count }
    }

    private func learner(_ arm: Arm) throws -> any Learner {
        let own = LearnerContext(context: context, settings: settings, material: material, arm: arm)
        switch arm.kind {
        case .supervised(let architecture): return SupervisedLearner(own, architecture)
        case .latent(let kind, let beta): return LatentLearner(own, kind, beta: beta)
        case .transfer(let number): return TransferLearner(own, network: number)
        case .pretrained(let architecture):
            let other = try context.library.open(material.dataset.identifier == "rooms" ? "arm" : "rooms", as: FactorDataset.self).resized(to: settings.side)
            guard let other else { throw VisualGeneralisationError("the generator to pretrain on cannot draw \(settings.side) x \(settings.side)") }
            return PretrainedLearner(own, architecture, other: try Material(other, pretraining, split: .random, random: context.random.stream("pretraining data"), proceed: context.proceed))
        }
    }

    /// Of another generator only training images are needed.
    private var pretraining: Settings {
        var other = settings
        (other.testImages, other.oneFactorImages, other.gapImages, other.treeImages, other.heldOut, other.compositionShare) = (16, 8, 1, 1, 0, 0)
        return other
    }

    // MARK: - One model

    private mutating func trained(_ index: Int) throws -> TrainingState.Finished {
        let arm = arms[index], learner = try learner(arm), began = ContinuousClock.now
        var first = 0, restored: TrainingState.Phase?, before = 0.0, watched = [Double.nan, .nan], firstLosses: [Double] = [], lastLosses: [Double] = []
        if let progress = state.progress {
            guard progress.arm == arm.name, (0..<learner.phaseCount).contains(progress.number), progress.carried.count == progress.number, progress.watched.count == 2, progress.seconds.isFinite,
                  progress.firstLosses.count <= 5, progress.lastLosses.count <= 5, learner.restore(carried: progress.carried) else { throw CheckpointError.foreign }
            (first, restored, before, watched) = (progress.number, progress.phase, progress.seconds, progress.watched)
            (firstLosses, lastLosses) = (progress.firstLosses, progress.lastLosses)
            learner.skippedPairs = progress.skippedPairs
        }
        func seconds() -> Double { before + began.duration(to: .now) / .seconds(1) }
        for number in first..<learner.phaseCount {
            let phase = try learner.phase(number)
            if let block = restored { guard phase.restore(block) else { throw CheckpointError.foreign } }
            restored = nil
            if phase.step == 0 { show(index, phase, watched, seconds()) }
            while !phase.isFinished {
                try context.proceed()
                let found = try phase.advance(), step = phase.step
                guard found.loss.isFinite else {
                    let failure = "the loss is not finite at step \(step) of “\(phase.title)”"
                    context.warning("\(arm.name) is given up: \(failure); take a smaller rate than \(settings.rate)")
                    return .init(arm: arm.name, parameters: learner.parameterCount, failure: failure, seconds: seconds())
                }
                if number == 0 {
                    if firstLosses.count < 5 { firstLosses.append(found.loss) }
                    lastLosses = lastLosses.suffix(4) + [found.loss]
                }
                report(arm, phase, number, found.loss, found.readings)
                if step % 10 == 0 || phase.isFinished { context.progress(Double(step), of: Double(phase.steps), unit: "steps of \(arm.name), \(phase.title)") }
                if step % settings.watchEvery == 0 || phase.isFinished {
                    if learner.predicts(in: number) { watched = try watch(arm, learner, step) }
                    show(index, phase, watched, seconds())
                }
                guard step % 25 == 0, !phase.isFinished else { continue }
                let kept = state, (last, elapsed) = (watched, seconds()), (start, end) = (firstLosses, lastLosses)
                try context.saveCheckpoint("\(arm.name), \(phase.title), step \(step)") {
                    var snapshot = kept
                    snapshot.progress = .init(arm: arm.name, number: number, carried: learner.carried, phase: .init(step: step, network: NetworkBlock(phase.store, phase.optimiser)),
                                              skippedPairs: learner.skippedPairs, firstLosses: start, lastLosses: end, seconds: elapsed, watched: last)
                    return try snapshot.encoded()
                }
            }
        }
        var done = TrainingState.Finished(arm: arm.name, parameters: learner.parameterCount, skippedPairs: learner.skippedPairs)
        func mean(_ losses: [Double]) -> Double { losses.isEmpty ? .nan : losses.reduce(0, +) / Double(losses.count) }
        (done.firstLoss, done.lastLoss) = (mean(firstLosses), mean(lastLosses))
        done.predictions = try material.sets.map { FloatBlock(try learner.predictions($0)) }
        done.disentanglement = try disentanglement(learner)
        if learner.skippedPairs > 0 { context.note("\(arm.name): \(learner.skippedPairs) images had no partner within the training part and were drawn anew") }
        try context.saveArtifact("\(arm.fileName).safetensors", Safetensors.encoded(learner.artifact, metadata: ["model": arm.name, "data": context.request.dataset, "division": settings.split.rawValue]))
        done.seconds = seconds()
        return done
    }

    private func report(_ arm: Arm, _ phase: TrainingPhase, _ number: Int, _ loss: Double, _ readings: [Reading]) {
        let step = Double(phase.step)
        switch arm.kind {
        case .latent where number == 0:
            for reading in readings { context.metric("\(reading.series)/\(arm.name)", step: step, value: reading.value, unit: reading.unit) }
        case .pretrained where number == 0: context.metric("pretraining loss/\(arm.name)", step: step, value: loss)
        default: context.metric("loss/\(arm.name)", step: step, value: loss)
        }
    }

    /// R² of some iid and test images, for the curves alone: nothing is chosen by it.
    private func watch(_ arm: Arm, _ learner: any Learner, _ step: Int) throws -> [Double] {
        try [material.iid, material.test].map { set in
            let part = set.prefix(settings.watchImages), scores = FactorScores(try learner.predictions(part), values: part.values, factors: material.factors)
            let value = scores.mean(material.mainAverage, material.factors) ?? .nan
            context.metric("R² \(set.name)/\(arm.name)", step: Double(step), value: value)
            return value
        }
    }

    private mutating func show(_ index: Int, _ phase: TrainingPhase, _ watched: [Double], _ seconds: Double) {
        current = Current(arm: index, phase: phase.title, step: phase.step, steps: phase.steps, watched: watched, seconds: seconds)
        reportQueue()
    }

    /// MIG and DCI on images of the training part.
    private func disentanglement(_ learner: any Learner) throws -> Disentanglement? {
        guard case let indices = material.encoded, !indices.isEmpty, try learner.latentMeans(material.training.prefix(1)) != nil else { return nil }
        var means: [[Double]] = [], values: [Int] = []
        let n = material.factors.count
        for start in stride(from: 0, to: indices.count, by: 500) {
            let set = try ImageSet("encoded", Array(indices[start..<min(indices.count, start + 500)]), material.dataset, proceed: context.proceed)
            means += try learner.latentMeans(set) ?? []
            values += set.values
        }
        let factors = (0..<n).map { j in stride(from: j, to: values.count, by: n).map { values[$0] } }
        let varied = factors.indices.filter { Set(factors[$0]).count > 1 }
        func columns(_ count: Int) -> [[Double]] { (0..<settings.latents).map { latent in means.prefix(count).map { $0[latent] } } }
        let gap = Disentanglement.mutualInformationGap(latents: columns(settings.gapImages), factors: varied.map { Array(factors[$0].prefix(settings.gapImages)) })
        try context.proceed()
        let targets = varied.map { j in factors[j].prefix(settings.treeImages).map { FactorScores.target($0, material.factors[j]) } }
        let importance = BoostedTrees().importance(latents: columns(settings.treeImages), factors: targets), scores = Disentanglement.scores(importance)
        return Disentanglement(mig: gap, disentanglement: scores.disentanglement, completeness: scores.completeness, importance: importance, factors: varied)
    }
}

extension Material {
    /// The mean that decides: over factors that are no categories, or over all where there are no others.
    var mainAverage: FactorScores.Average { factors.contains(where: FactorScores.Average.nonCategorical.includes) ? .nonCategorical : .all }
}
