/// Spearman's rank correlation (Spearman, "The proof and measurement of association between two things", American Journal of Psychology 15, 1904).
package enum RankCorrelation {
    /// Pearson's correlation of the ranks, -1 to 1, ties by their mean rank; nil where one side does not vary.
    package static func spearman(_ a: [Double], _ b: [Double]) -> Double? {
        guard a.count == b.count, a.count > 1 else { return nil }
        let x = ranks(a), y = ranks(b), mean = Double(a.count + 1) / 2
        let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
        let spread = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } * y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return spread > 0 ? covariance / spread.squareRoot() : nil
    }

    private static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count), start = 0
        while start < order.count {
            var end = start
            while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
            for place in start...end { ranks[order[place]] = Double(start + end) / 2 + 1 }
            start = end + 1
        }
        return ranks
    }
}
