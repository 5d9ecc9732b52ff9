import Tensors

/// A mixture of Gaussian paths (section 2.2): for each of K modes, velocities with means, deviations and correlations at every step, integrated once.
///
///     μ_t = Σ_{s ≤ t} m_s dt      Σ_t = Σ_{t-1} + dt² S_s
///
/// S_s is the covariance of the velocity at step s.
package struct TrajectoryMixture<Scalar: TensorScalar> {
    /// log p(mode), [rows, K].
    package let logWeights: Tensor<Scalar>
    /// Mean velocities, log deviations and the inverse hyperbolic tangent of the correlation: [rows, K, steps, 5].
    package let heads: Tensor<Scalar>
    package let step: Double

    package init(logWeights: Tensor<Scalar>, heads: Tensor<Scalar>, step: Double) { (self.logWeights, self.heads, self.step) = (logWeights, heads, step) }

    /// Beyond e^±10 m/s a deviation is no walk any more; as the official code limits it.
    package static var deviationLimit: Double { 10 }
    /// The largest log density that counts at a step (nats), as the official code limits it.
    package static var densityLimit: Double { 6 }

    /// log N(Y_t; μ_kt, Σ_kt) of a future [rows, steps, 2]: [rows, K, steps].
    package func logDensities(_ future: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let rows = heads.shape[0], modes = heads.shape[1], steps = heads.shape[2]
        let byHead = try heads.permuted([3, 0, 1, 2]).reshaped(5, rows * modes, steps)
        func head(_ place: Int) throws -> Tensor<Scalar> { try byHead.selected(axis: 0, place) }
        let sums = Self.runningSums(steps)
        let meanX = try head(0).scaled(by: step).matmul(sums), meanY = try head(1).scaled(by: step).matmul(sums)
        let limit = Self.deviationLimit
        let deviationX = try head(2).clamped(-limit, limit).exp(), deviationY = try head(3).clamped(-limit, limit).exp(), correlation = try head(4).tanh()
        let square = step * step
        let xx = try deviationX.squared().scaled(by: square).matmul(sums), yy = try deviationY.squared().scaled(by: square).matmul(sums)
        let xy = try (deviationX * deviationY * correlation).scaled(by: square).matmul(sums)
        let truth = try future.permuted([2, 0, 1]).expandingAxis(at: 2).broadcast(to: [2, rows, modes, steps]).reshaped(2, rows * modes, steps)
        let dx = try truth.selected(axis: 0, 0) - meanX, dy = try truth.selected(axis: 0, 1) - meanY
        // A correlation that rounds to one must not divide by zero.
        let determinant = try Tensor.maximum(xx * yy - xy.squared(), (xx * yy).scaled(by: 1e-6, plus: 1e-30))
        let cross = try (dx * dy * xy).scaled(by: 2)
        let distance = try (dx.squared() * yy - cross + dy.squared() * xx) / determinant
        return try (determinant.log() + distance).scaled(by: -0.5, plus: -logarithm(2 * Double.pi)).reshaped(rows, modes, steps)
    }

    /// The matrix that turns steps into sums of all steps so far.
    private static func runningSums(_ steps: Int) -> Tensor<Scalar> {
        Tensor(shape: [steps, steps]) { $0 / steps <= $0 % steps ? 1 : 0 }
    }

    /// -(1/T) log Σ_k p_k Π_t N(Y_t): the mixture of whole paths, each step's log density at most 6; the mean over rows.
    package func pathLoss(_ future: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let densities = try logDensities(future).clamped(-1e30, Self.densityLimit).sum(axes: [2])
        return try (densities + logWeights).logSumOfExponentials().mean().scaled(by: -1 / Double(heads.shape[2]))
    }
}

extension Tensor {
    /// log Σ exp(x) along the last axis, which goes away.
    package func logSumOfExponentials() throws -> Tensor {
        let largest = try maximum(axis: -1, keepingAxis: true).detached()
        return try (self - largest).exp().sum(axes: [-1]).log() + largest.sum(axes: [-1])
    }
}
