import CKernels

/// How the losses of the examples become one number.
public enum LossReduction: Sendable, Hashable {
    /// The mean over the examples that have a target.
    case mean
    case sum
}

extension Tensor {
    /// Softmax and cross-entropy in one: the logits are [.., classes], one target class for each row.
    ///
    /// - Parameters:
    ///   - targets: classes from 0; a negative one leaves the row out.
    ///   - smoothing: the share of the target that is spread over all classes, 0 to below 1.
    public func crossEntropy(_ targets: [Int32], smoothing: Double = 0,
                             reduction: LossReduction = .mean) throws(TensorError) -> Tensor {
        let losses = try crossEntropyLosses(targets, smoothing: smoothing)
        switch reduction {
        case .sum: return try losses.sum()
        case .mean: return try losses.sum().scaled(by: 1 / Double(max(1, targets.count { $0 >= 0 })))
        }
    }

    /// The cross-entropy of each row, as a tensor of one axis.
    public func crossEntropyLosses(_ targets: [Int32], smoothing: Double = 0) throws(TensorError) -> Tensor {
        let (rows, columns) = (shape.leading, shape.last)
        guard rank >= 1, targets.count == rows else {
            throw TensorError("crossEntropy", [shape, [targets.count]], "one target for each row is needed")
        }
        guard targets.allSatisfy({ $0 < columns }) else {
            throw TensorError("crossEntropy", [shape], "a target is outside 0 ..< \(columns)")
        }
        guard smoothing >= 0, smoothing < 1 else {
            throw TensorError("crossEntropy", [shape], "smoothing \(smoothing) is outside 0 ..< 1")
        }
        let tape = try Self.commonTape("crossEntropy", self)
        let input = packed()
        defer { keepAlive(input) }
        let (probabilities, losses) = (Tensor(uninitialized: shape), Tensor(uninitialized: [rows]))
        let (x, p, l) = (input.pointer, probabilities.pointer, losses.pointer)
        targets.withUnsafeBufferPointer { targets in
            guard let first = targets.baseAddress else { return }
            Parallel.split(rows, grain: max(1, 4096 / max(1, columns))) { start, end in
                lathe_cross_entropy(Scalar.kernelType, end - start, columns, smoothing, x + start * columns, first + start,
                                    p + start * columns, l + start)
            }
        }
        return losses.recorded(on: tape, .crossEntropy(input: reference, probabilities: probabilities, targets: targets,
                                                       smoothing: smoothing))
    }

    /// The mean cross-entropy with target distributions of the shape of the logits: -sum q log softmax(x).
    public func crossEntropy(distribution targets: Tensor) throws(TensorError) -> Tensor {
        guard targets.shape == shape else {
            throw TensorError("crossEntropy", [shape, targets.shape], "the target distributions must have the shape of the logits")
        }
        return try (targets * logSoftmax()).sum().scaled(by: -1 / Double(max(1, shape.leading)))
    }
}

extension Tape {
    func backwardCrossEntropy(_ input: NodeReference, _ probabilities: Tensor<Scalar>, _ targets: [Int32], _ smoothing: Double,
                              _ gradient: Tensor<Scalar>) {
        guard let (d, add) = target(input) else { return }
        let weights = gradient.packed()
        let (rows, columns) = (probabilities.shape.leading, probabilities.shape.last)
        let (p, w) = (probabilities.pointer, weights.pointer)
        targets.withUnsafeBufferPointer { targets in
            guard let first = targets.baseAddress else { return }
            Parallel.split(rows, grain: max(1, 8192 / max(1, columns))) { start, end in
                lathe_cross_entropy_backward(Scalar.kernelType, end - start, columns, smoothing, p + start * columns, first + start,
                                             w + start, d + start * columns, add ? 1 : 0)
            }
        }
        keepAlive(weights, probabilities)
    }
}
