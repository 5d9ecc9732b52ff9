import Datasets
import Foundation
import GIANT
import Tensors
import Testing

/// Against `Fixtures/parity.py`: text features, label embeddings, tree and three levels of training in PyTorch.
@Suite struct ParityTests {
    struct Expected: Decodable {
        var texts: [String], edges: [[Int32]], X: [[Double]], Z: [[Double]], codes: [Int32], words: [Float], out: [Float], bias: [Float], heads: [Float]
        var losses: [Double], W: [[Double]], H: [Double]
    }

    static func expected() throws -> Expected {
        let place = try #require(Bundle.module.url(forResource: "parity", withExtension: "json", subdirectory: "Fixtures"))
        return try JSONDecoder().decode(Expected.self, from: Data(contentsOf: place))
    }

    func distance(_ rows: SparseFeatures, _ expected: [[Double]]) -> Double {
        var largest = 0.0
        for (i, row) in expected.enumerated() {
            var dense = [Double](repeating: 0, count: rows.width)
            for entry in rows.row(i) { dense[Int(entry.column)] = Double(entry.value) }
            largest = max(largest, zip(dense, row).map { abs($0 - $1) }.max() ?? 0)
        }
        return largest
    }

    @Test func `three levels on 64 nodes give the numbers of PyTorch`() throws {
        let expected = try Self.expected(), nodes = expected.texts.count, width = 8
        let text = try TextFeatures(NodeTexts(expected.texts), options: TFIDF.Options.standard(pairs: true))
        #expect(text.rows.width == expected.X[0].count)
        #expect(distance(text.rows.inMemory(), expected.X) < 1e-6)
        let graph = Adjacency(count: nodes, from: expected.edges.map { $0[0] }, to: expected.edges.map { $0[1] })
        let rows = (0..<nodes).filter { !graph.neighbours(of: $0).isEmpty }.map { Int32($0) }
        let labels = try LabelEmbeddings.aggregated(text.rows, over: graph, isTraining: (0..<nodes).map { !graph.neighbours(of: $0).isEmpty })
        #expect(distance(labels.inMemory(), expected.Z) < 1e-6)
        var clusters = BisectingClusters(random: RandomSource(seed: 1))
        clusters.start = { _, size in (size - 1, 0) }
        let codes = try clusters.leafCodes(labels, depth: 3)
        #expect(codes == expected.codes)

        var random = RandomSource(seed: 1)
        let encoder = BagEncoder<Float>(try text.rows.matrix(), width: width, random: &random)
        for (name, values) in [("words.table", expected.words), ("output.weight", expected.out), ("output.bias", expected.bias)] {
            let parameter = try #require(encoder.parameters[name])
            parameter.assign(Tensor(shape: parameter.shape, values))
        }
        let targets = LevelTargets(chain: try ClusterChain(codes: codes, leaves: 8, splits: 2, minimumCodes: 2), graph: graph)
        var weights = expected.heads, biases: [Float] = [0, 0], losses: [Double] = []
        let tape = Tape<Float>()
        for level in 0..<3 {
            if level > 0 {
                weights = (0..<targets.chain.levels[level]).flatMap { Array(weights[$0 / 2 * width..<($0 / 2 + 1) * width]) }
                biases = (0..<targets.chain.levels[level]).map { biases[$0 / 2] }
            }
            let heads = LevelHeads<Float>(weights: weights, biases: biases)
            let optimisers = [Optimiser(encoder.parameters, .adam(), rate: 0.01), Optimiser(heads.parameters, .adam(), rate: 0.01)]
            for step in 0..<10 {
                let chosen = (0..<8).map { rows[(step * 8 + $0) % rows.count] }
                var pairs = ActivePairs()
                for row in chosen { pairs.append(ActiveSet(of: row, at: level, targets: targets, predicted: [], sampling: .teacherForcing, limit: 1000, random: random)) }
                losses.append(Double(try tape.differentiate(encoder.parameters, heads.parameters) { try LevelLoss.squaredHinge(heads.logits(encoder(chosen, training: nil), pairs), pairs) }))
                for optimiser in optimisers {
                    optimiser.rate = 0.01 * Double(10 - step) / 10
                    optimiser.update(clippingNorm: 1)
                }
            }
            (weights, biases) = heads.values
            #expect(zip(weights, expected.W[level]).allSatisfy { abs(Double($0) - $1) < 1e-4 }, "W of level \(level + 1)")
        }
        #expect(zip(losses, expected.losses).allSatisfy { abs($0 - $1) < 1e-4 })
        #expect(zip(try encoder.encoded(count: nodes), expected.H).allSatisfy { abs(Double($0) - $1) < 1e-4 })
    }
}
