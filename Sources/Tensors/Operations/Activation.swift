import CKernels

/// A function applied to each element after a layer.
public enum Activation: Sendable, Hashable, Codable {
    case identity
    /// max(x, 0)
    case relu
    /// min(max(x, 0), 6)
    case relu6
    /// x for positive x, else slope * x
    case leakyReLU(slope: Double)
    /// x Phi(x) with the exact normal distribution function
    case gelu
    case tanh
    case sigmoid
    /// log(1 + exp(x))
    case softplus
    /// x sigmoid(x), also called swish
    case silu
    /// x for positive x, else alpha (exp(x) - 1)
    case elu(alpha: Double)

    var function: ElementFunction {
        switch self {
        case .identity: .init(LATHE_IDENTITY, reads: .neither)
        case .relu: .init(LATHE_RELU, reads: .output)
        case .relu6: .init(LATHE_RELU6, reads: .output)
        case .leakyReLU(let slope): .init(LATHE_LEAKY_RELU, slope, reads: slope > 0 ? .output : .input)
        case .gelu: .init(LATHE_GELU, reads: .input, cost: 12)
        case .tanh: .init(LATHE_TANH, reads: .output, cost: 8)
        case .sigmoid: .init(LATHE_SIGMOID, reads: .output, cost: 8)
        case .softplus: .init(LATHE_SOFTPLUS, reads: .input, cost: 10)
        case .silu: .init(LATHE_SILU, reads: .input, cost: 8)
        case .elu(let alpha): .init(LATHE_ELU, alpha, reads: .both, cost: 8)
        }
    }
}

/// An element function as the kernels know it.
struct ElementFunction {
    /// What its derivative is computed from.
    enum Reads { case input, output, both, neither }

    let code: Int32
    let p: Double
    let q: Double
    let reads: Reads
    /// Cost of one element, in multiplications.
    let cost: Int

    init(_ code: Int, _ p: Double = 0, _ q: Double = 0, reads: Reads, cost: Int = 1) {
        self.code = Int32(code)
        self.p = p
        self.q = q
        self.reads = reads
        self.cost = cost
    }

    var isIdentity: Bool { code == Int32(LATHE_IDENTITY) }
}
