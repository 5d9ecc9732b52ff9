import Foundation
import Tensors

/// The intensity of a recurrent marked point process on states that the GRU has learnt (an extension; after Du et al., KDD 2016):
/// λ(t) = exp(v · h_i + w (t - t_i) + b) after event i, fitted by likelihood with the states held still.
///
/// Times are in horizons.
package struct RecurrentIntensity: Sendable {
    /// A state, how long it lasted, and whether an event ended it.
    package struct Interval: Sendable {
        package var state: [Double]
        package var length: Double
        package var endsInEvent: Bool

        package init(state: [Double], length: Double, endsInEvent: Bool) {
            (self.state, self.length, self.endsInEvent) = (state, length, endsInEvent)
        }
    }

    /// v, then w, then b.
    package private(set) var weights: [Double]

    /// ∫_0^Δ e^{wτ} dτ, and its derivative with respect to w.
    private static func growth(_ w: Double, _ length: Double) -> (integral: Double, slope: Double) {
        let x = max(-700, min(700, w * length))
        guard abs(x) > 1e-6 else { return (length * (1 + x / 2), length * length * (0.5 + x / 3)) }
        let integral = expm1(x) / x * length
        return (integral, length * length * (exp(x) / x - expm1(x) / (x * x)))
    }

    /// The negative log-likelihood a state of the intervals with a small ridge, and its gradient.
    package static func loss(_ weights: [Double], _ intervals: [Interval]) -> (Double, [Double]) {
        let d = weights.count - 2, w = weights[d], b = weights[d + 1], count = Double(max(1, intervals.count)), ridge = 1e-4
        var loss = 0.5 * ridge * weights.dropLast().reduce(0) { $0 + $1 * $1 }
        var gradient = weights.map { ridge * $0 }
        gradient[d + 1] = 0
        for interval in intervals {
            var level = b
            for column in 0..<d { level += weights[column] * interval.state[column] }
            let factor = exp(max(-50, min(50, level))), (integral, slope) = growth(w, interval.length)
            loss += factor * integral / count
            var common = factor * integral, own = factor * slope
            if interval.endsInEvent {
                loss -= (level + w * interval.length) / count
                common -= 1
                own -= interval.length
            }
            for column in 0..<d { gradient[column] += common * interval.state[column] / count }
            gradient[d] += own / count
            gradient[d + 1] += common / count
        }
        return (loss, gradient)
    }

    package init(fitting intervals: [Interval], width: Int, iterations: Int, onIteration: (Int, Double) throws -> Void) throws {
        var search = QuasiNewton(start: [Double](repeating: 0, count: width + 2)) { Self.loss($0, intervals) }
        for iteration in 1...max(1, iterations) {
            let goesOn = search.step({ Self.loss($0, intervals) }, tolerance: 1e-4)
            try onIteration(iteration, search.value)
            if !goesOn { break }
        }
        weights = search.point
    }

    /// The expected number of events in a horizon that begins `ago` after the last event, the state being held.
    package func expectedCount(_ state: [Double], ago: Double) -> Double {
        let d = weights.count - 2
        var level = weights[d + 1] + weights[d] * ago
        for column in 0..<d { level += weights[column] * state[column] }
        return exp(max(-50, min(50, level))) * Self.growth(weights[d], 1).integral
    }
}
