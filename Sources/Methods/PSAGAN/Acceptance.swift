import Experiments

extension PSAGANMethod {
    /// The sheet's acceptance rows (section 6) for what the study holds.
    public func acceptance(for study: StudySummary) -> [AcceptanceRow] {
        switch study.plan {
        case .smoke: smoke(study)
        case .standard, .paper: []
        }
    }

    private func smoke(_ study: StudySummary) -> [AcceptanceRow] {
        let first = study.values("first ML", arm: Arm.main, dataset: "hourly-seasonal", condition: "smoke").mean, last = study.values("last ten ML", arm: Arm.main, dataset: "hourly-seasonal", condition: "smoke").mean
        guard study.runs.contains(where: { $0.request.dataset == "hourly-seasonal" && $0.request.condition == "smoke" }) else { return [] }
        return [
            .atMost(0.8, name: "ML of the last ten steps over the first ten", measured: first.flatMap { first in last.map { $0 / first } }),
            .atMost(1.4, name: "triplet loss, nats", measured: study.values("triplet loss", arm: "embedder", dataset: "hourly-seasonal", condition: "smoke").mean),
        ]
    }
}
