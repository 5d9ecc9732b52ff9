/// A dense Float64 matrix in row-major order: the value type of the closed-form methods.
///
///     let z = Matrix(rows: 2, columns: 2, values: [1, 2, 3, 4])
///     let gram = z.multiplied(by: z, transposeSelf: true)   // z' z
///
/// It is a value: copies share storage until one is written to. Sizes that do not fit together are a
/// programmer's mistake and stop with a sentence; numbers that a factorisation cannot use throw
/// `LinearAlgebraError`.
public struct Matrix: Sendable, Equatable {
    public let rows: Int
    public let columns: Int
    /// Entry (i, j) at `i * columns + j`; the count never changes.
    public package(set) var values: [Double]

    /// Creates a matrix from its entries in row-major order; `values.count` must be `rows * columns`.
    public init(rows: Int, columns: Int, values: [Double]) {
        precondition(rows >= 0 && columns >= 0, "a matrix of \(rows) x \(columns)")
        precondition(values.count == rows * columns,
                     "a matrix of \(rows) x \(columns) needs \(rows * columns) values, not \(values.count)")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// Creates a matrix of equal entries.
    public init(rows: Int, columns: Int, repeating value: Double = 0) {
        self.init(rows: rows, columns: columns, values: Array(repeating: value, count: rows * columns))
    }

    /// Creates a matrix from rows of equal length.
    public init(_ rows: [[Double]]) {
        let columns = rows.first?.count ?? 0
        precondition(rows.allSatisfy { $0.count == columns }, "rows of different length")
        self.init(rows: rows.count, columns: columns, values: Array(rows.joined()))
    }

    /// The identity of the given order.
    public static func identity(_ order: Int) -> Matrix { .diagonal(Array(repeating: 1, count: order)) }

    /// A square matrix with these entries on its diagonal.
    public static func diagonal(_ entries: [Double]) -> Matrix {
        var matrix = Matrix(rows: entries.count, columns: entries.count)
        for (i, entry) in entries.enumerated() { matrix.values[i * entries.count + i] = entry }
        return matrix
    }

    public var isSquare: Bool { rows == columns }

    public subscript(row: Int, column: Int) -> Double {
        get {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns,
                         "entry (\(row), \(column)) of a \(rows) x \(columns) matrix")
            return values[row * columns + column]
        }
        set {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns,
                         "entry (\(row), \(column)) of a \(rows) x \(columns) matrix")
            values[row * columns + column] = newValue
        }
    }

    /// The entries of one row, without a copy.
    public func row(_ index: Int) -> ArraySlice<Double> {
        precondition(index >= 0 && index < rows, "row \(index) of \(rows)")
        return values[index * columns..<(index + 1) * columns]
    }

    /// The entries of one column.
    public func column(_ index: Int) -> [Double] {
        precondition(index >= 0 && index < columns, "column \(index) of \(columns)")
        return (0..<rows).map { values[$0 * columns + index] }
    }

    /// A matrix of consecutive rows.
    public func rows(_ range: Range<Int>) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
        return Matrix(rows: range.count, columns: columns,
                      values: Array(values[range.lowerBound * columns..<range.upperBound * columns]))
    }

    /// A matrix of the rows at `indices`, in that order; an index may repeat.
    public func rows(at indices: [Int]) -> Matrix {
        var gathered: [Double] = []
        gathered.reserveCapacity(indices.count * columns)
        for index in indices { gathered.append(contentsOf: row(index)) }
        return Matrix(rows: indices.count, columns: columns, values: gathered)
    }

    /// This matrix with the rows of `other` below it; both have the same number of columns.
    public func appendingRows(of other: Matrix) -> Matrix {
        precondition(columns == other.columns, "rows of \(columns) and of \(other.columns) columns")
        return Matrix(rows: rows + other.rows, columns: columns, values: values + other.values)
    }

    /// This matrix with one more column at the right.
    public func appendingColumn(_ entries: [Double]) -> Matrix {
        precondition(entries.count == rows, "a column of \(entries.count) for \(rows) rows")
        var wider: [Double] = []
        wider.reserveCapacity(rows * (columns + 1))
        for i in 0..<rows {
            wider.append(contentsOf: row(i))
            wider.append(entries[i])
        }
        return Matrix(rows: rows, columns: columns + 1, values: wider)
    }

    public func transposed() -> Matrix {
        var result = Matrix(rows: columns, columns: rows)
        let (m, n, tile) = (rows, columns, 32)
        values.withUnsafeBufferPointer { source in
            result.values.withUnsafeMutableBufferPointer { target in
                for i0 in stride(from: 0, to: m, by: tile) {
                    for j0 in stride(from: 0, to: n, by: tile) {
                        for i in i0..<min(i0 + tile, m) {
                            for j in j0..<min(j0 + tile, n) { target[j * m + i] = source[i * n + j] }
                        }
                    }
                }
            }
        }
        return result
    }

    /// The place of the first entry that is NaN or infinite.
    package var firstNotFinite: (row: Int, column: Int)? {
        guard let index = values.firstIndex(where: { !$0.isFinite }) else { return nil }
        return (index / columns, index % columns)
    }
}

extension Matrix: Codable {
    private enum CodingKeys: String, CodingKey { case rows, columns, values }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let rows = try container.decode(Int.self, forKey: .rows)
        let columns = try container.decode(Int.self, forKey: .columns)
        let values = try container.decode([Double].self, forKey: .values)
        let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
        guard rows >= 0, columns >= 0, !overflow, count == values.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .values, in: container,
                debugDescription: "a matrix of \(rows) x \(columns) cannot hold \(values.count) values")
        }
        self.init(rows: rows, columns: columns, values: values)
    }
}
