import Tensors

/// BERT encoder of MiniLM-L6's shape (6 layers, width 384, 12 heads, 1,536 inner, GELU, dropout 0.1), batch 32 of 32 tokens,
/// mean pooling, squared error of one score, AdamW 2e-5.
struct EncoderWorkload: Workload {
    let parameters = ParameterStore<Float>()
    let algorithm = OptimiserAlgorithm.adamW()
    let rate = 2e-5
    let embedding: Embedding<Float>
    let layers: [TransformerEncoderLayer<Float>]
    let head: Linear<Float>
    let tokens: [Int32]
    let scores: Tensor<Float>

    init() throws {
        var random = RandomSource(seed: 0)
        let store = parameters
        layers = (0..<6).map {
            TransformerEncoderLayer("layer\($0)", number: $0, width: 384, heads: 12, inner: 1536, in: store, from: &random)
        }
        embedding = Embedding("embedding", count: 30522, width: 384, in: parameters, from: &random)
        head = Linear("head", inputs: 384, outputs: 1, in: parameters, from: &random)
        tokens = (0..<32 * 32).map { _ in Int32(random.integer(below: 30522)) }
        scores = .uniform([32, 1], from: &random)
    }

    func loss(_ mode: ForwardMode) throws -> Tensor<Float> {
        var x = try embedding(tokens).reshaped(32, 32, 384)
        for layer in layers { x = try layer(x, mode: mode) }
        return try head(x.mean(axes: [1])).meanSquaredError(scores)
    }
}
