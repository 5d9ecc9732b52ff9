import Datasets
import Experiments

/// What one model's predictions amount to.
struct ArmFindings {
    var arm: Arm
    var parameters: Int
    var train: FactorScores, iid: FactorScores, test: FactorScores
    /// For each factor that can be out of distribution alone.
    var oneFactor: [OneFactorFindings]
    var disentanglement: Disentanglement?

    /// Means over the one-factor sets; nil without any.
    func mean(_ part: (OneFactorFindings) -> Double?) -> Double? {
        let values = oneFactor.compactMap(part)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}

extension Material {
    /// The findings of a finished model; nil for one that was given up.
    func findings(_ arm: Arm, _ done: TrainingState.Finished) -> ArmFindings? {
        guard done.failure == nil, done.predictions.count == sets.count else { return nil }
        let numbers = done.predictions.map(\.floats)
        func scores(_ place: Int) -> FactorScores { FactorScores(numbers[place], values: sets[place].values, factors: factors) }
        var alone: [OneFactorFindings] = [], place = 3
        for j in factors.indices {
            guard let set = oneFactor[j] else { continue }
            alone.append(OneFactorFindings(j, numbers[place], values: set.values, split: split, trainingMean: lines.trainingMean(j)))
            place += 1
        }
        return ArmFindings(arm: arm, parameters: done.parameters, train: scores(0), iid: scores(1), test: scores(2), oneFactor: alone, disentanglement: done.disentanglement)
    }

    /// The reference lines' means, where the division has them.
    func line(_ line: ReferenceLines.Line, _ average: FactorScores.Average) -> Double? { split.kind.hasUnseenValues ? lines.test(line).mean(average, factors) : nil }

    /// The averages that differ from each other here.
    var averages: [FactorScores.Average] {
        let all = FactorScores.Average.allCases.filter { average in factors.contains { average.includes($0) } }
        return all.filter { average in !all.prefix(while: { $0 != average }).contains { earlier in factors.allSatisfy { average.includes($0) == earlier.includes($0) } } }
    }
}
