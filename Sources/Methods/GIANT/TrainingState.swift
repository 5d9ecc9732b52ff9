import Experiments
import Foundation
import Tensors

/// What a checkpoint holds: arrays by name with the length of their rows, and what was found.
///
/// Names: "vectors/ARM" (nodes x d), "codes" (leaf of each label in the arm that trains), "codes/GIANT", "encoder" (values of the encoder that
/// trains), "head L W" and "head L b" (finished levels), "predicted" (cluster and value of training rows), "classes/ARM/MODEL" (a class a node), "recall" (k, recall on
/// training and on held-out edges and the guess of each level so far, for the screen).
struct TrainingState {
    static let version = "2"
    var finishedStages = 0
    private(set) var arrays: [String: (width: Int, values: [Float])] = [:]
    var results: [RunEvent.Result] = []
    /// Seconds, rows and unit of each stage so far, for the table of phases. Not part of what decides a number.
    var phases: [Phase] = []

    struct Phase: Codable {
        var name: String, seconds: Double, rows: Double, memory: Double
        /// MiB of `memory` that are codes, scores or vocabulary, which grow with the nodes or the words by nature (section 7).
        var ofArrays: Double
    }

    init() {}

    mutating func set(_ name: String, _ values: [Float]?, width: Int = 1) {
        arrays[name] = values.map { (width, $0) }
    }

    mutating func remove(prefix: String) { arrays = arrays.filter { !$0.key.hasPrefix(prefix) } }
    func has(_ name: String) -> Bool { arrays[name] != nil }
    func names(prefix: String) -> [String] { arrays.keys.filter { $0.hasPrefix(prefix) }.sorted() }

    static let misfit = GIANTError("the checkpoint does not fit to the data set and the settings; start the run anew")

    /// An array of `count` numbers.
    func array(_ name: String, count: Int) throws -> [Float] {
        guard let array = arrays[name], array.values.count == count else { throw Self.misfit }
        return array.values
    }

    func vectors(_ arm: String, nodes: Int) throws -> NodeVectors {
        guard let array = arrays["vectors/\(arm)"], array.width > 0, array.values.count == nodes * array.width else { throw Self.misfit }
        return NodeVectors(array.values, width: array.width)
    }

    /// Whole numbers in a range.
    func integers(_ name: String, count: Int, in range: ClosedRange<Int32>) throws -> [Int32] {
        try array(name, count: count).map { value in
            guard let number = Int32(exactly: value), range.contains(number) else { throw Self.misfit }
            return number
        }
    }

    // MARK: - Levels

    func levels(_ chain: ClusterChain, width: Int, rows: Int, predicted count: Int, prefix: String = "head") throws -> LevelTraining.State {
        var state = LevelTraining.State()
        for (level, clusters) in chain.levels.enumerated() where has("\(prefix) \(level) W") {
            // A level stands on all those above it.
            guard state.heads.count == level else { throw Self.misfit }
            state.heads.append((try array("\(prefix) \(level) W", count: clusters * width), try array("\(prefix) \(level) b", count: clusters)))
        }
        if has("predicted clusters"), let level = state.heads.indices.last {
            let clusters = try integers("predicted clusters", count: rows * count, in: -1...Int32(chain.levels[level] - 1)), values = try array("predicted values", count: rows * count)
            state.predicted = zip(clusters, values).map { .init(cluster: $0, value: $1) }
        }
        return state
    }

    mutating func set(_ levels: LevelTraining.State) {
        for (level, head) in levels.heads.enumerated() {
            set("head \(level) W", head.weights)
            set("head \(level) b", head.biases)
        }
        set("predicted clusters", levels.predicted.isEmpty ? nil : levels.predicted.map { Float($0.cluster) })
        set("predicted values", levels.predicted.isEmpty ? nil : levels.predicted.map(\.value))
    }

    // MARK: - Bytes

    func encoded() throws -> Data {
        let names = arrays.keys.sorted()
        let tensors = names.map { name -> (name: String, tensor: Tensor<Float>) in
            let array = arrays[name] ?? (1, [])
            return (name, Tensor(shape: [array.values.count / max(1, array.width), array.width], array.values))
        }
        func json(_ value: some Encodable) throws -> String { String(decoding: try JSONEncoder().encode(value), as: UTF8.self) }
        return try Safetensors.encoded(tensors, metadata: ["version": Self.version, "stages": "\(finishedStages)", "results": json(results), "phases": json(phases)])
    }

    /// - Throws: `GIANTError` when the bytes are not a checkpoint of this version.
    init(decoding data: Data) throws {
        let foreign = GIANTError("the checkpoint was not written by this version of GIANT-XRT; start the run anew")
        guard let file = try? Safetensors(data, path: "checkpoint"), file.metadata["version"] == Self.version, let stages = file.metadata["stages"].flatMap({ Int($0) }), stages >= 0,
              let results = try? JSONDecoder().decode([RunEvent.Result].self, from: Data((file.metadata["results"] ?? "").utf8)),
              let phases = try? JSONDecoder().decode([Phase].self, from: Data((file.metadata["phases"] ?? "").utf8)) else { throw foreign }
        finishedStages = stages
        self.results = results
        self.phases = phases
        for entry in file.entries {
            guard entry.shape.count == 2, let tensor = try? file.tensor(entry.name, as: Float.self) else { throw foreign }
            arrays[entry.name] = (entry.shape[1], tensor.scalars)
        }
    }
}
