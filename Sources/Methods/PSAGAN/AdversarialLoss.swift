import Tensors

/// What generator and discriminator minimise (section 2.5): least squares, and the generator's moments.
package enum AdversarialLoss {
    /// ½ mean (D(real) - 1)² + ½ mean D(fake)².
    package static func discriminator<Scalar>(real: Tensor<Scalar>, fake: Tensor<Scalar>) throws -> Tensor<Scalar> {
        try (real - 1).squared().mean().scaled(by: 0.5) + fake.squared().mean().scaled(by: 0.5)
    }

    /// ½ mean (D(fake) - 1)².
    package static func generator<Scalar>(fake: Tensor<Scalar>) throws -> Tensor<Scalar> { try (fake - 1).squared().mean().scaled(by: 0.5) }
}

/// The moment loss |mean(fake) - mean(real)| + |sd(fake) - sd(real)|.
package enum MomentLoss: String, Sendable, Codable, CaseIterable {
    /// Over time, window by window: synthetic window b has series, time and context of real window b (code).
    case paired
    /// Over the batch and time together (what the paper describes).
    case batch

    /// - Parameters: windows [batch, time, 1].
    package func callAsFunction<Scalar>(fake: Tensor<Scalar>, real: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let axes = self == .paired ? [1, 2] : [0, 1, 2]
        let mean = try (fake.mean(axes: axes) - real.mean(axes: axes)).absolute().mean()
        return try mean + (Self.deviation(fake, axes) - Self.deviation(real, axes)).absolute().mean()
    }

    /// With divisor n - 1. The root's slope is without bound at 0, where a window is flat; the added number keeps it finite.
    private static func deviation<Scalar>(_ x: Tensor<Scalar>, _ axes: [Int]) throws -> Tensor<Scalar> {
        let count = Double(axes.reduce(1) { $0 * x.shape[$1] })
        return try x.variance(axes: axes).scaled(by: count / max(1, count - 1), plus: 1e-12).squareRoot()
    }
}
