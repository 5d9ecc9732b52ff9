/// The probability that each transformation deserves: the share of the reweighted union's weight that lies on its copies.
package enum AugmentationProbabilities {
    /// - Parameters:
    ///   - weights: the originals' weights, then those of each transformation's copies in turn, `count` each.
    ///   - count: how many originals there are.
    /// - Returns: the share of the originals, then of each transformation; they sum to 1.
    package static func shares(weights: [Double], count: Int) -> [Double] {
        precondition(count > 0 && weights.count.isMultiple(of: count))
        let total = weights.reduce(0, +)
        return stride(from: 0, to: weights.count, by: count).map { start in
            weights[start..<start + count].reduce(0, +) / total
        }
    }
}
