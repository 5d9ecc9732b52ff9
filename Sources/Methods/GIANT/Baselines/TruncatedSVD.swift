import Tensors

/// Rank-d singular value decomposition of sparse rows by random projection with power iterations (Halko, Martinsson, Tropp 2011).
package struct TruncatedSVD {
    /// U Σ: rows x rank.
    package let rowVectors: [Float]
    /// V: columns x rank, the vectors of the terms.
    package let columnVectors: [Float]
    package let values: [Double]
    package let rank: Int

    /// - Parameters:
    ///   - rank: cut to what the matrix can have; missing columns are zeros.
    ///   - powers: power iterations.
    package init(_ matrix: SparseMatrix<Float>, rank: Int, powers: Int = 4, random: RandomSource, proceed: () throws -> Void = {}) throws {
        self.rank = rank
        let wide = max(1, min(rank + 16, min(matrix.rows, matrix.columns)))
        var random = random
        var basis = try Self.orthonormal(matrix.multiplied(by: .normal([matrix.columns, wide], from: &random)))
        for _ in 0..<powers {
            try proceed()
            basis = try Self.orthonormal(matrix.transposed.multiplied(by: basis))
            try proceed()
            basis = try Self.orthonormal(matrix.multiplied(by: basis))
        }
        // B = Q' X, small; its decomposition from the eigenvectors of B B'.
        let transposedB = try matrix.transposed.multiplied(by: basis)
        let gram = try transposedB.matmul(transposedB, transposeSelf: true)
        let eigen = try Matrix(rows: wide, columns: wide, values: gram.scalars.map { Double($0) }).symmetricEigen()
        // The order of eigenvalues is not assumed.
        let order = (0..<wide).sorted { eigen.values[$0] > eigen.values[$1] }.prefix(rank)
        values = order.map { max(0, eigen.values[$0]).squareRoot() }
        var rotation = [Float](repeating: 0, count: wide * rank)
        for (place, column) in order.enumerated() { for row in 0..<wide { rotation[row * rank + place] = Float(eigen.vectors[row, column]) } }
        let turn = Tensor<Float>(shape: [wide, rank], rotation)
        var scale = [Float](repeating: 0, count: rank), inverse = scale
        for (place, value) in values.enumerated() {
            scale[place] = Float(value)
            inverse[place] = value > 1e-6 ? Float(1 / value) : 0
        }
        rowVectors = try (basis.matmul(turn) * Tensor<Float>(shape: [rank], scale)).scalars
        columnVectors = try (transposedB.matmul(turn) * Tensor<Float>(shape: [rank], inverse)).scalars
    }

    /// An orthonormal basis of the columns, by two passes over the Cholesky-free Gram matrix: x (x'x)^(-1/2).
    private static func orthonormal(_ x: Tensor<Float>) throws -> Tensor<Float> {
        var result = x
        for _ in 0..<2 {
            let gram = try result.matmul(result, transposeSelf: true), size = gram.shape[0]
            let eigen = try Matrix(rows: size, columns: size, values: gram.scalars.map { Double($0) }).symmetricEigen()
            let largest = eigen.values.map(abs).max() ?? 0
            var turn = [Float](repeating: 0, count: size * size)
            for column in 0..<size {
                let value = eigen.values[column]
                // Directions that are not there become zeros.
                let factor = value > 1e-10 * largest ? 1 / value.squareRoot() : 0
                for row in 0..<size { turn[row * size + column] = Float(eigen.vectors[row, column] * factor) }
            }
            result = try result.matmul(Tensor(shape: [size, size], turn))
        }
        return result
    }
}

/// Vectors of all nodes, for the downstream models.
package struct NodeVectors: Sendable, Equatable {
    package var values: [Float]
    package let width: Int
    package var count: Int { width == 0 ? 0 : values.count / width }

    package init(_ values: [Float], width: Int) {
        self.values = values
        self.width = width
    }

    /// Rows of norm 1; zero rows stay.
    package func unitRows() -> NodeVectors {
        var scaled = values
        for row in 0..<count {
            var squares = 0.0
            for c in row * width..<(row + 1) * width { squares += Double(scaled[c]) * Double(scaled[c]) }
            guard squares > 0 else { continue }
            let factor = Float(1 / squares.squareRoot())
            for c in row * width..<(row + 1) * width { scaled[c] *= factor }
        }
        return NodeVectors(scaled, width: width)
    }

    /// Both vectors side by side, each of norm 1 (GIANT‖LSA).
    package func beside(_ other: NodeVectors) -> NodeVectors {
        let (a, b) = (unitRows(), other.unitRows())
        var joined: [Float] = []
        joined.reserveCapacity(a.values.count + b.values.count)
        for row in 0..<min(count, other.count) {
            joined += a.values[row * a.width..<(row + 1) * a.width]
            joined += b.values[row * b.width..<(row + 1) * b.width]
        }
        return NodeVectors(joined, width: a.width + b.width)
    }

    /// Columns of mean 0 and deviation 1; a constant column becomes 0.
    package func standardised() -> NodeVectors {
        var scaled = values
        let rows = Double(max(1, count))
        for column in 0..<width {
            var sum = 0.0, squares = 0.0
            for row in 0..<count { sum += Double(values[row * width + column]) }
            let mean = sum / rows
            for row in 0..<count {
                let distance = Double(values[row * width + column]) - mean
                squares += distance * distance
            }
            let deviation = (squares / rows).squareRoot(), factor = deviation > 1e-9 ? 1 / deviation : 0
            for row in 0..<count { scaled[row * width + column] = Float((Double(values[row * width + column]) - mean) * factor) }
        }
        return NodeVectors(scaled, width: width)
    }

    /// The inner product of two rows: their cosine where rows have norm 1.
    package func cosine(_ a: Int, _ b: Int) -> Double {
        var sum: Float = 0
        for c in 0..<width { sum += values[a * width + c] * values[b * width + c] }
        return Double(sum)
    }

    package var tensor: Tensor<Float> { Tensor(shape: [count, width], values) }
}
