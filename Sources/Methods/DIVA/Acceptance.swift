import Experiments

extension DIVAMethod {
    /// The sheet's acceptance rows (section 6) for what the study holds.
    public func acceptance(for study: StudySummary) -> [AcceptanceRow] {
        guard study.plan == .standard else { return study.plan == .smoke ? smokeAcceptance(study) : [] }
        return digitsAcceptance(study) + fashionAcceptance(study)
    }

    private func digitsAcceptance(_ study: StudySummary) -> [AcceptanceRow] {
        func values(_ name: String, _ arm: String, _ condition: String) -> [UInt64: Double] {
            study.values(name, arm: arm, dataset: "digits", condition: condition)
        }
        func has(_ condition: String) -> Bool { study.runs.contains { $0.request.dataset == "digits" && $0.request.condition == condition } }
        var rows: [AcceptanceRow] = []
        if has("detect 20 %") {
            let f1 = values("F1", "diva", "detect 20 %"), other = values("F1", "loo disagrees", "detect 20 %")
            rows += [
                .atLeast(0.99, name: "digits, detect 20 %: mean AUC", measured: values("AUC", "diva", "detect 20 %").mean),
                .atLeast(0.93, name: "digits, detect 20 %: mean F1", measured: f1.mean),
                .atLeast(0.91, name: "digits, detect 20 %: least F1", measured: f1.values.min()),
                .above(0, name: "digits, detect 20 %: mean F1 above “leave-one-out disagrees”", measured: f1.differences(to: other).mean),
            ]
        }
        if has("reweight 40 %") {
            let gain = values("gain", "reweighted", "reweight 40 %")
            rows.append(.atLeast(0.3, name: "digits, reweight 40 %: mean gain in points", measured: gain.mean))
            // The sheet counts better seeds out of ten; with fewer the count says nothing.
            if gain.count >= 10 {
                rows.append(.atLeast(7, name: "digits, reweight 40 %: seeds of ten that are better", measured: Double(gain.values.count { $0 > 0 })))
            }
        }
        if has("extend, 40 % noisy pool") {
            let condition = "extend, 40 % noisy pool"
            rows += [
                .atMost(0.06, name: "digits, extend: largest bad share of the chosen", measured: values("bad share", "diva", condition).values.max()),
                .atLeast(1.2, name: "digits, extend: points below uniform choice", measured: values("gain over uniform", "diva", condition).mean),
            ]
        }
        return rows
    }

    private func fashionAcceptance(_ study: StudySummary) -> [AcceptanceRow] {
        ["detect 20 %, raw pixels", "detect 20 %, CNN"].flatMap { condition -> [AcceptanceRow] in
            guard study.runs.contains(where: { $0.request.dataset == "fashion-mnist" && $0.request.condition == condition }) else { return [] }
            func values(_ name: String, _ arm: String) -> [UInt64: Double] { study.values(name, arm: arm, dataset: "fashion-mnist", condition: condition) }
            let f1 = values("F1", "diva")
            return [
                .atLeast(0.96, name: "fashion-mnist, \(condition): mean AUC", measured: values("AUC", "diva").mean),
                .atLeast(0.74, name: "fashion-mnist, \(condition): mean F1", measured: f1.mean),
                .above(0, name: "fashion-mnist, \(condition): mean F1 above “leave-one-out disagrees”", measured: f1.differences(to: values("F1", "loo disagrees")).mean),
            ]
        }
    }

    /// The smoke plan on digits has to find most of the mislabelled ones.
    private func smokeAcceptance(_ study: StudySummary) -> [AcceptanceRow] {
        guard study.runs.contains(where: { $0.request.dataset == "digits" && $0.request.condition == "smoke" }) else { return [] }
        return [.atLeast(0.9, name: "digits, smoke: AUC", measured: study.values("AUC", arm: "diva", dataset: "digits", condition: "smoke").mean)]
    }
}
