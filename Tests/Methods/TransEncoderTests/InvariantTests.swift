import Datasets
import Experiments
import Foundation
import Language
import Tensors
import Testing
import TransEncoder

/// Section 8 of the sheet: what holds whatever the numbers are.
@Suite(.serialized) struct InvariantTests {
    static let off: [String: ParameterValue] = ["controls": .text("none"), "starts": .boolean(false)]

    /// Writes a tiny encoder as a user's own folder, random but the same each time.
    /// - Parameter change: what becomes of a tensor's numbers.
    static func library(in folder: URL, _ change: (String, [Float]) -> [Float] = { $1 }) throws -> DatasetLibrary {
        let pairs = try shipped.open("small-pairs", as: PairDataset.self), vocabulary = try Vocabulary(of: pairs.pairs.flatMap { [$0.first, $0.second] as [String] })
        let pretrained = PretrainedEncoder(random: EncoderConfiguration(words: vocabulary.count, positions: 64, width: 16, layers: 2, heads: 2, inner: 32), vocabulary: vocabulary, seed: 11, identifier: "mine")
        let encoder: BERTEncoder<Float> = try pretrained.encoder(hasPooler: true), own = folder.appendingPathComponent("mine")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        let file = try Safetensors(pretrained.exported(encoder), path: "exported")
        let tensors = try file.entries.map { entry in
            let tensor: Tensor<Float> = try file.tensor(entry.name)
            return (name: entry.name, tensor: Tensor(shape: tensor.shape, change(entry.name, tensor.scalars)))
        }
        try Safetensors.encoded(tensors).write(to: own.appendingPathComponent("model.safetensors"))
        try pretrained.configurationFile(layers: 2).write(to: own.appendingPathComponent("config.json"))
        try pretrained.vocabularyFile.write(to: own.appendingPathComponent("vocab.txt"))
        return DatasetLibrary(folders: [folder])
    }

    @Test("an exported encoder opens again with the same numbers") func export() throws {
        try withTemporaryFolder { folder in
            let library = try Self.library(in: folder), opened = try PretrainedEncoder(library.weights("mine")), again: BERTEncoder<Float> = try opened.loadedEncoder()
            let first: BERTEncoder<Float> = try PretrainedEncoder(random: opened.configuration, vocabulary: opened.tokenizer.vocabulary, seed: 11, identifier: "").encoder(hasPooler: true)
            for parameter in again.parameters.parameters { #expect(first.parameters[parameter.name]?.value.scalars == parameter.value.scalars, "\(parameter.name)") }
        }
    }

    @Test("a bi-encoder's score is symmetric, a cross-encoder's is not") func symmetry() throws {
        let vocabulary = try Vocabulary(of: ["a b c d"], minimum: 1)
        let pretrained = PretrainedEncoder(random: EncoderConfiguration(words: vocabulary.count, positions: 16, width: 8, layers: 1, heads: 2, inner: 12), vocabulary: vocabulary, seed: 5, identifier: "tiny"), tokenizer = pretrained.tokenizer
        let bi = try SimilarityModel<Float>(.bi, pretrained, layers: 1, pooling: .cls, random: RandomSource(seed: 1)), cross = try SimilarityModel<Float>(.cross, pretrained, layers: 1, pooling: .cls, random: RandomSource(seed: 1))
        let (a, b) = (tokenizer.pieces("a b c"), tokenizer.pieces("d a"))
        func cosine(_ x: [Int32], _ y: [Int32]) throws -> Float { try bi.cosines(TokenBatch([x, y].map { tokenizer.single($0, limit: 16) }, padding: 0), mode: .inference).scalars[0] }
        func logit(_ x: [Int32], _ y: [Int32]) throws -> Float {
            let pair = tokenizer.pair(x, y, limit: 16)
            return try cross.logits(TokenBatch([pair.tokens], firstLengths: [pair.firstLength], padding: 0), mode: .inference).scalars[0]
        }
        #expect(abs(try cosine(a, b) - cosine(b, a)) < 1e-6)
        #expect(abs(try logit(a, b) - logit(b, a)) > 1e-6)
        // Longer vectors have the same cosine.
        let vectors: [Float] = [1, 2, 3, -1, 0, 2]
        #expect(abs(Cosines(vectors, width: 3)[0, 1] - Cosines(vectors.map { 7 * $0 }, width: 3)[0, 1]) < 1e-7)
        #expect(Cosines([0, 0, 1, 1], width: 2)[0, 1] == 0)
    }

    // In exact arithmetic the gradient is 0; in single precision AdamW makes steps of its rounding, hence the small rate.
    @Test("self-training without dropout has no loss and leaves the scores alone") func selfTraining() throws {
        let sink = try run(request(["controls": .text("self-training"), "dropout": .real(0), "starts": .boolean(false), "weight-decay": .real(0), "bi-rate": .real(1e-6)]))
        let losses = sink.points("bi loss/self-training").values
        #expect(!losses.isEmpty && losses.allSatisfy { $0 < 1e-10 }, "\(losses)")
        for name in ["Spearman graded", "Spearman dev"] {
            let own = try #require(sink.result(name, arm: "self-training")), start = try #require(sink.result(name, arm: "bi0"))
            #expect(abs(own - start) < 0.2, "\(name)")
        }
    }

    @Test("mutual distillation of two equal models is self-distillation") func mutual() throws {
        try withTemporaryFolder { folder in
            let library = try Self.library(in: folder)
            let common: [String: ParameterValue] = Self.off.merging(["encoder": .text("mine"), "layers": .integer(2)]) { $1 }
            let alone = try run(request(common), library: library)
            let both = try run(request(common.merging(["distillation": .text("mutual"), "second-encoder": .text("mine"), "second-layers": .integer(2)]) { $1 }), library: library)
            for arm in ["bi0", "cross1", "bi1"] {
                let wanted = try #require(alone.result("Spearman graded", arm: arm))
                for suffix in [" A", " B", " A+B"] { #expect(both.result("Spearman graded", arm: arm + suffix) == wanted, "\(arm)\(suffix)") }
                if arm != "bi0" { #expect(alone.points("\(arm == "bi1" ? "bi" : "cross") loss/\(arm)").values == both.points("\(arm == "bi1" ? "bi" : "cross") loss/\(arm) B").values) }
            }
        }
    }

    @Test("cross-encoders learn from both orders, and from targets as they are unless they are clamped") func orders() throws {
        let plain = try run(request(Self.off)), single = try run(request(Self.off.merging(["both-orders": .boolean(false)]) { $1 }))
        #expect(plain.points("cross loss/cross1").values.count == 2 * 5 && single.points("cross loss/cross1").values.count == 2 * 3)
        let biased = try run(request(Self.off.merging(["start-bias": .boolean(true), "dropout": .real(0)]) { $1 }))
        // The first loss of a model that says the mean is near the floor.
        #expect((biased.points("cross loss above floor/cross1").values.first ?? 9) < (plain.points("cross loss above floor/cross1").values.first ?? 0))
    }

    @Test("a selection without labels ends at the last step and cycle") func last() throws {
        let sink = try run(request(Self.off.merging(["selection": .text("last"), "cycles": .integer(2)]) { $1 }))
        #expect(sink.result("chosen cycle", arm: "chosen bi") == 2)
        let chosen = try run(request(Self.off.merging(["cycles": .integer(2)]) { $1 }))
        let devs = (0...2).compactMap { chosen.result("Spearman dev", arm: "bi\($0)") }
        #expect(chosen.result("chosen cycle", arm: "chosen bi").map { devs[Int($0)] } == devs.max())
    }

    @Test("two threads find what one finds") func threads() throws {
        let one = try withOneThread { try run(request(Self.off)).results }
        #expect(try run(request(Self.off)).results == one)
    }
}
