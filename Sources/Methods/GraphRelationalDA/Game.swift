import Datasets
import Experiments
import Tensors

/// E and F against an adversary: one method's networks, optimisers and steps (section 2.6).
///
/// Every method starts from the same weights and sees the same samples of an epoch, so that methods differ in their adversary alone. The
/// gradients of the two players are kept apart: D's is that of L_D alone whatever λ is, and E's goes through a D that does not move.
/// (The published code adds -λ ∇L_D to D's own gradient, which is nothing at all for λ = 1.)
final class Game {
    let arm: Arm
    private let settings: Settings, material: Material
    private let random: RandomSource
    private let network: EncoderPredictor<Float>
    private let adversary: Adversary<Float>?
    private let optimiser: Optimiser<Float>, opponent: Optimiser<Float>?
    private let embedding: Tensor<Float>
    private let tape = Tape<Float>(), opponentTape = Tape<Float>()
    private let schedule: RateSchedule, opponentSchedule: RateSchedule

    /// Means over the steps of an epoch.
    struct Losses: Codable, Sendable {
        var prediction = 0.0
        var adversary: Double?
    }

    init(_ arm: Arm, _ settings: Settings, _ material: Material, _ embedding: DomainEmbedding, random: RandomSource) {
        self.arm = arm
        self.settings = settings
        self.material = material
        self.random = random
        var start = random.stream("network start")
        network = EncoderPredictor(inputs: material.samples.width, embedding: embedding.width, width: settings.width, outputs: material.samples.outputs, start: settings.start, random: &start)
        var kind: Adversary<Float>.Kind?, usesEmbedding = true
        if case .network(let wanted, let uses) = arm.training { (kind, usesEmbedding) = (wanted, uses) }
        start = random.stream("adversary start")
        adversary = kind.map {
            Adversary($0, graph: material.graph, width: settings.width, outputs: material.samples.outputs, embedding: embedding.width, headWidth: settings.headSize, start: settings.start, random: &start)
        }
        optimiser = Optimiser(network.parameters, .adam(), rate: settings.rate)
        opponent = adversary.map { Optimiser($0.parameters, .adam(), rate: settings.discriminatorRate) }
        let shape: Shape = [material.count, embedding.width]
        self.embedding = usesEmbedding ? Tensor(shape: shape, embedding.values.map { Float($0) }) : Tensor(shape: shape, repeating: 0)
        schedule = RateSchedule(rate: settings.rate, halfLife: settings.halfLife, warmUp: settings.warmUp)
        opponentSchedule = RateSchedule(rate: settings.discriminatorRate, halfLife: settings.halfLife, warmUp: settings.warmUp)
    }

    /// What the adversary's loss is measured in; SENTRY's entropy is in nats too.
    var adversaryUnit: String { adversary?.unit(isClassification: material.samples.isClassification) ?? "nats" }

    // MARK: - Checkpoints

    func progress(epoch: Int, losses: Losses, hasCollapsed: Bool) -> TrainingState.Progress {
        .init(arm: arm.name, epoch: epoch, losses: losses, hasCollapsed: hasCollapsed, network: .init(network.parameters, optimiser),
              adversary: adversary.flatMap { adversary in opponent.map { .init(adversary.parameters, $0) } })
    }

    func restore(_ progress: TrainingState.Progress) -> Bool {
        guard progress.network.restore(network.parameters, optimiser), (progress.adversary == nil) == (adversary == nil) else { return false }
        guard let adversary, let opponent, let kept = progress.adversary else { return true }
        return kept.restore(adversary.parameters, opponent)
    }

    // MARK: - Training

    /// Which sample of each domain stands in each slot of an epoch: every domain is shuffled by itself, or all of them alike.
    private func order(_ epoch: Int) -> [[Int]] {
        let length = material.samples.length
        func shuffle(_ domain: Int) -> [Int] {
            var random = random.stream("epoch", epoch).stream("domain", domain)
            return random.permutation(length)
        }
        let shared = arm.pairing == .slotShared ? shuffle(0) : nil
        return (0..<material.count).map { domain in (shared ?? shuffle(domain)).map { $0 % material.samples.training[domain].count } }
    }

    func epoch(_ epoch: Int, proceed: () throws -> Void) throws -> Losses {
        optimiser.rate = schedule.rate(epoch: epoch)
        opponent?.rate = opponentSchedule.rate(epoch: epoch)
        let order = order(epoch)
        var sum = Losses()
        for step in 0..<material.stepsPerEpoch {
            try proceed()
            let slots = step * material.batch..<min((step + 1) * material.batch, material.samples.length)
            let batch = Batch(material, order, slots)
            var draw = random.stream("group", epoch * material.stepsPerEpoch + step)
            let group = adversary == nil ? [] : GroupSampling.group(of: material.group, in: material.graph, random: &draw)
            let losses = try self.step(batch, group: group, epoch: epoch, noise: random.stream("noise", epoch * material.stepsPerEpoch + step))
            sum.prediction += losses.prediction
            if let adversary = losses.adversary { sum.adversary = (sum.adversary ?? 0) + adversary }
        }
        let count = Double(max(1, material.stepsPerEpoch))
        sum.prediction /= count
        sum.adversary = sum.adversary.map { $0 / count }
        return sum
    }

    private struct Batch {
        /// [N, B, inputs].
        let inputs: Tensor<Float>
        /// Classes, or numbers, of the sources' rows, domain by domain.
        var labels: [Int32] = []
        var outputs: [Float] = []

        init(_ material: Material, _ order: [[Int]], _ slots: Range<Int>) {
            let width = material.samples.width, columns = material.samples.outputs
            var rows: [Float] = []
            rows.reserveCapacity(material.count * slots.count * width)
            for domain in 0..<material.count {
                let part = material.samples.training[domain]
                for slot in slots {
                    let sample = order[domain][slot]
                    rows += part.inputs[sample * width..<(sample + 1) * width]
                    // Only sources are looked up: what a target's label is must not matter.
                    guard material.roles[domain] == .source else { continue }
                    if material.samples.isClassification { labels.append(part.labels[sample]) } else { outputs += part.outputs[sample * columns..<(sample + 1) * columns] }
                }
            }
            inputs = Tensor(shape: [material.count, slots.count, width], rows)
        }
    }

    private func step(_ batch: Batch, group: [Int], epoch: Int, noise: RandomSource) throws -> Losses {
        let sources = material.sources.map { Int32($0) }, columns = material.samples.outputs
        let agreed = arm.training == .selectiveEntropy ? try agreements(batch.inputs, noise) : nil
        tape.begin([network.parameters])
        defer { tape.end() }
        let e = try network.encode(batch.inputs, embedding), f = try network.predict(e)
        let labelled = try f.gathered(sources).reshaped([sources.count * batch.inputs.shape[1], columns])
        let prediction = try material.samples.isClassification ? PredictionLoss.classification(labelled, batch.labels)
            : PredictionLoss.regression(labelled, Tensor(shape: labelled.shape, batch.outputs))
        var losses = Losses(prediction: Double(prediction.scalar)), total = prediction
        let weight = arm.lambda * (settings.isRamped ? RateSchedule.ramp(Double(epoch) / Double(settings.epochs)) : 1)
        if let adversary {
            let (loss, slope) = try answer(adversary, e.detached(), f.detached(), group)
            losses.adversary = loss
            // E's own gradient with D held still, as one product: d(e · slope) = slope.
            if weight > 0 { total = try total + (e * slope).sum().scaled(by: weight) }
        } else if let agreed {
            let entropy = try (f.softmax() * f.logSoftmax()).sum(axes: [2]).scaled(by: -1)
            let selective = try (entropy * agreed).sum().scaled(by: 1 / Double(max(1, material.targets.count * batch.inputs.shape[1])))
            losses.adversary = Double(selective.scalar)
            if weight > 0 { total = try total + selective.scaled(by: weight) }
        }
        try tape.backward(from: total)
        // Both players move together, each by the gradient at the old weights of both.
        opponent?.update()
        optimiser.update()
        return losses
    }

    /// L_D, its gradient in D's store, and what the encoder's loss gets per unit of λ as a gradient with respect to e.
    private func answer(_ adversary: Adversary<Float>, _ e: Tensor<Float>, _ prediction: Tensor<Float>, _ group: [Int]) throws -> (Double, Tensor<Float>) {
        let step = AdversaryStep(prediction: prediction, sources: material.sources, targets: material.targets, embedding: embedding, group: group,
                                 isClassification: material.samples.isClassification)
        var own: Tensor<Float>?
        // A loss of E's own (ADDA) is followed first, with D's weights as plain numbers, since the next way back fills D's store.
        opponentTape.begin()
        let seen = opponentTape.watch(e)
        if let loss = try adversary.encoderLoss(seen, step) {
            try opponentTape.backward(from: loss)
            own = opponentTape.gradient(of: seen)
        }
        opponentTape.begin([adversary.parameters])
        defer { opponentTape.end() }
        let watched = opponentTape.watch(e)
        let loss = try adversary.loss(watched, step)
        try opponentTape.backward(from: loss)
        return (Double(loss.scalar), try own ?? opponentTape.gradient(of: watched).scaled(by: -1))
    }

    /// SENTRY: +1 for a target's sample on whose class most of three noisy copies agree with the clean prediction, -1 for others, 0 for sources.
    private func agreements(_ inputs: Tensor<Float>, _ noise: RandomSource) throws -> Tensor<Float> {
        var noise = noise
        let clean = try network.predict(network.encode(inputs, embedding)).argmax(), batch = inputs.shape[1]
        var votes = [Int](repeating: 0, count: clean.count)
        for _ in 0..<3 {
            let moved = try inputs + Tensor.normal(inputs.shape, deviation: 0.1, from: &noise)
            for (row, choice) in try network.predict(network.encode(moved, embedding)).argmax().enumerated() where choice == clean[row] { votes[row] += 1 }
        }
        return Tensor(shape: [material.count, batch], generating: { material.roles[$0 / batch] == .source ? 0 : votes[$0] >= 2 ? 1 : -1 })
    }

    // MARK: - Evaluation

    /// One pass over every evaluated sample: outputs, [domains, slots, C], and the mean ẑ of each domain, n_d numbers each (empty without a
    /// graph discriminator). A smaller domain's samples come again in the outputs and are not counted.
    func evaluated(proceed: () throws -> Void) throws -> (outputs: [Float], reconstruction: [Double]) {
        let samples = material.samples, slots = samples.evaluationSlots, width = samples.width
        let piece = max(1, 8192 / material.count), rebuilds = arm.reconstruction == nil ? nil : adversary
        var outputs: [Tensor<Float>] = [], rebuilt: [Tensor<Float>] = []
        for first in stride(from: 0, to: slots, by: piece) {
            try proceed()
            let range = first..<min(slots, first + piece)
            var rows: [Float] = []
            for part in samples.evaluation { for slot in range { rows += part.inputs[(slot % part.count) * width..<(slot % part.count + 1) * width] } }
            let e = try network.encode(Tensor(shape: [material.count, range.count, width], rows), embedding)
            outputs.append(try network.predict(e))
            if let rebuilds { rebuilt.append(try rebuilds.reconstruct(e)) }
        }
        return (try Tensor.concatenated(outputs, axis: 1).scalars, rebuilt.isEmpty ? [] : try means(Tensor.concatenated(rebuilt, axis: 1).scalars, slots: slots))
    }

    /// The mean ẑ of each domain over its own samples.
    private func means(_ rebuilt: [Float], slots: Int) -> [Double] {
        let width = settings.headSize
        return material.samples.evaluation.enumerated().flatMap { domain, part -> [Double] in
            (0..<width).map { column in
                (0..<part.count).reduce(0.0) { $0 + Double(rebuilt[(domain * slots + $1) * width + column]) } / Double(max(1, part.count))
            }
        }
    }
}
