/// The feature-contribution ratio (section 2.7): whether features or edges carry a task.
package enum FeatureContribution {
    /// FCR in percent from accuracies of a graph network, an MLP and label propagation; nil where it is undefined.
    package static func ratio(network: Double, perceptron: Double, propagation: Double) -> Double? {
        let byFeatures = network - perceptron, byLabels = network - propagation
        guard byLabels >= 0, byFeatures != 0 || byLabels != 0 else { return nil }
        return byFeatures >= 0 ? 100 * byLabels / (byFeatures + byLabels) : 100 * (1 + -byFeatures / (-byFeatures + byLabels))
    }

    /// What a ratio says, in a few words.
    package static func meaning(of ratio: Double?) -> String {
        switch ratio {
        case nil: "undefined: label propagation beats the network, or all are equal"
        case .some(..<50): "edges carry the task"
        case .some(...100): "features carry the task"
        default: "aggregation hurts"
        }
    }
}
