import Tensors

/// Sums and products by row that the ridge formulas need, in blocks of about 10^9 operations so that a run can be paused
/// and stopped between them. Block sizes depend on the shape alone: the numbers never depend on the time.
extension Matrix {
    private static func blockRows(columns: Int) -> Int { max(64, 1_000_000_000 / max(1, columns * columns)) }

    /// Z' diag(w) Z for weights of any sign. D x D.
    func gram(weights w: [Double], proceed: () throws -> Void) rethrows -> Matrix {
        precondition(w.count == rows)
        let block = Self.blockRows(columns: columns)
        if rows <= block {
            let whole = gram(weights: w)
            try proceed()
            return whole
        }
        var sum = Matrix(rows: columns, columns: columns)
        var start = 0
        while start < rows {
            let end = min(rows, start + block)
            sum = sum + rows(start..<end).gram(weights: Array(w[start..<end]))
            start = end
            try proceed()
        }
        return sum
    }

    /// z_i' B z_i for every row z_i and a symmetric B.
    func quadraticForms(_ b: Matrix, proceed: () throws -> Void) rethrows -> [Double] {
        let block = Self.blockRows(columns: columns)
        var forms: [Double] = []
        forms.reserveCapacity(rows)
        var start = 0
        while start < rows {
            let end = min(rows, start + block)
            let part = start == 0 && end == rows ? self : rows(start..<end)
            forms += part.multiplied(by: b).rowwiseInnerProducts(with:part)
            start = end
            try proceed()
        }
        return forms
    }

    /// self * diag(w): column j times w_j.
    func scalingColumns(by w: [Double]) -> Matrix {
        precondition(w.count == columns)
        var scaled = values
        for i in 0..<rows { for j in 0..<columns { scaled[i * columns + j] *= w[j] } }
        return Matrix(rows: rows, columns: columns, values: scaled)
    }

    /// For each column j the sum over i of w_i (self_ij)^2.
    func squaredColumnSums(weights w: [Double]) -> [Double] {
        precondition(w.count == rows)
        var sums = [Double](repeating: 0, count: columns)
        let entries = values
        for i in 0..<rows where w[i] != 0 {
            for j in 0..<columns {
                let entry = entries[i * columns + j]
                sums[j] += w[i] * entry * entry
            }
        }
        return sums
    }

    /// A matrix made of blocks of at most `block` rows, with `proceed` between them.
    static func stacking(rows: Int, columns: Int, block: Int = 500, proceed: () throws -> Void, _ part: (Range<Int>) throws -> Matrix) rethrows -> Matrix {
        var values: [Double] = []
        values.reserveCapacity(rows * columns)
        for start in stride(from: 0, to: rows, by: block) {
            let piece = try part(start..<min(rows, start + block))
            precondition(piece.columns == columns)
            values.append(contentsOf: piece.values)
            try proceed()
        }
        return Matrix(rows: rows, columns: columns, values: values)
    }
}
