import CKernels

/// A dense array of numbers with a shape of up to five axes: a value that is never changed once it exists.
///
///     let x = Tensor<Float>(shape: [2, 3], [1, 2, 3, 4, 5, 6])
///     let y = try x.matmul(weights) + bias
///
/// Copies share memory. Reshaping, transposing, slicing and broadcasting give views without copying. A tensor
/// that stems from a parameter or a watched tensor of a `Tape` is recorded there; other tensors are plain
/// values and cost nothing after their last use. Operations throw `TensorError` when shapes do not fit.
public struct Tensor<Scalar: TensorScalar> {
    public let shape: Shape
    let strides: SIMD8<Int>
    let offset: Int
    var buffer: Buffer<Scalar>
    /// The tape that records what is computed from this tensor; nil for a plain value.
    let tape: Tape<Scalar>?
    /// Its place on that tape, -1 without one.
    let node: Int32
    let generation: UInt32

    init(shape: Shape, strides: SIMD8<Int>, offset: Int, buffer: Buffer<Scalar>, tape: Tape<Scalar>? = nil,
         node: Int32 = -1, generation: UInt32 = 0) {
        self.shape = shape
        self.strides = strides
        self.offset = offset
        self.buffer = buffer
        self.tape = tape
        self.node = node
        self.generation = generation
    }

    /// A contiguous tensor whose elements are not yet written.
    init(uninitialized shape: Shape) {
        self.init(shape: shape, strides: shape.contiguousStrides, offset: 0, buffer: Buffer(shape.count))
    }

    /// A contiguous tensor whose elements are not yet written, for the result of an operation.
    ///
    /// - Throws: `TensorError` when it is larger than all memory.
    init(for operation: String, _ shape: Shape) throws(TensorError) {
        try BufferPool.check(operation, shape, of: Scalar.self)
        self.init(uninitialized: shape)
    }

    /// Creates a tensor from its elements in row-major order; `values.count` must be `shape.count`.
    public init(shape: Shape, _ values: [Scalar]) {
        precondition(values.count == shape.count, "\(values.count) values for the shape \(shape)")
        self.init(uninitialized: shape)
        values.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { pointer.update(from: base, count: source.count) }
        }
    }

    /// Creates a tensor of equal elements.
    public init(shape: Shape, repeating value: Scalar = 0) {
        self.init(uninitialized: shape)
        if buffer.isReal { lathe_fill(Scalar.kernelType, shape.count, Double(value), pointer) }
    }

    /// Creates a scalar.
    public init(_ value: Scalar) { self.init(shape: [], [value]) }

    /// Creates a tensor by calling `element` for each place in row-major order.
    public init(shape: Shape, generating element: (Int) throws -> Scalar) rethrows {
        self.init(uninitialized: shape)
        guard buffer.isReal else { return }
        for index in 0..<shape.count { pointer[index] = try element(index) }
    }

    /// Creates a matrix of the other value type in this precision.
    public init(_ matrix: Matrix) {
        self.init(shape: [matrix.rows, matrix.columns], matrix.values.map { Scalar($0) })
    }

    /// Numbers from the uniform distribution in [`low`, `high`).
    public static func uniform(_ shape: Shape, in low: Scalar = 0, _ high: Scalar = 1,
                               from source: inout RandomSource) -> Tensor {
        Tensor(shape: shape, generating: { _ in low + (high - low) * Scalar(source.uniform()) })
    }

    /// Numbers from the normal distribution.
    public static func normal(_ shape: Shape, mean: Scalar = 0, deviation: Scalar = 1,
                              from source: inout RandomSource) -> Tensor {
        Tensor(shape: shape, generating: { _ in mean + deviation * Scalar(source.normal()) })
    }

    public var rank: Int { shape.rank }
    public var count: Int { shape.count }

    /// The first element, in this module only; the caller keeps the tensor alive.
    var pointer: UnsafeMutablePointer<Scalar> { buffer.pointer + offset }

    /// Whether the elements lie in row-major order without gaps.
    public var isContiguous: Bool {
        var step = 1
        for axis in stride(from: shape.rank - 1, through: 0, by: -1) {
            let size = shape[axis]
            if size != 1 && strides[axis] != step { return false }
            step *= size
        }
        return true
    }

    /// Whether operations on this tensor are recorded.
    public var isRecorded: Bool { tape != nil }

    /// The same elements as a plain value that no tape records: the gradient stops here.
    public func detached() -> Tensor {
        Tensor(shape: shape, strides: strides, offset: offset, buffer: buffer)
    }

    /// The same elements in row-major order; itself when they already are.
    func packed() -> Tensor {
        if isContiguous { return self }
        let result = Tensor(uninitialized: shape)
        copyElements(to: result.pointer)
        return Tensor(shape: shape, strides: result.strides, offset: 0, buffer: result.buffer, tape: tape, node: node,
                      generation: generation)
    }

    /// Writes the elements in row-major order.
    func copyElements(to target: UnsafeMutablePointer<Scalar>) {
        if isContiguous {
            let source = pointer
            Parallel.split(count, grain: 1 << 17, unit: 64) { start, end in
                (target + start).update(from: source + start, count: end - start)
            }
            return
        }
        let sizes = (0..<rank).map { shape[$0] }
        let steps = (0..<rank).map { strides[$0] }
        let source = pointer
        let outer = sizes[0], block = outer == 0 ? 0 : count / outer
        sizes.withUnsafeBufferPointer { sizes in
            steps.withUnsafeBufferPointer { steps in
                if rank >= 3, outer > 1 {
                    Parallel.split(outer, grain: max(1, 16384 / max(1, block))) { start, end in
                        for index in start..<end {
                            lathe_copy_strided(Scalar.kernelType, Int32(rank - 1), sizes.baseAddress! + 1, steps.baseAddress! + 1,
                                               source + index * steps[0], target + index * block)
                        }
                    }
                } else {
                    lathe_copy_strided(Scalar.kernelType, Int32(rank), sizes.baseAddress!, steps.baseAddress!, source, target)
                }
            }
        }
        keepAlive(self)
    }

    /// The elements in row-major order.
    public var scalars: [Scalar] {
        [Scalar](unsafeUninitializedCapacity: count) { target, initialized in
            if let base = target.baseAddress, count > 0 { copyElements(to: base) }
            initialized = count
        }
    }

    /// The only element of a tensor of one.
    public var scalar: Scalar {
        precondition(count == 1, "scalar of a tensor of shape \(shape)")
        defer { keepAlive(self) }
        return pointer.pointee
    }

    /// The element at these indices, one an axis.
    public subscript(indices: Int...) -> Scalar {
        precondition(indices.count == rank, "\(indices.count) indices for the shape \(shape)")
        var place = 0
        for (axis, index) in indices.enumerated() {
            precondition(index >= 0 && index < shape[axis], "index \(index) of axis \(axis) in \(shape)")
            place += index * strides[axis]
        }
        defer { keepAlive(self) }
        return pointer[place]
    }

    /// Calls `body` with the elements in row-major order.
    public func withScalars<Result>(_ body: (UnsafeBufferPointer<Scalar>) throws -> Result) rethrows -> Result {
        let packed = packed()
        defer { keepAlive(packed) }
        return try body(UnsafeBufferPointer(start: packed.pointer, count: count))
    }

    /// The same numbers in another precision.
    public func converted<Other: TensorScalar>(to type: Other.Type = Other.self) -> Tensor<Other> {
        withScalars { source in Tensor<Other>(shape: shape, generating: { Other(source[$0]) }) }
    }

    /// A rank-2 tensor as a Float64 matrix.
    public var matrix: Matrix {
        precondition(rank == 2, "matrix of a tensor of shape \(shape)")
        return withScalars { Matrix(rows: shape[0], columns: shape[1], values: $0.map { Double($0) }) }
    }
}

extension Tensor: CustomStringConvertible {
    public var description: String {
        let shown = scalars.prefix(12).map { "\($0)" }.joined(separator: ", ")
        return "Tensor\(shape) [\(shown)\(count > 12 ? ", …" : "")]"
    }
}
