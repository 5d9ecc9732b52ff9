import CKernels

/// What the way back of a batch normalisation needs besides its input.
struct NormalisationRecord<Scalar: TensorScalar> {
    /// Mean, scale and shift a column: y = activation(x * scale + shift).
    let mean: Tensor<Scalar>
    let scale: Tensor<Scalar>
    let shift: Tensor<Scalar>
    /// 1 / sqrt(variance + epsilon) a column, in double.
    let inverseDeviation: [Double]
    let function: ElementFunction
    /// Whether mean and variance came from the input itself.
    let isTraining: Bool
}

extension Tensor {
    /// Batch normalisation over all axes but the last: activation(gamma (x - mean) / sqrt(variance + epsilon) + beta).
    ///
    /// - Parameters:
    ///   - gamma, beta: one number a channel.
    ///   - runningMean, runningVariance: state that follows the batches (in training, with the unbiased variance) or gives
    ///     the statistics (else).
    ///   - momentum: the weight of the new batch in the running statistics.
    ///   - activation: applied in the same pass; identity, ReLU, ReLU6 and leaky ReLU are fused.
    public func batchNormalised(gamma: Tensor, beta: Tensor, runningMean: Parameter<Scalar>, runningVariance: Parameter<Scalar>,
                                isTraining: Bool, momentum: Double = 0.1, epsilon: Double = 1e-5,
                                activation: Activation = .identity) throws(TensorError) -> Tensor {
        let channels = shape.last
        let perChannel: Shape = [channels]
        guard rank >= 2, gamma.shape == perChannel, beta.shape == perChannel, runningMean.shape == perChannel,
              runningVariance.shape == perChannel else {
            throw TensorError("batchNormalised", [shape, gamma.shape, beta.shape, runningMean.shape], "one number for each channel of the last axis is needed")
        }
        switch activation {
        case .identity, .relu, .relu6: break
        case .leakyReLU(let slope) where slope > 0: break
        default:
            return try batchNormalised(gamma: gamma, beta: beta, runningMean: runningMean, runningVariance: runningVariance,
                                       isTraining: isTraining, momentum: momentum, epsilon: epsilon).activated(activation)
        }
        let tape = try Self.commonTape("batchNormalised", self, gamma, beta)
        let rows = shape.leading
        guard !isTraining || rows > 0 else { throw TensorError("batchNormalised", [shape], "the batch is empty") }
        let (input, g, b) = (packed(), gamma.packed(), beta.packed())
        defer { keepAlive(input, g, b) }
        let (mean, scale, shift) = (Tensor(uninitialized: perChannel), Tensor(uninitialized: perChannel), Tensor(uninitialized: perChannel))
        var inverse = [Double](repeating: 0, count: channels)
        let (kept, keptVariance) = (runningMean.store.view(runningMean.index), runningVariance.store.view(runningVariance.index))
        if isTraining {
            let moments = Self.columnMoments(input.pointer, rows, channels)
            for j in 0..<channels {
                let variance = moments.squares[j] / Double(rows)
                mean.pointer[j] = Scalar(moments.mean[j])
                inverse[j] = 1 / (variance + epsilon).squareRoot()
                let unbiased = rows > 1 ? moments.squares[j] / Double(rows - 1) : variance
                kept.pointer[j] = Scalar((1 - momentum) * Double(kept.pointer[j]) + momentum * moments.mean[j])
                keptVariance.pointer[j] = Scalar((1 - momentum) * Double(keptVariance.pointer[j]) + momentum * unbiased)
            }
        } else {
            for j in 0..<channels {
                mean.pointer[j] = kept.pointer[j]
                inverse[j] = 1 / (Double(keptVariance.pointer[j]) + epsilon).squareRoot()
            }
        }
        for j in 0..<channels {
            let factor = Double(g.pointer[j]) * inverse[j]
            scale.pointer[j] = Scalar(factor)
            shift.pointer[j] = Scalar(Double(b.pointer[j]) - Double(mean.pointer[j]) * factor)
        }
        let function = activation.function
        let result = try Tensor(for: "batchNormalised", shape)
        let (x, y, s, t) = (input.pointer, result.pointer, scale.pointer, shift.pointer)
        Parallel.split(rows, grain: max(1, 16384 / max(1, channels))) { start, end in
            lathe_scale_shift(Scalar.kernelType, function.code, function.p, end - start, channels, x + start * channels, s, t,
                              y + start * channels)
        }
        return result.recorded(on: tape, .batchNormalisation(
            input: input.saved, gamma: g.saved, beta: beta.reference,
            NormalisationRecord(mean: mean, scale: scale, shift: shift, inverseDeviation: inverse, function: function, isTraining: isTraining)))
    }

    /// Mean and sum of squared deviations of each column, from blocks of rows that are combined in their order
    /// (Chan, Golub and LeVeque 1979).
    static func columnMoments(_ x: UnsafePointer<Scalar>, _ rows: Int, _ columns: Int) -> (mean: [Double], squares: [Double]) {
        let rowsPerBlock = max(16, min(1024, 32768 / max(1, columns)))
        let blocks = (rows + rowsPerBlock - 1) / rowsPerBlock
        let partial = Buffer<Scalar>(2 * blocks * columns)
        let target = partial.pointer
        Parallel.split(blocks, grain: 2) { first, last in
            for block in first..<last {
                let start = block * rowsPerBlock
                lathe_column_moments(Scalar.kernelType, min(rowsPerBlock, rows - start), columns, x + start * columns,
                                     target + 2 * block * columns, target + (2 * block + 1) * columns)
            }
        }
        var (mean, squares) = ([Double](repeating: 0, count: columns), [Double](repeating: 0, count: columns))
        var seen = 0.0
        for block in 0..<blocks {
            let count = Double(min(rowsPerBlock, rows - block * rowsPerBlock))
            let (sums, deviations) = (target + 2 * block * columns, target + (2 * block + 1) * columns)
            let total = seen + count
            for j in 0..<columns {
                let difference = Double(sums[j]) / count - mean[j]
                squares[j] += Double(deviations[j]) + difference * difference * seen * count / total
                mean[j] += difference * count / total
            }
            seen = total
        }
        keepAlive(partial)
        return (mean, squares)
    }
}

extension Tape {
    func backwardBatchNormalisation(_ input: Tensor<Scalar>, _ gamma: Tensor<Scalar>, _ beta: NodeReference,
                                    _ record: NormalisationRecord<Scalar>, _ gradient: Tensor<Scalar>) {
        let packed = gradient.packed()
        let (rows, channels) = (input.shape.leading, input.shape.last)
        let (type, function) = (Scalar.kernelType, record.function)
        let (x, g, s, t, mean) = (input.pointer, packed.pointer, record.scale.pointer, record.shift.pointer, record.mean.pointer)
        let rowsPerBlock = max(16, min(1024, 16384 / max(1, channels)))
        let blocks = (rows + rowsPerBlock - 1) / rowsPerBlock
        let partial = Buffer<Scalar>(2 * blocks * channels)
        let sums = partial.pointer
        Parallel.split(blocks, grain: 2) { first, last in
            for block in first..<last {
                let start = block * rowsPerBlock
                lathe_normalise_backward_sums(type, function.code, function.p, min(rowsPerBlock, rows - start), channels,
                                              x + start * channels, g + start * channels, s, t, mean, sums + 2 * block * channels,
                                              sums + (2 * block + 1) * channels)
            }
        }
        var (sumG, sumGX) = ([Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels))
        for block in 0..<blocks {
            for j in 0..<channels {
                sumG[j] += Double(sums[2 * block * channels + j])
                sumGX[j] += Double(sums[(2 * block + 1) * channels + j])
            }
        }
        keepAlive(partial)
        if let (d, add) = target(beta) { for j in 0..<channels { d[j] = (add ? d[j] : 0) + Scalar(sumG[j]) } }
        if let (d, add) = target(gamma.savedReference) {
            for j in 0..<channels { d[j] = (add ? d[j] : 0) + Scalar(sumGX[j] * record.inverseDeviation[j]) }
        }
        if let (d, add) = target(input.savedReference) {
            // dx = a g' + b x + c, where b and c carry the gradient through mean and variance.
            let coefficients = Buffer<Scalar>(3 * channels)
            let (a, b, c) = (coefficients.pointer, coefficients.pointer + channels, coefficients.pointer + 2 * channels)
            for j in 0..<channels {
                let (inverse, weight) = (record.inverseDeviation[j], Double(gamma.pointer[j]))
                a[j] = Scalar(weight * inverse)
                let slope = record.isTraining ? -weight * inverse * inverse * inverse * sumGX[j] / Double(rows) : 0
                let level = record.isTraining ? -weight * inverse * sumG[j] / Double(rows) - slope * Double(mean[j]) : 0
                b[j] = Scalar(slope)
                c[j] = Scalar(level)
            }
            Parallel.split(rows, grain: max(1, 16384 / max(1, channels))) { start, end in
                lathe_normalise_backward(type, function.code, function.p, end - start, channels, x + start * channels,
                                         g + start * channels, s, t, a, b, c, d + start * channels, add ? 1 : 0)
            }
            keepAlive(coefficients)
        }
        keepAlive(packed, input, gamma, record.scale, record.shift, record.mean)
    }
}
