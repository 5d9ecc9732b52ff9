import Experiments
import Foundation
import Tensors

/// What a checkpoint of a run holds: what finished stages handed over, and the model at work as it stands after an epoch.
struct TrainingState: CheckpointState {
    static let currentVersion = 1
    var version = TrainingState.currentVersion
    /// Settings, seed and data of the run that wrote it.
    var origin = ""
    var finishedStages = 0
    /// The last stage that was announced, so that a resumed one is not announced twice.
    var announcedStage = 0
    /// θ of the Hawkes process, w of HP.
    var hawkes: [Double] = [], hawkesPoisson: [Double] = []
    /// Λ of the extension, for the requests of D and of V.
    var recurrentCounts: [[Double]] = []
    /// Weights of the GRU, where that extension needs them.
    var recurrentWeights: [FloatBlock] = []
    /// Fitted models by name, in the order in which they were fitted.
    var models: [Fitted] = []
    var cuts: [RateCut] = []
    var progress: Progress?
    var matchings: [MatchingRecord] = []

    struct Fitted: Codable {
        var name: String
        var factors: FactorModel
    }

    struct RateCut: Codable {
        var model: String
        var epoch: Int
    }

    /// Weights and optimiser of a model in the middle of its training.
    struct Progress: Codable {
        var model: String
        var epoch: Int
        var values: FloatBlock
        var steps: [Int]
        var moments: [FloatBlock]
        var rate: Double
        var best: FloatBlock
        var rule: PlateauRule

        init(model: String, epoch: Int, store: ParameterStore<Float>, optimiser: Optimiser<Float>, best: FloatBlock, rule: PlateauRule) {
            (self.model, self.epoch, self.best, self.rule) = (model, epoch, best, rule)
            values = FloatBlock(store.snapshot)
            let state = optimiser.state
            (steps, moments, rate) = (state.steps, state.moments.map(FloatBlock.init), state.rate)
        }

        /// False when the numbers belong to a model of another size.
        func restore(_ store: ParameterStore<Float>, _ optimiser: Optimiser<Float>) -> Bool {
            store.restore(values.floats) && optimiser.restore(.init(steps: steps, moments: moments.map(\.floats), rate: rate))
        }
    }

    init() {}

    static let foreign = CheckpointError("the checkpoint belongs to other settings or data than this run's; start the run anew")

    func factors(of name: String) -> FactorModel? { models.first { $0.name == name }?.factors }
}
