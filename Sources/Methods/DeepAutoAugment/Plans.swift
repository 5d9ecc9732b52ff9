import Augmentation
import Experiments

extension DeepAutoAugmentMethod {
    struct Row {
        var condition: String, dataset: String, seeds: Int, values: [String: ParameterValue]
    }

    static let shapes = "generated shapes", pictures = "CIFAR-10 subset"

    public func runs(for plan: Plan, dataset: String?) -> [RunRequest] {
        let rows: [Row] = switch plan {
        case .smoke: [Row(condition: "smoke", dataset: dataset ?? "shapes32", seeds: 1, values: [:])]
        case .standard: Self.standard.filter { dataset == nil || $0.dataset == dataset }
        case .paper: Self.paper.filter { dataset == nil || $0.dataset == dataset }
        }
        // A data set that the sheet does not name gets the method's defaults.
        let chosen = rows.isEmpty ? [Row(condition: "", dataset: dataset ?? "shapes32", seeds: plan == .paper ? 4 : 3, values: [:])] : rows
        return chosen.flatMap { row in
            (1...row.seeds).map { RunRequest(method: "deepaa", dataset: row.dataset, plan: plan, seed: UInt64($0), condition: row.condition, values: row.values) }
        }
    }

    /// The sheet's section 6. Its figures were measured with normalisation in the gradient.
    static let standard = [
        Row(condition: shapes, dataset: "shapes32", seeds: 3, values: ["bn-in-gradient": .boolean(true), "arms": .text("none, default, crop, uniform139, deepaa, trivial, trivial alone")]),
        Row(condition: pictures, dataset: "cifar10-subset", seeds: 3, values: [
            "bn-in-gradient": .boolean(true), "layers": .integer(3), "steps": .integer(30), "policy-rate": .real(0.4), "gradient-samples": .integer(96), "reward-samples": .integer(1),
            "pretraining": .integer(1000), "search": .integer(1000), "validation": .integer(1000), "pretraining-augmentation": .text("default"), "evaluation": .integer(0),
            "epochs": .integer(30), "batch": .integer(64), "rate": .real(0.1), "test-every": .integer(5), "arms": .text("none, default, uniform139, deepaa, deepaa-published, trivial"),
        ]),
    ]

    /// CIFAR-100 takes the policy that is searched on CIFAR-10; level and count of RandAugment are its paper's.
    static let paper = [
        Row(condition: "WRN-40-2 searches, WRN-28-10 is judged", dataset: "cifar10", seeds: 4, values: [:]),
        Row(condition: "WRN-40-2 searches, WRN-28-10 is judged", dataset: "cifar100", seeds: 4, values: ["search-dataset": .text("cifar10"), "rand-count": .integer(2), "rand-level": .integer(14)]),
    ]
}
