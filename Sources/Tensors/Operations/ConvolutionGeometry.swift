import CKernels

/// The sizes of a convolution that has been checked, as the kernels take them.
struct ConvolutionGeometry {
    var kernel: lathe_convolution
    private(set) var batch: Int

    /// Checks an input [batch, height, width, channels] against a kernel.
    ///
    /// Sizes are limited to 2^31 along an axis, so that no product of the geometry overflows.
    init(_ operation: String, _ input: Shape, kernelHeight: Int, kernelWidth: Int, channelsOut: Int, _ options: ConvolutionOptions,
         _ shapes: [Shape]) throws(TensorError) {
        guard input.rank == 4 else { throw TensorError(operation, shapes, "the input must be [batch, height, width, channels]") }
        let limit = 1 << 20
        let numbers = [options.strideY, options.strideX, options.dilationY, options.dilationX, options.groups, kernelHeight, kernelWidth]
        guard numbers.allSatisfy({ $0 >= 1 && $0 <= limit }), kernelHeight * kernelWidth <= 1024 else {
            throw TensorError(operation, shapes, "strides, dilations, groups and kernel sizes must be positive, the kernel of at most 1,024 places")
        }
        let vertical = options.padding.amounts(size: input[1], kernel: kernelHeight, stride: options.strideY, dilation: options.dilationY, vertical: true)
        let horizontal = options.padding.amounts(size: input[2], kernel: kernelWidth, stride: options.strideX, dilation: options.dilationX, vertical: false)
        guard [vertical.before, vertical.after, horizontal.before, horizontal.after].allSatisfy({ $0 >= 0 && $0 <= limit }) else {
            throw TensorError(operation, shapes, "the padding must not be negative")
        }
        let spanY = input[1] + vertical.before + vertical.after - options.dilationY * (kernelHeight - 1) - 1
        let spanX = input[2] + horizontal.before + horizontal.after - options.dilationX * (kernelWidth - 1) - 1
        guard spanY >= 0, spanX >= 0 else {
            throw TensorError(operation, shapes, "the kernel is larger than the image with its border")
        }
        guard input[3] % options.groups == 0, channelsOut % options.groups == 0 else {
            throw TensorError(operation, shapes, "the channels do not divide into \(options.groups) groups")
        }
        // Work space: one image with its border; up to eight sums of a weight's gradient, in tiles of at most 64 columns; 36 numbers for
        // each 4 x 4 of some images (minimal filtering).
        let channels = max(input[3], channelsOut)
        for work: Shape in [[input[1] + vertical.before + vertical.after, input[2] + horizontal.before + horizontal.after, channels],
                            [8, max(36, kernelHeight * kernelWidth), input[3] / options.groups + 64, channelsOut + 64],
                            [36, 64, channels + 64], [36, input[1] / 4 + 1, input[2] / 4 + 1, channels + 64]] {
            try BufferPool.check(operation, work, of: Double.self)
        }
        batch = input[0]
        kernel = lathe_convolution(
            height: input[1], width: input[2], channels: input[3], out_height: spanY / options.strideY + 1,
            out_width: spanX / options.strideX + 1, out_channels: channelsOut, kernel_height: kernelHeight, kernel_width: kernelWidth,
            stride_y: options.strideY, stride_x: options.strideX, dilation_y: options.dilationY, dilation_x: options.dilationX,
            pad_top: vertical.before, pad_left: horizontal.before, groups: options.groups)
    }

    /// The same convolution of another number of images.
    func withBatch(_ count: Int) -> ConvolutionGeometry {
        var copy = self
        copy.batch = count
        return copy
    }

    var outputShape: Shape { [batch, kernel.out_height, kernel.out_width, kernel.out_channels] }
    var inputImage: Int { kernel.height * kernel.width * kernel.channels }
    var outputImage: Int { kernel.out_height * kernel.out_width * kernel.out_channels }
    var taps: Int { kernel.kernel_height * kernel.kernel_width }
    var groupChannels: Int { kernel.channels / kernel.groups }
    var groupOutputs: Int { kernel.out_channels / kernel.groups }

    /// A 1 x 1 kernel at every pixel: a plain matrix product.
    var isProduct: Bool {
        taps == 1 && kernel.stride_y == 1 && kernel.stride_x == 1 && kernel.groups == 1 && kernel.out_height == kernel.height
            && kernel.out_width == kernel.width
    }

    var isDepthwise: Bool { kernel.groups == kernel.channels && kernel.out_channels == kernel.channels && kernel.groups > 1 }

    /// Whether minimal filtering applies: 3 x 3, stride 1, one group, whole vectors of channels, and enough work to pay for the transforms.
    func suitsWinograd(vector: Int) -> Bool {
        kernel.kernel_height == 3 && kernel.kernel_width == 3 && kernel.stride_y == 1 && kernel.stride_x == 1 && kernel.dilation_y == 1
            && kernel.dilation_x == 1 && kernel.groups == 1 && kernel.channels % vector == 0 && kernel.out_channels >= 8
            && kernel.out_height >= 4 && kernel.out_width >= 4 && batch > 0
    }

    /// The convolution that carries the gradient of the result back to the input, for stride 1: the same kernel
    /// turned round over a border of what the kernel reaches less the border of the forward way.
    var backwards: ConvolutionGeometry {
        var turned = self
        turned.kernel.height = kernel.out_height
        turned.kernel.width = kernel.out_width
        turned.kernel.channels = kernel.out_channels
        turned.kernel.out_height = kernel.height
        turned.kernel.out_width = kernel.width
        turned.kernel.out_channels = kernel.channels
        turned.kernel.pad_top = kernel.dilation_y * (kernel.kernel_height - 1) - kernel.pad_top
        turned.kernel.pad_left = kernel.dilation_x * (kernel.kernel_width - 1) - kernel.pad_left
        return turned
    }

    var turnsRound: Bool {
        kernel.stride_y == 1 && kernel.stride_x == 1 && kernel.pad_top <= kernel.dilation_y * (kernel.kernel_height - 1)
            && kernel.pad_left <= kernel.dilation_x * (kernel.kernel_width - 1)
    }

    /// Rounds columns up to whole panels.
    static func panelColumns(_ columns: Int, _ panel: Int) -> Int { (columns + panel - 1) / panel * panel }
}

/// Columns of a panel, rows of a tile and elements of a vector of the kernels in use.
func tileSizes<Scalar: TensorScalar>(_ type: Scalar.Type) -> (columns: Int, rows: Int, vector: Int) {
    var sizes: (Int, Int, Int) = (0, 0, 0)
    withUnsafeMutablePointer(to: &sizes) {
        $0.withMemoryRebound(to: Int.self, capacity: 3) { lathe_tile_sizes(Scalar.kernelType, $0) }
    }
    return (sizes.0, sizes.1, sizes.2)
}
