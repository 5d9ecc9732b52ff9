import Experiments

extension ColdBrewMethod {
    /// The sheet's acceptance rows (section 6) for what the study holds.
    public func acceptance(for study: StudySummary) -> [AcceptanceRow] {
        guard study.plan == .standard else { return [] }
        var rows: [AcceptanceRow] = []
        let conditions = [("citeseer", "public labels", 4.0), ("cora", "public labels", 5), ("cora", "600 labels", -0.5)]
        func holds(_ dataset: String, _ condition: String) -> Bool { study.runs.contains { $0.request.dataset == dataset && $0.request.condition == condition } }
        for (dataset, condition, gain) in conditions where holds(dataset, condition) {
            func above(_ group: String, _ other: String) -> Double? { difference(study, "\(group) accuracy", "student", other, dataset, condition) }
            let place = "\(dataset), \(condition)"
            rows += [
                .atLeast(gain, name: "\(place): student above MLP 256 on isolation, points", measured: above("isolation", "MLP 256")),
                .atLeast(-3, name: "\(place): student above GCN on isolation, points", measured: above("isolation", "GCN")),
                .atLeast(-7, name: "\(place): student above GCN overall, points", measured: above("overall", "GCN")),
                .atLeast(8, name: "\(place): student above MLP 256 overall, points", measured: above("overall", "MLP 256")),
            ]
        }
        if holds("cora", "16 layers") {
            rows.append(.atLeast(25, name: "cora, 16 layers: GCN with embedding above GCN overall, points",
                                 measured: difference(study, "overall accuracy", "teacher", "GCN", "cora", "16 layers")))
        }
        if holds("cora", "600 labels"), holds("citeseer", "public labels") {
            let cora = study.values("FCR", arm: "whole graph", dataset: "cora", condition: "600 labels").mean
            let citeseer = study.values("FCR", arm: "whole graph", dataset: "citeseer", condition: "public labels").mean
            let gap = cora.flatMap { cora in citeseer.map { $0 - cora } }
            rows.append(.above(0, name: "FCR of citeseer above that of cora with 600 labels, points", measured: gap))
        }
        return rows
    }

    /// The mean over the seeds that both arms have of the difference.
    private func difference(_ study: StudySummary, _ name: String, _ arm: String, _ other: String, _ dataset: String, _ condition: String) -> Double? {
        study.values(name, arm: arm, dataset: dataset, condition: condition).differences(to: study.values(name, arm: other, dataset: dataset, condition: condition)).mean
    }
}
