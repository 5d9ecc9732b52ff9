import Experiments
import Tensors

extension Trainer {
    /// Chooses from the pool in rounds, a checkpoint after each.
    mutating func extend() throws {
        let count = material.training.count
        var choice = try state.chosen ?? Extension(coreCount: material.core, poolCount: count - material.core)
        while !choice.isFinished {
            let problem = try WeightedLeastSquares(features: material.training.features, targets: material.training.targets, weights: choice.weights,
                                                   proceed: context.proceed)
            let ridge = try problem.solve(lambda: derivativeLambda, proceed: context.proceed)
            let derivative = try derivative(ridge, mask: choice.mask)
            if choice.rounds.isEmpty { state.firstGradient = derivative.gradient }
            choice.advance(along: derivative.gradient, chunk: settings.chunk, maximum: settings.maximum)
            state.chosen = choice
            reportPool(choice, ridge: ridge, gradient: derivative.gradient)
            context.metric("loss/leave-one-out", step: Double(choice.chosen.count), value: derivative.loss / evaluatedCount, unit: settings.loss.unit)
            context.progress(Double(choice.chosen.count), of: Double(choice.poolCount), unit: "examples added")
            try saveCheckpoint("round \(choice.rounds.count)")
        }
        if choice.chosen.isEmpty { context.warning("no pool example has a negative derivative, so none was added; the core is as good without them") }
    }

    /// The test error of core, full pool, DIVA's choice and a uniform choice of the same size, also on the way there.
    mutating func compareExtension() throws {
        let choice = try handedOver(state.chosen, by: "extend")
        var random = context.random.stream("uniform choice")
        let uniform = Array(random.permutation(choice.poolCount).prefix(choice.chosen.count))
        let k = choice.chosen.count
        let isBad = material.isBad
        func badShare(_ chosen: ArraySlice<Int>) -> Double? {
            chosen.isEmpty ? nil : Double(chosen.count { isBad[choice.coreCount + $0] }) / Double(chosen.count)
        }
        func error(_ chosen: [Int]) throws -> Double {
            let rows = Array(0..<choice.coreCount) + chosen.map { $0 + choice.coreCount }
            return try Baselines.testErrorAtOwnLambda(training: material.training.subset(rows), lambda: settings.lambda, test: material.test,
                                                      proceed: context.proceed)
        }
        let core = try error([]), full = try error(Array(0..<choice.poolCount))
        let points = 10
        let sizes = k == 0 ? [] : Array(Set((1...points).map { max(1, k * $0 / points) })).sorted()
        for size in [0, k] {
            context.metric("extension error/full pool", step: Double(size), value: full, unit: "%")
            context.metric("extension error/core", step: Double(size), value: core, unit: "%")
            if k == 0 { break }
        }
        var final: [String: Double] = ["diva": core, "uniform": core]
        for (name, order) in [("diva", choice.chosen), ("uniform", uniform)] {
            context.metric("extension error/\(name)", step: 0, value: core, unit: "%")
            for size in sizes {
                let value = try error(Array(order.prefix(size)))
                final[name] = value
                context.metric("extension error/\(name)", step: Double(size), value: value, unit: "%")
                if let share = badShare(order.prefix(size)) { context.metric("bad share/\(name)", step: Double(size), value: share) }
            }
        }
        let diva = final["diva"] ?? core, same = final["uniform"] ?? core
        add("test error", arm: "core", unit: "%", value: core, better: .lower)
        add("test error", arm: "full pool", unit: "%", value: full, better: .lower)
        add("test error", arm: "uniform", unit: "%", value: same, better: .lower)
        add("test error", arm: "diva", unit: "%", value: diva, better: .lower, baseline: "uniform")
        add("gain over uniform", arm: "diva", unit: "points", value: same - diva, better: .higher)
        add("chosen", arm: "diva", unit: "examples", value: Double(k), better: .neither)
        if material.hasNoise {
            add("bad share", arm: "diva", value: badShare(choice.chosen[...]), better: .lower, baseline: "uniform")
            add("bad share", arm: "uniform", value: badShare(uniform[...]), better: .lower)
            add("bad share", arm: "full pool", value: badShare(Array(0..<choice.poolCount)[...]), better: .neither)
        }
        reportPicks(choice)
        let rows: [(String, Double, Int, Double?)] = [("core", core, 0, nil), ("full pool", full, choice.poolCount, badShare(Array(0..<choice.poolCount)[...])),
                                                      ("uniform", same, k, badShare(uniform[...])), ("diva", diva, k, badShare(choice.chosen[...]))]
        context.emit(.table(.init(name: "arms", columns: [.init("arm"), .init("test error", unit: "%", digits: 2), .init("added"), .init("bad share", digits: 3)],
                                  rows: rows.map { [.text($0.0), .number($0.1), .number(Double($0.2)), $0.3.map { .number($0) } ?? .empty] })))
        if diva >= same {
            context.note("DIVA's choice is no better than a uniform one of the same size: \(percent(diva)) against \(percent(same)). "
                + "With a clean pool and a small core it picks redundant examples.")
        }
        if diva >= full { context.note("DIVA's choice is no better than the full pool: \(percent(diva)) against \(percent(full)).") }
    }

    /// How many examples the outer loss is summed over.
    var evaluatedCount: Double {
        Double(material.validation?.count ?? (settings.task == .extend ? material.core : material.training.count))
    }
}
