import CKernels

extension Tensor {
    private func requireShape(of other: Tensor, _ name: String) throws(TensorError) {
        guard shape == other.shape else { throw TensorError(name, [shape, other.shape], "both must have the same shape") }
    }

    /// The mean of (self - target)^2.
    public func meanSquaredError(_ target: Tensor) throws(TensorError) -> Tensor {
        try requireShape(of: target, "meanSquaredError")
        return try (self - target).squared().mean()
    }

    /// The mean of |self - target|.
    public func meanAbsoluteError(_ target: Tensor) throws(TensorError) -> Tensor {
        try requireShape(of: target, "meanAbsoluteError")
        return try (self - target).absolute().mean()
    }

    /// The mean Huber loss: d^2 / 2 up to |d| = delta, then delta (|d| - delta / 2).
    public func huberLoss(_ target: Tensor, delta: Double = 1) throws(TensorError) -> Tensor {
        try requireShape(of: target, "huberLoss")
        return try (self - target).huber(delta: delta).mean()
    }

    /// The mean binary cross-entropy of logits with targets in [0, 1]: softplus(x) - y x.
    public func binaryCrossEntropy(_ target: Tensor) throws(TensorError) -> Tensor {
        try binaryCrossEntropyLosses(target).mean()
    }

    /// softplus(x) - y x for each element: for means of another kind.
    public func binaryCrossEntropyLosses(_ target: Tensor) throws(TensorError) -> Tensor {
        try requireShape(of: target, "binaryCrossEntropy")
        return try softplus() - self * target
    }

    /// KL(q || p) = sum q (log q - log p) along the last axis, mean over the rows; self holds log p, `target` holds q.
    public func klDivergence(from target: Tensor) throws(TensorError) -> Tensor {
        try requireShape(of: target, "klDivergence")
        // q log q with 0 log 0 = 0; the target's own gradient is right where it is positive.
        let safe = try Tensor.maximum(target, Tensor(Scalar.leastNormalMagnitude))
        return try (target * (safe.log() - self)).sum().scaled(by: 1 / Double(max(1, shape.leading)))
    }

    /// The mean of max(0, margin - y x) with y = -1 or 1; squared on request.
    public func hingeLoss(_ target: Tensor, margin: Double = 1, squared: Bool = false) throws(TensorError) -> Tensor {
        try hingeLosses(target, margin: margin, squared: squared).mean()
    }

    /// max(0, margin - y x) for each element, squared on request: for means of another kind.
    public func hingeLosses(_ target: Tensor, margin: Double = 1, squared: Bool = false) throws(TensorError) -> Tensor {
        try requireShape(of: target, "hingeLoss")
        let excess = try (margin - self * target).relu()
        return squared ? try excess.squared() : excess
    }

    /// a.b / (max(|a|, eps) max(|b|, eps)) along the last axis.
    public func cosineSimilarity(_ other: Tensor, epsilon: Double = 1e-8) throws(TensorError) -> Tensor {
        try requireShape(of: other, "cosineSimilarity")
        guard rank >= 1 else { throw TensorError("cosineSimilarity", [shape], "one axis is needed") }
        return try (normalised(epsilon: epsilon) * other.normalised(epsilon: epsilon)).sum(axes: [rank - 1])
    }

    /// Each row of the last axis divided by max(its Euclidean norm, eps).
    public func normalised(epsilon: Double = 1e-8) throws(TensorError) -> Tensor {
        guard rank >= 1 else { throw TensorError("normalised", [shape], "one axis is needed") }
        let squares = try squared().sum(axes: [rank - 1], keepingAxes: true)
        return try self / Tensor.maximum(squares, Tensor(Scalar(epsilon * epsilon))).squareRoot()
    }

    /// d^2 / 2 up to |d| = delta, then delta (|d| - delta / 2).
    public func huber(delta: Double = 1) throws(TensorError) -> Tensor {
        try mapped("huber", .init(LATHE_HUBER, delta, reads: .input))
    }
}


