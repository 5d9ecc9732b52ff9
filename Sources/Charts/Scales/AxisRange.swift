/// Ranges that fit data: padded, never empty, never beyond the finite numbers.
package enum AxisRange {
    /// The share of its span that a range is widened by on each side.
    package static let padding = 0.04

    /// The range of values to show for data between two positions of a scale (see `Extent.positions`).
    ///
    /// Data that are all the same get a band around them. A range of numbers that are all at or above zero does not start
    /// below it. Without data it is 0 … 1, on a log axis 1 … 10.
    package static func fitting(_ positions: ClosedRange<Double>?, scale: AxisScale, padding: Double = padding) -> ClosedRange<Double> {
        guard let positions else { return scale == .linear ? 0...1 : 1...10 }
        var low = positions.lowerBound, high = positions.upperBound
        let size = max(abs(low), abs(high))
        if high / 2 - low / 2 <= size * 1e-12 {
            // Too close together for different labels.
            let middle = low / 2 + high / 2
            let band = scale == .logarithmic ? 0.5 : middle == 0 ? 1 : max(abs(middle) * 0.1, Double.leastNonzeroMagnitude)
            (low, high) = (middle - band, middle + band)
        } else {
            // In halves: the span of the whole range of doubles is no double.
            let pad = (high / 2 - low / 2) * padding * 2
            let floor = scale == .linear && low >= 0 ? 0 : -Double.infinity
            (low, high) = (max(low - pad, floor), high + pad)
        }
        return values(low, high, scale)
    }

    /// The values at two positions, kept finite and apart, and positive on a log axis.
    private static func values(_ low: Double, _ high: Double, _ scale: AxisScale) -> ClosedRange<Double> {
        let largest = Double.greatestFiniteMagnitude
        let least = scale == .linear ? -largest : Double.leastNonzeroMagnitude
        let lower = min(max(scale.value(at: low), least), largest)
        let upper = min(max(scale.value(at: high), least), largest)
        if lower < upper { return lower...upper }
        return lower < largest ? lower...lower.nextUp : lower.nextDown...lower
    }

    /// A range that a user asked for, made fit for the scale: ends that have no place on it are replaced by those of `fallback`.
    static func usable(_ range: ClosedRange<Double>?, scale: AxisScale, fallback: @autoclosure () -> ClosedRange<Double>) -> ClosedRange<Double> {
        guard let range, range.upperBound.isFinite, range.lowerBound.isFinite else { return fallback() }
        if scale.position(of: range.upperBound) == nil { return fallback() }
        if scale.position(of: range.lowerBound) == nil {
            let low = fallback().lowerBound
            return low < range.upperBound ? low...range.upperBound : fallback()
        }
        return range.lowerBound < range.upperBound ? range : fitting(scale.position(of: range.lowerBound).map { $0...$0 }, scale: scale)
    }
}
