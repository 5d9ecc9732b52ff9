import Augmentation
import Experiments
import Layers
import Tensors

/// How a classifier is trained.
package struct TrainingSettings: Sendable {
    package var epochs: Int, batch: Int
    package var rate: Double, decay: Double
    /// Epochs in which the rate rises; then half a cosine to zero.
    package var warmUp: Int
    /// The norm of the gradient is at most this; 0 for no limit.
    package var clip: Double
    /// Each batch in so many copies with augmentations of their own (batch augmentation).
    package var copies: Int

    package init(epochs: Int, batch: Int, rate: Double, decay: Double, warmUp: Int = 0, clip: Double = 0, copies: Int = 1) {
        (self.epochs, self.batch, self.rate, self.decay, self.warmUp, self.clip, self.copies) = (epochs, batch, rate, decay, warmUp, clip, copies)
    }
}

/// A classifier in training: SGD with Nesterov momentum 0.9, a cosine schedule, no decay on normalisation.
package final class ClassifierTraining {
    package let network: ClassifierNetwork<Float>
    private var batches: PictureBatches
    private let augmentation: Augmentation
    private let settings: TrainingSettings
    private let random: RandomSource
    private let optimisers: [Optimiser<Float>]
    private let schedule: Schedule
    private let tape = Tape<Float>()
    private var order: (epoch: Int, rows: [Int]) = (-1, [])
    /// Steps done.
    package private(set) var step = 0

    package init(_ network: ClassifierNetwork<Float>, _ pictures: PictureTable, _ normalisation: PictureNormalisation, _ augmentation: Augmentation, _ settings: TrainingSettings, random: RandomSource) {
        self.network = network
        self.augmentation = augmentation
        self.settings = settings
        self.random = random
        batches = PictureBatches(pictures, normalisation)
        optimisers = network.stores.map { store in
            Optimiser(store, .sgd(momentum: 0.9, nesterov: true, weightDecay: store === network.normalisation ? 0 : settings.decay), rate: settings.rate)
        }
        stepsPerEpoch = max(1, (pictures.count + settings.batch - 1) / settings.batch)
        schedule = .cosineWarmup(warmup: settings.warmUp * stepsPerEpoch, steps: settings.epochs * stepsPerEpoch)
    }

    package let stepsPerEpoch: Int
    package var stepCount: Int { settings.epochs * stepsPerEpoch }
    package var isFinished: Bool { step >= stepCount }
    /// Epochs done, whole ones.
    package var epoch: Int { step / stepsPerEpoch }

    /// One step: mean loss in nats and how many of the augmented pictures were right.
    package func advance() throws -> (loss: Double, right: Int, count: Int) {
        let epoch = step / stepsPerEpoch, place = step % stepsPerEpoch
        if order.epoch != epoch {
            var draw = random.stream("order", epoch)
            order = (epoch, draw.permutation(batches.pictures.count))
        }
        let chosen = order.rows[place * settings.batch..<min(order.rows.count, (place + 1) * settings.batch)]
        let rows = settings.copies == 1 ? Array(chosen) : (0..<settings.copies).flatMap { _ in chosen }
        var draw = random.stream("augmentation", step)
        let x = batches.tensor(rows, augmentation, &draw), targets = rows.map { batches.pictures.labels[$0] }
        var logits = x
        tape.begin(network.stores)
        defer { tape.end() }
        logits = try network(x, mode: .training(seed: 0))
        let loss = try logits.crossEntropy(targets)
        try tape.backward(from: loss)
        let factor = schedule.factor(step)
        for optimiser in optimisers { optimiser.rate = settings.rate * factor }
        if settings.clip > 0 {
            // One norm over all stores.
            let norms = network.stores.map(\.gradientNorm), norm = norms.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let scale = norm > settings.clip && norm.isFinite ? settings.clip / norm : 1
            for (optimiser, own) in zip(optimisers, norms) { optimiser.update(clippingNorm: scale < 1 ? own * scale : nil) }
        } else {
            for optimiser in optimisers { optimiser.update() }
        }
        step += 1
        let right = zip(logits.detached().argmax(), targets).count { $0 == Int($1) }
        return (Double(loss.scalar), right, rows.count)
    }

    // MARK: - Checkpoints

    package struct State: Codable, Sendable {
        package var step: Int
        var blocks: [NetworkBlock]
    }

    package var state: State { State(step: step, blocks: zip(network.stores, optimisers).map { NetworkBlock($0, $1) }) }

    /// False when the state is another network's, or a number of it cannot be.
    package func restore(_ state: State) -> Bool {
        guard (0...stepCount).contains(state.step), state.blocks.count == optimisers.count else { return false }
        for ((store, optimiser), block) in zip(zip(network.stores, optimisers), state.blocks) where !(block.isFinite && block.restore(store, optimiser)) { return false }
        step = state.step
        return true
    }
}

extension ClassifierNetwork where Scalar == Float {
    /// The share of pictures that are named rightly, in percent, and their mean loss in nats.
    package func accuracy(_ pictures: PictureTable, _ normalisation: PictureNormalisation, proceed: () throws -> Void) throws -> (percent: Double, loss: Double) {
        var batches = PictureBatches(pictures, normalisation), right = 0, loss = 0.0
        for first in stride(from: 0, to: pictures.count, by: 100) {
            try proceed()
            let rows = first..<min(pictures.count, first + 100), logits = try self(batches.tensor(rows), mode: .inference)
            right += zip(logits.argmax(), rows).count { $0 == Int(pictures.labels[$1]) }
            loss += try logits.crossEntropyLosses(Array(pictures.labels[rows])).scalars.reduce(0) { $0 + Double($1) }
        }
        return (100 * Double(right) / Double(max(1, pictures.count)), loss / Double(max(1, pictures.count)))
    }
}
