import Tensors

/// One encoder layer of a transformer (Vaswani et al. 2017), normalised after each half:
/// x = norm(x + dropout(attention(x))); x = norm(x + dropout(W2 dropout(activation(W1 x)))).
///
/// BERT (Devlin et al. 2019) has no dropout between W1 and W2 (`dropsInner` false), one rate of its own for the weights of attention and a smaller epsilon.
public struct TransformerEncoderLayer<Scalar: TensorScalar> {
    public let heads: Int
    public let dropoutRate: Double
    /// Dropout of the weights of attention.
    public let attentionDropoutRate: Double
    /// Whether the activations between the two products of the second half are dropped too.
    public let dropsInner: Bool
    public let activation: Activation
    /// Queries, keys and values in one product.
    public let projection: Linear<Scalar>
    public let output: Linear<Scalar>
    public let expansion: Linear<Scalar>
    public let contraction: Linear<Scalar>
    public let attentionNorm: LayerNormalisation<Scalar>
    public let outputNorm: LayerNormalisation<Scalar>
    private let number: Int

    /// - Parameter number: the layer's place in its model, from 0, so that each draws dropout masks of its own.
    public init(_ name: String, number: Int, width: Int, heads: Int, inner: Int, dropoutRate: Double = 0.1, attentionDropoutRate: Double? = nil,
                dropsInner: Bool = true, activation: Activation = .gelu, epsilon: Double = 1e-5, in store: ParameterStore<Scalar>, from random: inout RandomSource) {
        (self.heads, self.dropoutRate, self.activation, self.number) = (heads, dropoutRate, activation, number)
        (self.attentionDropoutRate, self.dropsInner) = (attentionDropoutRate ?? dropoutRate, dropsInner)
        projection = Linear("\(name).projection", inputs: width, outputs: 3 * width, in: store, from: &random)
        output = Linear("\(name).output", inputs: width, outputs: width, in: store, from: &random)
        expansion = Linear("\(name).expansion", inputs: width, outputs: inner, in: store, from: &random)
        contraction = Linear("\(name).contraction", inputs: inner, outputs: width, in: store, from: &random)
        attentionNorm = LayerNormalisation("\(name).attention.norm", width: width, epsilon: epsilon, in: store)
        outputNorm = LayerNormalisation("\(name).output.norm", width: width, epsilon: epsilon, in: store)
    }

    /// [batch, length, width] to the same; `mask` as for `Tensor.attention`.
    public func callAsFunction(_ x: Tensor<Scalar>, mask: Tensor<Scalar>? = nil, mode: ForwardMode) throws(TensorError) -> Tensor<Scalar> {
        let rate = mode.isTraining ? dropoutRate : 0
        let attended = try output(projection(x).selfAttention(heads: heads, mask: mask, dropoutRate: mode.isTraining ? attentionDropoutRate : 0, seed: mode.seed(4 * number)))
        let middle = try attentionNorm(x, adding: attended, dropoutRate: rate, seed: mode.seed(4 * number + 1))
        let inner = try expansion(middle, activation: activation).dropout(rate: dropsInner ? rate : 0, seed: mode.seed(4 * number + 2))
        return try outputNorm(middle, adding: contraction(inner), dropoutRate: rate, seed: mode.seed(4 * number + 3))
    }
}

/// One layer of a transformer that normalises before each half, as vision transformers do (Dosovitskiy et al. 2021):
/// x = x + attention(norm(x)); x = x + W2 activation(W1 norm(x)).
public struct PreNormalisedEncoderLayer<Scalar: TensorScalar> {
    public let heads: Int
    public let activation: Activation
    /// Queries, keys and values in one product.
    public let projection: Linear<Scalar>
    public let output: Linear<Scalar>
    public let expansion: Linear<Scalar>
    public let contraction: Linear<Scalar>
    public let attentionNorm: LayerNormalisation<Scalar>
    public let outputNorm: LayerNormalisation<Scalar>

    public init(_ name: String, width: Int, heads: Int, inner: Int, activation: Activation = .gelu, in store: ParameterStore<Scalar>, from random: inout RandomSource) {
        (self.heads, self.activation) = (heads, activation)
        attentionNorm = LayerNormalisation("\(name).attention.norm", width: width, in: store)
        projection = Linear("\(name).projection", inputs: width, outputs: 3 * width, in: store, from: &random)
        output = Linear("\(name).output", inputs: width, outputs: width, in: store, from: &random)
        outputNorm = LayerNormalisation("\(name).output.norm", width: width, in: store)
        expansion = Linear("\(name).expansion", inputs: width, outputs: inner, in: store, from: &random)
        contraction = Linear("\(name).contraction", inputs: inner, outputs: width, in: store, from: &random)
    }

    /// [batch, length, width] to the same; `mask` as for `Tensor.attention`.
    /// - Parameter dropped: what is done to what each half (0, 1) adds.
    public func callAsFunction(_ x: Tensor<Scalar>, mask: Tensor<Scalar>? = nil, dropped: (_ added: Tensor<Scalar>, _ half: Int) throws(TensorError) -> Tensor<Scalar> = { added, _ in added }) throws(TensorError) -> Tensor<Scalar> {
        let middle = try x + dropped(output(projection(attentionNorm(x)).selfAttention(heads: heads, mask: mask)), 0)
        return try middle + dropped(contraction(expansion(outputNorm(middle), activation: activation)), 1)
    }
}
