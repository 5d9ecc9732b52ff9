import ArgumentParser
import Experiments
import Foundation
import Terminal

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Sets runs or studies against the first one, paired over seeds.")
    @Argument(help: ArgumentHelp("Identifiers of runs or studies, or their beginnings; the first is the baseline.", valueName: "run"))
    var identifiers: [String]
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    private struct Row {
        var name: String
        var arm: String
        var unit: String
        var better: RunEvent.Result.Direction
        var group: String
        var comparison: Comparison
    }

    func validate() throws {
        if identifiers.count < 2 { throw ValidationError("compare takes two runs or studies, or more.") }
    }

    func run() throws {
        let runStore = try store.open()
        let groups = try identifiers.map { name in
            let records = try runStore.runs(named: name)
            return (name: records.count == 1 ? records[0].identifier : name, runs: try runStore.summaryRuns(records))
        }
        let baseline = groups[0]
        var rows: [Row] = []
        for group in groups.dropFirst() {
            var seen: Set<[String]> = []
            for result in group.runs.flatMap(\.results) where seen.insert([result.name, result.arm]).inserted {
                guard let comparison = Comparison(result.name, arm: result.arm, in: group.runs, against: baseline.runs) else { continue }
                rows.append(Row(name: result.name, arm: result.arm, unit: result.unit, better: result.better, group: group.name, comparison: comparison))
            }
        }
        guard !rows.isEmpty else { throw UsageError("these runs have no result in common") }
        output.json ? Talk.print(.array(rows.map { json($0, baseline: baseline.name) })) : table(rows, baseline: baseline.name)
    }

    private func table(_ rows: [Row], baseline: String) {
        var lines = [["result", "arm", baseline, "other", "mean", "difference", "se", "95 % interval", "p", "n", "unit"]]
        for row in rows {
            let comparison = row.comparison
            lines.append([
                row.name, row.arm, RunsCommand.number(comparison.secondMean), row.group, RunsCommand.number(comparison.firstMean),
                RunsCommand.number(comparison.meanDifference), comparison.standardError.map(RunsCommand.number) ?? "",
                comparison.interval.map { "\(RunsCommand.number($0.lowerBound)) … \(RunsCommand.number($0.upperBound))" } ?? "",
                comparison.studentProbability.map(RunsCommand.number) ?? "", String(comparison.count), row.unit,
            ])
        }
        Talk.table(lines, right: [2, 4, 5, 6, 8, 9]).forEach { Talk.print($0.printable) }
        var notes: Set<String> = []
        for row in rows where !row.comparison.note.isEmpty && notes.insert(row.comparison.note).inserted { Talk.say("lathe: \(row.comparison.note)") }
    }

    private func json(_ row: Row, baseline: String) -> JSONValue {
        let comparison = row.comparison
        func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
        return .record([
            "name": .text(row.name), "arm": .text(row.arm), "unit": .text(row.unit), "better": .text(row.better.rawValue),
            "baseline": .text(baseline), "other": .text(row.group), "baseline_mean": .number(comparison.secondMean),
            "other_mean": .number(comparison.firstMean), "difference": .number(comparison.meanDifference),
            "sd": number(comparison.standardDeviation), "se": number(comparison.standardError),
            "interval": comparison.interval.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null,
            "p": number(comparison.studentProbability), "p_signed_rank": number(comparison.signedRankProbability),
            "paired": .boolean(comparison.isPaired), "n": .integer(comparison.count), "note": .text(comparison.note),
        ])
    }
}
