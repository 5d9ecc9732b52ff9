import CKernels

/// Sums with an order of addition that does not depend on the number of threads: long ones are cut into a
/// fixed number of blocks.
enum Reduction {
    private static let blocks = 16

    /// y[outer, inner] (+)= factor * sum over the middle axis.
    static func sum<Scalar: TensorScalar>(_ outer: Int, _ middle: Int, _ inner: Int, _ factor: Double,
                                          _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, accumulate: Bool) {
        let work = middle * inner
        guard outer * inner > 0 else { return }
        if outer == 1, work >= 1 << 15, middle >= 4 * blocks {
            let partial = Buffer<Scalar>(blocks * inner)
            let target = partial.pointer
            Parallel.split(blocks, grain: 1) { start, end in
                for block in start..<end {
                    let (first, last) = (middle * block / blocks, middle * (block + 1) / blocks)
                    lathe_reduce(Scalar.kernelType, 0, 1, last - first, inner, 1, x + first * inner, target + block * inner)
                }
            }
            lathe_column_sums(Scalar.kernelType, blocks, inner, inner, factor, target, y, accumulate ? 1 : 0)
            keepAlive(partial)
        } else if !accumulate {
            Parallel.split(outer, grain: max(1, 32768 / max(1, work))) { start, end in
                lathe_reduce(Scalar.kernelType, 0, end - start, middle, inner, factor, x + start * work, y + start * inner)
            }
        } else {
            let partial = Buffer<Scalar>(outer * inner)
            let target = partial.pointer
            Parallel.split(outer, grain: max(1, 32768 / max(1, work))) { start, end in
                lathe_reduce(Scalar.kernelType, 0, end - start, middle, inner, factor, x + start * work, target + start * inner)
            }
            lathe_axpby(Scalar.kernelType, outer * inner, 1, target, 1, y)
            keepAlive(partial)
        }
    }

    /// out[j] (+)= sum over rows of x[row, j]: the gradient of a bias.
    static func columnSums<Scalar: TensorScalar>(_ rows: Int, _ columns: Int, _ x: UnsafePointer<Scalar>,
                                                 into out: UnsafeMutablePointer<Scalar>, accumulate: Bool) {
        sum(1, rows, columns, 1, x, out, accumulate: accumulate)
    }
}

extension Tensor {
    private func axis(_ axis: Int, _ name: String) throws(TensorError) -> Int {
        let place = axis < 0 ? axis + rank : axis
        guard place >= 0, place < rank else { throw TensorError(name, [shape], "there is no axis \(axis)") }
        return place
    }

    /// The sum over `axes` (all of them when nil), times `factor`; a summed axis becomes 1 or disappears.
    private func summed(_ name: String, _ axes: [Int]?, keepingAxes: Bool, mean: Bool) throws(TensorError) -> Tensor {
        let tape = try Self.commonTape(name, self)
        var isSummed = [Bool](repeating: axes == nil, count: rank)
        for axis in axes ?? [] { isSummed[try self.axis(axis, name)] = true }
        var kept = shape
        var total = 1
        for axis in 0..<rank where isSummed[axis] {
            total *= shape[axis]
            kept[axis] = 1
        }
        let factor = mean ? 1 / Double(total) : 1
        let sum = detached().summed(to: kept)
        let result: Tensor
        if sum.buffer === buffer || factor != 1 {
            result = Tensor(uninitialized: kept)
            lathe_axpby(Scalar.kernelType, sum.count, factor, sum.packed().pointer, 0, result.pointer)
            keepAlive(sum, self)
        } else {
            result = sum
        }
        let dimensions = keepingAxes ? kept.dimensions : (0..<rank).filter { !isSummed[$0] }.map { shape[$0] }
        return result.viewed(as: Shape(dimensions)).recorded(on: tape, .sum(input: reference, kept: kept, factor: factor))
    }

    /// The sum over the given axes, or over all.
    public func sum(axes: [Int]? = nil, keepingAxes: Bool = false) throws(TensorError) -> Tensor {
        try summed("sum", axes, keepingAxes: keepingAxes, mean: false)
    }

    /// The mean over the given axes, or over all.
    public func mean(axes: [Int]? = nil, keepingAxes: Bool = false) throws(TensorError) -> Tensor {
        try summed("mean", axes, keepingAxes: keepingAxes, mean: true)
    }

    /// The variance (divided by the count) over the given axes.
    public func variance(axes: [Int]? = nil, keepingAxes: Bool = false) throws(TensorError) -> Tensor {
        let centred = try self - mean(axes: axes ?? Array(0..<rank), keepingAxes: true)
        return try centred.squared().mean(axes: axes, keepingAxes: keepingAxes)
    }

    private func extremum(_ name: String, _ op: Int32, _ axis: Int, keepingAxis: Bool) throws(TensorError) -> Tensor {
        let tape = try Self.commonTape(name, self)
        let axis = try self.axis(axis, name)
        guard shape[axis] > 0 else { throw TensorError(name, [shape], "axis \(axis) is empty") }
        let input = packed()
        defer { keepAlive(input) }
        var (outer, inner) = (1, 1)
        for place in 0..<axis { outer *= shape[place] }
        for place in axis + 1..<max(axis + 1, rank) { inner *= shape[place] }
        let middle = shape[axis]
        let result = try Tensor(for: name, shape.replacing(axis, with: 1))
        let (x, y) = (input.pointer, result.pointer)
        Parallel.split(outer, grain: max(1, 32768 / (middle * max(1, inner)))) { start, end in
            lathe_reduce(Scalar.kernelType, op, end - start, middle, inner, 1, x + start * middle * inner, y + start * inner)
        }
        let shown = keepingAxis ? result : result.viewed(as: shape.removing(axis))
        return shown.recorded(on: tape, .extremum(input: input.saved, output: result.saved, axis: axis))
    }

    /// The largest element along an axis; the gradient goes to the first of equal ones.
    public func maximum(axis: Int, keepingAxis: Bool = false) throws(TensorError) -> Tensor {
        try extremum("maximum", 1, axis, keepingAxis: keepingAxis)
    }

    /// The smallest element along an axis; the gradient goes to the first of equal ones.
    public func minimum(axis: Int, keepingAxis: Bool = false) throws(TensorError) -> Tensor {
        try extremum("minimum", 2, axis, keepingAxis: keepingAxis)
    }

    /// Along the last axis the place of the largest element, the first of equal ones.
    public func argmax() -> [Int] {
        let columns = shape.last
        guard columns > 0 else { return [] }
        return withScalars { x in
            (0..<x.count / columns).map { row in
                var best = 0
                for j in 1..<max(1, columns) where x[row * columns + j] > x[row * columns + best] { best = j }
                return best
            }
        }
    }
}

extension Tape {
    func backwardSum(_ input: NodeReference, _ kept: Shape, _ factor: Double, _ gradient: Tensor<Scalar>) {
        let packed = gradient.packed().viewed(as: kept)
        let stretched = Tensor<Scalar>(shape: input.shape, strides: packed.broadcastStrides(to: input.shape), offset: packed.offset,
                                       buffer: packed.buffer)
        if factor == 1 { accumulate(stretched, into: input) } else { add(stretched, times: factor, into: input) }
    }

    func backwardExtremum(_ input: Tensor<Scalar>, _ output: Tensor<Scalar>, _ axis: Int, _ gradient: Tensor<Scalar>) {
        guard let (d, add) = target(input.savedReference) else { return }
        let packed = gradient.packed()
        defer { keepAlive(packed, input, output) }
        if !add { lathe_fill(Scalar.kernelType, input.count, 0, d) }
        let middle = input.shape[axis]
        var inner = 1
        for place in axis + 1..<max(axis + 1, input.rank) { inner *= input.shape[place] }
        let (x, y, g) = (input.pointer, output.pointer, packed.pointer)
        for index in 0..<output.count {
            let start = index / inner * middle * inner + index % inner
            var place = 0
            while place < middle - 1, x[start + place * inner] != y[index] { place += 1 }
            d[start + place * inner] += g[index]
        }
    }
}
