/// The part of the data that a chart shows: a range for each axis, or nil where the chart fits the data itself.
///
/// A chart follows a growing series as long as its x range is nil. `zoomed` and `panned` start from the range that the chart
/// shows at the moment (`LineChart.shownWindow`).
public struct ViewWindow: Sendable, Hashable {
    public var x: ClosedRange<Double>?
    public var y: ClosedRange<Double>?

    /// Fits the data on both axes.
    public static let automatic = ViewWindow()

    public init(x: ClosedRange<Double>? = nil, y: ClosedRange<Double>? = nil) {
        self.x = x
        self.y = y
    }
}

extension ClosedRange<Double> {
    /// The range made `factor` times as wide around a value, measured in the scale's own distance; a factor below 1 zooms in.
    /// Ranges that would leave the finite numbers are kept as they are.
    public func zoomed(by factor: Double, around centre: Double? = nil, scale: AxisScale = .linear) -> ClosedRange<Double> {
        guard let low = scale.position(of: lowerBound), let high = scale.position(of: upperBound),
              factor.isFinite, factor > 0 else { return self }
        let middle = centre.flatMap(scale.position) ?? (low / 2 + high / 2)
        return Self.checked(scale.value(at: middle - (middle - low) * factor),
                            scale.value(at: middle + (high - middle) * factor)) ?? self
    }

    /// The range moved by a share of its own width: 0.25 moves a quarter to the right.
    public func panned(by share: Double, scale: AxisScale = .linear) -> ClosedRange<Double> {
        guard let low = scale.position(of: lowerBound), let high = scale.position(of: upperBound) else { return self }
        let shift = (high - low) * share
        return Self.checked(scale.value(at: low + shift), scale.value(at: high + shift)) ?? self
    }

    private static func checked(_ low: Double, _ high: Double) -> ClosedRange<Double>? {
        low.isFinite && high.isFinite && low < high ? low...high : nil
    }
}
