import Terminal

/// Thousands of example weights as one area, sorted from the lowest to the highest, with the zero line and how many
/// lie below zero, at zero, above it, and how many are flagged.
///
/// The weights are sorted once, when the chart is made: n log n there, and a redraw costs its columns. Weights that are
/// not finite are left out and counted.
public struct SortedWeightsChart: Chart, Sendable {
    public let weights: [Double]
    /// Which weights are flagged (same order as `weights`); shorter or empty: the rest is not flagged.
    public let flagged: [Bool]
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

    /// Indices of the finite weights from the lowest to the highest; equal ones in their order.
    public let order: [Int]

    public init(_ weights: [Double], flagged: [Bool] = [], flagName: String = "flagged",
                lowName: String = "lowest", highName: String = "highest", title: String = "", unit: String = "") {
        self.weights = weights
        self.flagged = flagged
        self.flagName = flagName
        self.lowName = lowName
        self.highName = highName
        self.title = title
        self.unit = unit
        order = weights.indices.filter { weights[$0].isFinite }.sorted { (weights[$0], $0) < (weights[$1], $1) }
    }
}
