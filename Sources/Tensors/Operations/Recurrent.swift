import CKernels

/// Weights of a recurrent layer. The gates lie side by side: reset, update, new for a GRU; input, forget, cell, output for
/// an LSTM, as in PyTorch, but with the input size first.
public struct RecurrentWeights<Scalar: TensorScalar> {
    /// [input, gates * hidden]
    public let input: Tensor<Scalar>
    /// [hidden, gates * hidden]
    public let recurrent: Tensor<Scalar>
    /// [gates * hidden]
    public let inputBias: Tensor<Scalar>?
    /// [gates * hidden]
    public let recurrentBias: Tensor<Scalar>?

    public init(input: Tensor<Scalar>, recurrent: Tensor<Scalar>, inputBias: Tensor<Scalar>? = nil, recurrentBias: Tensor<Scalar>? = nil) {
        (self.input, self.recurrent, self.inputBias, self.recurrentBias) = (input, recurrent, inputBias, recurrentBias)
    }
}

/// What the way back of a recurrent layer needs. Everything is time-major: [time, batch, ..].
struct RecurrentRecord<Scalar: TensorScalar> {
    let isLSTM: Bool
    let time: Int
    let batch: Int
    let hidden: Int
    let projection: NodeReference
    let recurrent: Tensor<Scalar>
    let recurrentBias: NodeReference?
    let initial: NodeReference
    let initialCell: NodeReference?
    /// h before and after each step: [time + 1, batch, hidden].
    let states: Tensor<Scalar>
    let cells: Tensor<Scalar>?
    /// GRU: r, z, n and the recurrent part of n. LSTM: i, f, g, o. [time, batch, 4 hidden].
    let gates: Tensor<Scalar>
    let lengths: [Int32]?
}

extension Tensor {
    /// A gated recurrent unit over sequences: r = s(W_r x + U_r h), z = s(W_z x + U_z h), n = tanh(W_n x + r * (U_n h)),
    /// h' = (1 - z) n + z h, with both biases.
    ///
    /// - Parameters:
    ///   - self: [batch, time, input].
    ///   - initial: [batch, hidden], zeros when nil.
    ///   - lengths: how many steps of each sequence count; later ones keep the state.
    /// - Returns: all states [batch, time, hidden]; a state behind the end of a sequence repeats its last one.
    public func gru(_ weights: RecurrentWeights<Scalar>, initial: Tensor? = nil, lengths: [Int32]? = nil) throws(TensorError) -> Tensor {
        try recurrent("gru", gateCount: 3, weights, initial, nil, lengths)
    }

    /// A long short-term memory over sequences: c' = f c + i g, h' = o tanh(c').
    ///
    /// Shapes as for `gru`, with four gates.
    public func lstm(_ weights: RecurrentWeights<Scalar>, initial: Tensor? = nil, initialCell: Tensor? = nil,
                     lengths: [Int32]? = nil) throws(TensorError) -> Tensor {
        try recurrent("lstm", gateCount: 4, weights, initial, initialCell, lengths)
    }

    private func recurrent(_ name: String, gateCount: Int, _ weights: RecurrentWeights<Scalar>, _ initial: Tensor?, _ initialCell: Tensor?,
                           _ lengths: [Int32]?) throws(TensorError) -> Tensor {
        let shapes = [shape, weights.input.shape, weights.recurrent.shape]
        guard rank == 3, weights.input.rank == 2, weights.recurrent.rank == 2, weights.input.shape[0] == shape[2],
              weights.recurrent.shape[1] == gateCount * weights.recurrent.shape[0], weights.input.shape[1] == weights.recurrent.shape[1],
              weights.recurrentBias.map({ $0.shape == [weights.recurrent.shape[1]] }) ?? true else {
            throw TensorError(name, shapes, "the input must be [batch, time, input], the weights [input, \(gateCount) hidden] and [hidden, \(gateCount) hidden]")
        }
        let (batch, time, hidden) = (shape[0], shape[1], weights.recurrent.shape[0])
        let stateShape: Shape = [batch, hidden]
        for state in [initial, initialCell].compactMap({ $0 }) where state.shape != stateShape {
            throw TensorError(name, [shape, state.shape], "an initial state must be [batch, hidden] = \(stateShape)")
        }
        guard lengths.map({ $0.count == batch && $0.allSatisfy { $0 >= 0 && $0 <= time } }) ?? true else {
            throw TensorError(name, [shape], "there must be one length between 0 and \(time) for each sequence")
        }
        // The part of all inputs, for all steps at once; the steps then only add the recurrent part.
        let projection = try permuted([1, 0, 2]).reshaped(time * batch, shape[2]).linear(weights.input, bias: weights.inputBias)
        let tape = try Self.commonTape(name, [projection, weights.recurrent] + [weights.recurrentBias, initial, initialCell].compactMap { $0 })
        let (u, bias) = (weights.recurrent.packed(), weights.recurrentBias?.packed())
        let states = try Tensor(for: "recurrent", [time + 1, batch, hidden])
        let isLSTM = gateCount == 4
        let cells = isLSTM ? Tensor(uninitialized: states.shape) : nil
        let gates = try Tensor(for: "recurrent", [time, batch, 4 * hidden])
        for (target, start) in [(states, initial), (cells ?? states, isLSTM ? initialCell : initial)] {
            if let start { start.copyElements(to: target.pointer) } else { lathe_fill(Scalar.kernelType, batch * hidden, 0, target.pointer) }
        }
        let product = Tensor(uninitialized: [batch, gateCount * hidden])
        let (type, identity) = (Scalar.kernelType, Int32(LATHE_IDENTITY))
        let (xp, uw, hb, h, c, saved, hu) = (projection.pointer, u.pointer, bias?.pointer, states.pointer, cells?.pointer, gates.pointer, product.pointer)
        func run(_ lengths: UnsafePointer<Int32>?) {
            // Sequences do not meet: each thread takes its share through all steps.
            Parallel.split(batch, grain: max(1, (1 << 16) / max(1, hidden * hidden * gateCount)), unit: 4) { start, end in
                let (rows, row) = (end - start, start * hidden)
                for step in 0..<time {
                    let (before, after) = (h + step * batch * hidden + row, h + (step + 1) * batch * hidden + row)
                    let keep = saved + step * batch * 4 * hidden + start * 4 * hidden
                    if let c {
                        let input = xp + (step * batch + start) * 4 * hidden
                        keep.update(from: input, count: rows * 4 * hidden)
                        lathe_gemm(type, rows, 4 * hidden, hidden, 1, before, hidden, 1, uw, 4 * hidden, 1, keep, 4 * hidden, 1, hb, identity, 0)
                        lathe_lstm_step(type, rows, hidden, step, lengths.map { $0 + start }, keep, before, c + step * batch * hidden + row,
                                        after, c + (step + 1) * batch * hidden + row)
                    } else {
                        let part = hu + start * 3 * hidden
                        lathe_gemm(type, rows, 3 * hidden, hidden, 1, before, hidden, 1, uw, 3 * hidden, 1, part, 3 * hidden, 0, hb, identity, 0)
                        lathe_gru_step(type, rows, hidden, step, lengths.map { $0 + start }, xp + (step * batch + start) * 3 * hidden, part,
                                       before, after, keep)
                    }
                }
            }
        }
        if let lengths { lengths.withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
        keepAlive(u, bias, projection, product, states, cells, gates)
        let record = RecurrentRecord(
            isLSTM: isLSTM, time: time, batch: batch, hidden: hidden, projection: projection.reference, recurrent: u.saved,
            recurrentBias: weights.recurrentBias?.reference, initial: initial?.reference ?? NodeReference(node: -1, shape: stateShape),
            initialCell: initialCell?.reference, states: states, cells: cells, gates: gates, lengths: lengths)
        // A view of the states after each step, batch first.
        var strides = SIMD8<Int>(repeating: 0)
        (strides[0], strides[1], strides[2]) = (hidden, batch * hidden, 1)
        return Tensor(shape: [batch, time, hidden], strides: strides, offset: batch * hidden, buffer: states.buffer)
            .recorded(on: tape, .recurrent(record))
    }
}

extension Tape {
    func backwardRecurrent(_ record: RecurrentRecord<Scalar>, _ gradient: Tensor<Scalar>) {
        let (time, batch, hidden, type) = (record.time, record.batch, record.hidden, Scalar.kernelType)
        let gateCount = record.isLSTM ? 4 : 3
        let width = gateCount * hidden
        // Gradient of the states by time, copied because steps add to it.
        var order = SIMD8<Int>(repeating: 0)
        (order[0], order[1], order[2]) = (gradient.strides[1], gradient.strides[0], gradient.strides[2])
        let byTime = Tensor<Scalar>(shape: [time, batch, hidden], strides: order, offset: gradient.offset, buffer: gradient.buffer).packed()
        let (carried, carriedCell) = (Tensor<Scalar>(shape: [batch, hidden], repeating: 0), Tensor<Scalar>(shape: [batch, hidden], repeating: 0))
        let inner = Tensor<Scalar>(uninitialized: [time, batch, width])
        // For an LSTM the gates' gradient serves both parts; it goes into a copy, so that kept records stay as they were.
        let recurrentPart = record.isLSTM ? inner : Tensor<Scalar>(uninitialized: [time, batch, width])
        if record.isLSTM { record.gates.copyElements(to: inner.pointer) }
        let (dy, dh, dc, dx, du) = (byTime.pointer, carried.pointer, carriedCell.pointer, inner.pointer, recurrentPart.pointer)
        let (h, c, gates, u) = (record.states.pointer, record.cells?.pointer, record.gates.pointer, record.recurrent.pointer)
        func run(_ lengths: UnsafePointer<Int32>?) {
            Parallel.split(batch, grain: max(1, (1 << 16) / max(1, hidden * width)), unit: 4) { start, end in
                let (rows, row) = (end - start, start * hidden)
                for step in stride(from: time - 1, through: 0, by: -1) {
                    let (place, gatePlace) = (step * batch * hidden + row, (step * batch + start) * width)
                    lathe_axpby(type, rows * hidden, 1, dy + place, 1, dh + row)
                    if let c {
                        lathe_lstm_step_backward(type, rows, hidden, step, lengths.map { $0 + start }, dx + gatePlace, c + place,
                                                 c + place + batch * hidden, dh + row, dc + row)
                    } else {
                        lathe_gru_step_backward(type, rows, hidden, gates + (step * batch + start) * 4 * hidden, h + place, dh + row,
                                                dx + gatePlace, du + gatePlace)
                    }
                    // dh += d(h U) U'
                    lathe_gemm(type, rows, hidden, width, 1, du + gatePlace, width, 1, u, 1, width, dh + row, hidden, 1, nil,
                               Int32(LATHE_IDENTITY), 0)
                }
            }
        }
        if let lengths = record.lengths { lengths.withUnsafeBufferPointer { run($0.baseAddress) } } else { run(nil) }
        if let (d, add) = target(record.recurrent.savedReference) {
            Product.multiply(hidden, width, time * batch, MatrixView(UnsafePointer(h), row: 1, column: hidden), MatrixView(UnsafePointer(du), row: width),
                             into: d, accumulate: add)
        }
        if let bias = record.recurrentBias, let (d, add) = target(bias) {
            Reduction.columnSums(time * batch, width, du, into: d, accumulate: add)
        }
        accumulate(carried, into: record.initial)
        if let initialCell = record.initialCell { accumulate(carriedCell, into: initialCell) }
        accumulate(inner.viewed(as: [time * batch, width]), into: record.projection)
        keepAlive(byTime, inner, recurrentPart, record.states, record.cells, record.gates, record.recurrent)
    }
}
