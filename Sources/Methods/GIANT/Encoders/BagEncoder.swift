import Layers
import Tensors

/// Bag of words (section 2.7): h = tanh(Linear(LayerNorm(Σ_f X_if e_f))). In training a part of the entries of X is left out.
package struct BagEncoder<Scalar: TensorScalar>: TextEncoder {
    package let parameters = ParameterStore<Scalar>()
    package let width: Int
    private let features: any BagSource<Scalar>
    private let words: Embedding<Scalar>
    private let norm: LayerNormalisation<Scalar>
    private let output: Linear<Scalar>
    private let entryDropout: Double

    /// - Parameters:
    ///   - features: X, a row a node.
    ///   - table: where the words begin, features x width numbers; nil: N(0, 0.05²). With it the output layer begins as the identity.
    package init(_ features: any BagSource<Scalar>, width: Int, entryDropout: Double = 0.2, table: [Scalar]? = nil, random: inout RandomSource) {
        self.features = features
        self.width = width
        self.entryDropout = entryDropout
        words = Embedding("words", count: features.columns, width: width, deviation: 0.05, update: .touchedRows, in: parameters, from: &random)
        norm = LayerNormalisation("norm", width: width, in: parameters)
        output = Linear("output", inputs: width, outputs: width, in: parameters, from: &random)
        if let table {
            words.table.assign(Tensor(shape: [features.columns, width], table))
            output.weight.assign(Tensor(shape: [width, width], generating: { $0 / width == $0 % width ? 1 : 0 }))
            output.bias?.assign(Tensor(shape: [width], repeating: 0))
        }
    }

    package func callAsFunction(_ rows: [Int32], training: RandomSource?) throws -> Tensor<Scalar> {
        var bags = try features.bags(rows)
        if var random = training?.stream("words") { bags = try bags.entriesDropped(rate: entryDropout, seed: random.next()) }
        return try output(norm(words.sum(of: bags)), activation: .tanh)
    }
}
