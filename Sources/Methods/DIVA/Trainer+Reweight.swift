import Experiments
import Tensors

extension Trainer {
    /// Detect, and the first derivative of Reweight: everything at a = 1.
    mutating func detect() throws {
        let count = material.training.count
        state.reweighting = Reweighting(count: count, eta: settings.eta, scaling: settings.scaling)
        let (ridge, derivative) = try measure()
        state.firstGradient = derivative.gradient
        let detections = Detection.all(ridge: ridge, derivative: derivative, labels: material.training.labels, epsilon: settings.epsilon)
        state.flagged = detections.first { $0.arm == "diva" }?.flagged ?? []
        state.disagreeing = detections.first { $0.arm == "loo disagrees" }?.flagged ?? []
        reportDetections(detections)
        reportGradient(ridge, derivative)
        reportStep(0, ridge: ridge, derivative: derivative)
        reportClasses(ridge)
    }

    /// Steps 1 … T, a checkpoint after each.
    mutating func reweight() throws {
        var reweighting = try handedOver(state.reweighting, by: "detect")
        while reweighting.step < settings.steps {
            try reweighting.advance(along: state.gradient)
            state.reweighting = reweighting
            let (ridge, derivative) = try measure()
            reportStep(reweighting.step, ridge: ridge, derivative: derivative)
            if reweighting.step == settings.steps { reportClasses(ridge) }
            context.progress(Double(reweighting.step), of: Double(settings.steps), unit: "steps")
            try saveCheckpoint("step \(reweighting.step)")
        }
        let removed = reweighting.weights.count { $0 == 0 }
        context.note("After \(settings.steps) steps \(removed) of \(reweighting.weights.count) examples have weight 0. "
            + "More steps lower the leave-one-out loss further but not the test error; choose their number without looking at the test error.")
    }

    /// The ridge at the present weights and the strength of derivatives, its derivative, and the test error of the refit.
    private mutating func measure() throws -> (WeightedRidge, DatasetDerivative) {
        let training = material.training
        let problem = try WeightedLeastSquares(features: training.features, targets: training.targets, weights: state.reweighting?.weights,
                                               proceed: context.proceed)
        let ridge = try problem.solve(lambda: derivativeLambda, proceed: context.proceed)
        let derivative = try derivative(ridge)
        state.gradient = derivative.gradient
        let refit = try problem.coefficients(lambda: state.lambda)
        try context.proceed()
        state.testErrors.append(Baselines.errorRate(material.test.features.multiplied(by: refit), labels: material.test.labels))
        return (ridge, derivative)
    }

    /// Test errors of all arms after a refit at lambda.
    mutating func refit() throws {
        let training = material.training
        let original = try testError(nil)
        var arms: [(name: String, error: Double?, examples: Double)] = [("original", original, Double(training.count))]
        let isReweighting = settings.task == .reweight
        var reweighted: Double?
        if isReweighting, let weights = state.reweighting?.weights {
            reweighted = try testError(weights)
            arms.append(("reweighted", reweighted, weights.reduce(0, +)))
        }
        for (name, flags) in [("drop flagged", state.flagged), ("drop disagreeing", state.disagreeing)] {
            let kept = flags.map { $0 ? 0.0 : 1.0 }
            arms.append((name, kept.contains(1) ? try testError(kept) : nil, kept.reduce(0, +)))
            if !kept.contains(1) { context.warning("\(name): every example is flagged, so nothing is left to train on; the arm is left out") }
        }
        if material.hasNoise {
            let clean = material.isBad.map { $0 ? 0.0 : 1.0 }
            if clean.contains(1) { arms.append(("oracle", try testError(clean), clean.reduce(0, +))) }
        }
        for (name, error, _) in arms {
            add("test error", arm: name, unit: "%", value: error, better: .lower, baseline: ["reweighted", "drop flagged"].contains(name) ? "original" : nil)
        }
        if let reweighted {
            add("gain", arm: "reweighted", unit: "points", value: original - reweighted, better: .higher)
            let oracle = arms.first { $0.name == "oracle" }?.error
            for (name, level) in [("original", original), ("oracle", oracle)] {
                guard let level else { continue }
                for step in [0, settings.steps] { context.metric("test error/\(name)", step: Double(step), value: level, unit: "%") }
            }
            if reweighted >= original {
                context.note("Reweighting did not lower the test error: \(percent(original)) before, \(percent(reweighted)) after. "
                    + "That is usual where the linear model is small against the number of examples, or where the labels are clean.")
            }
        }
        if let dropped = arms.first(where: { $0.name == "drop flagged" })?.error, dropped > original {
            context.note("Dropping what DIVA flags made the test error worse: \(percent(original)) before, \(percent(dropped)) after.")
        }
        context.emit(.table(.init(name: "arms", columns: [.init("arm"), .init("test error", unit: "%", digits: 2), .init("weight in all", digits: 1)],
                                  rows: arms.map { [.text($0.name), $0.error.map { .number($0) } ?? .empty, .number($0.examples)] })))
    }

    private func testError(_ weights: [Double]?) throws -> Double {
        try Baselines.testError(training: material.training, weights: weights, lambda: state.lambda, test: material.test, proceed: context.proceed)
    }

    /// Chang 2017 and Ren 2018, with the same training without weights beside them.
    mutating func trainGradientBaselines() throws {
        let trainer = GradientBaselineTraining()
        let training = material.training
        // Ren's method is given a clean fifth, which it may not also train on.
        let fifth = max(1, training.count / 5)
        let trusted = material.isBad.indices.filter { !material.isBad[$0] }.prefix(fifth)
        let trustedSet = Set(trusted)
        let rest = (0..<training.count).filter { !trustedSet.contains($0) }
        var rows: [[RunEvent.Table.Cell]] = []
        for (index, kind) in GradientBaseline.allCases.enumerated() {
            let isMeta = kind == .metaReweighting
            guard !isMeta || (trusted.count >= 2 && rest.count >= 2) else {
                context.warning("too few clean examples for the baseline of Ren 2018; it is left out")
                continue
            }
            let set = isMeta ? try training.subset(rest) : training
            let clean = isMeta ? try training.subset(Array(trusted)) : nil
            let weights = try trainer.train(kind, on: set, clean: clean, random: context.random.stream(kind.rawValue), proceed: context.proceed)
            let error = Baselines.errorRate(material.test.features.multiplied(by: weights), labels: material.test.labels)
            add("test error", arm: kind.rawValue, unit: "%", value: error, better: .lower)
            rows.append([.text(kind.rawValue), .number(error), .text(isMeta ? "\(trusted.count) clean examples known" : "")])
            context.progress(Double(index + 1), of: Double(GradientBaseline.allCases.count), unit: "baselines")
        }
        context.emit(.table(.init(name: "gradient baselines", columns: [.init("arm"), .init("test error", unit: "%", digits: 2), .init("given")], rows: rows)))
    }
}

func percent(_ value: Double) -> String { short(value, digits: 4) + " %" }
