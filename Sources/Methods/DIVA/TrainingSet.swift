import Tensors

/// Features with labels: what every procedure of DIVA works on.
package struct TrainingSet: Sendable {
    /// Z, N x D; the last column is the constant 1 when the features come from `FeatureScaling`.
    package let features: Matrix
    /// N labels in 0 ..< classes.
    package let labels: [Int]
    package let classes: Int
    /// Y, N x K, one-hot, plain 0 and 1.
    package let targets: Matrix

    package var count: Int { features.rows }

    /// Checks and takes features and labels.
    /// - Throws: `DIVAError` for an empty set, a single example, lengths that differ, a feature that is not finite and a
    ///   label outside 0 ..< classes; each names the row.
    package init(features: Matrix, labels: [Int], classes: Int) throws {
        guard features.rows > 0, features.columns > 0 else {
            throw DIVAError("the training set is empty; give at least two examples with at least one feature")
        }
        guard features.rows >= 2 else {
            throw DIVAError("the training set has one example; leaving one out needs at least two")
        }
        guard labels.count == features.rows else {
            throw DIVAError("there are \(features.rows) rows of features but \(labels.count) labels; give one label a row")
        }
        guard classes >= 1 else { throw DIVAError("there are \(classes) classes; give at least one") }
        if let (row, column) = features.firstNotFinite {
            throw DIVAError("feature row \(row), column \(column) is \(features[row, column]); every feature must be finite")
        }
        var targets = [Double](repeating: 0, count: labels.count * classes)
        for (row, label) in labels.enumerated() {
            guard label >= 0, label < classes else {
                throw DIVAError("the label of example \(row) is \(label); labels must lie in 0 … \(classes - 1)")
            }
            targets[row * classes + label] = 1
        }
        self.features = features
        self.labels = labels
        self.classes = classes
        self.targets = Matrix(rows: labels.count, columns: classes, values: targets)
    }

    /// True when all labels are the same: nothing can be learned, which deserves a warning.
    package var hasOneClassOnly: Bool { Set(labels).count == 1 }

    /// The chosen rows as a set of their own.
    package func subset(_ rows: [Int]) throws -> TrainingSet {
        try TrainingSet(features: features.rows(at: rows), labels: rows.map { labels[$0] }, classes: classes)
    }
}
