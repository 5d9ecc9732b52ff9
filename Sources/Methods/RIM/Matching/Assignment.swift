import Foundation

/// Which items go to which requests, each with a weight in 0 … 1 (section 2.6).
package struct Assignment: Sendable, Equatable {
    package struct Cell: Sendable, Equatable {
        package var row: Int
        package var column: Int
        package var weight: Double
        package init(_ row: Int, _ column: Int, _ weight: Double = 1) {
            (self.row, self.column, self.weight) = (row, column, weight)
        }
    }

    package let rows: Int
    package let columns: Int
    package var cells: [Cell]

    package init(rows: Int, columns: Int, cells: [Cell] = []) {
        (self.rows, self.columns, self.cells) = (rows, columns, cells)
    }

    package var sum: Double { cells.reduce(0) { $0 + $1.weight } }

    package var rowSums: [Double] { cells.reduce(into: [Double](repeating: 0, count: rows)) { $0[$1.row] += $1.weight } }
    package var columnSums: [Double] { cells.reduce(into: [Double](repeating: 0, count: columns)) { $0[$1.column] += $1.weight } }

    /// Σ S ⊙ A.
    package func objective(_ scores: ScoreTable) -> Double { cells.reduce(0) { $0 + $1.weight * scores.values[$1.row * columns + $1.column] } }

    /// The `count` best items of each request: ItemRec.
    package static func itemRecommendation(_ scores: ScoreTable, count: Int, ties: TieBreak, proceed: () throws -> Void = {}) rethrows -> Assignment {
        var result = Assignment(rows: scores.rows, columns: scores.columns)
        for row in 0..<scores.rows {
            if row.isMultiple(of: 64) { try proceed() }
            var best = BestPlaces(count: count)
            for column in 0..<scores.columns where !scores.isExcluded(row * scores.columns + column) {
                best.offer(column, score: scores.values[row * scores.columns + column], tie: ties.columns[column])
            }
            result.cells += best.places.map { Cell(row, $0) }
        }
        return result
    }

    /// The `count` best requests of each item: UserRec.
    package static func userRecommendation(_ scores: ScoreTable, count: Int, ties: TieBreak, proceed: () throws -> Void = {}) rethrows -> Assignment {
        var best = [BestPlaces](repeating: BestPlaces(count: count), count: scores.columns)
        for row in 0..<scores.rows {
            if row.isMultiple(of: 64) { try proceed() }
            for column in 0..<scores.columns where !scores.isExcluded(row * scores.columns + column) {
                best[column].offer(row, score: scores.values[row * scores.columns + column], tie: ties.rows[row])
            }
        }
        return Assignment(rows: scores.rows, columns: scores.columns, cells: best.enumerated().flatMap { column, best in best.places.map { Cell($0, column) } })
    }
}

/// The best few of many places, the best first; of equal scores the one with the smaller tie number.
package struct BestPlaces: Sendable {
    private let count: Int
    private var found: [(score: Double, tie: Int, place: Int)] = []

    package init(count: Int) { self.count = max(0, count) }

    package var places: [Int] { found.map(\.place) }

    package mutating func offer(_ place: Int, score: Double, tie: Int) {
        guard count > 0 else { return }
        if found.count == count {
            let last = found[count - 1]
            guard score > last.score || (score == last.score && tie < last.tie) else { return }
            found.removeLast()
        }
        var (low, high) = (0, found.count)
        while low < high {
            let middle = (low + high) / 2, other = found[middle]
            if other.score > score || (other.score == score && other.tie < tie) { low = middle + 1 } else { high = middle }
        }
        found.insert((score, tie, place), at: low)
    }
}
