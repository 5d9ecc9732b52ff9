import CKernels

/// Rows of an image or sequence mixed by fixed weights: the two passes of resizing.
final class RowMixture<Scalar: TensorScalar> {
    let taps: Int
    let indices: [Int32]
    let weights: [Scalar]
    var count: Int { indices.count / taps }

    init(taps: Int, indices: [Int32], weights: [Scalar]) {
        (self.taps, self.indices, self.weights) = (taps, indices, weights)
    }

    /// Linear interpolation from `size` to `target` places with half-pixel centres and clamped edges.
    static func linear(from size: Int, to target: Int) -> RowMixture {
        var (indices, weights): ([Int32], [Scalar]) = ([], [])
        for place in 0..<target {
            let source = max(0, (Double(place) + 0.5) * Double(size) / Double(target) - 0.5)
            let low = min(Int(source), size - 1), high = min(low + 1, size - 1)
            let fraction = source - Double(low)
            indices += [Int32(low), Int32(high)]
            weights += [Scalar(1 - fraction), Scalar(fraction)]
        }
        return RowMixture(taps: 2, indices: indices, weights: weights)
    }

    /// The nearest place: floor(i * size / target).
    static func nearest(from size: Int, to target: Int) -> RowMixture {
        RowMixture(taps: 1, indices: (0..<target).map { Int32($0 * size / target) }, weights: Array(repeating: 1, count: target))
    }

    func apply(_ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, width: Int) {
        indices.withUnsafeBufferPointer { indices in
            weights.withUnsafeBufferPointer { lathe_mix_rows(Scalar.kernelType, count, taps, width, indices.baseAddress, $0.baseAddress, x, y) }
        }
    }

    func applyBackward(_ g: UnsafePointer<Scalar>, _ d: UnsafeMutablePointer<Scalar>, width: Int) {
        indices.withUnsafeBufferPointer { indices in
            weights.withUnsafeBufferPointer { lathe_mix_rows_backward(Scalar.kernelType, count, taps, width, indices.baseAddress, $0.baseAddress, g, d) }
        }
    }
}

/// How places between pixels are filled.
public enum Interpolation: Sendable, Hashable {
    case nearest
    /// Bilinear, with half-pixel centres and clamped edges (no corner alignment).
    case linear
}

extension Tensor {
    /// Images [batch, height, width, channels] in another size.
    public func resized(height: Int, width: Int, _ interpolation: Interpolation = .linear) throws(TensorError) -> Tensor {
        guard rank == 4, shape[1] > 0, shape[2] > 0, height > 0, width > 0, height <= 1 << 20, width <= 1 << 20 else {
            throw TensorError("resized", [shape, Shape([max(0, height), max(0, width)])], "images [batch, height, width, channels] and a positive size are needed")
        }
        let horizontal = try mixedRows(from: shape[2], to: width, outer: shape[0] * shape[1], inner: shape[3], interpolation,
                                       result: [shape[0], shape[1], width, shape[3]])
        return try horizontal.mixedRows(from: shape[1], to: height, outer: shape[0], inner: width * shape[3], interpolation,
                                        result: [shape[0], height, width, shape[3]])
    }

    /// Sequences [batch, length, channels] in another length.
    public func resized(length: Int, _ interpolation: Interpolation = .linear) throws(TensorError) -> Tensor {
        guard rank == 3, shape[1] > 0, length > 0, length <= 1 << 24 else {
            throw TensorError("resized", [shape], "sequences [batch, length, channels] and a positive length are needed")
        }
        return try mixedRows(from: shape[1], to: length, outer: shape[0], inner: shape[2], interpolation, result: [shape[0], length, shape[2]])
    }

    private func mixedRows(from size: Int, to target: Int, outer: Int, inner: Int, _ interpolation: Interpolation,
                           result resultShape: Shape) throws(TensorError) -> Tensor {
        if size == target { return self }
        let tape = try Self.commonTape("resized", self)
        let mixture = interpolation == .nearest ? RowMixture<Scalar>.nearest(from: size, to: target) : .linear(from: size, to: target)
        let source = packed()
        defer { keepAlive(source) }
        let result = try Tensor(for: "resized", resultShape)
        let (x, y) = (source.pointer, result.pointer)
        Parallel.split(outer, grain: max(1, 16384 / max(1, target * inner))) { start, end in
            for index in start..<end { mixture.apply(x + index * size * inner, y + index * target * inner, width: inner) }
        }
        return result.recorded(on: tape, .mixRows(mixture, input: reference, outer: outer, size: size, inner: inner))
    }

    /// The sampling points of affine maps (Jaderberg et al. 2015): [batch, 2, 3] to [batch, height, width, 2], coordinates (x, y)
    /// from -1 to 1 across the image, pixel centres half a pixel inside (no corner alignment).
    public static func affineGrid(_ maps: Tensor, height: Int, width: Int) throws(TensorError) -> Tensor {
        guard maps.rank == 3, maps.shape[1] == 2, maps.shape[2] == 3, height > 0, width > 0, height <= 1 << 16, width <= 1 << 16 else {
            throw TensorError("affineGrid", [maps.shape], "maps [batch, 2, 3] and a positive size are needed")
        }
        let base = Tensor(shape: [height * width, 3], generating: { index in
            let (place, part) = (index / 3, index % 3)
            switch part {
            case 0: return Scalar((2 * Double(place % width) + 1) / Double(width) - 1)
            case 1: return Scalar((2 * Double(place / width) + 1) / Double(height) - 1)
            default: return 1
            }
        })
        return try base.matmul(maps, transposeOther: true).reshaped(maps.shape[0], height, width, 2)
    }

    /// Images read bilinearly at the points of a grid [batch, height out, width out, 2] as `affineGrid` makes them; outside the image
    /// is 0, or its edge when `clamped`.
    public func sampled(at grid: Tensor, clamped: Bool = false) throws(TensorError) -> Tensor {
        guard rank == 4, grid.rank == 4, grid.shape[0] == shape[0], grid.shape[3] == 2, shape[1] > 0, shape[2] > 0 else {
            throw TensorError("sampled", [shape, grid.shape], "images [batch, height, width, channels] and a grid [batch, height, width, 2] are needed")
        }
        // From -1 ... 1 to pixels: x = ((u + 1) width - 1) / 2.
        let (w, h) = (Scalar(shape[2]), Scalar(shape[1]))
        let points = try grid * Tensor(shape: [2], [w / 2, h / 2]) + Tensor(shape: [2], [(w - 1) / 2, (h - 1) / 2])
        let tape = try Self.commonTape("sampled", self, points)
        let (image, places) = (packed(), points.packed())
        defer { keepAlive(image, places) }
        let (channels, count) = (shape[3], grid.shape[1] * grid.shape[2])
        let result = try Tensor(for: "sampled", [shape[0], grid.shape[1], grid.shape[2], channels])
        let (x, p, y) = (image.pointer, places.pointer, result.pointer)
        let pixels = shape[1] * shape[2] * channels
        Parallel.split(shape[0], grain: max(1, 8192 / max(1, count * channels))) { start, end in
            for index in start..<end {
                lathe_sample(Scalar.kernelType, shape[1], shape[2], channels, count, clamped ? 1 : 0, x + index * pixels, p + index * count * 2,
                             y + index * count * channels)
            }
        }
        return result.recorded(on: tape, .sample(image: image.saved, points: places.saved, clamped: clamped))
    }
}

extension Tape {
    func backwardMixRows(_ mixture: RowMixture<Scalar>, _ input: NodeReference, _ outer: Int, _ size: Int, _ inner: Int, _ gradient: Tensor<Scalar>) {
        guard let (d, add) = target(input) else { return }
        let packed = gradient.packed()
        if !add { lathe_fill(Scalar.kernelType, input.shape.count, 0, d) }
        let g = packed.pointer
        Parallel.split(outer, grain: max(1, 16384 / max(1, size * inner))) { start, end in
            for index in start..<end { mixture.applyBackward(g + index * mixture.count * inner, d + index * size * inner, width: inner) }
        }
        keepAlive(packed)
    }

    func backwardSample(_ image: Tensor<Scalar>, _ points: Tensor<Scalar>, _ clamped: Bool, _ gradient: Tensor<Scalar>) {
        let packed = gradient.packed()
        let (di, dp) = (target(image.savedReference), target(points.savedReference))
        if let (d, add) = di, !add { lathe_fill(Scalar.kernelType, image.count, 0, d) }
        if let (d, add) = dp, !add { lathe_fill(Scalar.kernelType, points.count, 0, d) }
        let (height, width, channels) = (image.shape[1], image.shape[2], image.shape[3])
        let count = points.shape[1] * points.shape[2]
        let (x, p, g, pixels) = (image.pointer, points.pointer, packed.pointer, height * width * channels)
        Parallel.split(image.shape[0], grain: max(1, 8192 / max(1, count * channels))) { start, end in
            for index in start..<end {
                lathe_sample_backward(Scalar.kernelType, height, width, channels, count, clamped ? 1 : 0, x + index * pixels, p + index * count * 2,
                                      g + index * count * channels, di.map { $0.pointer + index * pixels }, dp.map { $0.pointer + index * count * 2 })
            }
        }
        keepAlive(packed, image, points)
    }
}
