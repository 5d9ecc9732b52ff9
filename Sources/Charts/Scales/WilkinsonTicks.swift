import Foundation

/// The extended Wilkinson labelling (Talbot, Lin and Hanrahan, "An Extension of Wilkinson's Algorithm for Positioning Tick
/// Labels on Axes", InfoVis 2010): of all labellings `lmin + i · step` with step = j · q · 10^z, q in Q, the one with the
/// best 0.25 simplicity + 0.2 coverage + 0.5 density + 0.05 legibility.
///
/// Deviations: labels stay inside of the range (a chart's range is that of the data), and for that the coverage forgives a
/// quarter of the range where the paper forgives a tenth: 0 500 1000 1500 for data up to 1999. A labelling whose labels
/// would touch is not taken at all, so that legibility is 1 or the labelling is out.
struct WilkinsonTicks {
    /// Steps in order of preference.
    private static let steps: [Double] = [1, 5, 2, 2.5, 4, 3]
    private static let simplicityWeight = 0.25, coverageWeight = 0.2, densityWeight = 0.5, legibilityWeight = 0.05
    private static let forgiven = 0.25
    /// Bounds on the search; reached only for ranges that have no good labelling.
    private static let skipLimit = 12, countLimit = 60

    /// Evenly spaced numbers inside of `range`, about `target` of them, that `isLegible` accepts; empty where there are none.
    static func numbers(in range: ClosedRange<Double>, target: Double, isLegible: ([Double]) -> Bool) -> [Double] {
        let span = range.upperBound - range.lowerBound
        guard span > 0, span.isFinite, range.lowerBound.isFinite,
              span > max(abs(range.lowerBound), abs(range.upperBound)) * 1e-13 else { return [] }
        // The search runs near 1: powers of ten of tiny and huge ranges are no doubles.
        let exponent = Decimal.exponent(of: span)
        let low = Decimal.shifted(range.lowerBound, down: exponent), high = Decimal.shifted(range.upperBound, down: exponent)
        var search = WilkinsonTicks(low: low, high: high, target: max(2, target))
        return search.best { labels in isLegible(labels.map { Decimal.shifted($0, down: -exponent) }) }
            .map { Decimal.shifted($0, down: -exponent) }
    }

    private let low: Double, high: Double, target: Double
    private var bestScore = -2.0
    private var bestLabels: [Double] = []

    private init(low: Double, high: Double, target: Double) {
        self.low = low
        self.high = high
        self.target = target
    }

    private mutating func best(_ isLegible: ([Double]) -> Bool) -> [Double] {
        for skip in 1...Self.skipLimit {
            for (rank, step) in Self.steps.enumerated() {
                let simplicityBound = simplicity(rank: rank, skip: skip, hasZero: true)
                // No later skip can do better with this or any step.
                if rank == 0, score(simplicityBound, 1, 1) < bestScore { return bestLabels }
                search(rank: rank, step: step, skip: skip, simplicityBound: simplicityBound, isLegible)
            }
        }
        return bestLabels
    }

    private mutating func search(rank: Int, step: Double, skip: Int, simplicityBound: Double, _ isLegible: ([Double]) -> Bool) {
        for count in 2...Self.countLimit {
            let densityBound = Double(count) >= target ? 2 - Double(count - 1) / (target - 1) : 1
            if score(simplicityBound, 1, densityBound) < bestScore { return }
            let delta = (high - low) / Double(count + 1) / (Double(skip) * step)
            let lowest = Int(log10(delta).rounded(.up))
            for exponent in lowest...(lowest + 3) {
                let width = Double(skip) * step * pow(10, Double(exponent))
                if score(simplicityBound, coverageBound(width * Double(count - 1)), densityBound) < bestScore { break }
                tryStarts(width: width, count: count, rank: rank, skip: skip, isLegible)
            }
        }
    }

    private mutating func tryStarts(width: Double, count: Int, rank: Int, skip: Int, _ isLegible: ([Double]) -> Bool) {
        let unit = width / Double(skip), extent = width * Double(count - 1), tolerance = (high - low) * 1e-10
        let first = ((low - tolerance) / unit).rounded(.up), last = ((high + tolerance - extent) / unit).rounded(.down)
        guard first <= last, last - first < 1000 else { return }
        var start = first
        while start <= last {
            let from = start * unit, to = from + extent
            let remainder = (start / Double(skip)).rounded() * Double(skip) - start
            let hasZero = from <= tolerance && to >= -tolerance && abs(remainder) < 1e-6
            let total = score(simplicity(rank: rank, skip: skip, hasZero: hasZero), coverage(from, to), density(count, from, to))
            if total > bestScore {
                // Multiples of the unit, not sums: 0.1 + 0.2 would not be 0.3.
                let labels = (0..<count).map { (start + Double($0 * skip)) * unit }
                if isLegible(labels) {
                    bestScore = total
                    bestLabels = labels
                }
            }
            start += 1
        }
    }

    private func score(_ simplicity: Double, _ coverage: Double, _ density: Double) -> Double {
        Self.simplicityWeight * simplicity + Self.coverageWeight * coverage + Self.densityWeight * density + Self.legibilityWeight
    }

    private func simplicity(rank: Int, skip: Int, hasZero: Bool) -> Double {
        1 - Double(rank) / Double(Self.steps.count - 1) - Double(skip) + (hasZero ? 1 : 0)
    }

    private func coverage(_ from: Double, _ to: Double) -> Double {
        let forgiven = Self.forgiven * (high - low)
        return 1 - 0.5 * ((high - to) * (high - to) + (low - from) * (low - from)) / (forgiven * forgiven)
    }

    private func coverageBound(_ extent: Double) -> Double {
        let span = high - low
        guard extent > span else { return 1 }
        let half = (extent - span) / 2
        return 1 - half * half / (Self.forgiven * Self.forgiven * span * span)
    }

    private func density(_ count: Int, _ from: Double, _ to: Double) -> Double {
        let rate = Double(count - 1) / (to - from)
        let wanted = (target - 1) / (max(to, high) - min(from, low))
        return 2 - max(rate / wanted, wanted / rate)
    }
}
