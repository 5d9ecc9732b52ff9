/// An axis laid over a row of dots: the range's ends fall on the centres of the first and the last dot.
struct AxisMapping: Sendable {
    let scale: AxisScale
    let range: ClosedRange<Double>
    /// The number of dots, at least 1.
    let dots: Int
    private let low: Double
    private let high: Double
    /// Half of the span: the whole may be no double.
    private let halfSpan: Double

    /// - Parameter range: both ends have a place on the scale and differ (`AxisRange`).
    init(_ range: ClosedRange<Double>, scale: AxisScale, dots: Int) {
        self.scale = scale
        self.range = range
        self.dots = max(1, dots)
        low = scale.position(of: range.lowerBound) ?? 0
        high = max(scale.position(of: range.upperBound) ?? 1, low)
        halfSpan = high / 2 - low / 2
    }

    /// Where a position lies: 0 at the lower end, 1 at the upper, beyond outside; within ±1e6, so that dots fit in an Int.
    @inline(__always) func fraction(ofPosition position: Double) -> Double {
        guard halfSpan > 0 else { return 0.5 }
        let fraction = (position / 2 - low / 2) / halfSpan
        return fraction.isNaN ? 0.5 : min(max(fraction, -1e6), 1e6)
    }

    /// The dot coordinate of a position, 0 … dots − 1 inside of the range.
    @inline(__always) func dot(ofPosition position: Double) -> Double { fraction(ofPosition: position) * Double(dots - 1) }

    /// The dot coordinate of a value; nil where it has no place on the scale.
    func dot(of value: Double) -> Double? { scale.position(of: value).map(dot(ofPosition:)) }

    /// The nearest dot of a value inside of the range, nil for others.
    func index(of value: Double) -> Int? {
        guard let dot = dot(of: value) else { return nil }
        let index = Int(dot.rounded())
        return index >= 0 && index < dots && value >= range.lowerBound.nextDown && value <= range.upperBound.nextUp ? index : nil
    }

    /// The value at a dot coordinate.
    func value(atDot dot: Double) -> Double {
        guard dots > 1 else { return scale.value(at: low + halfSpan) }
        return scale.value(at: low + halfSpan * (dot / Double(dots - 1)) * 2)
    }
}
