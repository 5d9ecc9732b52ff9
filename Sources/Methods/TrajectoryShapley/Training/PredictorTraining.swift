import Experiments
import Foundation
import Layers
import Tensors

/// Trains one predictor; a value of it is the state after some steps.
final class PredictorTraining {
    let arm: Arm
    let predictor: any Predictor
    private let settings: Settings, material: Material
    private let store: ParameterStore<Float>
    private let optimiser: Optimiser<Float>
    private let random: RandomSource
    private let tape = Tape<Float>()
    private(set) var step = 0
    private(set) var best: [Float]
    private(set) var bestStep = 0, bestValidation = Double.infinity
    private var order: (epoch: Int, places: [Int]) = (-1, [])

    init?(_ arm: Arm, _ predictor: any Predictor, _ settings: Settings, _ material: Material, random: RandomSource) {
        guard let store = predictor.parameters else { return nil }
        self.arm = arm
        self.predictor = predictor
        self.settings = settings
        self.material = material
        self.store = store
        self.random = random
        optimiser = Optimiser(store, arm.algorithm(settings), rate: settings.rate)
        best = store.snapshot
    }

    var isFinished: Bool { step >= settings.steps }

    /// One update.
    /// - Returns: the loss.
    /// - Throws: `TrajectoryError` when the loss is not finite.
    func advance() throws -> Double {
        let random = random.stream("step", step)
        let (cues, future) = batch(random)
        optimiser.rate = arm.rate(settings, step: step)
        let loss = try tape.differentiate(store) { try predictor.loss(cues, future: future, step: step, random: random) }
        guard loss.isFinite else { throw TrajectoryError("the loss of \(arm.name) is not finite at step \(step + 1); take a smaller rate than \(settings.rate)") }
        store.clipGradients(to: 1)
        optimiser.update()
        step += 1
        return Double(loss)
    }

    /// The validation error, in the unit that decides which step is best; keeps the weights when they are the best so far.
    func validate(proceed: () throws -> Void) throws -> (decisive: Double, ade: Double) {
        let found = try Evaluation.errors(predictor, PlayedTargets(material.validation), measures: [arm.decisive(predictor), .ade], random: random.stream("validation"), proceed: proceed)
        let decisive = found[0].reduce(0, +) / Double(found[0].count), ade = found[1].reduce(0, +) / Double(found[1].count)
        if decisive < bestValidation { (best, bestStep, bestValidation) = (store.snapshot, step, decisive) }
        return (decisive, ade)
    }

    /// Puts the best weights back.
    func finish() -> TrainingState.Finished {
        _ = store.restore(best)
        return .init(arm: arm.name, weights: FloatBlock(best), bestStep: bestStep, bestValidation: bestValidation)
    }

    /// Targets of a step, turned at random, from which cues are removed as the coalitions will.
    private func batch(_ random: RandomSource) -> (Cues<Float>, Tensor<Float>) {
        let targets = material.training, steps = material.cutting.predicted
        var turns = random.stream("turns"), removal = random.stream("removal")
        var rows: [Cues<Float>.Row] = [], angles: [Double] = [], future: [Float] = []
        for place in 0..<settings.batch {
            let target = targets[self.place(step * settings.batch + place)]
            let angle = 2 * .pi * turns.uniform()
            let isPastRemoved = removal.uniform() < settings.pastDropout, isThinned = removal.uniform() < settings.neighbourDropout, share = removal.uniform()
            let kept = target.neighbours.filter { _ in removal.uniform() >= share || !isThinned || !arm.hasPlayerDropout }
            let past = isPastRemoved && arm.hasPlayerDropout ? [SIMD2<Double>](repeating: .zero, count: target.past.count) : target.past
            rows.append(.init(past: past, neighbours: kept.map(\.path)))
            angles.append(angle)
            for point in Turn(angle)(target.future) { future += [Float(point.x), Float(point.y)] }
        }
        return (Cues(rows, slots: material.slots, steps: material.cutting.observed, states: material.states, angles: angles), Tensor(shape: [settings.batch, steps, 2], future))
    }

    /// Which target the n-th draw is: every epoch in an order of its own.
    private func place(_ draw: Int) -> Int {
        let count = material.training.count, epoch = draw / count
        if order.epoch != epoch {
            var random = random.stream("epoch", epoch)
            order = (epoch, random.permutation(count))
        }
        return order.places[draw % count]
    }

    // MARK: - Checkpoints

    var progress: TrainingState.Progress {
        .init(arm: arm.name, step: step, network: NetworkBlock(store, optimiser), best: FloatBlock(best), bestStep: bestStep, bestValidation: bestValidation)
    }

    /// False when the numbers belong to another network or more steps.
    func restore(_ progress: TrainingState.Progress) -> Bool {
        let best = progress.best.floats
        guard progress.arm == arm.name, (0...settings.steps).contains(progress.step), (0...progress.step).contains(progress.bestStep), best.count == self.best.count,
              progress.network.restore(store, optimiser) else { return false }
        (step, self.best, bestStep, bestValidation) = (progress.step, best, progress.bestStep, progress.bestValidation)
        return true
    }
}

/// Errors of a predictor with all cues.
enum Evaluation {
    /// - Returns: [measure][target]
    static func errors(_ predictor: any Predictor, _ targets: PlayedTargets, measures: [ErrorMeasure], random: RandomSource, proceed: () throws -> Void) throws -> [[Double]] {
        var errors = [[Double]](repeating: [], count: measures.count)
        for (target, entry) in try forecasts(predictor, targets, random: random, proceed: proceed).enumerated() {
            for (place, measure) in measures.enumerated() { errors[place].append(entry.forecast.error(measure, truth: targets.targets[target].future, draws: entry.draws)) }
        }
        return errors
    }

    static func forecasts(_ predictor: any Predictor, _ targets: PlayedTargets, random: RandomSource, proceed: () throws -> Void) throws -> [(forecast: Forecast, draws: LatentDraws)] {
        let block = predictor.coalitionsAtOnce
        var result: [(forecast: Forecast, draws: LatentDraws)] = []
        for start in stride(from: 0, to: targets.targets.count, by: block) {
            try proceed()
            let range = start..<min(start + block, targets.targets.count), part = targets.part(range)
            let draws = range.map { LatentDraws(steps: targets.targets[$0].future.count, random: random.stream("draws", $0)) }
            let all = part.targets.indices.map { PlayedTargets.Coalition(target: $0, players: (1 << UInt64(part.players($0))) - 1) }
            result += zip(try part.targets.isEmpty ? [] : predictor.forecaster(part, draws: draws).forecasts(all), draws).map { ($0, $1) }
        }
        return result
    }
}

extension Arm {
    private func usesDescent(_ settings: Settings) -> Bool { model == .graphConvolution && settings.graphOptimiser == .sgd }

    func algorithm(_ settings: Settings) -> OptimiserAlgorithm { usesDescent(settings) ? .sgd() : .adam() }

    /// The rate of a step.
    func rate(_ settings: Settings, step: Int) -> Double {
        if usesDescent(settings) { return 0.01 * Schedule.step(every: max(1, settings.steps * 6 / 10), factor: 0.2).factor(step) }
        return settings.rate * Schedule.cosine(steps: settings.steps, floor: min(1, 1e-5 / settings.rate)).factor(step)
    }

    /// What validation decides by.
    func decisive(_ predictor: any Predictor) -> ErrorMeasure { predictor.hasDensity ? .nllc : .minade }

    func predictor(_ settings: Settings, _ material: Material, random: RandomSource) -> any Predictor {
        var random = random.stream("start of \(name)")
        switch model {
        case .constantVelocity: return ConstantVelocity(step: material.dataset.step, predicted: material.cutting.predicted)
        case .recurrent(let neighbours):
            let network = RecurrentPredictor<Float>(neighbours, widths: settings.widths, step: material.dataset.step, isVariational: settings.objective.kind == .variational, random: &random)
            return RecurrentModel(network, objective: settings.objective, states: material.states, predicted: material.cutting.predicted)
        case .graphConvolution:
            return GraphConvolutionModel(.init(observed: material.cutting.observed, predicted: material.cutting.predicted, step: material.dataset.step, kernel: settings.graphKernel, random: &random), states: material.states)
        case .endpoint:
            return EndpointModel(.init(observed: material.cutting.observed, predicted: material.cutting.predicted, random: &random), states: material.states)
        }
    }
}
