import Layers
import Tensors

/// Which neighbour matters now (section 2.5): u_j = vᵀ tanh(W1 e_j + W2 h), a softmax over the neighbours that are there, Σ a_j e_j. Without any
/// neighbour the context is zero.
package struct AdditiveAttention<Scalar: TensorScalar> {
    package let keys, query, score: Linear<Scalar>

    package init(edge: Int, history: Int, inner: Int, in parameters: ParameterStore<Scalar>, from random: inout RandomSource) {
        keys = Linear("attention.keys", inputs: edge, outputs: inner, bias: false, in: parameters, from: &random)
        query = Linear("attention.query", inputs: history, outputs: inner, bias: false, in: parameters, from: &random)
        score = Linear("attention.score", inputs: inner, outputs: 1, bias: false, in: parameters, from: &random)
    }

    /// - Parameters:
    ///   - edges: [rows, slots, edge].
    ///   - history: [rows, history].
    ///   - mask: [rows, slots].
    package func callAsFunction(_ edges: Tensor<Scalar>, history: Tensor<Scalar>, mask: Tensor<Scalar>) throws -> (context: Tensor<Scalar>, weights: Tensor<Scalar>, scores: Tensor<Scalar>) {
        let rows = edges.shape[0], slots = edges.shape[1]
        let inner = try (keys(edges) + query(history).expandingAxis(at: 1)).tanh()
        let scores = try score(inner).reshaped(rows, slots)
        let weights = try scores.softmax(mask: mask)
        let context = try weights.expandingAxis(at: 1).matmul(edges).reshaped(rows, edges.shape[2])
        return (context, weights, scores)
    }
}
