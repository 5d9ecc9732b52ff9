import Datasets
import Experiments

extension PSAGANMethod {
    struct Row {
        var condition: String, dataset: String, seeds: Int, values: [String: ParameterValue]
    }

    public func runs(for plan: Plan, dataset: String?) -> [RunRequest] {
        let rows: [Row] = switch plan {
        case .smoke: [Row(condition: "smoke", dataset: dataset ?? "hourly-seasonal", seeds: 1, values: [:])]
        case .standard: Self.standard.filter { dataset == nil || $0.dataset == dataset }
        case .paper: []
        }
        // A data set that the sheet does not name gets the method's defaults.
        let chosen = rows.isEmpty ? [Row(condition: "", dataset: dataset ?? "auckland-pedestrians", seeds: plan == .paper ? 10 : 3, values: [:])] : rows
        return chosen.flatMap { row in
            (1...row.seeds).map { RunRequest(method: "psa-gan", dataset: row.dataset, plan: plan, seed: UInt64($0), condition: row.condition, values: row.values) }
        }
    }

    static let fidelity = "fidelity", noise = "noise", stretches = "missing stretches", cold = "cold start"

    static let standard = [
        Row(condition: fidelity, dataset: "auckland-pedestrians", seeds: 3, values: [:]),
        Row(condition: noise, dataset: "auckland-pedestrians", seeds: 3, values: ["arms": .text("psa-gan multi-noise, psa-gan-c, timevae")]),
        Row(condition: stretches, dataset: "auckland-pedestrians", seeds: 3, values: ["task": .text("stretches"), "stretches": .text("65"), "arms": .text("psa-gan, psa-gan-c")]),
        Row(condition: cold, dataset: "auckland-pedestrians", seeds: 3, values: ["task": .text("cold-start"), "cold-shares": .text("0.5"), "arms": .text("psa-gan")]),
    ]
}
