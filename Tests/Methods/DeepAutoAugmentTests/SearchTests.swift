import Augmentation
import Datasets
import DeepAutoAugment
import Tensors
import Testing

@Suite(.serialized) struct SearchTests {
    static let table: PictureTable = {
        guard let shapes = try? shipped.images("shapes32"), let table = try? PictureTable(shapes, part: shapes.training) else { preconditionFailure("shapes32 does not open") }
        return table
    }()

    /// A network that has learnt a little.
    static func pretrained(_ seed: UInt64 = 1) throws -> ClassifierNetwork<Float> {
        let network = NetworkTests.network(.tiny, classes: 8, seed: seed, Float.self)
        let training = ClassifierTraining(network, table.rows(0..<96), .cifar, .none, TrainingSettings(epochs: 4, batch: 32, rate: 0.1, decay: 5e-4), random: RandomSource(seed: seed))
        while !training.isFinished { _ = try training.advance() }
        return network
    }

    static func matching(_ network: ClassifierNetwork<Float>, _ change: (inout MatchingSettings) -> Void = { _ in }) throws -> GradientMatching {
        var settings = MatchingSettings()
        (settings.validation, settings.images, settings.gradientSamples, settings.rewardSamples) = (8, 2, 20, 1)
        change(&settings)
        return try GradientMatching(network, search: table.rows(100..<180), validation: table.rows(200..<360), .cifar, settings)
    }

    @Test func `in the first layer the probabilities annul the rewards, the cosine is one, and equal operations are equally good`() throws {
        for includes in [false, true] {
            var matching = try Self.matching(Self.pretrained()) { $0.includesNormalisation = includes }
            var random = RandomSource(seed: 2)
            for probabilities in [PolicyLayer().probabilities, Array(repeating: 1 / 139.0, count: 139)] {
                let image = matching.drawImage(&random), outcome = try #require(try matching.outcome(row: image.row, label: image.label, below: [], probabilities: probabilities, &random))
                let largest = outcome.rewards.map { abs($0) }.max() ?? 0
                #expect(abs(outcome.cosine) <= 1 && largest > 0)
                #expect(abs(zip(probabilities, outcome.rewards).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-4 * largest)
                let posterize = (0...2).compactMap { PolicyOperation.index(.posterize, $0) }.map { outcome.rewards[$0] }
                #expect(posterize.allSatisfy { abs($0 - posterize[0]) < 1e-5 * largest })
            }
        }
    }

    @Test func `rewards are the gradients of the single copies times the tangent, and the derivative of the cosine`() throws {
        let network = try Self.pretrained()
        var matching = try Self.matching(network), random = RandomSource(seed: 3)
        let image = matching.drawImage(&random), stores = [network.weights, network.head], tape = Tape<Float>()
        // The same draws twice.
        var (a, b) = (RandomSource(seed: 9), RandomSource(seed: 9))
        let probabilities = Array(repeating: 1 / 139.0, count: 139)
        let outcome = try #require(try matching.outcome(row: image.row, label: image.label, below: [], probabilities: probabilities, &a))
        let v = try matching.validationGradient(image.label, &b)
        var batches = PictureBatches(Self.table.rows(100..<180), .cifar)
        let chains = PolicyOperation.all.map { [$0.drawn(width: 32, height: 32, &b)] }, x = batches.tensor(picture: image.row, chains: chains), labels = Array(repeating: Int32(image.label), count: 139)
        func gradient(_ p: [Double]) throws -> GradientVector<Float> {
            tape.begin(stores)
            defer { tape.end() }
            let losses = try network(x, mode: .inference).crossEntropyLosses(labels)
            try tape.backward(from: losses, seed: Tensor(shape: [139], p.map { Float($0) }))
            return GradientVector(of: stores)
        }
        let direction = try #require(MatchingDirection(validation: v, augmented: try gradient(probabilities)))
        let largest = outcome.rewards.map { abs($0) }.max() ?? 0
        #expect(abs(direction.cosine - outcome.cosine) < 1e-6)
        for index in stride(from: 0, to: 139, by: 17) {
            var single = [Double](repeating: 0, count: 139)
            single[index] = 1
            #expect(abs(try gradient(single).dot(direction.tangent) - outcome.rewards[index]) < 2e-5 * largest, "\(PolicyOperation.all[index].label)")
            // Central difference in the probability.
            func cosine(_ shift: Double) throws -> Double {
                var p = probabilities
                p[index] += shift
                return try #require(MatchingDirection(validation: v, augmented: try gradient(p))).cosine
            }
            #expect(abs((try cosine(2e-3) - cosine(-2e-3)) / 4e-3 - outcome.rewards[index]) < 2e-2 * largest)
        }
        // The stand-in of the sheet: single precision, e = h |w| / |t| with h = 1e-5, within a few per cent of the largest reward.
        let t = direction.tangent, norm = GradientVector(stores.map(\.valueVector)).norm, e = 1e-4 * norm / t.norm
        func losses() throws -> [Float] { try network(x, mode: .inference).crossEntropyLosses(labels).scalars }
        let kept = stores.map(\.snapshot)
        for (store, part) in zip(stores, t.parts) { store.move(along: part, by: e) }
        let above = try losses()
        for (store, part) in zip(stores, t.parts) { store.move(along: part, by: -2 * e) }
        let below = try losses()
        for (store, values) in zip(stores, kept) { #expect(store.restore(values)) }
        for index in 0..<139 { #expect(abs(Double(above[index] - below[index]) / (2 * e) - outcome.rewards[index]) < 0.08 * largest) }
    }

    @Test func `a search leaves the network as it was, and finds the same policy with any number of threads`() throws {
        let before = Parallel.threads
        defer { Parallel.threads = before }
        func search(_ threads: Int) throws -> (search: PolicySearch, same: Bool) {
            Parallel.threads = threads
            let network = try Self.pretrained(), kept = network.stores.map(\.snapshot)
            var matching = try Self.matching(network) { $0.includesNormalisation = true }, search = PolicySearch()
            for _ in 0..<2 {
                for _ in 0..<3 { _ = try search.advance(&matching, rule: .code, rate: 0.3, random: RandomSource(seed: 1)) }
                search.finishLayer()
            }
            return (search, network.stores.map(\.snapshot) == kept)
        }
        let one = try search(1), two = try search(2)
        #expect(one.same && one.search.done == two.search.done && one.search.cosines == two.search.cosines && one.search.done.count == 2)
        #expect(one.search.isSound(layers: 2, steps: 3) && !one.search.isSound(layers: 1, steps: 3) && !one.search.isSound(layers: 2, steps: 2))
        #expect(one.search.done.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-9 && $0[0] < 0.95 })
    }

    @Test func `the fast way sees the last layer alone, and repeats draw random operations anew`() throws {
        let network = try Self.pretrained()
        var fast = try Self.matching(network) { $0.isFast = true }, repeated = try Self.matching(network) { $0.repeats = 4 }, plain = try Self.matching(network)
        var random = RandomSource(seed: 5)
        let image = plain.drawImage(&random), p = PolicyLayer().probabilities
        func rewards(_ matching: inout GradientMatching) throws -> [Double] {
            var draw = RandomSource(seed: 6)
            return try #require(try matching.outcome(row: image.row, label: image.label, below: [], probabilities: p, &draw)).rewards
        }
        let (a, b, c) = (try rewards(&fast), try rewards(&plain), try rewards(&repeated))
        #expect(a != b && zip(a, b).contains { $0 * $1 > 0 })
        // Operations without a draw, and Identity above all, hardly change.
        let flip = PolicyOperation.all.count - 3, largest = b.map { abs($0) }.max() ?? 0
        #expect(b[flip...] != c[flip...] && zip(b[..<flip], c[..<flip]).allSatisfy { abs($0 - $1) < 0.05 * largest })
    }

    @Test func `classes with too few pictures are named, and parts may not overlap`() throws {
        let network = NetworkTests.network(.tiny, classes: 8, Float.self)
        func sentence(_ search: Range<Int>, _ validation: Range<Int>) -> String {
            do {
                _ = try GradientMatching(network, search: Self.table.rows(search), validation: Self.table.rows(validation), .cifar, MatchingSettings())
                return ""
            } catch { return "\(error)" }
        }
        #expect(sentence(0..<7, 100..<500).contains("class “square, blue” has no search picture"))
        #expect(sentence(0..<16, 100..<350).contains("has 31 validation pictures; 32 and one to spare are needed"))
        #expect(sentence(0..<16, 100..<364).isEmpty)
        #expect(throws: DeepAAError.self) { try SearchSplit(count: 100, pretraining: 50, search: 40, validation: 20, isShuffled: false, random: RandomSource(seed: 1)) }
        #expect(throws: DeepAAError.self) { try SearchSplit(pretraining: [1, 2], search: [2], validation: [3]) }
        let split = try SearchSplit(count: 100, pretraining: 50, search: 30, validation: 20, isShuffled: true, random: RandomSource(seed: 1))
        #expect(Set(split.pretraining + split.search + split.validation).count == 100)
    }

    @Test func `a network that says the same of all pictures has cosine one; one without gradients stops the search with a sentence`() throws {
        let network = NetworkTests.network(.tiny, classes: 8, Float.self)
        // Nothing but the last bias is left: its gradient is the same for all pictures of a class.
        for store in network.stores { for parameter in store.parameters where parameter.isLearnt { parameter.assign(Tensor(shape: parameter.shape, repeating: 0)) } }
        var matching = try Self.matching(network) { $0.isFast = true }, search = PolicySearch()
        _ = try search.advance(&matching, rule: .code, rate: 0.3, random: RandomSource(seed: 1))
        #expect(search.cosines[0].allSatisfy { abs($0 - 1) < 1e-6 } && search.skipped == 0)
        // A bias so large that every softmax is exactly certain: the class's own pictures have no gradient at all.
        let bias = try #require(network.head.parameters.last)
        bias.assign(Tensor(shape: bias.shape, [1000, 0, 0, 0, 0, 0, 0, 0]))
        let pictures = Self.table, zeros = pictures.labels.indices.filter { pictures.labels[$0] == 0 }
        let one = PictureTable(width: 32, height: 32, pixels: zeros.flatMap { pictures.pixels[$0 * 3072..<($0 + 1) * 3072] }, labels: zeros.map { _ in 0 }, classNames: ["arrow left, orange"])
        var settings = MatchingSettings()
        (settings.validation, settings.images) = (8, 4)
        var certain = try GradientMatching(network, search: one.rows(0..<20), validation: one.rows(20..<60), .cifar, settings), stopped = PolicySearch()
        let error = #expect(throws: DeepAAError.self) { _ = try stopped.advance(&certain, rule: .code, rate: 0.3, random: RandomSource(seed: 1)) }
        #expect(error?.description.contains("4 of 4 images have no gradient to match") == true)
    }
}
