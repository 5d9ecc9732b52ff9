/// How the border of an image is filled for a convolution or pooling.
public enum Padding: Sendable, Hashable, Codable {
    /// No border: the result is smaller.
    case valid
    /// The same number of zeros on all sides, as PyTorch's `padding=`.
    case symmetric(Int)
    /// As many zeros as make the result ceil(n / stride) long, the smaller half first: TensorFlow's "same".
    case same
    /// dilation * (kernel - 1) zeros, half of them rounded down first: PyTorch's "same", for stride 1.
    case sameTorch
    /// Different numbers on each side.
    case explicit(top: Int, bottom: Int, left: Int, right: Int)

    /// Zeros before and after along one axis.
    func amounts(size: Int, kernel: Int, stride: Int, dilation: Int, vertical: Bool) -> (before: Int, after: Int) {
        let reach = dilation * (kernel - 1)
        switch self {
        case .valid: return (0, 0)
        case .symmetric(let amount): return (amount, amount)
        case .same:
            let total = max(((size + stride - 1) / stride - 1) * stride + reach + 1 - size, 0)
            return (total / 2, total - total / 2)
        case .sameTorch: return (reach / 2, reach - reach / 2)
        case .explicit(let top, let bottom, let left, let right): return vertical ? (top, bottom) : (left, right)
        }
    }

    /// The options of a sequence seen as an image of height 1, with the border on its sides only.
    static func sequence(_ operation: String, _ padding: Padding, length: Int, kernel: Int, stride: Int, dilation: Int, groups: Int,
                         _ shapes: [Shape]) throws(TensorError) -> ConvolutionOptions {
        guard [kernel, stride, dilation].allSatisfy({ $0 >= 1 && $0 <= 1 << 20 }) else {
            throw TensorError(operation, shapes, "kernel size, stride and dilation must be positive and at most 1,048,576")
        }
        let horizontal = padding.amounts(size: length, kernel: kernel, stride: stride, dilation: dilation, vertical: false)
        return ConvolutionOptions(strideY: 1, strideX: stride, padding: .explicit(top: 0, bottom: 0, left: horizontal.before, right: horizontal.after),
                                  dilationY: 1, dilationX: dilation, groups: groups)
    }
}

/// Stride, dilation, border and groups of a convolution.
public struct ConvolutionOptions: Sendable, Hashable, Codable {
    public var strideY: Int
    public var strideX: Int
    public var padding: Padding
    public var dilationY: Int
    public var dilationX: Int
    public var groups: Int

    public init(stride: Int = 1, padding: Padding = .valid, dilation: Int = 1, groups: Int = 1) {
        (strideY, strideX, self.padding, dilationY, dilationX, self.groups) = (stride, stride, padding, dilation, dilation, groups)
    }

    public init(strideY: Int, strideX: Int, padding: Padding = .valid, dilationY: Int = 1, dilationX: Int = 1, groups: Int = 1) {
        (self.strideY, self.strideX, self.padding) = (strideY, strideX, padding)
        (self.dilationY, self.dilationX, self.groups) = (dilationY, dilationX, groups)
    }
}
