import Layers
import Tensors

/// The recurrent predictors of section 2.5: an LSTM on the past, with neighbours left out, summed (Trajectron++) or attended to one by one
/// (Trajectron++Edge).
package struct RecurrentPredictor<Scalar: TensorScalar> {
    package enum Neighbours: String, Sendable, Codable, CaseIterable {
        /// The past alone: the control, whose neighbours are worth exactly nothing.
        case none
        /// One edge LSTM reads the sum of all neighbours' states beside the own state.
        case sum
        /// The edge LSTM reads each neighbour, and attention weighs them.
        case edge
    }

    package let parameters = ParameterStore<Scalar>()
    package let neighbours: Neighbours
    package let widths: PredictorWidths
    package let step: Double
    private let history: LSTM<Scalar>
    private let edge: LSTM<Scalar>?
    private let attention: AdditiveAttention<Scalar>?
    package let decoder: LatentDecoder<Scalar>
    private let firstInput: Linear<Scalar>
    /// Edge has one more linear layer before the first input.
    private let beforeFirst: Linear<Scalar>?
    package let posterior: FuturePosterior<Scalar>?

    /// - Parameter isVariational: whether a posterior q(z | x, y) is trained beside the prior.
    package init(_ neighbours: Neighbours, widths: PredictorWidths, step: Double, isVariational: Bool = false, random: inout RandomSource) {
        self.neighbours = neighbours
        self.widths = widths
        self.step = step
        let state = AgentStates.width
        history = LSTM("history", inputs: state, hidden: widths.history, in: parameters, from: &random)
        edge = neighbours == .none ? nil : LSTM("edge", inputs: 2 * state, hidden: widths.edge, in: parameters, from: &random)
        attention = neighbours == .edge ? AdditiveAttention(edge: widths.edge, history: widths.history, inner: 32, in: parameters, from: &random) : nil
        let context = widths.history + (neighbours == .none ? 0 : widths.edge)
        decoder = LatentDecoder(context: context, widths: widths, in: parameters, from: &random)
        beforeFirst = neighbours == .edge ? Linear("first.hidden", inputs: state, outputs: 32, in: parameters, from: &random) : nil
        firstInput = Linear("first.out", inputs: neighbours == .edge ? 32 : state, outputs: 2, in: parameters, from: &random)
        posterior = isVariational ? FuturePosterior(context: context, width: widths.history, modes: widths.modes, in: parameters, from: &random) : nil
    }

    /// The last state of the own past, [rows, history].
    package func encodedHistory(_ own: Tensor<Scalar>) throws -> Tensor<Scalar> { try history(own).lastStep() }

    /// e_j of neighbours beside the own past: [rows, steps, 6] twice to [rows, edge].
    package func encodedEdges(_ neighbours: Tensor<Scalar>, beside own: Tensor<Scalar>) throws -> Tensor<Scalar> {
        guard let edge else { throw TrajectoryError("this predictor reads no neighbours") }
        return try edge(Tensor.concatenated([neighbours, own], axis: 2)).lastStep()
    }

    /// x = [e ‖ h] from encodings.
    package func context(history h: Tensor<Scalar>, edges: Tensor<Scalar>, mask: Tensor<Scalar>) throws -> Tensor<Scalar> {
        guard let attention else { return h }
        return try Tensor.concatenated([attention(edges, history: h, mask: mask).context, h], axis: 1)
    }

    /// x of whole cues.
    /// - Parameter dropout: of the encodings, in training.
    package func context(_ cues: Cues<Scalar>, dropout: Double = 0, mode: ForwardMode = .inference) throws -> Tensor<Scalar> {
        var h = try encodedHistory(cues.own)
        if case .training(let seed) = mode, dropout > 0 { h = try h.dropout(rate: dropout, seed: seed &+ 11) }
        func dropped(_ e: Tensor<Scalar>) throws -> Tensor<Scalar> {
            if case .training(let seed) = mode, dropout > 0 { return try e.dropout(rate: dropout, seed: seed &+ 12) }
            return e
        }
        let (rows, slots, steps, width) = (cues.rows, cues.slots, cues.steps, AgentStates.width)
        switch neighbours {
        case .none: return h
        case .sum:
            guard slots > 0 else { return try Tensor.concatenated([Tensor(shape: [rows, widths.edge], repeating: 0), h], axis: 1) }
            let present = Tensor<Scalar>(shape: [rows, 1], cues.counts.map { $0 > 0 ? 1 : 0 })
            // Empty slots are zero, so they add nothing.
            let e = try dropped(encodedEdges(cues.neighbours.sum(axes: [1]), beside: cues.own)) * present
            return try Tensor.concatenated([e, h], axis: 1)
        case .edge:
            guard slots > 0 else { return try Tensor.concatenated([Tensor(shape: [rows, widths.edge], repeating: 0), h], axis: 1) }
            let own = try cues.own.expandingAxis(at: 1).broadcast(to: [rows, slots, steps, width]).reshaped(rows * slots, steps, width)
            let e = try dropped(encodedEdges(cues.neighbours.reshaped(rows * slots, steps, width), beside: own)).reshaped(rows, slots, widths.edge)
            return try context(history: h, edges: e, mask: cues.mask)
        }
    }

    /// a_0 of the last states [rows, 6].
    package func firstInputs(_ last: Tensor<Scalar>) throws -> Tensor<Scalar> {
        try firstInput(beforeFirst.map { try $0(last) } ?? last)
    }

    /// The futures of an x, with the last own states [rows, 6].
    package func mixture(_ x: Tensor<Scalar>, last: Tensor<Scalar>, steps: Int) throws -> TrajectoryMixture<Scalar> {
        try TrajectoryMixture(logWeights: decoder.logPrior(x), heads: decoder(x, first: firstInputs(last), steps: steps), step: step)
    }

    package func callAsFunction(_ cues: Cues<Scalar>, steps: Int) throws -> TrajectoryMixture<Scalar> {
        try mixture(context(cues), last: cues.own.lastStep(), steps: steps)
    }

    // MARK: - Losses

    /// The loss of a plain mixture (`exact-marginal`), in nats a step.
    package func marginalLoss(_ cues: Cues<Scalar>, future: Tensor<Scalar>, dropout: (recurrent: Double, prior: Double) = (0, 0), mode: ForwardMode = .inference) throws -> Tensor<Scalar> {
        let x = try context(cues, dropout: dropout.recurrent, mode: mode)
        let heads = try decoder(x, first: firstInputs(cues.own.lastStep()), steps: future.shape[1])
        return try TrajectoryMixture(logWeights: decoder.logPrior(x, dropout: dropout.prior, mode: mode), heads: heads, step: step).pathLoss(future)
    }
}

extension Tensor {
    /// The last element of the second axis, which goes away: [rows, steps, ..] to [rows, ..].
    func lastStep() throws(TensorError) -> Tensor { try selected(axis: 1, shape[1] - 1) }
}
