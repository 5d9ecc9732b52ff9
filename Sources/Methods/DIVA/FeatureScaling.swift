import Tensors

/// Brings features to one scale: subtracts the training mean, divides each row by its 2-norm and appends the constant 1.
/// Columns that hardly vary in training are dropped; dividing every column by its own deviation would blow up the nearly
/// dead ones instead.
package struct FeatureScaling: Sendable {
    package let kept: [Int]
    package let mean: [Double]

    /// - Throws: `DIVAError` when no column varies.
    package init(training: Matrix) throws {
        let mean = training.columnMeans()
        let centred = training.subtractingFromRows(mean)
        let squares = centred.elementwiseProduct(centred).columnMeans()
        kept = squares.indices.filter { squares[$0].squareRoot() >= 1e-6 }
        self.mean = kept.map { mean[$0] }
        guard !kept.isEmpty else {
            throw DIVAError("every feature is the same for all training examples; there is nothing to learn from")
        }
    }

    /// Columns of scaled features, the constant 1 included.
    package var dimension: Int { kept.count + 1 }

    /// Scaled features, N x dimension.
    package func applied(to features: Matrix) -> Matrix {
        let width = kept.count + 1
        var scaled = [Double](repeating: 1, count: features.rows * width)
        let source = features.values
        for row in 0..<features.rows {
            var squares = 0.0
            for place in 0..<kept.count {
                let column = kept[place]
                let value = source[row * features.columns + column] - mean[place]
                scaled[row * width + place] = value
                squares += value * value
            }
            let norm = squares.squareRoot()
            if norm > 0 { for place in 0..<kept.count { scaled[row * width + place] /= norm } }
        }
        return Matrix(rows: features.rows, columns: width, values: scaled)
    }
}
