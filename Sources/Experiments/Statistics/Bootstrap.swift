import Tensors

/// The percentile bootstrap (Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7, 1979).
enum Bootstrap {
    static let resamples = 10_000

    /// The middle 95 % of the means of resamples; the same numbers give the same interval.
    /// - Returns: nil for fewer than two values.
    static func interval(ofMean values: [Double]) -> ClosedRange<Double>? {
        guard values.count > 1 else { return nil }
        var random = RandomSource(seed: 1).stream("bootstrap")
        return middle((0..<resamples).map { _ in resampledMean(values, &random) })
    }

    /// The same for the difference of two means, each side resampled by itself.
    static func interval(ofDifference first: [Double], _ second: [Double]) -> ClosedRange<Double>? {
        guard first.count > 1, second.count > 1 else { return nil }
        var random = RandomSource(seed: 1).stream("bootstrap")
        return middle((0..<resamples).map { _ in resampledMean(first, &random) - resampledMean(second, &random) })
    }

    private static func resampledMean(_ values: [Double], _ random: inout RandomSource) -> Double {
        var sum = 0.0
        for _ in values { sum += values[random.integer(below: values.count)] }
        return sum / Double(values.count)
    }

    private static func middle(_ means: [Double]) -> ClosedRange<Double>? {
        let sorted = means.sorted()
        let low = sorted.quantile(0.025), high = sorted.quantile(0.975)
        return low <= high ? low...high : nil
    }
}
