import Experiments
import Foundation
import Layers
import RIM
import Tensors
import Testing

/// Section 8, numbers 11, 12, 13 and 15: single models, and finite differences in double.
@Suite struct ModelFixtureTests {
    @Test func `half a step of ALS`() throws {
        let items = Matrix([[1, 0], [0, 1], [1, 1]]), seen: [[Int32]] = [[0, 1], [1, 2]]
        for (confidence, expected) in [(1.0, [0.332226, 0.332226, 0.003289, 0.993388]), (2, [0.498753, 0.498753, 0.002478, 0.996270])] {
            let found = try AlternatingLeastSquares.halfStep(items, seen: seen, ridge: 0.01, confidence: confidence)
            #expect(zip(found.values, expected).allSatisfy { abs($0 - $1) < 1e-6 })
        }
    }

    @Test func `two steps of a GRU cell`() throws {
        let store = ParameterStore<Double>()
        var random = RandomSource(seed: 1)
        let layer = GRU<Double>("layer", inputs: 2, hidden: 2, in: store, from: &random)
        // The sheet's matrices are outputs x inputs.
        func turned(_ value: (Int) -> Double) -> Tensor<Double> { Tensor(shape: [2, 6], generating: { value($0 % 6 * 2 + $0 / 6) }) }
        layer.inputWeight.assign(turned { Double($0) * 0.1 - 0.5 })
        layer.recurrentWeight.assign(turned { 0.5 - Double($0) * 0.1 })
        layer.inputBias.assign(Tensor(shape: [6], (0..<6).map { Double($0) * 0.1 }))
        layer.recurrentBias.assign(Tensor(shape: [6], (0..<6).map { -Double($0) * 0.05 }))
        let states = try layer(Tensor(shape: [1, 2, 2], [1, -1, 0.5, 2])).scalars
        #expect(zip(states, [0.101086, 0.132195, 0.466242, 0.427750]).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test func `two steps of Adagrad`() throws {
        let store = ParameterStore<Double>(), p = store.add("p", Tensor(shape: [2], [1, 2])), tape = Tape<Double>(), optimiser = Optimiser(store, .adagrad(epsilon: 1e-3), rate: 0.1)
        for _ in 0..<2 {
            _ = try tape.differentiate(store) { try p.tensor.squared().sum() }
            optimiser.update()
        }
        #expect(zip(p.value.scalars, [0.833176, 1.831162]).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test func `recency buckets, and the loss of one pair`() throws {
        #expect([0.05, 0.1, 0.2, 5, 20, .infinity].map(HistoryConvolution<Float>.bucket) == [0, 0, 1, 4, 5, 5])
        var batch = PairBatch(negatives: 1)
        (batch.users, batch.items, batch.drawnItems, batch.itemWeights) = ([0], [0], [1], [1])
        let loss = try PairwiseLoss.mean(batch, sides: .items, users: Tensor<Double>(shape: [1, 1], [1]), items: Tensor(shape: [2, 1], [1, 0.5]), userBiases: Tensor(shape: [1], [0]),
                                         itemBiases: Tensor(shape: [2], [0.2, 0.2]))
        #expect(abs(loss.scalar - 0.474077) < 1e-6)
    }

    // MARK: - Finite differences

    /// Compares the gradient of every learnt number with central differences.
    func check(_ store: ParameterStore<Double>, _ loss: () throws -> Tensor<Double>) throws {
        let tape = Tape<Double>()
        _ = try tape.differentiate(store, of: loss)
        for parameter in store.parameters where parameter.isLearnt {
            let gradient = parameter.gradient.scalars, value = parameter.value
            let scale = max(1e-3, gradient.map(abs).max() ?? 0)
            for place in stride(from: 0, to: gradient.count, by: max(1, gradient.count / 40)) {
                func moved(_ step: Double) throws -> Double {
                    var numbers = value.scalars
                    numbers[place] += step
                    parameter.assign(Tensor(shape: value.shape, numbers))
                    return try loss().scalar
                }
                let numeric = try (moved(1e-5) - moved(-1e-5)) / 2e-5
                parameter.assign(value)
                #expect(abs(numeric - gradient[place]) < 1e-6 * scale + 1e-9, "\(parameter.name)[\(place)]: \(gradient[place]) and \(numeric)")
            }
        }
    }

    let sequences: [[Int32]] = [[0, 3, 1, 2, 5], [0, 4, 4], [0, 1, 2, 3, 4, 5, 1]]

    @Test func `the likelihood of the GRU, with its tied table`() throws {
        var random = RandomSource(seed: 2)
        let model = RecurrentItemModel<Double>(vocabulary: 6, width: 4, layers: 2, random: &random), piece = SequenceBatches.pieces(sequences, length: .max)[0]
        try check(model.parameters) { try model.loss(piece, carried: []).loss }
    }

    @Test func `the likelihood of the Transformer, with its tied table`() throws {
        var random = RandomSource(seed: 3)
        let model = AttentiveItemModel<Double>(vocabulary: 6, width: 4, layers: 2, heads: 2, random: &random), piece = SequenceBatches.pieces(sequences, length: .max)[0]
        try check(model.parameters) { try model.loss(piece, carried: []).loss }
    }

    @Test func `the pairwise loss on both sides`() throws {
        var random = RandomSource(seed: 4)
        let store = ParameterStore<Double>()
        let users = store.add("users", .normal([3, 4], from: &random)), items = store.add("items", .normal([5, 4], from: &random))
        let userBiases = store.add("user biases", .normal([3], from: &random)), itemBiases = store.add("item biases", .normal([5], from: &random))
        var proposals = PairProposals()
        proposals.add(items: [1, 2, 3, 4, 5], users: [3, 1, 1])
        let batch = PairBatch([(user: 0, item: 1), (user: 2, item: 4)], sides: .both, negatives: 3, proposals, random: &random) { $0 == $1 }
        try check(store) { try PairwiseLoss.mean(batch, sides: .both, users: users.tensor, items: items.tensor, userBiases: userBiases.tensor, itemBiases: itemBiases.tensor) }
    }

    @Test func `the graph convolution, its normalisation included`() throws {
        var random = RandomSource(seed: 5)
        let model = HistoryConvolution<Double>(items: 5, width: 4, random: &random)
        var proposals = PairProposals()
        proposals.add(items: [1, 1, 1, 1, 1], users: [1, 2])
        let batch = PairBatch([(user: 0, item: 1), (user: 1, item: 3)], sides: .both, negatives: 2, proposals, random: &random)
        try check(model.parameters) {
            let vectors = try model.vectors([0, 2, 3, 0, 5], rows: [0, 0, 0, 1, 1], count: 2)
            return try PairwiseLoss.mean(batch, sides: .both, users: vectors, items: model.items(), userBiases: model.recency.tensor.gathered([1, 5]), itemBiases: model.itemBiases.tensor)
        }
    }

    @Test func `the recurrent intensity`() {
        var random = RandomSource(seed: 6)
        let intervals = (0..<6).map { RecurrentIntensity.Interval(state: (0..<3).map { _ in random.normal() }, length: 0.1 + random.uniform(), endsInEvent: $0 % 3 != 0) }
        let point = [0.2, -0.4, 0.1, 0.3, -0.2], gradient = RecurrentIntensity.loss(point, intervals).1
        for k in point.indices {
            var (up, down) = (point, point)
            up[k] += 1e-5
            down[k] -= 1e-5
            #expect(abs((RecurrentIntensity.loss(up, intervals).0 - RecurrentIntensity.loss(down, intervals).0) / 2e-5 - gradient[k]) < 1e-6)
        }
    }

    @Test func `a constant process is found by the recurrent intensity`() throws {
        var random = RandomSource(seed: 3)
        // Exponential times between events at a rate of 1.5.
        let intervals = (0..<2000).map { _ in RecurrentIntensity.Interval(state: [1], length: -log(1 - random.uniform()) / 1.5, endsInEvent: true) }
        let fitted = try RecurrentIntensity(fitting: intervals, width: 1, iterations: 500) { _, _ in }
        #expect(abs(fitted.expectedCount([1], ago: 0) - 1.5) < 0.3)
    }

    @Test func `requests are drawn from the set of the pair`() {
        var proposals = PairProposals(), random = RandomSource(seed: 9)
        proposals.add(items: [1, 0, 0], users: [1, 1])
        proposals.add(items: [0, 0, 5], users: [1, 1, 1])
        let batch = PairBatch([(user: 1, item: 0), (user: 3, item: 2)], sides: .both, negatives: 50, proposals, random: &random)
        #expect(Set(batch.drawnUsers.prefix(50)) == [0, 1] && Set(batch.drawnUsers.suffix(50)) == [2, 3, 4] && batch.drawnItems.suffix(50).count { $0 == 2 } > 25)
    }

    // MARK: - Parts

    @Test func `pieces cover every target once, and a carried state is that of one pass`() throws {
        var random = RandomSource(seed: 7)
        let model = RecurrentItemModel<Double>(vocabulary: 6, width: 4, layers: 2, random: &random)
        let pieces = SequenceBatches.pieces(sequences, length: 2)
        #expect(pieces.map(\.targets.count).reduce(0, +) == 4 + 2 + 6 && pieces.map(\.active) == [3, 2, 1])
        let whole = try model.meanLoss(sequences, batch: 3, length: 100) {}, parts = try model.meanLoss(sequences, batch: 3, length: 2) {}
        #expect(abs(whole - parts) < 1e-12)
    }

    @Test func `the last state of a sequence does not depend on its neighbours in a batch`() throws {
        var random = RandomSource(seed: 8)
        let recurrent = RecurrentItemModel<Double>(vocabulary: 6, width: 4, layers: 2, random: &random), attentive = AttentiveItemModel<Double>(vocabulary: 6, width: 4, layers: 2, heads: 2, random: &random)
        func check(_ model: some SequenceEncoder<Double>) throws {
            let all = try model.lastStates(sequences, batch: 3) {}
            for (row, sequence) in sequences.enumerated() {
                let own = try model.lastStates([sequence], batch: 1) {}
                #expect(zip(own, all[row * 4..<(row + 1) * 4]).allSatisfy { abs($0 - $1) < 1e-12 })
            }
        }
        try check(recurrent)
        try check(attentive)
    }

    @Test func `a sequence keeps its last tokens, the start token first where all fit`() {
        #expect(SequenceBatches.tokens([4, 5, 6], truncation: 8) == [0, 5, 6, 7] && SequenceBatches.tokens([4, 5, 6], truncation: 2) == [5, 6, 7])
    }

    @Test func `the plateau rule cuts after five epochs without a gain`() {
        var rule = PlateauRule()
        #expect(rule.judge(2) == .improved && rule.judge(1.9999) == .waiting)
        #expect((0..<3).allSatisfy { _ in rule.judge(2.1) == .waiting } && rule.judge(2.2) == .cut && rule.judge(2.3) == .waiting && rule.judge(1.5) == .improved)
    }

    @Test func `digamma, and topics that find two groups of items`() throws {
        #expect(abs(LatentDirichlet.digamma(1) + 0.577216) < 1e-6 && abs(LatentDirichlet.digamma(0.5) + 1.963510) < 1e-6 && abs(LatentDirichlet.digamma(10) - 2.251753) < 1e-6)
        var random = RandomSource(seed: 2)
        var model = LatentDirichlet(topics: 2, items: 12, random: &random)
        // Each user has five of six items of one group.
        var documents: [[Int32]] = []
        for user in 0..<48 {
            let first: Int32 = user < 24 ? 0 : 6, missing = Int32(user % 6)
            documents.append((0..<6).filter { $0 != missing }.map { first + $0 })
        }
        for _ in 0..<40 { try model.round(documents) {} }
        let mixtures = try model.mixtures([[0, 1, 2, 3], [8, 9, 10]]) {}, items = model.itemVectors
        func score(_ row: Int, _ group: [Int]) -> Double {
            let scores = group.map { item in mixtures[2 * row] * items[2 * item] + mixtures[2 * row + 1] * items[2 * item + 1] }
            return scores.reduce(0, +) / Double(group.count)
        }
        #expect(score(0, [4, 5]) > 2 * score(0, [6, 7]) && score(1, [6, 7, 11]) > 2 * score(1, [0, 1, 2]))
    }

    @Test func `the sampler follows the square roots of counts`() {
        let sampler = FlattenedSampler([0, 3.9, 15.9])
        var random = RandomSource(seed: 1), found = [0.0, 0, 0]
        for _ in 0..<60_000 { found[sampler.draw(&random)] += 1 }
        let roots = [Double(0.1).squareRoot(), 2, 4], sum = roots.reduce(0, +)
        #expect(zip(found, roots).allSatisfy { abs($0 / 60_000 - $1 / sum) < 0.01 })
    }
}
