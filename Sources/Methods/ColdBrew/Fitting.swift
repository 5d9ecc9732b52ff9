import Experiments
import Tensors

/// How long and how fast a network is trained.
struct FittingPlan: Sendable {
    var epochs: Int, patience: Int, rate: Double, weightDecay: Double
}

/// What a validation gives: a larger score is better; among equal scores the smaller loss.
struct Validation {
    var score: Double, loss: Double
    func isBetter(than other: Validation) -> Bool { score > other.score || (score == other.score && loss < other.loss) }
}

extension Trainer {
    /// Trains with Adam until validation has not improved for `patience` epochs, and leaves the store at its best epoch.
    /// - Parameters:
    ///   - reported: the series and unit that the loss is sent as; nil where `loss` itself sends its parts.
    /// - Throws: `ColdBrewError` when the loss is not finite, with stage and epoch.
    func fit(_ stage: String, _ store: ParameterStore<Float>, _ plan: FittingPlan, reported: (series: String, unit: String)?, loss: (Int, RandomSource) throws -> Tensor<Float>,
             validate: (Int) throws -> Validation) throws -> Validation {
        let tape = Tape<Float>()
        let optimiser = Optimiser(store, .adam(weightDecay: plan.weightDecay), rate: plan.rate)
        let random = context.random.stream(stage)
        var best: (validation: Validation, snapshot: [Float], epoch: Int)?
        for epoch in 1...plan.epochs {
            try context.proceed()
            let value = try tape.differentiate(store) { try loss(epoch, random.stream("epoch", epoch)) }
            guard value.isFinite else { throw ColdBrewError("the loss of \(stage) is not finite at epoch \(epoch); take a smaller rate than \(plan.rate)") }
            optimiser.update()
            if let reported { context.metric(reported.series, step: Double(epoch), value: Double(value), unit: reported.unit) }
            if epoch % 10 == 0 { context.progress(Double(epoch), of: Double(plan.epochs), unit: "epochs of \(stage)") }
            let validation = try validate(epoch)
            if best.map({ validation.isBetter(than: $0.validation) }) ?? true { best = (validation, store.snapshot, epoch) }
            if let best, epoch - best.epoch >= plan.patience { break }
        }
        guard let best else { throw ColdBrewError("no epoch of \(stage) was run; give at least one") }
        _ = store.restore(best.snapshot)
        return best.validation
    }
}
