import CKernels

extension Tensor {
    /// The slices of the first axis at `indices`, in that order: rows of an embedding table, nodes of a graph.
    ///
    /// The gradient of a row is the sum over its uses.
    public func gathered(_ indices: [Int32]) throws(TensorError) -> Tensor {
        guard rank >= 1 else { throw TensorError("gathered", [shape], "one axis is needed") }
        let rows = shape[0]
        guard indices.allSatisfy({ $0 >= 0 && $0 < rows }) else {
            throw TensorError("gathered", [shape, [indices.count]], "an index is outside 0 ..< \(rows)")
        }
        let tape = try Self.commonTape("gathered", self)
        let source = packed()
        defer { keepAlive(source) }
        let width = rows == 0 ? 0 : count / rows
        let result = try Tensor(for: "gathered", shape.replacing(0, with: indices.count))
        let (x, y) = (source.pointer, result.pointer)
        indices.withUnsafeBufferPointer { indices in
            Parallel.split(indices.count, grain: max(1, 16384 / max(1, width))) { start, end in
                for place in start..<end { (y + place * width).update(from: x + Int(indices[place]) * width, count: width) }
            }
        }
        return result.recorded(on: tape, .gather(input: reference, indices: indices))
    }

    /// Sums of the slices of the first axis that go to the same place: result[indices[i]] += self[i] (`count` places).
    public func scatterAdded(_ indices: [Int32], count places: Int) throws(TensorError) -> Tensor {
        guard rank >= 1, indices.count == shape[0] else {
            throw TensorError("scatterAdded", [shape, [indices.count]], "one index for each slice of the first axis is needed")
        }
        guard places >= 0, indices.allSatisfy({ $0 >= 0 && $0 < places }) else {
            throw TensorError("scatterAdded", [shape], "an index is outside 0 ..< \(places)")
        }
        let tape = try Self.commonTape("scatterAdded", self)
        let source = packed()
        defer { keepAlive(source) }
        let width = count / max(1, shape[0])
        try BufferPool.check("scatterAdded", shape.replacing(0, with: places), of: Scalar.self)
        let result = Tensor(shape: shape.replacing(0, with: places), repeating: 0)
        Self.scatterAdd(indices, source.pointer, into: result.pointer, width: width)
        return result.recorded(on: tape, .scatterAdd(input: reference, indices: indices))
    }

    /// target[indices[i]] += source[i]; split over columns, so that no two threads write to one place.
    static func scatterAdd(_ indices: [Int32], _ source: UnsafePointer<Scalar>, into target: UnsafeMutablePointer<Scalar>, width: Int) {
        indices.withUnsafeBufferPointer { indices in
            Parallel.split(width, grain: max(16, 65536 / max(1, indices.count)), unit: 16) { start, end in
                for (place, index) in indices.enumerated() {
                    lathe_axpby(Scalar.kernelType, end - start, 1, source + place * width + start, 1, target + Int(index) * width + start)
                }
            }
        }
    }

    /// In each row of the last axis the element at this index: [rows, columns] and one index a row give [rows].
    public func picked(_ indices: [Int32]) throws(TensorError) -> Tensor {
        let (rows, columns) = (shape.leading, shape.last)
        guard rank >= 1, indices.count == rows, indices.allSatisfy({ $0 >= 0 && $0 < columns }) else {
            throw TensorError("picked", [shape, [indices.count]], "one index below \(columns) for each row is needed")
        }
        let flat = try reshaped([rows * columns, 1])
        var places: [Int32] = []
        for (row, index) in indices.enumerated() {
            guard let place = Int32(exactly: row * columns + Int(index)) else {
                throw TensorError("picked", [shape], "the tensor has more than 2^31 elements")
            }
            places.append(place)
        }
        return try flat.gathered(places).reshaped([rows])
    }
}

extension Tape {
    func backwardGather(_ input: NodeReference, _ indices: [Int32], _ gradient: Tensor<Scalar>) {
        if let d = target(input, rows: indices) {
            let packed = gradient.packed()
            Tensor.scatterAdd(indices, packed.pointer, into: d, width: packed.count / max(1, indices.count))
            keepAlive(packed)
            return
        }
        guard let (d, add) = target(input) else { return }
        let packed = gradient.packed()
        if !add {
            Parallel.elements(input.shape.count) { start, end in lathe_fill(Scalar.kernelType, end - start, 0, d + start) }
        }
        Tensor.scatterAdd(indices, packed.pointer, into: d, width: packed.count / max(1, indices.count))
        keepAlive(packed)
    }

    func backwardScatterAdd(_ input: NodeReference, _ indices: [Int32], _ gradient: Tensor<Scalar>) {
        guard let (d, add) = target(input) else { return }
        let packed = gradient.packed()
        let width = packed.count / max(1, packed.shape[0])
        for (place, index) in indices.enumerated() {
            lathe_axpby(Scalar.kernelType, width, 1, packed.pointer + Int(index) * width, add ? 1 : 0, d + place * width)
        }
        keepAlive(packed)
    }
}
