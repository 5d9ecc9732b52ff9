import Datasets
import Experiments
import Foundation
import Tensors

/// One run: each predictor is trained and attributed, then the report.
struct Trainer {
    let context: RunContext
    let settings: Settings
    let material: Material
    /// What the games are about: the chosen measure, and always the mean displacement.
    let measures: [ErrorMeasure]
    /// A predictor that was trained elsewhere.
    let model: ModelFile?
    var state: TrainingState
    /// Predictors with their best weights, and their attributions, in the order of the arms.
    private(set) var trained: [(arm: Arm, predictor: any Predictor, attributions: [TargetAttribution])] = []

    /// Targets between two checkpoints of an attribution.
    private static let block = 16

    static func train(_ context: RunContext) throws {
        var settings = try Settings(context.parameters)
        let model = try settings.modelFile.isEmpty ? nil : ModelFile(path: settings.modelFile)
        if let model, let arm = Arm.all.first(where: { $0.word == model.word }), !settings.arms.contains(arm) { settings.arms.append(arm) }
        let state = try context.restoredState.map(TrainingState.init(decoding:)) ?? TrainingState()
        let material = try Material(context, settings)
        let measures = settings.value == .ade ? [ErrorMeasure.ade] : [settings.value, .ade]
        var trainer = Trainer(context: context, settings: settings, material: material, measures: measures, model: model, state: state)
        try trainer.run()
    }

    private init(context: RunContext, settings: Settings, material: Material, measures: [ErrorMeasure], model: ModelFile?, state: TrainingState) {
        (self.context, self.settings, self.material, self.measures, self.model, self.state) = (context, settings, material, measures, model, state)
    }

    private mutating func run() throws {
        let arms = settings.arms, stages = 2 * arms.count + 1
        guard state.finished.count <= arms.count, zip(arms, state.finished).allSatisfy({ $0.name == $1.arm }) else { throw CheckpointError.foreign }
        for (index, arm) in arms.enumerated() {
            let isGiven = model?.word == arm.word, own = isGiven ? model?.adapted(settings) ?? settings : settings
            let predictor = arm.predictor(own, material, random: context.random)
            if index >= state.finished.count {
                if context.stage(isGiven ? "read \(arm.name)" : arm.isTrained ? "train \(arm.name)" : arm.name, 2 * index + 1, of: stages, after: &state.announcedStage), index == 0 { reportMaterial() }
                if isGiven, let model, let store = predictor.parameters {
                    try model.load(into: predictor, path: settings.modelFile, material)
                    state.finished.append(.init(arm: arm.name, weights: FloatBlock(store.snapshot), bestStep: 0, bestValidation: 0))
                } else {
                    state.finished.append(try train(arm, predictor))
                    if let store = predictor.parameters { try context.saveArtifact("\(arm.word).safetensors", ModelFile.encoded(arm, store, settings, material)) }
                }
                state.progress = nil
                try save(arm.name)
            } else if let store = predictor.parameters {
                guard store.restore(state.finished[index].weights.floats) else { throw CheckpointError.foreign }
            }
            trained.append((arm, predictor, try attribute(index, arm, predictor, stages)))
        }
        context.stage("report", stages, of: stages, after: &state.announcedStage)
        try context.proceed()
        context.finish(try report())
    }

    private func save(_ name: String) throws { try context.saveCheckpoint(name) { try state.encoded() } }

    // MARK: - Training

    private mutating func train(_ arm: Arm, _ predictor: any Predictor) throws -> TrainingState.Finished {
        guard let training = PredictorTraining(arm, predictor, settings, material, random: context.random.stream("training")) else {
            return .init(arm: arm.name, weights: FloatBlock([]), bestStep: 0, bestValidation: 0)
        }
        if let progress = state.progress {
            guard training.restore(progress) else { throw CheckpointError.foreign }
        } else { try validate(training) }
        while !training.isFinished {
            try context.proceed()
            let loss = try training.advance()
            context.metric("\(arm.model == .endpoint ? "training loss" : "training")/\(arm.name)", step: Double(training.step), value: loss, unit: arm.lossUnit)
            if training.step % 5 == 0 { context.progress(Double(training.step), of: Double(settings.steps), unit: "steps of \(arm.name)") }
            if training.step % settings.validateEvery == 0 || training.isFinished { try validate(training) }
            guard training.step % 10 == 0 || training.isFinished else { continue }
            var snapshot = state
            try context.saveCheckpoint("\(arm.name), step \(training.step)") {
                snapshot.progress = training.progress
                return try snapshot.encoded()
            }
        }
        return training.finish()
    }

    private func validate(_ training: PredictorTraining) throws {
        let found = try training.validate(proceed: context.proceed), step = Double(training.step), name = training.arm.name
        let decisive = training.arm.decisive(training.predictor)
        context.metric("validation\(decisive == .nllc ? "" : " \(decisive.title)")/\(name)", step: step, value: found.decisive, unit: decisive.unit)
        context.metric("validation ADE/\(name)", step: step, value: found.ade, unit: "m")
        if let constant = constantVelocityError { context.metric("validation ADE/CV", step: step, value: constant, unit: "m") }
    }

    /// The baseline that needs no training, on the validation targets.
    private var constantVelocityError: Double? {
        let predictor = ConstantVelocity(step: material.dataset.step, predicted: material.cutting.predicted)
        let errors = try? Evaluation.errors(predictor, PlayedTargets(material.validation), measures: [.ade], random: context.random, proceed: {})
        return errors.map { $0[0].reduce(0, +) / Double($0[0].count) }
    }

    // MARK: - Attribution

    /// The measures of a predictor: one without densities is judged by its samples.
    func measures(of predictor: any Predictor) -> [ErrorMeasure] {
        predictor.hasDensity ? measures : measures.count == 1 || !measures[0].needsDensity ? measures : [.minade, .ade]
    }

    private mutating func attribute(_ index: Int, _ arm: Arm, _ predictor: any Predictor, _ stages: Int) throws -> [TargetAttribution] {
        let count = material.test.count, measures = measures(of: predictor)
        var reader = AttributionNumbers(reading: state.finished[index].attributions.numbers)
        guard (0...count).contains(state.finished[index].attributed), var found = reader.attributions(state.finished[index].attributed), fits(found, measures) else { throw CheckpointError.foreign }
        if found.count < count || count == 0 { context.stage("attribute \(arm.name)", 2 * index + 2, of: stages, after: &state.announcedStage) }
        let attributor = Attributor(estimator: settings.estimator, permutations: settings.permutations, measures: measures, random: context.random.stream("attribution"))
        while found.count < count {
            let range = found.count..<min(found.count + Self.block, count)
            let real = try attributor.games(material.real.part(range), of: predictor, first: range.lowerBound, proceed: context.proceed)
            let null = try attributor.games(material.null.part(range), of: predictor, first: range.lowerBound, proceed: context.proceed)
            let stranger = try attributor.games(material.stranger.part(range), of: predictor, first: range.lowerBound, proceed: context.proceed)
            for place in range.indices {
                let local = place - range.lowerBound, hasStranger = material.stranger.players(place) > material.real.players(place)
                found.append(TargetAttribution(real: real[local].games, null: null[local].games, stranger: hasStranger ? stranger[local].games.map { $0.values.last ?? .nan } : [],
                                               table: real[local].table, codeGap: real[local].codeGap))
            }
            state.finished[index].attributed = found.count
            state.finished[index].attributions = DoubleBlock(AttributionNumbers(found).numbers)
            context.progress(Double(found.count), of: Double(count), unit: "targets of \(arm.name)")
            reportRunning(arm, found, measures)
            try save("\(arm.name), \(found.count) targets")
        }
        return found
    }

    /// Whether what a checkpoint holds has the sizes of this run's games: it is a file, and may be another run's.
    private func fits(_ found: [TargetAttribution], _ measures: [ErrorMeasure]) -> Bool {
        found.enumerated().allSatisfy { place, attribution in
            let players = material.real.players(place), nullPlayers = material.null.players(place)
            return attribution.real.count == measures.count && attribution.null.count == measures.count && (attribution.stranger.isEmpty || attribution.stranger.count == measures.count)
                && attribution.real.allSatisfy { $0.values.count == players && $0.givenPast.count == players - 1 }
                && attribution.null.allSatisfy { $0.values.count == nullPlayers && $0.givenPast.count == nullPlayers - 1 }
                && (attribution.table.isEmpty || (players <= CoalitionGame.most && attribution.table.count == 1 << players))
        }
    }
}

extension Arm {
    /// What the training loss is counted in.
    var lossUnit: String { model == .endpoint ? "m² + nats" : "nats" }
}
