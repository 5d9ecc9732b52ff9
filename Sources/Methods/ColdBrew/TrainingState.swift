import Experiments
import Tensors

/// What a checkpoint of a run holds: what the finished stages handed over. A stage that was interrupted begins anew from its own
/// random stream, so a resumed run makes the same numbers.
struct TrainingState: CheckpointState {
    static let currentVersion = 2
    var version = TrainingState.currentVersion
    var finishedStages = 0
    /// The logits of each model that was trained, nodes x classes; of task links embeddings, nodes x width.
    var logits: [String: [Float]] = [:]
    /// Ē standardised, rows of `width`; its column means and its deviation; where the logits stand in it.
    var embeddings: [Float] = [], width = 0, means: [Float] = [], deviation: Float = 1, logitColumns: Range<Int>?
    /// ê, ẽ, and the virtual neighbours with their weights.
    var guesses: [Float] = [], mixtures: [Float] = [], neighbours: [Int] = [], weights: [Double] = []
    var results: [RunEvent.Result] = []

    init() {}

    private static let misfit = ColdBrewError("the checkpoint does not fit to the data set and the settings; start the run anew")

    /// Whether lengths and node numbers fit together and to the data: a checkpoint is a file, and may be another run's.
    /// - Throws: `ColdBrewError` when they do not.
    func check(nodes: Int, outputs: Int, neighbours count: Int, stages: Int) throws {
        guard (0...stages).contains(finishedStages), logits.values.allSatisfy({ $0.count == nodes * outputs }), width >= 0, width <= 1_000_000,
              means.count == width, logitColumns.map({ $0.lowerBound >= 0 && $0.upperBound <= width && $0.count == outputs }) ?? true,
              [embeddings.count, guesses.count, mixtures.count].allSatisfy({ $0 == 0 || $0 == nodes * width }),
              neighbours.count == weights.count, neighbours.isEmpty || neighbours.count == nodes * count,
              neighbours.allSatisfy({ (0..<nodes).contains($0) }) else { throw Self.misfit }
    }

    /// The logits of a model whose stage is over, nodes x classes.
    func logits(of model: String) throws -> [Float] {
        guard let values = logits[model] else { throw Self.misfit }
        return values
    }

    /// One of `embeddings`, `guesses` and `mixtures` with a row a node.
    func rows(_ part: KeyPath<TrainingState, [Float]>, nodes: Int) throws -> Tensor<Float> {
        let values = self[keyPath: part]
        guard !values.isEmpty, values.count == nodes * width else { throw Self.misfit }
        return Tensor(shape: [nodes, width], values)
    }
}
