import Tensors

/// Label propagation: Z <- clamp(α Ã Z + (1 - α) Y, 0, 1), Y one-hot on the training nodes (section 2.6).
package enum LabelPropagation {
    /// - Returns: Z, nodes x classes. A row of zeros is no prediction.
    package static func run(_ propagation: SparseMatrix<Double>, labels: [Int], training: [Int], classes: Int, alpha: Double, rounds: Int = 50) throws -> [Double] {
        var oneHot = [Double](repeating: 0, count: labels.count * classes)
        for node in training { oneHot[node * classes + labels[node]] = 1 }
        let y = Tensor<Double>(shape: [labels.count, classes], oneHot)
        let source = try y.scaled(by: 1 - alpha)
        var z = y
        for _ in 0..<rounds { z = try (propagation.multiplied(by: z).scaled(by: alpha) + source).clamped(0, 1) }
        return z.withScalars { Array($0) }
    }
}
