import Tensors

/// The loss of a row's active set (section 2.5): the mean over the set, whose size it is divided by. The official code pads all sets of a
/// batch to one width, which adds a constant and no gradient.
package enum LevelLoss: String, Sendable, CaseIterable, Codable {
    case squaredHinge = "squared-hinge"
    /// A positive counts as often as it holds labels of the row.
    case weightedSquaredHinge = "weighted-squared-hinge"
    case binaryCrossEntropy = "bce"

    /// The mean over the batch, of logits of pairs.
    package func callAsFunction<Scalar: TensorScalar>(_ logits: Tensor<Scalar>, _ pairs: ActivePairs) throws -> Tensor<Scalar> {
        let signs = Tensor<Scalar>(shape: [pairs.signs.count], pairs.signs.map { Scalar($0) })
        let losses: Tensor<Scalar> = switch self {
        case .squaredHinge: try logits.hingeLosses(signs, squared: true)
        case .weightedSquaredHinge:
            try logits.hingeLosses(signs, squared: true) * Tensor<Scalar>(shape: [pairs.counts.count], pairs.counts.map { Scalar($0) })
        case .binaryCrossEntropy: try logits.binaryCrossEntropyLosses(signs.scaled(by: 0.5, plus: 0.5))
        }
        return try losses.segmentMean(pairs.examples, count: pairs.batch).mean()
    }
}

/// The outputs of a level: logit of cluster k for a row h is <h, W_k> + b_k.
package struct LevelHeads<Scalar: TensorScalar> {
    package let parameters = ParameterStore<Scalar>()
    private let weights, biases: Parameter<Scalar>
    package let clusters: Int, width: Int

    /// - Parameters:
    ///   - weights: clusters x width numbers.
    ///   - biases: one a cluster.
    ///   - isSparse: whether a step updates only the clusters that took part.
    package init(weights: [Scalar], biases: [Scalar], isSparse: Bool = true) {
        clusters = biases.count
        width = weights.count / max(1, biases.count)
        let w = Tensor<Scalar>(shape: [clusters, width], weights), b = Tensor<Scalar>(shape: [clusters], biases)
        self.weights = isSparse ? parameters.addTable("W", w) : parameters.add("W", w)
        self.biases = isSparse ? parameters.addTable("b", b) : parameters.add("b", b)
    }

    package func logits(_ h: Tensor<Scalar>, _ pairs: ActivePairs) throws -> Tensor<Scalar> {
        try h.innerProducts(at: pairs.examples, with: weights.tensor, at: pairs.clusters) + biases.tensor.gathered(pairs.clusters)
    }

    /// Of every cluster: [rows, clusters].
    package func allLogits(_ h: Tensor<Scalar>) throws -> Tensor<Scalar> { try h.matmul(weights.tensor, transposeOther: true) + biases.tensor }

    /// W and b as plain numbers.
    package var values: (weights: [Scalar], biases: [Scalar]) { (weights.value.scalars, biases.value.scalars) }
    package var gradients: (weights: [Scalar], biases: [Scalar]) { (weights.gradient.scalars, biases.gradient.scalars) }
}

/// How the outputs of a level begin.
package enum HeadStart: String, Sendable, CaseIterable, Codable {
    /// Each cluster takes those of its parent.
    case inherit
    /// A linear support vector machine on the encoder's output of now (official default).
    case linear
    /// Normal with deviation 0.02.
    case random
}
