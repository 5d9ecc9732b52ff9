import Terminal

/// Nodes and edges, as markers joined by dotted lines or as tiles of name and number on a map.
///
/// Nodes without coordinates are laid out by forces (Fruchterman and Reingold 1991), always the same way for the same
/// graph. `draw` remembers the newest few layouts; `laidOut()` gives every node its place for good.
public struct GraphChart: Chart, Sendable {
    public struct Node: Sendable, Hashable {
        public var label: String
        /// The palette slot of marker and colour, and a name in `groupNames`.
        public var group: Int
        /// Shown by colour on the sequential scale instead of the group's, where any node has one, and by tiles as a number.
        public var value: Double?
        /// In the unit square, y downwards; nil leaves the place to the layout.
        public var x: Double?
        public var y: Double?

        public init(_ label: String, group: Int = 0, value: Double? = nil, x: Double? = nil, y: Double? = nil) {
            self.label = label
            self.group = group
            self.value = value
            self.x = x
            self.y = y
        }
    }

    public enum Form: Sendable, Hashable {
        /// The shape of the whole: a marker a node, lines for edges, names where there is room.
        case markers
        /// For some dozens of places that are to be read: name and number near where each node stands, never on top of each other. Edges are
        /// not drawn; the neighbours of the node under the cursor are marked.
        case tiles
    }

    public var nodes: [Node]
    /// Pairs of node numbers; others are skipped. At most `edgeLimit` are drawn.
    public var edges: [(Int, Int)]
    public var form: Form
    public var title: String
    /// What the groups are, in the order of their numbers; empty leaves them without a legend.
    public var groupNames: [String]
    public var unit: String
    /// The node under the cursor: emphasised with its label and its edges.
    public var cursor: Int?
    public static let edgeLimit = 5000

    public init(nodes: [Node], edges: [(Int, Int)], form: Form = .markers, title: String = "", groupNames: [String] = [], unit: String = "") {
        self.nodes = nodes
        self.edges = edges
        self.form = form
        self.title = title
        self.groupNames = groupNames
        self.unit = unit
    }
}
