import Tensors

/// Scores of requests (rows) for items (columns), and which pairs must not be chosen.
///
/// A score may be anything finite; whatever is excluded is left out wherever pairs are chosen, which is the limit of the published prior of
/// -1e10 without its arithmetic.
package struct ScoreTable: Sendable {
    package let rows: Int
    package let columns: Int
    /// Row by row.
    package var values: [Double]
    /// For each pair whether it is excluded; empty where none is.
    package var excluded: [Bool]

    package init(rows: Int, columns: Int, values: [Double], excluded: [Bool] = []) {
        precondition(values.count == rows * columns && (excluded.isEmpty || excluded.count == values.count), "\(values.count) scores for \(rows) x \(columns) pairs")
        (self.rows, self.columns, self.values, self.excluded) = (rows, columns, values, excluded)
    }

    package init(_ rows: [[Double]]) {
        self.init(rows: rows.count, columns: rows.first?.count ?? 0, values: rows.flatMap { $0 })
    }

    package func isExcluded(_ place: Int) -> Bool { excluded.isEmpty ? false : excluded[place] }

    /// Each row times a factor of its own: λ(x) p(y|x).
    package func scalingRows(by factors: [Double]) -> ScoreTable {
        var result = self
        for row in 0..<rows {
            let factor = factors[row]
            for place in row * columns..<(row + 1) * columns { result.values[place] *= factor }
        }
        return result
    }

    /// The largest score of a pair that may be chosen; nil where none may.
    package var largest: Double? {
        guard !excluded.isEmpty else { return values.max() }
        var best: Double?
        for place in values.indices where !excluded[place] && values[place] > best ?? -.infinity { best = values[place] }
        return best
    }
}

/// A random order of requests and one of items that decide between equal scores: without them the first users would win every audience
/// of a score that does not tell users apart.
package struct TieBreak: Sendable {
    /// The place of each request and of each item in the random orders.
    package let rows: [Int], columns: [Int]

    package init(rows: Int, columns: Int, random: RandomSource) {
        var random = random
        self.rows = random.permutation(rows)
        self.columns = random.permutation(columns)
    }
}
