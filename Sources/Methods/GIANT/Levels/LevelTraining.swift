import Datasets
import Layers
import Tensors

/// Fine-tunes an encoder through the levels of a label tree, from few clusters to many (XR-Transformer, section 2.5).
///
/// The encoder goes on from level to level; heads, optimisers (and with them the moments) and the schedule begin anew at each.
package struct LevelTraining {
    package struct Options: Sendable {
        package var loss = LevelLoss.squaredHinge
        package var negatives = NegativeSampling.both
        package var start = HeadStart.inherit
        /// How often every training row is visited, for each level.
        package var epochs: [Int] = [6, 6, 10]
        /// No more visits than this in all levels together.
        package var visitLimit = 4_000_000
        package var batch = 64
        package var rate = 2e-3
        package var warmup = 100
        package var clippingNorm = 1.0
        package var dropout = 0.1
        package var matcherCount = 8
        package var activeLimit = 128
        package var largestLevel = 32_768
        package var postProcessor = PostProcessor.hinge
        /// Whether the model's clusters of the level above are looked up for the rows of a batch, with the heads of that level as they were left,
        /// instead of being kept for every row: for graphs that are too large for it.
        package var predictsInBatch = false
        /// A level ends when recall on held-out edges has not risen for this many reports; 0: never.
        package var patience = 0
        package init() {}

        /// How many rows each of `levels` levels visits.
        package func visits(rows: Int, levels: Int) -> [Double] {
            let epochs = (0..<levels).map { self.epochs.isEmpty ? 1 : self.epochs[min($0, self.epochs.count - 1)] }
            let all = Double(rows) * Double(epochs.reduce(0, +)), share = min(1, Double(visitLimit) / max(1, all))
            return epochs.map { share * Double($0) * Double(rows) }
        }

        /// Steps of each level.
        package func steps(rows: Int, levels: Int) -> [Int] { visits(rows: rows, levels: levels).map { max(1, Int(($0 / Double(batch)).rounded(.up))) } }
    }

    /// What the finished levels hand over: with the encoder's values all that a checkpoint needs.
    package struct State: Sendable {
        /// W (clusters x width) and b of each finished level.
        package var heads: [(weights: [Float], biases: [Float])] = []
        /// For each training row its clusters at the last finished level, `matcherCount` each; empty where they are looked up in the batch.
        package var predicted: [BeamSearch.Kept] = []
        package init() {}
        package var finishedLevels: Int { heads.count }
    }

    /// What is told while a level trains.
    package struct Step: Sendable {
        package var level: Int, step: Int, steps: Int
        package var loss: Double, rate: Double, activeClusters: Double, matcherShare: Double
    }

    package let encoder: any TextEncoder<Float>
    package let targets: LevelTargets
    /// R: the rows that train.
    package let rows: [Int32]
    package let options: Options
    private let random: RandomSource
    private let beam: BeamSearch

    package init(encoder: any TextEncoder<Float>, targets: LevelTargets, rows: [Int32], options: Options, random: RandomSource) {
        self.encoder = encoder
        self.targets = targets
        self.rows = rows
        self.options = options
        self.random = random
        beam = BeamSearch(width: options.matcherCount, postProcessor: options.postProcessor)
    }

    private var chain: ClusterChain { targets.chain }
    /// How many levels are fine-tuned: those with few enough clusters.
    package var levels: Int { chain.levels.count { $0 <= options.largestLevel } }

    /// Steps of each level.
    package var steps: [Int] { options.steps(rows: rows.count, levels: levels) }

    /// Trains one level and adds it to `state`.
    /// - Parameters:
    ///   - looks: how often `evaluate` is asked.
    ///   - evaluate: gives a recall on held-out edges from the level and its heads; nil where there is none.
    ///   - proceed: called now and then before the first step and after the last; what it throws ends the work.
    ///   - report: told after each step.
    /// - Throws: `GIANTError` when the loss is not finite.
    package func train(level: Int, state: inout State, looks: Int = 10, evaluate: (Int, LevelHeads<Float>) throws -> Double? = { _, _ in nil }, proceed: () throws -> Void = {},
                       report: (Step) throws -> Void = { _ in }) throws {
        let random = self.random.stream("level", level)
        let heads = try startHeads(level, state, random, proceed)
        let above = options.predictsInBatch ? state.heads.map { LevelHeads<Float>(weights: $0.weights, biases: $0.biases) } : []
        let encoderOptimiser = Optimiser(encoder.parameters, .adam(), rate: options.rate)
        let headOptimiser = Optimiser(heads.parameters, .adam(), rate: options.rate)
        let steps = self.steps[level], schedule = Schedule.linearWarmup(warmup: min(options.warmup, steps / 10), steps: steps)
        let tape = Tape<Float>(), between = max(1, steps / max(1, looks))
        var order: [Int] = [], next = 0, epoch = 0, best = -Double.infinity, waited = 0
        for step in 0..<steps {
            if order.count - next < options.batch {
                var shuffle = random.stream("epoch", epoch)
                order = order[next...] + shuffle.permutation(rows.count)
                next = 0
                epoch += 1
            }
            let places = Array(order[next...].prefix(options.batch))
            next += places.count
            let chosen = places.map { rows[$0] }
            let predicted = try self.predicted(chosen, places, level, state, above)
            var pairs = ActivePairs()
            let draws = random.stream("step", step)
            for (place, row) in chosen.enumerated() {
                pairs.append(ActiveSet(of: row, at: level, targets: targets, predicted: predicted[place], sampling: options.negatives, limit: options.activeLimit,
                                       random: draws.stream("set", place)))
            }
            var mask = draws.stream("dropout")
            let loss = try tape.differentiate(encoder.parameters, heads.parameters) {
                let h = try encoder(chosen, training: draws).dropout(rate: options.dropout, seed: mask.next())
                return try options.loss(heads.logits(h, pairs), pairs)
            }
            guard loss.isFinite else { throw GIANTError("the loss of level \(level + 1) is not finite at step \(step + 1); take a smaller rate than \(options.rate)") }
            let rate = options.rate * schedule.factor(step)
            encoderOptimiser.rate = rate
            headOptimiser.rate = rate
            encoderOptimiser.update(clippingNorm: options.clippingNorm)
            headOptimiser.update(clippingNorm: options.clippingNorm)
            try report(Step(level: level, step: step + 1, steps: steps, loss: Double(loss), rate: rate, activeClusters: Double(pairs.clusters.count) / Double(max(1, pairs.batch)),
                            matcherShare: Double(pairs.matcherCount) / Double(max(1, pairs.clusters.count))))
            if (step + 1) % between == 0 || step + 1 == steps, let recall = try evaluate(level, heads), options.patience > 0 {
                waited = recall > best ? 0 : waited + 1
                best = max(best, recall)
                if waited >= options.patience { break }
            }
        }
        if !options.predictsInBatch, options.negatives.usesMatcher, level + 1 < levels { state.predicted = try predictions(level, heads, state, proceed) }
        state.heads.append(heads.values)
    }

    // MARK: - The start of a level

    private func startHeads(_ level: Int, _ state: State, _ random: RandomSource, _ proceed: () throws -> Void) throws -> LevelHeads<Float> {
        let clusters = chain.levels[level], width = encoder.width
        var source = random.stream("heads")
        func drawn() -> LevelHeads<Float> {
            let weights: Tensor<Float> = .normal([clusters, width], deviation: 0.02, from: &source)
            return LevelHeads(weights: weights.scalars, biases: [Float](repeating: 0, count: clusters))
        }
        switch options.start {
        case .random: return drawn()
        case .inherit:
            guard let parent = state.heads.last, level > 0 else { return drawn() }
            var weights: [Float] = [], biases: [Float] = []
            for cluster in 0..<clusters {
                let above = cluster / chain.splits
                weights += parent.weights[above * width..<(above + 1) * width]
                biases.append(parent.biases[above])
            }
            return LevelHeads(weights: weights, biases: biases)
        case .linear: return try linearHeads(level, state, random, proceed)
        }
    }

    /// One support vector machine a cluster on the encoder's output of now, C = 100, over the rows in whose active set it is.
    private func linearHeads(_ level: Int, _ state: State, _ random: RandomSource, _ proceed: () throws -> Void) throws -> LevelHeads<Float> {
        let clusters = chain.levels[level], width = encoder.width
        var h: [Float] = []
        for start in stride(from: 0, to: rows.count, by: encoder.blockRows) {
            try proceed()
            try encoder(Array(rows[start..<min(rows.count, start + encoder.blockRows)]), training: nil).withScalars { h.append(contentsOf: $0) }
        }
        let features = SparseFeatures(dense: h, width: width)
        var instances = [[Int32]](repeating: [], count: clusters), signs = [[Float]](repeating: [], count: clusters)
        for (place, row) in rows.enumerated() {
            let predicted = level > 0 ? kept(place, state) : []
            let set = ActiveSet(of: row, at: level, targets: targets, predicted: predicted, sampling: options.negatives, limit: options.activeLimit, random: random.stream("linear", place))
            for (cluster, sign) in zip(set.clusters, set.signs) {
                instances[Int(cluster)].append(Int32(place))
                signs[Int(cluster)].append(sign)
            }
        }
        var weights: [Float] = [], biases: [Float] = []
        let machine = LinearSupportVectors(cost: 100)
        for cluster in 0..<clusters {
            try proceed()
            var w = [Float](repeating: 0, count: width + 1)
            machine.solve(features, instances[cluster], signs: signs[cluster], into: &w, random: random.stream("machine", cluster))
            weights += w.prefix(width)
            biases.append(w[width])
        }
        return LevelHeads(weights: weights, biases: biases)
    }

    // MARK: - What the model predicts

    private func kept(_ place: Int, _ state: State) -> [Int32] {
        let k = state.predicted.count / max(1, rows.count)
        return state.predicted[place * k..<(place + 1) * k].filter { $0.cluster >= 0 }.map(\.cluster)
    }

    /// The clusters of the level above for the rows of a batch.
    private func predicted(_ chosen: [Int32], _ places: [Int], _ level: Int, _ state: State, _ above: [LevelHeads<Float>]) throws -> [[Int32]] {
        guard level > 0, options.negatives.usesMatcher else { return [[Int32]](repeating: [], count: chosen.count) }
        guard options.predictsInBatch else { return places.map { kept($0, state) } }
        return try Self.search(encoder(chosen, training: nil), above, chain, beam).map { $0.map(\.cluster) }
    }

    /// Beam search of rows h through the levels of `heads`.
    package static func search(_ h: Tensor<Float>, _ heads: [LevelHeads<Float>], _ chain: ClusterChain, _ beam: BeamSearch) throws -> [[BeamSearch.Kept]] {
        guard let top = heads.first else { return [] }
        let rows = h.shape[0]
        var found = try top.allLogits(h).withScalars { scores in (0..<rows).map { beam.top(scores[$0 * top.clusters..<($0 + 1) * top.clusters]) } }
        for level in 1..<max(1, heads.count) { found = try descend(h, found, level, heads[level], chain, beam) }
        return found
    }

    /// One level of a beam search: from the kept clusters of `level` - 1 to those of `level`.
    package static func descend(_ h: Tensor<Float>, _ parents: [[BeamSearch.Kept]], _ level: Int, _ heads: LevelHeads<Float>, _ chain: ClusterChain,
                                _ beam: BeamSearch) throws -> [[BeamSearch.Kept]] {
        var pairs = ActivePairs(), bounds = [0]
        for (row, kept) in parents.enumerated() {
            for parent in kept { pairs.clusters += chain.children(of: parent.cluster, at: level - 1) }
            pairs.examples += [Int32](repeating: Int32(row), count: pairs.clusters.count - pairs.examples.count)
            bounds.append(pairs.clusters.count)
        }
        return try heads.logits(h, pairs).withScalars { scores in
            parents.enumerated().map { row, kept in
                var next = bounds[row]
                // Children come in the order in which the pairs were made.
                return beam.next(kept, below: level - 1, of: chain) { _ in
                    defer { next += 1 }
                    return scores[next]
                }
            }
        }
    }

    /// The model's clusters at a finished level for all training rows.
    private func predictions(_ level: Int, _ heads: LevelHeads<Float>, _ state: State, _ proceed: () throws -> Void) throws -> [BeamSearch.Kept] {
        let k = options.matcherCount, before = state.predicted.count / max(1, rows.count)
        var all: [BeamSearch.Kept] = []
        all.reserveCapacity(rows.count * k)
        for start in stride(from: 0, to: rows.count, by: encoder.blockRows) {
            try proceed()
            let places = start..<min(rows.count, start + encoder.blockRows)
            let h = try encoder(Array(rows[places]), training: nil)
            let found: [[BeamSearch.Kept]] = if level == 0 {
                try Self.search(h, [heads], chain, beam)
            } else {
                try Self.descend(h, places.map { place in Array(state.predicted[place * before..<(place + 1) * before].filter { $0.cluster >= 0 }) }, level, heads, chain, beam)
            }
            for row in found { all += row + [BeamSearch.Kept](repeating: .init(cluster: -1, value: 0), count: max(0, k - row.count)) }
        }
        return all
    }
}
