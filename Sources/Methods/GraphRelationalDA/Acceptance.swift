import Experiments
import Foundation

extension GraphRelationalDAMethod {
    /// The sheet's acceptance rows (section 6) for what the study was asked for: a row about a method that no run was to train is left
    /// out, one about a run that failed stands without a figure.
    public func acceptance(for study: StudySummary) -> [AcceptanceRow] {
        switch study.plan {
        case .smoke: smoke(study)
        case .standard: fifteenRows(study) + sixtyRows(study) + stateRows(study)
        case .paper: paperRows(study)
        }
    }

    /// The runs of one data set and condition.
    private struct Part {
        let study: StudySummary
        let dataset: String, condition: String
        /// The methods that these runs were to train.
        let arms: Set<String>

        init(_ study: StudySummary, _ dataset: String, _ condition: String) {
            self.study = study
            self.dataset = dataset
            self.condition = condition
            arms = Set(study.runs.filter { $0.request.dataset == dataset && $0.request.condition == condition }.flatMap { run -> [String] in
                guard let values = try? ParameterValues(Settings.specifications, request: run.request), let settings = try? Settings(values) else { return [] }
                return settings.arms.map(\.name)
            })
        }

        func values(_ name: String, _ arm: String) -> [UInt64: Double] { study.values(name, arm: arm, dataset: dataset, condition: condition) }
        func gains(_ arm: String) -> [UInt64: Double] { values("target accuracy", arm).differences(to: values("target accuracy", Arm.sourceOnly)) }

        /// The row, where all methods that it is about were asked for.
        func row(_ about: String..., make: () -> AcceptanceRow) -> [AcceptanceRow] { arms.isSuperset(of: about) ? [make()] : [] }
    }

    private func smoke(_ study: StudySummary) -> [AcceptanceRow] {
        let part = Part(study, "dg-6", "smoke")
        return part.row(Arm.sourceOnly) { .atLeast(95, name: "dg-6: source accuracy of source-only, %", measured: part.values("source accuracy", Arm.sourceOnly).mean) }
            + ["GRDA slot-shared", "GRDA slot", "GRDA all"].flatMap { arm in
                part.row(arm) { .atLeast(90, name: "dg-6: source accuracy of \(arm), %", measured: part.values("source accuracy", arm).mean) }
                    + part.row(arm) { .within(0.5...1.5, name: "dg-6: final L_D over N ln 2, \(arm)", measured: part.values("L_D over N ln 2", arm).mean) }
            }
    }

    private func fifteenRows(_ study: StudySummary) -> [AcceptanceRow] {
        let part = Part(study, "dg-15", Self.fifteen), base = Arm.sourceOnly, shared = "GRDA slot-shared"
        var rows = part.row(base) { .atLeast(99, name: "dg-15: source accuracy of source-only, %", measured: part.values("source accuracy", base).mean) }
            + part.row(base) { .within(36...56, name: "dg-15: target accuracy of source-only, %", measured: part.values("target accuracy", base).mean) }
            + part.row(base) { .atMost(15, name: "dg-15: L2 accuracy of source-only, %", measured: part.values("L2 accuracy", base).mean) }
            + part.row(shared) {
                .atLeast(85, name: "dg-15: least target accuracy of GRDA slot-shared (sees target classes), %", measured: part.values("target accuracy", shared).values.min())
            }
            + part.row(shared, base) { .atLeast(30, name: "dg-15: least gain of GRDA slot-shared over source-only, points", measured: part.gains(shared).values.min()) }
        for arm in ["GRDA slot", "GRDA all"] { rows += part.row(arm, base) { .within(-12...12, name: "dg-15: \(arm) minus source-only, points", measured: part.gains(arm).mean) } }
        for (arm, bound) in [("ADDA", 10.0), ("CDANN", 5)] {
            rows += part.row(arm, base) { .atLeast(bound, name: "dg-15: \(arm) minus source-only, points", measured: part.gains(arm).mean) }
        }
        for arm in [shared, "GRDA slot", "GRDA all"] {
            rows += part.row(arm) {
                .atMost(0.1, name: "dg-15: largest distance of final L_D from N ln 2, \(arm), share", measured: part.values("L_D over N ln 2", arm).values.map { abs($0 - 1) }.max())
            }
        }
        return rows
    }

    private func sixtyRows(_ study: StudySummary) -> [AcceptanceRow] {
        let part = Part(study, "dg-60", Self.sixty)
        return part.row("GRDA slot-shared", Arm.sourceOnly) {
            .atLeast(15, name: "dg-60: least gain of GRDA slot-shared over source-only, points", measured: part.gains("GRDA slot-shared").values.min())
        } + part.row("GRDA slot", Arm.sourceOnly) { .within(-12...12, name: "dg-60: GRDA slot minus source-only, points", measured: part.gains("GRDA slot").mean) }
    }

    private func stateRows(_ study: StudySummary) -> [AcceptanceRow] {
        // Closed form: the figures of the sheet's table, error over all targets and by level.
        let ridge: [(task: String, figures: [(String, Double)])] = [
            ("N-to-S", [("target", 0.229), ("L1", 0.228), ("L2", 0.223), ("L3+", 0.235)]), ("E-to-W", [("target", 0.269), ("L1", 0.254), ("L2", 0.266), ("L3+", 0.284)]),
            ("W-to-E", [("target", 0.448), ("L1", 0.220), ("L2", 0.351), ("L3+", 0.495)]),
        ]
        return ridge.flatMap { task, figures -> [AcceptanceRow] in
            let part = Part(study, "tpt-48", Self.states(task))
            var rows = figures.flatMap { level, figure in
                part.row("ridge") {
                    let measured = part.values("\(level) error", "ridge").mean
                    return AcceptanceRow(name: "tpt-48, \(task): \(level) error of ridge", target: "\(figure) ± 0.002", measured: measured, passed: measured.map { abs($0 - figure) <= 0.002 } ?? false)
                }
            }
            if let bound = ["N-to-S": 2.5, "E-to-W": 0.6][task] {
                rows += part.row(Arm.sourceOnly) {
                    let errors = part.values("target error", Arm.sourceOnly), judged = errors.filter { Self.judgedSeeds.contains($0.key) }
                    return .atMost(bound, name: "tpt-48, \(task): target error of source-only, mean of seeds 0–2\(Self.beside(errors, judged: judged))", measured: judged.mean)
                }
            }
            return rows
        }
    }

    /// What a row's name must add: that not all of its seeds ran, or the figure over more seeds, which is for information and decides nothing.
    private static func beside(_ all: [UInt64: Double], judged: [UInt64: Double]) -> String {
        guard judged.count == judgedSeeds.count || judged.isEmpty else { return ", of which only \(judged.count) ran" }
        guard all.count > judged.count, let mean = all.mean else { return "" }
        let deviation = (all.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count - 1)).squareRoot()
        return " (over all \(all.count): \(short(mean)) ± \(short(deviation, digits: 2)) sd)"
    }

    private func paperRows(_ study: StudySummary) -> [AcceptanceRow] {
        [("dg-15", 80.0), ("dg-60", 90)].flatMap { dataset, bound in
            let part = Part(study, dataset, Self.published)
            return part.row("GRDA slot-shared") {
                .atLeast(bound, name: "\(dataset), published settings: target accuracy of GRDA slot-shared (sees target classes), %", measured: part.values("target accuracy", "GRDA slot-shared").mean)
            }
        }
    }
}
