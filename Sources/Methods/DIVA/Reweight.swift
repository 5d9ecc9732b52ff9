/// Reweight: descends along the dataset derivative in the example weights, a few large steps from a = 1.
///
///     a <- max(0, a - eta g / scale(g))
///
/// The paper's formula has neither the projection nor the scale. Weights are declared non-negative, hence the projection;
/// raw derivatives shrink with the number of examples and with lambda, hence the scale. Few steps are the regulariser: only at
/// the first step is the leave-one-out loss an unbiased estimate of the test loss.
package struct Reweighting: Sendable, Codable, Equatable {
    /// What a step is measured in.
    package enum Scaling: String, Sendable, Codable, CaseIterable {
        case rms, raw, maxabs

        func scale(_ gradient: [Double]) -> Double {
            switch self {
            case .raw: 1
            case .rms: (gradient.reduce(0) { $0 + $1 * $1 } / Double(max(1, gradient.count))).squareRoot()
            case .maxabs: gradient.reduce(0) { max($0, abs($1)) }
            }
        }
    }

    package private(set) var weights: [Double]
    /// Steps taken.
    package private(set) var step = 0
    package let eta: Double
    package let scaling: Scaling

    package init(count: Int, eta: Double, scaling: Scaling) {
        weights = [Double](repeating: 1, count: count)
        self.eta = eta
        self.scaling = scaling
    }

    /// Takes one step along the derivative at the present weights.
    /// - Throws: `DIVAError` when no weight is left above 0.
    package mutating func advance(along gradient: [Double]) throws {
        precondition(gradient.count == weights.count)
        let scale = scaling.scale(gradient)
        if scale > 0 {
            for i in weights.indices { weights[i] = max(0, weights[i] - eta * gradient[i] / scale) }
        }
        step += 1
        guard weights.contains(where: { $0 > 0 }) else {
            throw DIVAError("all weights reached 0 at step \(step); take a smaller eta than \(eta) or fewer steps")
        }
    }
}
