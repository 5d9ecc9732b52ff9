import Datasets
import Experiments
import Foundation

/// What an arm reached: both directions.
struct ArmOutcome {
    var arm: Arm
    var items: AssignmentMetrics
    var users: AssignmentMetrics
}

/// What a run says at its end, and its results.
extension Trainer {
    private typealias Cell = RunEvent.Table.Cell

    mutating func report() throws {
        let outcomes = try evaluate()
        reportModels(outcomes)
        let calibrations = try reportCalibration()
        try reportMatchings(outcomes)
        try reportInspector()
        reportVerdict(outcomes)
        context.finish(results(outcomes, calibrations) + matchingResults)
    }

    // MARK: - Rankings

    private func evaluate() throws -> [ArmOutcome] {
        let arms = settings.arms(hasOracle: material.dataset.process != nil)
        var outcomes: [ArmOutcome] = [], plain: [BaseModel: Assignment] = [:], tables: [BaseModel: ScoreTable] = [:]
        for (place, arm) in arms.enumerated() {
            context.progress(Double(place), of: Double(arms.count), unit: "rankings")
            if tables[arm.base] == nil {
                tables = [arm.base: try scores(arm.base, .test)]
                plain[arm.base] = nil
            }
            guard let base = tables[arm.base] else { continue }
            let table = arm.intensity == .none ? base : base.scalingRows(by: try intensity(arm.intensity, .test))
            let items = try Assignment.itemRecommendation(table, count: material.itemsPerRequest, ties: material.ties, proceed: context.proceed)
            // A factor of its own for each request cannot change the order of its items.
            if let first = plain[arm.base], first != items { context.warning("\(arm.name) ranks items otherwise than \(arm.base.name): an intensity is too small for its products to be told apart") }
            plain[arm.base] = plain[arm.base] ?? items
            let users = try Assignment.userRecommendation(table, count: material.requestsPerItem, ties: material.ties, proceed: context.proceed)
            outcomes.append(ArmOutcome(arm: arm, items: AssignmentMetrics(items, material.targets), users: AssignmentMetrics(users, material.targets)))
        }
        return outcomes
    }

    private func reportModels(_ outcomes: [ArmOutcome]) {
        let columns: [RunEvent.Table.Column] = [
            .init("model"), .init("ItemRec P", unit: "%", digits: 2, better: .higher), .init("ItemRec R", unit: "%", digits: 2, better: .higher), .init("item perplexity", digits: 0),
            .init("UserRec P", unit: "%", digits: 2, better: .higher), .init("UserRec R", unit: "%", digits: 2, better: .higher), .init("user perplexity", digits: 0),
        ]
        context.emit(.table(.init(name: "models", columns: columns, rows: outcomes.map {
            [.text($0.arm.name), .number(100 * $0.items.precision), .number(100 * $0.items.itemRecall), .number($0.items.itemPerplexity),
             .number(100 * $0.users.precision), .number(100 * $0.users.userRecall), .number($0.users.userPerplexity)]
        })))
        // What anybody could do: the popular for all, and those who were active.
        if let plain = outcomes.first(where: { $0.arm == Arm(.itempop, .pop) }) {
            context.emit(.table(.init(name: "popularity", columns: [.init("what"), .init("ItemRec precision", unit: "%"), .init("UserRec precision", unit: "%")],
                                      rows: [[.text(plain.arm.name), .number(100 * plain.items.precision), .number(100 * plain.users.precision)]])))
        }
        context.emit(.table(.init(name: "both directions", columns: [.init("model"), .init("ItemRec precision", unit: "%", digits: 2), .init("UserRec precision", unit: "%", digits: 2), .init("group")], rows: outcomes.map {
            [.text($0.arm.base.name), .number(100 * $0.items.precision), .number(100 * $0.users.precision), .text($0.arm.intensity == .none ? "no intensity" : $0.arm.intensity.name)]
        })))
    }

    // MARK: - Intensities

    func reportHawkes(_ fit: HawkesFit) {
        let scales = settings.scales, count = scales.count
        for place in 0..<count {
            let scale = scales[place] * material.horizon
            context.metric("Hawkes weights/a, after any event", step: scale, value: fit.weights[place], unit: "events")
            context.metric("Hawkes weights/b, after the first event", step: scale, value: fit.weights[count + place], unit: "events")
        }
        context.note("Hawkes: \(fit.sweeps) sweeps over \(fit.events) events; base rate μ = \(short(fit.weights[2 * count])) events a horizon, \(fit.weights.count { $0 > 0 }) of \(fit.weights.count) weights above 0")
    }

    private func reportCalibration() throws -> [(name: String, calibration: Calibration)] {
        var kinds = settings.intensities.filter { [.ema, .hawkes, .hp, .rnn].contains($0) }
        if material.dataset.process != nil { kinds.append(.oracle) }
        let observed = material.counts, mean = observed.reduce(0, +) / Double(max(1, observed.count))
        var rows: [(name: String, calibration: Calibration)] = []
        for kind in kinds {
            let expected = try intensity(kind, .test)
            rows.append((kind.name, Calibration(expected, observed)))
            // On log axes: what is as good as never, and bins in which nobody came, have no place.
            for bin in Calibration.bins(expected, observed, count: 10) where bin.expected >= 1e-3 && bin.observed > 0 {
                context.metric("calibration/\(kind.name)", step: bin.expected, value: bin.observed, unit: "events")
            }
        }
        // The diagonal over what is predicted, for the eye.
        for place in [0.01, 0.1, 1, 10, 100] where place <= 10 * (observed.max() ?? 1) { context.metric("calibration/perfect", step: place, value: place, unit: "events") }
        rows.append(("constant rate", Calibration(observed.map { _ in mean }, observed)))
        context.emit(.table(.init(name: "calibration", columns: [.init("intensity"), .init("ΣΛ/ΣY", digits: 2), .init("Poisson loss", unit: "nats a request", digits: 3, better: .lower)],
                                  rows: rows.map { [.text($0.name), .number($0.calibration.ratio), .number($0.calibration.loss)] })))
        return rows
    }

    // MARK: - Results

    private func results(_ outcomes: [ArmOutcome], _ calibrations: [(name: String, calibration: Calibration)]) -> [RunEvent.Result] {
        let names = Set(outcomes.map(\.arm.name))
        func present(_ name: String, other: String) -> String? { name != other && names.contains(name) ? name : nil }
        var results: [RunEvent.Result] = []
        // The arm that the method is about comes first: its figure stands in lists of runs.
        let first = outcomes.first { $0.arm == Arm(.gru, .hp) } ?? outcomes.first
        for outcome in outcomes.sorted(by: { $0.arm == first?.arm && $1.arm != first?.arm }) {
            let arm = outcome.arm, name = arm.name
            func add(_ metric: String, _ value: Double, unit: String = "", better: RunEvent.Result.Direction, baseline: String? = nil) {
                results.append(.init(name: metric, arm: name, unit: unit, value: value, better: better, baseline: baseline))
            }
            add("UserRec precision", 100 * outcome.users.precision, unit: "%", better: .higher, baseline: arm.intensity == .none || arm.intensity == .oracle ? nil : present(arm.base.name, other: name))
            add("ItemRec precision", 100 * outcome.items.precision, unit: "%", better: .higher, baseline: arm.intensity == .none && arm.base != .rand ? present("ItemPop", other: name) : nil)
            add("UserRec recall", 100 * outcome.users.userRecall, unit: "%", better: .higher)
            add("ItemRec recall", 100 * outcome.items.itemRecall, unit: "%", better: .higher)
            add("UserRec user perplexity", outcome.users.userPerplexity, unit: "users", better: .neither)
            add("ItemRec item perplexity", outcome.items.itemPerplexity, unit: "items", better: .neither)
            add("UserRec user coverage", 100 * outcome.users.userCoverage, unit: "%", better: .neither)
            add("ItemRec item coverage", 100 * outcome.items.itemCoverage, unit: "%", better: .neither)
        }
        for (name, calibration) in calibrations {
            results.append(.init(name: "ΣΛ/ΣY", arm: name, value: calibration.ratio, better: .neither))
            results.append(.init(name: "Poisson loss", arm: name, unit: "nats a request", value: calibration.loss, better: .lower, baseline: name == "constant rate" ? nil : "constant rate"))
        }
        return results
    }

    // MARK: - Words

    /// Says in a sentence what knowing the activity gained, and whether the simplest model is as good.
    private func reportVerdict(_ outcomes: [ArmOutcome]) {
        func precision(_ base: BaseModel, _ intensity: UserIntensity) -> Double? { outcomes.first { $0.arm == Arm(base, intensity) }?.users.precision }
        for base in [BaseModel.gru, .transformer] {
            guard let plain = precision(base, .none), let best = outcomes.filter({ $0.arm.base == base && $0.arm.intensity != .oracle && $0.arm.intensity != .none }).max(by: { $0.users.precision < $1.users.precision }) else { continue }
            let gain = plain > 0 ? " (\(short(best.users.precision / plain)) times)" : ""
            context.note(best.users.precision > plain ? "choosing users: \(base.name) alone \(short(100 * plain)) %, with \(best.arm.intensity.name) \(short(100 * best.users.precision)) %\(gain)"
                : "choosing users: no intensity helps \(base.name) here (\(short(100 * plain)) % alone)")
            if let popular = precision(.itempop, best.arm.intensity), popular >= best.users.precision { context.note("ItemPop × \(best.arm.intensity.name) is as good at choosing users (\(short(100 * popular)) %): here it is activity that counts, not taste") }
        }
    }
}
