import COpenBLAS

/// A = U diag(s) V' with k = min(rows, columns) singular values in falling order.
public struct SingularValueDecomposition: Sendable {
    /// rows x k, orthonormal columns.
    public let leftVectors: Matrix
    /// k values, falling, none negative.
    public let values: [Double]
    /// k x columns, orthonormal rows: V'.
    public let rightVectorsTransposed: Matrix
}

/// A = V diag(w) V' of a symmetric matrix.
public struct SymmetricEigenDecomposition: Sendable {
    /// Eigenvalues in rising order.
    public let values: [Double]
    /// Column j is the unit eigenvector of `values[j]`.
    public let vectors: Matrix
}

/// A = Q R with orthonormal columns in Q (rows x k) and R upper triangular (k x columns), k = min(rows, columns).
public struct QRDecomposition: Sendable {
    public let orthogonal: Matrix
    public let triangular: Matrix
}

extension Matrix {
    /// The solution X of self * X = B by LU with partial pivoting (dgetrf, dgetrs).
    ///
    /// - Throws: `.singular` for an exactly zero pivot, `.notFinite`.
    public func solve(_ rightHandSides: Matrix) throws(LinearAlgebraError) -> Matrix {
        precondition(isSquare && rightHandSides.rows == rows,
                     "solve \(rows) x \(columns) with right-hand sides of \(rightHandSides.rows) rows")
        try requireFinite()
        try rightHandSides.requireFinite()
        guard rows > 0, rightHandSides.columns > 0 else { return rightHandSides }
        var (size, count, info) = (blasSize(rows), blasSize(rightHandSides.columns), lapack_size(0))
        var pivots = [lapack_size](repeating: 0, count: rows)
        // LAPACK reads row-major entries as the transpose, and solves with the transpose of that.
        var factor = values
        dgetrf_(&size, &size, &factor, &size, &pivots, &info)
        if info > 0 { throw .singular(row: Int(info) - 1) }
        var solution = rightHandSides.transposed()
        solution.values.withUnsafeMutableBufferPointer {
            dgetrs_("T", &size, &count, factor, &size, pivots, $0.baseAddress, &size, &info, 1)
        }
        return solution.transposed()
    }

    /// Eigenvalues and eigenvectors of a symmetric matrix; reads the upper triangle only (dsyevd).
    ///
    /// - Throws: `.notFinite`, `.noConvergence`.
    public func symmetricEigen() throws(LinearAlgebraError) -> SymmetricEigenDecomposition {
        precondition(isSquare, "eigenvalues of \(rows) x \(columns)")
        try requireFinite()
        guard rows > 0 else { return SymmetricEigenDecomposition(values: [], vectors: self) }
        var (size, info) = (blasSize(rows), lapack_size(0))
        var vectors = self
        var eigenvalues = [Double](repeating: 0, count: rows)
        var (work, integers) = ([0.0], [lapack_size(0)])
        var (workSize, integerSize): (lapack_size, lapack_size) = (-1, -1)
        for _ in 0..<2 {   // first asks for the sizes of the work space
            vectors.values.withUnsafeMutableBufferPointer {
                dsyevd_("V", "L", &size, $0.baseAddress, &size, &eigenvalues, &work, &workSize, &integers,
                        &integerSize, &info, 1, 1)
            }
            if workSize > 0 { break }
            workSize = try Self.workSize(work[0], rows, columns)
            integerSize = integers[0]
            work = [Double](repeating: 0, count: Int(workSize))
            integers = [lapack_size](repeating: 0, count: Int(integerSize))
        }
        if info > 0 { throw .noConvergence(routine: "The symmetric eigenvalue iteration") }
        return SymmetricEigenDecomposition(values: eigenvalues, vectors: vectors.transposed())
    }

    /// The thin singular value decomposition (dgesdd).
    ///
    /// - Throws: `.notFinite`, `.noConvergence`.
    public func singularValueDecomposition() throws(LinearAlgebraError) -> SingularValueDecomposition {
        try requireFinite()
        let k = min(rows, columns)
        var (left, right) = (Matrix(rows: rows, columns: k), Matrix(rows: k, columns: columns))
        guard k > 0 else { return SingularValueDecomposition(leftVectors: left, values: [], rightVectorsTransposed: right) }
        var singular = [Double](repeating: 0, count: k)
        // Row-major entries are A' = V diag(s) U' to LAPACK: its left vectors are our V', its right our U.
        var (m, n, small, info) = (blasSize(columns), blasSize(rows), blasSize(k), lapack_size(0))
        var copy = values
        var (work, workSize) = ([0.0], lapack_size(-1))
        var integers = [lapack_size](repeating: 0, count: 8 * k)
        for _ in 0..<2 {
            right.values.withUnsafeMutableBufferPointer { u in
                left.values.withUnsafeMutableBufferPointer { vt in
                    dgesdd_("S", &m, &n, &copy, &m, &singular, u.baseAddress, &m, vt.baseAddress, &small, &work,
                            &workSize, &integers, &info, 1)
                }
            }
            if workSize > 0 { break }
            workSize = try Self.workSize(work[0], rows, columns)
            work = [Double](repeating: 0, count: Int(workSize))
        }
        if info > 0 { throw .noConvergence(routine: "The singular value iteration") }
        return SingularValueDecomposition(leftVectors: left, values: singular, rightVectorsTransposed: right)
    }

    /// The singular values in falling order.
    public func singularValues() throws(LinearAlgebraError) -> [Double] {
        try singularValueDecomposition().values
    }

    /// The thin QR decomposition by Householder reflections (dgeqrf, dorgqr).
    public func qr() throws(LinearAlgebraError) -> QRDecomposition {
        try requireFinite()
        let k = min(rows, columns)
        guard k > 0 else {
            return QRDecomposition(orthogonal: Matrix(rows: rows, columns: k), triangular: Matrix(rows: k, columns: columns))
        }
        var (m, n, small, info) = (blasSize(rows), blasSize(columns), blasSize(k), lapack_size(0))
        var byColumn = transposed().values
        var reflectors = [Double](repeating: 0, count: k)
        var (work, workSize) = ([0.0], lapack_size(-1))
        for _ in 0..<2 {
            dgeqrf_(&m, &n, &byColumn, &m, &reflectors, &work, &workSize, &info)
            if workSize > 0 { break }
            workSize = try Self.workSize(work[0], rows, columns)
            work = [Double](repeating: 0, count: Int(workSize))
        }
        var triangular = Matrix(rows: k, columns: columns)
        for i in 0..<k { for j in i..<columns { triangular.values[i * columns + j] = byColumn[j * rows + i] } }
        workSize = -1
        for _ in 0..<2 {
            dorgqr_(&m, &small, &small, &byColumn, &m, reflectors, &work, &workSize, &info)
            if workSize > 0 { break }
            workSize = try Self.workSize(work[0], rows, columns)
            work = [Double](repeating: 0, count: Int(workSize))
        }
        let orthogonal = Matrix(rows: k, columns: rows, values: Array(byColumn[0..<k * rows])).transposed()
        return QRDecomposition(orthogonal: orthogonal, triangular: triangular)
    }

    /// The X of least norm that minimises ||self * X - B|| column by column (dgelsd); any rank.
    ///
    /// `conditionLimit`: singular values below this fraction of the largest count as zero; negative
    /// means machine precision.
    ///
    /// - Throws: `.notFinite`, `.noConvergence`.
    public func leastSquares(_ rightHandSides: Matrix,
                             conditionLimit: Double = -1) throws(LinearAlgebraError) -> Matrix {
        precondition(rightHandSides.rows == rows,
                     "least squares of \(rows) rows with right-hand sides of \(rightHandSides.rows)")
        try requireFinite()
        try rightHandSides.requireFinite()
        let count = rightHandSides.columns
        guard rows > 0, columns > 0, count > 0 else { return Matrix(rows: columns, columns: count) }
        let height = max(rows, columns)
        var byColumn = transposed().values
        var solution = [Double](repeating: 0, count: height * count)
        for i in 0..<rows { for j in 0..<count { solution[j * height + i] = rightHandSides.values[i * count + j] } }
        var (m, n, right, leading) = (blasSize(rows), blasSize(columns), blasSize(count), blasSize(height))
        var singular = [Double](repeating: 0, count: min(rows, columns))
        var (limit, rank, info) = (conditionLimit, lapack_size(0), lapack_size(0))
        var (work, workSize, integers) = ([0.0], lapack_size(-1), [lapack_size(0)])
        for _ in 0..<2 {
            dgelsd_(&m, &n, &right, &byColumn, &m, &solution, &leading, &singular, &limit, &rank, &work, &workSize,
                    &integers, &info)
            if workSize > 0 { break }
            workSize = try Self.workSize(work[0], rows, columns)
            work = [Double](repeating: 0, count: Int(workSize))
            integers = [lapack_size](repeating: 0, count: max(1, Int(integers[0])))
        }
        if info > 0 { throw .noConvergence(routine: "The singular value iteration of least squares") }
        var result = Matrix(rows: columns, columns: count)
        for i in 0..<columns { for j in 0..<count { result.values[i * count + j] = solution[j * height + i] } }
        return result
    }

    private func requireFinite() throws(LinearAlgebraError) {
        if let place = firstNotFinite { throw .notFinite(row: place.row, column: place.column) }
    }

    private static func workSize(_ answer: Double, _ rows: Int, _ columns: Int) throws(LinearAlgebraError) -> lapack_size {
        guard let size = lapack_size(exactly: answer.rounded(.up)) else { throw .tooLarge(rows: rows, columns: columns) }
        return max(1, size)
    }
}
