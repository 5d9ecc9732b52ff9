import Tensors

/// Features of N nodes in compressed rows: what is not listed is zero. Also what methods make of them, a row a node: TF-IDF, label embeddings.
public struct SparseFeatures: Sendable, Equatable {
    /// The entries of node i stand at `starts[i] ..< starts[i + 1]`, columns rising.
    public let starts: [Int]
    /// The columns, 0 ..< `width`.
    public let indices: [Int32]
    public let values: [Float]
    /// D, the number of columns.
    public let width: Int
    public var count: Int { starts.count - 1 }
    public var entryCount: Int { indices.count }

    /// No features for `count` nodes.
    public init(none count: Int) {
        starts = [Int](repeating: 0, count: count + 1)
        indices = []
        values = []
        width = 0
    }

    /// Collects rows in order.
    public struct Builder {
        private var starts = [0]
        private var indices: [Int32] = []
        private var values: [Float] = []
        private var largest = -1
        public init() {}

        public var entryCount: Int { indices.count }
        public var rowCount: Int { starts.count - 1 }
        /// The largest column so far, -1 without one.
        public var largestColumn: Int { largest }

        public mutating func reserve(rows: Int, entries: Int) {
            starts.reserveCapacity(rows + 1)
            indices.reserveCapacity(entries)
            values.reserveCapacity(entries)
        }

        /// Adds an entry to the row that is being filled. Entries may come in any order.
        public mutating func add(column: Int32, value: Float) {
            indices.append(column)
            values.append(value)
            largest = max(largest, Int(column))
        }

        /// Adds a whole row, in which no column stands twice.
        public mutating func append(_ row: [(column: Int32, value: Float)]) {
            for entry in row { add(column: entry.column, value: entry.value) }
            _ = endRow()
        }

        /// Ends a row.
        /// - Returns: false when a column stands twice in it.
        public mutating func endRow() -> Bool {
            let first = starts[starts.count - 1]
            var isRising = true
            for entry in indices.indices[first...].dropFirst() where indices[entry] <= indices[entry - 1] { isRising = false }
            if !isRising {
                let row = zip(indices[first...], values[first...]).sorted { $0.0 < $1.0 }
                for (place, entry) in row.enumerated() { (indices[first + place], values[first + place]) = entry }
                for entry in indices.indices[first...].dropFirst() where indices[entry] == indices[entry - 1] { return false }
            }
            starts.append(indices.count)
            return true
        }

        /// - Parameter width: the number of columns where it is known; more than the largest that occurs.
        public func finish(width: Int? = nil) -> SparseFeatures {
            SparseFeatures(starts: starts, indices: indices, values: values, width: max(width ?? 0, largest + 1))
        }
    }

    /// The rows of a dense matrix of `width` columns, zeros included.
    public init(dense values: [Float], width: Int) {
        let count = width > 0 ? values.count / width : 0
        self.init(starts: (0...count).map { $0 * width }, indices: (0..<count * width).map { Int32($0 % width) }, values: Array(values.prefix(count * width)), width: width)
    }

    private init(starts: [Int], indices: [Int32], values: [Float], width: Int) {
        self.starts = starts
        self.indices = indices
        self.values = values
        self.width = width
    }

    /// Every row divided by the sum of its entries; rows whose sum is zero stay as they are.
    public func rowNormalised() -> SparseFeatures {
        var scaled = values
        for row in 0..<count {
            let sum = values[starts[row]..<starts[row + 1]].reduce(0, +)
            guard sum != 0 else { continue }
            for entry in starts[row]..<starts[row + 1] { scaled[entry] /= sum }
        }
        return SparseFeatures(starts: starts, indices: indices, values: scaled, width: width)
    }

    /// Row i as pairs, columns rising.
    public func row(_ i: Int) -> [(column: Int32, value: Float)] { (starts[i]..<starts[i + 1]).map { (indices[$0], values[$0]) } }

    /// Every row with Euclidean norm 1; a row of zeros stays.
    public func unitRows() -> SparseFeatures {
        var scaled = values
        for row in 0..<count {
            var squares = 0.0
            for entry in starts[row]..<starts[row + 1] { squares += Double(scaled[entry]) * Double(scaled[entry]) }
            guard squares > 0 else { continue }
            let factor = Float(1 / squares.squareRoot())
            for entry in starts[row]..<starts[row + 1] { scaled[entry] *= factor }
        }
        return SparseFeatures(starts: starts, indices: indices, values: scaled, width: width)
    }

    /// The same numbers for products with tensors.
    /// - Throws: `DatasetError` at 2^31 entries.
    public func matrix<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self) throws -> SparseMatrix<Scalar> {
        guard entryCount < Int(Int32.max) else { throw DatasetError(file: "features", "have more than 2^31 entries together; take fewer columns or fewer nodes") }
        return try SparseMatrix(rows: count, columns: width, starts: starts.map { Int32($0) }, indices: indices, values: values.map { Scalar($0) })
    }
}
