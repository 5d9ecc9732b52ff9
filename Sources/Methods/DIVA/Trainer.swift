import Experiments
import Foundation
import Tensors

/// One run: a list of stages over shared material, with a state that a checkpoint keeps.
///
/// Each stage reads only the material (a function of the request) and the state, so a run that goes on from a checkpoint makes
/// the same numbers and the same events as one that was never stopped.
struct Trainer {
    let context: RunContext
    let settings: Settings
    var material: Material
    var state: TrainingState

    struct Stage {
        var name: String
        var run: (inout Trainer) throws -> Void
    }

    static func train(_ context: RunContext) throws {
        let settings = try Settings(context.parameters)
        let stages = stages(settings)
        let state = try context.restoredState.map(TrainingState.init(decoding:)) ?? TrainingState()
        let isFresh = state.finishedStages == 0
        if isFresh { context.stage("features", 1, of: stages.count + 1) }
        let material = try Material(context, settings, isReporting: isFresh)
        try state.check(against: .init(stages: stages.count, examples: material.training.count * (1 + material.copies.count), core: material.core,
                                       steps: settings.steps))
        var trainer = Trainer(context: context, settings: settings, material: material, state: state)
        if isFresh {
            trainer.state.finishedStages = 1
            try trainer.saveCheckpoint("features")
        }
        for (index, stage) in stages.enumerated() where index + 1 >= trainer.state.finishedStages {
            if trainer.state.announcedStage < index {
                context.stage(stage.name, index + 2, of: stages.count + 1)
                trainer.state.announcedStage = index
            }
            try stage.run(&trainer)
            trainer.state.finishedStages = index + 2
            try trainer.saveCheckpoint(stage.name)
        }
        context.finish(trainer.state.results)
    }

    private static func stages(_ settings: Settings) -> [Stage] {
        let lambda = Stage(name: "lambda") { try $0.chooseLambda() }
        switch settings.task {
        case .detect:
            return [lambda, Stage(name: "detect") { try $0.detect() }, Stage(name: "refit") { try $0.refit() }]
        case .reweight:
            return [lambda, Stage(name: "detect") { try $0.detect() }, Stage(name: "reweight") { try $0.reweight() },
                    Stage(name: "refit") { try $0.refit() }]
                + (settings.gradientBaselines ? [Stage(name: "gradient baselines") { try $0.trainGradientBaselines() }] : [])
        case .extend:
            return [lambda, Stage(name: "extend") { try $0.extend() }, Stage(name: "compare") { try $0.compareExtension() }]
        case .augment:
            return [lambda, Stage(name: "reweight") { try $0.augment() }, Stage(name: "refit") { try $0.refitAugmented() }]
        }
    }

    /// What an earlier stage handed over.
    /// - Throws: `CheckpointError` where a checkpoint names the stage as finished and lacks what it made.
    func handedOver<Value>(_ value: Value?, by stage: String) throws -> Value {
        guard let value else { throw CheckpointError("the checkpoint lacks what the stage “\(stage)” made; start the run anew") }
        return value
    }

    func saveCheckpoint(_ name: String) throws {
        try context.saveCheckpoint(name) { try state.encoded() }
    }

    mutating func add(_ name: String, arm: String, unit: String = "", value: Double?, better: RunEvent.Result.Direction, baseline: String? = nil) {
        guard let value else { return }
        state.results.append(.init(name: name, arm: arm, unit: unit, value: value, better: better, baseline: baseline))
    }

    /// The strength at which derivatives are taken.
    var derivativeLambda: Double { state.lambda * settings.lambdaFactor }

    /// The derivative that the settings ask for: of the leave-one-out loss, or of the loss on the held-out examples.
    func derivative(_ ridge: WeightedRidge, mask: [Double]? = nil) throws -> DatasetDerivative {
        if let validation = material.validation {
            return DatasetDerivative.validation(ridge, features: validation.features, targets: validation.targets, loss: settings.loss)
        }
        return try DatasetDerivative.leaveOneOut(ridge, loss: settings.loss, mask: mask, proceed: context.proceed)
    }

    // MARK: - Lambda

    mutating func chooseLambda() throws {
        if let lambda = settings.lambda {
            state.lambda = lambda
        } else {
            let set = settings.task == .extend ? try material.training.subset(Array(0..<material.core)) : material.training
            let problem = try WeightedLeastSquares(features: set.features, targets: set.targets, proceed: context.proceed)
            let sweep = try LambdaSelection.sweep(problem, proceed: context.proceed)
            for (lambda, loss) in zip(sweep.lambdas, sweep.losses) where loss.isFinite {
                context.metric("lambda sweep/leave-one-out", step: log10(lambda), value: loss)
            }
            state.lambda = sweep.best
            if sweep.best == sweep.lambdas.first || sweep.best == sweep.lambdas.last {
                context.note("the least leave-one-out loss lies at the end of the grid, lambda \(short(sweep.best)); a better one may lie beyond, set lambda by hand to look")
            }
        }
        context.metric("lambda sweep/chosen", step: log10(state.lambda), value: 0)
        add("lambda", arm: "chosen", value: state.lambda, better: .neither)
    }
}

/// A number for a sentence.
func short(_ value: Double, digits: Int = 3) -> String {
    let text = String(format: "%.\(digits)g", value)
    return text
}
