import Terminal

/// A series in one row, without axes: the newest values right. Eighth blocks by level, or a braille line of twice the
/// columns; ASCII digits' heights at the lowest glyph level. Values that are not finite are blanks.
public struct Sparkline: Chart, Sendable {
    public enum Form: Sendable, Hashable { case blocks, line }
    public var data: SeriesData
    public var slot: Int
    public var form: Form
    /// The range of the row; nil fits the data.
    public var range: ClosedRange<Double>?
    public var scale: AxisScale = .linear

    public init(_ data: SeriesData, slot: Int = 0, form: Form = .blocks, range: ClosedRange<Double>? = nil) {
        self.data = data
        self.slot = slot
        self.form = form
        self.range = range
    }
}
