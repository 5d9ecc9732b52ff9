import Tensors

/// How the table of an embedding learns.
public enum EmbeddingUpdate: Sendable, Hashable, Codable {
    /// Every row in every step, as any other parameter.
    case dense
    /// Only the rows that a step used (`ParameterStore.addTable`): lazy Adam.
    case touchedRows
    /// Not at all.
    case frozen
}

/// A table of vectors, one an identifier.
public struct Embedding<Scalar: TensorScalar> {
    /// [count, width]
    public let table: Parameter<Scalar>

    /// Adds the table to `store`, from the normal distribution with this deviation.
    public init(_ name: String, count: Int, width: Int, deviation: Scalar = 1, update: EmbeddingUpdate = .dense, in store: ParameterStore<Scalar>,
                from random: inout RandomSource) {
        let values = Tensor<Scalar>.normal([count, width], deviation: deviation, from: &random)
        table = switch update {
        case .dense: store.add("\(name).table", values)
        case .touchedRows: store.addTable("\(name).table", values)
        case .frozen: store.addState("\(name).table", values)
        }
    }

    /// The vectors of these identifiers: [identifiers, width].
    public func callAsFunction(_ identifiers: [Int32]) throws(TensorError) -> Tensor<Scalar> { try table.tensor.gathered(identifiers) }

    /// Weighted sums of vectors, one a row of `bags` [bags, count]: h_i = sum over f of bags[i, f] * vector f.
    public func sum(of bags: SparseMatrix<Scalar>) throws(TensorError) -> Tensor<Scalar> { try bags.multiplied(by: table.tensor) }
}
