import Terminal

/// A labelled matrix as coloured cells, with numbers where there is room and a scale with its ends and middle.
///
/// Without colour the cells are shades. NaN is a hole. Labels that do not fit are cut in the middle. A matrix larger than
/// the area is shown from (`rowOffset`, `columnOffset`) on, with the rest's size on the rim.
public struct HeatMap: Chart, Sendable {
    public enum Scale: Sendable, Hashable {
        /// Diverging about zero where values have both signs, else sequential.
        case automatic
        case sequential
        /// Diverging about a middle value.
        case diverging(middle: Double)
    }

    public var rows: [String]
    public var columns: [String]
    /// Row by row, `rows.count * columns.count` numbers; missing ones are holes.
    public var values: [Double]
    public var scale: Scale = .automatic
    /// The ends of the scale; nil fits the finite values.
    public var range: ClosedRange<Double>?
    public var title: String
    public var unit: String
    public var format: NumberFormat = .automatic
    public var rowOffset = 0
    public var columnOffset = 0
    /// The (row, column) under the cursor: emphasised, its value is written in the legend's row.
    public var cursor: (row: Int, column: Int)?

    public init(rows: [String], columns: [String], values: [Double], title: String = "", unit: String = "") {
        self.rows = rows
        self.columns = columns
        self.values = values
        self.title = title
        self.unit = unit
    }
}
