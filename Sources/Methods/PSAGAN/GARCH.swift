import Foundation
import Tensors

/// Generalised autoregressive conditional heteroscedasticity of order (1, 1) (Bollerslev 1986): σ²_t = ω + a ε²_{t-1} + b σ²_{t-1}.
package struct GARCH: Sendable, Equatable {
    package var omega: Double, a: Double, b: Double
    /// σ²_0, the sample variance.
    package var start: Double
    /// False where no maximum was found and the variance is taken as constant.
    package var isFitted = true

    package init(omega: Double, a: Double, b: Double, start: Double) { (self.omega, self.a, self.b, self.start) = (omega, a, b, start) }

    /// σ²_0, σ²_1, … , one for each error.
    package func variances(_ errors: [Double]) -> [Double] {
        var variance = start
        return errors.map { error in
            defer { variance = omega + a * error * error + b * variance }
            return variance
        }
    }

    /// ½ Σ (ln 2π σ²_t + ε²_t / σ²_t), σ²_t of the step before the error.
    package func negativeLogLikelihood(_ errors: [Double]) -> Double {
        var variance = start, sum = 0.0
        for error in errors {
            sum += log(2 * .pi * variance) + error * error / variance
            variance = omega + a * error * error + b * variance
        }
        return sum / 2
    }

    /// Maximum likelihood by Nelder and Mead from ω = 0.1 var, a = 0.1, b = 0.8; ω = e^θ and (a, b) the first two of three shares, so that
    /// a + b < 1.
    package init(fitting errors: [Double]) {
        let count = Double(max(1, errors.count)), mean = errors.reduce(0, +) / count
        let variance = max(errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count, 1e-12)
        func model(_ x: [Double]) -> GARCH {
            let p = exp(x[1]), q = exp(x[2]), total = 1 + p + q
            return GARCH(omega: exp(x[0]), a: p / total, b: q / total, start: variance)
        }
        let begin = [log(0.1 * variance), log(1.0), log(8.0)]
        let found = NelderMead.minimum(from: begin, size: 0.5, evaluations: 240) { point in
            let value = model(point).negativeLogLikelihood(errors)
            return value.isFinite ? value : .infinity
        }
        let constant = GARCH(omega: variance, a: 0, b: 0, start: variance)
        let best = model(found.point)
        self = found.value.isFinite && found.value <= constant.negativeLogLikelihood(errors) ? best : constant
        isFitted = self == best
    }

    /// Errors of so many steps, from σ²_0 on.
    package func simulate(_ count: Int, _ random: inout RandomSource) -> [Double] {
        var variance = start
        return (0..<count).map { _ in
            let error = variance.squareRoot() * random.normal()
            variance = omega + a * error * error + b * variance
            return error
        }
    }
}

/// The downhill simplex of Nelder and Mead (1965), with its usual coefficients 1, 2, ½, ½.
enum NelderMead {
    static func minimum(from start: [Double], size: Double, evaluations: Int, _ f: ([Double]) -> Double) -> (point: [Double], value: Double) {
        var simplex = [(point: start, value: f(start))]
        for axis in start.indices {
            var point = start
            point[axis] += size
            simplex.append((point, f(point)))
        }
        var count = simplex.count
        while count < evaluations {
            simplex.sort { $0.value < $1.value }
            let worst = simplex[simplex.count - 1], kept = simplex.dropLast()
            if abs(worst.value - simplex[0].value) <= 1e-9 * (abs(simplex[0].value) + 1e-9) { break }
            let centre = start.indices.map { axis in kept.reduce(0) { $0 + $1.point[axis] } / Double(kept.count) }
            func along(_ factor: Double) -> (point: [Double], value: Double) {
                count += 1
                let point = start.indices.map { centre[$0] + factor * (worst.point[$0] - centre[$0]) }
                return (point, f(point))
            }
            let reflected = along(-1)
            if reflected.value < simplex[0].value {
                let expanded = along(-2)
                simplex[simplex.count - 1] = expanded.value < reflected.value ? expanded : reflected
            } else if reflected.value < simplex[simplex.count - 2].value {
                simplex[simplex.count - 1] = reflected
            } else {
                let contracted = reflected.value < worst.value ? along(-0.5) : along(0.5)
                if contracted.value < min(reflected.value, worst.value) {
                    simplex[simplex.count - 1] = contracted
                } else {
                    for place in simplex.indices.dropFirst() {
                        let point = start.indices.map { simplex[0].point[$0] + 0.5 * (simplex[place].point[$0] - simplex[0].point[$0]) }
                        simplex[place] = (point, f(point))
                        count += 1
                    }
                }
            }
        }
        return simplex.min { $0.value < $1.value } ?? (start, f(start))
    }
}
