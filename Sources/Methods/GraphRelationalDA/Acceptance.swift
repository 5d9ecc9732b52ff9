import Experiments

extension GraphRelationalDAMethod {
    /// The sheet's acceptance rows (section 6) for what the study holds.
    public func acceptance(for study: StudySummary) -> [AcceptanceRow] {
        switch study.plan {
        case .smoke: smoke(study)
        case .standard: fifteenRows(study) + sixtyRows(study) + stateRows(study)
        case .paper: paperRows(study)
        }
    }

    private func holds(_ study: StudySummary, _ dataset: String, _ condition: String) -> Bool {
        study.runs.contains { $0.request.dataset == dataset && $0.request.condition == condition }
    }

    private func within(_ low: Double, _ high: Double, _ name: String, _ measured: Double?) -> AcceptanceRow {
        AcceptanceRow(name: name, target: "\(low) … \(high)", measured: measured, passed: measured.map { $0 >= low && $0 <= high } ?? false)
    }

    private func smoke(_ study: StudySummary) -> [AcceptanceRow] {
        guard let run = study.runs.first(where: { $0.request.dataset == "dg-6" && $0.state == .finished }) else { return [] }
        func value(_ name: String, _ arm: String) -> Double? { run.results.first { $0.name == name && $0.arm == arm }?.value }
        return [.atLeast(95, name: "dg-6: source accuracy of source-only, %", measured: value("source accuracy", Arm.sourceOnly))]
            + ["slot-shared", "slot", "all"].flatMap { pairing -> [AcceptanceRow] in [
                .atLeast(90, name: "dg-6: source accuracy of GRDA \(pairing), %", measured: value("source accuracy", "GRDA \(pairing)")),
                within(0.5, 1.5, "dg-6: final L_D over N ln 2, GRDA \(pairing)", value("L_D over N ln 2", "GRDA \(pairing)")),
            ] }
    }

    private func fifteenRows(_ study: StudySummary) -> [AcceptanceRow] {
        guard holds(study, "dg-15", Self.fifteen) else { return [] }
        func values(_ name: String, _ arm: String) -> [UInt64: Double] { study.values(name, arm: arm, dataset: "dg-15", condition: Self.fifteen) }
        func gains(_ arm: String) -> [UInt64: Double] { values("target accuracy", arm).differences(to: values("target accuracy", Arm.sourceOnly)) }
        var rows: [AcceptanceRow] = [
            .atLeast(99, name: "dg-15: source accuracy of source-only, %", measured: values("source accuracy", Arm.sourceOnly).mean),
            within(36, 56, "dg-15: target accuracy of source-only, %", values("target accuracy", Arm.sourceOnly).mean),
            .atMost(15, name: "dg-15: L2 accuracy of source-only, %", measured: values("L2 accuracy", Arm.sourceOnly).mean),
            .atLeast(85, name: "dg-15: least target accuracy of GRDA slot-shared (sees target classes), %", measured: values("target accuracy", "GRDA slot-shared").values.min()),
            .atLeast(30, name: "dg-15: least gain of GRDA slot-shared over source-only, points", measured: gains("GRDA slot-shared").values.min()),
        ]
        for pairing in ["slot", "all"] { rows.append(within(-12, 12, "dg-15: GRDA \(pairing) minus source-only, points", gains("GRDA \(pairing)").mean)) }
        rows += [
            .atLeast(10, name: "dg-15: ADDA minus source-only, points", measured: gains("ADDA").mean),
            .atLeast(5, name: "dg-15: CDANN minus source-only, points", measured: gains("CDANN").mean),
        ]
        for pairing in ["slot-shared", "slot", "all"] {
            let ratios = values("L_D over N ln 2", "GRDA \(pairing)").values
            rows.append(.atMost(0.1, name: "dg-15: largest distance of final L_D from N ln 2, GRDA \(pairing), share", measured: ratios.map { abs($0 - 1) }.max()))
        }
        return rows
    }

    private func sixtyRows(_ study: StudySummary) -> [AcceptanceRow] {
        guard holds(study, "dg-60", Self.sixty) else { return [] }
        func gains(_ arm: String) -> [UInt64: Double] {
            study.values("target accuracy", arm: arm, dataset: "dg-60", condition: Self.sixty)
                .differences(to: study.values("target accuracy", arm: Arm.sourceOnly, dataset: "dg-60", condition: Self.sixty))
        }
        return [
            .atLeast(15, name: "dg-60: least gain of GRDA slot-shared over source-only, points", measured: gains("GRDA slot-shared").values.min()),
            within(-12, 12, "dg-60: GRDA slot minus source-only, points", gains("GRDA slot").mean),
        ]
    }

    private func stateRows(_ study: StudySummary) -> [AcceptanceRow] {
        // Closed form: the figures of the sheet's table, error over all targets and by level.
        let ridge: [(task: String, figures: [(String, Double)])] = [
            ("N-to-S", [("target", 0.229), ("L1", 0.228), ("L2", 0.223), ("L3+", 0.235)]), ("E-to-W", [("target", 0.269), ("L1", 0.254), ("L2", 0.266), ("L3+", 0.284)]),
            ("W-to-E", [("target", 0.448), ("L1", 0.220), ("L2", 0.351), ("L3+", 0.495)]),
        ]
        var rows: [AcceptanceRow] = []
        for (task, figures) in ridge where holds(study, "tpt-48", Self.states(task)) {
            func values(_ name: String, _ arm: String) -> [UInt64: Double] { study.values(name, arm: arm, dataset: "tpt-48", condition: Self.states(task)) }
            for (level, figure) in figures {
                let measured = values("\(level) error", "ridge").mean
                rows.append(AcceptanceRow(name: "tpt-48, \(task): \(level) error of ridge", target: "\(figure) ± 0.002", measured: measured, passed: measured.map { abs($0 - figure) <= 0.002 } ?? false))
            }
            if let bound = ["N-to-S": 2.5, "E-to-W": 0.6][task] {
                rows.append(.atMost(bound, name: "tpt-48, \(task): target error of source-only", measured: values("target error", Arm.sourceOnly).mean))
            }
        }
        return rows
    }

    private func paperRows(_ study: StudySummary) -> [AcceptanceRow] {
        [("dg-15", 80.0), ("dg-60", 90)].compactMap { dataset, bound in
            guard holds(study, dataset, "published settings") else { return nil }
            return .atLeast(bound, name: "\(dataset), published settings: target accuracy of GRDA slot-shared (sees target classes), %",
                            measured: study.values("target accuracy", arm: "GRDA slot-shared", dataset: dataset, condition: "published settings").mean)
        }
    }
}

extension [UInt64: Double] {
    /// The mean in the order of the seeds; nil without any.
    var mean: Double? { isEmpty ? nil : keys.sorted().reduce(0) { $0 + (self[$1] ?? 0) } / Double(count) }

    /// This value less another's, for the seeds that both have.
    func differences(to other: [UInt64: Double]) -> [UInt64: Double] {
        reduce(into: [:]) { result, entry in if let base = other[entry.key] { result[entry.key] = entry.value - base } }
    }
}
