import Datasets

/// How far predictions explain each factor on a set of images.
package struct FactorScores: Sendable, Equatable, Codable {
    /// 1 - MSE / variance, one a factor. The variance is that over the FULL grid, whatever the set: 0 is as bad as always saying 0.5, and far below 0 is usual
    /// where values were never seen.
    package var r2: [Double]
    /// Mean squared errors of targets in 0 … 1.
    package var errors: [Double]
    package var count: Int

    /// Which factors a mean is taken over.
    package enum Average: String, Sendable, CaseIterable, Codable {
        case all, nonCategorical = "non-categorical", nonCyclic = "non-cyclic"

        package func includes(_ factor: FactorDataset.Factor) -> Bool {
            switch self {
            case .all: factor.isAveraged
            case .nonCategorical: factor.isAveraged && !factor.isCategorical
            case .nonCyclic: factor.isAveraged && !factor.isCategorical && !factor.isCyclic
            }
        }
    }

    package init(r2: [Double], errors: [Double], count: Int) { (self.r2, self.errors, self.count) = (r2, errors, count) }

    /// - Parameters:
    ///   - predictions: one row an image, one number a factor.
    ///   - values: the factors' values, row by row.
    package init(_ predictions: [Float], values: [Int], factors: [FactorDataset.Factor]) {
        let n = factors.count, rows = values.count / max(1, n)
        var sums = [Double](repeating: 0, count: n)
        for row in 0..<rows {
            for j in 0..<n {
                let error = Double(predictions[row * n + j]) - FactorScores.target(values[row * n + j], factors[j])
                sums[j] += error * error
            }
        }
        errors = sums.map { $0 / Double(max(1, rows)) }
        r2 = zip(errors, factors).map { 1 - $0 / FactorScores.variance($1.size) }
        count = rows
    }

    /// What is predicted: v / (t - 1).
    package static func target(_ value: Int, _ factor: FactorDataset.Factor) -> Double { Double(value) / Double(factor.size - 1) }

    /// The variance of the targets of t equally likely values: (t + 1) / (12 (t - 1)).
    package static func variance(_ size: Int) -> Double { Double(size + 1) / Double(12 * (size - 1)) }

    /// The mean over some factors; nil when there are none.
    package func mean(_ average: Average, _ factors: [FactorDataset.Factor], without left: Int? = nil) -> Double? {
        let chosen = factors.indices.filter { average.includes(factors[$0]) && $0 != left }
        return chosen.isEmpty ? nil : chosen.reduce(0) { $0 + r2[$1] } / Double(chosen.count)
    }
}

/// What happens to one factor, and to the others, where it alone shows values that were never seen.
package struct OneFactorFindings: Sendable, Equatable, Codable {
    package var factor: Int
    package var scores: FactorScores
    /// Mean over images of |prediction - m| / |target - m| with m the training mean: 1 goes on as it should, below 1 is drawn to the mean. Nil in
    /// interpolation, where a target may lie on the mean.
    package var ratio: Double?
    /// The single ratios, of at most 200 images.
    package var ratios: [Double]
    /// The share of predictions whose nearest value of the grid is one that was seen.
    package var seenShare: Double

    package init(_ factor: Int, _ predictions: [Float], values: [Int], split: FactorSplit, trainingMean m: Double) {
        let factors = split.factors, n = factors.count, size = factors[factor].size, rows = values.count / max(1, n)
        self.factor = factor
        scores = FactorScores(predictions, values: values, factors: factors)
        var all: [Double] = [], seen = 0
        for row in 0..<rows {
            let prediction = Double(predictions[row * n + factor]), target = FactorScores.target(values[row * n + factor], factors[factor])
            if split.kind == .extrapolation, target != m { all.append(abs(prediction - m) / abs(target - m)) }
            let near = prediction.isFinite ? Int(min(1, max(0, prediction)) * Double(size - 1) + 0.5) : 0
            if split.isSeen(factor, min(size - 1, near)) { seen += 1 }
        }
        ratio = all.isEmpty ? nil : all.reduce(0, +) / Double(all.count)
        ratios = Array(all.prefix(200))
        seenShare = rows == 0 ? .nan : Double(seen) / Double(rows)
    }

    /// R² of the factor itself.
    package var outOfDistribution: Double { scores.r2[factor] }
    /// Mean R² of the others that are no categories; nil without any.
    package func inDistribution(_ factors: [FactorDataset.Factor]) -> Double? { scores.mean(.nonCategorical, factors, without: factor) }
}
