import Experiments

extension PSAGANMethod {
    /// The sheet's acceptance rows (section 6) for what the study holds.
    public func acceptance(for study: StudySummary) -> [AcceptanceRow] {
        switch study.plan {
        case .smoke: smoke(study)
        case .standard: fidelityRows(study) + noiseRows(study) + taskRows(study)
        case .paper: []
        }
    }

    /// The runs of one data set and condition.
    private struct Part {
        let study: StudySummary
        let dataset: String, condition: String
        /// Whether such runs were asked for.
        let isThere: Bool
        /// The embedder that their distances are measured with.
        let ruler: String

        init(_ study: StudySummary, _ dataset: String, _ condition: String) {
            (self.study, self.dataset, self.condition) = (study, dataset, condition)
            let run = study.runs.first { $0.request.dataset == dataset && $0.request.condition == condition }
            isThere = run != nil
            ruler = run.flatMap { try? Settings(ParameterValues(Settings.specifications, request: $0.request)).ruler(dataset: dataset) } ?? ""
        }

        func values(_ name: String, _ arm: String) -> [UInt64: Double] { study.values(name, arm: arm, dataset: dataset, condition: condition) }
        func mean(_ name: String, _ arm: String) -> Double? { values(name, arm).mean }
        func distances(_ part: String, _ arm: String) -> [UInt64: Double] { values("FD \(part) (ruler \(ruler))", arm) }
        /// One arm's values over another's, seed by seed.
        func ratios(_ a: [UInt64: Double], _ b: [UInt64: Double]) -> [Double] { a.keys.sorted().compactMap { seed in a[seed].flatMap { own in b[seed].map { own / $0 } } } }
    }

    private func smoke(_ study: StudySummary) -> [AcceptanceRow] {
        let part = Part(study, "hourly-seasonal", "smoke")
        guard part.isThere else { return [] }
        return [
            .atMost(0.8, name: "ML of the last ten steps over the first ten", measured: part.ratios(part.values("last ten ML", Arm.main), part.values("first ML", Arm.main)).max()),
            .atMost(1.4, name: "triplet loss, nats", measured: part.mean("triplet loss", "embedder")),
        ]
    }

    private static let auckland = "auckland-pedestrians"

    private func fidelityRows(_ study: StudySummary) -> [AcceptanceRow] {
        let part = Part(study, Self.auckland, Self.fidelity)
        guard part.isThere else { return [] }
        let floor = part.distances("fit", Trainer.floor), main = Arm.main
        func overFloor(_ control: Control) -> Double? { part.ratios(part.distances("fit", control.rawValue), floor).min() }
        let bootstrap = part.distances("fit", Control.weekBootstrap.rawValue)
        // A bootstrap is drawn anew in each seed and moves by more than the bound, hence the mean, as the sheet says.
        let bootstrapExcess = bootstrap.mean.flatMap { mean in floor.mean.map { mean - 2 * $0 } }
        let white = Control.whiteNoise.rawValue
        let toward = part.ratios(part.values("FD at the last step (ruler \(part.ruler))", main), part.values("FD at the last resolution's first step (ruler \(part.ruler))", main))
        var rows: [AcceptanceRow] = [
            .atMost(1.28, name: "embedder: final triplet loss, nats", measured: part.mean("triplet loss", "embedder")),
            .atMost(0.003, name: "ruler: FD of real against other real windows, fit", measured: floor.mean),
            .atLeast(50, name: "ruler: FD of white noise over the floor", measured: overFloor(.whiteNoise)),
            .atLeast(5, name: "ruler: FD of real + noise 0.1 over the floor", measured: overFloor(.noisyReal)),
            .atMost(0.001, name: "ruler: FD of the seasonal bootstrap less twice the floor", measured: bootstrapExcess),
            .atMost(0.3, name: "psa-gan: FD fit over white noise, worst seed", measured: part.ratios(part.distances("fit", main), part.distances("fit", white)).max()),
            .atMost(0.7, name: "psa-gan: FD hold over white noise, worst seed", measured: part.ratios(part.distances("hold", main), part.distances("hold", white)).max()),
            .atMost(0.08, name: "psa-gan: ACF error", measured: part.mean("ACF error fit", main)),
            .within(0.5...1.2, name: "psa-gan: roughness", measured: part.mean("roughness fit", main)),
            .atMost(0.05, name: "psa-gan: W1", measured: part.mean("W1 fit", main)),
            .atMost(0.2, name: "psa-gan: cRMSE", measured: part.mean("cRMSE fit", main)),
            .within(0.18...0.27, name: "psa-gan: L_D at the end", measured: part.mean("final L_D", main)),
            .atMost(0.1, name: "psa-gan: ML at the end", measured: part.mean("final ML", main)),
            .below(1, name: "psa-gan: FD at the end over FD at the last resolution's first step, worst seed", measured: toward.max()),
            .atLeast(2, name: "psa-gan no-ml: FD fit over that of psa-gan, least seed", measured: part.ratios(part.distances("fit", Arm.withoutMoments), part.distances("fit", main)).min()),
        ]
        let task = "NRMSE, far forecasting 64 h"
        let roll = part.values(task, "roll through the gap"), naive = part.values(task, Trainer.naiveModel)
        rows.append(.atMost(0, name: "far forecasting: NRMSE of rolling less seasonal naive without a model", measured: roll.differences(to: naive).mean))
        let fillings = ["roll through the gap", Trainer.oracle, Trainer.naiveModel, Trainer.naiveGap, "seasonal bootstrap", main]
        rows.append(.atLeast(Double(fillings.count), name: "far forecasting: fillings reported in every seed", measured: Double(fillings.count { part.values(task, $0).count == floor.count && !floor.isEmpty })))
        return rows
    }

    private func noiseRows(_ study: StudySummary) -> [AcceptanceRow] {
        let part = Part(study, Self.auckland, Self.noise), base = Part(study, Self.auckland, Self.fidelity)
        guard part.isThere, base.isThere else { return [] }
        return [.atLeast(5, name: "multi-noise: diversity over that of psa-gan", measured: part.ratios(part.values("diversity", Arm.multiNoise), base.values("diversity", Arm.main)).min())]
    }

    /// What the sheet hopes for where data are missing.
    private func taskRows(_ study: StudySummary) -> [AcceptanceRow] {
        var rows: [AcceptanceRow] = []
        let stretches = Part(study, Self.auckland, Self.stretches), cold = Part(study, Self.auckland, Self.cold)
        if stretches.isThere {
            let name = "RMSE of the filling, missing stretches 65 h"
            rows.append(.atLeast(1, name: "stretches of 65 h: RMSE of linear interpolation over that of the seasonal naive (target)", measured: stretches.ratios(stretches.values(name, "linear interpolation"), stretches.values(name, "seasonal naive")).min()))
            rows.append(.below(1, name: "stretches of 65 h: RMSE of psa-gan-c over that of psa-gan (target)", measured: stretches.ratios(stretches.values(name, Arm.conditional), stretches.values(name, Arm.main)).max()))
        }
        if cold.isThere {
            let name = "NRMSE, cold start 50 %"
            rows.append(.below(0, name: "half the series cold: NRMSE of psa-gan less no extension (target)", measured: cold.values(name, Arm.main).differences(to: cold.values(name, "no extension")).mean))
        }
        return rows
    }
}
