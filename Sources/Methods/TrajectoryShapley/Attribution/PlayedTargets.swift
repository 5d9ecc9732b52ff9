import Tensors

/// Targets as games: what each player is, and what stands in for one that is left out.
///
/// Player 0 is the past, player j the j-th neighbour. The last position is never removed: everything is relative to it.
package struct PlayedTargets: Sendable {
    /// What a removed past becomes.
    package enum PastRemoval: String, Sendable, CaseIterable {
        /// An agent that stands still at its last position.
        case still = "static"
        /// The past of a random other target.
        case random
        /// The mean past of the training targets.
        case mean
    }
    /// What a removed neighbour becomes.
    package enum NeighbourRemoval: String, Sendable, CaseIterable {
        /// It is cut out of the aggregation.
        case cut = "static"
        /// A random neighbour of a random target, in that target's frame.
        case random
    }

    package struct Coalition: Sendable, Hashable {
        package var target: Int
        /// Bit i: player i takes part.
        package var players: UInt64
        /// Left-out neighbours are cut, whatever the removal is: for the test without neighbours.
        package var cutsNeighbours = false
        package init(target: Int, players: UInt64, cutsNeighbours: Bool = false) { (self.target, self.players, self.cutsNeighbours) = (target, players, cutsNeighbours) }
    }

    package let targets: [Target]
    /// For each target.
    package let removedPasts: [[SIMD2<Double>]]
    /// For each target and neighbour; nil where they are cut.
    package let substitutes: [[[SIMD2<Double>]]]?

    /// - Parameter meanPast: over the training targets.
    package init(_ targets: [Target], past: PastRemoval = .still, neighbours: NeighbourRemoval = .cut, meanPast: [SIMD2<Double>] = [], random: RandomSource = RandomSource(seed: 0)) {
        self.targets = targets
        let seen = targets.filter { !$0.neighbours.isEmpty }
        removedPasts = targets.indices.map { place in
            let still = [SIMD2<Double>](repeating: .zero, count: targets[place].past.count)
            switch past {
            case .still: return still
            case .mean: return meanPast.count == still.count ? meanPast : still
            case .random:
                var random = random.stream("removed past", place)
                return targets[random.integer(below: targets.count)].past
            }
        }
        guard neighbours == .random, !seen.isEmpty else {
            substitutes = nil
            return
        }
        substitutes = targets.indices.map { place in
            var random = random.stream("removed neighbours", place)
            return targets[place].neighbours.map { _ in
                let other = seen[random.integer(below: seen.count)]
                return other.neighbours[random.integer(below: other.neighbours.count)].path
            }
        }
    }

    private init(_ targets: [Target], _ removedPasts: [[SIMD2<Double>]], _ substitutes: [[[SIMD2<Double>]]]?) {
        (self.targets, self.removedPasts, self.substitutes) = (targets, removedPasts, substitutes)
    }

    package func part(_ range: Range<Int>) -> PlayedTargets {
        PlayedTargets(Array(targets[range]), Array(removedPasts[range]), substitutes.map { Array($0[range]) })
    }

    package func players(_ target: Int) -> Int { targets[target].neighbours.count + 1 }
    package var slots: Int { targets.map(\.neighbours.count).max() ?? 0 }

    /// The path of the target in a coalition.
    func past(_ coalition: Coalition) -> [SIMD2<Double>] { coalition.players & 1 == 1 ? targets[coalition.target].past : removedPasts[coalition.target] }

    /// Which neighbours are seen in a coalition: their place, and whether it is a substitute that stands there.
    func seen(_ coalition: Coalition) -> [(place: Int, isSubstitute: Bool)] {
        targets[coalition.target].neighbours.indices.compactMap { place in
            if coalition.players >> UInt64(place + 1) & 1 == 1 { return (place, false) }
            return substitutes == nil || coalition.cutsNeighbours ? nil : (place, true)
        }
    }

    func neighbourPath(_ target: Int, _ place: Int, isSubstitute: Bool) -> [SIMD2<Double>] {
        if isSubstitute, let substitutes { return substitutes[target][place] }
        return targets[target].neighbours[place].path
    }

    package func row(_ coalition: Coalition) -> Cues<Float>.Row {
        .init(past: past(coalition), neighbours: seen(coalition).map { neighbourPath(coalition.target, $0.place, isSubstitute: $0.isSubstitute) })
    }
}

extension [Target] {
    /// Each target with the neighbours of another target of another scene: whom it meets is taken away, that somebody is there is not.
    ///
    /// Targets are lined up scene by scene in random order, and each takes the neighbours of the one that stands as many places further as the
    /// largest scene has targets. Every set is used once.
    package func withNeighboursExchanged(random: RandomSource) -> [Target] {
        let sizes = Dictionary(grouping: indices) { self[$0].scene }
        let largest = sizes.values.map(\.count).max() ?? 0
        guard largest > 0, largest < count else { return self }
        var random = random
        var line: [Int] = []
        for scene in sizes.keys.sorted().shuffled(using: &random) { line += (sizes[scene] ?? []).shuffled(using: &random) }
        var result = self
        for (place, target) in line.enumerated() {
            // No influence is known of a stranger.
            result[target].neighbours = self[line[(place + largest) % count]].neighbours.map { .init(path: $0.path) }
        }
        return result
    }

    /// Each target with one neighbour more, the last: a random one of a random target of another scene, in that target's frame.
    /// - Returns: the targets, and which of them found one.
    package func withStranger(random: RandomSource) -> [Target] {
        let seen = indices.filter { !self[$0].neighbours.isEmpty }
        guard Set(seen.map { self[$0].scene }).count > 1 else { return self }
        return indices.map { place in
            var random = random.stream("stranger", place), target = self[place]
            var other = self[seen[random.integer(below: seen.count)]]
            while other.scene == target.scene { other = self[seen[random.integer(below: seen.count)]] }
            target.neighbours.append(.init(path: other.neighbours[random.integer(below: other.neighbours.count)].path))
            return target
        }
    }
}
