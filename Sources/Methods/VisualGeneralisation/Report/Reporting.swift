import Datasets
import Experiments
import Foundation

/// What a run says. Names are shared with `VisualGeneralisationMethod.panels`.
extension Trainer {
    typealias Cell = RunEvent.Table.Cell

    // MARK: - At the start

    func reportMaterial() {
        for note in material.notes { context.note(note) }
        let split = material.split, factors = material.factors
        var rows: [[Cell]] = factors.indices.map { j in
            let factor = factors[j], list = split.lists[j]
            let words = [factor.isKept ? "kept" : "", factor.isCategorical ? "categorical" : "", factor.isCyclic ? "cyclic" : ""].filter { !$0.isEmpty }.joined(separator: ", ")
            let clamp: Cell = material.lines.oneFactor(.clamp, j).map { .number($0) } ?? .empty
            return [.text(factor.name), .number(Double(factor.size)), .text(words), .text(list.isEmpty ? "–" : list.map(String.init).joined(separator: " ")),
                    material.counts.oneFactor[j] > 0 ? .number(Double(material.counts.oneFactor[j])) : .empty, clamp]
        }
        rows.append([.text("all"), .number(Double(material.dataset.count)), .text("\(grouped(material.counts.training)) train"), .text("\(grouped(material.counts.test)) test"), .empty, material.line(.clamp, .all).map { .number($0) } ?? .empty])
        let listed = split.kind == .composition ? "trains with everything" : "held out"
        context.emit(.table(.init(name: "division", columns: [.init("factor"), .init("values", digits: 0), .init("kind"), .init(listed), .init("alone", unit: "images", digits: 0), .init("clamp", digits: 3)], rows: rows)))
        context.note("\(material.dataset.identifier), \(split.kind.rawValue): \(grouped(material.training.count)) images train, R² is measured on \(grouped(material.iid.count)) unseen ones of the training part (iid), \(grouped(material.test.count)) of the test part, "
                     + "and \(grouped(material.oneFactor.compactMap { $0?.count }.max() ?? 0)) for each factor that is out of distribution alone; 1 is perfect, 0 as bad as always 0.5; sizes of models are ours")
        if settings.dearSteps > 0, settings.dearSteps != settings.steps { context.note("coordinate set, Rot-EQ-big, ResNet-101 kind and ViT, which cost most a step, train \(settings.dearSteps) steps where the others train \(settings.steps)") }
        if let clamp = material.line(.clamp, material.mainAverage), let mean = material.line(.mean, material.mainAverage) {
            context.note("“clamp” (\(text(clamp))) is right on values that were seen and says the nearest seen one otherwise: above it a model extrapolates; “mean” (\(text(mean))) says the training mean otherwise")
        }
        var number = 0, items: [RunEvent.ImageSet.Item] = []
        for set in material.sets {
            for row in 0..<min(6, set.count) {
                let n = factors.count, values = set.values[row * n..<(row + 1) * n].map(String.init).joined(separator: " ")
                items.append(.init(identifier: number, caption: "\(set.name) \(values)", thumbnail: material.dataset.thumbnail(at: set.indices[row])))
                number += 1
            }
        }
        context.emit(.images(.init(name: "examples", items: items)))
    }

    // MARK: - While models train

    func reportQueue() {
        let rows: [[Cell]] = arms.indices.map { index in
            let arm = arms[index]
            func row(_ words: String, _ step: String, _ seconds: Double?, _ iid: Double?, _ test: Double?) -> [Cell] {
                [.text(arm.name), .text(arm.group.rawValue), .text(words), .text(step), seconds.map { .number($0) } ?? .empty, iid.map { .number($0) } ?? .empty, test.map { .number($0) } ?? .empty]
            }
            if index < state.finished.count {
                let done = state.finished[index]
                guard let found = material.findings(arm, done) else { return row("! given up", "", done.seconds, nil, nil) }
                return row("✓ done", "", done.seconds, found.iid.mean(material.mainAverage, material.factors), found.test.mean(material.mainAverage, material.factors))
            }
            if let current, current.arm == index {
                return row("▶ \(current.phase)", "\(current.step) / \(current.steps)", current.seconds, current.watched[0].isFinite ? current.watched[0] : nil, current.watched[1].isFinite ? current.watched[1] : nil)
            }
            return row("… waiting", "", nil, nil, nil)
        }
        context.emit(.table(.init(name: "queue", columns: [.init("model"), .init("group"), .init("state"), .init("step"), .init("time", unit: "s", digits: 0), .init("R² iid", digits: 2, better: .higher), .init("R² test", digits: 2, better: .higher)], rows: rows)))
    }

    /// Everything about the models that are done, again after each.
    func reportFindings() throws {
        let found = finished
        guard !found.isEmpty else { return }
        reportScores(found)
        reportFactors(found)
        if material.split.kind.hasUnseenValues { reportModularity(found) }
        reportLatents(found)
        try context.proceed()
    }

    var finished: [ArmFindings] { zip(arms, state.finished).compactMap { material.findings($0, $1) } }

    /// A mark that tells the groups apart without colour.
    static func mark(_ group: Arm.Group) -> String {
        switch group {
        case .latent: "○"
        case .architecture: "■"
        case .transfer: "▲"
        case .beyond: "×"
        }
    }

    /// Bars of R² by model, the best on test first, with the reference lines as bars of their own; a page for each average.
    private func reportScores(_ found: [ArmFindings]) {
        var rows: [[Cell]] = []
        for average in [material.mainAverage] + material.averages.filter({ $0 != material.mainAverage }) {
            var entries: [(name: String, iid: Double?, test: Double, train: Double?)] = found.compactMap { own in
                own.test.mean(average, material.factors).map { ("\(Self.mark(own.arm.group)) \(own.arm.name)", own.iid.mean(average, material.factors), $0, own.train.mean(average, material.factors)) }
            }
            for line in ReferenceLines.Line.allCases { if let value = material.line(line, average) { entries.append(("– \(line.rawValue)", 1, value, 1)) } }
            entries.sort { $0.test > $1.test }
            rows += entries.map { [.text($0.name), .text("\(average.rawValue) factors"), $0.iid.map { .number($0) } ?? .empty, .number($0.test), $0.train.map { .number($0) } ?? .empty] }
        }
        context.emit(.table(.init(name: "scores", columns: [.init("model"), .init("page"), .init("iid", digits: 3), .init("test", digits: 3), .init("train", digits: 3)], rows: rows)))
    }

    /// R² of each factor on test; ▲ where the model beats clamp on the images in which this factor alone is out of distribution.
    private func reportFactors(_ found: [ArmFindings]) {
        let factors = material.factors
        func line(_ name: String, _ scores: FactorScores) -> [Cell] {
            let mean: Cell = scores.mean(material.mainAverage, factors).map { .number($0) } ?? .empty
            return [.text(name)] + factors.indices.map { .text(String(format: "%6.2f  ", scores.r2[$0])) } + [mean]
        }
        var rows = found.map { own -> [Cell] in
            var row = line(own.arm.name, own.test)
            for alone in own.oneFactor {
                guard let clamp = material.lines.oneFactor(.clamp, alone.factor), alone.outOfDistribution > clamp else { continue }
                row[alone.factor + 1] = .text(String(format: "%6.2f ▲", own.test.r2[alone.factor]))
            }
            return row
        }
        if material.split.kind.hasUnseenValues { for own in ReferenceLines.Line.allCases { rows.append(line("– \(own.rawValue)", material.lines.test(own))) } }
        context.emit(.table(.init(name: "factors", columns: [.init("R² test")] + factors.map { .init($0.name) } + [.init("mean", digits: 2, better: .higher)], rows: rows)))
        context.emit(.table(.init(name: "errors", columns: [.init("MSE test")] + factors.map { .init($0.name, digits: 4, better: .lower) }, rows: found.map { [.text($0.arm.name)] + $0.test.errors.map { .number($0) } })))
        context.emit(.matrix(.init(name: "R² by factor", rows: found.map(\.arm.name), columns: factors.map(\.name), values: found.flatMap(\.test.r2))))
    }

    private func reportModularity(_ found: [ArmFindings]) {
        let factors = material.factors
        var points: [[Cell]] = [], rows: [[Cell]] = []
        for own in found {
            let name = own.arm.name
            if let id = own.mean({ $0.inDistribution(factors) }), let ood = own.mean({ $0.outOfDistribution }) { points.append([.text(name), .text("mean"), .number(id), .number(ood)]) }
            for alone in own.oneFactor {
                let id = alone.inDistribution(factors), reference = own.iid.mean(.nonCategorical, factors, without: alone.factor)
                if let id { points.append([.text(name), .text(factors[alone.factor].name), .number(id), .number(alone.outOfDistribution)]) }
                rows.append([.text(name), .text(factors[alone.factor].name), .number(alone.outOfDistribution), material.lines.oneFactor(.clamp, alone.factor).map { .number($0) } ?? .empty, id.map { .number($0) } ?? .empty,
                             id.flatMap { id in reference.map { .number($0 - id) } } ?? .empty, alone.ratio.map { .number($0) } ?? .empty, .number(100 * alone.seenShare)])
            }
        }
        // The mean first: it is the page that opens.
        points = points.filter { $0[1] == .text("mean") } + points.filter { $0[1] != .text("mean") }
        context.emit(.table(.init(name: "modularity", columns: [.init("group"), .init("factor"), .init("R² of the others", digits: 3), .init("R² of the factor", digits: 3)], rows: points)))
        context.emit(.table(.init(name: "one factor", columns: [.init("model"), .init("factor"), .init("R²_ood", digits: 2, better: .higher), .init("clamp", digits: 2), .init("R²_id", digits: 2, better: .higher), .init("iid less id", digits: 2),
                                                                .init("ratio", digits: 2), .init("seen", unit: "%", digits: 0)], rows: rows)))
    }

    private func reportRatios(_ found: [ArmFindings]) {
        guard material.split.kind == .extrapolation else { return }
        context.emit(.distribution(.init(name: "ratio", groups: found.map { own in .init(name: own.arm.name, values: own.oneFactor.flatMap { $0.ratios.filter(\.isFinite).map { min(2, $0) } }) }, marker: 1, markerName: "goes on as it should")))
    }

    /// Predictions by true value, on iid images for seen values and on the one-factor set for unseen ones; a page for each model and factor.
    private func reportPredictions(_ found: [ArmFindings]) {
        let factors = material.factors, n = factors.count
        var rows: [[Cell]] = []
        for (arm, done) in zip(arms, state.finished) where done.predictions.count == material.sets.count {
            let iid = done.predictions[1].floats
            for j in factors.indices where factors[j].isAveraged {
                let page = "\(arm.name) · \(factors[j].name)", size = factors[j].size
                var byValue = [[Double]](repeating: [], count: size)
                func take(_ numbers: [Float], _ set: ImageSet) { for row in 0..<set.count { byValue[set.values[row * n + j]].append(Double(numbers[row * n + j])) } }
                take(iid, material.iid)
                if let set = material.oneFactor[j], let place = material.sets.firstIndex(where: { $0.name == set.name }) { take(done.predictions[place].floats, set) }
                for value in 0..<size {
                    let x = FactorScores.target(value, factors[j])
                    func add(_ group: String, _ y: Double) { rows.append([.text(page), .text(group), .number(x), .number(y)]) }
                    let sorted = byValue[value].filter(\.isFinite).sorted()
                    if !sorted.isEmpty {
                        add(material.split.isSeen(j, value) ? "median, seen" : "median, unseen", sorted.quantile(0.5))
                        add("10 %", sorted.quantile(0.1))
                        add("90 %", sorted.quantile(0.9))
                    }
                    add("as it should", x)
                    if !material.split.isSeen(j, value) {
                        add("clamp", material.lines.prediction(.clamp, j, value))
                        add("mean", material.lines.prediction(.mean, j, value))
                    }
                }
            }
        }
        context.emit(.table(.init(name: "predictions", columns: [.init("page"), .init("group"), .init("true value", digits: 3), .init("predicted", digits: 3)], rows: rows)))
    }

    private func reportLatents(_ found: [ArmFindings]) {
        let latent = found.compactMap { own in own.disentanglement.map { (own, $0) } }
        guard let measured = latent.first?.1 else { return }
        let factors = material.factors, average = material.mainAverage
        context.emit(.table(.init(name: "disentanglement", columns: [.init("group"), .init("MIG", digits: 3, better: .higher), .init("DCI-D", digits: 3, better: .higher), .init("completeness", digits: 3), .init("R² iid", digits: 3, better: .higher), .init("R² test", digits: 3, better: .higher)],
                                  rows: latent.map { own, measure in
            [.text(own.arm.name), .number(measure.mig), .number(measure.disentanglement), .number(measure.completeness), own.iid.mean(average, factors).map { .number($0) } ?? .empty, own.test.mean(average, factors).map { .number($0) } ?? .empty]
        })))
        context.emit(.matrix(.init(name: "importance", rows: latent.flatMap { own, measure in measure.importance.indices.map { "\(own.arm.name) \($0 + 1)" } }, columns: measured.factors.map { factors[$0].name },
                                   values: latent.flatMap { $0.1.importance.joined() })))
        let remark = latent.count < 8 ? "n too small" : ""
        var rows: [[Cell]] = []
        for (name, measure) in [("MIG", { (m: Disentanglement) in m.mig }), ("DCI-D", { $0.disentanglement })] {
            for (part, scores) in [("iid", { (own: ArmFindings) in own.iid }), ("test", { $0.test })] {
                let pairs = latent.compactMap { own, m in scores(own).mean(average, factors).map { (measure(m), $0) } }
                rows.append([.text("\(name) with R² \(part)"), Disentanglement.rankCorrelation(pairs.map(\.0), pairs.map(\.1)).map { .number($0) } ?? .empty, .number(Double(pairs.count)), .text(remark)])
            }
        }
        context.emit(.table(.init(name: "correlation", columns: [.init("Spearman"), .init("ρ", digits: 2), .init("n", unit: "models", digits: 0), .init("remark")], rows: rows)))
    }

    // MARK: - At the end

    mutating func finish() throws {
        let found = finished, factors = material.factors, average = material.mainAverage
        guard !found.isEmpty else { throw VisualGeneralisationError("every model was given up: \(state.finished.first?.failure ?? "none was trained"); take a smaller rate than \(settings.rate)") }
        let n = factors.count
        let kept = try state.finished.flatMap { done in try zip(material.sets, done.predictions).map { set, numbers in
            ("\(done.arm)/\(set.name)", try FactorTensor.make(numbers.floats, rows: set.count, columns: n))
        } }
        try context.saveArtifact("predictions.safetensors", FactorTensor.file(kept, data: context.request.dataset, division: settings.split.rawValue))
        reportRatios(found)
        reportPredictions(found)
        reportVerdict(found)
        var results: [RunEvent.Result] = []
        let baseline = material.split.kind.hasUnseenValues ? "clamp" : nil
        func add(_ name: String, _ arm: String, _ value: Double?, _ better: RunEvent.Result.Direction = .higher, unit: String = "", baseline: String? = nil) {
            if let value, value.isFinite { results.append(.init(name: name, arm: arm, unit: unit, value: value, better: better, baseline: baseline)) }
        }
        let others = material.averages.filter { $0 != average }
        for own in found {
            let name = own.arm.name
            add("R² test", name, own.test.mean(average, factors), baseline: baseline)
            add("R² iid", name, own.iid.mean(average, factors))
            add("R² train", name, own.train.mean(average, factors))
            for other in others { add("R² test, \(other.rawValue) factors", name, own.test.mean(other, factors), baseline: baseline) }
            add("R²_id", name, own.mean { $0.inDistribution(factors) })
            add("R²_ood", name, own.mean { $0.outOfDistribution })
            add("ratio", name, own.mean { $0.ratio }, .neither)
            add("seen values said", name, own.mean { 100 * $0.seenShare }, .neither, unit: "%")
            for j in factors.indices { add("R² test, \(factors[j].name)", name, own.test.r2[j], baseline: baseline) }
            for alone in own.oneFactor { add("R²_ood, \(factors[alone.factor].name)", name, alone.outOfDistribution, baseline: "clamp") }
            if let measure = own.disentanglement {
                add("MIG", name, measure.mig)
                add("DCI-D", name, measure.disentanglement)
            }
        }
        for line in ReferenceLines.Line.allCases where material.split.kind.hasUnseenValues {
            let scores = material.lines.test(line)
            add("R² test", line.rawValue, scores.mean(average, factors))
            for other in others { add("R² test, \(other.rawValue) factors", line.rawValue, scores.mean(other, factors)) }
            for j in factors.indices {
                add("R² test, \(factors[j].name)", line.rawValue, scores.r2[j])
                add("R²_ood, \(factors[j].name)", line.rawValue, material.lines.oneFactor(line, j))
            }
        }
        for done in state.finished where done.failure == nil {
            add("loss at first", done.arm, done.firstLoss, .neither)
            add("loss at the end", done.arm, done.lastLoss, .lower)
        }
        for done in state.finished where done.failure != nil { results.append(.init(name: "given up", arm: done.arm, value: 1, better: .lower)) }
        context.finish(results)
    }

    private func reportVerdict(_ found: [ArmFindings]) {
        let factors = material.factors, average = material.mainAverage
        for done in state.finished { if let failure = done.failure { context.warning("\(done.arm) was given up: \(failure)") } }
        guard let clamp = material.line(.clamp, average) else { return }
        let above = found.filter { ($0.test.mean(average, factors) ?? -.infinity) > clamp }
        if above.isEmpty {
            context.note("no model reaches “clamp” (\(text(clamp))) on the test part: none extrapolates or interpolates as a whole")
        } else {
            context.note("above “clamp” (\(text(clamp))) on the test part, which is a finding: \(above.map { "\($0.arm.name) \(text($0.test.mean(average, factors) ?? .nan))" }.joined(separator: ", "))")
        }
        for j in factors.indices {
            guard let line = material.lines.oneFactor(.clamp, j) else { continue }
            let beating = found.filter { own in own.oneFactor.contains { $0.factor == j && $0.outOfDistribution > line } }
            if !beating.isEmpty { context.note("\(factors[j].name) alone beyond what was seen: \(beating.count) of \(found.count) models beat “clamp” (\(text(line)))") }
            if factors[j].isCyclic { context.note("\(factors[j].name): its last values look like its first, so that failing on it is partly a matter of the label; the mean without such factors stands beside") }
        }
        for own in found where (own.test.mean(average, factors) ?? 0) < -10 { context.warning("\(own.arm.name): R² of \(text(own.test.mean(average, factors) ?? 0)) on test; running statistics of batch norms may not fit what is shown there") }
    }

    private func text(_ value: Double) -> String { String(format: "%.3f", value) }
}
