import Layers
import Tensors

/// How one vector comes of a sentence's tokens.
package enum Pooling: String, Sendable, Codable, CaseIterable {
    /// The mean over all tokens, special ones included.
    case mean
    /// The last layer's state of the first token.
    case cls
}

/// BERT (Devlin, Chang, Lee, Toutanova 2019): h = LN(word + position + type), then layers of self-attention, normalised after each half.
///
/// The parameters may share a store with what stands above them.
package struct BERTEncoder<Scalar: TensorScalar> {
    package let parameters: ParameterStore<Scalar>
    package let configuration: EncoderConfiguration
    package let words: Embedding<Scalar>
    package let positions: Parameter<Scalar>, types: Parameter<Scalar>
    package let norm: LayerNormalisation<Scalar>
    package let layers: [TransformerEncoderLayer<Scalar>]
    /// tanh(W h_0 + b) of the first token; nil where nothing stands above.
    package let pooler: Linear<Scalar>?
    package var width: Int { configuration.width }

    /// Numbers at random: tables from N(0, 0.02²), products uniform within 1 / sqrt(inputs).
    /// - Parameters:
    ///   - layers: how many of the configuration's layers; nil for all.
    ///   - update: how the word table learns.
    package init(_ configuration: EncoderConfiguration, layers count: Int? = nil, hasPooler: Bool = false, update: EmbeddingUpdate = .dense,
                 in parameters: ParameterStore<Scalar> = ParameterStore(), from random: inout RandomSource) {
        self.parameters = parameters
        self.configuration = configuration
        let width = configuration.width
        words = Embedding("words", count: configuration.words, width: width, deviation: 0.02, update: update, in: parameters, from: &random)
        positions = parameters.add("positions", .normal([configuration.positions, width], deviation: 0.02, from: &random))
        types = parameters.add("types", .normal([configuration.types, width], deviation: 0.02, from: &random))
        norm = LayerNormalisation("norm", width: width, epsilon: configuration.epsilon, in: parameters)
        var layers: [TransformerEncoderLayer<Scalar>] = []
        for number in 0..<min(count ?? configuration.layers, configuration.layers) {
            layers.append(TransformerEncoderLayer("layer\(number)", number: number, width: width, heads: configuration.heads, inner: configuration.inner, dropoutRate: configuration.dropout,
                                                  attentionDropoutRate: configuration.attentionDropout, dropsInner: false, activation: configuration.function, epsilon: configuration.epsilon,
                                                  in: parameters, from: &random))
        }
        self.layers = layers
        pooler = hasPooler ? Linear("pooler", inputs: width, outputs: width, in: parameters, from: &random) : nil
    }

    /// LN(word + position + type), dropped in training: [count, length, width].
    /// - Throws: `TensorError` when a sequence is longer than there are positions, or a token is outside the vocabulary.
    package func embedded(_ batch: TokenBatch, mode: ForwardMode) throws(TensorError) -> Tensor<Scalar> {
        guard batch.length <= configuration.positions else {
            throw TensorError("BERT", [[batch.count, batch.length]], "the encoder has \(configuration.positions) positions")
        }
        let place = try positions.tensor.sliced(0..<batch.length)
        var sum = try words(batch.tokens).reshaped(batch.count, batch.length, width)
        if let parts = batch.types {
            sum = try sum + place + types.tensor.gathered(parts).reshaped(batch.count, batch.length, width)
        } else {
            // One type for all: its row joins the positions once.
            sum = try sum + (place + types.tensor.sliced(0..<1))
        }
        return try norm(sum).dropout(rate: mode.isTraining ? configuration.dropout : 0, seed: mode.seed(-1))
    }

    /// The last layer's states: [count, length, width].
    package func callAsFunction(_ batch: TokenBatch, mode: ForwardMode = .inference) throws(TensorError) -> Tensor<Scalar> {
        var x = try embedded(batch, mode: mode)
        let mask: Tensor<Scalar>? = batch.mask()
        for layer in layers { x = try layer(x, mask: mask, mode: mode) }
        return x
    }

    /// The states of every layer, the embeddings' first, without a record.
    package func states(_ batch: TokenBatch) throws(TensorError) -> [Tensor<Scalar>] {
        var states = [try embedded(batch, mode: .inference)]
        let mask: Tensor<Scalar>? = batch.mask()
        for layer in layers { states.append(try layer(states[states.count - 1], mask: mask, mode: .inference)) }
        return states
    }

    /// One vector a sequence: [count, width].
    package static func pooled(_ states: Tensor<Scalar>, _ batch: TokenBatch, _ pooling: Pooling) throws(TensorError) -> Tensor<Scalar> {
        switch pooling {
        case .mean: try (states * batch.shares()).sum(axes: [1])
        case .cls: try states.selected(axis: 1, 0)
        }
    }

    /// The vectors of sentences: [count, width].
    package func vectors(_ batch: TokenBatch, _ pooling: Pooling, mode: ForwardMode = .inference) throws(TensorError) -> Tensor<Scalar> {
        try Self.pooled(self(batch, mode: mode), batch, pooling)
    }
}
