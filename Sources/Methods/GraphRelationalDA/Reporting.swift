import Datasets
import Experiments
import Foundation

/// What a run says: graphs, tables and matrices at its end, and its results.
extension Trainer {
    private typealias Cell = RunEvent.Table.Cell
    private var metricName: String { material.samples.isClassification ? "accuracy" : "error" }
    private var metricUnit: String { material.samples.metricUnit }
    /// Of a difference between two values of the metric.
    private var differenceUnit: String { material.samples.isClassification ? "points" : metricUnit }
    private var better: RunEvent.Result.Direction { material.samples.isClassification ? .higher : .lower }
    private func cell(_ value: Double?) -> Cell { value.map { .number($0) } ?? .empty }

    /// At the start: what the data is, and whatever a reader should be warned of.
    func report(_ material: Material) {
        let levels = material.levels.map { "\($0.domains.count) \($0.name == "sources" ? "sources" : "at \($0.name)")" }.joined(separator: ", ")
        context.note("\(material.count) domains, \(material.graph.edgeCount) edges; task \(material.taskName): \(levels)")
        for note in material.notes { context.note(note) }
        for warning in material.warnings { context.warning(warning) }
        if let arm = arms.first(where: { material.leaks($0.pairing) }) { context.warning(leakSentence(arm)) }
    }

    private func leakSentence(_ arm: Arm) -> String {
        let share = material.agreement.map { "\(Int((100 * $0.found).rounded())) % of the pairs that it compares share their true class, \(Int((100 * $0.chance).rounded())) % would by chance" } ?? ""
        return "\(arm.name) uses target labels: rows lie sorted by class and all domains are shuffled alike, so \(share); its figures are no measure of adaptation"
    }

    /// The report; returns the run's results.
    func report(_ embedding: DomainEmbedding) throws -> [RunEvent.Result] {
        let evaluations = state.finished.map { Evaluation($0.outputs.floats, material) }
        let freedom = material.count <= 400 ? try? Equilibrium.freedom(material.graph) : nil
        reportFacts(freedom)
        reportLevels(evaluations)
        reportDomains(evaluations)
        reportDifferences(evaluations)
        reportGraphs(embedding, evaluations)
        reportMatrices()
        if material.samples.isClassification { reportClasses(evaluations) }
        reportPoints()
        reportCycle()
        reportVerdict(evaluations)
        return results(evaluations, freedom)
    }

    private var main: Int { arms.firstIndex(of: mainArm) ?? 0 }

    // MARK: - Results

    private func results(_ evaluations: [Evaluation], _ freedom: Int?) -> [RunEvent.Result] {
        let hasBase = arms.contains { $0.name == Arm.sourceOnly }
        var results: [RunEvent.Result] = []
        // The method that the charts are about comes first: its figure stands in lists of runs.
        for index in [main] + evaluations.indices.filter({ $0 != main }) {
            let arm = arms[index], finished = state.finished[index], evaluation = evaluations[index]
            let base = hasBase && !arm.name.hasPrefix(Arm.sourceOnly) ? Arm.sourceOnly : nil
            func add(_ name: String, _ value: Double?, unit: String = "", better: RunEvent.Result.Direction, baseline: String? = nil) {
                if let value { results.append(.init(name: name, arm: arm.name, unit: unit, value: value, better: better, baseline: baseline)) }
            }
            add("target \(metricName)", evaluation.mean(material.targets), unit: metricUnit, better: better, baseline: base)
            add("source \(metricName)", evaluation.mean(material.sources), unit: metricUnit, better: better)
            for level in material.levels where level.name != "sources" { add("\(level.name) \(metricName)", evaluation.mean(level.domains), unit: metricUnit, better: better, baseline: base) }
            add("balanced target accuracy", evaluation.balancedMean(material.targets), unit: "%", better: .higher, baseline: base)
            if !material.samples.unit.isEmpty {
                add("target RMSE", evaluation.mean(material.targets).map { material.samples.deviation * ($0 / Double(material.samples.outputs)).squareRoot() }, unit: material.samples.unit, better: .lower, baseline: base)
            }
            add("final L_f", finished.predictionLoss, unit: material.samples.lossUnit, better: .lower)
            if arm.pairing != nil {
                add("L_D over N ln 2", finished.adversaryLoss.map { $0 / GraphReconstruction.chance(material.count) }, better: .neither)
                if let reconstruction = arm.reconstruction {
                    add("discriminator AUC", pairAUC(reconstruction.logits(finished.reconstruction, width: settings.headSize), material.graph), better: .neither)
                }
            }
            if !evaluation.predictedShares.isEmpty { add("largest predicted share on targets", evaluation.predictedShares.max().map { 100 * $0 }, unit: "%", better: .neither) }
        }
        if let embedding = state.embedding {
            if let loss = embedding.loss { results.append(.init(name: "L_g", arm: "embedding", unit: "nats", value: loss, better: .lower)) }
            if let area = embedding.area { results.append(.init(name: "AUC", arm: "embedding", value: area, better: .higher)) }
        }
        if let freedom { results.append(.init(name: "alignment freedom", arm: "graph", value: Double(freedom), better: .neither)) }
        return results
    }

    // MARK: - Tables

    private func reportFacts(_ freedom: Int?) {
        var rows: [(String, String)] = [("task", material.taskName), ("domains", "\(material.count)"), ("edges", "\(material.graph.edgeCount)")]
        if let freedom { rows.append(("alignment freedom", freedom == 0 ? "0: domains must become alike" : "\(freedom) directions")) }
        rows += material.levels.map { ($0.name, "\($0.domains.count) domains") }
        for arm in arms { if let pairing = arm.pairing { rows.append((arm.name, material.leaks(pairing) ? "! USES TARGET LABELS" : "sees no target label")) } }
        if let embedding = state.embedding {
            rows.append(("embedding", "\(settings.embed.rawValue), \(embedding.width) columns"))
            if let loss = embedding.loss { rows.append(("L_g", "\(short(loss)) nats")) }
            if let area = embedding.area { rows.append(("AUC of z", short(area))) }
        }
        rows.append(("chance N ln 2", "\(short(GraphReconstruction.chance(material.count), digits: 4)) nats"))
        if !material.samples.isClassification, !material.samples.unit.isEmpty { rows.append(("scale", "\(short(material.samples.mean, digits: 6)) ± \(short(material.samples.deviation, digits: 6)) \(material.samples.unit)")) }
        context.emit(.table(.init(name: "facts", columns: [.init("what"), .init("value")], rows: rows.map { [.text($0.0), .text($0.1)] })))
    }

    private func reportLevels(_ evaluations: [Evaluation]) {
        let groups = material.levels + [("all targets", material.targets)]
        let columns = [RunEvent.Table.Column("method")] + groups.map { .init($0.name, unit: metricUnit, digits: material.samples.isClassification ? 1 : 3) }
        context.emit(.table(.init(name: "by level", columns: columns, rows: zip(arms, evaluations).map { arm, evaluation in
            [.text(arm.name + (material.leaks(arm.pairing) ? " (sees target labels)" : ""))] + groups.map { cell(evaluation.mean($0.domains)) }
        })))
    }

    private func reportDomains(_ evaluations: [Evaluation]) {
        let columns: [RunEvent.Table.Column] = [.init("domain"), .init("role"), .init("hops", digits: 0), .init("neighbours")]
            + arms.map { .init($0.name, unit: metricUnit, digits: material.samples.isClassification ? 1 : 3) }
        let names = material.dataset.domains.map(\.name)
        let rows: [[Cell]] = material.dataset.domains.indices.map { domain in
            [.text(material.dataset.domains[domain].title), .text(material.roles[domain].rawValue), cell(material.hops[domain].map(Double.init)),
             .text(material.graph.neighbours[domain].map { names[$0] }.joined(separator: " "))] + evaluations.map { cell($0.values[domain]) }
        }
        context.emit(.table(.init(name: "domains", columns: columns, rows: rows)))
    }

    /// Each method less source-only with z, domain by domain: the embedding is in both, so what is left is the adversary's.
    private func reportDifferences(_ evaluations: [Evaluation]) {
        guard let base = arms.firstIndex(where: { $0.name == Arm.sourceOnly }) else { return }
        let levels = material.levels.filter { $0.name != "sources" }
        let digits = material.samples.isClassification ? 1 : 3
        let columns: [RunEvent.Table.Column] = [.init("method"), .init("mean", unit: differenceUnit, digits: digits), .init("± error", unit: differenceUnit, digits: digits),
                                                .init("better", unit: "domains"), .init("worse", unit: "domains")] + levels.map { .init($0.name, unit: differenceUnit, digits: digits) } + [.init("L_f", unit: material.samples.lossUnit, digits: 4)]
        let rows: [[Cell]] = arms.indices.filter { $0 != base }.map { index in
            func differences(_ domains: [Int]) -> [Double] {
                domains.compactMap { domain in evaluations[index].values[domain].flatMap { own in evaluations[base].values[domain].map { own - $0 } } }
            }
            let all = differences(material.targets), mean = Evaluation.mean(all) ?? 0
            let deviation = all.count > 1 ? (all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count - 1)).squareRoot() : 0
            let gains = all.map { better == .higher ? $0 : -$0 }
            return [.text(arms[index].name), cell(Evaluation.mean(all)), all.count > 1 ? .number(deviation / Double(all.count).squareRoot()) : .empty,
                    .text("\(gains.count { $0 > 0 })"), .text("\(gains.count { $0 < 0 })")] + levels.map { cell(Evaluation.mean(differences($0.domains))) }
                + [cell(state.finished[index].predictionLoss.flatMap { own in state.finished[base].predictionLoss.map { own - $0 } })]
        }
        context.emit(.table(.init(name: "difference to source-only", columns: columns, rows: rows)))
    }

    private func reportClasses(_ evaluations: [Evaluation]) {
        let columns = [RunEvent.Table.Column("method")] + material.samples.classNames.map { .init("predicted \($0)", unit: "%", digits: 1) } + [.init("balanced accuracy", unit: "%", digits: 1)]
        context.emit(.table(.init(name: "predicted classes on targets", columns: columns, rows: zip(arms, evaluations).map { arm, evaluation in
            [.text(arm.name)] + evaluation.predictedShares.map { .number(100 * $0) } + [cell(evaluation.balancedMean(material.targets))]
        })))
    }

    // MARK: - Pictures

    private func reportGraphs(_ embedding: DomainEmbedding, _ evaluations: [Evaluation]) {
        let domains = material.dataset.domains
        let edges = material.graph.pairs.filter { material.graph[$0.0, $0.1] == 1 }.map { [$0.0, $0.1] }
        func emit(_ name: String, unit: String, _ node: (Int) -> RunEvent.GraphSketch.Node) {
            context.emit(.graph(.init(name: name, unit: unit, nodes: domains.indices.map(node), edges: edges)))
        }
        func group(_ domain: Int) -> Int { material.roles[domain] == .source ? 0 : 1 }
        emit("domain map", unit: metricUnit) { domain in
            .init(label: "\(domains[domain].name)[\(material.hops[domain].map { min($0, 9).description } ?? "-")]", group: group(domain), value: evaluations[main].values[domain], x: domains[domain].position?.x, y: domains[domain].position?.y)
        }
        // One scale for both, with the origin on it: products of z and of ẑ mean the same, and a heap stays a heap.
        func plane(_ values: [Double], _ width: Int) -> [(x: Double, y: Double)] {
            guard width >= 1, values.count == width * domains.count else { return [] }
            return domains.indices.map { (values[$0 * width], width > 1 ? values[$0 * width + 1] : 0) }
        }
        let clouds = [("embedding z", plane(embedding.values, embedding.width)), ("mean reconstruction", plane(state.finished[main].reconstruction, settings.headSize))]
        let all = clouds.flatMap(\.1) + [(x: 0, y: 0)]
        guard let left = all.map(\.x).min(), let right = all.map(\.x).max(), let low = all.map(\.y).min(), let high = all.map(\.y).max() else { return }
        let span = max(right - left, high - low, 1e-12)
        for (name, cloud) in clouds where !cloud.isEmpty {
            emit(name, unit: "") { domain in
                .init(label: domains[domain].name, group: group(domain), x: 0.5 + (cloud[domain].x - (left + right) / 2) / span, y: 0.5 + ((low + high) / 2 - cloud[domain].y) / span)
            }
        }
    }

    private func reportMatrices() {
        let names = material.dataset.domains.map(\.name)
        guard names.count <= 200 else { return }
        context.emit(.matrix(.init(name: "adjacency", rows: names, columns: names, values: material.graph.matrix)))
        guard let reconstruction = arms[main].reconstruction else { return }
        let logits = reconstruction.logits(state.finished[main].reconstruction, width: settings.headSize)
        context.emit(.matrix(.init(name: "reconstruction", rows: names, columns: names, values: logits.map { 1 / (1 + exp(-$0)) })))
    }

    /// Points of two inputs with the class that the main method predicts; at most a thousand, equally many of each domain.
    private func reportPoints() {
        let samples = material.samples
        guard samples.isClassification, samples.width == 2 else { return }
        let outputs = state.finished[main].outputs.floats, slots = samples.evaluationSlots
        let share = max(1, 1000 / material.count)
        var rows: [[Cell]] = []
        for (domain, part) in samples.evaluation.enumerated() {
            for slot in stride(from: 0, to: part.count, by: max(1, part.count / share)) {
                let choice = Evaluation.choice(outputs[(domain * slots + slot) * samples.outputs..<(domain * slots + slot + 1) * samples.outputs])
                rows.append([.text(material.dataset.domains[domain].name), .number(Double(part.inputs[2 * slot])), .number(Double(part.inputs[2 * slot + 1])),
                             .text("predicted \(samples.classNames[choice])")])
            }
        }
        context.emit(.table(.init(name: "points", columns: [.init("domain"), .init("x1", unit: "sd"), .init("x2", unit: "sd"), .init("group")], rows: rows)))
    }

    /// One domain's last cycle in its own unit: what was given, what came and what each method said.
    private func reportCycle() {
        guard case .series(let values, let series) = material.dataset.content else { return }
        let farthest = material.targets.max { ((material.hops[$0] ?? 99), -$0) < ((material.hops[$1] ?? 99), -$1) }
        let named = material.dataset.domains.firstIndex { $0.name == settings.shownDomain || $0.title == settings.shownDomain }
        if !settings.shownDomain.isEmpty, named == nil { context.warning("parameter shown-domain: “\(settings.shownDomain.prefix(40))” is no domain of \(material.dataset.identifier); another is drawn") }
        guard let domain = named ?? farthest, let cycle = material.samples.evaluation[domain].count > 0 ? material.samples.evaluation[domain].count - 1 : nil else { return }
        let title = material.dataset.domains[domain].title, start = cycle * series.period
        for step in 0..<series.inputs + series.outputs {
            context.metric("\(series.step)s of one domain/\(title), true", step: Double(step + 1), value: values[domain][start + step], unit: series.unit)
        }
        let level = series.removesLevel ? values[domain][start..<start + series.inputs].reduce(0, +) / Double(series.inputs) : material.samples.mean
        let slots = material.samples.evaluationSlots
        for index in Set([main] + arms.indices.filter { arms[$0].name == Arm.sourceOnly || arms[$0].training == .ridge }).sorted() {
            let outputs = state.finished[index].outputs.floats
            for step in 0..<series.outputs {
                let value = level + material.samples.deviation * Double(outputs[(domain * slots + cycle) * series.outputs + step])
                context.metric("\(series.step)s of one domain/\(title), \(arms[index].name)", step: Double(series.inputs + step + 1), value: value, unit: series.unit)
            }
        }
    }

    // MARK: - Words

    /// Says in a sentence whether the graph loss gained anything over the same network without it.
    private func reportVerdict(_ evaluations: [Evaluation]) {
        guard let base = arms.firstIndex(where: { $0.name == Arm.sourceOnly }), let floor = evaluations[base].mean(material.targets) else { return }
        for (arm, evaluation) in zip(arms, evaluations) where arm.pairing != nil {
            guard let value = evaluation.mean(material.targets) else { continue }
            let gain = better == .higher ? value - floor : floor - value
            let words = "\(arm.name) \(short(value)) \(metricUnit) on targets, source-only with the same embedding \(short(floor)) \(metricUnit)"
            if material.leaks(arm.pairing) {
                context.warning("\(words); \(leakSentence(arm))")
            } else {
                // On these the paper prints GRDA ahead of everything.
                let claimed = ["dg-15", "dg-60", "tpt-48"].contains(material.dataset.identifier) ? "; the paper's direction, GRDA ahead, is not met" : ""
                context.note(gain > 0 ? "\(words): better here; look at other seeds" : "\(words): the graph loss does not help here\(claimed)")
            }
        }
        if let ridge = arms.firstIndex(where: { $0.training == .ridge }), let value = evaluations[ridge].mean(material.targets) {
            let beaten = zip(arms, evaluations).filter { $0.0.training != .ridge && ($0.1.mean(material.targets) ?? .infinity) < value }.map(\.0.name)
            context.note("ridge, in closed form, has an error of \(short(value)) \(metricUnit) on targets; " + (beaten.isEmpty ? "no network here is better" : "better: \(beaten.joined(separator: ", "))"))
        }
    }
}
