import Experiments

/// Scored pairs that are ranked together.
package struct EvaluationSet: Sendable {
    package var name: String
    /// Numbers of pairs of the material.
    package var pairs: [Int]
    package var gold: [Double]

    package init(name: String, pairs: [Int], gold: [Double]) { (self.name, self.pairs, self.gold) = (name, pairs, gold) }

    /// Spearman's correlation of scores with gold times 100; nil where one of them does not vary.
    /// - Parameter scores: one for each pair of the material.
    package func spearman(_ scores: [Float]) -> Double? {
        RankCorrelation.spearman(pairs.map { Double(scores[$0]) }, gold).map { 100 * $0 }
    }
}
