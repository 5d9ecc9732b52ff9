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
        var network: NetworkBlock
        var best: FloatBlock
        var rule: PlateauRule
    }

    init() {}


    func factors(of name: String) -> FactorModel? { models.first { $0.name == name }?.factors }
}
