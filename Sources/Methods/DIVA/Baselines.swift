import Tensors

/// Test errors and the closed-form baselines that DIVA is measured against.
package enum Baselines {
    /// 100 * mean(argmax of the outputs differs from the label), in percent.
    package static func errorRate(_ outputs: Matrix, labels: [Int]) -> Double {
        precondition(outputs.rows == labels.count && !labels.isEmpty)
        let wrong = zip(outputs.rowArgmax(), labels).count { $0 != $1 }
        return 100 * Double(wrong) / Double(labels.count)
    }

    /// The error on a test set after refitting with the given weights, in percent.
    package static func testError(training: TrainingSet, weights: [Double]?, lambda: Double, test: TrainingSet,
                                  proceed: () throws -> Void) throws -> Double {
        let problem = try WeightedLeastSquares(features: training.features, targets: training.targets, weights: weights, proceed: proceed)
        let coefficients = try problem.coefficients(lambda: lambda)
        try proceed()
        return errorRate(test.features.multiplied(by: coefficients), labels: test.labels)
    }

    /// The error on a test set after training on all of a set at the ridge strength that suits that set best, in percent. Noisy sets
    /// want a stronger ridge than clean ones; comparing them at one strength would favour one side.
    /// - Parameter lambda: nil for the least leave-one-out loss.
    package static func testErrorAtOwnLambda(training: TrainingSet, lambda: Double?, test: TrainingSet, proceed: () throws -> Void) throws -> Double {
        let problem = try WeightedLeastSquares(features: training.features, targets: training.targets, proceed: proceed)
        let strength = try lambda ?? LambdaSelection.sweep(problem, proceed: proceed).best
        return errorRate(test.features.multiplied(by: try problem.coefficients(lambda: strength)), labels: test.labels)
    }
}
