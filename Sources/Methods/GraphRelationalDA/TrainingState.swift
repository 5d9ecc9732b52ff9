import Experiments
import Foundation
import Tensors

/// What a checkpoint of a run holds: the embedding, what finished methods predict, and the method at work as it stands after an epoch.
struct TrainingState: CheckpointState {
    static let currentVersion = 1
    var version = TrainingState.currentVersion
    var embedding: Embedding?
    var finished: [Finished] = []
    var progress: Progress?
    /// The last stage that was announced, so that a resumed one is not announced twice.
    var announcedStage = 0

    struct Embedding: Codable {
        var width: Int
        var values: [Double]
        /// L_g and the area under the curve.
        var loss: Double?, area: Double?
    }

    struct Finished: Codable {
        var arm: String
        /// Outputs of every evaluated sample.
        var outputs: FloatBlock
        /// The mean ẑ of each domain, n_d numbers each; empty without a graph discriminator.
        var reconstruction: [Double]
        /// Means over the last epoch.
        var predictionLoss: Double?, adversaryLoss: Double?
        var hasCollapsed = false
    }

    struct Progress: Codable {
        var arm: String
        /// Epochs done, and the losses of the last.
        var epoch: Int
        var losses: Game.Losses
        var hasCollapsed: Bool
        var network: NetworkBlock
        var adversary: NetworkBlock?
    }

    init() {}
}
