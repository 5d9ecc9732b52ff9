import Experiments
import Foundation
import Testing

/// Against what SciPy said, see `Fixtures/make_statistics.py`.
@Suite struct StatisticsTests {
    let fixtures: JSONValue

    init() throws {
        let file = try #require(Bundle.module.url(forResource: "statistics", withExtension: "json", subdirectory: "Fixtures"))
        fixtures = try JSONValue(parsing: Data(contentsOf: file))
    }

    @Test func `equal values have a deviation of exactly nothing`() {
        // Three tenths added up and divided again are not a tenth.
        for value in [0.1, 3.1622776601683795, -1e-300, 1e300] {
            #expect(Moments(Array(repeating: value, count: 7)) == Moments(mean: value, standardDeviation: 0, count: 7))
        }
        #expect(Moments([.infinity, 1])?.mean == .infinity)
        #expect(Moments([Double]()) == nil)
    }

    static func side(_ json: JSONValue?, seed: UInt64 = 0) -> [Comparison.Pair: Double] {
        var values: [Comparison.Pair: Double] = [:]
        for (index, value) in (json?.elements ?? []).enumerated() {
            values[Comparison.Pair(dataset: "d", seed: seed + UInt64(index))] = value.double
        }
        return values
    }

    static func numbers(_ json: JSONValue?) -> [Double] { (json?.elements ?? []).compactMap(\.double) }

    static func isClose(_ a: Double?, _ b: Double?, _ tolerance: Double = 1e-10) -> Bool {
        guard let a, let b else { return false }
        return abs(a - b) <= tolerance * max(1e-12, abs(a), abs(b)) || abs(a - b) < 1e-15
    }

    @Test func `paired comparisons agree with SciPy`() throws {
        for sample in try #require(fixtures["paired"]?.elements) {
            let comparison = try #require(Comparison(Self.side(sample["first"]), Self.side(sample["second"])))
            #expect(comparison.isPaired)
            #expect(comparison.note == "")
            #expect(comparison.count == sample["first"]?.elements?.count)
            #expect(Self.isClose(comparison.meanDifference, sample["mean"]?.double))
            #expect(Self.isClose(comparison.standardDeviation, sample["sd"]?.double))
            #expect(Self.isClose(comparison.standardError, sample["se"]?.double))
            #expect(Self.isClose(comparison.studentProbability, sample["t"]?.double, 1e-9))
            #expect(Self.isClose(comparison.signedRankProbability, sample["wilcoxon"]?.double, 1e-9), "\(comparison) \(sample)")
            // 10,000 resamples against SciPy's 200,000: the ends wander by a few hundredths of the standard error.
            let interval = try #require(comparison.interval), expected = Self.numbers(sample["interval"])
            let error = try #require(comparison.standardError)
            #expect(abs(interval.lowerBound - expected[0]) < 0.12 * error)
            #expect(abs(interval.upperBound - expected[1]) < 0.12 * error)
        }
    }

    @Test func `sides whose seeds do not meet are compared by Welch, and said so`() throws {
        for sample in try #require(fixtures["welch"]?.elements) {
            let comparison = try #require(Comparison(Self.side(sample["first"]), Self.side(sample["second"], seed: 1000)))
            #expect(!comparison.isPaired)
            #expect(comparison.note.contains("do not pair"))
            #expect(Self.isClose(comparison.studentProbability, sample["t"]?.double, 1e-9))
            #expect(comparison.signedRankProbability == nil)
            #expect(comparison.interval != nil)
        }
    }

    @Test func `t's tails and the incomplete beta function agree with SciPy to ten digits`() throws {
        for row in try #require(fixtures["tails"]?.elements) {
            let numbers = Self.numbers(row)
            #expect(Self.isClose(StudentDistribution.twoSidedProbability(t: numbers[0], degrees: numbers[1]), numbers[2], 1e-10), "\(numbers)")
        }
        for row in try #require(fixtures["beta"]?.elements) {
            let numbers = Self.numbers(row)
            #expect(Self.isClose(StudentDistribution.regularizedBeta(numbers[0], numbers[1], numbers[2]), numbers[3], 1e-9), "\(numbers)")
        }
    }

    @Test func `Holm's correction steps down and never falls`() throws {
        let adjusted = Comparison.holm(Self.numbers(fixtures["holm"]?["given"]))
        #expect(adjusted.count == 5)
        for (ours, theirs) in zip(adjusted, Self.numbers(fixtures["holm"]?["adjusted"])) { #expect(Self.isClose(ours, theirs)) }
        #expect(Comparison.holm([nil, 0.02, Double.nan]) == [nil, 0.02, nil])
        #expect(Comparison.holm([]).isEmpty)
    }

    @Test func `the same numbers give the same interval`() throws {
        let first = Self.side(.array([1, 3, 2, 5].map(JSONValue.number))), second = Self.side(.array([1, 1, 1, 2].map(JSONValue.number)))
        #expect(Comparison(first, second) == Comparison(first, second))
    }

    @Test func `few, equal, missing and odd values give what can be said and no more`() throws {
        func one(_ value: Double, seed: UInt64 = 1) -> [Comparison.Pair: Double] { [.init(dataset: "d", seed: seed): value] }
        let single = try #require(Comparison(one(2), one(1)))
        #expect(single.isPaired && single.count == 1 && single.meanDifference == 1)
        #expect(single.standardDeviation == nil && single.interval == nil && single.studentProbability == nil)
        #expect(Comparison([:], one(1)) == nil)
        #expect(Comparison(one(.nan), one(1)) == nil)
        let equal = try #require(Comparison(Self.side(.array([1, 2].map(JSONValue.number))), Self.side(.array([1, 2].map(JSONValue.number)))))
        #expect(equal.meanDifference == 0 && equal.studentProbability == nil && equal.signedRankProbability == nil)
        var odd = Self.side(.array([1, 2, 4].map(JSONValue.number)))
        odd[.init(dataset: "d", seed: 9)] = .infinity
        let partial = try #require(Comparison(odd, Self.side(.array([0, 1].map(JSONValue.number)))))
        #expect(partial.count == 2 && partial.note.contains("not finite") && partial.note.contains("without a partner"))
    }

    static func run(_ seed: UInt64, condition: String = "", state: RunState = .finished, _ values: [String: Double]) -> StudySummary.Run {
        .init(identifier: "r\(seed)\(condition)", request: RunRequest(method: "m", dataset: "d", plan: .smoke, seed: seed, condition: condition), state: state,
              results: values.sorted { $0.key < $1.key }.map {
                  .init(name: "error", arm: $0.key, unit: "%", value: $0.value, better: .lower, baseline: $0.key == "plain" ? nil : "plain")
              })
    }

    @Test func `a study folds into rows over its finished seeds, each against its baseline`() throws {
        let study = StudySummary(identifier: "s", method: "m", plan: .smoke, runs: [
            Self.run(1, ["plain": 4, "ours": 3]), Self.run(2, ["plain": 6, "ours": 4]), Self.run(3, state: .failed, ["plain": 90, "ours": 90]),
            Self.run(1, condition: "noise", ["plain": 8]),
        ])
        let rows = study.table()
        #expect(rows.map(\.arm) == ["ours", "plain", "plain"])
        #expect(rows.map(\.condition) == ["", "", "noise"])
        #expect(rows[0].moments.mean == 3.5 && rows[0].moments.count == 2 && Self.isClose(rows[0].moments.standardDeviation, 0.5.squareRoot()))
        #expect(rows[0].comparison?.meanDifference == -1.5)
        #expect(rows[1].comparison == nil)
        #expect(rows[2].moments.standardDeviation == nil)
    }

    @Test func `groups that differ in condition pair by seed`() throws {
        let comparison = try #require(Comparison("error", arm: "plain", in: (1...3).map { Self.run($0, condition: "a", ["plain": Double($0)]) },
                                                 against: (1...3).map { Self.run($0, condition: "b", ["plain": Double($0) * 2]) }))
        #expect(comparison.isPaired && comparison.count == 3 && comparison.meanDifference == -2)
    }
}
