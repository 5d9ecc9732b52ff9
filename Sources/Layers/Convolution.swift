import Tensors

/// A convolution of images [batch, height, width, channels]; the weight is [kernel, kernel, inputs / groups, outputs].
public struct Convolution2D<Scalar: TensorScalar> {
    public let weight: Parameter<Scalar>
    public let bias: Parameter<Scalar>?
    public let options: ConvolutionOptions

    /// Adds the layer's parameters to `store`, uniform within 1 / sqrt(inputs / groups * kernel^2) (PyTorch's default).
    public init(_ name: String, inputs: Int, outputs: Int, kernel: Int, _ options: ConvolutionOptions = .init(), bias: Bool = true,
                in store: ParameterStore<Scalar>, from random: inout RandomSource) {
        let fan = max(1, inputs / max(1, options.groups) * kernel * kernel)
        let bound = Scalar(1 / Double(fan).squareRoot())
        weight = store.add("\(name).weight", .uniform([kernel, kernel, inputs / max(1, options.groups), outputs], in: -bound, bound, from: &random))
        self.bias = bias ? store.add("\(name).bias", .uniform([outputs], in: -bound, bound, from: &random)) : nil
        self.options = options
    }

    public func callAsFunction(_ x: Tensor<Scalar>, activation: Activation = .identity) throws(TensorError) -> Tensor<Scalar> {
        try x.conv2d(weight.tensor, bias: bias?.tensor, options, activation: activation)
    }
}

/// A convolution of sequences [batch, length, channels], with spectral normalisation on request; the weight is
/// [kernel, inputs, outputs].
public struct Convolution1D<Scalar: TensorScalar> {
    public let weight: Parameter<Scalar>
    public let bias: Parameter<Scalar>?
    /// The left singular vector that spectral normalisation keeps.
    public let vector: Parameter<Scalar>?
    public let stride: Int
    public let padding: Padding
    public let dilation: Int

    public init(_ name: String, inputs: Int, outputs: Int, kernel: Int, stride: Int = 1, padding: Padding = .valid, dilation: Int = 1,
                bias: Bool = true, isSpectral: Bool = false, in store: ParameterStore<Scalar>, from random: inout RandomSource) {
        let bound = Scalar(1 / Double(max(1, inputs * kernel)).squareRoot())
        weight = store.add("\(name).weight", .uniform([kernel, inputs, outputs], in: -bound, bound, from: &random))
        self.bias = bias ? store.add("\(name).bias", .uniform([outputs], in: -bound, bound, from: &random)) : nil
        if isSpectral {
            let start = Tensor<Scalar>.normal([outputs], from: &random).scalars
            let norm = start.reduce(0) { $0 + $1 * $1 }.squareRoot()
            vector = store.addState("\(name).vector", Tensor(shape: [outputs], start.map { $0 / norm }))
        } else {
            vector = nil
        }
        (self.stride, self.padding, self.dilation) = (stride, padding, dilation)
    }

    /// The weight that convolves: the learnt one, or that divided by its largest singular value, whose power iteration goes one step
    /// further while training. A layer that a pass uses twice takes it once and hands it to `callAsFunction(_:filter:)`.
    public func filter(_ mode: ForwardMode) throws(TensorError) -> Tensor<Scalar> {
        guard let vector else { return weight.tensor }
        return try weight.tensor.spectrallyNormalised(vector: vector, updating: mode.isTraining)
    }

    public func callAsFunction(_ x: Tensor<Scalar>, mode: ForwardMode, activation: Activation = .identity) throws(TensorError) -> Tensor<Scalar> {
        try self(x, filter: filter(mode), activation: activation)
    }

    /// With a weight that `filter` gave in this pass.
    public func callAsFunction(_ x: Tensor<Scalar>, filter: Tensor<Scalar>, activation: Activation = .identity) throws(TensorError) -> Tensor<Scalar> {
        try x.conv1d(filter, bias: bias?.tensor, stride: stride, padding: padding, dilation: dilation, activation: activation)
    }
}

/// The transposed convolution of images [batch, height, width, channels], which enlarges by its stride; the weight is [kernel, kernel, outputs, inputs].
public struct TransposedConvolution2D<Scalar: TensorScalar> {
    public let weight: Parameter<Scalar>
    public let bias: Parameter<Scalar>
    public let stride: Int
    public let padding: Int

    /// Adds the layer's parameters to `store`, uniform within 1 / sqrt(inputs * kernel^2).
    public init(_ name: String, inputs: Int, outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0, in store: ParameterStore<Scalar>,
                from random: inout RandomSource) {
        let bound = Scalar(1 / Double(max(1, inputs * kernel * kernel)).squareRoot())
        weight = store.add("\(name).weight", .uniform([kernel, kernel, outputs, inputs], in: -bound, bound, from: &random))
        bias = store.add("\(name).bias", .uniform([outputs], in: -bound, bound, from: &random))
        (self.stride, self.padding) = (stride, padding)
    }

    /// [batch, n, n, inputs] to [batch, (n - 1) stride - 2 padding + kernel, .., outputs].
    public func callAsFunction(_ x: Tensor<Scalar>) throws(TensorError) -> Tensor<Scalar> {
        try x.transposedConv2d(weight.tensor, bias: bias.tensor, stride: stride, padding: padding)
    }
}
