import Tensors

/// A table of vectors, one an identifier.
public struct Embedding<Scalar: TensorScalar> {
    /// [count, width]
    public let table: Parameter<Scalar>

    /// Adds the table to `store`, from the normal distribution with this deviation.
    public init(_ name: String, count: Int, width: Int, deviation: Scalar = 1, in store: ParameterStore<Scalar>, from random: inout RandomSource) {
        table = store.add("\(name).table", .normal([count, width], deviation: deviation, from: &random))
    }

    /// The vectors of these identifiers: [identifiers, width].
    public func callAsFunction(_ identifiers: [Int32]) throws(TensorError) -> Tensor<Scalar> { try table.tensor.gathered(identifiers) }
}
