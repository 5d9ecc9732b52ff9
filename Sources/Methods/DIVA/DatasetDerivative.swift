import Tensors

/// The dataset derivative: how a loss on unseen examples changes when the weight of a training example grows
/// (Dukler, Achille, Paolini, Ravichandran, Polito, Soatto: "DIVA: Dataset Derivative of a Learning Task", ICLR 2022).
///
/// Differs from the print in two places: the derivative of the validation loss is written as the row sum it means (the printed
/// product does not fit in its dimensions), and the leave-one-out prediction uses 1 / (1 - a_i s_i) instead of a form that
/// divides by the square root of a_i, so that examples of weight 0 are allowed.
package struct DatasetDerivative: Sendable {
    /// The outer loss, summed over the evaluated examples.
    package let loss: Double
    /// dL/da_j, one an example: positive where more weight hurts, negative where it helps.
    package let gradient: [Double]
    /// The three parts of the leave-one-out derivative; empty for a validation loss.
    package let terms: [[Double]]

    /// The derivative of the leave-one-out loss L = sum_i m_i l(u_i, y_i).
    /// - Parameter mask: m, 1 on the core set and 0 on a pool; nil for all ones.
    /// - Complexity: O(N D^2 + D^3) primal, never an N x N matrix; O(N^2 K) in the dual form.
    package static func leaveOneOut(_ ridge: WeightedRidge, loss: OuterLoss, mask: [Double]? = nil,
                                    proceed: () throws -> Void = {}) throws -> DatasetDerivative {
        let (value, slope) = loss.evaluate(ridge.leaveOneOut, targets: ridge.targets, mask: mask)
        let q = ridge.inflation, s = ridge.leverage, a = ridge.weights
        let agreement = slope.rowwiseInnerProducts(with:ridge.residuals)                       // c_i = <G_i, E_i>
        let pull = slope.scalingRows(by: q)                                       // A = diag(q) G
        let curvature = (0..<q.count).map { a[$0] * q[$0] * q[$0] * agreement[$0] }
        let term1: [Double], term2: [Double]
        switch ridge.inner {
        case .primal(let inverse):
            let step = inverse.multiplied(by: ridge.features.multiplied(by: pull, transposeSelf: true))    // C Z' A, D x K
            term1 = ridge.features.multiplied(by: step).rowwiseInnerProducts(with:ridge.residuals)
            try proceed()
            let middle = try ridge.features.gram(weights: curvature, proceed: proceed)                      // Z' diag(a q^2 c) Z
            let left = inverse.multiplied(by: middle)
            try proceed()
            let sandwich = left.multiplied(by: inverse)
            try proceed()
            term2 = try ridge.features.quadraticForms(sandwich, proceed: proceed)
        case .dual(let similarity, _, _):
            term1 = similarity.multiplied(by: pull).rowwiseInnerProducts(with:ridge.residuals)
            try proceed()
            term2 = similarity.squaredColumnSums(weights: curvature)
        }
        let term3 = (0..<q.count).map { -q[$0] * q[$0] * agreement[$0] * s[$0] }
        try proceed()
        let gradient = (0..<q.count).map { term1[$0] + term2[$0] + term3[$0] }
        return DatasetDerivative(loss: value, gradient: gradient, terms: [term1, term2, term3])
    }

    /// The derivative of the loss on a separate validation set, sum_m l(W' zv_m, yv_m).
    /// - Parameters:
    ///   - features: Zv, M x D.
    ///   - targets: Yv, M x K.
    package static func validation(_ ridge: WeightedRidge, features: Matrix, targets: Matrix, loss: OuterLoss) -> DatasetDerivative {
        let (value, slope) = loss.evaluate(ridge.predict(features), targets: targets)
        let direction = ridge.applyingInverse(to: features.multiplied(by: slope, transposeSelf: true))     // C Zv' G, D x K
        let gradient = ridge.features.multiplied(by: direction).rowwiseInnerProducts(with:ridge.residuals)
        return DatasetDerivative(loss: value, gradient: gradient, terms: [])
    }
}
