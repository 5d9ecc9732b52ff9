import Datasets
import Experiments

extension TrajectoryShapleyMethod {
    struct Row {
        var condition: String, dataset: String, seeds: Range<UInt64>, values: [String: ParameterValue]
    }

    static let interacting = "interaction", others = "interaction, STGCN and PECNet", independent = "no interaction", pedestrians = "zara1", court = "basketball"

    public func runs(for plan: Plan, dataset: String?) -> [RunRequest] {
        let rows: [Row] = switch plan {
        case .smoke: [Row(condition: "smoke", dataset: dataset ?? "crowd", seeds: 1..<2, values: [:])]
        case .standard: Self.standard.filter { dataset == nil || $0.dataset == dataset }
        case .paper: Self.paper.filter { dataset == nil || $0.dataset == dataset }
        }
        // A data set that the sheet does not name gets the method's defaults.
        let chosen = rows.isEmpty ? [Row(condition: "", dataset: dataset ?? "crowd", seeds: 1..<3, values: [:])] : rows
        return chosen.flatMap { row in
            row.seeds.map { RunRequest(method: "trajectory-shapley", dataset: row.dataset, plan: plan, seed: $0, condition: row.condition, values: row.values) }
        }
    }

    /// Crowds that interact get twice the sheet's 500 steps: at 500 the predictors have learnt little of the interaction yet, the summed one as
    /// much as Edge (W − R 0.14 and 0.18 nats), and what the rows are about comes in the second half (0.23 and 1.08).
    static let standard = [
        Row(condition: interacting, dataset: "crowd", seeds: 1..<3, values: ["steps": .integer(1000)]),
        Row(condition: others, dataset: "crowd", seeds: 1..<2, values: ["steps": .integer(1000), "models": .text("cv, stgcn, pecnet")]),
        Row(condition: independent, dataset: "crowd-alone", seeds: 1..<3, values: ["steps": .integer(400)]),
        Row(condition: pedestrians, dataset: "eth-ucy", seeds: 1..<2, values: ["models": .text("cv, lstm, edge"), "fold": .text("zara1"), "training-stride": .integer(4), "test-stride": .integer(6), "steps": .integer(700)]),
        Row(condition: court, dataset: "nba-tracking", seeds: 1..<2, values: ["models": .text("cv, lstm, edge"), "test-stride": .integer(8), "steps": .integer(600)]),
    ]

    /// Section 3's published settings, all folds and all windows.
    static let paper: [Row] = {
        let models = ParameterValue.text("cv, lstm, sum-plain, edge-plain, stgcn, pecnet")
        return [Row(condition: "published settings", dataset: "crowd", seeds: 1..<2, values: ["models": models])]
            + ["zara1", "zara2", "eth", "hotel", "univ"].map { Row(condition: "published settings, \($0)", dataset: "eth-ucy", seeds: 1..<2, values: ["models": models, "fold": .text($0)]) }
            + [Row(condition: "published settings", dataset: "sdd-trajnet", seeds: 1..<2, values: ["models": models]), Row(condition: "published settings", dataset: "nba-tracking", seeds: 1..<2, values: ["models": models])]
    }()
}
