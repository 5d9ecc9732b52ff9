import Foundation
import Layers
import Tensors

/// q(z | x, y) of the variational training (section 2.5): a bidirectional LSTM over the standardised future, its four last vectors joined to x.
package struct FuturePosterior<Scalar: TensorScalar> {
    private let forward, backward: LSTM<Scalar>
    private let startState, startCell, out: Linear<Scalar>

    package init(context: Int, width: Int, modes: Int, in parameters: ParameterStore<Scalar>, from random: inout RandomSource) {
        forward = LSTM("posterior.forward", inputs: 2, hidden: width, in: parameters, from: &random)
        backward = LSTM("posterior.backward", inputs: 2, hidden: width, in: parameters, from: &random)
        startState = Linear("posterior.state", inputs: AgentStates.width, outputs: width, in: parameters, from: &random)
        startCell = Linear("posterior.cell", inputs: AgentStates.width, outputs: width, in: parameters, from: &random)
        out = Linear("posterior.out", inputs: context + 4 * width, outputs: modes, in: parameters, from: &random)
    }

    /// Centred logits of q, [rows, K], held within ±`clip`.
    /// - Parameters:
    ///   - last: the last own states, [rows, 6].
    ///   - future: standardised positions, [rows, steps, 2].
    package func logits(_ x: Tensor<Scalar>, last: Tensor<Scalar>, future: Tensor<Scalar>, clip: Double) throws -> Tensor<Scalar> {
        let ahead = try forward.lastState(future, initial: startState(last), initialCell: startCell(last))
        let back = try backward.lastState(future.flipped(axis: 1))
        let logits = try out(Tensor.concatenated([x, ahead.state, ahead.cell, back.state, back.cell], axis: 1))
        return try (logits - logits.mean(axes: [1], keepingAxes: true)).clamped(-clip, clip)
    }
}

/// A value that rises from `start` to `end` along a sigmoid.
package struct SigmoidRamp: Sendable, Equatable {
    package var start: Double, end: Double, centre: Double, width: Double
    package init(from start: Double, to end: Double, centre: Double, width: Double) { (self.start, self.end, self.centre, self.width) = (start, end, centre, width) }
    package subscript(step: Int) -> Double { start + (end - start) / (1 + Foundation.exp(-(Double(step) - centre) / max(width, 1e-9))) }
}

package enum LatentTerms {
    /// The mean over rows of KL(q ‖ p) of two distributions given as logarithms, [rows, K], and each row's.
    package static func divergence<Scalar: TensorScalar>(_ logQ: Tensor<Scalar>, from logP: Tensor<Scalar>) throws -> (rows: Tensor<Scalar>, mean: Tensor<Scalar>) {
        let rows = try (logQ.exp() * (logQ - logP)).sum(axes: [1])
        return (rows, try rows.mean())
    }

    /// H(mean p) - mean H(p): how much the choice of z tells of the input.
    package static func mutualInformation<Scalar: TensorScalar>(_ logP: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let p = try logP.exp(), mean = try p.mean(axes: [0])
        let entropy = try (mean * mean.clamped(1e-30, 1).log()).sum().scaled(by: -1)
        return try entropy + (p * logP).sum(axes: [1]).mean()
    }
}
