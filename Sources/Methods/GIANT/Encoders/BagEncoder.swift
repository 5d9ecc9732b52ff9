import Layers
import Tensors

/// Bag of words (section 2.7): h = tanh(Linear(LayerNorm(Σ_f X_if e_f))). In training a part of the entries of X is left out.
package struct BagEncoder<Scalar: TensorScalar>: TextEncoder {
    package let parameters = ParameterStore<Scalar>()
    package let width: Int
    private let features: SparseMatrix<Scalar>
    private let words: Parameter<Scalar>
    private let norm: LayerNormalisation<Scalar>
    private let output: Linear<Scalar>
    private let entryDropout: Double

    /// - Parameters:
    ///   - features: X, a row a node.
    ///   - table: where the words begin, features x width numbers; nil: N(0, 0.05²). With it the output layer begins as the identity.
    package init(_ features: SparseMatrix<Scalar>, width: Int, entryDropout: Double = 0.2, table: [Scalar]? = nil, random: inout RandomSource) {
        self.features = features
        self.width = width
        self.entryDropout = entryDropout
        let start = table.map { Tensor<Scalar>(shape: [features.columns, width], $0) } ?? .normal([features.columns, width], deviation: 0.05, from: &random)
        words = parameters.addTable("words", start)
        norm = LayerNormalisation("norm", width: width, in: parameters)
        output = Linear("output", inputs: width, outputs: width, in: parameters, from: &random)
        if table != nil {
            output.weight.assign(Tensor(shape: [width, width], generating: { $0 / width == $0 % width ? 1 : 0 }))
            output.bias?.assign(Tensor(shape: [width], repeating: 0))
        }
    }

    package func callAsFunction(_ rows: [Int32], training: RandomSource?) throws -> Tensor<Scalar> {
        var bags = try features.gathered(rows)
        if var random = training?.stream("words") { bags = try bags.entriesDropped(rate: entryDropout, seed: random.next()) }
        return try output(norm(bags.multiplied(by: words.tensor)), activation: .tanh)
    }
}
