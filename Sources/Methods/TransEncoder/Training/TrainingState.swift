import Experiments
import Foundation
import Tensors

/// What a checkpoint of a run holds: what every finished phase found, the start where it was learnt, and the phase at work.
struct TrainingState: CheckpointState {
    static let currentVersion = 1
    var version = TrainingState.currentVersion
    /// Data, seed and settings of the run that wrote it.
    var owner: String
    /// The last stage that was announced, so that a resumed one is not announced twice.
    var announcedStage = 0
    var finishedStages = 0
    /// A member's start where it was learnt in the run, by the member's number.
    var starts: [FloatBlock?] = []
    /// The weights of the newest phase of each form and member where the next phase goes on from them.
    var newest: [String: FloatBlock] = [:]
    /// What was found, in the order in which it was.
    var arms: [ArmRecord] = []
    /// Rows of the table of starts.
    var startRows: [StartRow] = []
    var distillation: DistillationTraining.State?
    var contrastive: ContrastiveTraining.State?

    /// A model that was scored.
    struct ArmRecord: Codable, Equatable {
        var name: String
        /// One score for each pair of the material.
        var scores: FloatBlock
        /// Spearman's correlation on the dev set, times 100.
        var dev: Double?
        /// What the scores were learnt from, and how far they agree with it on P; nil for what learnt from no scores.
        var training: Training?
    }

    struct Training: Codable, Equatable {
        var teacher: String
        /// Spearman(teacher, student) on P.
        var agreement: Double?
        var firstLoss: Double?, lastLoss: Double?, floor: Double?
        var bestStep: Int, steps: Int, tokens: Int
        var meanTarget: Double, negativeTargets: Int
    }

    struct StartRow: Codable, Equatable {
        var name: String
        var values: [Double?]
    }

    init(owner: String) { self.owner = owner }

    /// The state in a checkpoint's bytes.
    /// - Throws: `CheckpointError` when another run wrote it, or a number in it cannot be.
    init(decoding data: Data, owner: String, pairs: Int, tests: Int) throws {
        try self.init(decoding: data)
        let fits = arms.allSatisfy { arm in
            arm.scores.bytes.count == 4 * pairs && (arm.dev ?? 0).isFinite
                && (arm.training.map { training in (0...1 << 60).contains(training.tokens) && (0...1 << 60).contains(training.steps) && (0...pairs * 2).contains(training.negativeTargets) } ?? true)
        }
        guard self.owner == owner, fits, (0...1000).contains(announcedStage), startRows.allSatisfy({ $0.values.count == tests }) else { throw CheckpointError.foreign }
    }

    subscript(name: String) -> ArmRecord? { arms.first { $0.name == name } }
}
