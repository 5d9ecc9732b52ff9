/// Features of N nodes in compressed rows: what is not listed is zero.
public struct SparseFeatures: Sendable, Equatable {
    /// The entries of node i stand at `starts[i] ..< starts[i + 1]`, columns rising.
    public let starts: [Int]
    /// The columns, 0 ..< `width`.
    public let indices: [Int32]
    public let values: [Float]
    /// D, the number of columns.
    public let width: Int
    public var count: Int { starts.count - 1 }

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

        /// Adds an entry to the row that is being filled. Entries may come in any order.
        public mutating func add(column: Int32, value: Float) {
            indices.append(column)
            values.append(value)
            largest = max(largest, Int(column))
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
}
