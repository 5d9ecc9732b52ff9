import Tensors

/// How the value is divided among the players.
package enum ShapleyEstimator: String, Sendable, Codable, CaseIterable {
    /// `exact` up to nine players, `perm` beyond.
    case automatic
    /// All 2^p coalitions.
    case exact
    /// Walks in random orders, in antithetic pairs.
    case permutations = "perm"
    /// The official code's: labelled for what it is, and not efficient.
    case banzhafCode = "banzhaf-code"
}

/// One game of one target, for one measure.
package struct GameValues: Sendable, Codable, Equatable {
    /// The past first, then each neighbour; φ, or β where the estimator says so.
    package var values: [Double]
    /// Standard errors of sampled values; empty where they are exact.
    package var errors: [Double] = []
    /// ψ of each neighbour when the past is always known.
    package var givenPast: [Double] = []
    /// v(∅), v(P) and v(past alone, neighbours cut).
    package var empty: Double, full: Double, pastOnly: Double

    package init(values: [Double], errors: [Double] = [], givenPast: [Double] = [], empty: Double, full: Double, pastOnly: Double) {
        (self.values, self.errors, self.givenPast, self.empty, self.full, self.pastOnly) = (values, errors, givenPast, empty, full, pastOnly)
    }

    /// |Σ values - (v(P) - v(∅))|: zero for a Shapley value.
    package var efficiencyError: Double { abs(efficiencyGap) }
    package var efficiencyGap: Double { values.reduce(0, +) - (full - empty) }
    /// max φ_j over the neighbours, 0 without any; it may be negative.
    package var social: Double { values.dropFirst().max() ?? 0 }
    package var givenPastSum: Double { givenPast.reduce(0, +) }
}

/// What is found of one target: one game a measure.
package struct TargetAttribution: Sendable, Codable, Equatable {
    package var real: [GameValues]
    /// With another target's neighbours.
    package var null: [GameValues]
    /// φ of one neighbour more from another scene; empty where none was found.
    package var stranger: [Double]
    /// All values of the first measure's game, where they were computed: 2^p numbers.
    package var table: [Double]
    /// Of the first measure's game: Σβ - (v(P) - v(∅)) of the official code's estimator; nil without a table.
    package var codeGap: Double?
}

/// Attributes targets of a trained predictor (section 2.6).
package struct Attributor {
    package var estimator: ShapleyEstimator
    /// Walks of `perm`.
    package var permutations: Int
    package var measures: [ErrorMeasure]
    package var random: RandomSource

    package init(estimator: ShapleyEstimator, permutations: Int, measures: [ErrorMeasure], random: RandomSource) {
        (self.estimator, self.permutations, self.measures, self.random) = (estimator, permutations, measures, random)
    }

    /// The estimator that a game of so many players gets.
    package func chosen(_ players: Int) -> ShapleyEstimator { estimator == .automatic ? (players <= 9 ? .exact : .permutations) : estimator }

    /// The games of `targets`, in their order.
    /// - Parameter first: the place of the first target among all, which names its random numbers.
    package func games(_ targets: PlayedTargets, of predictor: any Predictor, first: Int, proceed: () throws -> Void) throws -> [(games: [GameValues], table: [Double], codeGap: Double?)] {
        let draws = targets.targets.enumerated().map { LatentDraws(steps: $1.future.count, random: random.stream("samples", first + $0)) }
        let plans = targets.targets.indices.map { Plan(self, players: targets.players($0), random: random.stream("coalitions", first + $0)) }
        let asked = zip(targets.targets.indices, plans).flatMap { target, plan in plan.coalitions.map { PlayedTargets.Coalition(target: target, players: $0) } + [.init(target: target, players: 1, cutsNeighbours: true)] }
        let forecaster = try predictor.forecaster(targets, draws: draws)
        var values = [[Double]](repeating: [], count: measures.count)
        let block = predictor.coalitionsAtOnce
        for start in stride(from: 0, to: asked.count, by: block) {
            try proceed()
            let rows = Array(asked[start..<min(start + block, asked.count)])
            for (row, forecast) in zip(rows, try forecaster.forecasts(rows)) {
                for (place, measure) in measures.enumerated() { values[place].append(-forecast.error(measure, truth: targets.targets[row.target].future, draws: draws[row.target])) }
            }
        }
        var start = 0, result: [(games: [GameValues], table: [Double], codeGap: Double?)] = []
        for plan in plans {
            let end = start + plan.coalitions.count
            let games = try measures.indices.map { try plan.game(Array(values[$0][start..<end]), pastOnly: values[$0][end]) }
            let table = plan.isTable ? Array(values[0][start..<end]) : []
            let codeGap = table.isEmpty ? nil : BanzhafDraws(players: plan.players, random: random.stream("code", first + result.count)).values { table[Int($0)] }.reduce(0, +) - (games[0].full - games[0].empty)
            result.append((games, table, codeGap))
            start = end + 1
        }
        return result
    }

    /// What each game needs, and how its values are made of that.
    private struct Plan {
        let players: Int
        let estimator: ShapleyEstimator
        let coalitions: [UInt64]
        var isTable: Bool { estimator == .exact }
        private let walks: PermutationWalks?, givenPastWalks: PermutationWalks?
        private let draws: BanzhafDraws?

        init(_ attributor: Attributor, players: Int, random: RandomSource) {
            self.players = players
            estimator = attributor.chosen(players)
            switch estimator {
            case .automatic, .exact:
                (walks, givenPastWalks, draws) = (nil, nil, nil)
                coalitions = (0..<1 << players).map { UInt64($0) }
            case .permutations, .banzhafCode:
                let inner = PermutationWalks(players: players - 1, count: attributor.permutations, random: random.stream("given past"))
                // The neighbours' walks begin with the past.
                let given = inner.coalitions.map { $0 << 1 | 1 }
                var needed = Set(given)
                if estimator == .permutations {
                    let walks = PermutationWalks(players: players, count: attributor.permutations, random: random.stream("all"))
                    needed.formUnion(walks.coalitions)
                    (self.walks, draws) = (walks, nil)
                } else {
                    let draws = BanzhafDraws(players: players, random: random.stream("code"))
                    needed.formUnion(draws.coalitions)
                    (walks, self.draws) = (nil, draws)
                }
                givenPastWalks = inner
                coalitions = needed.sorted()
            }
        }

        func game(_ values: [Double], pastOnly: Double) throws -> GameValues {
            if isTable {
                let game = try CoalitionGame(players: players, values: values)
                return GameValues(values: game.shapley, givenPast: game.givenPast?.shapley ?? [], empty: game.empty, full: game.full, pastOnly: pastOnly)
            }
            let place = Dictionary(uniqueKeysWithValues: zip(coalitions, values))
            func value(_ coalition: UInt64) -> Double { place[coalition] ?? .nan }
            let all: UInt64 = (1 << UInt64(players)) - 1
            let given = givenPastWalks?.values { value($0 << 1 | 1) }.means ?? []
            if let draws { return GameValues(values: draws.values(value), givenPast: given, empty: value(0), full: value(all), pastOnly: pastOnly) }
            let sampled: (means: [Double], errors: [Double]?) = walks?.values(value) ?? ([], nil)
            return GameValues(values: sampled.means, errors: sampled.errors ?? [], givenPast: given, empty: value(0), full: value(all), pastOnly: pastOnly)
        }
    }
}
