import Experiments
import Foundation

/// What a checkpoint of a run holds: what the finished models predict, and the one at work as it stands after a step.
struct TrainingState: CheckpointState {
    static let currentVersion = 1
    var version = TrainingState.currentVersion
    /// Data, seed and settings of the run that wrote it.
    var owner: String
    var announcedStage = 0
    var finished: [Finished] = []
    var progress: Progress?

    /// A model that is done, or that was given up.
    struct Finished: Codable {
        var arm: String
        var parameters: Int
        /// Why it was given up; nil where it was not.
        var failure: String?
        /// For each set of the material, in order.
        var predictions: [FloatBlock] = []
        var disentanglement: Disentanglement?
        var skippedPairs = 0
        /// Means of the loss over the first five and the last five steps of the first phase.
        var firstLoss = Double.nan, lastLoss = Double.nan
        /// Of work, for the queue's list alone.
        var seconds = 0.0
    }

    struct Phase: Codable {
        var step: Int
        var network: NetworkBlock
    }

    struct Progress: Codable {
        var arm: String
        var number: Int
        /// Weights of the phases before.
        var carried: [FloatBlock]
        var phase: Phase
        var skippedPairs: Int
        /// Of the first phase: the first five losses and the last five.
        var firstLosses: [Double], lastLosses: [Double]
        var seconds: Double
        /// The last R² that was seen of the iid and of the test part.
        var watched: [Double]
    }

    init(owner: String) { self.owner = owner }

    /// - Throws: `CheckpointError` when another run wrote the bytes.
    init(decoding data: Data, owner: String) throws {
        try self.init(decoding: data)
        guard self.owner == owner else { throw CheckpointError.foreign }
    }
}
