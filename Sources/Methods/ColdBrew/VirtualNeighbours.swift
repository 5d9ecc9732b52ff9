import Foundation
import Tensors

/// For each node the K candidates whose embedding has the largest inner product with its own guess, and their mixture
/// (section 2.5, step 2): ẽ_i = Σ_j softmax(ê_i · Ē_j)_j Ē_j over those K.
package struct VirtualNeighbours: Sendable {
    /// K candidates a node, the best first; ties go to the lower node.
    package let nodes: [Int]
    /// Their weights, which sum to 1 for each node.
    package let weights: [Double]
    /// ẽ, one row of the embeddings' width a node.
    package let mixtures: [Float]
    package let count: Int

    /// Rows whose scores are held at once: never a matrix of nodes x nodes.
    private static let blockRows = 128

    /// - Parameters:
    ///   - guesses: ê, rows of `width`.
    ///   - embeddings: Ē, rows of `width`.
    ///   - candidates: the nodes that may be neighbours, in rising order.
    /// - Complexity: O(nodes · candidates · width), in blocks of rows.
    package init(guesses: [Float], embeddings: [Float], width: Int, candidates: [Int], count k: Int, proceed: () throws -> Void = {}) throws {
        guard k >= 1, k <= candidates.count else { throw ColdBrewError("\(k) virtual neighbours are asked for where 1 … \(candidates.count) nodes can be some; change neighbours") }
        guard width >= 1, guesses.count % width == 0, embeddings.count % width == 0, candidates.allSatisfy({ $0 >= 0 && $0 < embeddings.count / width }) else {
            throw ColdBrewError("\(guesses.count) and \(embeddings.count) numbers are no rows of \(width), or a candidate has no row; start the run anew")
        }
        let rows = guesses.count / width
        var chosen: [Float] = []
        chosen.reserveCapacity(candidates.count * width)
        for node in candidates { chosen += embeddings[node * width..<(node + 1) * width] }
        let places = Tensor<Float>(shape: [candidates.count, width], chosen)
        var nodes: [Int] = [], weights: [Double] = []
        var mixtures = [Float](repeating: 0, count: rows * width)
        var best = [(score: Float, node: Int)](repeating: (0, 0), count: k)
        for first in stride(from: 0, to: rows, by: Self.blockRows) {
            try proceed()
            let count = min(Self.blockRows, rows - first)
            let block = Tensor<Float>(shape: [count, width], Array(guesses[first * width..<(first + count) * width]))
            try block.matmul(places, transposeOther: true).withScalars { scores in
                for row in 0..<count {
                    Self.select(&best, among: candidates, scores: scores[row * candidates.count..<(row + 1) * candidates.count])
                    let powers = best.map { exp(Double($0.score - best[0].score)) }, sum = powers.reduce(0, +)
                    for (power, neighbour) in zip(powers, best) {
                        nodes.append(neighbour.node)
                        weights.append(power / sum)
                        for c in 0..<width { mixtures[(first + row) * width + c] += Float(power / sum) * embeddings[neighbour.node * width + c] }
                    }
                }
            }
        }
        self.nodes = nodes
        self.weights = weights
        self.mixtures = mixtures
        count = k
    }

    /// Fills `best` with the largest scores, the largest first; of equal ones the lower node.
    private static func select(_ best: inout [(score: Float, node: Int)], among candidates: [Int], scores: Slice<UnsafeBufferPointer<Float>>) {
        let k = best.count
        var filled = 0
        for (node, score) in zip(candidates, scores) {
            if filled == k, score <= best[k - 1].score { continue }
            if filled < k { filled += 1 }
            var place = filled - 1
            while place > 0, best[place - 1].score < score {
                best[place] = best[place - 1]
                place -= 1
            }
            best[place] = (score, node)
        }
    }
}
