import Datasets
import Tensors

extension Adjacency {
    /// D^-1/2 (A + I) D^-1/2 with D the row sums of A + I.
    package func normalisedWithLoops() throws -> SparseMatrix<Float> {
        let root = (0..<count).map { 1 / Float(neighbours(of: $0).count + 1).squareRoot() }
        return try operatorMatrix(loops: true) { root[$0] * root[$1] }
    }

    /// D^-1 A: the mean over neighbours; a row of zeros for a node without any.
    package func meanOverNeighbours() throws -> SparseMatrix<Float> {
        try operatorMatrix(loops: false) { row, _ in 1 / Float(neighbours(of: row).count) }
    }

    private func operatorMatrix(loops: Bool, _ value: (Int, Int) -> Float) throws -> SparseMatrix<Float> {
        guard neighbours.count + count < Int(Int32.max) else { throw GIANTError("the graph has more entries than a matrix can have; take a part of it") }
        var starts: [Int32] = [0], indices: [Int32] = [], values: [Float] = []
        for node in 0..<count {
            var row = neighbours(of: node).map(Int.init)
            if loops { row.insert(node, at: row.firstIndex { $0 > node } ?? row.count) }
            for other in row {
                indices.append(Int32(other))
                values.append(value(node, other))
            }
            starts.append(Int32(indices.count))
        }
        return try SparseMatrix(rows: count, columns: count, starts: starts, indices: indices, values: values)
    }
}
