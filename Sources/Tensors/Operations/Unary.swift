import CKernels

extension Tensor {
    func mapped(_ name: String, _ function: ElementFunction) throws(TensorError) -> Tensor {
        let tape = try Self.commonTape(name, self)
        let input = packed()
        defer { keepAlive(input) }
        let result = try Tensor(for: name, shape)
        let (x, y) = (input.pointer, result.pointer)
        Parallel.elements(count, cost: function.cost) { start, end in
            lathe_unary(Scalar.kernelType, function.code, end - start, function.p, function.q, x + start, y + start)
        }
        return result.recorded(on: tape, .unary(
            function, input: reference,
            x: function.reads == .input || function.reads == .both ? input.saved : nil,
            y: function.reads == .output || function.reads == .both ? result.saved : nil))
    }

    /// The activation of each element.
    public func activated(_ activation: Activation) throws(TensorError) -> Tensor {
        activation == .identity ? self : try mapped("\(activation)", activation.function)
    }

    public func relu() throws(TensorError) -> Tensor { try activated(.relu) }
    public func relu6() throws(TensorError) -> Tensor { try activated(.relu6) }
    public func leakyReLU(slope: Double = 0.01) throws(TensorError) -> Tensor { try activated(.leakyReLU(slope: slope)) }
    public func gelu() throws(TensorError) -> Tensor { try activated(.gelu) }
    public func tanh() throws(TensorError) -> Tensor { try activated(.tanh) }
    public func sigmoid() throws(TensorError) -> Tensor { try activated(.sigmoid) }
    public func softplus() throws(TensorError) -> Tensor { try activated(.softplus) }
    public func silu() throws(TensorError) -> Tensor { try activated(.silu) }

    public func exp() throws(TensorError) -> Tensor { try mapped("exp", .init(LATHE_EXP, reads: .output, cost: 6)) }
    /// The natural logarithm: -infinity at 0, NaN below.
    public func log() throws(TensorError) -> Tensor { try mapped("log", .init(LATHE_LOG, reads: .input, cost: 6)) }
    public func squareRoot() throws(TensorError) -> Tensor { try mapped("squareRoot", .init(LATHE_SQRT, reads: .output, cost: 3)) }
    public func squared() throws(TensorError) -> Tensor { try mapped("squared", .init(LATHE_SQUARE, reads: .input)) }
    public func reciprocal() throws(TensorError) -> Tensor { try mapped("reciprocal", .init(LATHE_RECIPROCAL, reads: .output, cost: 3)) }
    /// The absolute value; its derivative at 0 is 0.
    public func absolute() throws(TensorError) -> Tensor { try mapped("absolute", .init(LATHE_ABS, reads: .input)) }
    public func sine() throws(TensorError) -> Tensor { try mapped("sine", .init(LATHE_SIN, reads: .input, cost: 20)) }
    public func cosine() throws(TensorError) -> Tensor { try mapped("cosine", .init(LATHE_COS, reads: .input, cost: 20)) }
    public func power(_ exponent: Double) throws(TensorError) -> Tensor {
        try mapped("power", .init(LATHE_POW, exponent, reads: .input, cost: 40))
    }
    /// Limits each element to [low, high]; the derivative is 0 outside and on the limits.
    public func clamped(_ low: Double, _ high: Double) throws(TensorError) -> Tensor {
        try mapped("clamped", .init(LATHE_CLAMP, low, high, reads: .input))
    }
    /// scale * x + offset
    public func scaled(by scale: Double, plus offset: Double = 0) throws(TensorError) -> Tensor {
        try mapped("scaled", .init(LATHE_AFFINE, scale, offset, reads: .neither))
    }

    public static func * (a: Tensor, b: Double) throws(TensorError) -> Tensor { try a.scaled(by: b) }
    public static func * (a: Double, b: Tensor) throws(TensorError) -> Tensor { try b.scaled(by: a) }
    public static func / (a: Tensor, b: Double) throws(TensorError) -> Tensor { try a.scaled(by: 1 / b) }
    public static func / (a: Double, b: Tensor) throws(TensorError) -> Tensor { try b.reciprocal().scaled(by: a) }
    public static func + (a: Tensor, b: Double) throws(TensorError) -> Tensor { try a.scaled(by: 1, plus: b) }
    public static func + (a: Double, b: Tensor) throws(TensorError) -> Tensor { try b.scaled(by: 1, plus: a) }
    public static func - (a: Tensor, b: Double) throws(TensorError) -> Tensor { try a.scaled(by: 1, plus: -b) }
    public static func - (a: Double, b: Tensor) throws(TensorError) -> Tensor { try b.scaled(by: -1, plus: a) }
    public static prefix func - (a: Tensor) throws(TensorError) -> Tensor { try a.scaled(by: -1) }

    /// The same values with a gradient that is turned round and scaled: -factor * g (gradient reversal, Ganin
    /// and Lempitsky 2015).
    public func gradientReversed(factor: Double = 1) -> Tensor {
        recorded(on: tape, .gradientScale(input: reference, factor: -factor))
    }
}

extension Tape {
    func backwardUnary(_ function: ElementFunction, _ input: NodeReference, _ x: Tensor<Scalar>?, _ y: Tensor<Scalar>?,
                       _ gradient: Tensor<Scalar>) {
        guard let (d, add) = target(input) else { return }
        let packed = gradient.packed()
        defer { keepAlive(packed, x, y) }
        let g = packed.pointer
        // The kernel may read the pointer it does not need.
        let (px, py) = (x?.pointer ?? y?.pointer ?? g, y?.pointer ?? x?.pointer ?? g)
        Parallel.elements(packed.count, cost: function.cost) { start, end in
            lathe_unary_backward(Scalar.kernelType, function.code, end - start, function.p, function.q, px + start, py + start,
                                 g + start, d + start, add ? 1 : 0)
        }
    }
}
