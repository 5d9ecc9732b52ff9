import Foundation
import Tensors

/// The loss l(u, y) by which an output is judged: the loss whose derivative DIVA takes. It is never weighted by the example
/// weights, which is what keeps "all weights zero" from being a solution (Dukler et al. 2022, section 3).
package enum OuterLoss: String, Sendable, Codable, CaseIterable {
    /// sum_k (u_k - y_k)^2
    case squared = "sq"
    /// Softmax cross-entropy with u as logits: log sum_k exp(u_k) - <u, y>, in nats.
    case crossEntropy = "ce"

    /// The loss sum_i m_i l(u_i, y_i) and its derivative by the outputs.
    /// - Parameters:
    ///   - outputs: N x K.
    ///   - targets: N x K.
    ///   - mask: N factors m_i >= 0; nil for all ones.
    /// - Returns: the sum, and G with rows m_i dl/du_i, N x K.
    package func evaluate(_ outputs: Matrix, targets: Matrix, mask: [Double]? = nil) -> (loss: Double, slope: Matrix) {
        precondition(outputs.rows == targets.rows && outputs.columns == targets.columns)
        precondition(mask == nil || mask?.count == outputs.rows)
        let (n, k) = (outputs.rows, outputs.columns)
        let u = outputs.values, y = targets.values
        var slope = [Double](repeating: 0, count: n * k)
        var total = 0.0
        for i in 0..<n {
            let m = mask?[i] ?? 1
            if m == 0 { continue }
            let row = i * k
            switch self {
            case .squared:
                for j in row..<row + k {
                    let difference = u[j] - y[j]
                    total += m * difference * difference
                    slope[j] = 2 * m * difference
                }
            case .crossEntropy:
                var largest = -Double.infinity
                for j in row..<row + k { largest = max(largest, u[j]) }
                var sum = 0.0, agreement = 0.0
                for j in row..<row + k {
                    let power = exp(u[j] - largest)
                    slope[j] = power
                    sum += power
                    agreement += u[j] * y[j]
                }
                total += m * (largest + log(sum) - agreement)
                for j in row..<row + k { slope[j] = m * (slope[j] / sum - y[j]) }
            }
        }
        return (total, Matrix(rows: n, columns: k, values: slope))
    }

    /// The unit of a mean loss.
    package var unit: String { self == .crossEntropy ? "nats" : "" }
}
