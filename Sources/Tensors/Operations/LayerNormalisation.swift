import CKernels

/// A branch that is added, after dropout, before a layer normalisation.
struct BranchRecord {
    let branch: NodeReference
    let rate: Double
    let seed: UInt64
}

extension Tensor {
    /// Layer normalisation along the last axis: gamma (x - mean) / sqrt(variance + epsilon) + beta, each row by itself.
    public func layerNormalised(gamma: Tensor? = nil, beta: Tensor? = nil, epsilon: Double = 1e-5) throws(TensorError) -> Tensor {
        try normalised("layerNormalised", nil, 0, 0, gamma, beta, epsilon)
    }

    /// layerNorm(self + dropout(branch)) in one pass: the end of each half of a transformer layer.
    public func layerNormalised(adding branch: Tensor, dropoutRate: Double = 0, seed: UInt64 = 0, gamma: Tensor? = nil, beta: Tensor? = nil,
                                epsilon: Double = 1e-5) throws(TensorError) -> Tensor {
        guard branch.shape == shape else {
            throw TensorError("layerNormalised", [shape, branch.shape], "the branch must have the shape of what it is added to")
        }
        return try normalised("layerNormalised", branch, dropoutRate, seed, gamma, beta, epsilon)
    }

    private func normalised(_ name: String, _ branch: Tensor?, _ rate: Double, _ seed: UInt64, _ gamma: Tensor?, _ beta: Tensor?,
                            _ epsilon: Double) throws(TensorError) -> Tensor {
        guard rank >= 1, shape.last > 0, gamma.map({ $0.shape == [shape.last] }) ?? (beta == nil),
              beta.map({ $0.shape == [shape.last] }) ?? true else {
            throw TensorError(name, [shape] + [gamma, beta].compactMap { $0?.shape }, "gamma and beta need one number for each element of the last axis, and beta needs gamma")
        }
        guard rate >= 0, rate < 1 else { throw TensorError(name, [shape], "the dropout rate \(rate) is outside 0 ..< 1") }
        let tape = try Self.commonTape(name, [self] + [branch, gamma, beta].compactMap { $0 })
        let (rows, columns) = (shape.leading, shape.last)
        let (input, added, scale, shift) = (packed(), branch?.packed(), gamma?.packed(), beta?.packed())
        defer { keepAlive(input, added, scale, shift) }
        let (xhat, deviation) = (Tensor(uninitialized: shape), Tensor(uninitialized: [rows]))
        let result = scale == nil ? xhat : Tensor(uninitialized: shape)
        let (x, a, g, b, h, r, y) = (input.pointer, added?.pointer, scale?.pointer, shift?.pointer, xhat.pointer, deviation.pointer, result.pointer)
        let threshold = UInt32(min(rate * 0x1p32, 4_294_967_295))
        Parallel.split(rows, grain: max(1, 8192 / columns)) { start, end in
            let place = start * columns
            lathe_layer_norm(Scalar.kernelType, end - start, columns, epsilon, x + place, a.map { UnsafePointer($0 + place) }, seed, place,
                             threshold, 1 / (1 - rate), g, b, h + place, r + start, y + place)
        }
        return result.recorded(on: tape, .layerNormalisation(
            input: reference, branch: branch.map { BranchRecord(branch: $0.reference, rate: rate, seed: seed) }, xhat: xhat.saved,
            deviation: deviation, gamma: scale?.saved, beta: beta?.reference))
    }

    /// Group normalisation (Wu and He 2018) of [batch, .., channels]: each example's channels in `groups` groups, normalised over
    /// the group and all middle axes; gamma and beta act by channel. One group a channel is instance normalisation.
    public func groupNormalised(groups: Int, gamma: Tensor? = nil, beta: Tensor? = nil, epsilon: Double = 1e-5) throws(TensorError) -> Tensor {
        guard rank >= 2, groups > 0, shape.last % groups == 0 else {
            throw TensorError("groupNormalised", [shape], "the channels do not divide into \(groups) groups")
        }
        let (batch, width) = (shape[0], shape.last / groups)
        let middle = batch == 0 ? 0 : count / (batch * shape.last)
        let order = [0, 2, 1, 3]
        var result = try reshaped(batch, middle, groups, width).permuted(order).reshaped(batch * groups, middle * width)
            .layerNormalised(epsilon: epsilon).reshaped(batch, groups, middle, width).permuted(order).reshaped(shape.dimensions)
        if let gamma { result = try result * gamma }
        if let beta { result = try result + beta }
        return result
    }
}

extension Tape {
    func backwardLayerNormalisation(_ input: NodeReference, _ branch: BranchRecord?, _ xhat: Tensor<Scalar>, _ deviation: Tensor<Scalar>,
                                    _ gamma: Tensor<Scalar>?, _ beta: NodeReference?, _ gradient: Tensor<Scalar>) {
        let packed = gradient.packed()
        let (rows, columns, type) = (xhat.shape.leading, xhat.shape.last, Scalar.kernelType)
        let blocks = max(1, min(16, rows / 16))
        let needsInput = input.node >= 0 || (branch?.branch.node ?? -1) >= 0
        let (needsGamma, needsBeta) = ((gamma?.node ?? -1) >= 0, (beta?.node ?? -1) >= 0)
        let partial = Buffer<Scalar>(2 * blocks * columns)
        // A branch without dropout has the same gradient as the input.
        let direct = branch == nil ? target(input) : nil
        let sum = branch != nil && needsInput ? Tensor<Scalar>(uninitialized: xhat.shape) : nil
        let (g, h, r, w, sums) = (packed.pointer, xhat.pointer, deviation.pointer, gamma?.pointer, partial.pointer)
        let d = direct?.pointer ?? sum?.pointer
        let add: Int32 = direct?.accumulate == true ? 1 : 0
        Parallel.split(blocks, grain: 1) { first, last in
            for block in first..<last {
                let (start, end) = (rows * block / blocks, rows * (block + 1) / blocks)
                let (dgamma, dbeta) = (sums + 2 * block * columns, sums + (2 * block + 1) * columns)
                if needsGamma || needsBeta { lathe_fill(type, 2 * columns, 0, dgamma) }
                lathe_layer_norm_backward(type, end - start, columns, g + start * columns, h + start * columns, r + start, w,
                                          d.map { $0 + start * columns }, add, needsGamma ? dgamma : nil, needsBeta ? dbeta : nil)
            }
        }
        if let gamma, let (t, add) = target(gamma.savedReference) {
            lathe_column_sums(type, blocks, columns, 2 * columns, 1, sums, t, add ? 1 : 0)
        }
        if let beta, let (t, add) = target(beta) {
            lathe_column_sums(type, blocks, columns, 2 * columns, 1, sums + columns, t, add ? 1 : 0)
        }
        if let branch, let sum {
            if let (t, add) = target(branch.branch) {
                if branch.rate > 0 {
                    Tensor.applyDropout(branch.rate, branch.seed, sum.pointer, t, sum.count, accumulate: add)
                } else {
                    lathe_axpby(type, sum.count, 1, sum.pointer, add ? 1 : 0, t)
                }
            }
            accumulate(sum, into: input)
        }
        keepAlive(packed, xhat, deviation, gamma, partial)
    }
}
