import Tensors

/// The estimator of the official code: for each player ten draws in which every other player takes part by a fair coin.
///
/// It calls the result a Shapley value. It is the Banzhaf value: sizes of coalitions are binomial instead of uniform, and the sum is not
/// v(P) - v(∅). Kept for comparison, and labelled.
package struct BanzhafDraws: Sendable {
    package let players: Int
    /// For each player the coalitions that it joins.
    package let draws: [[UInt64]]

    package init(players: Int, count: Int = 10, random: RandomSource) {
        self.players = players
        var random = random
        draws = (0..<players).map { player in
            (0..<count).map { _ in
                var coalition: UInt64 = 0
                for other in 0..<players where other != player && random.uniform() < 0.5 { coalition |= 1 << UInt64(other) }
                return coalition
            }
        }
    }

    package var coalitions: [UInt64] {
        var needed: Set<UInt64> = [0, (1 << UInt64(players)) - 1]
        for (player, draws) in draws.enumerated() {
            for coalition in draws { needed.formUnion([coalition, coalition | 1 << UInt64(player)]) }
        }
        return needed.sorted()
    }

    package func values(_ value: (UInt64) -> Double) -> [Double] {
        draws.enumerated().map { player, draws in
            draws.reduce(0) { $0 + value($1 | 1 << UInt64(player)) - value($1) } / Double(max(1, draws.count))
        }
    }
}
