import Datasets
import Language
import Layers
import Tensors

/// A pretrained sentence encoder and the texts of a graph as its tokens.
package struct SentenceSource: Sendable {
    package let pretrained: PretrainedEncoder
    /// Layers that are used, from the first.
    package let layers: Int
    let tokens: [[Int32]]

    /// Tokens of a text at most, as the transformer from scratch has words.
    static let length = 64

    /// - Parameters:
    ///   - layers: 0 for all.
    ///   - proceed: called now and then while texts are cut.
    /// - Throws: `GIANTError` where the encoder has fewer layers or positions.
    package init(_ pretrained: PretrainedEncoder, texts: NodeTexts, layers: Int, proceed: () throws -> Void = {}) throws {
        let most = pretrained.configuration.layers
        guard layers <= most else { throw GIANTError("parameter weights-layers: \(layers) is more than the \(most) layers of \(pretrained.identifier); give at most as many, or 0 for all") }
        self.pretrained = pretrained
        self.layers = layers == 0 ? most : layers
        let limit = min(Self.length, pretrained.configuration.positions)
        tokens = try (0..<texts.count).map { node in
            if node % 512 == 0 { try proceed() }
            return pretrained.tokenizer.encoded(texts[node], limit: limit)
        }
    }

    /// The vectors of all texts by the encoder as it is, the mean over its tokens: texts x width numbers.
    package func vectors(proceed: (Int) throws -> Void) throws -> [Float] {
        let encoder: BERTEncoder<Float> = try pretrained.loadedEncoder(layers: layers)
        return try encoder.vectors(of: tokens, .mean, padding: pretrained.tokenizer.vocabulary.padding, tokensAtOnce: 1024, proceed: proceed)
    }
}

/// Φ as the paper has it: a pretrained BERT that is fine-tuned, the mean over its tokens, brought to d numbers by a matrix that begins as a random projection (none
/// where the encoder has d already).
package struct SentenceTextEncoder: TextEncoder {
    package var parameters: ParameterStore<Float> { encoder.parameters }
    package let width: Int
    package var blockRows: Int { 16 }
    private let source: SentenceSource
    private let encoder: BERTEncoder<Float>
    private let projection: Linear<Float>?

    package init(_ source: SentenceSource, width: Int, random: inout RandomSource) throws {
        self.source = source
        self.width = width
        let store = ParameterStore<Float>(), own = source.pretrained.configuration.width
        encoder = try source.pretrained.encoder(layers: source.layers, update: .touchedRows, in: store)
        projection = own == width ? nil : Linear("projection", inputs: own, outputs: width, bias: false, in: store, from: &random)
        try source.pretrained.load(into: encoder)
        projection?.weight.assign(.normal([own, width], deviation: 1 / Float(own).squareRoot(), from: &random))
    }

    package func callAsFunction(_ rows: [Int32], training: RandomSource?) throws -> Tensor<Float> {
        guard rows.allSatisfy({ $0 >= 0 && Int($0) < source.tokens.count }) else { throw GIANTError("a row is outside the \(source.tokens.count) texts") }
        let batch = TokenBatch(rows.map { source.tokens[Int($0)] }, padding: source.pretrained.tokenizer.vocabulary.padding)
        var mode = ForwardMode.inference
        if var draws = training?.stream("sentence encoder") { mode = .training(seed: draws.next()) }
        let vectors = try encoder.vectors(batch, .mean, mode: mode)
        guard let projection else { return vectors }
        return try projection(vectors)
    }
}
