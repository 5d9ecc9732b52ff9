import Foundation

/// Poisson regression of the events within a horizon on Hawkes features (HP): Λ_x = w · g_x, w = softplus(ω), fitted to the counts of V by
/// min over ω of mean_x (Λ_x - Y_x log(1e-10 + Λ_x)) + ½ ridge ‖w‖² (section 2.4).
///
/// Unlike the Hawkes fit it looks at counts over the horizon, so it is calibrated for it.
package struct HawkesPoisson: Sendable {
    private let features: [[Double]]
    private let counts: [Double]
    private let ridge: Double

    /// - Parameters:
    ///   - features: g of each request of V.
    ///   - counts: how many events each had.
    package init(features: [[Double]], counts: [Double], ridge: Double) {
        precondition(features.count == counts.count, "\(features.count) requests and \(counts.count) counts")
        (self.features, self.counts, self.ridge) = (features, counts, ridge)
    }

    package static func softplus(_ x: Double) -> Double { x > 30 ? x + exp(-x) : log1p(exp(x)) }
    private static func sigmoid(_ x: Double) -> Double { x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)) }

    package static func weights(_ omega: [Double]) -> [Double] { omega.map(softplus) }

    /// Λ of a request.
    package static func count(_ weights: [Double], _ features: [Double]) -> Double { zip(weights, features).reduce(0) { $0 + $1.0 * $1.1 } }

    /// The objective and its gradient with respect to ω.
    package func evaluate(_ omega: [Double]) -> (loss: Double, gradient: [Double]) {
        let weights = Self.weights(omega), n = Double(max(1, counts.count))
        var loss = 0.5 * ridge * weights.reduce(0) { $0 + $1 * $1 }, slopes = weights.map { ridge * $0 }
        for (g, y) in zip(features, counts) {
            let expected = Self.count(weights, g)
            loss += (expected - y * log(1e-10 + expected)) / n
            let factor = (1 - y / (1e-10 + expected)) / n
            for k in g.indices { slopes[k] += factor * g[k] }
        }
        return (loss, zip(slopes, omega).map { $0 * Self.sigmoid($1) })
    }

    /// BFGS from ω = 0.
    /// - Returns: w, and the objective at it.
    /// - Throws: `RIMError` when the objective is not finite at the start.
    package func fit(iterations: Int, onIteration: (Int, Double) throws -> Void = { _, _ in }) throws -> (weights: [Double], loss: Double) {
        var search = QuasiNewton(start: [Double](repeating: 0, count: features.first?.count ?? 0), evaluate)
        guard search.value.isFinite else { throw RIMError("the Poisson loss of HP is not finite at its start: many events fall on one moment just before a request; set jitter above 0, or leave hp out of intensities") }
        for iteration in 1...max(1, iterations) {
            let goesOn = search.step(evaluate)
            try onIteration(iteration, search.value)
            if !goesOn { break }
        }
        return (Self.weights(search.point), search.value)
    }
}

/// Minimisation by BFGS with a line search that asks for the weak Wolfe conditions (Lewis and Overton 2013), for some hundreds of variables.
package struct QuasiNewton {
    package private(set) var point: [Double]
    package private(set) var value: Double
    private var gradient: [Double]
    /// The inverse of the Hessian, as it is known so far; nil before the first step.
    private var inverse: [Double]?

    package init(start: [Double], _ function: ([Double]) -> (Double, [Double])) {
        point = start
        (value, gradient) = function(start)
    }

    /// The largest entry of the gradient.
    package var slope: Double { gradient.reduce(0) { max($0, abs($1)) } }

    /// One step; false when the gradient is below `tolerance` or no lower value is found.
    package mutating func step(_ function: ([Double]) -> (Double, [Double]), tolerance: Double = 1e-6) -> Bool {
        guard slope > tolerance else { return false }
        let n = point.count
        var direction = gradient.map { -$0 }
        if let inverse {
            for i in 0..<n { direction[i] = -(0..<n).reduce(0) { $0 + inverse[i * n + $1] * gradient[$1] } }
        }
        var descent = zip(direction, gradient).reduce(0) { $0 + $1.0 * $1.1 }
        if !(descent < 0) {
            inverse = nil
            direction = gradient.map { -$0 }
            descent = -gradient.reduce(0) { $0 + $1 * $1 }
        }
        // Without curvature a first step of length one at most.
        var low = 0.0, high = Double.infinity, length = inverse == nil ? min(1, 1 / max(1e-300, slope)) : 1
        var found: (point: [Double], value: Double, gradient: [Double])?
        for _ in 0..<60 {
            let candidate = zip(point, direction).map { $0 + length * $1 }, (value, gradient) = function(candidate)
            if !(value <= self.value + 1e-4 * length * descent) {
                high = length
            } else {
                found = (candidate, value, gradient)
                if zip(direction, gradient).reduce(0, { $0 + $1.0 * $1.1 }) < 0.9 * descent { low = length } else { break }
            }
            length = high.isFinite ? (low + high) / 2 : 2 * low
        }
        guard let found, found.value < value else { return false }
        update(moved: zip(found.point, point).map { $0 - $1 }, turned: zip(found.gradient, gradient).map { $0 - $1 })
        (point, value, gradient) = found
        return true
    }

    private mutating func update(moved s: [Double], turned y: [Double]) {
        let n = s.count, curvature = zip(s, y).reduce(0) { $0 + $1.0 * $1.1 }
        guard curvature > 0 else { return }
        var matrix: [Double]
        if let inverse {
            matrix = inverse
        } else {
            let scale = curvature / max(1e-300, y.reduce(0) { $0 + $1 * $1 })
            matrix = (0..<n * n).map { $0 / n == $0 % n ? scale : 0 }
        }
        // H <- (I - s yᵀ/sᵀy) H (I - y sᵀ/sᵀy) + s sᵀ/sᵀy
        let product = (0..<n).map { i in (0..<n).reduce(0) { $0 + matrix[i * n + $1] * y[$1] } }
        let factor = (1 + zip(y, product).reduce(0) { $0 + $1.0 * $1.1 } / curvature) / curvature
        for i in 0..<n {
            for j in 0..<n { matrix[i * n + j] += factor * s[i] * s[j] - (product[i] * s[j] + s[i] * product[j]) / curvature }
        }
        inverse = matrix
    }
}
