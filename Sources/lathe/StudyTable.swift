import Experiments
import Foundation

extension StudyReport {
    /// Prints the study on standard output: one JSON object, or a table for a person.
    func print(json asJSON: Bool) {
        if asJSON { return Talk.print(json) }
        let hasConditions = Set(summary.map(\.condition)).count > 1
        let hasDatasets = datasets.count > 1, hasMethods = methods.count > 1
        func cells(_ name: String, _ arm: String, _ method: String, _ data: String, _ condition: String) -> [String] {
            var cells = [name, arm]
            if hasMethods { cells.append(method) }
            if hasDatasets { cells.append(data) }
            if hasConditions { cells.append(condition) }
            return cells
        }
        var rows = [cells("result", "arm", "method", "data", "condition") + ["mean", "sd", "n", "unit", "against its baseline"]]
        let first = rows[0].count
        for row in summary {
            rows.append(cells(row.name, row.arm, row.method, row.dataset, row.condition) + [
                RunsCommand.number(row.moments.mean), row.moments.standardDeviation.map { RunsCommand.number($0) } ?? "",
                String(row.moments.count), row.unit, row.verdict,
            ])
        }
        if !summary.isEmpty { Talk.table(rows, right: [first - 5, first - 4, first - 3]).forEach { Talk.print($0.printable) } }
        guard !acceptance.isEmpty else { return }
        Talk.print("")
        Talk.table([["acceptance", "target", "measured", ""]] + acceptance.map {
            [$0.name, $0.target, $0.measured.map { RunsCommand.number($0) } ?? "not measured", $0.passed ? "✓ met" : "✗ not met"]
        }, right: [2]).forEach { Talk.print($0.printable) }
    }
}

extension SummaryRow {
    /// "better than original by 0.9 ± 0.2 (n 10)", or that it is not.
    fileprivate var verdict: String {
        guard let comparison, let baseline else { return "" }
        let difference = comparison.meanDifference
        let isBetter = better == .lower ? difference < 0 : difference > 0
        let spread = comparison.standardError.map { " ± \(RunsCommand.number($0))" } ?? ""
        let amount = "\(RunsCommand.number(abs(difference)))\(spread), n \(comparison.count)"
        if better == .neither || difference == 0 { return "as \(baseline): \(amount)" }
        return isBetter ? "better than \(baseline) by \(amount)" : "does not beat \(baseline): worse by \(amount)"
    }
}
