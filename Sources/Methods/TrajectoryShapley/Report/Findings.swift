import Experiments

/// What the games of one predictor say in one measure, as means over the explained targets.
struct Findings {
    let measure: ErrorMeasure
    /// Test error with real, exchanged and no neighbours.
    let real, exchanged, none: Estimated
    /// W - R: what the neighbours' behaviour is worth; 0 - W: what it is worth that somebody is there.
    let content, presence, dropped: Estimated
    let past, social, socialNull, socialAboveNull: Estimated
    let givenPast, givenPastNull, givenPastAboveNull: Estimated
    /// φ of an inserted stranger; nil where none was inserted.
    let stranger: Estimated?
    /// φ_past over v(P) - v(∅); nil where that is below 0.05.
    let pastShare: Double?
    let whole: Double
    let efficiencyError: Double
    /// The largest |φ_j| and |ψ_j|.
    let largestNeighbour: Double

    init(_ attributions: [TargetAttribution], place: Int, measure: ErrorMeasure, _ bootstrap: SceneBootstrap) {
        self.measure = measure
        func of(_ value: (TargetAttribution) -> Double) -> Estimated { Estimated(attributions.map(value), bootstrap) }
        real = of { -$0.real[place].full }
        exchanged = of { -$0.null[place].full }
        none = of { -$0.real[place].pastOnly }
        content = of { $0.real[place].full - $0.null[place].full }
        presence = of { $0.null[place].full - $0.real[place].pastOnly }
        dropped = of { $0.real[place].full - $0.real[place].pastOnly }
        past = of { $0.real[place].values.first ?? .nan }
        social = of { $0.real[place].social }
        socialNull = of { $0.null[place].social }
        socialAboveNull = of { $0.real[place].social - $0.null[place].social }
        givenPast = of { $0.real[place].givenPastSum }
        givenPastNull = of { $0.null[place].givenPastSum }
        givenPastAboveNull = of { $0.real[place].givenPastSum - $0.null[place].givenPastSum }
        let strangers = attributions.compactMap { $0.stranger.isEmpty ? nil : $0.stranger[place] }
        stranger = strangers.count == attributions.count && !strangers.isEmpty ? Estimated(strangers, bootstrap) : nil
        let whole = attributions.reduce(0) { $0 + $1.real[place].full - $1.real[place].empty } / Double(max(1, attributions.count))
        self.whole = whole
        pastShare = whole < 0.05 ? nil : past.mean / whole
        efficiencyError = attributions.map { max($0.real[place].efficiencyError, $0.null[place].efficiencyError) }.max() ?? .nan
        largestNeighbour = attributions.flatMap { $0.real[place].values.dropFirst().map(abs) + $0.real[place].givenPast.map(abs) }.max() ?? 0
    }
}

/// How attribution agrees with who truly moves whom; for generated scenes.
struct TruthAgreement {
    /// Targets whose largest influence is above 0.2 m.
    let targets: Int
    /// How often the largest ψ, φ, and the nearest neighbour, is the one of the largest influence.
    let givenPastHits, shapleyHits, nearestHits, chance: Double
    /// Mean ψ of the neighbour of the largest influence, and of the others.
    let partner, others: Double
    /// Spearman's correlation of ψ with the influence over all pairs of target and neighbour.
    let correlation: Double?
    /// Hits by influence: its range, targets, ψ, φ, nearest.
    let byInfluence: [(range: ClosedRange<Double>, targets: Int, givenPast: Double, shapley: Double, nearest: Double, chance: Double)]

    static let threshold = 0.2
    private static let bins: [ClosedRange<Double>] = [0...0.05, 0.05...0.1, 0.1...0.2, 0.2...0.5, 0.5...1, 1...10]

    /// - Returns: nil where no influence is known.
    init?(_ targets: [Target], _ attributions: [TargetAttribution], place: Int) {
        struct Case { var influence: [Double], given: [Double], shapley: [Double] }
        let cases = zip(targets, attributions).compactMap { target, attribution -> Case? in
            let influence = target.neighbours.compactMap(\.influence)
            guard !influence.isEmpty, influence.count == target.neighbours.count else { return nil }
            return Case(influence: influence, given: attribution.real[place].givenPast, shapley: Array(attribution.real[place].values.dropFirst()))
        }
        guard !cases.isEmpty else { return nil }
        func largest(_ values: [Double]) -> Int { values.indices.max { values[$0] < values[$1] } ?? 0 }
        func share(_ cases: [Case], _ hit: (Case) -> Bool) -> Double { cases.isEmpty ? .nan : Double(cases.count(where: hit)) / Double(cases.count) }
        func chance(_ cases: [Case]) -> Double { cases.isEmpty ? .nan : cases.reduce(0) { $0 + 1 / Double($1.influence.count) } / Double(cases.count) }
        let strong = cases.filter { ($0.influence.max() ?? 0) > Self.threshold }
        self.targets = strong.count
        givenPastHits = share(strong) { largest($0.given) == largest($0.influence) }
        shapleyHits = share(strong) { largest($0.shapley) == largest($0.influence) }
        nearestHits = share(strong) { largest($0.influence) == 0 }
        self.chance = chance(strong)
        let partners = strong.map { $0.given[largest($0.influence)] }
        let rest = strong.flatMap { entry in entry.given.indices.filter { $0 != largest(entry.influence) }.map { entry.given[$0] } }
        partner = partners.reduce(0, +) / Double(max(1, partners.count))
        others = rest.reduce(0, +) / Double(max(1, rest.count))
        correlation = RankCorrelation.spearman(cases.flatMap(\.given), cases.flatMap(\.influence))
        byInfluence = Self.bins.map { bin in
            let found = cases.filter { entry in (entry.influence.max() ?? 0).isIn(bin) }
            return (bin, found.count, share(found) { largest($0.given) == largest($0.influence) }, share(found) { largest($0.shapley) == largest($0.influence) },
                    share(found) { largest($0.influence) == 0 }, chance(found))
        }
    }
}

private extension Double {
    /// Above the lower end, up to the upper one.
    func isIn(_ range: ClosedRange<Double>) -> Bool { self > range.lowerBound && self <= range.upperBound }
}
