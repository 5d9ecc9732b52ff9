import CKernels

/// A sparse matrix in compressed rows, constant for the gradient: an adjacency, a bag of words.
///
///     let y = try adjacency.multiplied(by: features)      // [rows, columns] x [columns, width]
public final class SparseMatrix<Scalar: TensorScalar> {
    public let rows: Int
    public let columns: Int
    /// Entries of row i lie at `starts[i] ..< starts[i + 1]`.
    public let starts: [Int32]
    public let indices: [Int32]
    public let values: [Scalar]
    /// Made at the first use.
    private var turned: SparseMatrix?

    /// Creates a matrix from compressed rows.
    ///
    /// - Throws: `TensorError` when the starts do not rise from 0 to the number of entries or an index is outside.
    public init(rows: Int, columns: Int, starts: [Int32], indices: [Int32], values: [Scalar]) throws(TensorError) {
        guard rows >= 0, columns >= 0, starts.count == rows + 1, starts.first == 0, Int(starts.last ?? -1) == indices.count,
              values.count == indices.count, zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 }),
              indices.allSatisfy({ $0 >= 0 && $0 < columns }) else {
            throw TensorError("SparseMatrix", [], "\(starts.count) starts, \(indices.count) indices and \(values.count) values do not form a matrix of \(rows) x \(columns)")
        }
        (self.rows, self.columns, self.starts, self.indices, self.values) = (rows, columns, starts, indices, values)
    }

    private init(unchecked rows: Int, _ columns: Int, _ starts: [Int32], _ indices: [Int32], _ values: [Scalar]) {
        (self.rows, self.columns, self.starts, self.indices, self.values) = (rows, columns, starts, indices, values)
    }

    /// Creates a matrix from entries in any order; entries at the same place are added.
    public convenience init(rows: Int, columns: Int, entries: [(row: Int, column: Int, value: Scalar)]) throws(TensorError) {
        guard entries.allSatisfy({ $0.row >= 0 && $0.row < rows && $0.column >= 0 && $0.column < columns }), entries.count < Int(Int32.max),
              columns <= Int(Int32.max) else {
            throw TensorError("SparseMatrix", [], "an entry is outside \(rows) x \(columns)")
        }
        var starts: [Int32] = [0]
        var (indices, values): ([Int32], [Scalar]) = ([], [])
        var row = 0
        for entry in entries.sorted(by: { ($0.row, $0.column) < ($1.row, $1.column) }) {
            while row < entry.row { starts.append(Int32(indices.count)); row += 1 }
            if indices.count > Int(starts[row]), Int(indices[indices.count - 1]) == entry.column {
                values[values.count - 1] += entry.value
            } else {
                indices.append(Int32(entry.column))
                values.append(entry.value)
            }
        }
        while row < rows { starts.append(Int32(indices.count)); row += 1 }
        try self.init(rows: rows, columns: columns, starts: starts, indices: indices, values: values)
    }

    public var entryCount: Int { indices.count }

    /// The transpose, made once and kept.
    public var transposed: SparseMatrix {
        if let turned { return turned }
        var starts = [Int32](repeating: 0, count: columns + 1)
        for index in indices { starts[Int(index) + 1] += 1 }
        for column in 0..<columns { starts[column + 1] += starts[column] }
        var next = starts
        var (places, entries) = ([Int32](repeating: 0, count: indices.count), [Scalar](repeating: 0, count: indices.count))
        for row in 0..<rows {
            for entry in Int(self.starts[row])..<Int(self.starts[row + 1]) {
                let column = Int(indices[entry])
                places[Int(next[column])] = Int32(row)
                entries[Int(next[column])] = values[entry]
                next[column] += 1
            }
        }
        let result = SparseMatrix(unchecked: columns, rows, starts, places, entries)
        turned = result
        return result
    }

    /// The product with a dense matrix [columns, width].
    public func multiplied(by dense: Tensor<Scalar>) throws(TensorError) -> Tensor<Scalar> {
        guard dense.rank == 2, dense.shape[0] == columns else {
            throw TensorError("sparse product", [[rows, columns], dense.shape], "the second must have one row for each column of the first")
        }
        let tape = try Tensor.commonTape("sparse product", dense)
        let source = dense.packed()
        defer { keepAlive(source) }
        let result = Tensor<Scalar>(uninitialized: [rows, dense.shape[1]])
        multiply(source.pointer, into: result.pointer, width: dense.shape[1], accumulate: false)
        return result.recorded(on: tape, .sparseProduct(self, input: dense.reference))
    }

    func multiply(_ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>, width: Int, accumulate: Bool) {
        starts.withUnsafeBufferPointer { starts in
            indices.withUnsafeBufferPointer { indices in
                values.withUnsafeBufferPointer { values in
                    let work = max(1, (entryCount + rows) / max(1, rows) * width)
                    Parallel.split(rows, grain: max(1, 16384 / work)) { first, last in
                        lathe_sparse_product(Scalar.kernelType, first, last, starts.baseAddress, indices.baseAddress, values.baseAddress,
                                             width, x, y, accumulate ? 1 : 0)
                    }
                }
            }
        }
    }
}

extension Tensor {
    /// Softmax over the elements of each segment: edges that end at the same node, for each column by itself.
    ///
    /// - Parameters:
    ///   - self: [edges, columns]
    ///   - segments: for each edge its segment below `count`.
    public func segmentSoftmax(_ segments: [Int32], count: Int) throws(TensorError) -> Tensor {
        guard rank == 2, segments.count == shape[0] else {
            throw TensorError("segmentSoftmax", [shape, [segments.count]], "one segment for each row is needed")
        }
        guard count >= 0, segments.allSatisfy({ $0 >= 0 && $0 < count }) else {
            throw TensorError("segmentSoftmax", [shape], "a segment is outside 0 ..< \(count)")
        }
        // The maximum only guards against overflow and is a constant for the gradient.
        let columns = shape[1]
        var top = [Scalar](repeating: -.infinity, count: count * columns)
        withScalars { x in
            for (edge, segment) in segments.enumerated() {
                for j in 0..<columns { top[Int(segment) * columns + j] = Swift.max(top[Int(segment) * columns + j], x[edge * columns + j]) }
            }
        }
        let shift = try Tensor(shape: [count, columns], top).gathered(segments)
        let exponentials = try (self - shift).exp()
        return try exponentials / exponentials.scatterAdded(segments, count: count).gathered(segments)
    }

    /// The sum of the rows of each segment: [edges, ..] to [count, ..].
    public func segmentSum(_ segments: [Int32], count: Int) throws(TensorError) -> Tensor { try scatterAdded(segments, count: count) }

    /// The mean of the rows of each segment; zeros for an empty one.
    public func segmentMean(_ segments: [Int32], count: Int) throws(TensorError) -> Tensor {
        let sums = try scatterAdded(segments, count: count)
        var sizes = [Scalar](repeating: 0, count: count)
        for segment in segments { sizes[Int(segment)] += 1 }
        let factors = Tensor(shape: Shape([count] + Array(repeating: 1, count: rank - 1)), sizes.map { $0 > 0 ? 1 / $0 : 0 })
        return try sums * factors
    }
}

extension Tape {
    func backwardSparseProduct(_ matrix: SparseMatrix<Scalar>, _ input: NodeReference, _ gradient: Tensor<Scalar>) {
        guard let (d, add) = target(input) else { return }
        let packed = gradient.packed()
        matrix.transposed.multiply(packed.pointer, into: d, width: input.shape[1], accumulate: add)
        keepAlive(packed)
    }
}
