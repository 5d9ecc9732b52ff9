import Tensors

/// A gradient over several stores as one vector: all numbers that count in the cosine.
package struct GradientVector<Scalar: TensorScalar> {
    package var parts: [ParameterVector<Scalar>]

    package init(_ parts: [ParameterVector<Scalar>]) { self.parts = parts }

    /// What the last way back left in these stores.
    package init(of stores: [ParameterStore<Scalar>]) { parts = stores.map(\.gradientVector) }

    package func dot(_ other: GradientVector) -> Double { zip(parts, other.parts).reduce(0) { $0 + $1.0.dot($1.1) } }
    package var norm: Double { dot(self).squareRoot() }

    package func adding(_ other: GradientVector, times factor: Double) -> GradientVector { GradientVector(zip(parts, other.parts).map { $0.adding($1, times: factor) }) }
    package static func * (a: GradientVector, factor: Double) -> GradientVector { GradientVector(a.parts.map { $0 * factor }) }
}

/// The cosine between the gradient of unseen pictures of a class and that of augmented copies, and how it changes with the latter
/// (Deep AutoAugment, section 3; the sheet's J and t).
package struct MatchingDirection<Scalar: TensorScalar> {
    /// J = <v, g> / (|v| |g|), -1 to 1.
    package let cosine: Double
    /// t = (v - g <v, g> / |g|²) / (|v| |g|), orthogonal to g: dJ = <t, dg>.
    package let tangent: GradientVector<Scalar>

    /// Gradients below this have no direction.
    package static var smallestNorm: Double { 1e-12 }

    /// - Returns: nil where one of the two has no direction.
    package init?(validation v: GradientVector<Scalar>, augmented g: GradientVector<Scalar>) {
        let (a, b) = (v.norm, g.norm)
        guard a >= Self.smallestNorm, b >= Self.smallestNorm, a.isFinite, b.isFinite else { return nil }
        let product = v.dot(g)
        cosine = product / (a * b)
        // Unit vectors first: products of norms may leave the range of single precision.
        tangent = (v * (1 / a)).adding(g * (1 / b), times: -cosine) * (1 / b)
    }
}
