import Foundation
import Tensors

/// Random Fourier features cos(scale x B + b) with normal B and uniform b: inner products approximate a Gaussian kernel
/// (Rahimi and Recht 2007). Columns of x that are constant in training are dropped.
package struct FourierFeatures: Sendable {
    package let scale: Double
    private let kept: [Int]
    /// d x features.
    private let frequencies: Matrix
    private let phases: [Double]

    /// - Parameters:
    ///   - scale: nil for 1.075 over the root mean square distance between two training inputs, which is 0.35 on the digits.
    ///   - random: a stream of its own.
    package init(training: Matrix, count: Int, scale: Double?, random: RandomSource) throws {
        let centred = training.subtractingFromRows(training.columnMeans())
        let variances = centred.elementwiseProduct(centred).columnMeans()
        kept = variances.indices.filter { variances[$0].squareRoot() >= 1e-6 }
        guard !kept.isEmpty else { throw DIVAError("every input is the same for all training examples; there is nothing to learn from") }
        self.scale = scale ?? 1.075 / (2 * variances.reduce(0, +)).squareRoot()
        var normal = random.stream("frequencies"), uniform = random.stream("phases")
        frequencies = Matrix(rows: kept.count, columns: count, values: (0..<kept.count * count).map { _ in normal.normal() })
        phases = (0..<count).map { _ in 2 * .pi * uniform.uniform() }
    }

    package var count: Int { phases.count }

    package func applied(to inputs: Matrix) -> Matrix {
        var reduced: [Double] = []
        reduced.reserveCapacity(inputs.rows * kept.count)
        for row in 0..<inputs.rows { for column in kept { reduced.append(scale * inputs[row, column]) } }
        let product = Matrix(rows: inputs.rows, columns: kept.count, values: reduced).multiplied(by: frequencies)
        var values = product.values
        let width = phases.count
        for row in 0..<inputs.rows { for j in 0..<width { values[row * width + j] = cos(values[row * width + j] + phases[j]) } }
        return Matrix(rows: inputs.rows, columns: width, values: values)
    }
}
