import Experiments
import Language
import Layers
import Tensors

/// One phase: a form learns the scores that the other gave (section 2.3), with the optimiser and schedule of section 2.7.
final class DistillationTraining {
    /// One input: a pair, perhaps turned round, and what it should be scored.
    struct Example: Sendable {
        var pair: Int
        var isTurned: Bool
        var target: Float
    }

    let model: SimilarityModel<Float>
    let settings: Settings.Phase
    private let run: Settings
    private let material: Material
    private let member: Member
    private let examples: [Example]
    private let random: RandomSource
    private let optimiser: Optimiser<Float>
    private let tape = Tape<Float>()
    private let schedule: Schedule

    /// Steps done.
    private(set) var step = 0
    /// The best state so far by the dev set, and what it had there.
    private(set) var best: (score: Double, step: Int, values: FloatBlock)?
    /// The sum of the losses of the present epoch.
    private(set) var epochLoss = 0.0
    /// Mean loss of the first and of the last full epoch.
    private(set) var firstLoss = Double.nan, lastLoss = Double.nan
    /// Real tokens that went through, both halves of a bi-encoder's pair counted.
    private(set) var tokens = 0

    var stepsPerEpoch: Int { (examples.count + settings.batch - 1) / settings.batch }
    var steps: Int { stepsPerEpoch * settings.epochs }
    var isFinished: Bool { step >= steps }
    /// Whether the dev set is to be looked at now: every `checkEvery` steps of an epoch, and at its end.
    var isAtCheck: Bool {
        let within = step % stepsPerEpoch
        return step > 0 && (within == 0 || within % settings.checkEvery == 0)
    }

    init(_ model: SimilarityModel<Float>, _ settings: Settings.Phase, _ run: Settings, _ material: Material, _ member: Member, _ examples: [Example], random: RandomSource) {
        (self.model, self.settings, self.run, self.material, self.member, self.examples, self.random) = (model, settings, run, material, member, examples, random)
        optimiser = Optimiser(model.parameters, .adamW(epsilon: 1e-6, weightDecay: run.weightDecay, addsEpsilonFirst: true), rate: settings.rate) { $0.shape.rank > 1 }
        let total = (examples.count + settings.batch - 1) / settings.batch * settings.epochs
        schedule = .linearWarmupFromZero(warmup: Int((settings.warmUp * Double(total)).rounded(.up)), steps: total)
    }

    /// One step of the optimiser.
    /// - Returns: the batch's loss before it.
    func advance(proceed: () throws -> Void) throws -> Double {
        let (epoch, place) = (step / stepsPerEpoch, step % stepsPerEpoch)
        if place == 0 { epochLoss = 0 }
        var shuffle = random.stream("order", epoch)
        let order = shuffle.permutation(examples.count)
        let batch = order[place * settings.batch..<min(order.count, (place + 1) * settings.batch)].map { examples[$0] }
        let mode = ForwardMode.training(seed: random.stream("dropout", step).firstValue), targets = batch.map(\.target)
        let input = self.batch(batch)
        try proceed()
        let loss = Double(try tape.differentiate(model.parameters) {
            let scores = try model.form == .bi ? model.cosines(input, mode: mode) : model.logits(input, mode: mode)
            if run.losses == .swapped { return try SimilarityLoss.swapped(model.form, scores, targets) }
            return try model.form == .bi ? SimilarityLoss.squaredError(scores, targets) : SimilarityLoss.crossEntropy(scores, targets)
        })
        // A batch without a finite loss or gradient must not reach the weights.
        guard loss.isFinite, model.parameters.gradientNorm.isFinite else { return .nan }
        optimiser.rate = settings.rate * schedule.factor(step)
        optimiser.update(clippingNorm: run.clippingNorm)
        step += 1
        tokens += input.tokenCount
        epochLoss += loss * Double(batch.count)
        if step % stepsPerEpoch == 0 {
            lastLoss = epochLoss / Double(examples.count)
            if step == stepsPerEpoch { firstLoss = lastLoss }
        }
        return loss
    }

    private func batch(_ examples: [Example]) -> TokenBatch {
        let tokenizer = member.pretrained.tokenizer, padding = tokenizer.vocabulary.padding
        func pieces(_ example: Example) -> ([Int32], [Int32]) {
            let pair = material.pairs[example.pair], (a, b) = (member.pieces[pair.first], member.pieces[pair.second])
            return example.isTurned ? (b, a) : (a, b)
        }
        if model.form == .bi {
            let both = examples.map(pieces)
            return TokenBatch((both.map(\.0) + both.map(\.1)).map { tokenizer.single($0, limit: settings.tokens) }, padding: padding)
        }
        let encoded = examples.map { example in
            let (a, b) = pieces(example)
            return tokenizer.pair(a, b, limit: settings.tokens)
        }
        return TokenBatch(encoded.map(\.tokens), firstLengths: encoded.map(\.firstLength), padding: padding)
    }

    /// Notes what the present state has on the dev set.
    func note(_ score: Double?) {
        guard let score, score > (best?.score ?? -.infinity) else { return }
        best = (score, step, FloatBlock(model.parameters.snapshot))
    }

    /// Goes back to the best state, where the dev set chooses.
    func finish() throws {
        guard run.selection == .dev, let best else { return }
        guard model.parameters.restore(best.values.floats) else { throw CheckpointError.foreign }
    }

    // MARK: - Checkpoints

    struct State: Codable {
        var step: Int
        var network: NetworkBlock
        var bestScore: Double?, bestStep: Int, bestValues: FloatBlock
        var epochLoss: Double, firstLoss: Double?, lastLoss: Double?
        var tokens: Int
    }

    var state: State {
        State(step: step, network: NetworkBlock(model.parameters, optimiser), bestScore: best?.score, bestStep: best?.step ?? 0, bestValues: best?.values ?? FloatBlock([]),
              epochLoss: epochLoss, firstLoss: firstLoss.isFinite ? firstLoss : nil, lastLoss: lastLoss.isFinite ? lastLoss : nil, tokens: tokens)
    }

    /// False when the state belongs to another training.
    func restore(_ state: State) -> Bool {
        guard (0...steps).contains(state.step), (0...steps).contains(state.bestStep), (0...1 << 60).contains(state.tokens), state.epochLoss.isFinite, state.network.isFinite,
              state.network.restore(model.parameters, optimiser) else { return false }
        if let score = state.bestScore {
            guard score.isFinite, state.bestValues.bytes.count == state.network.values.bytes.count else { return false }
            best = (score, state.bestStep, state.bestValues)
        }
        (step, epochLoss, tokens) = (state.step, state.epochLoss, state.tokens)
        (firstLoss, lastLoss) = (state.firstLoss ?? .nan, state.lastLoss ?? .nan)
        return true
    }
}
