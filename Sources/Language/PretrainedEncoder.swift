import Datasets
import Foundation
import Layers
import Tensors

/// A BERT encoder with its vocabulary and its numbers: read from a weights data set, or started at random on a vocabulary of texts.
///
///     let pretrained = try PretrainedEncoder(library.weights("all-minilm-l6-v2"))
///     let encoder: BERTEncoder<Float> = try pretrained.encoder(layers: 3)
package struct PretrainedEncoder: Sendable {
    package let identifier: String
    package let checksum: String
    package let configuration: EncoderConfiguration
    package let tokenizer: WordPieceTokenizer
    /// Where the numbers come from.
    private enum Source: Sendable {
        case weights(WeightsFile, prefix: String)
        case random(seed: UInt64)
    }
    private let source: Source
    /// Whether the numbers were learnt before.
    package var isPretrained: Bool { if case .weights = source { true } else { false } }

    /// Reads the encoder that a weights data set holds: its tensors, `config.json` and `vocab.txt`.
    ///
    /// Tensors may be named with `bert.` before them, and layer norms with gamma and beta instead of weight and bias. Every tensor is checked now.
    /// - Throws: `DatasetError` when a file or tensor is missing, or sizes do not agree.
    package init(_ weights: WeightsFile) throws {
        let name = weights.identifier
        guard let config = weights.companions["config.json"] else { throw DatasetError(file: name, "comes without config.json, so its shape is not known; put it beside the weights, or choose a set with config.json, vocab.txt and model.safetensors") }
        guard let lines = weights.companions["vocab.txt"] else { throw DatasetError(file: name, "comes without vocab.txt, so its words are not known; put it beside the weights, or choose a set with config.json, vocab.txt and model.safetensors") }
        configuration = try EncoderConfiguration(json: config, file: "\(name)/config.json")
        tokenizer = WordPieceTokenizer(try Vocabulary(lines: lines, file: "\(name)/vocab.txt"))
        guard tokenizer.vocabulary.count == configuration.words else {
            throw DatasetError(file: "\(name)/vocab.txt", "has \(tokenizer.vocabulary.count) lines where config.json says vocab_size \(configuration.words); give the vocabulary that belongs to the encoder")
        }
        let prefixes = ["", "bert.", "model.", "0.auto_model."]
        guard let prefix = prefixes.first(where: { weights["\($0)embeddings.word_embeddings.weight"] != nil }) else {
            throw DatasetError(file: name, "has no tensor embeddings.word_embeddings.weight, so it is no BERT encoder; give the weights of one")
        }
        source = .weights(weights, prefix: prefix)
        identifier = name
        checksum = weights.checksum
        try verify(weights, prefix)
    }

    /// An encoder that has learnt nothing yet.
    package init(random configuration: EncoderConfiguration, vocabulary: Vocabulary, seed: UInt64, identifier: String) {
        self.configuration = configuration
        tokenizer = WordPieceTokenizer(vocabulary)
        source = .random(seed: seed)
        self.identifier = identifier
        checksum = ""
    }

    /// The encoder at its beginning, the same each time.
    /// - Parameters:
    ///   - layers: how many of its layers, from the first; nil for all.
    ///   - dropout: of states and attention; nil as the configuration says.
    ///   - hasPooler: with tanh(W h_0 + b) above the last layer.
    ///   - store: where its parameters go; what stands above may be added to it before the first use.
    package func encoder<Scalar: TensorScalar>(layers: Int? = nil, dropout: Double? = nil, hasPooler: Bool = false, update: EmbeddingUpdate = .dense,
                                               in store: ParameterStore<Scalar> = ParameterStore()) throws -> BERTEncoder<Scalar> {
        var random = RandomSource(seed: 0).stream("encoder")
        if case .random(let seed) = source { random = RandomSource(seed: seed).stream("encoder") }
        var configuration = configuration
        if let dropout { (configuration.dropout, configuration.attentionDropout) = (dropout, dropout) }
        return BERTEncoder(configuration, layers: layers, hasPooler: hasPooler, update: update, in: store, from: &random)
    }

    /// Puts the pretrained numbers into an encoder that `encoder` made; one that starts at random has its numbers already. To be called when the store has
    /// all of its parameters.
    /// - Throws: `DatasetError` when a tensor is missing or of another shape.
    package func load<Scalar: TensorScalar>(into encoder: BERTEncoder<Scalar>) throws {
        guard case .weights(let weights, let prefix) = source else { return }
        let names = Names(weights: weights, prefix: prefix), width = configuration.width
        func plain(_ name: String, _ shape: [Int]) throws -> Tensor<Scalar> {
            let values = try names.floats(name, shape)
            return Tensor(shape: Shape(shape), generating: { Scalar(values[$0]) })
        }
        func put(_ layer: Linear<Scalar>, _ name: String, inputs: Int, outputs: Int) throws {
            layer.weight.assign(try plain("\(name).weight", [outputs, inputs]).transposed())
            layer.bias?.assign(try plain("\(name).bias", [outputs]))
        }
        func put(_ norm: LayerNormalisation<Scalar>, _ name: String) throws {
            norm.gamma.assign(try plain("\(name).weight", [width]))
            norm.beta.assign(try plain("\(name).bias", [width]))
        }
        encoder.words.table.assign(try plain("embeddings.word_embeddings.weight", [configuration.words, width]))
        encoder.positions.assign(try plain("embeddings.position_embeddings.weight", [configuration.positions, width]))
        encoder.types.assign(try plain("embeddings.token_type_embeddings.weight", [configuration.types, width]))
        try put(encoder.norm, "embeddings.LayerNorm")
        for (number, layer) in encoder.layers.enumerated() {
            let name = "encoder.layer.\(number)", parts = ["query", "key", "value"].map { "\(name).attention.self.\($0)" }
            layer.projection.weight.assign(try .concatenated(parts.map { try plain("\($0).weight", [width, width]).transposed() }, axis: 1))
            layer.projection.bias?.assign(try .concatenated(parts.map { try plain("\($0).bias", [width]) }, axis: 0))
            try put(layer.output, "\(name).attention.output.dense", inputs: width, outputs: width)
            try put(layer.attentionNorm, "\(name).attention.output.LayerNorm")
            try put(layer.expansion, "\(name).intermediate.dense", inputs: width, outputs: configuration.inner)
            try put(layer.contraction, "\(name).output.dense", inputs: configuration.inner, outputs: width)
            try put(layer.outputNorm, "\(name).output.LayerNorm")
        }
        // A checkpoint without a pooler leaves it at random.
        if let pooler = encoder.pooler, names.has("pooler.dense.weight") { try put(pooler, "pooler.dense", inputs: width, outputs: width) }
    }

    /// The encoder with its numbers, for use as it is.
    package func loadedEncoder<Scalar: TensorScalar>(layers: Int? = nil, update: EmbeddingUpdate = .dense) throws -> BERTEncoder<Scalar> {
        let encoder: BERTEncoder<Scalar> = try encoder(layers: layers, update: update)
        try load(into: encoder)
        return encoder
    }

    /// An encoder's numbers in the layout of `model.safetensors`: with `vocab.txt` and `config.json` (`configurationFile`) in one folder they open again.
    /// - Parameter heads: dense layers above it, under the names that are given.
    package func exported(_ encoder: BERTEncoder<Float>, besides heads: [(name: String, layer: Linear<Float>)] = []) throws -> Data {
        var tensors: [(name: String, tensor: Tensor<Float>)] = []
        func add(_ name: String, _ tensor: Tensor<Float>) { tensors.append((name, tensor)) }
        func add(_ name: String, _ weight: Tensor<Float>, _ bias: Tensor<Float>?) throws {
            let turned = try weight.transposed()
            add("\(name).weight", Tensor(shape: turned.shape, turned.scalars))
            if let bias { add("\(name).bias", bias) }
        }
        func add(_ name: String, _ norm: LayerNormalisation<Float>) {
            add("\(name).weight", norm.gamma.value)
            add("\(name).bias", norm.beta.value)
        }
        add("embeddings.word_embeddings.weight", encoder.words.table.value)
        add("embeddings.position_embeddings.weight", encoder.positions.value)
        add("embeddings.token_type_embeddings.weight", encoder.types.value)
        add("embeddings.LayerNorm", encoder.norm)
        for (number, layer) in encoder.layers.enumerated() {
            let name = "encoder.layer.\(number)"
            let weights = try layer.projection.weight.value.split(into: 3), biases = try layer.projection.bias?.value.split(into: 3, axis: 0)
            for (place, part) in ["query", "key", "value"].enumerated() { try add("\(name).attention.self.\(part)", weights[place], biases.map { Tensor(shape: $0[place].shape, $0[place].scalars) }) }
            try add("\(name).attention.output.dense", layer.output.weight.value, layer.output.bias?.value)
            add("\(name).attention.output.LayerNorm", layer.attentionNorm)
            try add("\(name).intermediate.dense", layer.expansion.weight.value, layer.expansion.bias?.value)
            try add("\(name).output.dense", layer.contraction.weight.value, layer.contraction.bias?.value)
            add("\(name).output.LayerNorm", layer.outputNorm)
        }
        if let pooler = encoder.pooler { try add("pooler.dense", pooler.weight.value, pooler.bias?.value) }
        for head in heads { try add(head.name, head.layer.weight.value, head.layer.bias?.value) }
        return try Safetensors.encoded(tensors, metadata: ["format": "pt"])
    }

    /// `config.json` of an encoder with so many layers.
    package func configurationFile(layers: Int) throws -> Data {
        let c = configuration
        let object: [String: Any] = ["model_type": "bert", "vocab_size": c.words, "max_position_embeddings": c.positions, "type_vocab_size": c.types, "hidden_size": c.width, "num_hidden_layers": layers,
                                     "num_attention_heads": c.heads, "intermediate_size": c.inner, "layer_norm_eps": c.epsilon, "hidden_dropout_prob": c.dropout,
                                     "attention_probs_dropout_prob": c.attentionDropout, "hidden_act": c.activation.rawValue, "pad_token_id": Int(tokenizer.vocabulary.padding)]
        return try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
    }

    /// `vocab.txt`.
    package var vocabularyFile: Data { Data(tokenizer.vocabulary.pieces.map { $0 + "\n" }.joined().utf8) }

    /// Asks for every tensor once, so that a run does not stop in its middle.
    private func verify(_ weights: WeightsFile, _ prefix: String) throws {
        let names = Names(weights: weights, prefix: prefix), h = configuration.width, inner = configuration.inner
        var wanted: [(String, [Int])] = [
            ("embeddings.word_embeddings.weight", [configuration.words, h]), ("embeddings.position_embeddings.weight", [configuration.positions, h]),
            ("embeddings.token_type_embeddings.weight", [configuration.types, h]), ("embeddings.LayerNorm.weight", [h]), ("embeddings.LayerNorm.bias", [h]),
        ]
        for number in 0..<configuration.layers {
            let name = "encoder.layer.\(number)"
            for part in ["query", "key", "value"] { wanted += [("\(name).attention.self.\(part).weight", [h, h]), ("\(name).attention.self.\(part).bias", [h])] }
            for norm in ["attention.output.LayerNorm", "output.LayerNorm"] { wanted += [("\(name).\(norm).weight", [h]), ("\(name).\(norm).bias", [h])] }
            wanted += [("\(name).attention.output.dense.weight", [h, h]), ("\(name).attention.output.dense.bias", [h]), ("\(name).intermediate.dense.weight", [inner, h]),
                       ("\(name).intermediate.dense.bias", [inner]), ("\(name).output.dense.weight", [h, inner]), ("\(name).output.dense.bias", [h])]
        }
        if names.has("pooler.dense.weight") { wanted += [("pooler.dense.weight", [h, h]), ("pooler.dense.bias", [h])] }
        for (name, shape) in wanted {
            let values = try names.floats(name, shape)
            guard values.allSatisfy(\.isFinite) else { throw DatasetError(file: weights.identifier, place: "tensor \(name)", "holds a number that is not finite; fetch the weights again") }
        }
    }

    /// The tensors under the names of today.
    private struct Names {
        let weights: WeightsFile
        let prefix: String

        /// Old checkpoints call the numbers of a layer norm gamma and beta.
        private func spelled(_ name: String) -> String {
            let full = prefix + name
            guard weights[full] == nil, name.contains("LayerNorm") else { return full }
            return full.hasSuffix(".weight") ? String(full.dropLast(6)) + "gamma" : String(full.dropLast(4)) + "beta"
        }

        func has(_ name: String) -> Bool { weights[spelled(name)] != nil }

        func floats(_ name: String, _ shape: [Int]) throws -> [Float] {
            let spelled = spelled(name)
            guard let tensor = weights[spelled] else { throw DatasetError(file: weights.identifier, "has no tensor \(prefix + name), which its config.json asks for; are they files of one encoder?") }
            guard tensor.shape == shape, let values = tensor.floats else {
                throw DatasetError(file: weights.identifier, place: "tensor \(spelled)", "has shape \(tensor.shape) where config.json says \(shape); are they files of one encoder?")
            }
            return values
        }
    }
}
