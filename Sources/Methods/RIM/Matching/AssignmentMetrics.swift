import Foundation

/// What happened after the requests: how often each request took each item, as sparse rows.
package struct Targets: Sendable, Equatable {
    package let rows: Int
    package let columns: Int
    /// Counts of a row by column.
    package let counts: [[Int: Double]]

    package init(rows: Int, columns: Int, counts: [[Int: Double]]) {
        (self.rows, self.columns, self.counts) = (rows, columns, counts)
    }

    package init(_ dense: [[Double]]) {
        self.init(rows: dense.count, columns: dense.first?.count ?? 0, counts: dense.map { row in
            row.enumerated().reduce(into: [:]) { if $1.element != 0 { $0[$1.offset] = $1.element } }
        })
    }

    /// Repeats count once.
    package var binary: Targets { Targets(rows: rows, columns: columns, counts: counts.map { $0.mapValues { _ in 1 } }) }

    package var sum: Double { counts.reduce(0) { $0 + $1.values.reduce(0, +) } }
    package var rowSums: [Double] { counts.map { $0.values.reduce(0, +) } }
    package var columnSums: [Double] {
        counts.reduce(into: [Double](repeating: 0, count: columns)) { sums, row in for (column, count) in row { sums[column] += count } }
    }
}

/// The measures of section 2.6 of one assignment.
package struct AssignmentMetrics: Sendable, Codable, Equatable {
    /// Σ Y ⊙ A over the number of assigned pairs (or the number that was asked for, where that is larger).
    package var precision: Double
    /// The mean over requests of the share of their targets that is hit.
    package var itemRecall: Double
    /// The same over items.
    package var userRecall: Double
    /// Shares of the items and of the requests that take part.
    package var itemCoverage: Double, userCoverage: Double
    /// exp of the entropy of the exposures of items, and of requests.
    package var itemPerplexity: Double, userPerplexity: Double
    /// Σ A.
    package var assigned: Double

    /// - Parameter least: R_min of the precision's denominator.
    package init(_ assignment: Assignment, _ targets: Targets, least: Double = 0) {
        var hits = 0.0, rowHits = [Double](repeating: 0, count: assignment.rows), columnHits = [Double](repeating: 0, count: assignment.columns)
        for cell in assignment.cells {
            guard let count = targets.counts[cell.row][cell.column] else { continue }
            hits += count * cell.weight
            rowHits[cell.row] += count * cell.weight
            columnHits[cell.column] += count * cell.weight
        }
        let rows = assignment.rowSums, columns = assignment.columnSums
        assigned = rows.reduce(0, +)
        let asked = max(assigned, least)
        precision = asked > 0 ? hits / asked : 0
        func recall(_ hits: [Double], _ sums: [Double]) -> Double {
            hits.isEmpty ? 0 : zip(hits, sums).reduce(0) { $0 + $1.0 / max(1, $1.1) } / Double(hits.count)
        }
        itemRecall = recall(rowHits, targets.rowSums)
        userRecall = recall(columnHits, targets.columnSums)
        func share(_ sums: [Double]) -> Double { sums.isEmpty ? 0 : Double(sums.count { $0 > 0 }) / Double(sums.count) }
        itemCoverage = share(columns)
        userCoverage = share(rows)
        itemPerplexity = Self.perplexity(columns)
        userPerplexity = Self.perplexity(rows)
    }

    /// exp(-Σ q ln q) of numbers that are not negative, q their shares; 0 where all are 0.
    package static func perplexity(_ sums: [Double]) -> Double {
        let total = sums.reduce(0, +)
        guard total > 0 else { return 0 }
        return exp(-sums.reduce(0) { $1 > 0 ? $0 + $1 / total * log($1 / total) : $0 })
    }
}
