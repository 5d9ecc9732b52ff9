import Experiments

extension RIMMethod {
    /// One setting of the sheet's plan.
    private struct Row {
        var condition: String
        var dataset: String
        var seeds: Range<UInt64>
        var values: [String: ParameterValue]
    }

    public func runs(for plan: Plan, dataset: String?) -> [RunRequest] {
        let rows: [Row] = switch plan {
        case .smoke: [Row(condition: "", dataset: dataset ?? "shop-events-small", seeds: 1..<2, values: dataset.map(Self.splits) ?? Self.splits("shop-events-small"))]
        case .standard: Self.standard.filter { dataset == nil || $0.dataset == dataset }
        case .paper: Self.paper.filter { dataset == nil || $0.dataset == dataset }
        }
        // A data set that the sheet does not name gets the method's defaults.
        let chosen = rows.isEmpty ? [Row(condition: "", dataset: dataset ?? "shop-events", seeds: 1..<4, values: Self.splits(dataset ?? "shop-events"))] : rows
        return chosen.flatMap { row in
            row.seeds.map { RunRequest(method: "rim", dataset: row.dataset, plan: plan, seed: $0, condition: row.condition, values: row.values) }
        }
    }

    /// What the sheet says of the split of a data set; nothing for others.
    private static func splits(_ dataset: String) -> [String: ParameterValue] {
        switch dataset {
        case "shop-events", "shop-events-small": ["split": .text("temporal"), "test-start": .text("90"), "horizon": .real(10)]
        case "movielens-100k", "movielens-1m": ["split": .text("user"), "keep": .text("second-half")]
        default: [:]
        }
    }

    private static let standard = [
        Row(condition: "", dataset: "shop-events", seeds: 1..<6, values: splits("shop-events").merging([
            "models": .text("gru, transformer, itempop, rand, als, bpr, graphconv, graphconv-extra"), "width": .integer(32), "epochs": .integer(12), "share": .real(2.5),
        ]) { $1 }),
        Row(condition: "", dataset: "movielens-100k", seeds: 1..<4, values: splits("movielens-100k").merging(["matching": .text("")]) { $1 }),
    ]

    private static let paper = [
        Row(condition: "", dataset: "movielens-1m", seeds: 1..<4, values: splits("movielens-1m")),
    ]
}
