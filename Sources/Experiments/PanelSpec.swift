/// One panel of a run's screen, described by the names of the events it shows. The workbench knows how to draw each kind; a
/// method only names them.
public struct PanelSpec: Sendable, Codable, Hashable {
    public enum Kind: Sendable, Codable, Hashable {
        /// Metric series. A pattern is a series' path or ends in `*`.
        case lines(series: [String], x: Axis, y: Axis)
        /// The newest distribution of the name, groups overlaid, with its marker.
        case histogram(distribution: String)
        /// Example weights sorted by value, as bars from lowest to highest.
        case sortedWeights(weights: String)
        /// Examples with the lowest and highest weights, drawn as images or text.
        case gallery(weights: String, images: String)
        /// The weight of chosen examples over steps.
        case trajectories(weights: String)
        /// The newest matrix of the name.
        case heatMap(matrix: String)
        /// The newest table of the name; a text that begins with `! ` is drawn as a warning.
        case table(String)
        /// A numeric column of a table as bars, labelled by another.
        case bars(table: String, label: String, value: String)
        /// Several numeric columns of a table as bars side by side, a group a row, named by `label`.
        case groupedBars(table: String, label: String, values: [String])
        /// The rows of a table as parts of lying bars: a bar for each text of the column `label`, a part named by `part` and as long as `value`.
        /// The part "others" stands for what is gathered from the rest.
        case stackedBars(table: String, label: String, part: String, value: String)
        /// Rows of a table as gauges where `scales` has their ends, the other rows as lines of text. `label` and `value` name columns;
        /// what stands in the remaining columns is written beside.
        case gauges(table: String, label: String, value: String, scales: [GaugeScale])
        /// The rows of one table to walk over, each with the rows of another that have the same text in the column `key`.
        case inspector(items: String, details: String, key: String)
        /// Two numeric columns of a table against each other. A text column `group` colours the points; another text column lets left and
        /// right show the rows of one of its values alone.
        case scatter(table: String, x: String, y: String)
        /// The rows of a table as curves: two numeric columns, a curve for each text of the column `group`; another text column lets left and
        /// right walk over its values, one at a time.
        case curves(table: String, x: String, y: String)
        /// The newest graph of the name.
        case graph(String, look: GraphLook = GraphLook())
        /// The newest scenes of the name: agents that move in the plane, what each is worth as thickness and number, stepped and played by keys.
        case scenes(String)
        case images(String)
        /// Notes and warnings.
        case log
    }

    /// How a graph is drawn.
    public struct GraphLook: Sendable, Codable, Hashable {
        /// What the nodes' groups are, for the legend.
        public var groups: [String]
        /// A table whose row i says more about node i: shown for the node under the cursor; "" for none.
        public var details: String
        /// Tiles of name and number on a map, for some dozens of nodes, instead of markers and edges.
        public var hasTiles: Bool
        public init(groups: [String] = [], details: String = "", hasTiles: Bool = false) {
            self.groups = groups
            self.details = details
            self.hasTiles = hasTiles
        }
    }

    public struct Axis: Sendable, Codable, Hashable {
        public var title: String
        public var unit: String
        public var logarithmic: Bool
        /// Of a y axis: what lies below is drawn on this value, and ↓ stands with the curve's name; nil without.
        public var floor: Double?
        public init(_ title: String, unit: String = "", logarithmic: Bool = false, floor: Double? = nil) {
            self.title = title
            self.unit = unit
            self.logarithmic = logarithmic
            self.floor = floor
        }
    }

    /// The ends of a gauge and the values between them that mean something.
    public struct GaugeScale: Sendable, Codable, Hashable {
        /// What stands in the label column of its row.
        public var row: String
        public var low: Double, high: Double
        public var marks: [Double]
        public init(_ row: String, low: Double = 0, high: Double, marks: [Double] = []) {
            self.row = row
            self.low = low
            self.high = high
            self.marks = marks
        }
    }

    public var identifier: String
    public var title: String
    /// What a reader should look for, one sentence.
    public var help: String
    public var kind: Kind
    /// Curves that belong to the items of an inspector.
    public struct Curves: Sendable, Codable, Hashable {
        /// The series of an item are `series/<key of the item>/*`.
        public var series: String
        public var x: Axis
        public var y: Axis
        /// A table with the key, a text column `rug` and a number: ticks under the item's curves, a row of ticks for each text; "" without.
        public var rug: String
        public init(series: String, x: Axis, y: Axis, rug: String = "") {
            self.series = series
            self.x = x
            self.y = y
            self.rug = rug
        }
    }

    /// True when the panel asks for the whole width.
    public var isWide: Bool
    /// Of `lines`: a table of name and place, drawn as vertical lines at these places of the x axis. Of `scatter`: a table of name, x and y,
    /// whose first row is drawn as a cross-hair. "" without.
    public var marks: String
    /// Of `lines`: patterns of series that stay behind the others, drawn dim.
    public var dimmed: [String]
    /// Of `lines`: draw a vertical line from zero to each point instead of joining points.
    public var isStems: Bool
    /// Of `scatter`: the points of a group and part are joined in the order of their rows, as the path of a setting that is swept.
    public var isPath: Bool
    /// Of `inspector`: what is drawn of the item under the cursor above its details.
    public var curves: Curves?
    /// Of `inspector`: the part of a wide panel that the list of items takes; its details have the rest.
    public var listShare: Double

    public init(_ identifier: String, title: String, help: String, kind: Kind, isWide: Bool = false, marks: String = "", dimmed: [String] = [], isStems: Bool = false, isPath: Bool = false, curves: Curves? = nil,
                listShare: Double = 0.6) {
        self.identifier = identifier
        self.title = title
        self.help = help
        self.kind = kind
        self.isWide = isWide
        self.marks = marks
        self.dimmed = dimmed
        self.isStems = isStems
        self.isPath = isPath
        self.curves = curves
        self.listShare = listShare
    }
}
