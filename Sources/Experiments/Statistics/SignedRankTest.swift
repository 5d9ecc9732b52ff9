import Foundation

/// Wilcoxon's signed-rank test: whether paired differences lie evenly around 0, without assuming their shape.
/// (Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1, 1945.)
enum SignedRankTest {
    /// The two-sided probability. Differences of 0 are left out, equal sizes share their mean rank. Up to 50 differences the
    /// distribution is exact, ties included; above, it is the normal approximation with the tie correction.
    /// - Returns: nil when no difference is left.
    static func twoSidedProbability(_ differences: [Double]) -> Double? {
        let kept = differences.filter { $0 != 0 && $0.isFinite }
        guard !kept.isEmpty else { return nil }
        let ranks = doubledRanks(kept.map(abs))
        let positive = zip(kept, ranks).reduce(0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
        return kept.count <= 50 ? exact(ranks, positive) : approximate(ranks, positive)
    }

    /// Twice the mean ranks, so that they are whole.
    static func doubledRanks(_ sizes: [Double]) -> [Int] {
        let order = sizes.indices.sorted { sizes[$0] < sizes[$1] }
        var ranks = [Int](repeating: 0, count: sizes.count)
        var start = 0
        while start < order.count {
            var end = start
            while end + 1 < order.count, sizes[order[end + 1]] == sizes[order[start]] { end += 1 }
            for index in start...end { ranks[order[index]] = start + end + 2 }
            start = end + 1
        }
        return ranks
    }

    /// Each of the 2^n sign patterns is equally likely: counts how many give each sum.
    private static func exact(_ ranks: [Int], _ positive: Int) -> Double {
        let total = ranks.reduce(0, +)
        var patterns = [Double](repeating: 0, count: total + 1)
        patterns[0] = 1
        for rank in ranks {
            for sum in stride(from: total, through: rank, by: -1) { patterns[sum] += patterns[sum - rank] }
        }
        let all = pow(2, Double(ranks.count))
        let below = patterns[...positive].reduce(0, +) / all, above = patterns[positive...].reduce(0, +) / all
        return min(1, 2 * min(below, above))
    }

    private static func approximate(_ ranks: [Int], _ positive: Int) -> Double {
        let squares = ranks.reduce(0.0) { $0 + Double($1) * Double($1) / 4 }
        let mean = ranks.reduce(0.0) { $0 + Double($1) / 2 } / 2
        return erfc(abs(Double(positive) / 2 - mean) / (squares / 4).squareRoot() / 2.0.squareRoot())
    }
}
