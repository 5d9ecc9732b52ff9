import COpenBLAS

extension Matrix {
    /// The matrix product op(self) * op(other), where op is the transpose if asked for (dgemm).
    public func multiplied(by other: Matrix, transposeSelf: Bool = false, transposeOther: Bool = false) -> Matrix {
        let (m, k) = transposeSelf ? (columns, rows) : (rows, columns)
        let (k2, n) = transposeOther ? (other.columns, other.rows) : (other.rows, other.columns)
        precondition(k == k2, "product of \(m) x \(k) and \(k2) x \(n)")
        var result = Matrix(rows: m, columns: n)
        guard m > 0, n > 0, k > 0 else { return result }
        let sizes = [m, n, k, columns, other.columns].map(blasSize)
        result.values.withUnsafeMutableBufferPointer { target in
            cblas_dgemm(CblasRowMajor, transposeSelf ? CblasTrans : CblasNoTrans,
                        transposeOther ? CblasTrans : CblasNoTrans, sizes[0], sizes[1], sizes[2],
                        1, values, sizes[3], other.values, sizes[4], 0, target.baseAddress, sizes[1])
        }
        return result
    }

    /// The product self * vector, or self' * vector (dgemv).
    public func multiplied(by vector: [Double], transposeSelf: Bool = false) -> [Double] {
        let (m, n) = transposeSelf ? (columns, rows) : (rows, columns)
        precondition(vector.count == n, "product of \(m) x \(n) and a vector of \(vector.count)")
        var result = [Double](repeating: 0, count: m)
        guard m > 0, n > 0 else { return result }
        cblas_dgemv(CblasRowMajor, transposeSelf ? CblasTrans : CblasNoTrans, blasSize(rows), blasSize(columns),
                    1, values, blasSize(columns), vector, 1, 0, &result, 1)
        return result
    }

    /// The Gram matrix self' * self (columns x columns), exactly symmetric; half the work of `multiplied`.
    public func gram() -> Matrix { weightedGram(nil) }

    /// self' * diag(weights) * self, exactly symmetric; weights of either sign. Rows of weight 0 cost nothing.
    public func gram(weights: [Double]) -> Matrix {
        precondition(weights.count == rows, "\(weights.count) weights for \(rows) rows")
        return weightedGram(weights)
    }

    /// self * self' (rows x rows), exactly symmetric.
    public func outerGram() -> Matrix {
        var result = Matrix(rows: rows, columns: rows)
        guard rows > 0, columns > 0 else { return result }
        result.values.withUnsafeMutableBufferPointer { target in
            cblas_dsyrk(CblasRowMajor, CblasUpper, CblasNoTrans, blasSize(rows), blasSize(columns),
                        1, values, blasSize(columns), 0, target.baseAddress, blasSize(rows))
        }
        result.mirrorUpperTriangle()
        return result
    }

    /// Rows are scaled by the square root of their weight's size, in blocks that stay in cache, those of
    /// positive weight added and those of negative weight subtracted.
    private func weightedGram(_ weights: [Double]?) -> Matrix {
        var result = Matrix(rows: columns, columns: columns)
        guard rows > 0, columns > 0 else { return result }
        let (d, leading, block) = (columns, blasSize(columns), 512)
        result.values.withUnsafeMutableBufferPointer { target in
            guard let weights else {
                cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, leading, blasSize(rows), 1, values, leading, 0,
                            target.baseAddress, leading)
                return
            }
            var scaled = [Double](repeating: 0, count: min(block, rows) * d)
            for sign in [1.0, -1.0] {
                let chosen = weights.indices.filter { weights[$0] * sign > 0 || (sign > 0 && weights[$0].isNaN) }
                for start in stride(from: 0, to: chosen.count, by: block) {
                    let part = chosen[start..<min(start + block, chosen.count)]
                    scaled.withUnsafeMutableBufferPointer { scaled in
                        values.withUnsafeBufferPointer { source in
                            for (place, i) in part.enumerated() {
                                let root = (weights[i] * sign).squareRoot()
                                for j in 0..<d { scaled[place * d + j] = root * source[i * d + j] }
                            }
                        }
                    }
                    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, leading, blasSize(part.count), sign, scaled,
                                leading, 1, target.baseAddress, leading)
                }
            }
        }
        result.mirrorUpperTriangle()
        return result
    }

    /// Copies the entries above the diagonal to their mirror images.
    package mutating func mirrorUpperTriangle() {
        let (n, tile) = (rows, 32)
        values.withUnsafeMutableBufferPointer { entries in
            for i0 in stride(from: 0, to: n, by: tile) {
                for j0 in stride(from: i0, to: n, by: tile) {
                    for i in i0..<min(i0 + tile, n) {
                        for j in max(j0, i + 1)..<max(j0, i + 1, min(j0 + tile, n)) {
                            entries[j * n + i] = entries[i * n + j]
                        }
                    }
                }
            }
        }
    }
}

/// A size as BLAS counts it. A matrix in memory with a side of 2^31 or more is a mistake upstream.
package func blasSize(_ size: Int) -> Int32 {
    guard let small = Int32(exactly: size) else { preconditionFailure("a side of \(size) is too large for BLAS") }
    return small
}
