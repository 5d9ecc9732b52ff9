import Tensors

/// Rows of which most numbers are zero, one after the other: TF-IDF rows, label embeddings.
///
///     var builder = SparseRows.Builder(width: 3)
///     builder.append([(0, 0.6), (2, 0.8)])
///     let rows = builder.finish()
package struct SparseRows: Sendable, Equatable {
    /// The entries of row i stand at `starts[i] ..< starts[i + 1]`, columns rising.
    package let starts: [Int]
    package let indices: [Int32]
    package let values: [Float]
    package let width: Int
    package var count: Int { starts.count - 1 }
    package var entryCount: Int { indices.count }
    package var memoryBytes: Int { 8 * starts.count + 8 * indices.count }

    package struct Builder {
        private var starts = [0], indices: [Int32] = [], values: [Float] = []
        private let width: Int
        package init(width: Int) { self.width = width }

        package mutating func reserve(rows: Int, entries: Int) {
            starts.reserveCapacity(rows + 1)
            indices.reserveCapacity(entries)
            values.reserveCapacity(entries)
        }

        /// Adds a row; its columns rise and lie in 0 ..< `width`.
        package mutating func append(_ row: [(column: Int32, value: Float)]) {
            for entry in row {
                indices.append(entry.column)
                values.append(entry.value)
            }
            starts.append(indices.count)
        }

        package mutating func finish() -> SparseRows { SparseRows(starts: starts, indices: indices, values: values, width: width) }
    }

    package init(starts: [Int], indices: [Int32], values: [Float], width: Int) {
        self.starts = starts
        self.indices = indices
        self.values = values
        self.width = width
    }

    /// Row i as pairs.
    package func row(_ i: Int) -> [(column: Int32, value: Float)] { (starts[i]..<starts[i + 1]).map { (indices[$0], values[$0]) } }

    /// The rows with Euclidean norm 1; a row of zeros stays.
    package func unitRows() -> SparseRows {
        var scaled = values
        for row in 0..<count {
            var sum: Double = 0
            for entry in starts[row]..<starts[row + 1] { sum += Double(scaled[entry]) * Double(scaled[entry]) }
            guard sum > 0 else { continue }
            let factor = Float(1 / sum.squareRoot())
            for entry in starts[row]..<starts[row + 1] { scaled[entry] *= factor }
        }
        return SparseRows(starts: starts, indices: indices, values: scaled, width: width)
    }

    /// Columns of `others` to the right of this one's; all have the same number of rows.
    package static func beside(_ parts: [SparseRows]) -> SparseRows {
        guard let first = parts.first, parts.count > 1 else { return parts.first ?? SparseRows(starts: [0], indices: [], values: [], width: 0) }
        var builder = Builder(width: parts.reduce(0) { $0 + $1.width })
        builder.reserve(rows: first.count, entries: parts.reduce(0) { $0 + $1.entryCount })
        for row in 0..<first.count {
            var entries: [(column: Int32, value: Float)] = [], offset: Int32 = 0
            for part in parts {
                for entry in part.starts[row]..<part.starts[row + 1] { entries.append((part.indices[entry] + offset, part.values[entry])) }
                offset += Int32(part.width)
            }
            builder.append(entries)
        }
        return builder.finish()
    }

    /// The rows of a dense matrix [count, width], zeros included.
    package init(dense values: [Float], width: Int) {
        let count = width > 0 ? values.count / width : 0
        self.init(starts: (0...count).map { $0 * width }, indices: (0..<count * width).map { Int32($0 % width) }, values: Array(values.prefix(count * width)), width: width)
    }

    /// The same numbers for products with tensors.
    /// - Throws: `GIANTError` beyond 2^31 entries.
    package func matrix<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self) throws -> SparseMatrix<Scalar> {
        guard entryCount < Int(Int32.max) else { throw GIANTError("the texts have more than 2^31 words together; take fewer features (max-features)") }
        return try SparseMatrix(rows: count, columns: width, starts: starts.map { Int32($0) }, indices: indices, values: values.map { Scalar($0) })
    }
}
