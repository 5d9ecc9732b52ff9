/// Greedy matching of a whole table: all pairs from the best score downwards, a pair being taken while its request and its item have room.
///
/// With lower bounds a first pass gives every item its share under equal capacities, then the rows are filled up. The published code leaves out the second
/// step when a row's share is k already, and then leaves requests empty; here it is always done.
package enum GreedyMatching {
    /// - Complexity: O(pairs · log items): each row is sorted once, and a heap merges the rows.
    package static func assign(_ scores: ScoreTable, _ bounds: MatchingBounds, ties: TieBreak, proceed: () throws -> Void = {}) rethrows -> Assignment {
        let n = scores.rows, m = scores.columns
        func whole(_ number: Double) -> Int { number >= Double(Int32.max) ? Int(Int32.max) : max(0, Int(number)) }
        let perRow = min(m, whole(bounds.perRow)), perColumn = bounds.perColumn.map(whole)
        var taking = Taking(scores: scores, rows: [Int](repeating: perRow, count: n), columns: perColumn)
        if bounds.isLower {
            let asked = perColumn.reduce(0, +), first = min(n * perRow, asked)
            func share(_ part: Int, of count: Int) -> Int { count == 0 ? 0 : (part + count - 1) / count }
            taking.rows = [Int](repeating: min(perRow, share(first, of: n)), count: n)
            taking.columns = perColumn.map { asked == 0 ? 0 : share($0 * first, of: asked) }
            try taking.run(ties, proceed)
            var used = [Int](repeating: 0, count: n)
            for cell in taking.cells { used[cell.row] += 1 }
            taking.rows = used.map { perRow - $0 }
            taking.columns = [Int](repeating: n, count: m)
        }
        try taking.run(ties, proceed)
        return Assignment(rows: n, columns: m, cells: taking.cells.sorted { ($0.row, $0.column) < ($1.row, $1.column) })
    }

    private struct Taking {
        let scores: ScoreTable
        /// Room left.
        var rows: [Int], columns: [Int]
        var cells: [Assignment.Cell] = []
        var isTaken: [Bool] = []

        init(scores: ScoreTable, rows: [Int], columns: [Int]) {
            (self.scores, self.rows, self.columns) = (scores, rows, columns)
            isTaken = [Bool](repeating: false, count: rows.count * columns.count)
        }

        mutating func run(_ ties: TieBreak, _ proceed: () throws -> Void) rethrows {
            let m = scores.columns
            var room = columns.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
            var order: [[Int32]] = []
            for row in 0..<scores.rows {
                if row.isMultiple(of: 32) { try proceed() }
                guard rows[row] > 0 else { order.append([]); continue }
                let first = row * m
                var free: [Int] = []
                for column in 0..<m where columns[column] > 0 && !scores.isExcluded(first + column) && !isTaken[first + column] { free.append(column) }
                free.sort { a, b in
                    let (x, y) = (scores.values[first + a], scores.values[first + b])
                    return x > y || (x == y && ties.columns[a] < ties.columns[b])
                }
                order.append(free.map { Int32(truncatingIfNeeded: $0) })
            }
            var next = [Int](repeating: 0, count: scores.rows)
            func score(_ row: Int) -> Double { scores.values[row * m + Int(order[row][next[row]])] }
            var heap = RowHeap()
            for row in 0..<scores.rows where !order[row].isEmpty { heap.push(score(row), ties.rows[row], row) }
            var steps = 0
            while room > 0, let row = heap.pop() {
                steps += 1
                if steps.isMultiple(of: 4096) { try proceed() }
                let column = Int(order[row][next[row]])
                next[row] += 1
                if columns[column] > 0 {
                    cells.append(.init(row, column))
                    isTaken[row * m + column] = true
                    rows[row] -= 1
                    columns[column] -= 1
                    if columns[column] == 0 { room -= 1 }
                }
                while next[row] < order[row].count, columns[Int(order[row][next[row]])] == 0 { next[row] += 1 }
                if rows[row] > 0, next[row] < order[row].count { heap.push(score(row), ties.rows[row], row) }
            }
        }
    }

    /// Rows by the score of their next pair, the largest first.
    private struct RowHeap {
        private var entries: [(score: Double, tie: Int, row: Int)] = []

        private func isBefore(_ a: Int, _ b: Int) -> Bool {
            entries[a].score > entries[b].score || (entries[a].score == entries[b].score && entries[a].tie < entries[b].tie)
        }

        mutating func push(_ score: Double, _ tie: Int, _ row: Int) {
            entries.append((score, tie, row))
            var place = entries.count - 1
            while place > 0, isBefore(place, (place - 1) / 2) {
                entries.swapAt(place, (place - 1) / 2)
                place = (place - 1) / 2
            }
        }

        mutating func pop() -> Int? {
            guard let first = entries.first else { return nil }
            let last = entries.removeLast()
            guard !entries.isEmpty else { return first.row }
            entries[0] = last
            var place = 0
            while true {
                var best = place
                for child in [2 * place + 1, 2 * place + 2] where child < entries.count && isBefore(child, best) { best = child }
                if best == place { return first.row }
                entries.swapAt(place, best)
                place = best
            }
        }
    }
}
