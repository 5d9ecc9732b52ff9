import CKernels

extension Tensor {
    /// The two-dimensional convolution (cross-correlation) of images.
    ///
    /// - Parameters:
    ///   - weight: [kernel height, kernel width, channels / groups, channels out].
    ///   - bias: one number for each channel of the result.
    ///   - activation: applied to the result in the same pass.
    /// - Returns: [batch, height out, width out, channels out] for a [batch, height, width, channels].
    public func conv2d(_ weight: Tensor, bias: Tensor? = nil, _ options: ConvolutionOptions = .init(),
                       activation: Activation = .identity) throws(TensorError) -> Tensor {
        guard weight.rank == 4 else { throw TensorError("conv2d", [shape, weight.shape], "the weight needs four axes") }
        let geometry = try ConvolutionGeometry("conv2d", shape, kernelHeight: weight.shape[0], kernelWidth: weight.shape[1],
                                               channelsOut: weight.shape[3], options, [shape, weight.shape])
        guard weight.shape[2] == geometry.groupChannels else {
            throw TensorError("conv2d", [shape, weight.shape], "the weight is for \(weight.shape[2]) channels a group, the input has \(geometry.groupChannels)")
        }
        if let bias, bias.shape != [weight.shape[3]] {
            throw TensorError("conv2d", [weight.shape, bias.shape], "the bias must have one number for each channel of the result")
        }
        let function = activation.function
        if function.reads == .input || function.reads == .both {
            return try conv2d(weight, bias: bias, options).activated(activation)
        }
        if geometry.isProduct {
            return try linear(weight.reshaped(weight.shape[2], weight.shape[3]), bias: bias, activation: activation)
        }
        let tape = try Self.commonTape("conv2d", bias.map { [self, weight, $0] } ?? [self, weight])
        let (input, filter, offsets) = (packed(), weight.packed(), bias?.packed())
        defer { keepAlive(input, filter, offsets) }
        let result = try Tensor(for: "conv2d", geometry.outputShape)
        Convolution.forward(geometry, input.pointer, filter.pointer, offsets?.pointer, function, into: result.pointer, accumulate: false)
        return result.recorded(on: tape, .convolution(geometry, input: input.saved, weight: filter.saved, bias: bias?.reference,
                                                      output: function.isIdentity ? nil : result.saved, function))
    }

    /// The one-dimensional convolution of sequences [batch, length, channels] with a weight
    /// [kernel, channels / groups, channels out]. `padding` before and after is given or follows the two-dimensional rules.
    public func conv1d(_ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Padding = .valid, dilation: Int = 1,
                       groups: Int = 1, activation: Activation = .identity) throws(TensorError) -> Tensor {
        guard rank == 3, weight.rank == 3 else {
            throw TensorError("conv1d", [shape, weight.shape], "the input must be [batch, length, channels], the weight have three axes")
        }
        let options = try Padding.sequence("conv1d", padding, length: shape[1], kernel: weight.shape[0], stride: stride, dilation: dilation,
                                           groups: groups, [shape, weight.shape])
        return try asImages("conv1d").conv2d(weight.reshaped(1, weight.shape[0], weight.shape[1], weight.shape[2]), bias: bias, options,
                                             activation: activation).asSequences()
    }

    /// The transposed convolution of sequences [batch, length, channels] with a weight [kernel, channels out / groups, channels], as
    /// `transposedConv2d`.
    public func transposedConv1d(_ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
                                 dilation: Int = 1, groups: Int = 1) throws(TensorError) -> Tensor {
        guard weight.rank == 3 else { throw TensorError("transposedConv1d", [shape, weight.shape], "the weight must have three axes") }
        let filter = try weight.reshaped(1, weight.shape[0], weight.shape[1], weight.shape[2])
        return try asImages("transposedConv1d").transposed(filter, bias, (1, stride), (0, padding), (0, outputPadding), (1, dilation), groups).asSequences()
    }

    /// The transposed convolution: the way back of `conv2d` used forwards, which enlarges by the stride.
    ///
    /// - Parameters:
    ///   - weight: [kernel height, kernel width, channels out / groups, channels]: that of the convolution it turns round.
    ///   - padding: what the turned convolution would add; `outputPadding` rows and columns are added at the end.
    /// - Returns: height (n - 1) stride - 2 padding + dilation (kernel - 1) + 1 + outputPadding.
    public func transposedConv2d(_ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
                                 dilation: Int = 1, groups: Int = 1) throws(TensorError) -> Tensor {
        try transposed(weight, bias, (stride, stride), (padding, padding), (outputPadding, outputPadding), (dilation, dilation), groups)
    }

    /// Pairs are (vertical, horizontal).
    private func transposed(_ weight: Tensor, _ bias: Tensor?, _ stride: (Int, Int), _ padding: (Int, Int), _ outputPadding: (Int, Int),
                            _ dilation: (Int, Int), _ groups: Int) throws(TensorError) -> Tensor {
        let shapes = [shape, weight.shape]
        // First, since the sizes of a tensor without memory may be too large to be multiplied.
        try BufferPool.check("transposedConv2d", shapes)
        guard rank == 4, weight.rank == 4, shape[3] == weight.shape[3], groups >= 1, groups < 1 << 20,
              [stride.0, stride.1, dilation.0, dilation.1].allSatisfy({ $0 >= 1 && $0 < 1 << 20 }),
              [padding.0, padding.1, outputPadding.0, outputPadding.1].allSatisfy({ $0 >= 0 && $0 < 1 << 20 }),
              outputPadding.0 < max(stride.0, dilation.0), outputPadding.1 < max(stride.1, dilation.1) else {
            throw TensorError("transposedConv2d", shapes, "the last axes must agree, stride and dilation be positive, and the output padding smaller than one of them")
        }
        let height = (shape[1] - 1) * stride.0 - 2 * padding.0 + dilation.0 * (weight.shape[0] - 1) + 1 + outputPadding.0
        let width = (shape[2] - 1) * stride.1 - 2 * padding.1 + dilation.1 * (weight.shape[1] - 1) + 1 + outputPadding.1
        guard height > 0, width > 0, shape[1] > 0, shape[2] > 0 else {
            throw TensorError("transposedConv2d", shapes, "the result would be empty")
        }
        let large: Shape = [shape[0], height, width, weight.shape[2] * groups]
        let options = ConvolutionOptions(strideY: stride.0, strideX: stride.1,
                                         padding: .explicit(top: padding.0, bottom: padding.0, left: padding.1, right: padding.1),
                                         dilationY: dilation.0, dilationX: dilation.1, groups: groups)
        var geometry = try ConvolutionGeometry("transposedConv2d", large, kernelHeight: weight.shape[0], kernelWidth: weight.shape[1],
                                               channelsOut: shape[3], options, shapes)
        geometry.kernel.out_height = shape[1]
        geometry.kernel.out_width = shape[2]
        let tape = try Self.commonTape("transposedConv2d", self, weight)
        let (input, filter) = (packed(), weight.packed())
        defer { keepAlive(input, filter) }
        let result = try Tensor(for: "transposedConv2d", large)
        Convolution.backwardInput(geometry, input.pointer, filter.pointer, into: result.pointer, accumulate: false)
        let recorded = result.recorded(on: tape, .transposedConvolution(geometry, input: input.saved, weight: filter.saved))
        guard let bias else { return recorded }
        return try recorded + bias
    }
}

/// The three passes of a convolution over a batch, split over images.
enum Convolution {
    static func forward<Scalar: TensorScalar>(_ geometry: ConvolutionGeometry, _ x: UnsafePointer<Scalar>, _ w: UnsafePointer<Scalar>,
                                              _ bias: UnsafePointer<Scalar>?, _ function: ElementFunction,
                                              into y: UnsafeMutablePointer<Scalar>, accumulate: Bool) {
        let type = Scalar.kernelType
        let add: Int32 = accumulate ? 1 : 0
        if geometry.isDepthwise {
            eachImage(geometry) { image, kernel in
                lathe_depthwise(type, kernel, x + image * geometry.inputImage, w, bias, function.code, function.p,
                                y + image * geometry.outputImage, add)
            }
            return
        }
        if geometry.suitsWinograd(vector: tileSizes(Scalar.self).vector) {
            winograd(geometry, x, w, bias, function, into: y, accumulate: accumulate)
            return
        }
        let panel = tileSizes(Scalar.self).columns
        let depth = geometry.taps * geometry.groupChannels
        let columns = ConvolutionGeometry.panelColumns(geometry.groupOutputs, panel)
        let panels = Buffer<Scalar>(geometry.kernel.groups * depth * columns)
        for group in 0..<geometry.kernel.groups {
            lathe_pack_columns(type, depth, geometry.groupOutputs, w + group * geometry.groupOutputs, geometry.kernel.out_channels, 1,
                               panels.pointer + group * depth * columns)
        }
        let packed = panels.pointer
        eachImage(geometry) { image, kernel in
            lathe_convolve(type, kernel, x + image * geometry.inputImage, packed, bias, function.code, function.p,
                           y + image * geometry.outputImage, add)
        }
        keepAlive(panels)
    }

    /// The 3 x 3 convolution by minimal filtering, some images at a time, so that their transforms stay in cache.
    private static func winograd<Scalar: TensorScalar>(_ geometry: ConvolutionGeometry, _ x: UnsafePointer<Scalar>, _ w: UnsafePointer<Scalar>,
                                                       _ bias: UnsafePointer<Scalar>?, _ function: ElementFunction,
                                                       into y: UnsafeMutablePointer<Scalar>, accumulate: Bool) {
        let (type, kernel) = (Scalar.kernelType, geometry.kernel)
        let columns = ConvolutionGeometry.panelColumns(kernel.out_channels, tileSizes(Scalar.self).columns)
        let panels = Buffer<Scalar>(36 * kernel.channels * columns)
        lathe_winograd_weights(type, kernel.channels, kernel.out_channels, w, panels.pointer)
        let tiles = ((kernel.out_height + 3) / 4) * ((kernel.out_width + 3) / 4)
        let chunk = max(1, 64 / tiles), chunks = (geometry.batch + chunk - 1) / chunk
        let packed = panels.pointer
        Parallel.split(chunks, grain: 1) { first, last in
            withUnsafePointer(to: kernel) { kernel in
                for index in first..<last {
                    let image = index * chunk
                    lathe_winograd(type, kernel, min(chunk, geometry.batch - image), x + image * geometry.inputImage, packed, bias,
                                   function.code, function.p, y + image * geometry.outputImage, accumulate ? 1 : 0)
                }
            }
        }
        keepAlive(panels)
    }

    /// dx (+)= gradient of the input from that of the result.
    static func backwardInput<Scalar: TensorScalar>(_ geometry: ConvolutionGeometry, _ dy: UnsafePointer<Scalar>,
                                                    _ w: UnsafePointer<Scalar>, into dx: UnsafeMutablePointer<Scalar>, accumulate: Bool) {
        let (type, kernel) = (Scalar.kernelType, geometry.kernel)
        let add: Int32 = accumulate ? 1 : 0
        if geometry.isDepthwise {
            eachImage(geometry) { image, kernel in
                lathe_depthwise_transposed(type, kernel, dy + image * geometry.outputImage, w, dx + image * geometry.inputImage, add)
            }
            return
        }
        let panel = tileSizes(Scalar.self).columns
        let (taps, inputs, outputs) = (geometry.taps, geometry.groupChannels, geometry.groupOutputs)
        let columns = ConvolutionGeometry.panelColumns(inputs, panel)
        if geometry.turnsRound {
            let backwards = geometry.backwards
            let isWinograd = backwards.suitsWinograd(vector: tileSizes(Scalar.self).vector)
            // Weight turned round: [taps reversed, outputs, inputs] for each group, tap by tap into one panel of depth taps * outputs.
            let turned = Buffer<Scalar>(taps * outputs * inputs)
            let panels = Buffer<Scalar>(isWinograd ? 0 : kernel.groups * taps * outputs * columns)
            for group in 0..<kernel.groups {
                for tap in 0..<taps {
                    let from = w + tap * inputs * kernel.out_channels + group * outputs
                    let to = turned.pointer + (taps - 1 - tap) * outputs * inputs
                    for i in 0..<inputs { for o in 0..<outputs { to[o * inputs + i] = from[i * kernel.out_channels + o] } }
                }
                if !isWinograd {
                    lathe_pack_columns(type, taps * outputs, inputs, turned.pointer, inputs, 1, panels.pointer + group * taps * outputs * columns)
                }
            }
            if isWinograd {
                // One group: the turned kernel lies whole in `turned`.
                winograd(backwards, dy, turned.pointer, nil, Activation.identity.function, into: dx, accumulate: accumulate)
                keepAlive(turned, panels)
                return
            }
            let packed = panels.pointer
            eachImage(backwards) { image, kernel in
                lathe_convolve(type, kernel, dy + image * geometry.outputImage, packed, nil, Int32(LATHE_IDENTITY), 0,
                               dx + image * geometry.inputImage, add)
            }
            keepAlive(turned, panels)
            return
        }
        let panels = Buffer<Scalar>(kernel.groups * taps * outputs * columns)
        for group in 0..<kernel.groups {
            for tap in 0..<taps {
                lathe_pack_columns(type, outputs, inputs, w + tap * inputs * kernel.out_channels + group * outputs, 1, kernel.out_channels,
                                   panels.pointer + (group * taps + tap) * outputs * columns)
            }
        }
        let packed = panels.pointer
        eachImage(geometry) { image, kernel in
            lathe_convolve_transposed(type, kernel, dy + image * geometry.outputImage, packed, dx + image * geometry.inputImage, add)
        }
        keepAlive(panels)
    }

    /// dw (+)= gradient of the weight. Images are cut into a fixed number of blocks, whatever the number of threads.
    static func backwardWeight<Scalar: TensorScalar>(_ geometry: ConvolutionGeometry, _ x: UnsafePointer<Scalar>,
                                                     _ dy: UnsafePointer<Scalar>, into dw: UnsafeMutablePointer<Scalar>, accumulate: Bool) {
        let (type, kernel) = (Scalar.kernelType, geometry.kernel)
        let blocks = min(8, geometry.batch)
        if geometry.batch == 0 {
            if !accumulate { lathe_fill(type, geometry.taps * geometry.groupChannels * kernel.out_channels, 0, dw) }
            return
        }
        let vector = tileSizes(Scalar.self).vector
        if geometry.suitsWinograd(vector: vector), kernel.out_channels % vector == 0 {
            winogradWeight(geometry, x, dy, into: dw, accumulate: accumulate)
            return
        }
        let size: Int
        if geometry.isDepthwise {
            size = geometry.taps * kernel.channels
        } else {
            let (panel, rows, _) = tileSizes(Scalar.self)
            let wholeRows = kernel.dilation_x == 1 && kernel.groups == 1
            let segments = wholeRows ? kernel.kernel_height : geometry.taps
            let length = wholeRows ? kernel.kernel_width * kernel.channels : geometry.groupChannels
            let tiles = segments * ((length + rows - 1) / rows) * ((geometry.groupOutputs + panel - 1) / panel) * kernel.groups
            size = tiles * rows * panel
        }
        let partial = Buffer<Scalar>(blocks * size)
        let sums = partial.pointer
        Parallel.split(blocks, grain: 1) { first, last in
            withUnsafePointer(to: kernel) { kernel in
                for block in first..<last {
                    lathe_fill(type, size, 0, sums + block * size)
                    for image in geometry.batch * block / blocks..<geometry.batch * (block + 1) / blocks {
                        if geometry.isDepthwise {
                            lathe_depthwise_weights(type, kernel, x + image * geometry.inputImage, dy + image * geometry.outputImage,
                                                    sums + block * size)
                        } else {
                            lathe_convolve_weights(type, kernel, x + image * geometry.inputImage, dy + image * geometry.outputImage,
                                                   sums + block * size)
                        }
                    }
                }
            }
        }
        for block in 1..<max(1, blocks) { lathe_axpby(type, size, 1, sums + block * size, 1, sums) }
        if geometry.isDepthwise {
            lathe_axpby(type, size, 1, sums, accumulate ? 1 : 0, dw)
        } else {
            withUnsafePointer(to: kernel) { lathe_convolve_unpack(type, $0, sums, dw, accumulate ? 1 : 0) }
        }
        keepAlive(partial)
    }

    /// dw (+)= gradient of the weight by minimal filtering, some images at a time as forwards.
    private static func winogradWeight<Scalar: TensorScalar>(_ geometry: ConvolutionGeometry, _ x: UnsafePointer<Scalar>, _ dy: UnsafePointer<Scalar>,
                                                             into dw: UnsafeMutablePointer<Scalar>, accumulate: Bool) {
        let (type, kernel) = (Scalar.kernelType, geometry.kernel)
        let (panel, rows, _) = tileSizes(Scalar.self)
        let tiles = ((kernel.out_height + 3) / 4) * ((kernel.out_width + 3) / 4)
        let chunk = max(1, 64 / tiles), chunks = (geometry.batch + chunk - 1) / chunk
        let blocks = min(8, chunks), size = 9 * kernel.channels * kernel.out_channels
        let sumCount = 36 * ((kernel.channels + rows - 1) / rows) * ((kernel.out_channels + panel - 1) / panel) * rows * panel
        let partial = Buffer<Scalar>(blocks * size)
        let parts = partial.pointer
        Parallel.split(blocks, grain: 1) { first, last in
            let sums = Buffer<Scalar>(sumCount)
            withUnsafePointer(to: kernel) { kernel in
                for block in first..<last {
                    lathe_fill(type, sumCount, 0, sums.pointer)
                    for index in chunks * block / blocks..<chunks * (block + 1) / blocks {
                        let image = index * chunk
                        lathe_winograd_gradient(type, kernel, min(chunk, geometry.batch - image), x + image * geometry.inputImage,
                                                dy + image * geometry.outputImage, sums.pointer)
                    }
                    lathe_winograd_gradient_weights(type, kernel.pointee.channels, kernel.pointee.out_channels, sums.pointer, parts + block * size)
                }
            }
            keepAlive(sums)
        }
        for block in 1..<max(1, blocks) { lathe_axpby(type, size, 1, parts + block * size, 1, parts) }
        lathe_axpby(type, size, 1, parts, accumulate ? 1 : 0, dw)
        keepAlive(partial)
    }

    /// Calls `body(image, geometry)` for each image, several at the same time.
    static func eachImage(_ geometry: ConvolutionGeometry, _ body: (Int, UnsafePointer<lathe_convolution>) -> Void) {
        let work = geometry.outputImage * geometry.taps * (geometry.isDepthwise ? 1 : geometry.groupChannels)
        Parallel.split(geometry.batch, grain: max(1, (1 << 16) / max(1, work))) { start, end in
            withUnsafePointer(to: geometry.kernel) { kernel in
                for image in start..<end { body(image, kernel) }
            }
        }
    }
}

extension Tape {
    func backwardConvolution(_ geometry: ConvolutionGeometry, _ input: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ bias: NodeReference?,
                             _ output: Tensor<Scalar>?, _ function: ElementFunction, _ gradient: Tensor<Scalar>) {
        let g = throughActivation(function, output, gradient)
        defer { keepAlive(g, input, weight) }
        if let bias, let (d, add) = target(bias) {
            Reduction.columnSums(g.count / max(1, g.shape.last), g.shape.last, g.pointer, into: d, accumulate: add)
        }
        if let (d, add) = target(weight.savedReference) {
            Convolution.backwardWeight(geometry, input.pointer, g.pointer, into: d, accumulate: add)
        }
        if let (d, add) = target(input.savedReference) {
            Convolution.backwardInput(geometry, g.pointer, weight.pointer, into: d, accumulate: add)
        }
    }

    func backwardTransposedConvolution(_ geometry: ConvolutionGeometry, _ input: Tensor<Scalar>, _ weight: Tensor<Scalar>,
                                       _ gradient: Tensor<Scalar>) {
        let g = gradient.packed()
        defer { keepAlive(g, input, weight) }
        if let (d, add) = target(weight.savedReference) {
            Convolution.backwardWeight(geometry, g.pointer, input.pointer, into: d, accumulate: add)
        }
        if let (d, add) = target(input.savedReference) {
            Convolution.forward(geometry, g.pointer, weight.pointer, nil, Activation.identity.function, into: d, accumulate: add)
        }
    }
}
