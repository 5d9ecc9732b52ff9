import Experiments

extension VisualGeneralisationMethod {
    /// The sheet's acceptance rows (section 6) for what the study was asked for.
    public func acceptance(for study: StudySummary) -> [AcceptanceRow] {
        switch study.plan {
        case .smoke: smoke(study)
        case .standard: study.runs.isEmpty ? [] : seedRows(study) + roomRows(study) + armRows(study) + modelRows(study) + latentRows(study)
        case .paper: latentRows(study)
        }
    }

    /// The finished runs of a data set and division.
    private struct Part {
        let study: StudySummary
        let dataset: String, division: String
        let isThere: Bool

        init(_ study: StudySummary, _ dataset: String, _ division: String) {
            (self.study, self.dataset, self.division) = (study, dataset, division)
            isThere = study.runs.contains { $0.request.dataset == dataset && Self.division($0.request) == division }
        }

        private static func division(_ request: RunRequest) -> String { if case .text(let name)? = request.values["split"] { name } else { extrapolation } }

        /// By seed.
        func values(_ name: String, _ arm: String) -> [UInt64: Double] {
            var values: [UInt64: Double] = [:]
            for run in study.runs where run.state == .finished && run.request.dataset == dataset && Self.division(run.request) == division {
                if let result = run.results.first(where: { $0.name == name && $0.arm == arm }) { values[run.request.seed] = result.value }
            }
            return values
        }

        func mean(_ name: String, _ arm: String) -> Double? { values(name, arm).mean }
        /// Of one result less another, seed by seed.
        func differences(_ name: String, _ arm: String, less other: String, _ otherArm: String? = nil) -> [UInt64: Double] { values(name, arm).differences(to: values(other, otherArm ?? arm)) }
        /// The models that said anything.
        var arms: [String] {
            var seen: Set<String> = []
            return study.runs.filter { $0.request.dataset == dataset && Self.division($0.request) == division }.flatMap(\.results).filter { $0.name == "R² iid" }.map(\.arm).filter { seen.insert($0).inserted }
        }
    }

    private func smoke(_ study: StudySummary) -> [AcceptanceRow] {
        study.runs.filter { $0.state == .finished }.flatMap { run in
            run.results.filter { $0.name == "loss at the end" }.map { end in
                let first = run.results.first { $0.name == "loss at first" && $0.arm == end.arm }?.value
                return .below(1, name: "\(end.arm): loss of the last five steps over the first five", measured: first.map { end.value / $0 })
            }
        }
    }

    /// 1 to 4 and the first half of 6: three models on every seed.
    private func seedRows(_ study: StudySummary) -> [AcceptanceRow] {
        let part = Part(study, "sprites", Self.extrapolation)
        guard part.isThere else { return [] }
        var rows = ["CNN", "MLP", "ResNet-50 kind"].flatMap { arm -> [AcceptanceRow] in
            [
                .atLeast(0.20, name: "sprites, \(arm): R² iid less test, least seed", measured: part.differences("R² iid", arm, less: "R² test").values.min()),
                .below(0, name: "sprites, \(arm): R² test less clamp, largest seed", measured: part.differences("R² test", arm, less: "R² test", "clamp").values.max()),
                .atLeast(0.4, name: "sprites, \(arm): R²_id less R²_ood, least seed", measured: part.differences("R²_id", arm, less: "R²_ood").values.min()),
                .below(0.9, name: "sprites, \(arm): ratio to the mean", measured: part.mean("ratio", arm)),
            ]
        }
        rows.append(.atLeast(0.7, name: "sprites, CNN: R² train, least seed", measured: part.values("R² train", "CNN").values.min()))
        return rows
    }

    /// 5 and the second half of 6.
    private func roomRows(_ study: StudySummary) -> [AcceptanceRow] {
        let parts = ["random", "interpolation", Self.extrapolation].map { Part(study, "rooms", $0) }
        guard parts.contains(where: \.isThere) else { return [] }
        let random = parts[0].mean("R² test", "CNN"), between = parts[1].mean("R² test", "CNN"), beyond = parts[2].mean("R² test", "CNN")
        let low = random.flatMap { random in between.map { min(random, $0) } }
        return [
            .atMost(0.06, name: "rooms, CNN: |R² random less interpolation|", measured: random.flatMap { random in between.map { abs(random - $0) } }),
            .atLeast(0.85, name: "rooms, CNN: R² random and interpolation, the lower", measured: low),
            .atLeast(0.4, name: "rooms, CNN: that less R² extrapolation", measured: low.flatMap { low in beyond.map { low - $0 } }),
            .atLeast(0.85, name: "rooms, CNN: R² train, least division", measured: parts.compactMap { $0.mean("R² train", "CNN") }.min()),
        ]
    }

    private func armRows(_ study: StudySummary) -> [AcceptanceRow] {
        let random = Part(study, "arm", "random"), beyond = Part(study, "arm", Self.extrapolation)
        guard random.isThere, beyond.isThere else { return [] }
        return [.above(0, name: "arm, CNN: R² random less extrapolation", measured: random.mean("R² test", "CNN").flatMap { random in beyond.mean("R² test", "CNN").map { random - $0 } })]
    }

    /// 7: how many kinds stay below clamp and lose at least 0.2 on the way out.
    private func modelRows(_ study: StudySummary) -> [AcceptanceRow] {
        let part = Part(study, "sprites", Self.extrapolation)
        func isBelow(_ arm: String) -> Bool { part.differences("R² test", arm, less: "R² test", "clamp").values.max().map { $0 < 0 } ?? false }
        func falls(_ arm: String) -> Bool { isBelow(arm) && (part.differences("R² iid", arm, less: "R² test").values.min().map { $0 >= 0.20 } ?? false) }
        func named(_ words: String) -> [String] { ((try? Arm.list(words, betas: [1], hasWeights: { _ in true })) ?? []).map(\.name) }
        let supervised = named("supervised"), latent = named("latent"), present = Set(part.arms)
        let transfer = part.arms.filter { $0.hasPrefix("EffNet") || $0.contains("pretrained") }
        guard supervised.allSatisfy(present.contains) || latent.allSatisfy(present.contains) || !transfer.isEmpty else { return [] }
        var rows: [AcceptanceRow] = [
            .atLeast(9, name: "sprites: supervised kinds of 11 that lose 0.2 and stay below clamp", measured: supervised.allSatisfy(present.contains) ? Double(supervised.count(where: falls)) : nil),
            .atLeast(3, name: "sprites: latent kinds of 4 that lose 0.2 and stay below clamp", measured: latent.allSatisfy(present.contains) ? Double(latent.count(where: falls)) : nil),
        ]
        rows.append(.atLeast(3, name: "sprites: transfer entries of 3 below clamp (target)", measured: transfer.isEmpty ? nil : Double(transfer.count(where: isBelow))))
        return rows
    }

    /// Correlation of disentanglement with R² over all latent models of the study: no bound, n stands in the name.
    private func latentRows(_ study: StudySummary) -> [AcceptanceRow] {
        var points: [(dci: Double, mig: Double, test: Double)] = []
        for run in study.runs where run.state == .finished {
            for result in run.results where result.name == "DCI-D" {
                func value(_ name: String) -> Double? { run.results.first { $0.name == name && $0.arm == result.arm }?.value }
                if let mig = value("MIG"), let test = value("R² test") { points.append((result.value, mig, test)) }
            }
        }
        guard points.count >= 2 else { return [] }
        let remark = points.count < 8 ? ", n too small" : ""
        return [("DCI-D", points.map(\.dci)), ("MIG", points.map(\.mig))].map { name, values in
            AcceptanceRow(name: "ρ of \(name) with R² test over n = \(points.count) latent models\(remark)", target: "reported", measured: Disentanglement.rankCorrelation(values, points.map(\.test)), passed: true)
        }
    }
}
