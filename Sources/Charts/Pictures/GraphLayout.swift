import Foundation
import Synchronization

/// Places of a graph's nodes in the unit square by forces: edges pull, all pairs push (Fruchterman and Reingold, "Graph
/// Drawing by Force-directed Placement", 1991). Deterministic: nodes start on a sunflower spiral, there is no chance.
///
/// Pairs farther than a few grid cells do not push each other (the paper's grid variant), so that a round costs about the
/// number of nodes and edges.
enum GraphLayout {
    struct Place: Sendable, Hashable {
        var x: Double
        var y: Double
    }

    /// The newest layouts, so that a graph that is drawn again and again is laid out once.
    private static let recent = Mutex<[(fixed: [Place?], edges: [Int], places: [Place])]>([])
    private static let recentLimit = 6

    /// As `places(fixed:edges:rounds:)`, from the newest few layouts where the same graph is among them.
    static func rememberedPlaces(fixed: [Place?], edges: [(Int, Int)]) -> [Place] {
        guard fixed.contains(where: { $0 == nil }) else { return fixed.map { $0 ?? Place(x: 0.5, y: 0.5) } }
        let flat = edges.flatMap { [$0.0, $0.1] }
        if let known = recent.withLock({ $0.first { $0.edges == flat && $0.fixed == fixed }?.places }) { return known }
        let places = places(fixed: fixed, edges: edges)
        recent.withLock { recent in
            if recent.count == recentLimit { recent.removeFirst() }
            recent.append((fixed, flat, places))
        }
        return places
    }

    /// - Parameters:
    ///   - fixed: places that stay; nil for nodes to be laid out.
    ///   - edges: pairs of indices, all inside of `fixed`.
    static func places(fixed: [Place?], edges: [(Int, Int)], rounds: Int? = nil) -> [Place] {
        let count = fixed.count
        guard count > 0 else { return [] }
        var places = fixed.indices.map { index in fixed[index] ?? spiral(index, of: count) }
        guard count > 1, fixed.contains(where: { $0 == nil }) else { return places }
        let rounds = rounds ?? max(20, min(120, 60_000 / count))
        let distance = (1 / Double(count)).squareRoot()
        var temperature = 0.1
        for _ in 0..<rounds {
            var push = repulsion(places, distance: distance)
            for (from, to) in edges where from != to {
                let dx = places[to].x - places[from].x, dy = places[to].y - places[from].y
                let pull = (dx * dx + dy * dy).squareRoot() / distance
                push[from].x += dx * pull
                push[from].y += dy * pull
                push[to].x -= dx * pull
                push[to].y -= dy * pull
            }
            for index in 0..<count where fixed[index] == nil {
                // A weak pull to the middle keeps parts without edges in sight.
                let dx = push[index].x + (0.5 - places[index].x) * 0.3, dy = push[index].y + (0.5 - places[index].y) * 0.3
                let length = max((dx * dx + dy * dy).squareRoot(), 1e-12)
                let step = min(length, temperature)
                places[index].x += dx / length * step
                places[index].y += dy / length * step
            }
            temperature = max(0.002, temperature * 0.95)
        }
        return fixed.contains { $0 != nil } ? places.map { Place(x: min(max($0.x, 0), 1), y: min(max($0.y, 0), 1)) } : normalised(places)
    }

    private static func spiral(_ index: Int, of count: Int) -> Place {
        let radius = 0.45 * ((Double(index) + 0.5) / Double(count)).squareRoot()
        let angle = Double(index) * 2.399_963_229_728_653
        return Place(x: 0.5 + radius * cos(angle), y: 0.5 + radius * sin(angle))
    }

    private static func repulsion(_ places: [Place], distance: Double) -> [Place] {
        var push = Array(repeating: Place(x: 0, y: 0), count: places.count)
        let cell = 3 * distance
        let side = max(1, min(64, Int(1 / cell)))
        func bucket(_ place: Place) -> (Int, Int) {
            (min(side - 1, max(0, Int(min(max(place.x, 0), 1) * Double(side)))), min(side - 1, max(0, Int(min(max(place.y, 0), 1) * Double(side)))))
        }
        var buckets = [[Int]](repeating: [], count: side * side)
        for (index, place) in places.enumerated() {
            let (column, row) = bucket(place)
            buckets[row * side + column].append(index)
        }
        for (index, place) in places.enumerated() {
            let (column, row) = bucket(place)
            for y in max(0, row - 1)...min(side - 1, row + 1) {
                for x in max(0, column - 1)...min(side - 1, column + 1) {
                    for other in buckets[y * side + x] where other != index {
                        var dx = place.x - places[other].x
                        let dy = place.y - places[other].y
                        // Two nodes in one place part in the order of their numbers.
                        if dx == 0, dy == 0 { dx = index < other ? -1e-4 : 1e-4 }
                        let square = max(dx * dx + dy * dy, 1e-9)
                        push[index].x += dx / square * distance * distance
                        push[index].y += dy / square * distance * distance
                    }
                }
            }
        }
        return push
    }

    /// Moved and stretched to fill the unit square.
    private static func normalised(_ places: [Place]) -> [Place] {
        let xs = places.map(\.x), ys = places.map(\.y)
        guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else { return places }
        return places.map { place in
            Place(x: right > left ? (place.x - left) / (right - left) : 0.5, y: bottom > top ? (place.y - top) / (bottom - top) : 0.5)
        }
    }
}
