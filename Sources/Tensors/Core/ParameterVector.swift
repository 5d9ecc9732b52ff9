import CKernels

/// One number for each learnt number of a store: a gradient that is kept, a direction in the space of the weights.
///
///     let g = model.parameters.gradientVector
///     let t = (v * (1 / v.norm)) - g * (v.dot(g) / g.norm)
public struct ParameterVector<Scalar: TensorScalar> {
    public let store: ParameterStore<Scalar>
    /// In the order of the store's flat buffers; what lies between two parameters is zero.
    let numbers: Tensor<Scalar>

    init(_ store: ParameterStore<Scalar>, _ numbers: Tensor<Scalar>) {
        (self.store, self.numbers) = (store, numbers)
    }

    /// Zeros.
    public init(zerosFor store: ParameterStore<Scalar>) {
        self.init(store, Tensor(shape: [store.learntCount], repeating: 0))
    }

    /// The part of one parameter of the store, which must be learnt.
    public subscript(parameter: Parameter<Scalar>) -> Tensor<Scalar> {
        precondition(parameter.store === store && parameter.isLearnt, "\(parameter.name) is no learnt parameter of the vector's store")
        return part(parameter.index)
    }

    func part(_ index: Int) -> Tensor<Scalar> {
        let entry = store.entries[index]
        return Tensor(shape: entry.shape, strides: entry.shape.contiguousStrides, offset: entry.offset, buffer: numbers.buffer)
    }

    /// The inner product with a vector of the same store.
    public func dot(_ other: ParameterVector) -> Double {
        precondition(store === other.store, "vectors of different stores")
        var result = 0.0
        lathe_dot(Scalar.kernelType, numbers.count, numbers.pointer, other.numbers.pointer, &result)
        keepAlive(numbers, other.numbers)
        return result
    }

    /// The Euclidean norm.
    public var norm: Double { dot(self).squareRoot() }

    /// This vector plus `factor` times another of the same store.
    public func adding(_ other: ParameterVector, times factor: Double) -> ParameterVector {
        precondition(store === other.store, "vectors of different stores")
        let sum = Tensor<Scalar>(uninitialized: numbers.shape)
        let (x, y, target) = (numbers.pointer, other.numbers.pointer, sum.pointer)
        Parallel.elements(numbers.count) { start, end in
            (target + start).update(from: x + start, count: end - start)
            lathe_axpby(Scalar.kernelType, end - start, factor, y + start, 1, target + start)
        }
        keepAlive(numbers, other.numbers)
        return ParameterVector(store, sum)
    }

    public static func + (a: ParameterVector, b: ParameterVector) -> ParameterVector { a.adding(b, times: 1) }
    public static func - (a: ParameterVector, b: ParameterVector) -> ParameterVector { a.adding(b, times: -1) }

    public static func * (a: ParameterVector, factor: Double) -> ParameterVector {
        let product = Tensor<Scalar>(uninitialized: a.numbers.shape)
        lathe_axpby(Scalar.kernelType, a.numbers.count, factor, a.numbers.pointer, 0, product.pointer)
        keepAlive(a.numbers)
        return ParameterVector(a.store, product)
    }
}

extension ParameterStore {
    private func copy(of buffer: Buffer<Scalar>) -> ParameterVector<Scalar> {
        let numbers = Tensor<Scalar>(uninitialized: [learntCount])
        numbers.pointer.update(from: buffer.pointer, count: learntCount)
        keepAlive(buffer)
        return ParameterVector(self, numbers)
    }

    /// A copy of the gradients that the last backward pass left.
    public var gradientVector: ParameterVector<Scalar> { copy(of: gradients) }

    /// A copy of the learnt values.
    public var valueVector: ParameterVector<Scalar> { copy(of: values) }

    /// Moves the learnt values: w += step * direction.
    public func move(along direction: ParameterVector<Scalar>, by step: Double) {
        precondition(direction.store === self, "a direction of another store")
        lathe_axpby(Scalar.kernelType, learntCount, step, direction.numbers.pointer, 1, values.pointer)
        keepAlive(direction.numbers)
    }
}
