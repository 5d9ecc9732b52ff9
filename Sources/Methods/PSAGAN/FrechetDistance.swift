import Tensors

/// The distance of two clouds of embeddings as if both were normal (section 2.8), in double precision.
package enum FrechetDistance {
    /// Mean and covariance (divisor n - 1) of rows.
    package struct Cloud: Sendable {
        package let mean: [Double]
        package let covariance: Matrix
        package var trace: Double { (0..<covariance.rows).reduce(0) { $0 + covariance[$1, $1] } }

        package init(_ rows: Matrix) {
            mean = rows.columnMeans()
            covariance = (1 / Double(max(1, rows.rows - 1))) * rows.subtractingFromRows(mean).gram()
        }

        package init(mean: [Double], covariance: Matrix) { (self.mean, self.covariance) = (mean, covariance) }
    }

    /// |μ₁ - μ₂|² + tr C₁ + tr C₂ - 2 Σ sqrt(λ_j), λ the eigenvalues of C₁^½ C₂ C₁^½, negative ones counted as 0: the usual form with the root
    /// of C₁C₂, without complex numbers.
    /// - Throws: `PSAGANError` where a number is not finite.
    package static func between(_ a: Cloud, _ b: Cloud) throws -> Double {
        do {
            let eigen = try a.covariance.symmetricEigen(), roots = eigen.values.map { max(0, $0).squareRoot() }
            let scaled = eigen.vectors.multiplied(by: Matrix.diagonal(roots)), root = scaled.multiplied(by: eigen.vectors, transposeOther: true)
            let inner = root.multiplied(by: b.covariance).multiplied(by: root)
            // Symmetric but for rounding: the mean of both halves.
            let values = try (0.5 * (inner + inner.transposed())).symmetricEigen().values
            let shift = zip(a.mean, b.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            return shift + a.trace + b.trace - 2 * values.reduce(0) { $0 + max(0, $1).squareRoot() }
        } catch { throw PSAGANError("a distance of embeddings cannot be computed, since some are not finite; take a smaller rate") }
    }
}
