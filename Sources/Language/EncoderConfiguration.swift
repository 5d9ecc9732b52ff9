import Datasets
import Foundation
import Tensors

/// The shape of a BERT encoder, as `config.json` says it.
package struct EncoderConfiguration: Sendable, Equatable, Codable {
    /// Pieces in the vocabulary, positions, types of parts.
    package var words: Int, positions: Int, types: Int
    /// H, layers, heads, width of the second half of a layer.
    package var width: Int, layers: Int, heads: Int, inner: Int
    package var epsilon = 1e-12
    package var dropout = 0.1, attentionDropout = 0.1
    package var activation = ActivationName.gelu

    package enum ActivationName: String, Sendable, Codable { case gelu, relu }

    package init(words: Int, positions: Int, types: Int = 2, width: Int, layers: Int, heads: Int, inner: Int, dropout: Double = 0.1) {
        (self.words, self.positions, self.types) = (words, positions, types)
        (self.width, self.layers, self.heads, self.inner) = (width, layers, heads, inner)
        (self.dropout, attentionDropout) = (dropout, dropout)
    }

    /// Numbers in a layer, and in the tables before the first.
    package var layerParameters: Int { 4 * width * width + 2 * width * inner + 9 * width + inner }
    package var tableParameters: Int { (words + positions + types + 2) * width }

    var function: Activation { activation == .gelu ? .gelu : .relu }

    /// Reads `config.json`.
    /// - Throws: `DatasetError` that names the key.
    package init(json bytes: [UInt8], file: String) throws {
        guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else {
            throw DatasetError(file: file, "is no JSON object; give the config.json that belongs to the encoder")
        }
        if let type = object["model_type"] as? String, type != "bert" {
            throw DatasetError(file: file, "describes a model of type “\(type.prefix(40))”, and BERT is what can be read; give an encoder with model_type bert and WordPiece tokens")
        }
        if let kind = object["position_embedding_type"] as? String, kind != "absolute" {
            throw DatasetError(file: file, "asks for “\(kind.prefix(40))” positions, and learnt absolute ones are what can be read; give another encoder")
        }
        func whole(_ key: String, _ range: ClosedRange<Int>) throws -> Int {
            guard let number = object[key] as? NSNumber, let value = Int(exactly: number.doubleValue), range.contains(value) else {
                throw DatasetError(file: file, "gives no whole number from \(range.lowerBound) to \(range.upperBound) for \(key); give the config.json that belongs to the encoder")
            }
            return value
        }
        func real(_ key: String, _ range: Range<Double>, otherwise standard: Double) throws -> Double {
            guard let given = object[key] else { return standard }
            guard let value = (given as? NSNumber)?.doubleValue, range.contains(value) else {
                throw DatasetError(file: file, "gives no number of at least \(range.lowerBound) and below \(range.upperBound) for \(key); give the config.json that belongs to the encoder")
            }
            return value
        }
        words = try whole("vocab_size", 5...5_000_000)
        positions = try whole("max_position_embeddings", 3...1_000_000)
        types = try whole("type_vocab_size", 1...1000)
        width = try whole("hidden_size", 1...65_536)
        layers = try whole("num_hidden_layers", 0...1000)
        heads = try whole("num_attention_heads", 1...4096)
        inner = try whole("intermediate_size", 1...1_000_000)
        guard width.isMultiple(of: heads) else { throw DatasetError(file: file, "has hidden_size \(width), which does not divide into num_attention_heads \(heads); give the config.json that belongs to the encoder") }
        epsilon = try real("layer_norm_eps", 0..<1, otherwise: 1e-12)
        dropout = try real("hidden_dropout_prob", 0..<1, otherwise: 0.1)
        attentionDropout = try real("attention_probs_dropout_prob", 0..<1, otherwise: 0.1)
        let name = object["hidden_act"] as? String ?? "gelu"
        guard let activation = ActivationName(rawValue: name) else { throw DatasetError(file: file, "asks for the activation “\(name.prefix(40))”, and gelu and relu are what can be computed; give another encoder") }
        self.activation = activation
    }
}
