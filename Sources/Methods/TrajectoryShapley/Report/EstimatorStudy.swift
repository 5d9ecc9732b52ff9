import Tensors

/// How far sampled values lie from the exact ones, over the number of walks: computed from the tables of exact games, so it costs nothing more.
package struct EstimatorStudy: Sendable {
    package struct Row: Sendable {
        package var name: String
        /// Walks, or draws a player.
        package var size: Int
        package var evaluations: Double
        /// Root mean square errors of φ_past and of φ_j.
        package var past: Double, neighbours: Double
        /// The mean of max φ_j that comes out.
        package var social: Double
    }

    package let rows: [Row]
    package let exactSocial: Double

    /// - Returns: nil without tables.
    package init?(tables: [[Double]], random: RandomSource, proceed: () throws -> Void) throws {
        let games = try tables.filter { $0.count >= 4 }.map { try CoalitionGame(players: $0.count.trailingZeroBitCount, values: $0) }
        guard !games.isEmpty else { return nil }
        let exact = games.map(\.shapley)
        func social(_ values: [[Double]]) -> Double { values.reduce(0) { $0 + ($1.dropFirst().max() ?? 0) } / Double(values.count) }
        func row(_ name: String, _ size: Int, _ estimate: (CoalitionGame, RandomSource) -> (values: [Double], evaluations: Int)) -> Row {
            let found = games.enumerated().map { estimate($1, random.stream("\(name) \(size)", $0)) }
            var past = 0.0, neighbours = 0.0, count = 0
            for (estimate, truth) in zip(found, exact) {
                past += (estimate.values[0] - truth[0]) * (estimate.values[0] - truth[0])
                for player in 1..<truth.count { neighbours += (estimate.values[player] - truth[player]) * (estimate.values[player] - truth[player]) }
                count += truth.count - 1
            }
            return Row(name: name, size: size, evaluations: Double(found.reduce(0) { $0 + $1.evaluations }) / Double(found.count), past: (past / Double(found.count)).squareRoot(),
                       neighbours: (neighbours / Double(max(1, count))).squareRoot(), social: social(found.map(\.values)))
        }
        var rows: [Row] = []
        for (name, isAntithetic) in [("plain", false), ("antithetic", true)] {
            for size in [2, 4, 8, 16, 32] {
                try proceed()
                rows.append(row(name, size) { game, random in
                    let walks = PermutationWalks(players: game.players, count: size, isAntithetic: isAntithetic, random: random)
                    return (walks.values { game.values[Int($0)] }.means, walks.coalitions.count)
                })
            }
        }
        try proceed()
        rows.append(row("banzhaf-code", 10) { game, random in
            let draws = BanzhafDraws(players: game.players, random: random)
            return (draws.values { game.values[Int($0)] }, draws.coalitions.count)
        })
        rows.append(row("Banzhaf exact", 0) { game, _ in (game.banzhaf, game.values.count) })
        self.rows = rows
        exactSocial = social(exact)
    }

    package func neighbourError(_ name: String, _ size: Int) -> Double? { rows.first { $0.name == name && $0.size == size }?.neighbours }
}
