import Tensors

/// BERT encoder of MiniLM-L6's shape (6 layers, width 384, 12 heads, 1,536 inner, GELU, dropout 0.1), batch 32 of 32 tokens,
/// mean pooling, squared error of one score, AdamW 2e-5.
package struct EncoderWorkload: Workload {
    package let parameters = ParameterStore<Float>()
    package let algorithm = OptimiserAlgorithm.adamW()
    package let rate = 2e-5
    let embedding: Embedding<Float>
    let layers: [TransformerEncoderLayer<Float>]
    let head: Linear<Float>
    package var tokens: [Int32]
    package var scores: Tensor<Float>

    private let batch, width: Int

    package init(width: Int = 384, heads: Int = 12, inner: Int = 1536, words: Int = 30522, batch: Int = 32, length: Int = 32) {
        (self.batch, self.width) = (batch, width)
        var random = RandomSource(seed: 0)
        let store = parameters
        layers = (0..<6).map {
            TransformerEncoderLayer("layer\($0)", number: $0, width: width, heads: heads, inner: inner, in: store, from: &random)
        }
        embedding = Embedding("embedding", count: words, width: width, in: parameters, from: &random)
        head = Linear("head", inputs: width, outputs: 1, in: parameters, from: &random)
        tokens = (0..<batch * length).map { _ in Int32(random.integer(below: words)) }
        scores = .uniform([batch, 1], from: &random)
    }

    package func loss(_ mode: ForwardMode) throws -> Tensor<Float> {
        var x = try embedding(tokens).reshaped(batch, -1, width)
        for layer in layers { x = try layer(x, mode: mode) }
        return try head(x.mean(axes: [1])).meanSquaredError(scores)
    }
}
