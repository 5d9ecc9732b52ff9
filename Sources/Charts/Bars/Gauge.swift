import Terminal

/// One number between two ends as a bar, with the number and, if wanted, a mark at its target and lines at other values. One row, two
/// with a title, one more for the numbers of its ends and marks where there are marks.
public struct Gauge: Chart, Sendable {
    public var value: Double
    public var range: ClosedRange<Double>
    public var target: Double?
    /// Values with a meaning, such as thresholds: a line across the bar, and the number below it where there is a row.
    public var marks: [Double] = []
    public var title: String
    public var unit: String
    public var format: NumberFormat
    public var slot: Int

    public init(_ value: Double, in range: ClosedRange<Double> = 0...1, target: Double? = nil, title: String = "",
                unit: String = "", format: NumberFormat = .automatic, slot: Int = 0) {
        self.value = value
        self.range = range
        self.target = target
        self.title = title
        self.unit = unit
        self.format = format
        self.slot = slot
    }
}
