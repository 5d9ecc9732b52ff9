import Experiments

extension GIANTMethod {
    /// The sheet's acceptance rows (section 6) for what the study holds.
    public func acceptance(for study: StudySummary) -> [AcceptanceRow] {
        if study.plan == .paper { return ScalingCheck.rows(study) }
        guard study.plan == .standard else { return [] }
        var rows: [AcceptanceRow] = []
        for (dataset, condition) in [("debian-packages", "10 % labelled"), ("cora-text", "20 % labelled")] where study.runs.contains(where: { $0.request.dataset == dataset && $0.request.condition == condition }) {
            func above(_ arm: String, _ other: String, _ model: String = "MLP") -> Double? { study.meanDifference("\(model) accuracy", arm: arm, above: other, dataset: dataset, condition: condition) }
            rows += [
                .atLeast(2, name: "\(dataset), MLP: GIANT‖LSA above LSA, points", measured: above("GIANT‖LSA", "LSA")),
                .atLeast(3, name: "\(dataset), MLP: GIANT above GIANT with a random tree, points", measured: above("GIANT", "GIANT, random tree")),
                .atLeast(2, name: "\(dataset), MLP: GIANT above link prediction, points", measured: above("GIANT", "link prediction")),
                .atLeast(-0.7, name: "\(dataset), GraphSAGE: GIANT‖LSA above LSA, points", measured: above("GIANT‖LSA", "LSA", "GraphSAGE")),
            ]
            if dataset == "cora-text" {
                rows += [
                    .atLeast(1, name: "cora-text, MLP: GIANT above GIANT without PIFA, points", measured: above("GIANT", "GIANT, no PIFA")),
                    .atLeast(0.5, name: "cora-text, MLP: GIANT that begins with LSA above LSA, points", measured: above("GIANT, LSA start", "LSA")),
                ]
            }
        }
        let big = "5 % of the sources labelled"
        if study.runs.contains(where: { $0.request.dataset == "debian-big" && $0.request.condition == big }) {
            rows.append(.atLeast(3, name: "debian-big, logistic regression: GIANT‖LSA above LSA, points", measured: study.meanDifference("logistic regression accuracy", arm: "GIANT‖LSA", above: "LSA", dataset: "debian-big", condition: big)))
        }
        return rows
    }
}
