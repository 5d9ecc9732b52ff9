import Augmentation
import Foundation
import Tensors

/// The search in the middle of its work: layers that are done, and the one at work. Goes into a checkpoint.
package struct PolicySearch: Codable, Sendable {
    /// Probabilities of the layers that are done.
    package private(set) var done: [[Double]] = []
    package private(set) var layer = PolicyLayer()
    /// The mean cosine of every step, layer by layer; the last list is the layer at work.
    package private(set) var cosines: [[Double]] = [[]]
    /// The rewards of the last 50 steps of the layer at work.
    package private(set) var recent: [[Double]] = []
    /// Mean and deviation of those rewards for each layer that is done.
    package private(set) var rewards: [RewardSummary] = []
    /// Images without a direction, and images in all.
    package private(set) var skipped = 0, seen = 0

    package struct RewardSummary: Codable, Sendable, Equatable {
        package var mean: [Double], deviation: [Double]

        /// Of steps, each with one number an operation.
        package init(_ steps: [[Double]]) {
            let count = Double(max(1, steps.count)), operations = steps.first?.indices ?? 0..<0
            mean = operations.map { operation in steps.reduce(0) { $0 + $1[operation] } / count }
            deviation = []
            deviation = operations.map { operation in (steps.reduce(0) { $0 + ($1[operation] - mean[operation]) * ($1[operation] - mean[operation]) } / count).squareRoot() }
        }
    }

    package init() {}

    /// One step of the layer at work.
    /// - Returns: what its images said.
    /// - Throws: `DeepAAError` when more than half of the images have no direction, or a reward is not finite.
    package mutating func advance(_ matching: inout GradientMatching, rule: RewardRule, rate: Double, random: RandomSource, proceed: () throws -> Void = {}) throws -> [GradientMatching.Outcome] {
        let number = done.count, step = layer.steps, probabilities = layer.probabilities, root = random.stream("layer \(number + 1)", step)
        var outcomes: [GradientMatching.Outcome] = []
        for image in 0..<matching.settings.images {
            var draw = root.stream("image", image)
            let (row, label) = matching.drawImage(&draw)
            if let outcome = try matching.outcome(row: row, label: label, below: done, probabilities: probabilities, &draw, proceed: proceed) { outcomes.append(outcome) }
            try proceed()
        }
        skipped += matching.settings.images - outcomes.count
        seen += matching.settings.images
        guard 2 * outcomes.count >= matching.settings.images, !outcomes.isEmpty else {
            throw DeepAAError("step \(step + 1) of layer \(number + 1): \(matching.settings.images - outcomes.count) of \(matching.settings.images) images have no gradient to match; "
                + "the network fits too well, so pretrain it for fewer epochs or on other pictures")
        }
        let combined = rule.combined(outcomes.map(\.rewards), layer: number)
        guard combined.allSatisfy(\.isFinite) else { throw DeepAAError("step \(step + 1) of layer \(number + 1): a reward is not finite; pretrain with a smaller rate") }
        cosines[cosines.count - 1].append(outcomes.reduce(0) { $0 + $1.cosine } / Double(outcomes.count))
        recent = recent.suffix(49) + [combined]
        layer.ascend(combined, scale: number == 0 ? 0.25 : Double(matching.settings.images), rate: rate)
        return outcomes
    }

    /// The layer at work is done; the next begins as "do nothing".
    package mutating func finishLayer() {
        done.append(layer.probabilities)
        rewards.append(RewardSummary(recent))
        (layer, recent) = (PolicyLayer(), [])
        cosines.append([])
    }

    /// Whether what a checkpoint holds can be this run's.
    package func isSound(layers: Int, steps: Int) -> Bool {
        let count = PolicyOperation.all.count
        return done.count <= layers && cosines.count == done.count + 1 && rewards.count == done.count && layer.isSound(steps: 0...steps) && recent.count <= 50
            && (done.isEmpty || (try? AugmentationPolicy(layers: done)) != nil) && recent.allSatisfy { $0.count == count && $0.allSatisfy(\.isFinite) }
            && rewards.allSatisfy { $0.mean.count == count && $0.deviation.count == count } && cosines.allSatisfy { $0.count <= steps && $0.allSatisfy(\.isFinite) } && cosines.last?.count == layer.steps
    }
}
