import Foundation

/// Errors of forecasts over all series and steps together (section 2.11).
package enum ForecastMetrics {
    /// ND = Σ |y - ŷ| / Σ |y|.
    package static func normalisedDeviation(_ truth: [[Double]], _ forecast: [[Double]]) -> Double {
        var distance = 0.0
        for (y, guess) in pairs(truth, forecast) { distance += abs(y - guess) }
        return ratio(distance, magnitude(truth))
    }

    /// NRMSE = sqrt(mean (y - ŷ)²) / mean |y|; one re-implementation divides by the range instead.
    package static func normalisedError(_ truth: [[Double]], _ forecast: [[Double]]) -> Double {
        var squares = 0.0
        for (y, guess) in pairs(truth, forecast) { squares += (y - guess) * (y - guess) }
        let count = Double(max(1, truth.reduce(0) { $0 + $1.count }))
        return ratio((squares / count).squareRoot(), magnitude(truth) / count)
    }

    /// wQL_q = 2 Σ |(ŷ_q - y)(1[y ≤ ŷ_q] - q)| / Σ |y|.
    package static func quantileLoss(_ truth: [[Double]], _ quantile: [[Double]], _ q: Double) -> Double {
        var sum = 0.0
        for (y, guess) in pairs(truth, quantile) {
            let weight: Double = y <= guess ? 1 - q : -q
            sum += abs((guess - y) * weight)
        }
        return ratio(2 * sum, magnitude(truth))
    }

    private static func pairs(_ a: [[Double]], _ b: [[Double]]) -> [(Double, Double)] { zip(a, b).flatMap { Array(zip($0, $1)) } }
    private static func magnitude(_ truth: [[Double]]) -> Double { truth.joined().reduce(0) { $0 + abs($1) } }

    /// The standard error of a figure over forecasts, or of the difference of two, by leaving out one forecast at a time.
    package static func jackknife(_ count: Int, _ figure: (_ kept: [Int]) -> Double) -> Double? {
        guard count > 1 else { return nil }
        let values = (0..<count).map { left in figure((0..<count).filter { $0 != left }) }, mean = values.reduce(0, +) / Double(count)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } * Double(count - 1) / Double(count)).squareRoot()
    }

    private static func ratio(_ a: Double, _ b: Double) -> Double { b > 0 ? a / b : .nan }
}
