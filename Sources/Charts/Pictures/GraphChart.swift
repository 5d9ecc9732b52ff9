import Terminal

/// Nodes and edges: edges as dotted lines, nodes as markers of their group, labels where there is room.
///
/// Nodes without coordinates are laid out by forces (Fruchterman and Reingold 1991), always the same way for the same
/// graph. `draw` remembers the newest few layouts; `laidOut()` gives every node its place for good.
public struct GraphChart: Chart, Sendable {
    public struct Node: Sendable, Hashable {
        public var label: String
        /// The palette slot.
        public var group: Int
        /// Shown by colour on the sequential scale instead of the group's, where any node has one.
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

    public var nodes: [Node]
    /// Pairs of node numbers; others are skipped. At most `edgeLimit` are drawn.
    public var edges: [(Int, Int)]
    public var title: String
    public var unit: String
    /// The node under the cursor: emphasised with its label and its edges.
    public var cursor: Int?
    public static let edgeLimit = 5000

    public init(nodes: [Node], edges: [(Int, Int)], title: String = "", unit: String = "") {
        self.nodes = nodes
        self.edges = edges
        self.title = title
        self.unit = unit
    }
}
