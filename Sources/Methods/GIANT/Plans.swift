import Datasets
import Experiments

extension GIANTMethod {
    struct Row {
        var condition: String, dataset: String, seeds: Int, values: [String: ParameterValue]
    }

    public func runs(for plan: Plan, dataset: String?) -> [RunRequest] {
        let rows: [Row] = switch plan {
        case .smoke: [Row(condition: "smoke", dataset: dataset ?? "small-texts", seeds: 1, values: [:])]
        case .standard: Self.standard.filter { dataset == nil || $0.dataset == dataset }
        case .paper: Self.paper.filter { dataset == nil || $0.dataset == dataset }
        }
        // A data set that the sheet does not name gets the method's defaults.
        let chosen = rows.isEmpty ? [Row(condition: "", dataset: dataset ?? "debian-packages", seeds: 3, values: [:])] : rows
        return chosen.flatMap { row in
            (1...row.seeds).map { RunRequest(method: "giant-xrt", dataset: row.dataset, plan: plan, seed: UInt64($0), condition: row.condition, values: row.values) }
        }
    }

    static let standard = [
        Row(condition: "10 % labelled", dataset: "debian-packages", seeds: 3, values: [:]),
        Row(condition: "20 % labelled", dataset: "cora-text", seeds: 5, values: ["labels": .real(0.2), "word-pairs": .boolean(false), "epochs": .text("10,10,20"), "lsa-epochs": .text("5,5,10"), "lsa-rate": .real(0.001)]),
        Row(condition: "5 % of the sources labelled", dataset: "debian-big", seeds: 2, values: ["labels": .real(0.05), "models": .text("logistic"), "arms": .text("main"), "epochs": .text("1,1,2,2"), "batch": .integer(256),
                                                                                               "word-pairs": .boolean(false), "max-features": .integer(30_000), "link-epochs": .integer(2), "ranker": .text("none")]),
    ]

    /// The official set-up on folders that the user supplies, with embeddings.npy of the authors' bundle where it is there; and the scaling check, which needs none.
    static let paper = [
        Row(condition: "official", dataset: "ogbn-arxiv", seeds: 10, values: ["models": .text("arxiv")]),
        Row(condition: "official", dataset: "ogbn-products", seeds: 10, values: ["models": .text("products"), "downstream-epochs": .integer(300)]),
        Row(condition: "official", dataset: "ogbn-papers100M", seeds: 5, values: ["models": .text("papers"), "downstream-epochs": .integer(50), "downstream-dropout": .real(0), "downstream-rate": .real(0.001)]),
    ] + ["text-sbm-50k", "text-sbm-100k", "text-sbm-200k"].map { Row(condition: ScalingCheck.condition, dataset: $0, seeds: 1, values: ScalingCheck.values) }
        + ["text-sbm-500k", "text-sbm-1m"].map { Row(condition: ScalingCheck.condition, dataset: $0, seeds: 1, values: ScalingCheck.values.merging(["visits": .integer(1_000_000)]) { $1 }) }
}
