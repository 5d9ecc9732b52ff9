import CKernels

extension Tensor {
    /// exp(x) / sum exp(x) along the last axis.
    ///
    /// - Parameter mask: 0 where an element takes no part (it becomes 0), else 1. It has no gradient and is broadcast to
    ///   the shape of this tensor. A row without any element gives zeros.
    public func softmax(mask: Tensor? = nil) throws(TensorError) -> Tensor { try softmax("softmax", false, mask) }

    /// log softmax along the last axis; masked elements become 0.
    public func logSoftmax(mask: Tensor? = nil) throws(TensorError) -> Tensor { try softmax("logSoftmax", true, mask) }

    private func softmax(_ name: String, _ logarithm: Bool, _ mask: Tensor?) throws(TensorError) -> Tensor {
        guard rank >= 1 else { throw TensorError(name, [shape], "one axis is needed") }
        var keep: Tensor?
        if let mask {
            // A mask of the last axes is used in turn; any other is repeated.
            let isSuffix = mask.rank >= 1 && mask.rank <= rank && mask.shape.dimensions == Array(shape.dimensions.suffix(mask.rank))
            keep = isSuffix ? mask.detached().packed() : try mask.detached().broadcast(to: shape).packed()
        }
        let tape = try Self.commonTape(name, self)
        let input = packed()
        defer { keepAlive(input, keep) }
        let result = try Tensor(for: name, shape)
        let (rows, columns) = (shape.leading, shape.last)
        let (x, m, y) = (input.pointer, keep?.pointer, result.pointer)
        let maskRows = max(1, keep.map { $0.count / max(1, columns) } ?? 1)
        Parallel.split(rows, grain: max(1, 4096 / max(1, columns))) { start, end in
            lathe_softmax(Scalar.kernelType, logarithm ? 1 : 0, end - start, columns, x + start * columns, m, maskRows, start,
                          y + start * columns)
        }
        return result.recorded(on: tape, .softmax(input: reference, output: result.saved, logarithm: logarithm, mask: keep))
    }
}

extension Tape {
    func backwardSoftmax(_ input: NodeReference, _ output: Tensor<Scalar>, _ logarithm: Bool, _ mask: Tensor<Scalar>?,
                         _ gradient: Tensor<Scalar>) {
        var incoming = gradient
        if logarithm, let mask {
            // Masked places are constants: nothing comes from them, and nothing goes to them.
            incoming = Tensor.combine(LATHE_MULTIPLY, gradient, mask, gradient.shape)
        }
        guard let (d, add) = target(input) else { return }
        let packed = incoming.packed()
        let (rows, columns) = (output.shape.leading, output.shape.last)
        let (y, g) = (output.pointer, packed.pointer)
        if logarithm, let mask {
            let part = Tensor<Scalar>(uninitialized: output.shape)
            lathe_softmax_backward(Scalar.kernelType, 1, rows, columns, y, g, part.pointer, 0)
            let kept = Tensor.combine(LATHE_MULTIPLY, part, mask, part.shape)
            lathe_axpby(Scalar.kernelType, kept.count, 1, kept.pointer, add ? 1 : 0, d)
            keepAlive(kept)
        } else {
            Parallel.split(rows, grain: max(1, 4096 / max(1, columns))) { start, end in
                lathe_softmax_backward(Scalar.kernelType, logarithm ? 1 : 0, end - start, columns, y + start * columns,
                                       g + start * columns, d + start * columns, add ? 1 : 0)
            }
        }
        keepAlive(packed, output)
    }
}
