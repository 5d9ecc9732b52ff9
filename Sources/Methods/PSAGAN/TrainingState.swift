import Experiments
import Foundation
import Tensors

/// What a checkpoint of a run holds: the embedder, the generators that are done, and the one at work as it stands after a step.
struct TrainingState: CheckpointState {
    static let currentVersion = 1
    var version = TrainingState.currentVersion
    /// Data, seed and settings of the run that wrote it.
    var owner: String
    /// The last stage that was announced, so that a resumed one is not announced twice.
    var announcedStage = 0
    var embedder: Embedder?
    var finished: [Finished] = []
    var progress: Progress?
    /// How many stages are over, and what the tasks found.
    var finishedStages = 0
    var forecasts: [ForecastRow] = []
    /// What the measures gave, kept while tasks run.
    var results: [RunEvent.Result] = []

    struct Embedder: Codable {
        var values: FloatBlock
        /// Over the last 50 steps.
        var loss: Double
    }

    struct Finished: Codable {
        var arm: String
        var values: FloatBlock
        /// Means over the last 50 steps, and the moment loss of the first ten and the last ten; nil for baselines.
        var losses: AdversarialGame.Losses?
        var firstMoment: Double?, lastMoment: Double?
        /// The distance at the first step of the last resolution.
        var firstDistance: Double?
        /// That at the last step, on the same windows.
        var lastDistance: Double?
    }

    struct Progress: Codable {
        var arm: String
        var game: AdversarialGame.State
        /// The losses of the last 50 steps, the moment losses of the first ten.
        var recent: [AdversarialGame.Losses], first: [Double]
        var firstDistance: Double?
    }

    init(owner: String) { self.owner = owner }

    /// The state in a checkpoint's bytes.
    /// - Throws: `CheckpointError` when another run wrote it, or a number in it cannot be.
    init(decoding data: Data, owner: String) throws {
        try self.init(decoding: data)
        guard self.owner == owner, forecasts.allSatisfy({ (0...100_000).contains($0.setting) }) else { throw CheckpointError.foreign }
    }
}
