import Foundation

/// How well single latents stand for single factors.
package struct Disentanglement: Sendable, Equatable, Codable {
    /// Mutual information gap (Chen et al. 2018).
    package var mig: Double
    /// Disentanglement and completeness (Eastwood and Williams 2018).
    package var disentanglement: Double, completeness: Double
    /// For each latent its importance for each factor, a row a latent; columns sum to 1.
    package var importance: [[Double]]
    /// Which factors took part: those with several values in the training part.
    package var factors: [Int]

    package init(mig: Double, disentanglement: Double, completeness: Double, importance: [[Double]], factors: [Int]) {
        (self.mig, self.disentanglement, self.completeness, self.importance, self.factors) = (mig, disentanglement, completeness, importance, factors)
    }

    /// Mean over factors of the gap between the two latents that tell most about it, over the factor's entropy. Latents are cut into 20 equal bins between
    /// their least and largest value.
    /// - Parameters:
    ///   - latents: a column a latent.
    ///   - factors: a column of whole numbers a factor; one with a single value takes no part.
    package static func mutualInformationGap(latents: [[Double]], factors: [[Int]]) -> Double {
        let binned = latents.map { bins($0, 20) }
        let gaps = factors.compactMap { factor -> Double? in
            let entropy = entropy(factor)
            guard entropy > 1e-12 else { return nil }
            let information = binned.map { mutualInformation($0, factor) }.sorted(by: >)
            return ((information.first ?? 0) - (information.count > 1 ? information[1] : 0)) / entropy
        }
        return gaps.isEmpty ? .nan : gaps.reduce(0, +) / Double(gaps.count)
    }

    /// The number of the equal bin of each value, from 1.
    package static func bins(_ values: [Double], _ count: Int) -> [Int] {
        guard let low = values.min(), let high = values.max(), high > low else { return values.map { _ in 1 } }
        return values.map { min(count, Int(($0 - low) / (high - low) * Double(count)) + 1) }
    }

    /// In nats.
    package static func mutualInformation(_ a: [Int], _ b: [Int]) -> Double {
        var both: [Pair: Int] = [:], left: [Int: Int] = [:], right: [Int: Int] = [:]
        for (x, y) in zip(a, b) {
            both[Pair(x: x, y: y), default: 0] += 1
            left[x, default: 0] += 1
            right[y, default: 0] += 1
        }
        let n = Double(a.count)
        // In the order of the values, so that the sum is the same each time.
        return both.keys.sorted { ($0.x, $0.y) < ($1.x, $1.y) }.reduce(0) { sum, key in
            let p = Double(both[key] ?? 0) / n
            return sum + p * log(p * n * n / (Double(left[key.x] ?? 1) * Double(right[key.y] ?? 1)))
        }
    }

    private struct Pair: Hashable { var x: Int, y: Int }

    private static func entropy(_ values: [Int]) -> Double { mutualInformation(values, values) }

    /// Disentanglement and completeness of an importance matrix, a row a latent.
    package static func scores(_ importance: [[Double]]) -> (disentanglement: Double, completeness: Double, rows: [Double], columns: [Double]) {
        let rows = importance.map { 1 - normalisedEntropy($0) }
        let total = importance.joined().reduce(0, +)
        guard total > 0, let width = importance.first?.count, width > 0 else { return (.nan, .nan, rows, []) }
        let columns = (0..<width).map { k in importance.map { $0[k] } }
        let completeness = columns.map { 1 - normalisedEntropy($0) }
        func weighted(_ scores: [Double], _ parts: [[Double]]) -> Double { zip(scores, parts).reduce(0) { $0 + $1.0 * $1.1.reduce(0, +) / total } }
        return (weighted(rows, importance), weighted(completeness, columns), rows, completeness)
    }

    /// The entropy of shares with their number as its base; 1e-11 is added to each.
    private static func normalisedEntropy(_ parts: [Double]) -> Double {
        guard parts.count > 1 else { return 0 }
        let sum = parts.reduce(0) { $0 + $1 + 1e-11 }
        return -parts.reduce(0) { total, part in
            let p = (part + 1e-11) / sum
            return total + p * log(p)
        } / log(Double(parts.count))
    }

    /// Spearman's rank correlation; nil for fewer than two pairs or where one side does not vary. Equal values share their mean rank.
    package static func rankCorrelation(_ a: [Double], _ b: [Double]) -> Double? {
        guard a.count == b.count, a.count > 1 else { return nil }
        func ranks(_ values: [Double]) -> [Double] {
            let order = values.indices.sorted { values[$0] < values[$1] }
            var ranks = [Double](repeating: 0, count: values.count), start = 0
            while start < order.count {
                var end = start
                while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
                for place in start..<end { ranks[order[place]] = Double(start + end - 1) / 2 }
                start = end
            }
            return ranks
        }
        let (x, y) = (ranks(a), ranks(b)), middle = Double(a.count - 1) / 2
        let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - middle) * ($1.1 - middle) }
        func spread(_ r: [Double]) -> Double { r.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } }
        let both = (spread(x) * spread(y)).squareRoot()
        return both > 0 ? covariance / both : nil
    }
}
