import Datasets
import Experiments

extension VisualGeneralisationMethod {
    struct Row {
        var condition: String, dataset: String, seeds: ClosedRange<UInt64>, values: [String: ParameterValue]
    }

    public func runs(for plan: Plan, dataset: String?) -> [RunRequest] {
        let rows: [Row] = switch plan {
        case .smoke: [Row(condition: "smoke", dataset: dataset ?? "sprites", seeds: 1...1, values: [:])]
        case .standard: Self.standard.filter { dataset == nil || $0.dataset == dataset }
        case .paper: []
        }
        // A data set that the sheet does not name gets every division with the method's defaults.
        let chosen = rows.isEmpty ? Self.divisions.map { Row(condition: $0, dataset: dataset ?? "sprites", seeds: 1...(plan == .paper ? 5 : 1), values: ["split": .text($0)]) } : rows
        return chosen.flatMap { row in
            row.seeds.map { RunRequest(method: "visual-generalisation", dataset: row.dataset, plan: plan, seed: $0, condition: row.condition, values: row.values) }
        }
    }

    static let divisions = ["random", "composition", "interpolation", "extrapolation"]
    static let extrapolation = "extrapolation"
    /// The models that are measured over three seeds.
    static let repeated = "mlp, cnn, resnet50"

    /// All models once (the four that cost most a step train half as long, which the run says) on the hardest division, three of them twice more; and the CNN on every division of three generators.
    static let standard: [Row] = [
        Row(condition: extrapolation, dataset: "sprites", seeds: 1...1, values: ["split": .text(extrapolation), "models": .text("all"), "dear-steps": .integer(250)]),
        Row(condition: extrapolation, dataset: "sprites", seeds: 2...3, values: ["split": .text(extrapolation), "models": .text(repeated)]),
    ] + ["sprites", "rooms", "arm"].flatMap { dataset in
        divisions.filter { dataset != "sprites" || $0 != extrapolation }.map { Row(condition: $0, dataset: dataset, seeds: 1...1, values: ["split": .text($0), "models": .text("cnn")]) }
    }
}
