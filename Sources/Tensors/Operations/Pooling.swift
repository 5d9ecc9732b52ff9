import CKernels

extension Tensor {
    /// The largest value under a window that moves over the image; what lies outside takes no part.
    public func maxPool2d(size: Int, stride: Int? = nil, padding: Padding = .valid) throws(TensorError) -> Tensor {
        try maxPool("maxPool2d", try poolGeometry("maxPool2d", size, stride, padding))
    }

    /// The largest value under a window that moves over sequences [batch, length, channels].
    public func maxPool1d(size: Int, stride: Int? = nil, padding: Padding = .valid) throws(TensorError) -> Tensor {
        let flat = try asImages("maxPool1d")
        return try flat.maxPool("maxPool1d", flat.sequenceGeometry("maxPool1d", size, stride, padding)).asSequences()
    }

    private func maxPool(_ name: String, _ geometry: ConvolutionGeometry) throws(TensorError) -> Tensor {
        let tape = try Self.commonTape(name, self)
        let input = packed()
        defer { keepAlive(input) }
        let result = try Tensor(for: name, geometry.outputShape)
        let chosen = PlaceBuffer(result.count)
        let (x, y, places) = (input.pointer, result.pointer, chosen.pointer)
        Convolution.eachImage(geometry) { image, kernel in
            lathe_max_pool(Scalar.kernelType, kernel, x + image * geometry.inputImage, y + image * geometry.outputImage,
                           places + image * geometry.outputImage)
        }
        return result.recorded(on: tape, .maxPool(geometry, input: reference, chosen: chosen))
    }

    /// The mean under a window that moves over the image.
    ///
    /// - Parameter countsPadding: whether zeros of the border count (PyTorch's default) or only the image does (TensorFlow's).
    public func averagePool2d(size: Int, stride: Int? = nil, padding: Padding = .valid, countsPadding: Bool = true) throws(TensorError) -> Tensor {
        try averagePool("averagePool2d", try poolGeometry("averagePool2d", size, stride, padding), countsPadding)
    }

    /// The mean under a window that moves over sequences [batch, length, channels]; `countsPadding` as for images.
    public func averagePool1d(size: Int, stride: Int? = nil, padding: Padding = .valid, countsPadding: Bool = true) throws(TensorError) -> Tensor {
        let flat = try asImages("averagePool1d")
        return try flat.averagePool("averagePool1d", flat.sequenceGeometry("averagePool1d", size, stride, padding), countsPadding).asSequences()
    }

    private func averagePool(_ name: String, _ geometry: ConvolutionGeometry, _ countsPadding: Bool) throws(TensorError) -> Tensor {
        let tape = try Self.commonTape(name, self)
        let input = packed()
        defer { keepAlive(input) }
        let result = try Tensor(for: name, geometry.outputShape)
        let (x, y) = (input.pointer, result.pointer)
        Convolution.eachImage(geometry) { image, kernel in
            lathe_average_pool(Scalar.kernelType, kernel, countsPadding ? 1 : 0, x + image * geometry.inputImage, y + image * geometry.outputImage)
        }
        return result.recorded(on: tape, .averagePool(geometry, input: reference, countsPadding: countsPadding))
    }

    /// The mean over height and width: [batch, height, width, channels] to [batch, channels].
    public func globalAveragePool() throws(TensorError) -> Tensor {
        guard rank == 4 else { throw TensorError("globalAveragePool", [shape], "the input must be [batch, height, width, channels]") }
        return try mean(axes: [1, 2])
    }

    /// Sequences [batch, length, channels] as images of height 1.
    func asImages(_ name: String) throws(TensorError) -> Tensor {
        guard rank == 3 else { throw TensorError(name, [shape], "the input must be [batch, length, channels]") }
        return try reshaped(shape[0], 1, shape[1], shape[2])
    }

    /// Images of height 1 as sequences.
    func asSequences() throws(TensorError) -> Tensor { try reshaped(shape[0], shape[2], shape[3]) }

    private func sequenceGeometry(_ name: String, _ size: Int, _ stride: Int?, _ padding: Padding) throws(TensorError) -> ConvolutionGeometry {
        let options = try Padding.sequence(name, padding, length: shape[2], kernel: size, stride: stride ?? size, dilation: 1, groups: max(1, shape[3]),
                                           [shape])
        return try ConvolutionGeometry(name, shape, kernelHeight: 1, kernelWidth: size, channelsOut: shape[3], options, [shape])
    }

    private func poolGeometry(_ name: String, _ size: Int, _ stride: Int?, _ padding: Padding) throws(TensorError) -> ConvolutionGeometry {
        guard rank == 4 else { throw TensorError(name, [shape], "the input must be [batch, height, width, channels]") }
        return try ConvolutionGeometry(name, shape, kernelHeight: size, kernelWidth: size, channelsOut: shape[3],
                                       .init(stride: stride ?? size, padding: padding, groups: max(1, shape[3])), [shape])
    }
}

/// Places that a maximum was taken from.
final class PlaceBuffer {
    let pointer: UnsafeMutablePointer<Int32>
    private let storage: Buffer<Float>

    init(_ count: Int) {
        storage = Buffer(count)
        pointer = UnsafeMutableRawPointer(storage.pointer).bindMemory(to: Int32.self, capacity: count)
    }
}

extension Tape {
    func backwardMaxPool(_ geometry: ConvolutionGeometry, _ input: NodeReference, _ chosen: PlaceBuffer, _ gradient: Tensor<Scalar>) {
        guard let (d, add) = target(input) else { return }
        let packed = gradient.packed()
        let (g, places) = (packed.pointer, chosen.pointer)
        if !add { lathe_fill(Scalar.kernelType, input.shape.count, 0, d) }
        Convolution.eachImage(geometry) { image, kernel in
            lathe_max_pool_backward(Scalar.kernelType, kernel, g + image * geometry.outputImage, places + image * geometry.outputImage,
                                    d + image * geometry.inputImage)
        }
        keepAlive(packed, chosen)
    }

    func backwardAveragePool(_ geometry: ConvolutionGeometry, _ input: NodeReference, _ countsPadding: Bool, _ gradient: Tensor<Scalar>) {
        guard let (d, add) = target(input) else { return }
        let packed = gradient.packed()
        let g = packed.pointer
        if !add { lathe_fill(Scalar.kernelType, input.shape.count, 0, d) }
        Convolution.eachImage(geometry) { image, kernel in
            lathe_average_pool_backward(Scalar.kernelType, kernel, countsPadding ? 1 : 0, g + image * geometry.outputImage,
                                        d + image * geometry.inputImage)
        }
        keepAlive(packed)
    }
}
