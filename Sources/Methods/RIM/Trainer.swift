import Datasets
import Experiments
import Foundation
import Tensors

/// One run: the intensities, then each model, then rankings, matching and the report, with a state that a checkpoint keeps after each.
struct Trainer {
    let context: RunContext
    let settings: Settings
    let material: Material
    var state: TrainingState
    /// Hawkes features g of the requests of D and V; empty where no intensity uses them.
    let features: HawkesFeatures
    var testFeatures: [[Double]] = [], validationFeatures: [[Double]] = []

    struct Stage {
        var name: String
        var run: (inout Trainer) throws -> Void
    }

    static func train(_ context: RunContext) throws {
        let settings = try Settings(context.parameters)
        let material = try Material(context, settings), origin = Self.origin(context, material)
        var state = try context.restoredState.map(TrainingState.init(decoding:)) ?? TrainingState()
        if context.restoredState == nil { state.origin = origin }
        guard state.origin == origin else { throw CheckpointError.foreign }
        var trainer = Trainer(context: context, settings: settings, material: material, state: state, features: HawkesFeatures(scales: settings.scales))
        try trainer.run()
    }

    /// What determines every number of a run, but the build.
    private static func origin(_ context: RunContext, _ material: Material) -> String {
        let values = context.parameters.all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.display)" }
        return ([material.dataset.checksum, "seed \(context.request.seed)"] + values).joined(separator: "; ")
    }

    private mutating func run() throws {
        let stages = stages()
        try check(stages.count)
        if settings.needsHawkes {
            testFeatures = try requestFeatures(material.split.test)
            validationFeatures = try requestFeatures(material.split.validation)
        }
        if state.announcedStage == 0 {
            for note in material.notes { context.note(note) }
            for warning in material.warnings { context.warning(warning) }
        }
        for (index, stage) in stages.enumerated() where index >= state.finishedStages {
            context.stage(stage.name, index + 1, of: stages.count, after: &state.announcedStage)
            try stage.run(&self)
            guard index < stages.count - 1 else { return }
            state.finishedStages = index + 1
            let snapshot = state
            try context.saveCheckpoint(stage.name, force: true) { try snapshot.encoded() }
        }
    }

    private func stages() -> [Stage] {
        var stages: [Stage] = []
        if settings.needsHawkes { stages.append(Stage(name: "Hawkes") { try $0.fitHawkes() }) }
        if settings.uses(.hp) { stages.append(Stage(name: "HP") { try $0.fitHawkesPoisson() }) }
        for base in settings.models where base.isFitted { stages.append(Stage(name: base.name) { try $0.fit(base, $0.material.training, name: base.name) }) }
        if settings.dualFit == .honest {
            for base in BaseModel.allCases where base.isFitted && settings.matched.contains(where: { $0.base == base }) {
                let name = Self.honestName(base)
                stages.append(Stage(name: name) { try $0.fit(base, $0.material.trainingBeforeValidation, name: name) })
            }
        }
        if settings.uses(.rnn) { stages.append(Stage(name: UserIntensity.rnn.name) { try $0.fitRecurrentIntensity() }) }
        for arm in settings.matched where arm.intensity != .oracle || material.dataset.process != nil { stages.append(Stage(name: "match \(arm.name)") { try $0.match(arm) }) }
        stages.append(Stage(name: "report") { try $0.report() })
        return stages
    }

    /// Whether what a checkpoint holds has the sizes of this run: it is a file, and may be another run's.
    /// - Throws: `CheckpointError`.
    private func check(_ stages: Int) throws {
        let features = settings.scales.count * 2 + 1
        guard (0..<stages).contains(state.finishedStages), (0...stages).contains(state.announcedStage),
              [state.hawkes, state.hawkesPoisson].allSatisfy({ ($0.isEmpty || $0.count == features) && $0.allSatisfy(\.isFinite) }),
              state.models.allSatisfy({ $0.factors.fits(test: material.n, validation: material.split.validation.count, items: material.m) }),
              state.recurrentCounts.isEmpty || state.recurrentCounts.map(\.count) == [material.n, material.split.validation.count],
              state.matchings.allSatisfy({ $0.fits(items: material.m) }), state.cuts.count <= 100_000 else { throw CheckpointError.foreign }
    }

    // MARK: - Intensities

    private func requestFeatures(_ requests: [Request]) throws -> [[Double]] {
        try requests.enumerated().map { place, request in
            if place.isMultiple(of: 16) { try context.proceed() }
            return features(material.historyTimes(request), at: request.start, horizon: material.horizon)
        }
    }

    private mutating func fitHawkes() throws {
        var moments = HawkesMoments(features)
        for user in 0..<material.events.userCount where material.split.ends[user].isFinite {
            if user.isMultiple(of: 16) { try context.proceed() }
            let own = material.events.events(of: user).prefix(material.split.training[user])
            moments.add(material.intensityTimes[own.lowerBound..<own.upperBound], until: material.split.ends[user], horizon: material.horizon)
        }
        let fit = try HawkesFit(moments, penalty: settings.hawkesPenalty, sweeps: settings.hawkesSweeps) { sweep, objective in
            try context.proceed()
            if sweep <= 20 || sweep.isMultiple(of: 20) { context.metric("Hawkes fit/objective", step: Double(sweep), value: objective, unit: "per event") }
        }
        state.hawkes = fit.weights
        reportHawkes(fit)
    }

    private mutating func fitHawkesPoisson() throws {
        let poisson = HawkesPoisson(features: validationFeatures, counts: material.validationCounts, ridge: settings.poissonRidge)
        let mean = material.validationCounts.reduce(0, +) / Double(max(1, material.validationCounts.count))
        let constant = mean - mean * log(1e-10 + mean)
        let fitted = try poisson.fit(iterations: settings.poissonIterations) { iteration, loss in
            try context.proceed()
            // Far above, where it begins, it would flatten all that follows.
            guard loss < constant + 3 || iteration.isMultiple(of: 50) else { return }
            context.metric("HP fit/Poisson loss and ridge", step: Double(iteration), value: loss, unit: "nats a request")
            context.metric("HP fit/constant rate", step: Double(iteration), value: constant, unit: "nats a request")
        }
        state.hawkesPoisson = fitted.weights
    }

    /// λ of each request of a part, above 0.
    func intensity(_ kind: UserIntensity, _ part: FactorModel.Part) throws -> [Double] {
        let requests = material.requests(part), features = part == .test ? testFeatures : validationFeatures
        func weighted(_ weights: [Double]) throws -> [Double] {
            guard weights.count == self.features.count, features.count == requests.count else { throw CheckpointError.foreign }
            return features.map { HawkesPoisson.count(weights, $0) }
        }
        let values: [Double] = switch kind {
        case .none: requests.map { _ in 1 }
        case .pop: requests.map { UserIntensity.popularity(material.historyTimes($0)) }
        case .ema: requests.map { UserIntensity.movingAverage(material.historyTimes($0), at: $0.start, horizon: material.horizon) }
        case .hawkes: try weighted(state.hawkes)
        case .hp: try weighted(state.hawkesPoisson)
        case .rnn: try recurrentCounts(part)
        case .oracle:
            requests.map { request in
                material.dataset.process?.expectedCount(user: request.user, history: material.events.times[request.history], start: request.start, horizon: request.horizon) ?? 0
            }
        }
        // What has left still has an order of items.
        return values.map { max($0, 1e-200) }
    }

    private func recurrentCounts(_ part: FactorModel.Part) throws -> [Double] {
        let place = part == .test ? 0 : 1
        guard state.recurrentCounts.indices.contains(place), state.recurrentCounts[place].count == material.requests(part).count else { throw CheckpointError.foreign }
        return state.recurrentCounts[place]
    }

    // MARK: - Models

    private mutating func fit(_ base: BaseModel, _ training: TrainingEvents, name: String) throws {
        guard training.users.count >= 2 else { throw RIMError("\(training.users.count) users have events to train \(name) with; two or more are needed: take a later test-start") }
        let factors: FactorModel
        switch base {
        case .gru, .transformer: factors = try fitSequences(base, training, name: name)
        case .als: factors = try fitALS(training, name: name)
        case .lmf: factors = try fitLogistic(training, name: name)
        case .bprItem: factors = try fitPairwise(.items, training, name: name)
        case .bprUser: factors = try fitPairwise(.users, training, name: name)
        case .bpr: factors = try fitPairwise(.both, training, name: name)
        case .graphconv: factors = try fitConvolution(hasExtra: false, name: name)
        case .graphconvExtra: factors = try fitConvolution(hasExtra: true, name: name)
        case .lda: factors = try fitLatentDirichlet(training, name: name)
        case .itempop, .rand: return
        }
        state.models.append(.init(name: name, factors: factors))
    }

    /// The scores of a base for the requests of a part, pairs of the history excluded.
    func scores(_ base: BaseModel, _ part: FactorModel.Part) throws -> ScoreTable {
        let rows = material.requests(part).count, m = material.m
        switch base {
        case .itempop:
            return ScoreTable(rows: rows, columns: m, values: (0..<rows).flatMap { _ in material.popularity.map { 0.01 + $0 } }, excluded: material.excluded(part))
        case .rand:
            var random = context.random.stream("random scores")
            return ScoreTable(rows: rows, columns: m, values: (0..<rows * m).map { _ in random.uniform() }, excluded: material.excluded(part))
        default:
            guard let factors = state.factors(of: base.name) else { throw CheckpointError.foreign }
            return try factors.scores(part, items: m, excluded: material.excluded(part), proceed: context.proceed)
        }
    }
}
