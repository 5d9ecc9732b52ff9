import Augmentation
import Foundation

/// How the rewards of a step's images become one number an operation.
package enum RewardRule: String, Sendable, Codable, CaseIterable {
    /// The mean.
    case none
    /// The mean in the first layer, the mean less the deviation in the others: as the published code has it.
    case code
    /// The mean less the deviation in all layers.
    case all

    /// - Parameter rewards: for each image one number an operation.
    package func combined(_ rewards: [[Double]], layer: Int) -> [Double] {
        guard let first = rewards.first else { return [] }
        let isPenalised = self == .all || self == .code && layer > 0
        return first.indices.map { operation in
            let values = rewards.map { $0[operation] }, mean = values.reduce(0, +) / Double(values.count)
            guard isPenalised else { return mean }
            return mean - (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        }
    }
}

/// The logits of one layer, with the Adam that moves them.
package struct PolicyLayer: Sendable, Codable, Equatable {
    package private(set) var logits: [Double]
    private var first: [Double], second: [Double]
    package private(set) var steps = 0

    /// Begins as "do nothing": 8 for Identity, 0 for all others, less their mean.
    package init(count: Int = PolicyOperation.all.count) {
        let mean = 8 / Double(count)
        logits = (0..<count).map { ($0 == 0 ? 8 : 0) - mean }
        first = Array(repeating: 0, count: count)
        second = first
    }

    /// softmax of the logits.
    package var probabilities: [Double] { Self.softmax(logits) }

    package static func softmax(_ logits: [Double]) -> [Double] {
        let largest = logits.max() ?? 0, powers = logits.map { exp($0 - largest) }, sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    /// dR / dtheta_i = p_i (rho_i - sum_n p_n rho_n).
    package static func logitGradient(_ probabilities: [Double], _ rewards: [Double]) -> [Double] {
        let mean = zip(probabilities, rewards).reduce(0) { $0 + $1.0 * $1.1 }
        return zip(probabilities, rewards).map { $0 * ($1 - mean) }
    }

    /// One step upwards by Adam (betas 0.9 and 0.999, epsilon 1e-7).
    package mutating func ascend(_ rewards: [Double], scale: Double, rate: Double) {
        steps += 1
        let gradient = Self.logitGradient(probabilities, rewards)
        let (c1, c2) = (1 - pow(0.9, Double(steps)), 1 - pow(0.999, Double(steps)))
        for place in logits.indices {
            let g = gradient[place] * scale
            first[place] = 0.9 * first[place] + 0.1 * g
            second[place] = 0.999 * second[place] + 0.001 * g * g
            logits[place] += rate * (first[place] / c1) / ((second[place] / c2).squareRoot() + 1e-7)
        }
    }

    /// Whether the numbers of a checkpoint can be those of a layer.
    package func isSound(steps: ClosedRange<Int>) -> Bool {
        let count = PolicyOperation.all.count
        return logits.count == count && first.count == count && second.count == count && steps.contains(self.steps)
            && (logits + first + second).allSatisfy(\.isFinite) && second.allSatisfy { $0 >= 0 }
    }
}
