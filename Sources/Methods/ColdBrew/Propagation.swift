import Datasets
import Tensors

extension Adjacency {
    /// The matrix D^-1/2 (A + I) D^-1/2 with D the row sums of A + I: a node without edges has 1 at its own place.
    package func normalised<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self) throws -> SparseMatrix<Scalar> {
        let root = (0..<count).map { 1 / Double(neighbours(of: $0).count + 1).squareRoot() }
        return try rows(selfLoops: true) { Scalar(root[$0] * root[$1]) }
    }

    /// The mean over neighbours; a row of zeros for a node without any.
    package func neighbourMean<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self) throws -> SparseMatrix<Scalar> {
        try rows(selfLoops: false) { row, _ in Scalar(1 / Double(neighbours(of: row).count)) }
    }

    private func rows<Scalar: TensorScalar>(selfLoops: Bool, _ value: (Int, Int) -> Scalar) throws -> SparseMatrix<Scalar> {
        guard neighbours.count + count < Int(Int32.max) else { throw ColdBrewError("the graph has more entries than a matrix can have; take a part of it") }
        var starts: [Int32] = [0], indices: [Int32] = [], values: [Scalar] = []
        for node in 0..<count {
            var isPlaced = !selfLoops
            for neighbour in neighbours(of: node) {
                if !isPlaced, Int(neighbour) > node {
                    indices.append(Int32(node))
                    values.append(value(node, node))
                    isPlaced = true
                }
                indices.append(neighbour)
                values.append(value(node, Int(neighbour)))
            }
            if !isPlaced {
                indices.append(Int32(node))
                values.append(value(node, node))
            }
            starts.append(Int32(indices.count))
        }
        return try SparseMatrix(rows: count, columns: count, starts: starts, indices: indices, values: values)
    }
}
