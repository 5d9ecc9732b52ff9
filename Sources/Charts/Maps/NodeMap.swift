import Terminal

/// Nodes of a graph as tiles of text on a map: name and number, near where each node stands, never on top of each other.
///
/// For maps of some dozens of places (states, shops) that are to be read, where `GraphChart` shows the shape of many. Edges are not drawn:
/// the neighbours of the node under the cursor are marked. Nodes without a place are laid out by forces, as in `GraphChart`.
public struct NodeMap: Chart, Sendable {
    public struct Node: Sendable, Hashable {
        public var label: String
        /// The palette's marker, and a name in `groupNames`.
        public var group: Int
        /// Shown as a number and by colour on the sequential scale; nil and NaN show as a dash.
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
    /// Pairs of node numbers; others are skipped.
    public var edges: [(Int, Int)]
    public var groupNames: [String]
    public var unit: String
    /// The node under the cursor.
    public var cursor: Int?

    public init(nodes: [Node], edges: [(Int, Int)], groupNames: [String] = [], unit: String = "") {
        self.nodes = nodes
        self.edges = edges
        self.groupNames = groupNames
        self.unit = unit
    }

    /// The map with every node in a place: laid out once, for a caller that draws it again and again.
    public func placed() -> NodeMap {
        guard nodes.contains(where: { ($0.x?.isFinite ?? false) != true || ($0.y?.isFinite ?? false) != true }) else { return self }
        let graph = GraphChart(nodes: nodes.map { .init($0.label, group: $0.group, value: $0.value, x: $0.x, y: $0.y) }, edges: edges).laidOut()
        var map = self
        for index in map.nodes.indices {
            map.nodes[index].x = graph.nodes[index].x
            map.nodes[index].y = graph.nodes[index].y
        }
        return map
    }

    /// The neighbours of a node, in the order of their numbers.
    public func neighbours(of node: Int) -> [Int] {
        var found: Set<Int> = []
        for (from, to) in edges where from != to && nodes.indices.contains(from) && nodes.indices.contains(to) {
            if from == node { found.insert(to) }
            if to == node { found.insert(from) }
        }
        return found.sorted()
    }

    public enum Direction: Sendable { case left, right, up, down }

    /// The nearest node in a direction: least distance, where what lies aside counts twice; nil at the border.
    public func next(from node: Int, _ direction: Direction) -> Int? {
        let map = placed()
        guard map.nodes.indices.contains(node), let x = map.nodes[node].x, let y = map.nodes[node].y else { return nil }
        var best: (distance: Double, node: Int)?
        for (index, other) in map.nodes.enumerated() where index != node {
            guard let a = other.x, let b = other.y else { continue }
            let (along, aside) = switch direction {
            case .left: (x - a, abs(b - y))
            case .right: (a - x, abs(b - y))
            case .up: (y - b, abs(a - x))
            case .down: (b - y, abs(a - x))
            }
            guard along > 1e-9, along >= aside / 3 else { continue }
            let distance = along + 2 * aside
            if best.map({ distance < $0.distance }) ?? true { best = (distance, index) }
        }
        return best?.node
    }
}
