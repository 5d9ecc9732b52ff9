import Experiments
import Tensors

extension Trainer {
    /// The union of originals and copies: features, targets and the mask that leaves only the originals in the loss.
    private func union() -> (features: Matrix, targets: Matrix, mask: [Double]) {
        let n = material.training.count
        var features = material.training.features, targets = material.training.targets
        for copy in material.copies {
            features = features.appendingRows(of: copy.features)
            targets = targets.appendingRows(of: copy.targets)
        }
        return (features, targets, [Double](repeating: 1, count: n) + [Double](repeating: 0, count: n * material.copies.count))
    }

    /// Reweights the union from a = 1, a checkpoint after each step.
    mutating func augment() throws {
        let (features, targets, mask) = union()
        var reweighting = state.reweighting ?? Reweighting(count: features.rows, eta: settings.eta, scaling: settings.scaling)
        let isFirst = state.reweighting == nil
        for step in (isFirst ? 0 : reweighting.step + 1)..<settings.steps + 1 {
            if step > 0 { try reweighting.advance(along: state.gradient) }
            let problem = try WeightedLeastSquares(features: features, targets: targets, weights: reweighting.weights, proceed: context.proceed)
            let ridge = try problem.solve(lambda: derivativeLambda, proceed: context.proceed)
            let derivative = try derivative(ridge, mask: mask)
            state.gradient = derivative.gradient
            state.reweighting = reweighting
            context.metric("loss/leave-one-out", step: Double(step), value: derivative.loss / evaluatedCount, unit: settings.loss.unit)
            let coefficients = try problem.coefficients(lambda: state.lambda)
            context.metric("test error/reweighted", step: Double(step),
                           value: Baselines.errorRate(material.test.features.multiplied(by: coefficients), labels: material.test.labels), unit: "%")
            for (transform, share) in zip(settings.transforms, shares(reweighting.weights).dropFirst()) {
                context.metric("probability/\(transform.rawValue)", step: Double(step), value: share)
            }
            reportUnion(step, weights: reweighting.weights, gradient: derivative.gradient, ridge: ridge)
            context.progress(Double(step), of: Double(settings.steps), unit: "steps")
            try saveCheckpoint("step \(step)")
        }
    }

    private func shares(_ weights: [Double]) -> [Double] {
        AugmentationProbabilities.shares(weights: weights, count: material.training.count)
    }

    /// The probabilities and the test errors with no, all and reweighted copies.
    mutating func refitAugmented() throws {
        let weights = try handedOver(state.reweighting, by: "reweight").weights
        let (features, targets, mask) = union()
        func error(_ weights: [Double]) throws -> Double {
            let problem = try WeightedLeastSquares(features: features, targets: targets, weights: weights, proceed: context.proceed)
            let coefficients = try problem.coefficients(lambda: state.lambda)
            try context.proceed()
            return Baselines.errorRate(material.test.features.multiplied(by: coefficients), labels: material.test.labels)
        }
        let none = try error(mask), all = try error(mask.map { _ in 1 }), reweighted = try error(weights)
        add("test error", arm: "original", unit: "%", value: none, better: .lower)
        add("test error", arm: "all copies", unit: "%", value: all, better: .lower)
        add("test error", arm: "reweighted", unit: "%", value: reweighted, better: .lower, baseline: "original")
        let shares = shares(weights), even = 1 / Double(shares.count)
        var rows: [[RunEvent.Table.Cell]] = []
        let n = material.training.count
        for (place, name) in (["original"] + settings.transforms.map(\.rawValue)).enumerated() {
            add("probability", arm: name, value: shares[place], better: .neither)
            let part = state.gradient[place * n..<(place + 1) * n]
            rows.append([.text(name), .number(shares[place]), .number(shares[place] - even), .number(part.reduce(0, +) / Double(n))])
        }
        context.emit(.table(.init(name: "augmentation", columns: [.init("transform"), .init("probability", digits: 3), .init("against even", digits: 3),
                                                                  .init("mean derivative", digits: 5)], rows: rows)))
        context.emit(.table(.init(name: "arms", columns: [.init("arm"), .init("test error", unit: "%", digits: 2)],
                                  rows: [("original", none), ("all copies", all), ("reweighted", reweighted)].map { [.text($0.0), .number($0.1)] })))
        if reweighted >= none { context.note("Training with the weighted copies did not lower the test error: \(percent(none)) without, \(percent(reweighted)) with.") }
    }
}
