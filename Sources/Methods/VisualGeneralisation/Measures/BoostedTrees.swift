/// Gradient-boosted regression trees (Friedman 2001) on a few columns of numbers, for the importance of each column: how much of the squared error its splits
/// take away.
///
/// Values are put into at most 32 bins of about equal counts first; a split lies between two bins.
package struct BoostedTrees: Sendable {
    package var trees = 40, depth = 3, rate = 0.1, binCount = 32

    package init(trees: Int = 40, depth: Int = 3, rate: Double = 0.1, bins: Int = 32) { (self.trees, self.depth, self.rate, binCount) = (trees, depth, rate, bins) }

    /// What was fitted: the total reduction of the squared error by each column, and the predictions of the rows.
    package struct Fit: Sendable { package var reductions: [Double], predictions: [Double] }

    /// - Parameters:
    ///   - columns: inputs, a column each, all of one length.
    ///   - targets: one number a row.
    package func fit(_ columns: [[Double]], _ targets: [Double]) -> Fit {
        let count = targets.count, binned = columns.map(bins)
        var reductions = [Double](repeating: 0, count: columns.count)
        let mean = targets.reduce(0, +) / Double(max(1, count))
        var predictions = [Double](repeating: mean, count: count)
        for _ in 0..<trees where count > 0 {
            let rest = zip(targets, predictions).map { $0 - $1 }
            // Rows of each leaf so far.
            var leaves: [[Int]] = [Array(0..<count)]
            for _ in 0..<depth {
                leaves = leaves.flatMap { rows -> [[Int]] in
                    guard let best = split(rows, binned, rest) else { return [rows] }
                    reductions[best.column] += best.gain
                    var low: [Int] = [], high: [Int] = []
                    for row in rows { if binned[best.column][row] <= best.bin { low.append(row) } else { high.append(row) } }
                    return [low, high]
                }
            }
            for rows in leaves {
                let value = rows.reduce(0) { $0 + rest[$1] } / Double(rows.count)
                for row in rows { predictions[row] += rate * value }
            }
        }
        return Fit(reductions: reductions, predictions: predictions)
    }

    /// The split of some rows that takes most of the squared error away; nil where none takes any.
    private func split(_ rows: [Int], _ binned: [[Int]], _ rest: [Double]) -> (column: Int, bin: Int, gain: Double)? {
        guard rows.count >= 2 else { return nil }
        let total = rows.reduce(0) { $0 + rest[$1] }, whole = total * total / Double(rows.count)
        var best: (column: Int, bin: Int, gain: Double)?
        for column in binned.indices {
            var sums = [Double](repeating: 0, count: binCount), counts = [Int](repeating: 0, count: binCount)
            for row in rows {
                sums[binned[column][row]] += rest[row]
                counts[binned[column][row]] += 1
            }
            var sum = 0.0, number = 0
            for bin in 0..<binCount - 1 {
                sum += sums[bin]
                number += counts[bin]
                guard counts[bin] > 0, number < rows.count else { continue }
                let other = total - sum, gain = sum * sum / Double(number) + other * other / Double(rows.count - number) - whole
                if gain > (best?.gain ?? 1e-12) { best = (column, bin, gain) }
            }
        }
        return best
    }

    /// The bin of each value: by its rank, equal values together.
    private func bins(_ values: [Double]) -> [Int] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var bins = [Int](repeating: 0, count: values.count), start = 0
        while start < order.count {
            var end = start
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for place in start..<end { bins[order[place]] = min(binCount - 1, start * binCount / order.count) }
            start = end
        }
        return bins
    }

    /// The importance of each latent for each factor, a row a latent, columns summing to 1 (or all zero where nothing helps).
    package func importance(latents: [[Double]], factors: [[Double]]) -> [[Double]] {
        let columns = factors.map { target -> [Double] in
            let reductions = fit(latents, target).reductions, sum = reductions.reduce(0, +)
            return sum > 0 ? reductions.map { $0 / sum } : reductions
        }
        return latents.indices.map { latent in columns.map { $0[latent] } }
    }
}
