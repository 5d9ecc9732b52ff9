import Experiments
import Foundation
import RIM
import Tensors
import Testing

/// Section 8, numbers 1, 2, 3 and the invariants of rankings.
@Suite struct RankingFixtureTests {
    let scores = ScoreTable([[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7]])
    let targets = Targets([[1, 0, 0], [0, 1, 1], [0, 0, 0]])
    let ties = TieBreak(rows: 3, columns: 3, random: RandomSource(seed: 1))

    @Test func `perplexities`() throws {
        #expect(abs(AssignmentMetrics.perplexity([1, 1, 2]) - 2.828427) < 1e-6 && abs(AssignmentMetrics.perplexity([3, 0, 1]) - 1.754765) < 1e-6)
        #expect(AssignmentMetrics.perplexity([0, 0]) == 0)
    }

    @Test func `both directions of a small table, alone and with an intensity`() throws {
        let items = try Assignment.itemRecommendation(scores, count: 1, ties: ties), users = try Assignment.userRecommendation(scores, count: 1, ties: ties)
        let a = AssignmentMetrics(items, targets), b = AssignmentMetrics(users, targets)
        #expect(abs(a.precision - 2.0 / 3) < 1e-12 && abs(a.itemRecall - 0.5) < 1e-12 && abs(b.precision - 2.0 / 3) < 1e-12 && abs(b.userRecall - 2.0 / 3) < 1e-12)
        let active = scores.scalingRows(by: [0.1, 1, 0.5])
        #expect(try Assignment.itemRecommendation(active, count: 1, ties: ties) == items)
        let chosen = try Assignment.userRecommendation(active, count: 1, ties: ties)
        #expect(chosen.cells.map(\.row) == [1, 1, 2])
        let c = AssignmentMetrics(chosen, targets)
        #expect(abs(c.precision - 1.0 / 3) < 1e-12 && abs(c.userRecall - 1.0 / 3) < 1e-12 && abs(c.userPerplexity - 1.889882) < 1e-6)
    }

    @Test func `the later half of a user's events`() throws {
        #expect(EventHistories.ranks(5, .secondHalf) == 2..<5 && EventHistories.ranks(4, .secondHalf) == 1..<4 && EventHistories.ranks(1, .secondHalf) == 0..<1 && EventHistories.ranks(0, .secondHalf).isEmpty)
    }

    @Test func `excluded pairs are never chosen, rows and columns are full, scale changes nothing, and permuted users permute the answer`() throws {
        var random = RandomSource(seed: 3)
        let (n, m) = (30, 12)
        let values = (0..<n * m).map { _ in (random.uniform() * 4).rounded() }, excluded = (0..<n * m).map { _ in random.uniform() < 0.2 }
        let table = ScoreTable(rows: n, columns: m, values: values, excluded: excluded), ties = TieBreak(rows: n, columns: m, random: RandomSource(seed: 5))
        let items = try Assignment.itemRecommendation(table, count: 3, ties: ties), users = try Assignment.userRecommendation(table, count: 4, ties: ties)
        #expect(items.rowSums.allSatisfy { $0 == 3 } && users.columnSums.allSatisfy { $0 == 4 })
        #expect((items.cells + users.cells).allSatisfy { !excluded[$0.row * m + $0.column] })
        let scaled = ScoreTable(rows: n, columns: m, values: values.map { 8 * $0 }, excluded: excluded)
        #expect(try Assignment.itemRecommendation(scaled, count: 3, ties: ties) == items && Assignment.userRecommendation(scaled, count: 4, ties: ties) == users)
        // Reversed rows, with the ties reversed as well.
        let turned = ScoreTable(rows: n, columns: m, values: (0..<n).reversed().flatMap { values[$0 * m..<($0 + 1) * m] }, excluded: (0..<n).reversed().flatMap { excluded[$0 * m..<($0 + 1) * m] })
        let found = try Assignment.itemRecommendation(turned, count: 3, ties: ties)
        #expect(Set(found.cells.map { [n - 1 - $0.row, $0.column] }) == Set(items.cells.map { [$0.row, $0.column] }))
    }

    @Test func `equal scores do not go to the first users`() throws {
        let flat = ScoreTable(rows: 200, columns: 20, values: [Double](repeating: 1, count: 4000)), ties = TieBreak(rows: 200, columns: 20, random: RandomSource(seed: 9))
        let rows = Set(try Assignment.userRecommendation(flat, count: 5, ties: ties).cells.map(\.row))
        #expect(rows.count == 5 && rows != Set(0..<5))
    }
}
