/// The penalised least-squares fit of the Hawkes process: min over θ ≥ 0 of ½ θᵀGθ - hᵀθ + ½ C⁻¹ ‖θ‖², G and h divided by the number of
/// events, by non-negative coordinate descent.
///
/// The library behind the published code minimises this and not the likelihood; it also counts two control events a user in the number of
/// events and leaves out the ½ of the ridge, which changes the weight of the ridge only.
package struct HawkesFit: Sendable {
    /// a_1 … a_M, b_1 … b_M, μ, none below 0.
    package let weights: [Double]
    package let objective: Double
    package let sweeps: Int
    /// The number of events that the sums were divided by.
    package let events: Int

    /// - Parameters:
    ///   - penalty: C.
    ///   - onSweep: called after each sweep with the objective.
    /// - Throws: `RIMError` when no user has a second event, or the sums are not finite.
    package init(_ moments: HawkesMoments, penalty: Double, sweeps limit: Int, tolerance: Double = 1e-9, onSweep: (Int, Double) throws -> Void = { _, _ in }) throws {
        guard moments.events > 0 else { throw RIMError("no user has two events before the end of training, so a Hawkes process cannot be fitted; leave hawkes and hp out of intensities, or give more events") }
        let count = moments.sums.count, n = Double(moments.events)
        var a = moments.symmetric.map { $0 / n }
        for k in 0..<count { a[k * count + k] += 1 / penalty }
        let h = moments.sums.map { $0 / n }
        guard a.allSatisfy(\.isFinite), h.allSatisfy(\.isFinite) else {
            throw RIMError("the sums of the Hawkes fit are not finite: many events fall on one moment; set jitter above 0, or hawkes-lowest nearer to 0")
        }
        var weights = [Double](repeating: 0, count: count)
        // Aθ, kept up to date by each change of a coordinate.
        var product = [Double](repeating: 0, count: count)
        var sweep = 0
        func objective() -> Double { (0..<count).reduce(0) { $0 + weights[$1] * (0.5 * product[$1] - h[$1]) } }
        while sweep < limit {
            var largest = 0.0
            for k in 0..<count {
                let curvature = a[k * count + k]
                let moved = max(0, weights[k] - (product[k] - h[k]) / curvature), change = moved - weights[k]
                guard change != 0 else { continue }
                weights[k] = moved
                for l in 0..<count { product[l] += change * a[k * count + l] }
                largest = max(largest, abs(change) * curvature.squareRoot())
            }
            sweep += 1
            try onSweep(sweep, objective())
            if largest < tolerance { break }
        }
        self.weights = weights
        self.objective = objective()
        self.sweeps = sweep
        events = moments.events
    }

    /// λ = θ · g, events a horizon at this moment.
    package func rate(_ features: [Double]) -> Double { zip(weights, features).reduce(0) { $0 + $1.0 * $1.1 } }
}
