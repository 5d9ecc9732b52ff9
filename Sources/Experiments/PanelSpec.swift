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
        case table(String)
        /// A numeric column of a table as bars, labelled by another.
        case bars(table: String, label: String, value: String)
        /// Two numeric columns of a table against each other.
        case scatter(table: String, x: String, y: String)
        case graph(String)
        case images(String)
        /// Notes and warnings.
        case log
    }

    public struct Axis: Sendable, Codable, Hashable {
        public var title: String
        public var unit: String
        public var logarithmic: Bool
        public init(_ title: String, unit: String = "", logarithmic: Bool = false) {
            self.title = title
            self.unit = unit
            self.logarithmic = logarithmic
        }
    }

    public var identifier: String
    public var title: String
    /// What a reader should look for, one sentence.
    public var help: String
    public var kind: Kind
    /// True when the panel asks for the whole width.
    public var isWide: Bool

    public init(_ identifier: String, title: String, help: String, kind: Kind, isWide: Bool = false) {
        self.identifier = identifier
        self.title = title
        self.help = help
        self.kind = kind
        self.isWide = isWide
    }
}
