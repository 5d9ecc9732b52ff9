import Foundation
import Tensors

/// Generators that learn nothing or next to nothing (section 2.10): what any network has to be compared with.
package enum Control: String, Sendable, CaseIterable {
    case randomWindow = "random training window"
    case weekBootstrap = "seasonal bootstrap 168"
    case dayBootstrap = "seasonal bootstrap 24"
    case blockBootstrap = "block bootstrap"
    case profile = "profile + AR(1)"
    case garch = "profile + GARCH(1,1)"
    case seasonalNoise = "seasonal naive + noise"
    case noisyReal = "real + noise 0.1"
    case whiteNoise = "white noise"
    case flat = "flat line"
}

/// What the controls know of a panel's training part.
package struct ControlModels: Sendable {
    private let panel: SeriesPanel
    private let length: Int
    /// Mean for each hour of the week, and the residual's autocorrelation and deviation.
    private let profiles: [[Double]], memory: [Double], deviation: [Double]
    private let garch: [GARCH]
    /// The deviation of z_t - z_{t - 168} over √2.
    private let weekNoise: [Double]
    /// Series whose GARCH did not fit.
    package var constantVariances: Int { garch.count { !$0.isFitted } }

    static let week = 168

    package init(_ panel: SeriesPanel, length: Int, proceed: () throws -> Void) throws {
        self.panel = panel
        self.length = length
        var profiles: [[Double]] = [], memory: [Double] = [], deviation: [Double] = [], garch: [GARCH] = [], weekNoise: [Double] = []
        for series in 0..<panel.count {
            try proceed()
            let profile = Self.profile(panel, series), steps = panel.training[series], values = panel.values[series]
            let residual = steps.map { Double(values[$0]) - profile[$0 % Self.week] }
            let power = residual.reduce(0) { $0 + $1 * $1 }, shifted = zip(residual, residual.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
            profiles.append(profile)
            memory.append(power > 0 ? max(-0.999, min(0.999, shifted / power)) : 0)
            deviation.append((power / Double(max(1, residual.count))).squareRoot())
            garch.append(GARCH(fitting: residual))
            weekNoise.append(Fidelity.deviation(steps.dropFirst(Self.week).map { Double(values[$0]) - Double(values[$0 - Self.week]) }) / 2.0.squareRoot())
        }
        (self.profiles, self.memory, self.deviation, self.garch, self.weekNoise) = (profiles, memory, deviation, garch, weekNoise)
    }

    /// The mean of each hour of the week over what trains; an hour that never comes has the mean of all.
    static func profile(_ panel: SeriesPanel, _ series: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: week), counts = [Double](repeating: 0, count: week)
        for step in panel.training[series] where panel.missing[series].map({ !$0.contains(step) }) ?? true {
            sums[step % week] += Double(panel.values[series][step])
            counts[step % week] += 1
        }
        let mean = sums.reduce(0, +) / max(1, counts.reduce(0, +))
        return zip(sums, counts).map { $1 > 0 ? $0 / $1 : mean }
    }

    /// Windows for these series and times, one after the other.
    package func windows(_ control: Control, _ keys: [WindowKey], _ random: inout RandomSource, proceed: () throws -> Void) throws -> [Float] {
        var windows: [Float] = []
        windows.reserveCapacity(keys.count * length)
        let real = keys.flatMap { panel.values[$0.series][$0.start..<$0.start + length] }
        let moments = control == .whiteNoise ? Self.moments(real) : (0, 0)
        for (number, key) in keys.enumerated() {
            if number % 256 == 0 { try proceed() }
            let mine = real[number * length..<(number + 1) * length]
            switch control {
            case .randomWindow: windows += training(key.series, random.integer(below: max(1, panel.training[key.series].count - length + 1)))
            case .weekBootstrap: windows += seasonal(key, period: Self.week, length, &random)
            case .dayBootstrap: windows += seasonal(key, period: 24, length, &random)
            case .blockBootstrap:
                for first in stride(from: 0, to: length, by: 24) {
                    windows += seasonal(WindowKey(series: key.series, start: key.start + first), period: 24, min(24, length - first), &random)
                }
            case .profile:
                let rho = memory[key.series], sd = deviation[key.series]
                var error = sd * random.normal()
                for t in key.start..<key.start + length {
                    windows.append(Float(profiles[key.series][((t % Self.week) + Self.week) % Self.week] + error))
                    error = rho * error + sd * (1 - rho * rho).squareRoot() * random.normal()
                }
            case .garch:
                for (t, error) in garch[key.series].simulate(length, &random).enumerated() { windows.append(Float(profiles[key.series][(key.start + t) % Self.week] + error)) }
            case .seasonalNoise:
                for t in key.start..<key.start + length { windows.append(naive(key.series, t) + Float(weekNoise[key.series] * random.normal())) }
            case .noisyReal: windows += mine.map { $0 + Float(0.1 * random.normal()) }
            case .whiteNoise: windows += mine.map { _ in Float(moments.0 + moments.1 * random.normal()) }
            case .flat: windows += Array(repeating: mine.reduce(0, +) / Float(length), count: length)
            }
        }
        return windows
    }

    private func training(_ series: Int, _ offset: Int) -> ArraySlice<Float> {
        let first = panel.training[series].lowerBound + offset
        return panel.values[series][first..<first + length]
    }

    /// A stretch of the same series at the same place in its period.
    private func seasonal(_ key: WindowKey, period: Int, _ length: Int, _ random: inout RandomSource) -> ArraySlice<Float> {
        let training = panel.training[key.series]
        let offset = (((key.start - training.lowerBound) % period) + period) % period, places = (training.count - length - offset) / period + 1
        let first = training.lowerBound + offset + period * random.integer(below: max(1, places))
        return panel.values[key.series][first..<first + length]
    }

    /// A stretch of the training part at the same hour of the week (the seasonal bootstrap), at most a series' training part long.
    func stretch(_ key: WindowKey, steps: Int, _ random: inout RandomSource) throws -> [Float] {
        guard steps + Self.week <= panel.training[key.series].count else { throw PSAGANError("a gap of \(steps) steps is longer than what trains of \(panel.names[key.series]); take shorter gaps") }
        return Array(seasonal(key, period: Self.week, steps, &random))
    }

    /// The value of the same hour in the last training week.
    private func naive(_ series: Int, _ t: Int) -> Float {
        let end = panel.training[series].upperBound, shift = (((t - end) % Self.week) + Self.week) % Self.week
        return panel.values[series][end - Self.week + shift]
    }

    private static func moments(_ values: [Float]) -> (Double, Double) {
        let mean = values.reduce(0.0) { $0 + Double($1) } / Double(max(1, values.count))
        return (mean, (values.reduce(0.0) { $0 + pow(Double($1) - mean, 2) } / Double(max(1, values.count))).squareRoot())
    }
}
