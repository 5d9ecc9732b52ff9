import Experiments
import Layers
import Tensors

/// A model with the phases of its training.
protocol Learner: AnyObject {
    var phaseCount: Int { get }
    /// Numbers that the finished model learnt, without those of a frozen network.
    var parameterCount: Int { get }
    /// Begins a phase; the ones before are over, or their weights were restored.
    func phase(_ number: Int) throws -> TrainingPhase
    /// Whether factors can be predicted while this phase runs.
    func predicts(in phase: Int) -> Bool
    /// One row an image, one number a factor.
    func predictions(_ set: ImageSet) throws -> [Float]
    /// The weights of the phases that are over, for a checkpoint.
    var carried: [FloatBlock] { get }
    /// Takes them back; false when they are another model's.
    func restore(carried: [FloatBlock]) -> Bool
    /// How many pairs could not be made and were drawn anew.
    var skippedPairs: Int { get set }
    /// The means of the latents of some images, a row an image; nil for kinds without latents.
    func latentMeans(_ set: ImageSet) throws -> [[Double]]?
    /// The trained weights with their names, for a file.
    var artifact: [(name: String, tensor: Tensor<Float>)] { get }
}

extension Learner {
    var carried: [FloatBlock] { [] }
    func restore(carried: [FloatBlock]) -> Bool { carried.isEmpty }
    var skippedPairs: Int { get { 0 } set {} }
    func latentMeans(_ set: ImageSet) throws -> [[Double]]? { nil }
}

/// What every learner needs of a run.
struct LearnerContext {
    let context: RunContext
    let settings: Settings
    let material: Material
    let arm: Arm

    var outputs: Int { material.factors.count }
    /// A stream of the model's own.
    func random(_ name: String) -> RandomSource { context.random.stream("\(arm.name), \(name)") }

    /// The rows of a step's batch, the same for every model.
    func batch(_ step: Int, of count: Int) -> [Int] {
        var random = context.random.stream("batch", step)
        return (0..<settings.batch).map { _ in random.integer(below: count) }
    }

    /// Mean over the batch of the sum over factors of squared errors.
    func squaredErrors(_ predictions: Tensor<Float>, _ targets: Tensor<Float>) throws -> Tensor<Float> {
        try (predictions - targets).squared().sum().scaled(by: 1 / Double(max(1, predictions.shape[0])))
    }

    /// A network's predictions of a set, some images at a time.
    func predictions(_ network: any FactorNetwork<Float>, _ set: ImageSet) throws -> [Float] {
        try inParts(set.count) { try network(set.images($0), mode: .inference) }
    }

    /// Calls `body` on ranges of rows and joins the numbers.
    func inParts(_ count: Int, _ body: (Range<Int>) throws -> Tensor<Float>) throws -> [Float] {
        var numbers: [Float] = []
        for start in stride(from: 0, to: count, by: 100) {
            try context.proceed()
            numbers += try body(start..<min(count, start + 100)).scalars
        }
        return numbers
    }
}

extension ParameterStore<Float> {
    /// Every parameter with its name.
    var named: [(name: String, tensor: Tensor<Float>)] { parameters.map { ($0.name, $0.value) } }
}

/// A network that is trained from images to factors.
final class SupervisedLearner: Learner {
    private let own: LearnerContext
    private let network: any FactorNetwork<Float>
    private let steps: Int

    init(_ own: LearnerContext, _ architecture: Architecture) {
        self.own = own
        var random = own.random("weights")
        network = architecture.network(side: own.material.dataset.side, channels: own.material.dataset.channels, outputs: own.outputs, random: &random)
        let isDear = [.coordinate, .rotEqBig, .resnet101, .vit].contains(architecture)
        steps = isDear && own.settings.dearSteps > 0 ? own.settings.dearSteps : own.settings.steps
    }

    let phaseCount = 1
    var parameterCount: Int { network.parameters.parameterCount }
    var artifact: [(name: String, tensor: Tensor<Float>)] { network.parameters.named }
    func predicts(in phase: Int) -> Bool { true }

    func phase(_ number: Int) throws -> TrainingPhase {
        TrainingPhase("train", steps: steps, store: network.parameters, settings: own.settings) { [own, network] step in
            let rows = own.batch(step, of: own.material.training.count)
            let y = try network(own.material.training.images(rows), mode: .training(seed: UInt64(step)))
            return (try own.squaredErrors(y, own.material.training.targets(rows, own.material.factors)), [])
        }
    }

    func predictions(_ set: ImageSet) throws -> [Float] { try own.predictions(network, set) }
}

/// A network that is trained on another generator first, then fine-tuned whole with 0.3 of the rate: what the transfer entries are without a package.
final class PretrainedLearner: Learner {
    private let own: LearnerContext
    private let first: any FactorNetwork<Float>, second: any FactorNetwork<Float>
    private let other: Material
    private var isPretrained = false

    init(_ own: LearnerContext, _ architecture: Architecture, other: Material) {
        self.own = own
        self.other = other
        let (side, channels) = (own.material.dataset.side, own.material.dataset.channels)
        var start = own.random("pretraining weights"), end = own.random("weights")
        first = architecture.network(side: side, channels: channels, outputs: other.factors.count, random: &start)
        second = architecture.network(side: side, channels: channels, outputs: own.outputs, random: &end)
    }

    let phaseCount = 2
    var parameterCount: Int { second.parameters.parameterCount }
    var artifact: [(name: String, tensor: Tensor<Float>)] { second.parameters.named }
    func predicts(in phase: Int) -> Bool { phase == 1 }
    var carried: [FloatBlock] { isPretrained ? [FloatBlock(first.parameters.snapshot)] : [] }

    func restore(carried: [FloatBlock]) -> Bool {
        guard let weights = carried.first else { return true }
        let numbers = weights.floats
        isPretrained = carried.count == 1 && numbers.allSatisfy(\.isFinite) && first.parameters.restore(numbers)
        return isPretrained
    }

    func phase(_ number: Int) throws -> TrainingPhase {
        let channels = own.material.dataset.channels
        if number == 0 {
            return TrainingPhase("pretrain on \(other.dataset.identifier)", steps: own.settings.pretrainingSteps, store: first.parameters, settings: own.settings) { [own, first, other] step in
                let rows = own.batch(step, of: other.training.count)
                let y = try first(other.training.images(rows).with(channels: channels), mode: .training(seed: UInt64(step)))
                return (try own.squaredErrors(y, other.training.targets(rows, other.factors)), [])
            }
        }
        isPretrained = true
        // Everything but the head, whose outputs are other factors.
        for parameter in first.parameters.parameters where !parameter.name.hasPrefix("head.") { second.parameters[parameter.name]?.assign(parameter.value) }
        return TrainingPhase("fine-tune", steps: own.settings.steps, store: second.parameters, settings: own.settings, rateFactor: 0.3) { [own, second] step in
            let rows = own.batch(step, of: own.material.training.count)
            let y = try second(own.material.training.images(rows), mode: .training(seed: UInt64(step)))
            return (try own.squaredErrors(y, own.material.training.targets(rows, own.material.factors)), [])
        }
    }

    func predictions(_ set: ImageSet) throws -> [Float] { try own.predictions(second, set) }
}

extension Tensor<Float> {
    /// Images in so many channels: the mean of them, or grey copied.
    func with(channels: Int) throws -> Tensor<Float> {
        guard shape[3] != channels else { return self }
        return channels == 1 ? try mean(axes: [3], keepingAxes: true) : try broadcast(to: [shape[0], shape[1], shape[2], channels])
    }
}
