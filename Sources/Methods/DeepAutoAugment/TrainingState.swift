import Experiments
import Foundation

/// What a checkpoint of a run holds.
struct TrainingState: CheckpointState {
    static let currentVersion = 1
    var version = TrainingState.currentVersion
    /// Data, seed and settings of the run that wrote it.
    var owner: String
    /// The last stage that was announced, so that a resumed one is not announced twice; and how many are over.
    var announcedStage = 0, finishedStages = 0
    /// The numbers of the pretrained network, a block a store.
    var pretrained: [FloatBlock] = []
    /// Training accuracy of the pretrained network, in percent.
    var pretrainedAccuracy = 0.0
    /// The training at work.
    var progress: Progress?
    var search = PolicySearch()
    /// Whether the search is over.
    var isSearched = false
    var judged: [Judged] = []
    var results: [RunEvent.Result] = []
    /// CPU seconds of pretraining, search and evaluation.
    var seconds: [Double] = [0, 0, 0]

    struct Progress: Codable {
        var name: String
        var training: ClassifierTraining.State
        /// Losses and hits of the epoch at work.
        var loss: Double, right: Int, count: Int
    }

    /// One arm, trained and tested.
    struct Judged: Codable {
        var arm: String
        var test: Double, clean: Double, testLoss: Double
    }

    init(owner: String) { self.owner = owner }

    /// The state in a checkpoint's bytes.
    /// - Throws: `CheckpointError` when another run wrote it, or a number in it cannot be.
    init(decoding data: Data, owner: String, layers: Int, steps: Int) throws {
        try self.init(decoding: data)
        guard self.owner == owner, search.isSound(layers: layers, steps: steps), seconds.count == 3, seconds.allSatisfy(\.isFinite), pretrainedAccuracy.isFinite,
              pretrained.allSatisfy({ $0.floats.allSatisfy(\.isFinite) }), judged.allSatisfy({ (0...100).contains($0.test) && (0...100).contains($0.clean) && $0.testLoss.isFinite }),
              progress.map({ $0.loss.isFinite && $0.count >= 0 && $0.right >= 0 && $0.count < 1 << 40 && $0.right <= $0.count }) ?? true else { throw CheckpointError.foreign }
    }
}
