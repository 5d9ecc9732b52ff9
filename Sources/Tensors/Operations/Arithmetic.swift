import CKernels

extension Tensor {
    private static func shape(_ name: String, _ a: Tensor, _ b: Tensor) throws(TensorError) -> Shape {
        guard let shape = a.shape.broadcast(with: b.shape) else {
            throw TensorError(name, [a.shape, b.shape], "the sizes of an axis differ and neither is 1")
        }
        try BufferPool.check(name, shape, of: Scalar.self)
        return shape
    }

    /// The sum, with broadcasting.
    public static func + (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
        let (shape, tape) = (try shape("+", a, b), try commonTape("+", a, b))
        return combine(LATHE_ADD, a, b, shape).recorded(on: tape, .add(a.reference, b.reference, sign: 1))
    }

    /// The difference, with broadcasting.
    public static func - (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
        let (shape, tape) = (try shape("-", a, b), try commonTape("-", a, b))
        return combine(LATHE_SUBTRACT, a, b, shape).recorded(on: tape, .add(a.reference, b.reference, sign: -1))
    }

    /// The product element by element, with broadcasting.
    public static func * (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
        let (shape, tape) = (try shape("*", a, b), try commonTape("*", a, b))
        return combine(LATHE_MULTIPLY, a, b, shape).recorded(on: tape, .multiply(a.saved, b.saved))
    }

    /// The quotient element by element, with broadcasting.
    public static func / (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
        let (shape, tape) = (try shape("/", a, b), try commonTape("/", a, b))
        let result = combine(LATHE_DIVIDE, a, b, shape)
        return result.recorded(on: tape, .divide(a.reference, b.saved, quotient: result.saved))
    }

    /// The larger element; at a tie the gradient goes to the first.
    public static func maximum(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
        try choose("maximum", LATHE_MAXIMUM, LATHE_GREATER_EQUAL, a, b, swapped: false)
    }

    /// The smaller element; at a tie the gradient goes to the first.
    public static func minimum(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
        try choose("minimum", LATHE_MINIMUM, LATHE_GREATER_EQUAL, a, b, swapped: true)
    }

    private static func choose(_ name: String, _ op: Int, _ comparison: Int, _ a: Tensor, _ b: Tensor,
                               swapped: Bool) throws(TensorError) -> Tensor {
        let (shape, tape) = (try shape(name, a, b), try commonTape(name, a, b))
        let result = combine(op, a, b, shape)
        guard let tape else { return result }
        let first = swapped ? combine(comparison, b, a, shape) : combine(comparison, a, b, shape)
        return result.recorded(on: tape, .select(first: first, a.reference, b.reference))
    }

    /// 1 where a > b, else 0; has no gradient.
    public static func isGreater(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
        combine(LATHE_GREATER, a, b, try shape("isGreater", a, b))
    }

    /// 1 where a = b, else 0; has no gradient.
    public static func isEqual(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
        combine(LATHE_EQUAL, a, b, try shape("isEqual", a, b))
    }

    /// `a` where `condition` is not 0, else `b`. The three are broadcast to one shape; the condition has no gradient.
    public static func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
        guard let partial = a.shape.broadcast(with: b.shape), let shape = partial.broadcast(with: condition.shape) else {
            throw TensorError("select", [condition.shape, a.shape, b.shape], "the sizes of an axis differ and neither is 1")
        }
        let tape = try commonTape("select", a, b)
        let (mask, first, second) = (try condition.detached().broadcast(to: shape).packed(),
                                     try a.detached().broadcast(to: shape).packed(),
                                     try b.detached().broadcast(to: shape).packed())
        defer { keepAlive(mask, first, second) }
        let result = try Tensor(for: "select", shape)
        let (pm, pa, pb, py) = (mask.pointer, first.pointer, second.pointer, result.pointer)
        Parallel.elements(shape.count) { start, end in
            lathe_select_where(Scalar.kernelType, end - start, pm + start, pa + start, pb + start, py + start)
        }
        return result.recorded(on: tape, .select(first: mask, a.reference, b.reference))
    }
}

extension Tape {
    func backwardAdd(_ a: NodeReference, _ b: NodeReference, _ sign: Double, _ gradient: Tensor<Scalar>) {
        if a.node >= 0 { accumulate(gradient.summed(to: a.shape), into: a) }
        guard b.node >= 0 else { return }
        let part = gradient.summed(to: b.shape)
        if sign == 1 { accumulate(part, into: b) } else { add(part, times: sign, into: b) }
    }

    /// Adds `factor` times a tensor of the input's shape to its gradient.
    func add(_ part: Tensor<Scalar>, times factor: Double, into input: NodeReference) {
        guard let (d, add) = target(input) else { return }
        let packed = part.packed()
        defer { keepAlive(packed) }
        let source = packed.pointer
        Parallel.elements(packed.count) { start, end in
            lathe_axpby(Scalar.kernelType, end - start, factor, source + start, add ? 1 : 0, d + start)
        }
    }

    func backwardMultiply(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ gradient: Tensor<Scalar>) {
        addProduct(gradient, b, into: a.savedReference)
        addProduct(gradient, a, into: b.savedReference)
    }

    /// Adds gradient * factor, summed to the input's shape.
    private func addProduct(_ gradient: Tensor<Scalar>, _ factor: Tensor<Scalar>, into input: NodeReference) {
        guard input.node >= 0 else { return }
        accumulate(Tensor.combine(LATHE_MULTIPLY, gradient, factor, gradient.shape).summed(to: input.shape), into: input)
    }

    func backwardDivide(_ a: NodeReference, _ b: Tensor<Scalar>, _ quotient: Tensor<Scalar>, _ gradient: Tensor<Scalar>) {
        let part = Tensor.combine(LATHE_DIVIDE, gradient, b, gradient.shape)
        if a.node >= 0 { accumulate(part.summed(to: a.shape), into: a) }
        if b.node >= 0 {
            let product = Tensor.combine(LATHE_MULTIPLY, part, quotient, gradient.shape)
            add(product.summed(to: b.shape), times: -1, into: b.savedReference)
        }
    }

    func backwardSelect(_ first: Tensor<Scalar>, _ a: NodeReference, _ b: NodeReference, _ gradient: Tensor<Scalar>) {
        let packed = gradient.packed()
        defer { keepAlive(packed, first) }
        let (g, mask) = (packed.pointer, first.pointer)
        for (input, isFirst) in [(a, true), (b, false)] where input.node >= 0 {
            let part = Tensor<Scalar>(uninitialized: packed.shape)
            let d = part.pointer
            Parallel.elements(packed.count) { start, end in
                lathe_select_where(Scalar.kernelType, end - start, mask + start, isFirst ? g + start : nil, isFirst ? nil : g + start, d + start)
            }
            accumulate(part.summed(to: input.shape), into: input)
        }
    }
}
