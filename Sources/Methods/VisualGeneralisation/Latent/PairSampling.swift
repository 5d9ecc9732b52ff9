import Datasets
import Foundation
import Tensors

/// Draws the second image of a pair, inside the training part: a value is allowed only where the combination still trains. Drawn from the whole grid, pairs
/// would show the test values.
package struct PairSampling: Sendable {
    package enum Rule: Sendable, Equatable {
        /// So many factors take another value, uniformly; 0 draws the number from 1 to all but one.
        case changed(Int)
        /// Every factor that is no category is drawn anew, with probability proportional to exp(-|v - v0| / log t).
        case laplace
    }

    package let rule: Rule
    package let split: FactorSplit

    package init(_ rule: Rule, _ split: FactorSplit) { (self.rule, self.split) = (rule, split) }

    /// The second image's factor values; nil when no factor can change inside the training part.
    package func second(of first: [Int], _ random: inout RandomSource) -> [Int]? {
        var values = first
        switch rule {
        case .changed(let wanted):
            let count = wanted > 0 ? min(wanted, first.count) : 1 + random.integer(below: max(1, first.count - 1))
            var changed = 0
            for factor in random.permutation(first.count) where changed < count {
                let others = allowed(values, factor).filter { $0 != values[factor] }
                guard !others.isEmpty else { continue }
                values[factor] = others[random.integer(below: others.count)]
                changed += 1
            }
            return changed == 0 ? nil : values
        case .laplace:
            for factor in first.indices where !split.factors[factor].isCategorical {
                let allowed = allowed(values, factor), weights = allowed.map { Self.weight(from: first[factor], to: $0, of: split.factors[factor].size) }
                var place = random.uniform() * weights.reduce(0, +), chosen = allowed.last ?? first[factor]
                for (value, weight) in zip(allowed, weights) {
                    place -= weight
                    if place < 0 {
                        chosen = value
                        break
                    }
                }
                values[factor] = chosen
            }
            return values
        }
    }

    /// exp(-|v - v0| / log t)
    package static func weight(from old: Int, to new: Int, of size: Int) -> Double { exp(-Double(abs(new - old)) / log(Double(size))) }

    /// The values of a factor with which the others' values still train.
    private func allowed(_ values: [Int], _ factor: Int) -> [Int] {
        var tried = values
        return (0..<split.factors[factor].size).filter { value in
            tried[factor] = value
            return split.isTraining(tried, index: zip(tried, split.factors).reduce(0) { $0 * $1.1.size + $1.0 })
        }
    }
}
