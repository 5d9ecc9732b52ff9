import Datasets

/// Two predictors that need no training, in closed form: both are perfect on values that were seen.
package struct ReferenceLines: Sendable {
    package enum Line: String, Sendable, CaseIterable {
        /// Says the nearest seen value, the lower one of two, where it was not seen. To beat it is to extrapolate.
        case clamp
        /// Says the training mean where the value was not seen.
        case mean
    }

    let split: FactorSplit
    private let seen: [[Int]]

    package init(_ split: FactorSplit) {
        self.split = split
        seen = split.factors.indices.map { j in (0..<split.factors[j].size).filter { split.isSeen(j, $0) } }
    }

    /// The mean target of a factor over the training part. Values that were seen come equally often, but for composition, where it is weighed.
    package func trainingMean(_ factor: Int) -> Double {
        let own = split.factors[factor]
        if split.kind == .composition, !split.lists[factor].isEmpty {
            // A listed value trains with everything, another one only where some other factor is listed.
            let others = split.factors.indices.filter { $0 != factor }.reduce(1) { $0 * (1 - Double(split.lists[$1].count) / Double(split.factors[$1].size)) }
            let weights = (0..<own.size).map { split.lists[factor].contains($0) ? 1 : 1 - others }, sum = weights.reduce(0, +)
            return zip(weights, 0..<own.size).reduce(0) { $0 + $1.0 * FactorScores.target($1.1, own) } / sum
        }
        return seen[factor].reduce(0) { $0 + FactorScores.target($1, own) } / Double(max(1, seen[factor].count))
    }

    /// What a line says of a value.
    package func prediction(_ line: Line, _ factor: Int, _ value: Int) -> Double {
        let own = split.factors[factor]
        if split.isSeen(factor, value) { return FactorScores.target(value, own) }
        if line == .mean { return trainingMean(factor) }
        let nearest = seen[factor].min { (abs($0 - value), $0) < (abs($1 - value), $1) }
        return FactorScores.target(nearest ?? value, own)
    }

    /// R² of a factor on the images in which it alone shows values that were not seen; nil where it always shows seen ones.
    package func oneFactor(_ line: Line, _ factor: Int) -> Double? { error(line, factor).map { 1 - $0 / FactorScores.variance(split.factors[factor].size) } }

    /// The mean squared error over the values that were not seen.
    private func error(_ line: Line, _ factor: Int) -> Double? {
        let unseen = (0..<split.factors[factor].size).filter { !split.isSeen(factor, $0) }
        guard !unseen.isEmpty else { return nil }
        return unseen.reduce(0) { sum, value in
            let d = prediction(line, factor, value) - FactorScores.target(value, split.factors[factor])
            return sum + d * d
        } / Double(unseen.count)
    }

    /// The scores of a line over the test part. Where all values were seen both lines are perfect.
    package func test(_ line: Line) -> FactorScores {
        let errors = split.factors.indices.map { j -> Double in
            guard let error = error(line, j), split.trainingShare < 1 else { return 0 }
            return Double(split.lists[j].count) / Double(split.factors[j].size) / (1 - split.trainingShare) * error
        }
        return FactorScores(r2: zip(errors, split.factors).map { 1 - $0 / FactorScores.variance($1.size) }, errors: errors, count: 0)
    }
}
