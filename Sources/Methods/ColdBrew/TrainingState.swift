import Experiments
import Foundation

/// What a checkpoint of a run holds: what the finished stages handed over. A stage that was interrupted begins anew from its own
/// random stream, so a resumed run makes the same numbers.
struct TrainingState: Codable {
    static let version = 1
    var version = TrainingState.version
    var finishedStages = 0
    /// The logits of each model that was trained, nodes x classes.
    var logits: [String: [Float]] = [:]
    /// Ē standardised, its column means and its deviation.
    var embeddings: [Float] = [], means: [Float] = [], deviation: Float = 1
    /// ê, ẽ, and the virtual neighbours with their weights.
    var guesses: [Float] = [], mixtures: [Float] = [], neighbours: [Int] = [], weights: [Double] = []
    var results: [RunEvent.Result] = []

    func encoded() throws -> Data {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        return try encoder.encode(self)
    }

    /// - Throws: `ColdBrewError` when the bytes are not a checkpoint of this version.
    init(decoding data: Data) throws {
        guard let state = try? PropertyListDecoder().decode(TrainingState.self, from: data), state.version == Self.version else {
            throw ColdBrewError("the checkpoint was not written by this version of Cold Brew; start the run anew")
        }
        self = state
    }

    init() {}
}
