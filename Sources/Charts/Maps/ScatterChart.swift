import Terminal

/// Points in the plane: as dots while they can be told apart, as shades of density where they crowd.
public struct ScatterChart: Chart, Sendable {
    public struct Group: Sendable {
        public var name: String
        public var points: [SeriesPoint]
        public var slot: Int
        /// Which of the palette's markers each point has in the form `markers`; the group's own where there is none.
        public var markers: [Int] = []

        /// - Parameter points: `step` is x, `value` is y.
        public init(_ name: String, points: [SeriesPoint], slot: Int = 0) {
            self.name = name
            self.points = points
            self.slot = slot
        }
    }

    public enum Form: Sendable, Hashable {
        /// Density where more than half of the dots would be taken by several points, else dots.
        case automatic
        case dots, density
        /// A marker a point, for some dozens of points that each mean something.
        case markers
    }

    /// A point that the others are compared with, drawn as dashed lines through it.
    public struct CrossHair: Sendable, Hashable {
        public var x: Double
        public var y: Double
        public var label: String

        public init(x: Double, y: Double, label: String = "") {
            (self.x, self.y, self.label) = (x, y, label)
        }
    }

    /// A move in the plane, drawn as a dotted line that ends in a head: what became of a point.
    public struct Arrow: Sendable, Hashable {
        /// `step` is x, `value` is y.
        public var from: SeriesPoint, to: SeriesPoint
        public var slot: Int
        /// Whether the end has a head; without one it is a step of a path.
        public var hasHead: Bool

        public init(from: SeriesPoint, to: SeriesPoint, slot: Int, hasHead: Bool = true) {
            (self.from, self.to, self.slot, self.hasHead) = (from, to, slot, hasHead)
        }
    }

    public var groups: [Group]
    /// Drawn beneath the points; their ends count for the fitting window only where a point stands.
    public var arrows: [Arrow] = []
    public var form: Form = .automatic
    public var title: String
    public var xTitle: String
    public var yTitle: String
    public var xScale: AxisScale = .linear
    public var yScale: AxisScale = .linear
    public var xFormat: NumberFormat = .automatic
    public var yFormat: NumberFormat = .automatic
    public var view: ViewWindow = .automatic
    /// Draws the line y = x, for predicted against true.
    public var showsDiagonal = false
    public var crossHair: CrossHair?
    /// What the markers stand for, in the form `markers`: name and marker.
    public var markerNames: [(name: String, marker: Int)] = []

    public init(_ groups: [Group], title: String = "", xTitle: String = "", yTitle: String = "") {
        self.groups = groups
        self.title = title
        self.xTitle = xTitle
        self.yTitle = yTitle
    }
}
