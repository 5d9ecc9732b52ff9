/// How one side differs from another in one result: two arms of the same runs, or two groups of runs.
///
/// Values pair up where both sides have one for the same data set, condition and seed; what differs between the runs of a pair is
/// then only what is compared, and the differences tell more than the two means. Where fewer than two pair up, the sides are
/// compared as they are, and `isPaired` is false.
public struct Comparison: Sendable, Equatable {
    /// What pairs two values.
    public struct Pair: Sendable, Hashable {
        public var dataset: String
        public var condition: String
        public var seed: UInt64
        public init(dataset: String, condition: String = "", seed: UInt64) {
            self.dataset = dataset
            self.condition = condition
            self.seed = seed
        }
    }

    public var isPaired: Bool
    /// Pairs, or the smaller side's number of values.
    public var count: Int
    public var firstMean: Double
    public var secondMean: Double
    /// Mean of first - second.
    public var meanDifference: Double
    /// Of the differences (n - 1); unpaired: of the difference of two single values. Nil below two values.
    public var standardDeviation: Double?
    /// Of the mean difference.
    public var standardError: Double?
    /// Bootstrap, 95 %, percentiles of 10,000 resamples. Nil below two values.
    public var interval: ClosedRange<Double>?
    /// Two-sided, from Student's t (paired), or Welch's (unpaired). Nil below two values or where nothing varies.
    public var studentProbability: Double?
    /// Two-sided, from Wilcoxon's signed ranks, exact up to 50 pairs. Nil where unpaired or where no pair differs.
    public var signedRankProbability: Double?
    /// What a reader must know: values that were left out, or why nothing was paired. "" where there is nothing to say.
    public var note: String

    /// Compares two sides.
    /// - Returns: nil when one side has no finite value.
    public init?(_ first: [Pair: Double], _ second: [Pair: Double]) {
        let a = first.filter(\.value.isFinite), b = second.filter(\.value.isFinite)
        guard !a.isEmpty, !b.isEmpty else { return nil }
        var notes: [String] = []
        let omitted = first.count + second.count - a.count - b.count
        if omitted > 0 { notes.append("\(omitted) value\(omitted == 1 ? " is" : "s are") not finite and left out") }
        let keys = a.keys.filter { b[$0] != nil }.sorted { ($0.dataset, $0.condition, $0.seed) < ($1.dataset, $1.condition, $1.seed) }
        let pairs = keys.compactMap { key in a[key].flatMap { x in b[key].map { (x, $0) } } }
        if pairs.count > 1 || (pairs.count == 1 && a.count == 1 && b.count == 1) {
            if pairs.count < max(a.count, b.count) { notes.append("\(a.count + b.count - 2 * pairs.count) without a partner left out") }
            self.init(pairs: pairs)
        } else {
            notes.append("the seeds do not pair up, so the sides are compared as they are (Welch)")
            self.init(unpaired: Self.ordered(a), Self.ordered(b))
        }
        note = notes.joined(separator: "; ")
    }

    private static func ordered(_ values: [Pair: Double]) -> [Double] {
        values.sorted { ($0.key.dataset, $0.key.condition, $0.key.seed) < ($1.key.dataset, $1.key.condition, $1.key.seed) }.map(\.value)
    }

    /// At least one pair.
    private init(pairs: [(Double, Double)]) {
        let differences = pairs.map { $0.0 - $0.1 }
        let n = Double(pairs.count)
        let moments = Moments(differences), error = moments?.standardError
        isPaired = true
        note = ""
        count = pairs.count
        firstMean = pairs.reduce(0) { $0 + $1.0 } / n
        secondMean = pairs.reduce(0) { $0 + $1.1 } / n
        let mean = differences.reduce(0, +) / n
        meanDifference = mean
        standardDeviation = moments?.standardDeviation
        standardError = error
        interval = Bootstrap.interval(ofMean: differences)
        studentProbability = error.flatMap { $0 > 0 ? StudentDistribution.twoSidedProbability(t: mean / $0, degrees: n - 1) : nil }
        signedRankProbability = SignedRankTest.twoSidedProbability(differences)
    }

    /// At least one value a side.
    private init(unpaired first: [Double], _ second: [Double]) {
        let a = Moments(first), b = Moments(second)
        isPaired = false
        note = ""
        count = min(first.count, second.count)
        firstMean = a?.mean ?? .nan
        secondMean = b?.mean ?? .nan
        meanDifference = firstMean - secondMean
        if let sa = a?.standardDeviation, let sb = b?.standardDeviation {
            let n = Double(first.count), m = Double(second.count)
            let va = sa * sa / n, vb = sb * sb / m
            standardDeviation = (sa * sa + sb * sb).squareRoot()
            standardError = (va + vb).squareRoot()
            if va + vb > 0 {
                // Welch, "The generalization of Student's problem when several different population variances are involved", 1947.
                let degrees = (va + vb) * (va + vb) / (va * va / (n - 1) + vb * vb / (m - 1))
                studentProbability = StudentDistribution.twoSidedProbability(t: meanDifference / (va + vb).squareRoot(), degrees: degrees)
            }
        }
        interval = Bootstrap.interval(ofDifference: first, second)
        signedRankProbability = nil
    }

    /// Holm's correction for many comparisons ("A simple sequentially rejective multiple test procedure", Scand. J. Statistics 6,
    /// 1979): the adjusted probabilities, in the same order; nil stays nil and does not count.
    public static func holm(_ probabilities: [Double?]) -> [Double?] {
        let known = probabilities.indices.filter { probabilities[$0]?.isNaN == false }
            .sorted { (probabilities[$0] ?? 0) < (probabilities[$1] ?? 0) }
        var adjusted = [Double?](repeating: nil, count: probabilities.count)
        var highest = 0.0
        for (rank, index) in known.enumerated() {
            highest = max(highest, min(1, Double(known.count - rank) * (probabilities[index] ?? 0)))
            adjusted[index] = highest
        }
        return adjusted
    }
}

extension Comparison {
    /// The values of one result in some runs, by what pairs them. Only finished runs count; of two runs for one pair the later.
    public static func values(_ name: String, arm: String, in runs: [StudySummary.Run]) -> [Pair: Double] {
        var values: [Pair: Double] = [:]
        for run in runs where run.state == .finished {
            guard let result = run.results.first(where: { $0.name == name && $0.arm == arm }) else { continue }
            values[Pair(dataset: run.request.dataset, condition: run.request.condition, seed: run.request.seed)] = result.value
        }
        return values
    }

    /// Two arms of the same runs.
    public init?(_ name: String, arm: String, against baseline: String, in runs: [StudySummary.Run]) {
        self.init(Self.values(name, arm: arm, in: runs), Self.values(name, arm: baseline, in: runs))
    }

    /// One arm in two groups of runs. Groups that differ in condition or data set pair by what they share: a condition or data set
    /// that is the only one of its group does not keep a pair apart.
    public init?(_ name: String, arm: String, in first: [StudySummary.Run], against second: [StudySummary.Run]) {
        let a = Self.values(name, arm: arm, in: first), b = Self.values(name, arm: arm, in: second)
        let hasOneCondition = Set(a.keys.map(\.condition)).count == 1 && Set(b.keys.map(\.condition)).count == 1
        let hasOneDataset = Set(a.keys.map(\.dataset)).count == 1 && Set(b.keys.map(\.dataset)).count == 1
        func shared(_ values: [Pair: Double]) -> [Pair: Double] {
            var result: [Pair: Double] = [:]
            for (key, value) in values {
                result[Pair(dataset: hasOneDataset ? "" : key.dataset, condition: hasOneCondition ? "" : key.condition, seed: key.seed)] = value
            }
            return result
        }
        self.init(shared(a), shared(b))
    }
}
