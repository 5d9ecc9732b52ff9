import Foundation

/// How many events a request will have within its horizon, judged from the user alone: λ(x) (section 2.4).
package enum UserIntensity: String, Sendable, CaseIterable, Codable {
    case none, pop, ema, hawkes, hp, rnn, oracle

    /// The name of the field.
    package var name: String {
        switch self {
        case .none: "none"
        case .pop: "Pop"
        case .ema: "EMA"
        case .hawkes: "Hawkes"
        case .hp: "HP"
        case .rnn: "RNN intensity (extension)"
        case .oracle: "oracle"
        }
    }

    /// λ = 0.01 + the number of events so far.
    package static func popularity(_ times: some Collection<Double>) -> Double { 0.01 + Double(times.count) }

    /// λ = Σ_i exp(-(T - t_i) / H) over all events.
    package static func movingAverage(_ times: some Collection<Double>, at end: Double, horizon: Double) -> Double {
        times.reduce(0) { $0 + exp(-(end - $1) / horizon) }
    }
}

/// How well λ tells the number of events: ΣΛ/ΣY and the Poisson loss mean(Λ - Y log Λ), without log Y!.
package struct Calibration: Sendable, Codable, Equatable {
    package var ratio: Double
    package var loss: Double

    package init(_ expected: [Double], _ observed: [Double]) {
        let sum = observed.reduce(0, +)
        ratio = sum > 0 ? expected.reduce(0, +) / sum : .nan
        loss = zip(expected, observed).reduce(0) { $0 + $1.0 - $1.1 * log(1e-10 + $1.0) } / Double(max(1, observed.count))
    }

    /// Requests in `bins` groups of equal size by what was expected: the mean expected and observed number of each.
    package static func bins(_ expected: [Double], _ observed: [Double], count: Int) -> [(expected: Double, observed: Double)] {
        let order = expected.indices.sorted { (expected[$0], $0) < (expected[$1], $1) }, count = min(count, order.count)
        return (0..<count).map { bin in
            let part = order[bin * order.count / count..<(bin + 1) * order.count / count], size = Double(max(1, part.count))
            return (part.reduce(0) { $0 + expected[$1] } / size, part.reduce(0) { $0 + observed[$1] } / size)
        }
    }
}
