import Foundation

/// The features g(t) of a sum-of-exponentials Hawkes process with a start effect, in which its intensity is linear: λ(t) = θ · g(t) (section 2.4).
///
///     g(t) = (β_m Σ_{i≥2, s_i<t} exp(-β_m (t - s_i)))_m, (β_m exp(-β_m t))_m, 1
///
/// Times are relative to the user's first event, in units of the horizon; that first event is the origin and acts through the second block alone.
package struct HawkesFeatures: Sendable {
    /// β_m = 1 / scale_m.
    package let decays: [Double]
    package var count: Int { 2 * decays.count + 1 }

    /// - Parameter scales: in units of the horizon, positive.
    package init(scales: [Double]) { decays = scales.map { 1 / $0 } }

    /// `count` scales from 10^low to 10^high, equally far apart in logarithm.
    package static func scales(count: Int, from low: Double, to high: Double) -> [Double] {
        count == 1 ? [pow(10, low)] : (0..<count).map { pow(10, low + (high - low) * Double($0) / Double(count - 1)) }
    }

    /// g at `end`. Without any event the user has no start: only the constant is left.
    /// - Parameter times: of the user's events before `end`, rising.
    package func callAsFunction(_ times: some Collection<Double>, at end: Double, horizon: Double) -> [Double] {
        var features = [Double](repeating: 0, count: count)
        features[count - 1] = 1
        guard let first = times.first else { return features }
        let scales = decays.count, now = (end - first) / horizon
        for (place, decay) in decays.enumerated() { features[scales + place] = decay * exp(-decay * now) }
        for time in times.dropFirst() where time < end {
            let ago = (end - time) / horizon
            for (place, decay) in decays.enumerated() {
                let power = decay * ago
                // What is below 1e-300 adds nothing.
                if power < 690 { features[place] += decay * exp(-power) }
            }
        }
        return features
    }
}

/// The sums G = Σ_u ∫ g gᵀ dt and h = Σ_u Σ_{i≥2} g(s_i⁻) of the least-squares fit, and how many events are in h.
package struct HawkesMoments: Sendable {
    package private(set) var gram: [Double]
    package private(set) var sums: [Double]
    /// Σ_u (n_u - 1).
    package private(set) var events = 0
    private let features: HawkesFeatures

    package init(_ features: HawkesFeatures) {
        self.features = features
        gram = [Double](repeating: 0, count: features.count * features.count)
        sums = [Double](repeating: 0, count: features.count)
    }

    /// Adds a user by the recursion of section 2.4: between events each feature decays, so the integral of a product of two is closed.
    /// - Parameter times: the user's events before `end`, rising.
    /// - Complexity: O(events · features²).
    package mutating func add(_ times: some Collection<Double>, until end: Double, horizon: Double) {
        guard let first = times.first, end > first || times.count > 1 else { return }
        let decays = features.decays, scales = decays.count, count = features.count
        var g = [Double](repeating: 0, count: count), now = 0.0
        for (place, decay) in decays.enumerated() { g[scales + place] = decay }
        g[count - 1] = 1
        // 1 - e^{-βΔ} of each feature, without cancellation for small Δ.
        var lost = [Double](repeating: 0, count: count)
        func advance(to next: Double) {
            let step = next - now
            guard step > 0 else { return }
            for (place, decay) in decays.enumerated() {
                lost[place] = -expm1(-decay * step)
                lost[scales + place] = lost[place]
            }
            for k in 0..<count {
                let decay = k == count - 1 ? 0 : decays[k < scales ? k : k - scales], own = g[k], rest = 1 - lost[k]
                guard own != 0 else { continue }
                for l in k..<count {
                    let other = l == count - 1 ? 0 : decays[l < scales ? l : l - scales]
                    let integral = decay + other == 0 ? step : (lost[k] + rest * lost[l]) / (decay + other)
                    gram[k * count + l] += own * g[l] * integral
                }
            }
            for k in 0..<count - 1 { g[k] *= 1 - lost[k] }
            now = next
        }
        for time in times.dropFirst() {
            advance(to: (time - first) / horizon)
            for k in 0..<count { sums[k] += g[k] }
            for (place, decay) in decays.enumerated() { g[place] += decay }
            events += 1
        }
        advance(to: (end - first) / horizon)
    }

    /// G with its lower half filled.
    package var symmetric: [Double] {
        var result = gram
        let count = features.count
        for k in 0..<count { for l in 0..<k { result[k * count + l] = gram[l * count + k] } }
        return result
    }
}
