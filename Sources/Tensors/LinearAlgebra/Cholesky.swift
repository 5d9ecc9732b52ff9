import COpenBLAS

/// The Cholesky factor of a symmetric positive definite matrix A = U' U, kept for several solves.
///
///     let factor = try Cholesky(gram)
///     let weights = factor.solve(rightHandSides)
///     let inverse = factor.inverse()
public struct Cholesky: Sendable {
    /// The order of A.
    public let order: Int
    /// Row-major upper triangle U, which LAPACK (column-major) reads as the lower triangle of U'.
    private let factor: Matrix

    /// Factors A (dpotrf); reads its upper triangle only. Cost: order^3 / 3.
    ///
    /// - Throws: `LinearAlgebraError.notPositiveDefinite`, or `.notFinite` for NaN or infinity in A.
    public init(_ matrix: Matrix) throws(LinearAlgebraError) {
        precondition(matrix.isSquare, "Cholesky of \(matrix.rows) x \(matrix.columns)")
        if let place = matrix.firstNotFinite { throw .notFinite(row: place.row, column: place.column) }
        let n = matrix.rows
        var factor = matrix
        var info: lapack_size = 0
        if n > 0 {
            var size = blasSize(n)
            factor.values.withUnsafeMutableBufferPointer { dpotrf_("L", &size, $0.baseAddress, &size, &info, 1) }
        }
        if info > 0 { throw .notPositiveDefinite(order: Int(info)) }
        // OpenBLAS lets a NaN that arises on the way pass as a pivot.
        for i in 0..<n where !(factor.values[i * n + i] > 0) { throw .notPositiveDefinite(order: i + 1) }
        self.order = n
        self.factor = factor
    }

    /// The solution X of A X = B, for all columns of B at once.
    public func solve(_ rightHandSides: Matrix) -> Matrix {
        precondition(rightHandSides.rows == order,
                     "right-hand sides of \(rightHandSides.rows) rows for a matrix of order \(order)")
        guard order > 0, rightHandSides.columns > 0 else { return rightHandSides }
        var columns = rightHandSides.transposed()
        var (size, count, info) = (blasSize(order), blasSize(rightHandSides.columns), lapack_size(0))
        columns.values.withUnsafeMutableBufferPointer {
            dpotrs_("L", &size, &count, factor.values, &size, $0.baseAddress, &size, &info, 1)
        }
        return columns.transposed()
    }

    /// The solution x of A x = b.
    public func solve(_ rightHandSide: [Double]) -> [Double] {
        solve(Matrix(rows: rightHandSide.count, columns: 1, values: rightHandSide)).values
    }

    /// The inverse of A, exactly symmetric (dpotri). Cost: 2 order^3 / 3.
    public func inverse() -> Matrix {
        var inverse = factor
        guard order > 0 else { return inverse }
        var (size, info) = (blasSize(order), lapack_size(0))
        inverse.values.withUnsafeMutableBufferPointer { dpotri_("L", &size, $0.baseAddress, &size, &info, 1) }
        inverse.mirrorUpperTriangle()
        return inverse
    }

    /// log det A.
    public var logDeterminant: Double {
        (0..<order).reduce(0) { $0 + 2 * logarithm(factor.values[$1 * order + $1]) }
    }

    /// The lower triangular factor L with A = L L'.
    public var lower: Matrix {
        var lower = Matrix(rows: order, columns: order)
        for i in 0..<order { for j in 0...i { lower.values[i * order + j] = factor.values[j * order + i] } }
        return lower
    }
}
