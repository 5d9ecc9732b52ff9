import Foundation
import Tensors

/// Example weightings of the literature that train a linear softmax classifier by stochastic gradients on the same features,
/// with momentum 0.9 and a cosine schedule. They are compared with `uniform`, the same training without weights.
package enum GradientBaseline: String, Sendable, Codable, CaseIterable {
    /// No weighting.
    case uniform = "sgd uniform"
    /// Chang, Learned-Miller, McCallum, "Active Bias", NIPS 2017: weight proportional to p (1 - p) of the given class, averaged over
    /// past epochs, plus the mean of that; uniform until there is a past.
    case thresholdCloseness = "chang 2017"
    /// Ren, Zeng, Yang, Urtasun, "Learning to Reweight Examples for Robust Deep Learning", ICML 2018: in each batch the weight by
    /// which one virtual gradient step would lower the loss on a clean set, clipped at 0, normalised in the batch.
    case metaReweighting = "ren 2018"
}

package struct GradientBaselineTraining: Sendable {
    package var epochs = 40
    package var batch = 50
    package var rate = 1.0
    package init() {}

    /// Trains and returns W, D x K.
    /// - Parameters:
    ///   - clean: the examples whose labels are known to be right, used by `metaReweighting` only.
    ///   - random: orders of the examples.
    package func train(_ kind: GradientBaseline, on set: TrainingSet, clean: TrainingSet?, random: RandomSource,
                       proceed: () throws -> Void) throws -> Matrix {
        let n = set.count, d = set.features.columns, k = set.classes
        var weights = Matrix(rows: d, columns: k), velocity = Matrix(rows: d, columns: k)
        var closeness = [Double](repeating: 0, count: n)
        var random = random
        let batches = (n + batch - 1) / batch
        let last = Double(epochs * batches)
        var step = 0
        for epoch in 0..<epochs {
            let order = random.permutation(n)
            let meanCloseness = closeness.reduce(0, +) / Double(n) / Double(max(1, epoch))
            for start in stride(from: 0, to: n, by: batch) {
                let rows = Array(order[start..<min(n, start + batch)])
                let z = set.features.rows(at: rows), y = set.targets.rows(at: rows)
                let p = Self.softmax(z.multiplied(by: weights))
                let error = p - y
                var factors = [Double](repeating: 1, count: rows.count)
                switch kind {
                case .uniform: break
                case .thresholdCloseness:
                    let given = p.rowwiseInnerProducts(with: y)
                    if epoch > 0 {
                        factors = rows.map { (closeness[$0] / Double(epoch) + meanCloseness) / max(1e-12, 2 * meanCloseness) }
                    }
                    for (place, row) in rows.enumerated() { closeness[row] += given[place] * (1 - given[place]) }
                case .metaReweighting:
                    guard let clean else { throw DIVAError("“\(kind.rawValue)” needs examples whose labels are known to be right") }
                    let cleanError = Self.softmax(clean.features.multiplied(by: weights)) - clean.targets
                    let direction = clean.features.multiplied(by: cleanError, transposeSelf: true)
                    // The derivative of the clean loss by an example's weight after a virtual step is minus <g_clean, g_i>.
                    let gain = z.multiplied(by: direction).rowwiseInnerProducts(with: error).map { max(0, $0) }
                    let sum = gain.reduce(0, +)
                    factors = sum > 0 ? gain.map { $0 / sum * Double(rows.count) } : [Double](repeating: 0, count: rows.count)
                }
                let slope = z.multiplied(by: error.scalingRows(by: factors.map { $0 / Double(rows.count) }), transposeSelf: true)
                let rate = self.rate * 0.5 * (1 + cos(.pi * Double(step) / last))
                velocity = 0.9 * velocity - rate * slope
                weights = weights + velocity
                step += 1
                try proceed()
            }
        }
        return weights
    }

    private static func softmax(_ logits: Matrix) -> Matrix {
        var values = logits.values
        for row in 0..<logits.rows {
            let range = row * logits.columns..<(row + 1) * logits.columns
            var largest = -Double.infinity, sum = 0.0
            for j in range { largest = max(largest, values[j]) }
            for j in range { values[j] = exp(values[j] - largest); sum += values[j] }
            for j in range { values[j] /= sum }
        }
        return Matrix(rows: logits.rows, columns: logits.columns, values: values)
    }
}
