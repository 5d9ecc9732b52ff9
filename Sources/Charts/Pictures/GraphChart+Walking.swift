extension GraphChart {
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
        let places = places()
        guard places.indices.contains(node) else { return nil }
        let start = places[node]
        var best: (distance: Double, node: Int)?
        for (index, other) in places.enumerated() where index != node {
            let (right, down) = (other.x - start.x, other.y - start.y)
            let (along, aside) = switch direction {
            case .left: (-right, abs(down))
            case .right: (right, abs(down))
            case .up: (-down, abs(right))
            case .down: (down, abs(right))
            }
            guard along > 1e-9, along >= aside / 3 else { continue }
            let distance = along + 2 * aside
            if best.map({ distance < $0.distance }) ?? true { best = (distance, index) }
        }
        return best?.node
    }
}
