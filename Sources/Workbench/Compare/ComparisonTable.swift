import Charts
import Experiments

/// Every result of the compared sides with mean, spread and number, and each side's difference from the baseline.
///
/// The statistics are `Experiments.Comparison`: differences pair up by seed where seeds are shared, the interval is a bootstrap one. Made once for
/// a set of runs and drawn many times.
struct ComparisonTable: Sendable {
    struct Row: Sendable {
        var result: String
        /// The arm, where sides are groups of runs; "" where sides are arms.
        var arm: String
        var unit: String
        var better: RunEvent.Result.Direction
        /// One a side; nil where the side has no such result.
        var moments: [Moments?]
        /// One a side: the side minus the baseline; nil for the baseline.
        var differences: [Comparison?]
        /// Of each difference the two-sided probability (Student's t, paired), corrected for all differences of the table by Holm's method; nil where there is none.
        var corrected: [Double?]

        var name: String { arm.isEmpty ? result : "\(result) / \(arm)" }
    }

    let contenders: [Contender]
    let baseline: Int
    private(set) var rows: [Row]

    /// - Parameters:
    ///   - runs: finished runs by identifier.
    ///   - pairs: what two runs have to agree in, besides the seed, to pair up; by identifier.
    init(_ contenders: [Contender], baseline: Int, runs: [String: StudySummary.Run], pairs: [String: String] = [:]) {
        self.contenders = contenders
        let baseline = contenders.indices.contains(baseline) ? baseline : 0
        self.baseline = baseline
        guard !contenders.isEmpty else {
            rows = []
            return
        }
        let members = contenders.map { $0.runs.compactMap { runs[$0] } }
        var keys: [(result: RunEvent.Result, arm: String)] = []
        for list in members {
            for run in list {
                for result in run.results {
                    let arm = contenders[0].arm == nil ? result.arm : ""
                    if !keys.contains(where: { $0.result.name == result.name && $0.arm == arm }) { keys.append((result, arm)) }
                }
            }
        }
        var made = keys.compactMap { key -> Row? in
            let values = contenders.indices.map { Self.values(key.result.name, arm: contenders[$0].arm ?? key.arm, in: members[$0], pairs) }
            let moments = values.map { Moments($0.values.filter(\.isFinite).sorted()) }
            guard moments.contains(where: { $0 != nil }) else { return nil }
            let differences = values.indices.map { $0 == baseline ? nil : Comparison(values[$0], values[baseline]) }
            return Row(result: key.result.name, arm: key.arm, unit: key.result.unit, better: key.result.better, moments: moments,
                       differences: differences, corrected: differences.map { $0?.studentProbability })
        }
        // One family: whoever looks at the table looks at all of it.
        var corrected = Comparison.holm(made.flatMap(\.corrected))[...]
        for index in made.indices {
            made[index].corrected = Array(corrected.prefix(contenders.count))
            corrected = corrected.dropFirst(contenders.count)
        }
        rows = made
    }

    /// The seed pairs a side's value with another side's, and what the runs of a side differ in besides.
    private static func values(_ name: String, arm: String, in runs: [StudySummary.Run], _ pairs: [String: String]) -> [Comparison.Pair: Double] {
        var values: [Comparison.Pair: Double] = [:]
        for run in runs where run.state == .finished {
            guard let result = run.results.first(where: { $0.name == name && $0.arm == arm }) else { continue }
            values[.init(dataset: "", condition: pairs[run.identifier] ?? "", seed: run.request.seed)] = result.value
        }
        return values
    }

    /// The same without the rows that a filter leaves out; probabilities stay corrected for the whole table.
    func filtered(_ isKept: (Row) -> Bool) -> ComparisonTable {
        var table = self
        table.rows = rows.filter(isKept)
        return table
    }

    // MARK: Words

    /// "3.1 ±0.2": mean and standard deviation.
    static func text(_ moments: Moments?) -> String {
        guard let moments else { return "–" }
        let deviation = moments.standardDeviation.map { " ±" + NumberFormat.automatic.string($0, significant: 2) } ?? ""
        return NumberText.brief(moments.mean) + deviation
    }

    /// "↓0.31": the mean difference with its direction.
    static func text(difference: Comparison?) -> String {
        guard let difference else { return "–" }
        let value = difference.meanDifference
        let scale = max(abs(difference.firstMean), abs(difference.secondMean))
        return abs(value) <= 1e-12 * scale ? "0" : (value < 0 ? "↓" : "↑") + NumberText.brief(abs(value))
    }

    /// The standard error of the difference; what is only rounding reads 0.
    static func text(error difference: Comparison?) -> String {
        guard let difference, let error = difference.standardError else { return "–" }
        let scale = max(abs(difference.firstMean), abs(difference.secondMean))
        return error <= 1e-12 * scale ? "0" : NumberText.brief(error)
    }

    static func text(interval: ClosedRange<Double>?) -> String {
        interval.map { "\(NumberText.brief($0.lowerBound)) … \(NumberText.brief($0.upperBound))" } ?? "–"
    }

    /// What the interval says about which side is better; "" where it says nothing or nothing is better.
    static func verdict(_ difference: Comparison?, _ better: RunEvent.Result.Direction) -> String {
        guard let difference, let interval = difference.interval, better != .neither else { return "" }
        if interval.lowerBound <= 0, interval.upperBound >= 0 { return "unclear" }
        return (interval.upperBound < 0) == (better == .lower) ? "better" : "worse"
    }
}

extension NumberText {
    /// At most three significant digits.
    static func brief(_ value: Double) -> String { NumberFormat.automatic.string(value, significant: 3) }
}
