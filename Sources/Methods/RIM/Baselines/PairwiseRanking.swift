import Tensors

/// Draws numbers in proportion to (count + 0.1)^0.5.
package struct FlattenedSampler: Sendable {
    private let sums: [Double]

    package init(_ counts: [Double]) {
        var sum = 0.0
        sums = counts.map { sum += ($0 + 0.1).squareRoot(); return sum }
    }

    package func draw(_ random: inout RandomSource) -> Int {
        let wanted = random.uniform() * (sums.last ?? 0)
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > wanted { high = middle } else { low = middle + 1 }
        }
        return max(0, low)
    }
}

/// What negatives are drawn from: for each set of users one sampler of items and one of its users.
package struct PairProposals: Sendable {
    private var sets: [(items: FlattenedSampler, users: FlattenedSampler, first: Int, end: Int)] = []

    package init() {}

    /// Adds a set of users, numbered on from the last.
    package mutating func add(items: [Double], users: [Double]) {
        let first = sets.last?.end ?? 0
        sets.append((FlattenedSampler(items), FlattenedSampler(users), first, first + users.count))
    }

    private func set(of user: Int) -> Int { sets.firstIndex { user < $0.end } ?? 0 }

    func item(for user: Int, _ random: inout RandomSource) -> Int { sets[set(of: user)].items.draw(&random) }

    func user(for user: Int, _ random: inout RandomSource) -> Int {
        let own = sets[set(of: user)]
        return own.first + own.users.draw(&random)
    }
}

/// Which side of a pair is replaced by something drawn.
package enum PairwiseSides: Sendable {
    case items, users, both

    var hasItems: Bool { self != .users }
    var hasUsers: Bool { self != .items }
}

/// Seen pairs of a step, and for each some pairs that were drawn.
package struct PairBatch: Sendable {
    package var users: [Int32] = [], items: [Int32] = []
    /// `negatives` drawn items a pair, and users; a weight of 0 leaves one out.
    package var drawnItems: [Int32] = [], itemWeights: [Float] = []
    package var drawnUsers: [Int32] = [], userWeights: [Float] = []
    package let negatives: Int

    package init(negatives: Int) { self.negatives = negatives }

    /// Pairs with `negatives` draws on each side that is asked for. Pairs that `isExcluded` says of are drawn anew, and left out after twenty tries.
    package init(_ pairs: some Collection<(user: Int32, item: Int32)>, sides: PairwiseSides, negatives: Int, _ proposals: PairProposals, random: inout RandomSource,
                 isExcluded: (Int, Int) -> Bool = { _, _ in false }) {
        self.negatives = negatives
        for pair in pairs {
            self.users.append(pair.user)
            self.items.append(pair.item)
            for _ in 0..<negatives {
                if sides.hasItems {
                    let (place, weight) = Self.draw(&random, { proposals.item(for: Int(pair.user), &$0) }) { isExcluded(Int(pair.user), $0) }
                    drawnItems.append(place)
                    itemWeights.append(weight)
                }
                if sides.hasUsers {
                    let (place, weight) = Self.draw(&random, { proposals.user(for: Int(pair.user), &$0) }) { isExcluded($0, Int(pair.item)) }
                    drawnUsers.append(place)
                    userWeights.append(weight)
                }
            }
        }
    }

    private static func draw(_ random: inout RandomSource, _ next: (inout RandomSource) -> Int, _ isExcluded: (Int) -> Bool) -> (Int32, Float) {
        var place = next(&random)
        for _ in 0..<20 where isExcluded(place) { place = next(&random) }
        return (Int32(truncatingIfNeeded: place), isExcluded(place) ? 0 : 1)
    }
}

/// Bayesian personalised ranking (Rendle et al. 2009) on both sides: -log σ(s_seen - s_drawn), averaged over the draws, half of the loss for drawn items and half
/// for drawn users.
package enum PairwiseLoss {
    /// - Parameters:
    ///   - users, items: vectors, a row each; userBiases, itemBiases: a number each.
    package static func mean<Scalar: TensorScalar>(_ batch: PairBatch, sides: PairwiseSides, users: Tensor<Scalar>, items: Tensor<Scalar>, userBiases: Tensor<Scalar>,
                                                   itemBiases: Tensor<Scalar>) throws -> Tensor<Scalar> {
        func scores(_ u: [Int32], _ i: [Int32]) throws -> Tensor<Scalar> {
            try users.innerProducts(at: u, with: items, at: i) + userBiases.gathered(u) + itemBiases.gathered(i)
        }
        let seen = try scores(batch.users, batch.items), pairs = batch.users.count, count = batch.negatives
        func half(_ drawn: Tensor<Scalar>, _ weights: [Float]) throws -> Tensor<Scalar> {
            let gaps = try seen.reshaped([pairs, 1]) - drawn.reshaped([pairs, count])
            let losses = try gaps.scaled(by: -1).softplus()
            let kept = weights.reduce(0, +)
            return try (losses * Tensor(shape: [pairs, count], weights.map { Scalar($0) })).sum().scaled(by: 1 / Double(max(1, kept)))
        }
        func each(_ numbers: [Int32]) -> [Int32] { numbers.flatMap { [Int32](repeating: $0, count: count) } }
        switch sides {
        case .items: return try half(scores(each(batch.users), batch.drawnItems), batch.itemWeights)
        case .users: return try half(scores(batch.drawnUsers, each(batch.items)), batch.userWeights)
        case .both:
            return try (half(scores(each(batch.users), batch.drawnItems), batch.itemWeights) + half(scores(batch.drawnUsers, each(batch.items)), batch.userWeights)).scaled(by: 0.5)
        }
    }
}

extension Trainer {
    mutating func fitPairwise(_ sides: PairwiseSides, _ training: TrainingEvents, name: String) throws -> FactorModel {
        let material = material, settings = settings, context = context, random = context.random.stream(name), width = settings.factors
        let store = ParameterStore<Float>()
        var start = random.stream("start")
        let userCount = training.counts.count
        let users = store.add("users", .normal([userCount, width], from: &start)), items = store.add("items", .normal([material.m, width], from: &start))
        let userBiases = store.add("user biases", .normal([userCount], from: &start)), itemBiases = store.add("item biases", .normal([material.m], from: &start))
        let pairs = training.users.flatMap { user in material.trainingItems(user, training.counts[user]).map { (user: Int32(truncatingIfNeeded: user), item: $0) } }
        var perItem = [Double](repeating: 0, count: material.m)
        for pair in pairs { perItem[Int(pair.item)] += 1 }
        var proposals = PairProposals()
        proposals.add(items: perItem, users: training.counts.map(Double.init))
        try fitPairs(pairs, name: name, store, sides: sides, proposals, random: random) { batch in
            try PairwiseLoss.mean(batch, sides: sides, users: users.tensor, items: items.tensor, userBiases: userBiases.tensor, itemBiases: itemBiases.tensor)
        }
        return factorModel(.softplus, width: width, users: users.value.scalars, items: items.value.scalars, itemBiases: itemBiases.value.scalars, userBiases: userBiases.value.scalars)
    }

    /// Trains on four fifths of the pairs, with the plateau rule on the rest.
    mutating func fitPairs(_ pairs: [(user: Int32, item: Int32)], name: String, _ store: ParameterStore<Float>, sides: PairwiseSides, _ proposals: PairProposals,
                           random: RandomSource, isExcluded: @escaping (Int, Int) -> Bool = { _, _ in false }, loss: @escaping (PairBatch) throws -> Tensor<Float>) throws {
        let settings = settings, context = context
        var order = random.stream("validation pairs")
        let shuffled = order.permutation(pairs.count), cut = max(1, min(pairs.count - 1, Int((0.8 * Double(pairs.count)).rounded())))
        let fitted = shuffled.prefix(cut).map { pairs[$0] }, held = shuffled.dropFirst(cut).map { pairs[$0] }
        guard !fitted.isEmpty, !held.isEmpty else { throw RIMError("\(pairs.count) pairs of user and item are too few for \(name); leave it out of models") }
        let tape = Tape<Float>()
        let piece = max(1, min(settings.pairBatch, held.count))
        try fit(name, store, weightDecay: 1e-5, rate: 1, epochs: settings.pairEpochs, unit: "nats a pair") { epoch, optimiser in
            var draw = random.stream("epoch", epoch)
            let order = draw.permutation(fitted.count)
            var sum = 0.0
            for start in stride(from: 0, to: order.count, by: settings.pairBatch) {
                try context.proceed()
                let batch = PairBatch(order[start..<min(order.count, start + settings.pairBatch)].map { fitted[$0] }, sides: sides, negatives: settings.negatives, proposals, random: &draw, isExcluded: isExcluded)
                try context.proceed()
                sum += Double(try tape.differentiate(store) { try loss(batch) }) * Double(batch.users.count)
                optimiser.update()
            }
            return sum / Double(max(1, fitted.count))
        } validate: { _ in
            // The same draws in every epoch.
            var draw = random.stream("validation draws"), sum = 0.0
            for start in stride(from: 0, to: held.count, by: piece) {
                try context.proceed()
                let batch = PairBatch(held[start..<min(held.count, start + piece)], sides: sides, negatives: settings.negatives, proposals, random: &draw, isExcluded: isExcluded)
                sum += Double(try loss(batch).scalar) * Double(batch.users.count)
            }
            return sum / Double(max(1, held.count))
        }
    }
}
