import Datasets
import Experiments

extension GraphRelationalDAMethod {
    struct Row {
        var condition: String, dataset: String, seeds: Range<UInt64>, values: [String: ParameterValue]
    }

    public func runs(for plan: Plan, dataset: String?) -> [RunRequest] {
        let rows: [Row] = switch plan {
        case .smoke: [Row(condition: "smoke", dataset: dataset ?? "dg-6", seeds: 1..<2, values: [:])]
        case .standard: Self.standard.filter { dataset == nil || $0.dataset == dataset }
        case .paper: Self.paper.filter { dataset == nil || $0.dataset == dataset }
        }
        // A data set that the sheet does not name gets the method's defaults.
        let chosen = rows.isEmpty ? [Row(condition: "", dataset: dataset ?? "dg-15", seeds: 0..<3, values: [:])] : rows
        return chosen.flatMap { row in
            row.seeds.map { RunRequest(method: "grda", dataset: row.dataset, plan: plan, seed: $0, condition: row.condition, values: row.values) }
        }
    }

    static let fifteen = "DG-15, all methods", sixty = "DG-60, GRDA", published = "published settings"
    static func states(_ task: String) -> String { "\(task), whole years" }

    /// The seeds that the sheet states for the states: they alone decide the acceptance rows.
    static let judgedSeeds: Range<UInt64> = 0..<3

    /// Ten seeds where the sheet states three. Source-only spreads widely on E-to-W, and its row fails at the three (0.64 where at most
    /// 0.6 is asked; one seed is at 1.08). The other seven were added after that was seen: they show the spread and the paired
    /// differences, and decide no row.
    private static func years(_ task: String, arms: String = "source-only, source-only-without-z, dann, cida, ridge, grda", seeds: Range<UInt64> = 0..<10) -> Row {
        Row(condition: states(task), dataset: "tpt-48", seeds: seeds, values: [
            "task": .text(task), "arms": .text(arms), "lambda": .real(0.001), "baseline-lambda": .real(0.1), "rate": .real(1e-3), "discriminator-rate": .real(1e-3),
            "batch": .integer(12), "epochs": .integer(200), "half-life": .real(50), "group": .integer(27), "evaluate-every": .integer(10),
        ])
    }

    /// Of the synthetic sets, rows as the files have them: only then does `slot-shared` reproduce what was printed.
    static let standard = [
        Row(condition: fifteen, dataset: "dg-15", seeds: 0..<3, values: [
            "arms": .text("source-only-without-z, source-only, dann, cdann, adda, mdd, cida, grda"), "pairing": .text("every"), "rows": .text("file"), "group": .integer(10),
        ]),
        years("N-to-S"),
        years("E-to-W"),
        // Closed form and the source-only row of the third table.
        years("W-to-E", arms: "source-only, ridge", seeds: 0..<1),
        Row(condition: sixty, dataset: "dg-60", seeds: 0..<3, values: [
            "arms": .text("source-only, grda"), "pairing": .text("every"), "rows": .text("file"), "lambda": .real(0.02), "epochs": .integer(60), "half-life": .real(60), "group": .integer(30),
        ]),
    ]

    /// The published settings (section 3): full-size networks, once as published and once with honest pairs.
    static let paper: [Row] = {
        func row(_ dataset: String, lambda: Double, rate: Double, group: Int) -> Row {
            Row(condition: published, dataset: dataset, seeds: 0..<1, values: [
                "arms": .text("source-only, dann, cdann, adda, mdd, grda"), "pairing": .text("every"), "rows": .text("file"), "lambda": .real(lambda), "baseline-lambda": .real(lambda),
                "rate": .real(rate), "discriminator-rate": .real(rate), "group": .integer(group), "evaluate-every": .integer(10),
            ])
        }
        func series(_ task: String, lambda: Double) -> Row {
            Row(condition: "\(published), \(task)", dataset: "tpt-48", seeds: 0..<1, values: [
                "task": .text(task), "arms": .text("source-only, dann, cdann, adda, mdd, ridge, grda"), "lambda": .real(lambda), "baseline-lambda": .real(lambda), "rate": .real(3e-5),
                "discriminator-rate": .real(3e-5), "warm-up": .integer(20), "batch": .integer(16), "group": .integer(27), "windows": .text("all"), "evaluate-every": .integer(10),
            ])
        }
        return [
            row("dg-15", lambda: 0.5, rate: 1e-4, group: 10), row("dg-60", lambda: 0.5, rate: 1e-5, group: 30),
            series("N-to-S", lambda: 0.3), series("E-to-W", lambda: 0.4),
        ]
    }()
}
