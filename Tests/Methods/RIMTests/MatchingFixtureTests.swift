import Experiments
import Foundation
import RIM
import Tensors
import Testing

/// Section 8, numbers 7, 8, 9, 10 and the invariants of matching.
@Suite struct MatchingFixtureTests {
    func bounds(_ multiplier: Double, k: Int, c: Int, _ table: ScoreTable) -> MatchingBounds {
        MatchingBounds(multiplier: multiplier, itemsPerRow: k, rowsPerItem: c, rows: table.rows, columns: table.columns)
    }

    func ties(_ table: ScoreTable, seed: UInt64 = 1) -> TieBreak { TieBreak(rows: table.rows, columns: table.columns, random: RandomSource(seed: seed)) }

    func dual(_ table: ScoreTable, _ bounds: MatchingBounds, epochs: Int = 100, seed: UInt64 = 1) throws -> (DualMatching, DualMatching.Progress) {
        var last: DualMatching.Progress?
        let dual = try DualMatching(fitting: table, bounds, requests: table.rows, epochs: epochs, floor: 1e-10, random: RandomSource(seed: seed), onProgress: { last = $0 })
        return (dual, try #require(last))
    }

    @Test func `the price of a request`() {
        for (epsilon, price) in [(1.0, 1.239944), (0.1, 0.703091), (0.01, 0.7)] {
            #expect(abs(DualMatching.rowPrice([0.2, 0.5, 0.9], share: 1.0 / 3, epsilon: epsilon, tolerance: 1e-13) - price) < 1e-6)
        }
        #expect(DualMatching.rowPrice([0.2, 0.5], share: 1, epsilon: 0.1, tolerance: 1e-6) == 0 && DualMatching.rowPrice([0.2, 0.5], share: 0, epsilon: 0.1, tolerance: 1e-6) == .infinity)
    }

    @Test func `greedy and prices agree where greedy is best, and prices win where it is not`() throws {
        let table = ScoreTable([[1, 2, 3], [2, 4, 6], [3, 6, 9]]), limits = bounds(1, k: 1, c: 1, table)
        #expect(try GreedyMatching.assign(table, limits, ties: ties(table)).cells.map { [$0.row, $0.column] } == [[0, 0], [1, 1], [2, 2]])
        #expect(abs(try dual(table, limits).0.assignment(table).objective(table) - 14) < 1e-3)
        let turned = ScoreTable(table.values.map { 10 - $0 }.chunks(of: 3))
        #expect(try GreedyMatching.assign(turned, limits, ties: ties(turned)).objective(turned) == 16)
        for seed in 1...8 {
            let (prices, last) = try dual(turned, limits, seed: UInt64(seed))
            let found = try prices.assignment(turned)
            #expect(Set(found.cells.filter { $0.weight > 0.5 }.map { [$0.row, $0.column] }) == [[0, 2], [1, 1], [2, 0]])
            #expect(abs(found.objective(turned) - 20) < 1e-3 && abs(last.dual - 20.0 / 81) < 1e-5 && abs(last.primal - 20.0 / 81) < 1e-5)
        }
    }

    @Test func `the dual objective of one item`() {
        let points = [-0.5, 0, 0.5, 0.75, 1]
        for (epsilon, values, best) in [(1.0, [1.307337, 1.143669, 1.033612, 1.000939, 0.983612], 1.161744), (0.5, [1.093879, 0.860047, 0.701602, 0.662038, 0.651602], 0.965461),
                                        (0.01, [1.05, 0.75, 0.453466, 0.425, 0.403466], 0.986137)] {
            func d(_ v: Double) -> Double { DualMatching.objective([1, 0.5], rowPrices: [0, 0], columnPrices: [v], rowShare: 1, columnShares: [0.4], epsilon: epsilon) }
            #expect(zip(points, values).allSatisfy { abs(d($0) - $1) < 1e-6 })
            #expect(d(best) <= d(best - 1e-3) && d(best) <= d(best + 1e-3))
        }
    }

    @Test func `bounds from below: rows are filled up, and prices find the best`() throws {
        let table = ScoreTable([[0.9, 0.8, 0.1], [0.7, 0.6, 0.2], [0.5, 0.4, 0.3], [0.95, 0.1, 0.05]])
        let limits = MatchingBounds(multiplier: 0.999_999_999, itemsPerRow: 1, rowsPerItem: 1, rows: 4, columns: 3)
        // A whole bound of one: the multiplier just below 1 says “from below”.
        let whole = MatchingBounds(multiplier: 0.5, itemsPerRow: 1, rowsPerItem: 2, rows: 4, columns: 3)
        #expect(limits.isLower && whole.isLower && whole.perColumn == [1, 1, 1])
        let greedy = try GreedyMatching.assign(table, whole, ties: ties(table))
        #expect(greedy.cells.map { [$0.row, $0.column] } == [[0, 1], [1, 0], [2, 2], [3, 0]] && abs(greedy.objective(table) - 2.75) < 1e-12)
        let found = try dual(table, whole).0.assignment(table)
        #expect(abs(found.objective(table) - 2.75) < 0.06)
    }

    func random(_ n: Int, _ m: Int, seed: UInt64, excluded share: Double = 0) -> ScoreTable {
        var random = RandomSource(seed: seed)
        let values = (0..<n * m).map { _ in random.uniform() * random.uniform() }
        return ScoreTable(rows: n, columns: m, values: values, excluded: (0..<n * m).map { _ in random.uniform() < share })
    }

    @Test func `multiplier 0 is ItemRec, an infinite one UserRec, greedy and by prices`() throws {
        let table = random(20, 10, seed: 4, excluded: 0.1), order = ties(table)
        let items = try Assignment.itemRecommendation(table, count: 2, ties: order), users = try Assignment.userRecommendation(table, count: 4, ties: order)
        func set(_ assignment: Assignment) -> Set<[Int]> { Set(assignment.cells.filter { $0.weight > 0.5 }.map { [$0.row, $0.column] }) }
        #expect(try set(GreedyMatching.assign(table, bounds(0, k: 2, c: 4, table), ties: order)) == set(items))
        #expect(try set(GreedyMatching.assign(table, bounds(1e9, k: 2, c: 4, table), ties: order)) == set(users))
        #expect(set(try dual(table, bounds(0, k: 2, c: 4, table)).0.assignment(table)) == set(items))
        #expect(set(try dual(table, bounds(1e9, k: 2, c: 4, table)).0.assignment(table)) == set(users))
    }

    @Test(arguments: [0.5, 1, 3]) func `capacities hold, no excluded pair is taken, a scale changes nothing, and the dual bounds every matching`(multiplier: Double) throws {
        let table = random(24, 12, seed: 8, excluded: 0.15), order = ties(table), limits = bounds(multiplier, k: 3, c: 6, table)
        let greedy = try GreedyMatching.assign(table, limits, ties: order)
        #expect(greedy.cells.allSatisfy { !table.isExcluded($0.row * 12 + $0.column) && $0.weight == 1 } && Set(greedy.cells.map { $0.row * 12 + $0.column }).count == greedy.cells.count)
        #expect(greedy.rowSums.allSatisfy { $0 <= limits.perRow })
        if !limits.isLower { #expect(greedy.columnSums.allSatisfy { $0 <= 6 }) } else { #expect(greedy.rowSums.allSatisfy { $0 == 3 }) }
        let (prices, last) = try dual(table, limits)
        let found = try prices.assignment(table)
        #expect(found.rowSums.allSatisfy { $0 <= limits.perRow + 0.1 * 12 / 24 + 1e-9 } && found.cells.allSatisfy { !table.isExcluded($0.row * 12 + $0.column) })
        if !limits.isLower { #expect(last.dual * 24 * 12 * prices.scale >= greedy.objective(table) - 1e-9) }
        #expect(found.objective(table) >= 0.97 * greedy.objective(table))
        let scaled = ScoreTable(rows: 24, columns: 12, values: table.values.map { 1000 * $0 }, excluded: table.excluded)
        #expect(try GreedyMatching.assign(scaled, limits, ties: order) == greedy)
        let again = try dual(scaled, limits).0.assignment(scaled)
        #expect(zip(again.cells, found.cells).allSatisfy { $0.row == $1.row && $0.column == $1.column && abs($0.weight - $1.weight) < 1e-3 })
        let whole = prices.rounded(table, ties: order)
        #expect(whole.rowSums.allSatisfy { $0 <= limits.perRow } && whole.cells.allSatisfy { !table.isExcluded($0.row * 12 + $0.column) })
    }

    @Test func `bounds by popularity keep their sum`() {
        let limits = MatchingBounds(multiplier: 0.5, itemsPerRow: 2, rowsPerItem: 6, rows: 30, columns: 3, popularity: [0, 1, 4])
        #expect(abs(limits.perColumn.reduce(0, +) - 9) < 1e-12 && limits.perColumn[2] == 5 * limits.perColumn[0])
    }

    @Test func `scores of nothing, and rows without a free item, end without a trap`() throws {
        let empty = ScoreTable(rows: 3, columns: 2, values: [0, 0, 0, 0, 0, 0], excluded: [true, true, false, false, true, false]), limits = bounds(1, k: 1, c: 1, empty)
        _ = try GreedyMatching.assign(empty, limits, ties: ties(empty))
        _ = try dual(empty, limits).0.assignment(empty)
        _ = try dual(empty, bounds(0.5, k: 1, c: 3, empty)).0.assignment(empty)
    }
}

extension Array {
    func chunks(of size: Int) -> [[Element]] { stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min(count, $0 + size)]) } }
}
