import Experiments
import Foundation
import Terminal

/// A comparison as text for a paper, a spreadsheet or a program.
enum ComparisonExport: String, CaseIterable, Sendable {
    case markdown = "md"
    case latex = "tex"
    case csv
    case json
    /// The drawing of the first panel.
    case chartText = "txt"
    case chartSVG = "svg"

    var title: String {
        switch self {
        case .markdown: "Markdown table"
        case .latex: "LaTeX table (booktabs)"
        case .csv: "CSV, one line a result and side"
        case .json: "JSON"
        case .chartText: "the drawing as text"
        case .chartSVG: "the drawing as SVG"
        }
    }

    /// - Parameter drawing: what the first panel draws, for the forms that are pictures.
    func text(_ table: ComparisonTable, parameters: ParameterDifference, groups: [String], drawing: () -> CellGrid) throws -> String {
        switch self {
        case .markdown: markdown(table, parameters, groups)
        case .latex: latex(table)
        case .csv: csv(table)
        case .json: try json(table, parameters, groups)
        case .chartText: drawing().text + "\n"
        case .chartSVG: drawing().svg()
        }
    }

    // MARK: LaTeX

    /// A table for a paper: mean ± standard deviation a side, the better of two marked bold where the interval of the difference says so.
    private func latex(_ table: ComparisonTable) -> String {
        func cell(_ text: String) -> String {
            var made = ""
            for character in text {
                switch character {
                case "&", "%", "$", "#", "_", "{", "}": made += "\\\(character)"
                case "\\": made += "\\textbackslash{}"
                case "~": made += "\\textasciitilde{}"
                case "^": made += "\\textasciicircum{}"
                case "±": made += "$\\pm$"
                case "−": made += "$-$"
                case "‖": made += "$\\|$"
                case "×": made += "$\\times$"
                case "–": made += "--"
                case "\n": made += " "
                default: made.append(character)
                }
            }
            return made
        }
        func line(_ cells: [String]) -> String { cells.joined(separator: " & ") + " \\\\" }
        var lines = ["% mean ± standard deviation over seeds; bold: better than \(table.contenders.indices.contains(table.baseline) ? table.contenders[table.baseline].name.filter { !$0.isNewline } : "") by the 95 % interval of the difference"]
        lines += ["\\begin{tabular}{ll" + String(repeating: "r", count: table.contenders.count) + "}", "\\toprule", line(["result", "unit"] + table.contenders.map { cell($0.name) }), "\\midrule"]
        for row in table.rows {
            lines.append(line([cell(row.name), cell(row.unit)] + row.moments.indices.map { side in
                let text = cell(ComparisonTable.text(row.moments[side]))
                return ComparisonTable.verdict(row.differences[side], row.better) == "better" ? "\\textbf{\(text)}" : text
            }))
        }
        return (lines + ["\\bottomrule", "\\end{tabular}"]).joined(separator: "\n") + "\n"
    }

    // MARK: Markdown

    private func markdown(_ table: ComparisonTable, _ parameters: ParameterDifference, _ groups: [String]) -> String {
        func cell(_ text: String) -> String { text.replacingOccurrences(of: "|", with: "\\|").replacingOccurrences(of: "\n", with: " ") }
        func line(_ cells: [String]) -> String { "| " + cells.map(cell).joined(separator: " | ") + " |" }
        let others = table.contenders.indices.filter { $0 != table.baseline }
        let baseline = table.contenders.indices.contains(table.baseline) ? table.contenders[table.baseline].name : ""
        var head = ["result", "unit"] + table.contenders.map(\.name)
        for other in others { head += ["\(table.contenders[other].name) − \(baseline)", "standard error", "95 % interval", "n", "p (Holm)"] }
        var lines = [line(head), line(head.map { _ in "---" })]
        for row in table.rows {
            var cells = [row.name, row.unit] + row.moments.map(ComparisonTable.text)
            for other in others {
                let difference = row.differences[other]
                cells += [difference.map { NumberText.brief($0.meanDifference) } ?? "–", ComparisonTable.text(error: difference),
                          ComparisonTable.text(interval: difference?.interval), difference.map { "\($0.count)\($0.isPaired ? "" : " (unpaired)")" } ?? "–", row.corrected[other].map(NumberText.brief) ?? "–"]
            }
            lines.append(line(cells))
        }
        lines += ["", "Mean ± standard deviation over seeds; differences are paired by seed unless marked; intervals by bootstrap; p by Student's t, corrected for all differences of the table (Holm).", ""]
        if !parameters.differing.isEmpty {
            lines += [line(["parameter"] + groups), line((["parameter"] + groups).map { _ in "---" })]
            lines += parameters.differing.map { line([$0.name] + $0.values.map { $0 ?? "–" }) }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }

    // MARK: CSV

    private func csv(_ table: ComparisonTable) -> String {
        func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
        var lines = ["result,arm,unit,better,side,n,mean,sd,baseline,difference,standard_error,interval_low,interval_high,pairs,paired,p,p_holm"]
        for row in table.rows {
            for (side, contender) in table.contenders.enumerated() {
                guard let moments = row.moments[side] else { continue }
                let difference = row.differences[side]
                let against = side == table.baseline ? "" : table.contenders[table.baseline].name
                var fields = [row.result, contender.arm ?? row.arm, row.unit, row.better.rawValue, contender.name]
                fields += ["\(moments.count)", number(moments.mean), number(moments.standardDeviation), against]
                fields += [number(difference?.meanDifference), number(difference?.standardError)]
                fields += [number(difference?.interval?.lowerBound), number(difference?.interval?.upperBound)]
                if let difference { fields += ["\(difference.count)", difference.isPaired ? "yes" : "no"] } else { fields += ["", ""] }
                fields += [number(difference?.studentProbability), number(row.corrected[side])]
                lines.append(fields.map(CSVField.quoted).joined(separator: ","))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: JSON

    private struct Document: Encodable {
        struct Side: Encodable { var name: String; var arm: String?; var runs: [String] }
        struct Difference: Encodable {
            var side: String
            var mean: Double
            var standardError: Double?
            var interval: [Double]?
            var pairs: Int
            var isPaired: Bool
            /// Two-sided; corrected for all differences of the table (Holm).
            var probability: Double?
            var correctedProbability: Double?
            var note: String
        }
        struct Row: Encodable {
            var result: String
            var arm: String
            var unit: String
            var better: String
            var sides: [Moments?]
            var differences: [Difference]
        }
        struct Parameter: Encodable { var name: String; var values: [String?] }
        var version = 1
        var sides: [Side]
        var baseline: String
        var results: [Row]
        var groups: [String]
        var parameters: [Parameter]
    }

    private func json(_ table: ComparisonTable, _ parameters: ParameterDifference, _ groups: [String]) throws -> String {
        let document = Document(
            sides: table.contenders.map { .init(name: $0.name, arm: $0.arm, runs: $0.runs) },
            baseline: table.contenders.indices.contains(table.baseline) ? table.contenders[table.baseline].name : "",
            results: table.rows.map { row in
                .init(result: row.result, arm: row.arm, unit: row.unit, better: row.better.rawValue, sides: row.moments,
                      differences: table.contenders.indices.compactMap { side in
                          row.differences[side].map {
                              .init(side: table.contenders[side].name, mean: $0.meanDifference, standardError: $0.standardError,
                                    interval: $0.interval.map { [$0.lowerBound, $0.upperBound] }, pairs: $0.count, isPaired: $0.isPaired,
                                    probability: $0.studentProbability, correctedProbability: row.corrected[side], note: $0.note)
                          }
                      })
            },
            groups: groups, parameters: parameters.rows.map { .init(name: $0.name, values: $0.values) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }
}
