import Experiments
import Foundation

/// What a run says: tables, distributions and results at its end, and running means while it attributes.
extension Trainer {
    typealias Cell = RunEvent.Table.Cell
    func cell(_ value: Double?) -> Cell { value.map { $0.isNaN ? .empty : .number($0) } ?? .empty }

    func reportMaterial() {
        for note in material.notes { context.note(note) }
        for warning in material.warnings { context.warning(warning) }
    }

    /// Running means ± standard errors (over targets; the intervals of the report are over scenes).
    func reportRunning(_ arm: Arm, _ found: [TargetAttribution], _ measures: [ErrorMeasure]) {
        let measure = measures[0], step = Double(found.count)
        // One axis and one column have one unit: a predictor without densities is counted in metres.
        guard measure == self.measures[0] else { return }
        let series: [(String, (TargetAttribution) -> Double)] = [
            ("past", { $0.real[0].values.first ?? 0 }), ("social", { $0.real[0].social }), ("null", { $0.null[0].social }),
        ]
        for (name, value) in series {
            guard name == "past" || arm.seesNeighbours, let moments = Moments(found.map(value)) else { continue }
            context.metric("\(name) so far/\(arm.name)", step: step, value: moments.mean, unit: measure.unit)
        }
        let rows = trained.filter { self.measures(of: $0.predictor)[0] == measure }.map { ($0.arm, $0.attributions) } + [(arm, found)]
        let columns = [RunEvent.Table.Column("model"), .init("targets")] + series.flatMap { [RunEvent.Table.Column($0.0, unit: measure.unit, digits: 3), .init("± \($0.0)", unit: measure.unit, digits: 3)] }
        context.emit(.table(.init(name: "attribution so far", columns: columns, rows: rows.map { arm, found in
            [.text(arm.name), .number(Double(found.count))] + series.flatMap { entry -> [Cell] in
                let moments = Moments(found.map(entry.1))
                return [cell(moments?.mean), cell(moments?.standardError)]
            }
        })))
    }

    func report() throws -> [RunEvent.Result] {
        let bootstrap = SceneBootstrap(scenes: material.test.map(\.scene), random: context.random)
        var results: [RunEvent.Result] = []
        var all: [(arm: Arm, findings: [Findings], metrics: PredictionMetrics, truth: TruthAgreement?)] = []
        for entry in trained {
            try context.proceed()
            let measures = measures(of: entry.predictor)
            let findings = measures.indices.map { Findings(entry.attributions, place: $0, measure: measures[$0], bootstrap) }
            let metrics = try PredictionMetrics(entry.predictor, material, random: context.random, proceed: context.proceed)
            let truth = entry.arm.seesNeighbours ? TruthAgreement(material.test, entry.attributions, place: 0) : nil
            all.append((entry.arm, findings, metrics, truth))
        }
        // The predictor that the charts are about comes first: its figure stands in lists of runs.
        let main = all.firstIndex { $0.arm.word == "edge" } ?? all.lastIndex { $0.arm.seesNeighbours } ?? all.count - 1
        for place in [main] + all.indices.filter({ $0 != main }) { results += self.results(all[place].arm, all[place].findings, all[place].metrics, all[place].truth, trained[place].attributions) }
        reportContributions(all.map { ($0.arm, $0.findings) })
        reportExchange(all.map { ($0.arm, $0.findings) })
        reportOverview(all.map { ($0.arm, $0.findings, $0.metrics) })
        if let estimators = try EstimatorStudy(tables: trained[main].attributions.map(\.table), random: context.random.stream("estimators"), proceed: context.proceed) {
            reportEstimators(estimators, trained[main].arm)
            for row in estimators.rows where row.name == "antithetic" { results.append(.init(name: "rmse of φ_j, m = \(row.size)", arm: "antithetic", unit: measures[0].unit, value: row.neighbours, better: .lower)) }
        }
        reportLocal(trained[main].arm, trained[main].attributions, measures(of: trained[main].predictor)[0])
        try reportScenes(trained[main].arm, trained[main].predictor, trained[main].attributions, measures(of: trained[main].predictor))
        if let truth = all[main].truth { reportTruth(truth, all[main].arm) }
        reportVerdict(all.map { ($0.arm, $0.findings, $0.metrics) })
        return results
    }

    // MARK: - Results

    private func baseline(_ arm: Arm) -> String? {
        let names = Set(settings.arms.map(\.name))
        switch arm.word {
        case "cv": return nil
        case "lstm": return names.contains("CV") ? "CV" : nil
        default: return names.contains("LSTM") ? "LSTM" : names.contains("CV") ? "CV" : nil
        }
    }

    private func results(_ arm: Arm, _ findings: [Findings], _ metrics: PredictionMetrics, _ truth: TruthAgreement?, _ attributions: [TargetAttribution]) -> [RunEvent.Result] {
        var results: [RunEvent.Result] = []
        func add(_ name: String, _ value: Double?, unit: String, better: RunEvent.Result.Direction = .neither, baseline: String? = nil) {
            if let value, !value.isNaN { results.append(.init(name: name, arm: arm.name, unit: unit, value: value, better: better, baseline: baseline)) }
        }
        let base = baseline(arm)
        for found in findings {
            let name = found.measure.title, unit = found.measure.unit
            guard !found.real.mean.isNaN else { continue }
            add(name, found.real.mean, unit: unit, better: .lower, baseline: base == "CV" && found.measure.needsDensity ? nil : base)
            if arm.seesNeighbours || arm.word == "lstm" {
                add("W − R, \(name)", found.content.mean, unit: unit)
                add("0 − W, \(name)", found.presence.mean, unit: unit)
                add("0 − R, \(name)", found.dropped.mean, unit: unit)
            }
            add("φ past, \(name)", found.past.mean, unit: unit)
            if arm.seesNeighbours {
                add("social score, \(name)", found.social.mean, unit: unit)
                add("null of the score, \(name)", found.socialNull.mean, unit: unit)
                add("score minus null, \(name)", found.socialAboveNull.mean, unit: unit)
                add("stranger φ, \(name)", found.stranger?.mean, unit: unit)
                add("Σψ, \(name)", found.givenPast.mean, unit: unit)
                add("Σψ of the null, \(name)", found.givenPastNull.mean, unit: unit)
                add("Σψ minus null, \(name)", found.givenPastAboveNull.mean, unit: unit)
            }
            add("share of the past, \(name)", found.pastShare.map { 100 * $0 }, unit: "%")
            add("largest neighbour value, \(name)", found.largestNeighbour, unit: unit)
            if settings.estimator != .banzhafCode { add("efficiency error, \(name)", found.efficiencyError, unit: unit, better: .lower) }
        }
        add("FDE", metrics.fde, unit: "m", better: .lower, baseline: base)
        add("minADE", metrics.minADE, unit: "m", better: .lower)
        add("minFDE", metrics.minFDE, unit: "m", better: .lower)
        add("nll", metrics.nll, unit: "nats", better: .lower)
        add("KDE-NLL", metrics.kernelNLL, unit: "nats", better: .lower)
        let gaps = attributions.compactMap(\.codeGap)
        if !gaps.isEmpty { add("efficiency gap of banzhaf-code", gaps.reduce(0) { $0 + abs($1) } / Double(gaps.count), unit: measures[0].unit) }
        if let truth, truth.targets > 0 {
            add("ψ names the partner", 100 * truth.givenPastHits, unit: "%", better: .higher)
            add("φ names the partner", 100 * truth.shapleyHits, unit: "%", better: .higher)
            add("nearest is the partner", 100 * truth.nearestHits, unit: "%")
            add("ψ of the partner", truth.partner, unit: measures[0].unit)
            add("ψ of others", truth.others, unit: measures[0].unit)
            add("rank correlation of ψ with C", truth.correlation, unit: "")
        }
        return results
    }

    // MARK: - Tables

    private func column(_ name: String, _ unit: String, digits: Int = 3, better: RunEvent.Result.Direction? = nil) -> RunEvent.Table.Column { .init(name, unit: unit, digits: digits, better: better) }
    private func interval(_ value: Estimated?) -> [Cell] { [cell(value?.interval?.lowerBound), cell(value?.interval?.upperBound)] }

    /// The paper's picture: past, interaction, random and null, with intervals over scenes.
    private func reportContributions(_ all: [(arm: Arm, findings: [Findings])]) {
        for (name, matches) in [("contributions", { (findings: [Findings]) in findings[0] }), ("contributions, ADE", { (findings: [Findings]) in findings[findings.count - 1] })] {
            guard let unit = all.map({ matches($0.findings).measure.unit }).last else { continue }
            let bars = ["past", "interaction", "random", "null"]
            let columns = [RunEvent.Table.Column("model")] + bars.flatMap { [column($0, unit), column("\($0) low", unit), column("\($0) high", unit)] }
            let rows = all.filter { !matches($0.findings).past.mean.isNaN && matches($0.findings).measure.unit == unit }.map { arm, findings -> [Cell] in
                let found = matches(findings)
                return [.text(arm.name)] + [found.past, found.social, found.stranger, found.socialNull].flatMap { [cell($0?.mean)] + interval($0) }
            }
            context.emit(.table(.init(name: name, columns: columns, rows: rows)))
        }
    }

    private func reportExchange(_ all: [(arm: Arm, findings: [Findings])]) {
        for (name, matches) in [("exchange", { (findings: [Findings]) in findings[0] }), ("exchange, ADE", { (findings: [Findings]) in findings[findings.count - 1] })] {
            guard let unit = all.map({ matches($0.findings).measure.unit }).last else { continue }
            let columns = [RunEvent.Table.Column("model"), column("R", unit), column("W", unit), column("0", unit), column("W − R", unit), column("W − R low", unit), column("W − R high", unit), column("0 − W", unit),
                           column("Σψ", unit), column("Σψ null", unit), column("Σψ − null", unit), column("Σψ − null low", unit), column("Σψ − null high", unit)]
            let rows = all.filter { !matches($0.findings).real.mean.isNaN && $0.arm.word != "cv" && matches($0.findings).measure.unit == unit }.map { arm, findings -> [Cell] in
                let found = matches(findings)
                return [.text(arm.name), cell(found.real.mean), cell(found.exchanged.mean), cell(found.none.mean), cell(found.content.mean)] + interval(found.content) + [cell(found.presence.mean), cell(found.givenPast.mean),
                        cell(found.givenPastNull.mean), cell(found.givenPastAboveNull.mean)] + interval(found.givenPastAboveNull)
            }
            context.emit(.table(.init(name: name, columns: columns, rows: rows)))
        }
    }

    private func reportOverview(_ all: [(arm: Arm, findings: [Findings], metrics: PredictionMetrics)]) {
        let constant = all.first { $0.arm.word == "cv" }?.metrics.ade
        let columns = [RunEvent.Table.Column("model"), column("ADE", "m", better: .lower), column("below CV", "m", better: .higher), column("FDE", "m", better: .lower), column("minADE", "m", better: .lower), column("minFDE", "m", better: .lower),
                       column("nllc", "nats", better: .lower), column("KDE-NLL", "nats", better: .lower), column("ADE none", "m"), column("φ past", measures[0].unit), column("Σψ", measures[0].unit), column("share of past", "%", digits: 1), column("efficiency error", measures[0].unit, digits: 8)]
        let rows = all.map { arm, findings, metrics -> [Cell] in
            let ade = findings.last
            // A predictor without densities has no games in the measure of this column.
            let first = findings[0].measure == measures[0] ? findings[0] : nil
            return [.text(arm.name), cell(metrics.ade), cell(constant.map { $0 - metrics.ade }), cell(metrics.fde), cell(metrics.minADE), cell(metrics.minFDE), cell(metrics.nllc), cell(metrics.kernelNLL),
                    arm.seesNeighbours ? cell(ade?.none.mean) : .empty, cell(first?.past.mean), arm.seesNeighbours ? cell(first?.givenPast.mean) : .empty, cell(first?.pastShare.map { 100 * $0 }), cell(first?.efficiencyError)]
        }
        context.emit(.table(.init(name: "models", columns: columns, rows: rows)))
    }

    private func reportEstimators(_ study: EstimatorStudy, _ arm: Arm) {
        let unit = measures[0].unit
        context.emit(.table(.init(name: "estimators", columns: [.init("estimator"), .init("walks"), column("evaluations", "", digits: 1), column("rmse φ past", unit, digits: 4, better: .lower), column("rmse φ_j", unit, digits: 4, better: .lower), column("social score", unit, digits: 4), column("exact score", unit, digits: 4)],
                                  rows: study.rows.map { [.text($0.name), $0.size == 0 ? .empty : .number(Double($0.size)), .number($0.evaluations), .number($0.past), .number($0.neighbours), .number($0.social), .number(study.exactSocial)] })))
        for row in study.rows where row.name == "plain" || row.name == "antithetic" { context.metric("rmse of φ_j/\(row.name)", step: Double(row.size), value: row.neighbours, unit: unit) }
        context.note("estimators are compared on the exact games of \(arm.name)")
    }

    /// The scores of single targets: how they spread, and what they have to do with distance.
    private func reportLocal(_ arm: Arm, _ attributions: [TargetAttribution], _ measure: ErrorMeasure) {
        context.emit(.distribution(.init(name: "local social score", unit: measure.unit, groups: [.init(name: arm.name, values: attributions.map { $0.real[0].social }), .init(name: "null", values: attributions.map { $0.null[0].social })], marker: 0, markerName: "no interaction")))
        let edges: [(Double, Double)] = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 6), (6, .infinity)]
        let pairs = zip(material.test, attributions).flatMap { target, found in zip(target.neighbours, found.real[0].givenPast).map { ($0.distance, $1) } }
        let rows = edges.compactMap { low, high -> [Cell]? in
            guard let moments = Moments(pairs.filter { $0.0 >= low && $0.0 < high }.map(\.1)) else { return nil }
            return [.text(high.isFinite ? "\(Int(low))–\(Int(high)) m" : "over \(Int(low)) m"), .number(moments.mean), cell(moments.standardError), .number(Double(moments.count))]
        }
        context.emit(.table(.init(name: "ψ by distance", columns: [.init("distance"), column("mean ψ", measure.unit, digits: 4), column("standard error", measure.unit, digits: 4), .init("pairs")], rows: rows)))
    }

    private func reportTruth(_ truth: TruthAgreement, _ arm: Arm) {
        let columns = [RunEvent.Table.Column("influence C"), .init("targets"), column("ψ", "%", digits: 1), column("φ", "%", digits: 1), column("nearest", "%", digits: 1), column("chance", "%", digits: 1)]
        let rows = truth.byInfluence.filter { $0.targets > 0 }.map { row -> [Cell] in
            [.text("\(row.range.lowerBound)–\(row.range.upperBound) m"), .number(Double(row.targets)), cell(100 * row.givenPast), cell(100 * row.shapley), cell(100 * row.nearest), cell(100 * row.chance)]
        }
        context.emit(.table(.init(name: "hits by influence", columns: columns, rows: rows)))
        guard truth.targets > 0 else { return context.note("nobody moves anybody by more than \(TruthAgreement.threshold) m in these scenes, so there is no partner to name") }
        context.note("on the \(truth.targets) targets whose largest influence is above \(TruthAgreement.threshold) m, ψ of \(arm.name) names the neighbour of it in \(percent(truth.givenPastHits)), the nearest is it in \(percent(truth.nearestHits)), chance \(percent(truth.chance))")
    }

    /// What the figures say, in words, where a reader could misread them.
    private func reportVerdict(_ all: [(arm: Arm, findings: [Findings], metrics: PredictionMetrics)]) {
        for (arm, findings, metrics) in all where arm.seesNeighbours {
            let found = findings[0], unit = found.measure.unit
            if let interval = found.content.interval {
                let size = String(format: "%.3f", found.content.mean)
                context.note(interval.lowerBound > 0 ? "\(arm.name) reads what its neighbours do: another's neighbours cost it \(size) \(unit)"
                             : "\(arm.name): W − R is \(size) \(unit), no more than chance over scenes; what the neighbours do is not shown to matter")
            }
            if let base = all.first(where: { $0.arm.name == baseline(arm) }), metrics.ade >= base.metrics.ade {
                context.warning("\(arm.name) does not beat \(base.arm.name): ADE \(String(format: "%.3f", metrics.ade)) m against \(String(format: "%.3f", base.metrics.ade)) m")
            }
            if metrics.clippedShare > 0.1 { context.warning("the limit of ±6 nats acts on \(percent(metrics.clippedShare)) of the steps of \(arm.name) with all cues; read the ADE games beside") }
        }
    }
}

extension Arm {
    var seesNeighbours: Bool { model != .constantVelocity && model != .recurrent(.none) }
}
