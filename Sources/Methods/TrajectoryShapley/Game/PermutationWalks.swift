import Tensors

/// Shapley values from walks: players join in a random order, and each is credited with what it changes (Castro, Gómez and Tejada, "Polynomial
/// calculation of the Shapley value based on sampling", 2009). The credits of a walk sum to v(P) - v(∅), whatever the order.
package struct PermutationWalks: Sendable, Equatable {
    package let players: Int
    /// Orders in pairs: one and its reverse.
    package let orders: [[Int]]

    /// - Parameter count: walks; with `isAntithetic` an even number, each second the reverse of the one before.
    package init(players: Int, count: Int, isAntithetic: Bool = true, random: RandomSource) {
        self.players = players
        var random = random, orders: [[Int]] = []
        while orders.count < count {
            let order = random.permutation(players)
            orders.append(order)
            if isAntithetic, orders.count < count { orders.append(order.reversed()) }
        }
        self.orders = orders
    }

    package init(players: Int, orders: [[Int]]) { (self.players, self.orders) = (players, orders) }

    /// The coalitions whose values are needed, each once, as bit sets. At most count (p - 1) + 2.
    package var coalitions: [UInt64] {
        var needed: Set<UInt64> = []
        for order in orders {
            var coalition: UInt64 = 0
            needed.insert(coalition)
            for player in order {
                coalition |= 1 << UInt64(player)
                needed.insert(coalition)
            }
        }
        return needed.sorted()
    }

    /// Mean credits, and their standard errors over pairs: sd / sqrt(pairs); nil for fewer than two pairs.
    package func values(_ value: (UInt64) -> Double) -> (means: [Double], errors: [Double]?) {
        var credits = [[Double]](repeating: [Double](repeating: 0, count: players), count: orders.count)
        for (walk, order) in orders.enumerated() {
            var coalition: UInt64 = 0, last = value(0)
            for player in order {
                coalition |= 1 << UInt64(player)
                let next = value(coalition)
                credits[walk][player] = next - last
                last = next
            }
        }
        let pairs = stride(from: 0, to: orders.count, by: 2).map { first -> [Double] in
            let second = min(first + 1, orders.count - 1)
            return (0..<players).map { (credits[first][$0] + credits[second][$0]) / 2 }
        }
        let means = (0..<players).map { player in credits.reduce(0) { $0 + $1[player] } / Double(max(1, orders.count)) }
        guard pairs.count > 1 else { return (means, nil) }
        let errors = (0..<players).map { player -> Double in
            let mean = pairs.reduce(0) { $0 + $1[player] } / Double(pairs.count)
            let variance = pairs.reduce(0) { $0 + ($1[player] - mean) * ($1[player] - mean) } / Double(pairs.count - 1)
            return (variance / Double(pairs.count)).squareRoot()
        }
        return (means, errors)
    }
}
