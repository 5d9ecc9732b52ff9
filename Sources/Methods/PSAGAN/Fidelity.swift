import Foundation
import Tensors

/// How much synthetic windows are like real ones, besides the embedder's distance (section 2.9). Windows stand one after the other.
package enum Fidelity {
    /// Marginal W1: the mean distance of sorted values.
    package static func marginalDistance(_ a: [Float], _ b: [Float]) -> Double {
        let a = a.sorted(), b = b.sorted(), count = min(a.count, b.count)
        guard count > 0 else { return .nan }
        return (0..<count).reduce(0) { $0 + abs(Double(a[$1 * a.count / count]) - Double(b[$1 * b.count / count])) } / Double(count)
    }

    /// The mean autocorrelation at lags 1 … `lags`, each window less its mean; a flat window counts as 0.
    package static func autocorrelation(_ windows: [Float], length: Int, lags: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: lags)
        let count = windows.count / length
        var centred = [Double](repeating: 0, count: length)
        for window in 0..<count {
            var mean = 0.0
            for t in 0..<length { mean += Double(windows[window * length + t]) }
            mean /= Double(length)
            var power = 0.0
            for t in 0..<length {
                centred[t] = Double(windows[window * length + t]) - mean
                power += centred[t] * centred[t]
            }
            guard power > 1e-20 else { continue }
            for lag in 1...lags {
                var product = 0.0
                for t in 0..<length - lag { product += centred[t] * centred[t + lag] }
                sums[lag - 1] += product / power
            }
        }
        return sums.map { $0 / Double(max(1, count)) }
    }

    /// The lags of the autocorrelation's error: 1 … 32, or half a window where that is less.
    package static func lags(_ length: Int) -> Int { min(32, length / 2) }

    /// The mean step from value to value.
    package static func meanStep(_ windows: [Float], length: Int) -> Double {
        var sum = 0.0
        for window in 0..<windows.count / length { for t in 1..<length { sum += abs(Double(windows[window * length + t]) - Double(windows[window * length + t - 1])) } }
        return sum / Double(max(1, windows.count / length * (length - 1)))
    }

    /// The root of the mean squared difference between windows of the same series and time.
    package static func conditionalError(_ a: [Float], _ b: [Float]) -> Double {
        guard !a.isEmpty else { return .nan }
        return (zip(a, b).reduce(0) { $0 + pow(Double($1.0) - Double($1.1), 2) } / Double(a.count)).squareRoot()
    }

    /// δ: the mean deviation over draws at each step, over the mean deviation of a real window along time. 0: the noise is ignored.
    package static func diversity(_ draws: [[Float]], real: [Float], length: Int) -> Double {
        guard draws.count > 1, let first = draws.first else { return .nan }
        var spread = 0.0
        for place in first.indices { spread += deviation(draws.map { Double($0[place]) }) }
        var width = 0.0
        for window in 0..<real.count / length { width += deviation(real[window * length..<(window + 1) * length].map { Double($0) }) }
        return spread / Double(first.count) / (width / Double(max(1, real.count / length)))
    }

    /// With divisor n - 1.
    static func deviation(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        return values.count < 2 ? 0 : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }

    /// For each window its RMSE to the nearest window of the training part, and where that lies.
    package static func nearest(_ windows: [Float], length: Int, panel: SeriesPanel, proceed: () throws -> Void) throws -> [(distance: Double, key: WindowKey)] {
        let count = windows.count / length
        var best = [(distance: Double, key: WindowKey)](repeating: (.infinity, WindowKey(series: 0, start: 0)), count: count)
        let queries = Tensor<Float>(shape: [count, length], windows)
        let norms = (0..<count).map { window in windows[window * length..<(window + 1) * length].reduce(0.0) { $0 + Double($1) * Double($1) } }
        for series in 0..<panel.count {
            let values = panel.values[series]
            for range in panel.starts(series, length: length) {
                for first in stride(from: range.lowerBound, to: range.upperBound, by: 2048) {
                    try proceed()
                    let end = min(range.upperBound, first + 2048)
                    let candidates = Tensor<Float>(shape: [end - first, length], (first..<end).flatMap { values[$0..<$0 + length] })
                    let squares = (first..<end).map { start in values[start..<start + length].reduce(0.0) { $0 + Double($1) * Double($1) } }
                    try queries.matmul(candidates, transposeOther: true).withScalars { products in
                        for query in 0..<count {
                            for candidate in 0..<end - first {
                                let distance = norms[query] + squares[candidate] - 2 * Double(products[query * (end - first) + candidate])
                                if distance < best[query].distance { best[query] = (distance, WindowKey(series: series, start: first + candidate)) }
                            }
                        }
                    }
                }
            }
        }
        return best.map { (max(0, $0.distance / Double(length)).squareRoot(), $0.key) }
    }
}
