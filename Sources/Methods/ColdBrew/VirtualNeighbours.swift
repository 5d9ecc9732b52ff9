import Foundation

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

    /// One row of scores at a time: never a matrix of nodes x nodes.
    /// - Parameters:
    ///   - guesses: ê, rows of `width`.
    ///   - embeddings: Ē, rows of `width`.
    ///   - candidates: the nodes that may be neighbours, in rising order.
    package init(guesses: [Float], embeddings: [Float], width: Int, candidates: [Int], count k: Int, proceed: () throws -> Void = {}) throws {
        guard k >= 1, k <= candidates.count else { throw ColdBrewError("\(k) virtual neighbours are asked for where 1 … \(candidates.count) nodes can be some; change neighbours") }
        let rows = guesses.count / width
        var nodes: [Int] = [], weights: [Double] = []
        var mixtures = [Float](repeating: 0, count: rows * width)
        var best = [(score: Float, node: Int)](repeating: (0, 0), count: k)
        for row in 0..<rows {
            if row % 64 == 0 { try proceed() }
            var filled = 0
            for node in candidates {
                var score: Float = 0
                for c in 0..<width { score += guesses[row * width + c] * embeddings[node * width + c] }
                if filled == k, score <= best[k - 1].score { continue }
                if filled < k { filled += 1 }
                var place = filled - 1
                while place > 0, best[place - 1].score < score {
                    best[place] = best[place - 1]
                    place -= 1
                }
                best[place] = (score, node)
            }
            let powers = best.map { exp(Double($0.score - best[0].score)) }, sum = powers.reduce(0, +)
            for (power, chosen) in zip(powers, best) {
                nodes.append(chosen.node)
                weights.append(power / sum)
                for c in 0..<width { mixtures[row * width + c] += Float(power / sum) * embeddings[chosen.node * width + c] }
            }
        }
        self.nodes = nodes
        self.weights = weights
        self.mixtures = mixtures
        count = k
    }
}
