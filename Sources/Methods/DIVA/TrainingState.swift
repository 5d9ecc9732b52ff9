import Experiments
import Foundation

/// What a checkpoint of a run holds. Features are not in it: they come from the cache or, where they are cheap, anew.
struct TrainingState: Codable {
    static let version = 1
    var version = TrainingState.version
    /// How many stages are finished.
    var finishedStages = 0
    /// The last stage that was announced, so that a resumed one is not announced twice.
    var announcedStage = -1
    /// The ridge strength of refits.
    var lambda = 0.0
    /// The derivative at the present weights.
    var gradient: [Double] = []
    /// The derivative at a = 1.
    var firstGradient: [Double] = []
    /// What DIVA and "the leave-one-out prediction disagrees" flag, at a = 1.
    var flagged: [Bool] = []
    var disagreeing: [Bool] = []
    var reweighting: Reweighting?
    var chosen: Extension?
    /// The test error after each step, in percent.
    var testErrors: [Double] = []
    /// Examples whose picture was sent.
    var shown: Set<Int> = []
    var results: [RunEvent.Result] = []

    /// Binary property list: exact numbers, compact.
    func encoded() throws -> Data {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        return try encoder.encode(self)
    }

    /// - Throws: `DIVAError` when the bytes are not a checkpoint of this version.
    init(decoding data: Data) throws {
        guard let state = try? PropertyListDecoder().decode(TrainingState.self, from: data), state.version == Self.version else {
            throw DIVAError("the checkpoint was not written by this version of DIVA; start the run anew")
        }
        self = state
    }

    init() {}
}
