import Layers
import Tensors

/// A number that a step of training found, as a series without the model's name.
struct Reading: Sendable, Equatable {
    var series: String, unit: String, value: Double
    init(_ series: String, _ value: Double, unit: String = "") { (self.series, self.value, self.unit) = (series, value, unit) }
}

/// So many steps of Adam on one store of parameters.
final class TrainingPhase {
    /// What the steps are, in words.
    let title: String
    let steps: Int
    let store: ParameterStore<Float>
    let optimiser: Optimiser<Float>
    private(set) var step = 0
    private let rate: Double, schedule: Schedule
    private let tape = Tape<Float>()
    /// Records the loss of a step, counted from 0.
    private let body: (Int) throws -> (loss: Tensor<Float>, readings: [Reading])

    init(_ title: String, steps: Int, store: ParameterStore<Float>, settings: Settings, rateFactor: Double = 1,
         body: @escaping (Int) throws -> (loss: Tensor<Float>, readings: [Reading])) {
        (self.title, self.steps, self.store, self.body) = (title, steps, store, body)
        rate = settings.rate * rateFactor
        schedule = settings.schedule == .constant ? .constant : .cosineWarmup(warmup: max(1, steps / 10), steps: steps)
        optimiser = Optimiser(store, .adam(), rate: rate)
    }

    var isFinished: Bool { step >= steps }

    /// One step.
    /// - Returns: the loss first, then what else the step found.
    func advance() throws -> (loss: Double, readings: [Reading]) {
        var readings: [Reading] = []
        let loss = try tape.differentiate(store) {
            let found = try body(step)
            readings = found.readings
            return found.loss
        }
        optimiser.rate = rate * schedule.factor(step)
        // A loss that is none must not reach the weights: the model is given up.
        if loss.isFinite { optimiser.update() }
        step += 1
        return (Double(loss), readings)
    }

    /// False when the numbers are not this phase's.
    func restore(_ block: TrainingState.Phase) -> Bool {
        guard (0...steps).contains(block.step), block.network.isFinite, block.network.restore(store, optimiser) else { return false }
        step = block.step
        return true
    }
}
