import Tensors

/// The matrices by which graph networks hand values on to neighbours.
extension Adjacency {
    /// D^-1/2 (A + I) D^-1/2 with D the row sums of A + I (Kipf and Welling 2017): a node without edges has 1 at its own place.
    /// - Throws: `DatasetError` at 2^31 entries.
    public func normalisedWithLoops<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self) throws -> SparseMatrix<Scalar> {
        let root = (0..<count).map { 1 / Double(degree($0) + 1).squareRoot() }
        return try matrix(loops: true) { Scalar(root[$0] * root[$1]) }
    }

    /// D^-1 A: the mean over neighbours; a row of zeros for a node without any.
    /// - Throws: `DatasetError` at 2^31 entries.
    public func meanOverNeighbours<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self) throws -> SparseMatrix<Scalar> {
        try matrix(loops: false) { row, _ in Scalar(1 / Double(degree(row))) }
    }

    private func matrix<Scalar: TensorScalar>(loops: Bool, _ value: (Int, Int) -> Scalar) throws -> SparseMatrix<Scalar> {
        let total = 2 * edgeCount + (loops ? count : 0)
        guard total < Int(Int32.max) else { throw DatasetError(file: "graph", "has more entries than a matrix can have; take a part of it") }
        var starts: [Int32] = [0], indices: [Int32] = [], values: [Scalar] = []
        starts.reserveCapacity(count + 1)
        indices.reserveCapacity(total)
        values.reserveCapacity(total)
        for node in 0..<count {
            func add(_ column: Int) {
                indices.append(Int32(column))
                values.append(value(node, column))
            }
            var waits = loops
            for neighbour in neighbours(of: node) {
                if waits, Int(neighbour) > node {
                    add(node)
                    waits = false
                }
                add(Int(neighbour))
            }
            if waits { add(node) }
            starts.append(Int32(indices.count))
        }
        return try SparseMatrix(rows: count, columns: count, starts: starts, indices: indices, values: values)
    }
}
