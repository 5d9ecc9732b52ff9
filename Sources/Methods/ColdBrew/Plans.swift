import Datasets
import Experiments

extension ColdBrewMethod {
    struct Row {
        var condition: String, dataset: String, seeds: Int, values: [String: ParameterValue]
    }

    public func runs(for plan: Plan, dataset: String?) -> [RunRequest] {
        let rows: [Row] = switch plan {
        case .smoke: [Row(condition: "smoke", dataset: dataset ?? "small-blocks", seeds: 1, values: [:])]
        case .standard: Self.standard.filter { dataset == nil || $0.dataset == dataset }
        case .paper: Self.paper.filter { dataset == nil || $0.dataset == dataset }
        }
        // A data set that the sheet does not name gets the method's defaults.
        let chosen = rows.isEmpty ? [Row(condition: "", dataset: dataset ?? "cora", seeds: 3, values: [:])] : rows
        return chosen.flatMap { row in
            (1...row.seeds).map { RunRequest(method: "cold-brew", dataset: row.dataset, plan: plan, seed: UInt64($0), condition: row.condition, values: row.values) }
        }
    }

    static let standard = [
        Row(condition: "public labels", dataset: "citeseer", seeds: 6, values: [:]),
        Row(condition: "public labels", dataset: "cora", seeds: 6, values: [:]),
        Row(condition: "600 labels", dataset: "cora", seeds: 10, values: ["labels": .text("first-600")]),
        Row(condition: "16 layers", dataset: "cora", seeds: 5, values: ["task": .text("depth"), "labels": .text("first-600"), "layers": .integer(16), "structural": .text("111"),
                                                                        "eta": .text("0.5"), "epochs": .integer(200), "patience": .integer(200)]),
    ]

    /// The code's column of section 3.
    static let paper = [
        Row(condition: "code", dataset: "cora", seeds: 5, values: ["labels": .text("first-600"), "groups": .text("code"), "width": .integer(64), "neighbours": .integer(2), "student-dropout": .real(0.2)]),
        Row(condition: "code", dataset: "citeseer", seeds: 5, values: ["groups": .text("code"), "width": .integer(256), "neighbours": .integer(2), "eta": .text("0.5"), "student-dropout": .real(0.2)]),
        Row(condition: "code", dataset: "pubmed", seeds: 5, values: ["groups": .text("code"), "width": .integer(256), "neighbours": .integer(2), "structural": .text("111"), "eta": .text("0.5"), "dropout": .real(0.5), "student-dropout": .real(0.2)]),
        Row(condition: "code", dataset: "chameleon", seeds: 5, values: ["labels": .text("published"), "groups": .text("code"), "width": .integer(256), "neighbours": .integer(2), "eta": .text("10"), "dropout": .real(0.5), "student-dropout": .real(0.2)]),
    ]
}
