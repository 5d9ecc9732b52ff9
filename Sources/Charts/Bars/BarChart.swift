import Terminal

/// Named numbers as bars from zero, in eighths of a cell, with the number printed at each bar.
public struct BarChart: Chart, Sendable {
    public struct Bar: Sendable, Hashable {
        public var name: String
        /// Not finite: no bar, the number alone is printed with `✗`.
        public var value: Double
        /// The palette slot of its colour; nil takes the chart's plain bar style.
        public var slot: Int?

        public init(_ name: String, _ value: Double, slot: Int? = nil) {
            self.name = name
            self.value = value
            self.slot = slot
        }
    }

    public enum Orientation: Sendable, Hashable { case horizontal, vertical }

    public enum Order: Sendable, Hashable {
        case given
        /// By value; equal ones in the order given, not finite ones last.
        case ascending, descending
    }

    public var bars: [Bar]
    public var orientation: Orientation
    public var order: Order
    public var title: String
    public var unit: String
    public var format: NumberFormat = .automatic
    /// The first bar shown, for scrolling a long list.
    public var offset = 0
    /// The bar (index into `bars`) under the cursor.
    public var cursor: Int?

    public init(_ bars: [Bar], orientation: Orientation = .horizontal, order: Order = .given, title: String = "", unit: String = "") {
        self.bars = bars
        self.orientation = orientation
        self.order = order
        self.title = title
        self.unit = unit
    }
}
