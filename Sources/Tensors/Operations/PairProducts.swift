import CKernels

extension Tensor {
    /// Inner products of pairs of rows: y[p] = <self[rows[p]], other[otherRows[p]]>, for example the outputs of the classes
    /// that take part for each example, or the scores of edges.
    ///
    /// - Parameters:
    ///   - self: [m, width].
    ///   - rows: for each pair a row of this.
    ///   - other: [n, width]. When it is a table, its gradient reaches the rows of `otherRows` only; likewise for this.
    ///   - otherRows: for each pair a row of `other`.
    /// - Returns: [pairs].
    public func innerProducts(at rows: [Int32], with other: Tensor, at otherRows: [Int32]) throws(TensorError) -> Tensor {
        guard rank == 2, other.rank == 2, shape[1] == other.shape[1], rows.count == otherRows.count else {
            throw TensorError("innerProducts", [shape, other.shape, [rows.count], [otherRows.count]],
                              "two matrices of the same width and as many rows of one as of the other are needed")
        }
        let (m, n, width) = (shape[0], other.shape[0], shape[1])
        guard rows.allSatisfy({ $0 >= 0 && $0 < m }), otherRows.allSatisfy({ $0 >= 0 && $0 < n }) else {
            throw TensorError("innerProducts", [shape, other.shape], "a row is outside 0 ..< \(m) or 0 ..< \(n)")
        }
        let tape = try Self.commonTape("innerProducts", self, other)
        let (a, b) = (packed(), other.packed())
        defer { keepAlive(a, b) }
        let result = try Tensor(for: "innerProducts", [rows.count])
        let (pa, pb, y) = (a.pointer, b.pointer, result.pointer)
        rows.withUnsafeBufferPointer { rows in
            otherRows.withUnsafeBufferPointer { otherRows in
                Parallel.split(rows.count, grain: max(1, 16384 / max(1, width))) { first, last in
                    lathe_pair_dots(Scalar.kernelType, first, last, rows.baseAddress, otherRows.baseAddress, width, pa, pb, y)
                }
            }
        }
        return result.recorded(on: tape, .innerProducts(a.saved, rows, b.saved, otherRows))
    }

    /// target[to[p]] += factors[p] * source[from[p]], rows of `width`; split over columns, so that no two threads write to one
    /// place and the sum of a place runs in the order of the pairs.
    static func scatter(_ to: [Int32], _ from: [Int32], _ factors: UnsafePointer<Scalar>, _ source: UnsafePointer<Scalar>,
                        into target: UnsafeMutablePointer<Scalar>, width: Int) {
        to.withUnsafeBufferPointer { to in
            from.withUnsafeBufferPointer { from in
                Parallel.split(width, grain: max(16, 65536 / max(1, to.count)), unit: 16) { start, end in
                    lathe_pair_scatter(Scalar.kernelType, to.count, start, end, width, to.baseAddress, from.baseAddress, factors, source, target)
                }
            }
        }
    }
}

extension Tape {
    func backwardInnerProducts(_ a: Tensor<Scalar>, _ rows: [Int32], _ b: Tensor<Scalar>, _ otherRows: [Int32], _ gradient: Tensor<Scalar>) {
        let packed = gradient.packed()
        defer { keepAlive(packed, a, b) }
        scatter(packed, b, otherRows, into: a.savedReference, rows)
        scatter(packed, a, rows, into: b.savedReference, otherRows)
    }

    /// Adds gradient[p] * factor[from[p]] to row to[p] of the input's gradient.
    private func scatter(_ gradient: Tensor<Scalar>, _ factor: Tensor<Scalar>, _ from: [Int32], into input: NodeReference, _ to: [Int32]) {
        var pointer = target(input, rows: to)
        if pointer == nil, let (d, add) = target(input) {
            if !add { lathe_fill(Scalar.kernelType, input.shape.count, 0, d) }
            pointer = d
        }
        guard let pointer else { return }
        Tensor.scatter(to, from, gradient.pointer, factor.pointer, into: pointer, width: input.shape[1])
    }
}
