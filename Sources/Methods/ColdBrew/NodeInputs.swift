import Datasets
import Tensors

/// What an MLP reads of its nodes: sparse features and, beside them, dense columns (the student's ẽ and ê).
package struct NodeInputs<Scalar: TensorScalar> {
    package let sparse: SparseMatrix<Scalar>
    package let dense: Tensor<Scalar>?

    package init(sparse: SparseMatrix<Scalar>, dense: Tensor<Scalar>? = nil) {
        self.sparse = sparse
        self.dense = dense
    }

    package init(_ features: SparseFeatures) throws {
        try self.init(sparse: SparseMatrix(rows: features.count, columns: features.width, starts: features.starts.map { Int32($0) },
                                           indices: features.indices, values: features.values.map { Scalar($0) }))
    }

    package func adding(_ columns: [Tensor<Scalar>]) throws -> NodeInputs {
        NodeInputs(sparse: sparse, dense: columns.isEmpty ? nil : try Tensor.concatenated(columns, axis: 1))
    }

    /// Some rows, in the given order.
    package func rows(_ nodes: [Int]) throws -> NodeInputs {
        var starts: [Int32] = [0], indices: [Int32] = [], values: [Scalar] = []
        for node in nodes {
            let range = Int(sparse.starts[node])..<Int(sparse.starts[node + 1])
            indices += sparse.indices[range]
            values += sparse.values[range]
            starts.append(Int32(indices.count))
        }
        return NodeInputs(sparse: try SparseMatrix(rows: nodes.count, columns: sparse.columns, starts: starts, indices: indices, values: values),
                          dense: try dense?.gathered(nodes.map { Int32($0) }))
    }
}

extension SparseMatrix {
    /// Dropout of the entries: the same as dropout of the dense matrix, whose zeros it cannot change.
    package func dropout(rate: Double, random: RandomSource) throws -> SparseMatrix {
        guard rate > 0 else { return self }
        var random = random
        let scale = Scalar(1 / (1 - rate)), threshold = UInt32(rate * Double(UInt32.max))
        var kept = values
        var word: UInt64 = 0
        for entry in kept.indices {
            if entry & 1 == 0 { word = random.next() } else { word >>= 32 }
            kept[entry] = UInt32(truncatingIfNeeded: word) < threshold ? 0 : kept[entry] * scale
        }
        return try SparseMatrix(rows: rows, columns: columns, starts: starts, indices: indices, values: kept)
    }
}
