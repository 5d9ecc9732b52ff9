import CKernels

extension Tensor {
    /// The same elements in row-major order under another shape; a view when they lie contiguously. One size
    /// may be -1: it is what remains.
    public func reshaped(_ dimensions: [Int]) throws(TensorError) -> Tensor {
        var dimensions = dimensions
        if let free = dimensions.firstIndex(of: -1) {
            let rest = dimensions.enumerated().reduce(1) { $1.offset == free ? $0 : $0 &* $1.element }
            guard rest > 0, count % rest == 0 else {
                throw TensorError("reshaped", [shape], "\(count) elements do not fit \(dimensions)")
            }
            dimensions[free] = count / rest
        }
        guard let target = Shape(outside: dimensions), target.count == count else {
            throw TensorError("reshaped", [shape], "\(count) elements do not fit \(dimensions)")
        }
        let tape = try Self.commonTape("reshaped", self)
        if target == shape { return self }
        let source = detached().packed()
        return Tensor(shape: target, strides: target.contiguousStrides, offset: source.offset, buffer: source.buffer)
            .recorded(on: tape, .reshape(input: reference))
    }

    public func reshaped(_ dimensions: Int...) throws(TensorError) -> Tensor { try reshaped(dimensions) }

    /// The axes in another order, as a view: axis i of the result is axis `order[i]` of this.
    public func permuted(_ order: [Int]) throws(TensorError) -> Tensor {
        guard order.sorted() == Array(0..<rank) else {
            throw TensorError("permuted", [shape], "\(order) is not an order of its \(rank) axes")
        }
        let tape = try Self.commonTape("permuted", self)
        var steps = SIMD8<Int>(repeating: 0)
        for (place, axis) in order.enumerated() { steps[place] = strides[axis] }
        return Tensor(shape: Shape(order.map { shape[$0] }), strides: steps, offset: offset, buffer: buffer)
            .recorded(on: tape, .permute(input: reference, order: order))
    }

    /// The last two axes swapped, as a view.
    public func transposed() throws(TensorError) -> Tensor {
        guard rank >= 2 else { throw TensorError("transposed", [shape], "two axes are needed") }
        var order = Array(0..<rank)
        order.swapAt(rank - 1, rank - 2)
        return try permuted(order)
    }

    /// The elements `range` of an axis, as a view.
    public func sliced(axis: Int = 0, _ range: Range<Int>) throws(TensorError) -> Tensor {
        let place = axis < 0 ? axis + rank : axis
        guard place >= 0, place < rank, range.lowerBound >= 0, range.upperBound <= shape[place] else {
            throw TensorError("sliced", [shape], "axis \(axis) has no range \(range)")
        }
        let tape = try Self.commonTape("sliced", self)
        return Tensor(shape: shape.replacing(place, with: range.count), strides: strides,
                      offset: offset + range.lowerBound * strides[place], buffer: buffer)
            .recorded(on: tape, .slice(input: reference, axis: place, start: range.lowerBound))
    }

    /// One element of an axis, which disappears.
    public func selected(axis: Int = 0, _ index: Int) throws(TensorError) -> Tensor {
        let place = axis < 0 ? axis + rank : axis
        let slice = try sliced(axis: axis, index..<(index == Int.max ? index : index + 1))
        return try slice.reshaped(shape.removing(place).dimensions)
    }

    /// A new axis of size 1 at `axis`.
    public func expandingAxis(at axis: Int) throws(TensorError) -> Tensor {
        guard axis >= 0, axis <= rank, rank < Shape.maximumRank else {
            throw TensorError("expandingAxis", [shape], "no axis can be added at \(axis)")
        }
        var dimensions = shape.dimensions
        dimensions.insert(1, at: axis)
        return try reshaped(dimensions)
    }

    /// The tensors one after the other along an axis.
    public static func concatenated(_ tensors: [Tensor], axis: Int = 0) throws(TensorError) -> Tensor {
        guard let first = tensors.first else { throw TensorError("concatenated", [], "there is no tensor") }
        let place = axis < 0 ? axis + first.rank : axis
        guard place >= 0, place < first.rank else { throw TensorError("concatenated", [first.shape], "there is no axis \(axis)") }
        var total = 0
        for tensor in tensors {
            guard tensor.rank == first.rank, tensor.shape.replacing(place, with: 0) == first.shape.replacing(place, with: 0) else {
                throw TensorError("concatenated", [first.shape, tensor.shape], "sizes differ away from axis \(place)")
            }
            total += tensor.shape[place]
        }
        let tape = try commonTape("concatenated", tensors)
        let result = try Tensor(for: "concatenated", first.shape.replacing(place, with: total))
        var (outer, inner) = (1, 1)
        for axis in 0..<place { outer *= first.shape[axis] }
        for axis in place + 1..<max(place + 1, first.rank) { inner *= first.shape[axis] }
        var start = 0
        for tensor in tensors {
            let source = tensor.packed()
            let block = tensor.shape[place] * inner
            for row in 0..<outer {
                (result.pointer + (row * total * inner + start)).update(from: source.pointer + row * block, count: block)
            }
            keepAlive(source)
            start += block
        }
        return result.recorded(on: tape, .concatenate(inputs: tensors.map(\.reference), axis: place))
    }

    /// The tensors along a new axis.
    public static func stacked(_ tensors: [Tensor], axis: Int = 0) throws(TensorError) -> Tensor {
        var expanded: [Tensor] = []
        for tensor in tensors { expanded.append(try tensor.expandingAxis(at: axis)) }
        return try concatenated(expanded, axis: axis)
    }

    /// Equal parts along an axis, as views; the number of parts must divide its size.
    public func split(into parts: Int, axis: Int = -1) throws(TensorError) -> [Tensor] {
        let place = axis < 0 ? axis + rank : axis
        guard place >= 0, place < rank, parts > 0, shape[place] % parts == 0 else {
            throw TensorError("split", [shape], "axis \(axis) does not split into \(parts)")
        }
        let size = shape[place] / parts
        var result: [Tensor] = []
        for part in 0..<parts { result.append(try sliced(axis: place, part * size..<(part + 1) * size)) }
        return result
    }

    /// The axes with `value` added before and after: one pair an axis.
    public func padded(_ amounts: [(before: Int, after: Int)], with value: Scalar = 0) throws(TensorError) -> Tensor {
        guard amounts.count == rank, amounts.allSatisfy({ 0...1 << 40 ~= $0.before && 0...1 << 40 ~= $0.after }) else {
            throw TensorError("padded", [shape], "one pair of amounts that are not negative is needed for each axis")
        }
        let tape = try Self.commonTape("padded", self)
        var larger = shape
        for axis in 0..<rank { larger[axis] += amounts[axis].before + amounts[axis].after }
        try BufferPool.check("padded", larger, of: Scalar.self)
        let result = Tensor(shape: larger, repeating: value)
        var start = 0
        for axis in 0..<rank { start += amounts[axis].before * result.strides[axis] }
        Self.copy(from: self, into: result.pointer + start, shape, result.strides)
        return result.recorded(on: tape, .pad(input: reference, before: amounts.map(\.before)))
    }

    /// An axis in reverse order.
    public func flipped(axis: Int) throws(TensorError) -> Tensor {
        let place = axis < 0 ? axis + rank : axis
        guard place >= 0, place < rank else { throw TensorError("flipped", [shape], "there is no axis \(axis)") }
        let tape = try Self.commonTape("flipped", self)
        return flippedView(place).packed().recorded(on: tape, .flip(input: reference, axis: place))
    }

    func flippedView(_ axis: Int) -> Tensor {
        var steps = strides
        steps[axis] = -strides[axis]
        return Tensor(shape: shape, strides: steps, offset: offset + max(0, shape[axis] - 1) * strides[axis], buffer: buffer)
    }

    /// The elements of an axis moved towards its end by `shift`, those that fall off coming in at its beginning.
    public func rolled(axis: Int, by shift: Int) throws(TensorError) -> Tensor {
        let place = axis < 0 ? axis + rank : axis
        guard place >= 0, place < rank else { throw TensorError("rolled", [shape], "there is no axis \(axis)") }
        let size = shape[place]
        guard size > 0 else { return self }
        let cut = ((-shift % size) + size) % size
        if cut == 0 { return self }
        return try Self.concatenated([sliced(axis: place, cut..<size), sliced(axis: place, 0..<cut)], axis: place)
    }

    /// Copies elements in row-major order to strided places.
    static func copy(from source: Tensor, into target: UnsafeMutablePointer<Scalar>, _ shape: Shape, _ strides: SIMD8<Int>) {
        guard shape.count > 0 else { return }
        let plan = BroadcastPlan(shape, source.strides, strides)
        let from = source.pointer
        // The plan's third offset counts packed elements, which is not wanted here: a is the source, b the target.
        plan.forEachRun { oa, ob, _, n, sa, sb in
            if sa == 1, sb == 1 {
                (target + ob).update(from: from + oa, count: n)
            } else {
                for i in 0..<n { target[ob + i * sb] = from[oa + i * sa] }
            }
        }
        keepAlive(source)
    }
}

extension Tape {
    func backwardPermute(_ input: NodeReference, _ order: [Int], _ gradient: Tensor<Scalar>) {
        var strides = SIMD8<Int>(repeating: 0)
        for (place, axis) in order.enumerated() { strides[axis] = gradient.strides[place] }
        accumulate(Tensor(shape: input.shape, strides: strides, offset: gradient.offset, buffer: gradient.buffer), into: input)
    }

    func backwardSlice(_ input: NodeReference, _ axis: Int, _ start: Int, _ gradient: Tensor<Scalar>) {
        guard let (d, add) = target(input) else { return }
        if !add { lathe_fill(Scalar.kernelType, input.shape.count, 0, d) }
        guard gradient.count > 0 else { return }
        let strides = input.shape.contiguousStrides
        let corner = d + start * strides[axis]
        let source = gradient.pointer
        BroadcastPlan(gradient.shape, gradient.strides, strides).forEachRun { oa, ob, _, n, sa, sb in
            if sb == 1, sa == 1 {
                lathe_axpby(Scalar.kernelType, n, 1, source + oa, 1, corner + ob)
            } else {
                for i in 0..<n { corner[ob + i * sb] += source[oa + i * sa] }
            }
        }
        keepAlive(gradient)
    }

    func backwardConcatenate(_ inputs: [NodeReference], _ axis: Int, _ gradient: Tensor<Scalar>) {
        var start = 0
        for input in inputs {
            let size = input.shape[axis]
            if input.node >= 0 {
                accumulate(Tensor(shape: input.shape, strides: gradient.strides, offset: gradient.offset + start * gradient.strides[axis],
                                  buffer: gradient.buffer), into: input)
            }
            start += size
        }
    }

    func backwardPad(_ input: NodeReference, _ before: [Int], _ gradient: Tensor<Scalar>) {
        var offset = gradient.offset
        for (axis, amount) in before.enumerated() { offset += amount * gradient.strides[axis] }
        accumulate(Tensor(shape: input.shape, strides: gradient.strides, offset: offset, buffer: gradient.buffer), into: input)
    }
}
