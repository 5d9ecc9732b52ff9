import Layers
import Tensors

/// The decoder of the recurrent predictors (section 2.5): a discrete latent z, and for each of its values a GRU that gives velocities.
///
///     h_0 = Linear([z ‖ x]),   a_0 = first input,   h_t = GRU([z ‖ x ‖ a_{t-1}], h_{t-1}),   mean, log σ, ρ = Linear(h_t)
///
/// a_t is the mean velocity, so the pass is deterministic; in the variational training it is a sample.
package struct LatentDecoder<Scalar: TensorScalar> {
    package let modes: Int
    package let context: Int
    private let priorHidden, priorOut, start, heads: Linear<Scalar>
    private let cell: GRU<Scalar>

    package init(context: Int, widths: PredictorWidths, in parameters: ParameterStore<Scalar>, from random: inout RandomSource) {
        modes = widths.modes
        self.context = context
        priorHidden = Linear("prior.hidden", inputs: context, outputs: widths.history, in: parameters, from: &random)
        priorOut = Linear("prior.out", inputs: widths.history, outputs: modes, in: parameters, from: &random)
        start = Linear("decoder.start", inputs: modes + context, outputs: widths.decoder, in: parameters, from: &random)
        cell = GRU("decoder.cell", inputs: modes + context + 2, hidden: widths.decoder, in: parameters, from: &random)
        heads = Linear("decoder.heads", inputs: widths.decoder, outputs: 5, in: parameters, from: &random)
    }

    /// log p(z | x), [rows, K].
    package func logPrior(_ x: Tensor<Scalar>, dropout: Double = 0, mode: ForwardMode = .inference) throws -> Tensor<Scalar> {
        var hidden = try priorHidden(x, activation: .relu)
        if case .training(let seed) = mode, dropout > 0 { hidden = try hidden.dropout(rate: dropout, seed: seed &+ 101) }
        return try priorOut(hidden).logSoftmax()
    }

    /// - Parameters:
    ///   - x: [rows, context].
    ///   - first: a_0, [rows, 2].
    ///   - noise: standard normal numbers [rows * K, steps, 2] that make a_t a sample; nil takes the mean.
    package func callAsFunction(_ x: Tensor<Scalar>, first: Tensor<Scalar>, steps: Int, noise: Tensor<Scalar>? = nil) throws -> Tensor<Scalar> {
        let rows = x.shape[0], all = rows * modes
        // Every row once a mode: z differs, x and a_0 are the row's.
        let rowOf = (0..<all).map { Int32($0 / modes) }
        let latent = Tensor<Scalar>(shape: [all, modes]) { $0 / modes % modes == $0 % modes ? 1 : 0 }
        let fixed = try Tensor.concatenated([latent, x.gathered(rowOf)], axis: 1)
        var state = try start(fixed), input = try first.gathered(rowOf), outputs: [Tensor<Scalar>] = []
        for step in 0..<steps {
            let given = try Tensor.concatenated([fixed, input], axis: 1).expandingAxis(at: 1)
            state = try cell(given, initial: state).selected(axis: 1, 0)
            let output = try heads(state)
            outputs.append(output)
            input = try output.sliced(axis: 1, 0..<2)
            if let noise { input = try Self.sampled(output, noise.selected(axis: 1, step)) }
        }
        return try Tensor.stacked(outputs, axis: 1).reshaped(rows, modes, steps, 5)
    }

    /// mean + L n of a velocity, L the Cholesky factor of its covariance.
    private static func sampled(_ output: Tensor<Scalar>, _ noise: Tensor<Scalar>) throws -> Tensor<Scalar> {
        func column(_ place: Int, of tensor: Tensor<Scalar>) throws -> Tensor<Scalar> { try tensor.sliced(axis: 1, place..<place + 1) }
        let limit = TrajectoryMixture<Scalar>.deviationLimit
        let deviationX = try column(2, of: output).clamped(-limit, limit).exp(), deviationY = try column(3, of: output).clamped(-limit, limit).exp()
        let correlation = try column(4, of: output).tanh(), rest = try (1 - correlation.squared()).clamped(1e-6, 1).squareRoot()
        let x = try column(0, of: output) + deviationX * column(0, of: noise)
        let y = try column(1, of: output) + deviationY * (correlation * column(0, of: noise) + rest * column(1, of: noise))
        return try Tensor.concatenated([x, y], axis: 1)
    }
}
