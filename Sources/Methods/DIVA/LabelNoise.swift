import Tensors

/// Replaces the labels of a share of the examples, to have mislabelled ones whose truth is known.
package struct LabelNoise: Sendable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// One of the other classes, so that every chosen example is wrong.
        case other
        /// Any class, the true one included.
        case any
    }

    /// The share of examples whose label is replaced, 0 … 1.
    package var share: Double
    package var kind: Kind
    package init(share: Double, kind: Kind) {
        self.share = share
        self.kind = kind
    }

    /// - Returns: the labels after noise; an example is bad where it differs from the truth.
    package func applied(to labels: [Int], classes: Int, random: RandomSource) -> [Int] {
        var random = random, noisy = labels
        guard classes > 1, !labels.isEmpty else { return labels }
        let count = min(labels.count, max(0, Int((share * Double(labels.count)).rounded())))
        for i in random.permutation(labels.count).prefix(count) {
            switch kind {
            case .other: noisy[i] = (labels[i] + 1 + random.integer(below: classes - 1)) % classes
            case .any: noisy[i] = random.integer(below: classes)
            }
        }
        return noisy
    }
}
