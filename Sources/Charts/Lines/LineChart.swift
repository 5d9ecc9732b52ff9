import Terminal

/// Curves over a common x axis: as braille dots, half blocks or ASCII, by the palette's glyph level.
///
///     var chart = LineChart([.init("train", data: loss, slot: 0)], title: "loss", unit: "nats")
///     chart.yScale = .logarithmic
///     chart.draw(into: &grid, area: panel, palette: palette)
///
/// What is drawn of many points is the first, least, greatest and last of each dot column: no spike is lost. Where
/// curves cross, the selected series wins the cell, then the later one. Values without a place on the y axis (not finite;
/// zero or negative on a log axis) are gaps, never spoil the range, and stand as `✗` with their count on the rim.
public struct LineChart: Chart, Sendable {
    /// One curve.
    public struct Series: Sendable {
        public var name: String
        public var data: SeriesData
        /// The palette slot that gives colour and marker.
        public var slot: Int
        /// The exponential average's factor, 0 (none) up to but not 1; the raw curve stays dim behind the average.
        public var smoothing: Double
        /// A range around the curve, such as the least and greatest over seeds.
        public var band: Band?
        /// Drawn dim, as something that stays behind the others.
        public var isFaint = false
        /// Drawn as a vertical line from zero to each point, for values that are nothing between their places.
        public var isStems = false

        public init(_ name: String, data: SeriesData, slot: Int = 0, smoothing: Double = 0, band: Band? = nil) {
            self.name = name
            self.data = data
            self.slot = slot
            self.smoothing = smoothing
            self.band = band
        }
    }

    /// A range over steps: its lower and its upper end.
    public struct Band: Sendable {
        public var lower: SeriesData
        public var upper: SeriesData

        public init(lower: SeriesData, upper: SeriesData) {
            self.lower = lower
            self.upper = upper
        }
    }

    /// A line that is not data: a threshold, or the step where something happened.
    public struct Reference: Sendable, Hashable {
        public enum Place: Sendable, Hashable {
            /// A horizontal line at a value.
            case level(Double)
            /// A vertical line at a step.
            case step(Double)
        }
        public var place: Place
        public var label: String

        public init(_ place: Place, label: String = "") {
            self.place = place
            self.label = label
        }
    }

    /// Places on the x axis, as a row of ticks at the bottom of the plot (a rug): events under the curve that they drive.
    public struct Rug: Sendable, Hashable {
        public var name: String
        public var places: [Double]
        public var slot: Int

        public init(_ name: String, places: [Double], slot: Int = 0) {
            self.name = name
            self.places = places
            self.slot = slot
        }
    }

    /// Where the names of the series stand.
    public enum NamePlace: Sendable, Hashable {
        /// At the lines' ends where there is room, else in a row above the plot; none for a single nameless series.
        case automatic
        case lineEnds, legend, none
    }

    public var series: [Series]
    /// Written above the plot with the smoothing factor and the unit; empty: no title row (a panel's border has it).
    public var title: String
    /// The unit of the values, written once.
    public var unit: String
    /// What the x axis counts, written once at its end: "step", "epoch".
    public var xTitle: String
    public var xScale: AxisScale = .linear
    public var yScale: AxisScale = .linear
    public var xFormat: NumberFormat = .automatic
    public var yFormat: NumberFormat = .automatic
    /// What part is shown; automatic follows the data as they grow.
    public var view: ViewWindow = .automatic
    /// Draws a crosshair at this step and a readout row below the plot.
    public var cursor: Double?
    /// The series that lies on top and whose name is emphasised: an index into `series`.
    public var selected: Int?
    public var references: [Reference] = []
    /// Rows of ticks, the first at the bottom.
    public var rugs: [Rug] = []
    public var names: NamePlace = .automatic

    public init(_ series: [Series], title: String = "", unit: String = "", xTitle: String = "step") {
        self.series = series
        self.title = title
        self.unit = unit
        self.xTitle = xTitle
    }
}
