import Foundation
import Tensors

/// What a predictor says of one target, in metres and double precision.
package enum Forecast: Sendable {
    case mixture(MixtureForecast)
    /// The likeliest path, and samples; a predictor without densities.
    case paths(likeliest: [SIMD2<Double>], samples: [[SIMD2<Double>]])

    /// - Parameter draws: the target's latent draws, for measures of samples.
    /// - Returns: NaN for a density that the forecast does not have.
    package func error(_ measure: ErrorMeasure, truth: [SIMD2<Double>], draws: LatentDraws) -> Double {
        switch measure {
        case .nllc, .nll:
            guard case .mixture(let mixture) = self else { return .nan }
            return mixture.negativeLogLikelihood(truth, low: measure == .nllc ? -ErrorLimits.density : nil)
        case .ade: return Displacement.mean(likeliest, truth)
        case .fde: return Displacement.last(likeliest, truth)
        case .minade: return samples(draws).map { Displacement.mean($0, truth) }.min() ?? .nan
        case .minfde: return samples(draws).map { Displacement.last($0, truth) }.min() ?? .nan
        }
    }

    package var likeliest: [SIMD2<Double>] {
        switch self {
        case .mixture(let mixture): mixture.means[mixture.likeliest]
        case .paths(let likeliest, _): likeliest
        }
    }

    package func samples(_ draws: LatentDraws) -> [[SIMD2<Double>]] {
        switch self {
        case .mixture(let mixture): mixture.samples(draws)
        case .paths(let likeliest, let samples): samples.isEmpty ? [likeliest] : samples
        }
    }

    /// Each mode with its probability; samples count alike.
    package var modes: [(probability: Double, path: [SIMD2<Double>])] {
        switch self {
        case .mixture(let mixture): zip(mixture.weights, mixture.means).map { ($0, $1) }
        case .paths(let likeliest, let samples): samples.isEmpty ? [(1, likeliest)] : samples.map { (1 / Double(samples.count), $0) }
        }
    }
}

enum ErrorLimits { static let density = 6.0 }

package enum Displacement {
    package static func distances(_ path: [SIMD2<Double>], _ truth: [SIMD2<Double>]) -> [Double] { zip(path, truth).map { (($0 - $1) * ($0 - $1)).sum().squareRoot() } }
    package static func mean(_ path: [SIMD2<Double>], _ truth: [SIMD2<Double>]) -> Double { distances(path, truth).reduce(0, +) / Double(max(1, truth.count)) }
    package static func last(_ path: [SIMD2<Double>], _ truth: [SIMD2<Double>]) -> Double { distances(path, truth).last ?? .nan }
}

/// The random numbers that samples of one target are made of: drawn once, used for every coalition, so that differences between coalitions hold no
/// noise of their own.
package struct LatentDraws: Sendable {
    /// In [0, 1): which mode.
    package let uniforms: [Double]
    /// [samples][steps] of standard normal pairs.
    package let normals: [[SIMD2<Double>]]
    /// [samples][16], for a continuous latent.
    package let latents: [[Double]]
    package static let count = 20, latentWidth = 16

    package init(steps: Int, random: RandomSource, count: Int = LatentDraws.count) {
        var random = random
        uniforms = (0..<count).map { _ in random.uniform() }
        normals = (0..<count).map { _ in (0..<steps).map { _ in SIMD2(random.normal(), random.normal()) } }
        latents = (0..<count).map { _ in (0..<Self.latentWidth).map { _ in random.normal() } }
    }
}

/// A mixture of integrated Gaussian paths of one target; see `TrajectoryMixture`, which computes the same on a tape.
package struct MixtureForecast: Sendable {
    package let weights: [Double]
    /// [mode][step]
    package let means: [[SIMD2<Double>]]
    /// xx, yy, xy of the position's covariance, [mode][step].
    package let covariances: [[SIMD3<Double>]]
    /// Standard deviations and correlation of the velocity, [mode][step].
    private let spreads: [[SIMD3<Double>]]
    private let step: Double

    /// - Parameters:
    ///   - heads: modes * steps * 5 numbers as `TrajectoryMixture.heads` has them.
    package init(logWeights: ArraySlice<Float>, heads: ArraySlice<Float>, steps: Int, step: Double) {
        self.step = step
        weights = logWeights.map { Foundation.exp(Double($0)) }
        let limit = TrajectoryMixture<Double>.deviationLimit
        var means: [[SIMD2<Double>]] = [], covariances: [[SIMD3<Double>]] = [], spreads: [[SIMD3<Double>]] = []
        var place = heads.startIndex
        for _ in weights {
            var mean = SIMD2<Double>.zero, covariance = SIMD3<Double>.zero
            var path: [SIMD2<Double>] = [], widths: [SIMD3<Double>] = [], moves: [SIMD3<Double>] = []
            for _ in 0..<steps {
                mean += step * SIMD2(Double(heads[place]), Double(heads[place + 1]))
                let x = Foundation.exp(min(limit, max(-limit, Double(heads[place + 2])))), y = Foundation.exp(min(limit, max(-limit, Double(heads[place + 3]))))
                let correlation = Foundation.tanh(Double(heads[place + 4]))
                covariance += step * step * SIMD3(x * x, y * y, correlation * x * y)
                path.append(mean)
                widths.append(covariance)
                moves.append(SIMD3(x, y, correlation))
                place += 5
            }
            means.append(path)
            covariances.append(widths)
            spreads.append(moves)
        }
        (self.means, self.covariances, self.spreads) = (means, covariances, spreads)
    }

    package var likeliest: Int { weights.indices.max { weights[$0] < weights[$1] } ?? 0 }

    /// log N of one point.
    package static func logDensity(_ d: SIMD2<Double>, _ covariance: SIMD3<Double>) -> Double {
        let product = covariance.x * covariance.y, determinant = max(product - covariance.z * covariance.z, 1e-6 * product + 1e-30)
        let distance = (d.x * d.x * covariance.y - 2 * d.x * d.y * covariance.z + d.y * d.y * covariance.x) / determinant
        return -Foundation.log(2 * Double.pi) - 0.5 * (Foundation.log(determinant) + distance)
    }

    /// The log density at each step: the mixture of that step alone.
    package func logDensities(_ truth: [SIMD2<Double>]) -> [Double] {
        truth.indices.map { step in
            let parts = weights.indices.map { Foundation.log(max(weights[$0], 1e-300)) + Self.logDensity(truth[step] - means[$0][step], covariances[$0][step]) }
            let largest = parts.max() ?? 0
            return largest + Foundation.log(parts.reduce(0) { $0 + Foundation.exp($1 - largest) })
        }
    }

    /// -(1/T) Σ_t clip(log density).
    /// - Parameter low: the least log density of a step; nil for none.
    package func negativeLogLikelihood(_ truth: [SIMD2<Double>], low: Double?) -> Double {
        let clipped = logDensities(truth).map { max(low ?? -.infinity, min(ErrorLimits.density, $0)) }
        return -clipped.reduce(0, +) / Double(max(1, truth.count))
    }

    /// Paths of random velocities around one mode each.
    package func samples(_ draws: LatentDraws) -> [[SIMD2<Double>]] {
        zip(draws.uniforms, draws.normals).map { uniform, normals in
            var mode = 0, rest = uniform
            while mode < weights.count - 1, rest >= weights[mode] {
                rest -= weights[mode]
                mode += 1
            }
            var offset = SIMD2<Double>.zero
            return zip(means[mode], zip(spreads[mode], normals)).map { mean, pair in
                let (spread, n) = pair
                offset += step * SIMD2(spread.x * n.x, spread.y * (spread.z * n.x + max(0, 1 - spread.z * spread.z).squareRoot() * n.y))
                return mean + offset
            }
        }
    }
}
