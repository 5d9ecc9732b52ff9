import Experiments

extension TrajectoryShapleyMethod {
    /// The sheet's acceptance rows (section 6) for what the study was asked for: means over the seeds, and of what must hold on every prediction the
    /// worst over all of them.
    public func acceptance(for study: StudySummary) -> [AcceptanceRow] {
        switch study.plan {
        case .smoke: invariants(study)
        case .standard: invariants(study) + interactingRows(study) + independentRows(study) + comparisonRows(study) + pedestrianRows(study) + courtRows(study) + estimatorRows(study)
        case .paper: invariants(study)
        }
    }

    /// The runs of one data set and condition.
    private struct Part {
        let study: StudySummary
        let dataset: String, condition: String

        init?(_ study: StudySummary, _ dataset: String, _ condition: String) {
            guard study.runs.contains(where: { $0.request.dataset == dataset && $0.request.condition == condition }) else { return nil }
            (self.study, self.dataset, self.condition) = (study, dataset, condition)
        }

        func mean(_ name: String, _ arm: String) -> Double? { study.values(name, arm: arm, dataset: dataset, condition: condition).mean }
        /// Of the magnitudes of the means.
        func size(_ name: String, _ arm: String) -> Double? { mean(name, arm).map(abs) }
        func difference(_ name: String, _ arm: String, above other: String) -> Double? { study.meanDifference(name, arm: arm, above: other, dataset: dataset, condition: condition) }
    }

    /// 1. What holds for every predictor on every explained target.
    private func invariants(_ study: StudySummary) -> [AcceptanceRow] {
        let finished = study.runs.filter { $0.state == .finished }
        func largest(_ name: (String) -> Bool, arm: (String) -> Bool = { _ in true }) -> Double? {
            finished.flatMap(\.results).filter { name($0.name) && arm($0.arm) }.map(\.value).max()
        }
        var rows: [AcceptanceRow] = [
            .atMost(1e-4, name: "largest efficiency error |Σφ − (v(P) − v(∅))| over every explained prediction, nats or m", measured: largest({ $0.hasPrefix("efficiency error") })),
        ]
        if finished.contains(where: { $0.results.contains { $0.arm == "LSTM" } }) {
            let value = largest({ $0.hasPrefix("largest neighbour value") }, arm: { $0 == "LSTM" })
            rows.append(AcceptanceRow(name: "largest |φ_j|, |ψ_j| of the LSTM, which reads no neighbour", target: "= 0", measured: value, passed: value == 0))
        }
        if let gap = largest({ $0 == "efficiency gap of banzhaf-code" }) {
            rows.append(.above(0, name: "mean efficiency gap of the published code's estimator, nats", measured: gap))
        }
        return rows
    }

    /// 2. Crowds that interact.
    private func interactingRows(_ study: StudySummary) -> [AcceptanceRow] {
        guard let part = Part(study, "crowd", Self.interacting) else { return [] }
        return [
            .atLeast(0.15, name: "crowd: W − R of Edge, nats", measured: part.mean("W − R, nllc", "Edge")),
            .atLeast(0.04, name: "crowd: W − R of Edge, m", measured: part.mean("W − R, ADE", "Edge")),
            .atLeast(0.1, name: "crowd: LSTM minus Edge, nats", measured: part.difference("nllc", "LSTM", above: "Edge")),
            .atLeast(0.03, name: "crowd: LSTM minus Edge, m", measured: part.difference("ADE", "LSTM", above: "Edge")),
        ]
    }

    /// 3. Crowds in which nobody reacts to anyone.
    private func independentRows(_ study: StudySummary) -> [AcceptanceRow] {
        guard let part = Part(study, "crowd-alone", Self.independent) else { return [] }
        return [
            .atMost(0.05, name: "crowd-alone: |W − R| of Edge, nats", measured: part.size("W − R, nllc", "Edge")),
            .atMost(0.005, name: "crowd-alone: |W − R| of Edge, m", measured: part.size("W − R, ADE", "Edge")),
            .atMost(0.06, name: "crowd-alone: |Σψ − null| of Edge, nats", measured: part.size("Σψ minus null, nllc", "Edge")),
        ]
    }

    /// 4. One neighbour by one against their sum, and the truth.
    private func comparisonRows(_ study: StudySummary) -> [AcceptanceRow] {
        guard let part = Part(study, "crowd", Self.interacting) else { return [] }
        let partner = part.mean("ψ of the partner", "Edge"), others = part.mean("ψ of others", "Edge")
        return [
            .atLeast(0.08, name: "crowd: W − R of Edge minus that of Traj++, nats", measured: part.difference("W − R, nllc", "Edge", above: "Traj++")),
            .atLeast(0.15, name: "crowd: Σψ − null of Edge, nats", measured: part.mean("Σψ minus null, nllc", "Edge")),
            .atLeast(45, name: "crowd: ψ of Edge names the partner where C > 0.2 m, %", measured: part.mean("ψ names the partner", "Edge")),
            .atLeast(0.1, name: "crowd: mean ψ of the partner above the others, nats", measured: partner.flatMap { partner in others.map { partner - $0 } }),
        ]
    }

    /// 5. Pedestrians: they mostly walk alone.
    private func pedestrianRows(_ study: StudySummary) -> [AcceptanceRow] {
        guard let part = Part(study, "eth-ucy", Self.pedestrians) else { return [] }
        return [
            .atMost(0.03, name: "zara1: |W − R| of Edge, m", measured: part.size("W − R, ADE", "Edge")),
            .atMost(0.08, name: "zara1: |W − R| of Edge, nats", measured: part.size("W − R, nllc", "Edge")),
            .atLeast(90, name: "zara1: φ past of Edge, % of v(P) − v(∅)", measured: part.mean("share of the past, nllc", "Edge")),
            .atMost(0.04, name: "zara1: |social score − null| of Edge, nats", measured: part.size("score minus null, nllc", "Edge")),
            .atMost(0.06, name: "zara1: ADE of Edge minus that of CV, m", measured: part.difference("ADE", "Edge", above: "CV")),
        ]
    }

    /// 6. Players: they do not.
    private func courtRows(_ study: StudySummary) -> [AcceptanceRow] {
        guard let part = Part(study, "nba-tracking", Self.court) else { return [] }
        var rows: [AcceptanceRow] = [
            .atLeast(0.3, name: "nba: W − R of Edge, m", measured: part.mean("W − R, ADE", "Edge")),
            .atLeast(0.15, name: "nba: LSTM minus Edge, m", measured: part.difference("ADE", "LSTM", above: "Edge")),
        ]
        func relative(_ part: Part?) -> Double? { part.flatMap { part in part.mean("W − R, ADE", "Edge").flatMap { content in part.mean("ADE", "Edge").map { content / $0 } } } }
        if let pedestrians = Part(study, "eth-ucy", Self.pedestrians) {
            let walkers = relative(pedestrians)
            for (name, other) in [("nba", relative(part)), ("crowd", relative(Part(study, "crowd", Self.interacting)))] {
                // Where strangers help more than the real neighbours the ratio has no meaning: the walkers' share counts as nothing, or less.
                let ratio = other.flatMap { other in walkers.map { other / max($0, 1e-3) } }
                rows.append(.above(5, name: "\(name): (W − R) / R of Edge over that of zara1", measured: ratio))
            }
        }
        return rows
    }

    /// 7. Sampling.
    private func estimatorRows(_ study: StudySummary) -> [AcceptanceRow] {
        guard let part = Part(study, "crowd", Self.interacting) else { return [] }
        let few = part.mean("rmse of φ_j, m = 4", "antithetic"), many = part.mean("rmse of φ_j, m = 32", "antithetic")
        return [.atMost(0.5, name: "crowd: rmse of φ_j by antithetic walks, m = 32 over m = 4", measured: many.flatMap { many in few.map { many / $0 } })]
    }
}
