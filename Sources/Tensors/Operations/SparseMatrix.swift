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
        let result = try Tensor<Scalar>(for: "sparse product", [rows, dense.shape[1]])
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

extension SparseMatrix {
    /// The rows at `chosen`, in that order: the bags of words of a batch.
    public func gathered(_ chosen: [Int32]) throws(TensorError) -> SparseMatrix {
        guard chosen.allSatisfy({ $0 >= 0 && $0 < rows }) else {
            throw TensorError("gathered", [[rows, columns], [chosen.count]], "an index is outside 0 ..< \(rows)")
        }
        var starts: [Int32] = [0]
        starts.reserveCapacity(chosen.count + 1)
        var total: Int32 = 0
        for row in chosen {
            let (sum, overflow) = total.addingReportingOverflow(self.starts[Int(row) + 1] - self.starts[Int(row)])
            guard !overflow else { throw TensorError("gathered", [[rows, columns], [chosen.count]], "the rows have more than 2^31 entries together") }
            total = sum
            starts.append(total)
        }
        var (places, entries): ([Int32], [Scalar]) = ([], [])
        places.reserveCapacity(Int(total))
        entries.reserveCapacity(Int(total))
        for row in chosen {
            let range = Int(self.starts[Int(row)])..<Int(self.starts[Int(row) + 1])
            places.append(contentsOf: indices[range])
            entries.append(contentsOf: values[range])
        }
        return SparseMatrix(unchecked: chosen.count, columns, starts, places, entries)
    }

    /// The matrix without a random part of its entries: each is left out with probability `rate`.
    ///
    /// - Parameters:
    ///   - seed: the entry with number i is kept or not by (seed, i) alone; take a new seed for each call.
    ///   - rescaling: whether those that stay are divided by 1 - rate, as dropout does.
    public func entriesDropped(rate: Double, seed: UInt64, rescaling: Bool = true) throws(TensorError) -> SparseMatrix {
        guard rate >= 0, rate < 1 else { throw TensorError("entriesDropped", [[rows, columns]], "the rate \(rate) is outside 0 ..< 1") }
        if rate == 0 { return self }
        // A constant of one shows which entries stay, whatever their values are.
        let kept = try Tensor<Scalar>(shape: [entryCount], repeating: 1).dropout(rate: rate, seed: seed)
        let factor = rescaling ? 1 / Scalar(1 - rate) : 1
        var (starts, places, entries): ([Int32], [Int32], [Scalar]) = ([0], [], [])
        starts.reserveCapacity(rows + 1)
        kept.withScalars { kept in
            for row in 0..<rows {
                for entry in Int(self.starts[row])..<Int(self.starts[row + 1]) where kept[entry] != 0 {
                    places.append(indices[entry])
                    entries.append(values[entry] * factor)
                }
                starts.append(Int32(places.count))
            }
        }
        return SparseMatrix(unchecked: rows, columns, starts, places, entries)
    }

    /// target[column] += value * source[row] for every entry: the transposed product, reaching the rows of `target` that occur.
    func scatterTransposed(_ source: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Scalar>, width: Int) {
        var owners = [Int32](repeating: 0, count: entryCount)
        for row in 0..<rows {
            for entry in Int(starts[row])..<Int(starts[row + 1]) { owners[entry] = Int32(row) }
        }
        Tensor.scatter(indices, owners, values, source, into: target, width: width)
    }
}

extension Tape {
    func backwardSparseProduct(_ matrix: SparseMatrix<Scalar>, _ input: NodeReference, _ gradient: Tensor<Scalar>) {
        let packed = gradient.packed()
        defer { keepAlive(packed) }
        if let d = target(input, rows: matrix.indices) {
            matrix.scatterTransposed(packed.pointer, into: d, width: input.shape[1])
            return
        }
        guard let (d, add) = target(input) else { return }
        matrix.transposed.multiply(packed.pointer, into: d, width: input.shape[1], accumulate: add)
    }
}
