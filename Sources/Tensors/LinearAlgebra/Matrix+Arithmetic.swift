// Entry-by-entry arithmetic, scaling and sums of `Matrix`.

extension Matrix {
    /// The matrix of `transform` applied to each entry.
    @inlinable
    public func map(_ transform: (Double) throws -> Double) rethrows -> Matrix {
        Matrix(rows: rows, columns: columns, values: try values.map(transform))
    }

    /// Combines entries at the same place; both matrices have the same size.
    @inlinable
    public func combined(with other: Matrix, _ combine: (Double, Double) throws -> Double) rethrows -> Matrix {
        precondition(rows == other.rows && columns == other.columns,
                     "\(rows) x \(columns) with \(other.rows) x \(other.columns)")
        return Matrix(rows: rows, columns: columns,
                      values: try [Double](unsafeUninitializedCapacity: values.count) { target, count in
                          for i in 0..<values.count {
                              target[i] = try combine(values[i], other.values[i])
                              count = i + 1
                          }
                      })
    }

    public static func + (a: Matrix, b: Matrix) -> Matrix { a.combined(with: b, +) }
    public static func - (a: Matrix, b: Matrix) -> Matrix { a.combined(with: b, -) }
    public static func * (scale: Double, a: Matrix) -> Matrix { a.map { scale * $0 } }
    public static prefix func - (a: Matrix) -> Matrix { a.map { -$0 } }

    /// The product entry by entry (Hadamard).
    public func elementwiseProduct(_ other: Matrix) -> Matrix { combined(with: other, *) }

    /// Adds `value` to each entry of the diagonal.
    public mutating func addToDiagonal(_ value: Double) {
        for i in 0..<min(rows, columns) { values[i * columns + i] += value }
    }

    /// diag(weights) * self: row i times `weights[i]`.
    public func scalingRows(by weights: [Double]) -> Matrix {
        precondition(weights.count == rows, "\(weights.count) weights for \(rows) rows")
        var result = self
        result.values.withUnsafeMutableBufferPointer { entries in
            for i in 0..<rows {
                let weight = weights[i]
                for j in i * columns..<(i + 1) * columns { entries[j] *= weight }
            }
        }
        return result
    }

    /// Subtracts `entries` from each row.
    public func subtractingFromRows(_ entries: [Double]) -> Matrix {
        precondition(entries.count == columns, "\(entries.count) entries for \(columns) columns")
        var result = self
        result.values.withUnsafeMutableBufferPointer { target in
            for i in 0..<rows { for j in 0..<columns { target[i * columns + j] -= entries[j] } }
        }
        return result
    }

    /// The sum of each row.
    public func rowSums() -> [Double] {
        values.withUnsafeBufferPointer { entries in
            (0..<rows).map { i in
                var sum = 0.0
                for j in i * columns..<(i + 1) * columns { sum += entries[j] }
                return sum
            }
        }
    }

    /// The sum of each column.
    public func columnSums() -> [Double] {
        var sums = [Double](repeating: 0, count: columns)
        values.withUnsafeBufferPointer { entries in
            sums.withUnsafeMutableBufferPointer { sums in
                for i in 0..<rows { for j in 0..<columns { sums[j] += entries[i * columns + j] } }
            }
        }
        return sums
    }

    /// The mean of each column; zeros when there is no row.
    public func columnMeans() -> [Double] {
        columnSums().map { rows == 0 ? 0 : $0 / Double(rows) }
    }

    /// For each row the inner product with the same row of `other`: `rowSum(self .* other)`.
    public func rowwiseInnerProducts(with other: Matrix) -> [Double] {
        precondition(rows == other.rows && columns == other.columns,
                     "\(rows) x \(columns) with \(other.rows) x \(other.columns)")
        return values.withUnsafeBufferPointer { a in
            other.values.withUnsafeBufferPointer { b in
                (0..<rows).map { i in
                    var sum = 0.0
                    for j in i * columns..<(i + 1) * columns { sum += a[j] * b[j] }
                    return sum
                }
            }
        }
    }

    /// The sum of the entries on the diagonal.
    public var trace: Double {
        (0..<min(rows, columns)).reduce(0) { $0 + values[$1 * columns + $1] }
    }

    /// The square root of the sum of squared entries.
    public var frobeniusNorm: Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// In each row the column of its largest entry, the first of equal ones; 0 for a row of NaN.
    public func rowArgmax() -> [Int] {
        (0..<rows).map { i in
            var best = 0
            for j in 0..<columns where values[i * columns + j] > values[i * columns + best] { best = j }
            return best
        }
    }
}
