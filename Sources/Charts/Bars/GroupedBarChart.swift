import Terminal

/// Bars side by side in groups: one bar a series in each group, upright from zero, with the numbers above where they fit.
///
///     GroupedBarChart(groups: ["0", "1", "2"], series: [.init("teacher", values: [55, 80, 83]), .init("student", values: [60, 70, 71])])
///
/// A series is told by colour, by the marker at the foot of its bars where there is no colour, and by the legend above.
public struct GroupedBarChart: Chart, Sendable {
    public struct Series: Sendable, Hashable {
        public var name: String
        /// One value a group; one that is not finite has no bar, `✗` stands for it.
        public var values: [Double]
        /// How far a value may reach, one a group, drawn as a whisker over the bar; empty for none.
        public var ranges: [ClosedRange<Double>?]
        /// The palette slot of its colour.
        public var slot: Int

        public init(_ name: String, values: [Double], ranges: [ClosedRange<Double>?] = [], slot: Int = 0) {
            self.name = name
            self.values = values
            self.ranges = ranges
            self.slot = slot
        }
    }

    /// The groups' names, in the order drawn.
    public var groups: [String]
    public var series: [Series]
    public var unit: String
    /// What the groups are, written once at the end of their names.
    public var groupTitle: String
    public var format: NumberFormat = .automatic
    /// The first group shown, for scrolling.
    public var offset = 0
    /// The group under the cursor, whose numbers stand in a row below.
    public var cursor: Int?

    public init(groups: [String], series: [Series], unit: String = "", groupTitle: String = "") {
        self.groups = groups
        self.series = series
        self.unit = unit
        self.groupTitle = groupTitle
    }
}
