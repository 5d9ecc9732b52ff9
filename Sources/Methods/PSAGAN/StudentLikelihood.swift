import Foundation
import Tensors

/// The negative log-likelihood of Student's distribution, with its gradient in place, scale and degrees of freedom.
package enum StudentLikelihood {
    /// -ln p(x) for each element: ν degrees of freedom, place μ, scale σ.
    package static func losses<Scalar>(_ x: Tensor<Scalar>, place: Tensor<Scalar>, scale: Tensor<Scalar>, freedom: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let distance = try ((x - place) / scale).squared() / freedom
        let tail = try (freedom + 1) * (distance + 1).log()
        return try scale.log() + (freedom * .pi).log().scaled(by: 0.5) - gammaRatio(freedom) + tail.scaled(by: 0.5)
    }

    /// ln Γ((ν + 1) / 2) - ln Γ(ν / 2).
    private static func gammaRatio<Scalar>(_ freedom: Tensor<Scalar>) throws -> Tensor<Scalar> {
        let values = freedom.scalars.map { Double($0) }
        return try Tensor.custom("gammaRatio", inputs: [freedom], value: Tensor(shape: freedom.shape, values.map { Scalar(lgamma(($0 + 1) / 2) - lgamma($0 / 2)) })) { gradient in
            [Tensor(shape: gradient.shape, zip(gradient.scalars, values).map { $0 * Scalar((digamma(($1 + 1) / 2) - digamma($1 / 2)) / 2) })]
        }
    }

    /// The derivative of ln Γ at x > 0: steps up to 6, then the asymptotic series.
    package static func digamma(_ x: Double) -> Double {
        var x = x, sum = 0.0
        while x < 6 {
            sum -= 1 / x
            x += 1
        }
        let inverse = 1 / (x * x)
        return sum + log(x) - 0.5 / x - inverse * (1 / 12.0 - inverse * (1 / 120.0 - inverse * (1 / 252.0 - inverse * (1 / 240.0 - inverse / 132))))
    }

    /// A number of Student's distribution: a normal one over the root of a χ² one over ν.
    static func draw(freedom: Double, _ random: inout RandomSource) -> Double {
        random.normal() / (2 * gamma(freedom / 2, &random) / freedom).squareRoot()
    }

    /// A number of the gamma distribution of shape at least 1 (Marsaglia and Tsang 2000).
    private static func gamma(_ shape: Double, _ random: inout RandomSource) -> Double {
        let d = max(1, shape) - 1 / 3.0, c = 1 / (9 * d).squareRoot()
        while true {
            let x = random.normal(), v = (1 + c * x) * (1 + c * x) * (1 + c * x)
            if v > 0, log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
        }
    }
}
