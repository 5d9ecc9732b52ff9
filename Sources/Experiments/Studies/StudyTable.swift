/// One line of a study's table: a result of one arm over the seeds.
public struct SummaryRow: Sendable, Equatable {
    public var method: String
    public var dataset: String
    public var condition: String
    public var name: String
    public var arm: String
    public var unit: String
    public var better: RunEvent.Result.Direction
    /// The arm that this one has to beat; nil for a baseline.
    public var baseline: String?
    public var moments: Moments
    /// Against the baseline, where there is one and it has values.
    public var comparison: Comparison?
}

extension StudySummary {
    /// The study's results over its finished runs, one row for each method, data set, condition, result and arm, in the order in which
    /// they first appear. Values that are not finite make their row's mean so.
    public func table() -> [SummaryRow] {
        struct Key: Hashable {
            var method: String, dataset: String, condition: String, name: String, arm: String
        }
        var rows: [SummaryRow] = [], values: [Key: [Double]] = [:], order: [(Key, RunEvent.Result)] = []
        let finished = runs.filter { $0.state == .finished }
        for run in finished {
            for result in run.results {
                let key = Key(method: run.request.method, dataset: run.request.dataset, condition: run.request.condition, name: result.name, arm: result.arm)
                if values[key] == nil { order.append((key, result)) }
                values[key, default: []].append(result.value)
            }
        }
        for (key, result) in order {
            guard let moments = values[key].flatMap({ Moments($0) }) else { continue }
            let alike = finished.filter { $0.request.method == key.method && $0.request.dataset == key.dataset && $0.request.condition == key.condition }
            rows.append(SummaryRow(
                method: key.method, dataset: key.dataset, condition: key.condition, name: key.name, arm: key.arm, unit: result.unit, better: result.better,
                baseline: result.baseline, moments: moments,
                comparison: result.baseline.flatMap { Comparison(key.name, arm: key.arm, against: $0, in: alike) }))
        }
        return rows
    }
}
