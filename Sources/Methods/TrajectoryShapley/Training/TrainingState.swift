import Experiments
import Foundation
import Tensors

/// What a checkpoint of a run holds: finished predictors with their attributions, and the one at work.
struct TrainingState: CheckpointState {
    static let currentVersion = 1
    var version = TrainingState.currentVersion
    var finished: [Finished] = []
    var progress: Progress?
    /// The last stage that was announced, so that a resumed one is not announced twice.
    var announcedStage = 0

    /// A trained predictor.
    struct Finished: Codable {
        var arm: String
        var weights: FloatBlock
        var bestStep: Int
        var bestValidation: Double
        /// How many targets are attributed, and what was found of them.
        var attributed = 0
        var attributions = DoubleBlock([])
    }

    /// A predictor in training.
    struct Progress: Codable {
        var arm: String
        /// Steps done.
        var step: Int
        var network: NetworkBlock
        var best: FloatBlock
        var bestStep: Int
        var bestValidation: Double
    }

    init() {}

}
