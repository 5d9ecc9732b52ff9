import Foundation
import Tensors

/// Section 2.7: errors of the likeliest mode, the best of the modes (or samples), and likelihoods, as means over the test targets.
struct PredictionMetrics {
    var ade = 0.0, fde = 0.0, minADE = 0.0, minFDE = 0.0
    /// NaN without densities.
    var nll = 0.0, nllc = 0.0
    /// A Gaussian kernel density of 20 samples a step, Scott's bandwidth, log density at least -20.
    var kernelNLL = 0.0
    /// The share of steps whose log density is beyond ±6.
    var clippedShare = 0.0

    init(_ predictor: any Predictor, _ material: Material, random: RandomSource, proceed: () throws -> Void) throws {
        let forecasts = try Evaluation.forecasts(predictor, material.real, random: random.stream("metrics"), proceed: proceed)
        let count = Double(max(1, forecasts.count))
        for (target, entry) in zip(material.test, forecasts) {
            let truth = target.future, forecast = entry.forecast
            ade += forecast.error(.ade, truth: truth, draws: entry.draws) / count
            fde += forecast.error(.fde, truth: truth, draws: entry.draws) / count
            let paths = forecast.modes.map(\.path)
            minADE += (paths.map { Displacement.mean($0, truth) }.min() ?? .nan) / count
            minFDE += (paths.map { Displacement.last($0, truth) }.min() ?? .nan) / count
            nll += forecast.error(.nll, truth: truth, draws: entry.draws) / count
            nllc += forecast.error(.nllc, truth: truth, draws: entry.draws) / count
            kernelNLL += Self.kernelNLL(forecast.samples(entry.draws), truth) / count
            if case .mixture(let mixture) = forecast { clippedShare += Double(mixture.logDensities(truth).count { abs($0) > ErrorLimits.density }) / Double(truth.count) / count }
        }
    }

    /// NaN for fewer than three samples.
    static func kernelNLL(_ samples: [[SIMD2<Double>]], _ truth: [SIMD2<Double>]) -> Double {
        guard samples.count >= 3 else { return .nan }
        // Scott's factor n^(-1/(d + 4)), d = 2.
        let factor = pow(Double(samples.count), -1.0 / 6)
        var sum = 0.0
        for (step, point) in truth.enumerated() {
            let points = samples.map { $0[step] }, n = Double(points.count)
            let mean = points.reduce(SIMD2<Double>.zero, +) / n
            var covariance = SIMD3<Double>.zero
            for point in points {
                let d = point - mean
                covariance += SIMD3(d.x * d.x, d.y * d.y, d.x * d.y) / (n - 1)
            }
            let bandwidth = covariance * (factor * factor) + SIMD3(1e-12, 1e-12, 0)
            let logs = points.map { MixtureForecast.logDensity(point - $0, bandwidth) }, largest = logs.max() ?? 0
            sum -= max(-20, largest + log(logs.reduce(0) { $0 + exp($1 - largest) } / n))
        }
        return sum / Double(truth.count)
    }
}
