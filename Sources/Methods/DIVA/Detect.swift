import Tensors

/// Detect: which training examples hurt. An example is flagged when its derivative exceeds epsilon, at all weights 1; more
/// weight on it would raise the error on unseen examples.
package struct Detection: Sendable, Codable, Equatable {
    /// "diva" or the name of a baseline.
    package var arm: String
    /// Larger is more suspicious; nil for a baseline that only flags.
    package var scores: [Double]?
    /// nil for a baseline that only ranks.
    package var flagged: [Bool]?

    /// DIVA and its baselines, which are strong and therefore always shown beside it: the squared leave-one-out residual, the
    /// squared training residual, and the flag "the leave-one-out prediction disagrees with the label".
    package static func all(ridge: WeightedRidge, derivative: DatasetDerivative, labels: [Int], epsilon: Double) -> [Detection] {
        let predicted = ridge.leaveOneOut.rowArgmax()
        let outside = ridge.leaveOneOut - ridge.targets
        return [
            Detection(arm: "diva", scores: derivative.gradient, flagged: derivative.gradient.map { $0 > epsilon }),
            Detection(arm: "loo residual", scores: outside.rowwiseInnerProducts(with:outside), flagged: nil),
            Detection(arm: "training residual", scores: ridge.residuals.rowwiseInnerProducts(with:ridge.residuals), flagged: nil),
            Detection(arm: "loo disagrees", scores: nil, flagged: zip(predicted, labels).map { $0 != $1 }),
        ]
    }
}
