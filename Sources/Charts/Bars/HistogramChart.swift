import Terminal

/// How often values fall into bins of equal width, for one sample or several laid over each other.
///
/// The groups overlap in one picture: the first as full blocks, the others as dotted outlines, each in its colour. Values that are not finite are left out and counted on the rim.
public struct HistogramChart: Chart, Sendable {
    public struct Group: Sendable {
        public var name: String
        public var values: [Double]
        public var slot: Int

        public init(_ name: String, values: [Double], slot: Int = 0) {
            self.name = name
            self.values = values
            self.slot = slot
        }
    }

    /// A vertical line at a value, such as a threshold.
    public struct Marker: Sendable, Hashable {
        public var value: Double
        public var name: String

        public init(_ value: Double, name: String = "") {
            self.value = value
            self.name = name
        }
    }

    public var groups: [Group]
    public var markers: [Marker]
    /// Makes the range symmetric about zero, so that both signs can be compared.
    public var isSymmetric = false
    /// Counts on a log axis, for rare tails.
    public var countScale: AxisScale = .linear
    public var title: String
    public var unit: String
    public var format: NumberFormat = .automatic

    public init(_ groups: [Group], markers: [Marker] = [], title: String = "", unit: String = "") {
        self.groups = groups
        self.markers = markers
        self.title = title
        self.unit = unit
    }
}
