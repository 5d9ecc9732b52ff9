import CKernels

/// Records operations and goes back through them for the gradient of a scalar (reverse mode).
///
///     let tape = Tape<Float>()
///     let loss = try tape.differentiate(model.parameters) {
///         try model(images).crossEntropy(labels)
///     }
///     optimiser.update()
///
/// Records are plain values in an array that is used again in the next step. A saved activation is released
/// as soon as the way back has passed it. One tape belongs to one thread; several tapes may be at work at
/// the same time if they share no parameters.
public final class Tape<Scalar: TensorScalar> {
    private(set) var operations: [Operation<Scalar>] = []
    var gradients: [Tensor<Scalar>?] = []
    /// The shape of each result.
    private(set) var shapes: [Shape] = []
    /// While gradients are taken for each example by itself, where they go.
    var examples: ExampleCollector<Scalar>?
    /// Counts the steps, so that a tensor of an earlier one is recognised.
    private(set) var generation: UInt32 = 1
    private var stores: [ParameterStore<Scalar>] = []
    /// Nodes whose gradient is kept for the caller.
    private var watched: Set<Int32> = []

    public init() {
        operations.reserveCapacity(256)
        gradients.reserveCapacity(256)
        shapes.reserveCapacity(256)
    }

    /// Begins a step: forgets the last one and records the use of the parameters in `stores` from now on.
    public func begin(_ stores: [ParameterStore<Scalar>] = []) {
        end()
        self.stores = stores
        for store in stores {
            precondition(store.tape == nil || store.tape === self, "parameters that another tape records")
            store.tape = self
            // Another tape may have counted as far: its places are not this one's.
            store.leafGeneration = 0
        }
    }

    /// Ends a step: releases everything that was recorded.
    public func end() {
        for store in stores { store.tape = nil }
        stores.removeAll(keepingCapacity: true)
        operations.removeAll(keepingCapacity: true)
        gradients.removeAll(keepingCapacity: true)
        shapes.removeAll(keepingCapacity: true)
        watched.removeAll(keepingCapacity: true)
        generation &+= 1
    }

    /// One step: records `body`, goes back from its result (a tensor of one element), leaves the gradients in
    /// the stores and returns the value.
    @discardableResult
    public func differentiate(_ stores: ParameterStore<Scalar>..., of body: () throws -> Tensor<Scalar>) throws -> Scalar {
        begin(stores)
        defer { end() }
        let loss = try body()
        try backward(from: loss)
        return loss.scalar
    }

    /// A recorded copy of `tensor` whose gradient can be asked for after the way back.
    public func watch(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
        let node = append(.watched, tensor.shape)
        watched.insert(node)
        return Tensor(shape: tensor.shape, strides: tensor.strides, offset: tensor.offset, buffer: tensor.buffer,
                      tape: self, node: node, generation: generation)
    }

    /// The gradient of a watched tensor, or of a parameter's tensor, after the way back; zeros where it was not reached.
    public func gradient(of tensor: Tensor<Scalar>) -> Tensor<Scalar> {
        guard tensor.tape === self, tensor.generation == generation, tensor.node >= 0 else {
            return Tensor(shape: tensor.shape, repeating: 0)
        }
        if case .parameter(let store, let index) = operations[Int(tensor.node)] {
            return Tensor(shape: tensor.shape, store.gradientView(index).scalars)
        }
        return gradients[Int(tensor.node)]?.detached() ?? Tensor(shape: tensor.shape, repeating: 0)
    }

    func append(_ operation: Operation<Scalar>, _ shape: Shape) -> Int32 {
        operations.append(operation)
        gradients.append(nil)
        shapes.append(shape)
        return Int32(operations.count - 1)
    }

    /// Goes back from `result` with the gradient `seed` (1 for a scalar).
    ///
    /// - Parameter keepingRecords: true if another way back over the same records will follow.
    /// - Throws: `TensorError` when `result` is not recorded here or has several elements and no seed.
    public func backward(from result: Tensor<Scalar>, seed: Tensor<Scalar>? = nil,
                         keepingRecords: Bool = false) throws(TensorError) {
        try BufferPool.check("backward", [result.shape])
        guard seed != nil || result.count == 1 else {
            throw TensorError("backward", [result.shape], "only a single number has a gradient without a seed; sum it first")
        }
        if let seed, seed.shape != result.shape {
            throw TensorError("backward", [result.shape, seed.shape], "the seed must have the shape of the result")
        }
        for store in stores { store.forgetGradients() }
        for index in gradients.indices { gradients[index] = nil }
        if result.tape != nil {
            guard result.tape === self, result.generation == generation else {
                throw TensorError("backward", [result.shape], "the result was recorded by another tape or in an earlier step")
            }
            gradients[Int(result.node)] = (seed ?? Tensor(shape: result.shape, repeating: 1)).packed().detached()
            var index = Int(result.node)
            while index >= 0 {
                propagate(index, keepingRecords)
                // What was computed without memory is no gradient.
                try BufferPool.check("backward", [result.shape])
                index -= 1
            }
        }
        // A parameter that was not reached has gradient zero.
        for store in stores {
            for (index, entry) in store.entries.enumerated() where entry.isLearnt && !store.hasGradient[index] && store.touched[index] == nil {
                let view = store.gradientView(index)
                lathe_fill(Scalar.kernelType, view.count, 0, view.pointer)
            }
        }
        try BufferPool.check("backward", [result.shape])
    }

    private func propagate(_ index: Int, _ keepingRecords: Bool) {
        if case .parameter = operations[index] {
            // A seed or a plain sum arrived at the parameter itself.
            if let gradient = gradients[index] {
                gradients[index] = nil
                accumulate(gradient, into: NodeReference(node: Int32(index), shape: gradient.shape))
            }
            return
        }
        guard !watched.contains(Int32(index)) else { return }
        guard let gradient = gradients[index] else {
            if !keepingRecords { operations[index] = .released }
            return
        }
        gradients[index] = nil
        var operation = Operation<Scalar>.released
        if keepingRecords { operation = operations[index] } else { swap(&operation, &operations[index]) }
        propagate(operation, gradient)
    }

    /// Where the gradient of an input goes: the memory, and whether it already holds a part of the sum.
    /// Nil for an input that needs none.
    func target(_ input: NodeReference) -> (pointer: UnsafeMutablePointer<Scalar>, accumulate: Bool)? {
        guard input.node >= 0 else { return nil }
        let index = Int(input.node)
        if case .parameter(let store, let place) = operations[index] {
            if let examples { return examples.target(index) }
            let accumulate = store.hasGradient[place]
            store.hasGradient[place] = true
            store.touched[place]?.isWhole = true
            return (store.gradientView(place).pointer, accumulate)
        }
        if let examples {
            if let leaf = parameterLeaf(input.node) { return examples.target(leaf) }
            if examples.isOnlyForParameters { return nil }
        }
        if gradients[index] != nil {
            if !isKnownUniquelyReferenced(&gradients[index]!.buffer) || !gradients[index]!.isContiguous {
                let shared = gradients[index]!
                let copy = Tensor<Scalar>(uninitialized: shared.shape)
                shared.copyElements(to: copy.pointer)
                gradients[index] = copy
            }
            return (gradients[index]!.pointer, true)
        }
        let fresh = Tensor<Scalar>(uninitialized: input.shape)
        gradients[index] = fresh
        return (fresh.pointer, false)
    }

    /// Where the gradient of rows of an input is added when the input is a table; nil for any other, see `target`.
    func target(_ input: NodeReference, rows: [Int32]) -> UnsafeMutablePointer<Scalar>? {
        guard examples == nil, input.node >= 0, case .parameter(let store, let place) = operations[Int(input.node)] else { return nil }
        return store.target(place, rows: rows)
    }

    /// Adds `gradient` to that of an input, without a copy when it is the first part.
    func accumulate(_ gradient: Tensor<Scalar>, into input: NodeReference) {
        guard input.node >= 0 else { return }
        let index = Int(input.node)
        let isKept: Bool
        if let examples {
            isKept = !examples.isOnlyForParameters && parameterLeaf(input.node) == nil
        } else if case .parameter = operations[index] {
            isKept = false
        } else {
            isKept = true
        }
        if isKept, gradients[index] == nil {
            gradients[index] = gradient.shape == input.shape ? gradient.detached() : gradient.packed().detached().viewed(as: input.shape)
            return
        }
        guard let (pointer, add) = target(input) else { return }
        let packed = gradient.packed()
        let source = packed.pointer
        defer { keepAlive(packed) }
        Parallel.elements(packed.count) { start, end in
            lathe_axpby(Scalar.kernelType, end - start, 1, source + start, add ? 1 : 0, pointer + start)
        }
    }
}

/// An input of a recorded operation whose values the way back does not need.
struct NodeReference {
    let node: Int32
    let shape: Shape
}

extension Tensor {
    var reference: NodeReference { NodeReference(node: tape == nil ? -1 : node, shape: shape) }

    /// This tensor as a record keeps it: without the tape, so that tape and records do not hold each other.
    var saved: Tensor {
        Tensor(shape: shape, strides: strides, offset: offset, buffer: buffer, tape: nil, node: tape == nil ? -1 : node)
    }

    /// The reference of a saved tensor.
    var savedReference: NodeReference { NodeReference(node: node, shape: shape) }

    /// Contiguous elements under another shape of the same count.
    func viewed(as shape: Shape) -> Tensor {
        Tensor(shape: shape, strides: shape.contiguousStrides, offset: offset, buffer: buffer, tape: tape, node: node,
               generation: generation)
    }

    /// The tape of an operation's inputs; nil when none is recorded.
    static func commonTape(_ operation: String, _ inputs: Tensor...) throws(TensorError) -> Tape<Scalar>? {
        try commonTape(operation, inputs)
    }

    static func commonTape(_ operation: String, _ inputs: [Tensor]) throws(TensorError) -> Tape<Scalar>? {
        try BufferPool.check(operation, inputs.map(\.shape))
        var common: Tape<Scalar>?
        for input in inputs {
            guard let tape = input.tape else { continue }
            guard input.generation == tape.generation else {
                throw TensorError(operation, [input.shape], "an input was recorded in an earlier step; take its detached() value")
            }
            guard common == nil || common === tape else {
                throw TensorError(operation, inputs.map(\.shape), "the inputs are recorded by different tapes")
            }
            common = tape
        }
        return common
    }

    /// This plain result as a recorded one.
    func recorded(on tape: Tape<Scalar>?, _ operation: @autoclosure () -> Operation<Scalar>) -> Tensor {
        guard let tape else { return self }
        return Tensor(shape: shape, strides: strides, offset: offset, buffer: buffer, tape: tape,
                      node: tape.append(operation(), shape), generation: tape.generation)
    }
}
