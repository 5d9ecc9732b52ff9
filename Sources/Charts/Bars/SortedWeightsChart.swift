import Terminal

/// Thousands of example weights as one area, sorted from the lowest to the highest, with the zero line and how many
/// lie below zero, at zero, above it, and how many are flagged.
public struct SortedWeightsChart: Chart, Sendable {
    public var weights: [Double]
    /// Which weights are flagged (same order as `weights`); empty: none.
    public var flagged: [Bool]
    /// What a flag means: "mislabelled".
    public var flagName: String
    /// Words for the two ends: "hurts", "helps".
    public var lowName: String
    public var highName: String
    public var title: String
    public var unit: String
    public var format: NumberFormat = .automatic
    /// An index into `weights`: its place in the order is marked.
    public var cursor: Int?

    public init(_ weights: [Double], flagged: [Bool] = [], flagName: String = "flagged",
                lowName: String = "lowest", highName: String = "highest", title: String = "", unit: String = "") {
        self.weights = weights
        self.flagged = flagged
        self.flagName = flagName
        self.lowName = lowName
        self.highName = highName
        self.title = title
        self.unit = unit
    }

    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {}
}
