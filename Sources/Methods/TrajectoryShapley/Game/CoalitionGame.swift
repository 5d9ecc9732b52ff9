/// A cooperative game of few players as the table of its 2^p values: bit i of a place says that player i takes part.
///
/// Player 0 is the target's past, the others are its neighbours.
package struct CoalitionGame: Sendable, Equatable {
    package let players: Int
    /// v(S) = -err with the cues of S.
    package let values: [Double]

    /// - Throws: `TrajectoryError` when there are not 2^players values, or more than 12 players.
    package init(players: Int, values: [Double]) throws {
        guard (1...Self.most).contains(players), values.count == 1 << players else {
            throw TrajectoryError("a table of \(values.count) values is none of \(players) players; up to \(Self.most) players have one value a coalition")
        }
        (self.players, self.values) = (players, values)
    }

    /// The most players whose coalitions are all computed.
    package static let most = 12

    package var empty: Double { values[0] }
    package var full: Double { values[values.count - 1] }

    /// φ_i = Σ_{S without i} |S|! (p - |S| - 1)! / p! [v(S + i) - v(S)] (Shapley, "A value for n-person games", 1953).
    package var shapley: [Double] {
        let weights = Self.weights(players)
        return (0..<players).map { player in sum(player) { weights[$0.nonzeroBitCount] } }
    }

    /// β_i: the mean of the differences over all coalitions (Banzhaf); its sum is not v(P) - v(∅).
    package var banzhaf: [Double] {
        let weight = 1 / Double(1 << (players - 1))
        return (0..<players).map { player in sum(player) { _ in weight } }
    }

    /// The game among the neighbours when the past is always known: player i of it is player i + 1 here.
    package var givenPast: CoalitionGame? {
        guard players > 1 else { return nil }
        return try? CoalitionGame(players: players - 1, values: (0..<1 << (players - 1)).map { values[$0 << 1 | 1] })
    }

    private func sum(_ player: Int, weight: (Int) -> Double) -> Double {
        let bit = 1 << player
        var sum = 0.0
        for coalition in values.indices where coalition & bit == 0 { sum += weight(coalition) * (values[coalition | bit] - values[coalition]) }
        return sum
    }

    /// |S|! (p - |S| - 1)! / p! for each size of S.
    package static func weights(_ players: Int) -> [Double] {
        // 1 / (p binomial(p - 1, s)), without factorials.
        var binomial = 1.0
        return (0..<max(0, players)).map { size in
            let weight = 1 / (Double(players) * binomial)
            binomial = binomial * Double(players - 1 - size) / Double(size + 1)
            return weight
        }
    }
}
