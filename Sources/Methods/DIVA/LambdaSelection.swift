import Foundation
import Tensors

/// Chooses the ridge strength by the squared leave-one-out loss, in closed form: one factorisation a value.
package enum LambdaSelection {
    /// 10^(k/2) for k = -4 … 6.
    package static let grid: [Double] = (-4...6).map { pow(10, Double($0) / 2) }

    package struct Sweep: Sendable, Codable, Equatable {
        package var lambdas: [Double]
        /// The mean squared leave-one-out loss at each; infinite where the problem could not be solved.
        package var losses: [Double]
        /// The value with the least loss.
        package var best: Double
    }

    /// - Throws: `DIVAError` when no value of the grid can be solved.
    package static func sweep(_ problem: WeightedLeastSquares, mask: [Double]? = nil, proceed: () throws -> Void = {}) throws -> Sweep {
        var losses: [Double] = []
        var firstFailure: DIVAError?
        let count = mask?.reduce(0, +) ?? Double(problem.features.rows)
        for lambda in grid {
            do {
                let ridge = try problem.solve(lambda: lambda, proceed: proceed)
                losses.append(OuterLoss.squared.evaluate(ridge.leaveOneOut, targets: ridge.targets, mask: mask).loss / count)
            } catch let error as DIVAError {
                firstFailure = firstFailure ?? error
                losses.append(.infinity)
            }
        }
        guard let least = losses.indices.min(by: { losses[$0] < losses[$1] }), losses[least].isFinite else {
            throw firstFailure ?? DIVAError("no ridge strength of the grid gives a finite leave-one-out loss; look for huge features")
        }
        return Sweep(lambdas: grid, losses: losses, best: grid[least])
    }
}
