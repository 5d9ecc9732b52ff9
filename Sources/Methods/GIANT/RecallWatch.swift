import Tensors

/// Recall of clusters on a fixed sample of rows while a level trains.
struct RecallWatch {
    private static let sampleSize = 2000
    static let top = 8
    private let trainer: Trainer
    private let chain: ClusterChain
    private let level: Int
    private let sample: [Int32], positives: [Set<Int32>]
    private let held: [Int32], heldPositives: [Set<Int32>]

    init(_ trainer: Trainer, _ chain: ClusterChain, _ level: Int) {
        self.trainer = trainer
        self.chain = chain
        self.level = level
        let targets = LevelTargets(chain: chain, graph: trainer.material.edges)
        func sampled(_ rows: [Int32], _ stream: String) -> [Int32] {
            var random = trainer.context.random.stream(stream)
            return rows.count <= Self.sampleSize ? rows : (0..<Self.sampleSize).map { _ in rows[random.integer(below: rows.count)] }.sorted()
        }
        sample = sampled(trainer.material.rows, "recall sample")
        positives = sample.map { Set(targets.clusters(of: $0, at: level).map(\.cluster)) }
        held = sampled(trainer.material.heldOut.keys.sorted(), "held-out sample")
        heldPositives = held.map { row in Set((trainer.material.heldOut[row] ?? []).map { chain.cluster(of: Int($0), at: level) }) }
    }

    /// Clusters asked for, recall in percent on training and on held-out edges (NaN without any), and what a random guess gets.
    struct Measured {
        var k: Int, own: Double, heldOut: Double, chance: Double
    }

    func measure(_ encoder: any TextEncoder<Float>, _ heads: LevelHeads<Float>) throws -> Measured {
        let clusters = chain.levels[level], k = min(Self.top, max(1, clusters / 2))
        func recall(_ rows: [Int32], _ positives: [Set<Int32>]) throws -> Double {
            var ranked: [[Int32]] = []
            for start in stride(from: 0, to: rows.count, by: encoder.blockRows) {
                try trainer.context.proceed()
                ranked += ClusterRecall.ranked(try heads.allLogits(encoder(Array(rows[start..<min(rows.count, start + encoder.blockRows)]), training: nil)), k)
            }
            return ClusterRecall.recall(ranked, positives, at: k).map { 100 * $0 } ?? .nan
        }
        return try Measured(k: k, own: recall(sample, positives), heldOut: recall(held, heldPositives), chance: 100 * Double(k) / Double(clusters))
    }
}
