import Terminal

/// Lying bars of several parts each, one a row of the list: shares of a whole.
///
///     StackedBarChart(bars: [.init("layer 1", parts: [.init("Rotate", 0.6), .init("Crop", 0.4, slot: 1)])])
///
/// All bars have one scale, on which the longest fills the width. A part's name and number stand inside of it where they fit; a part is
/// told by colour, or without colour by its shade and marker, and by the legend.
public struct StackedBarChart: Chart, Sendable {
    public struct Part: Sendable, Hashable {
        public var name: String
        /// One that is negative or not finite is left out.
        public var value: Double
        /// The palette slot of its colour; nil for what is gathered from the rest, drawn dim.
        public var slot: Int?

        public init(_ name: String, _ value: Double, slot: Int? = 0) {
            self.name = name
            self.value = value
            self.slot = slot
        }
    }

    public struct Bar: Sendable, Hashable {
        public var name: String
        public var parts: [Part]

        public init(_ name: String, parts: [Part]) {
            self.name = name
            self.parts = parts
        }
    }

    public var bars: [Bar]
    public var unit: String
    public var format: NumberFormat = .automatic
    /// The first bar shown, for scrolling.
    public var offset = 0
    /// The bar under the cursor, whose parts stand with their numbers in the last row.
    public var cursor: Int?

    public init(bars: [Bar], unit: String = "") {
        self.bars = bars
        self.unit = unit
    }
}
