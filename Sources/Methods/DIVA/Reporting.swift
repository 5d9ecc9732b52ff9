import Experiments
import Tensors

/// The events of a run. Names are shared with `DIVAMethod.panels`.
extension Trainer {
    // MARK: - Detection

    /// ROC curves, the table of DIVA and its baselines, and the results.
    mutating func reportDetections(_ detections: [Detection]) {
        let isBad = material.isBad
        var rows: [[RunEvent.Table.Cell]] = []
        func cell(_ value: Double?) -> RunEvent.Table.Cell { value.map { .number($0) } ?? .text("n/a") }
        for detection in detections {
            let area = detection.scores.flatMap { DetectionMetrics.areaUnderCurve(scores: $0, isBad: isBad) }
            let flags = detection.flagged.map { DetectionMetrics.Flags(flagged: $0, isBad: isBad) }
            let isKnown = material.hasNoise
            let precision = isKnown ? flags?.precision : nil, recall = flags?.recall, f1 = flags?.f1
            let isDiva = detection.arm == "diva"
            if let scores = detection.scores, let curve = DetectionMetrics.receiverOperatingCurve(scores: scores, isBad: isBad) {
                for (x, y) in zip(curve.falsePositiveRate, curve.truePositiveRate) { context.metric("roc/\(detection.arm)", step: x, value: y) }
            }
            add("AUC", arm: detection.arm, value: area, better: .higher, baseline: isDiva ? "loo residual" : nil)
            add("F1", arm: detection.arm, value: f1, better: .higher, baseline: isDiva ? "loo disagrees" : nil)
            add("precision", arm: detection.arm, value: precision, better: .higher, baseline: isDiva ? "loo disagrees" : nil)
            add("recall", arm: detection.arm, value: recall, better: .higher, baseline: isDiva ? "loo disagrees" : nil)
            add("flagged", arm: detection.arm, unit: "examples", value: flags.map { Double($0.flagged) }, better: .neither)
            rows.append([.text(detection.arm), cell(area), cell(f1), cell(precision), cell(recall), cell(flags.map { Double($0.flagged) })])
        }
        context.emit(.table(.init(name: "detection", columns: [.init("arm"), .init("AUC", digits: 3), .init("F1", digits: 3), .init("precision", digits: 3),
                                                               .init("recall", digits: 3), .init("flagged", digits: 0)], rows: rows)))
        func result(_ name: String, _ arm: String) -> Double? { state.results.first { $0.name == name && $0.arm == arm }?.value }
        if let own = result("AUC", "diva"), let other = result("AUC", "loo residual"), other >= own {
            context.note("As a ranking the plain leave-one-out residual is as good as the derivative (AUC \(short(other, digits: 4)) against \(short(own, digits: 4))); "
                + "what the derivative adds is a threshold at zero.")
        }
        if let own = result("F1", "diva"), let other = result("F1", "loo disagrees"), other >= own {
            context.note("Flagging where the leave-one-out prediction disagrees does as well as DIVA's threshold here (F1 \(short(other, digits: 4)) against \(short(own, digits: 4))).")
        }
        if !material.hasNoise {
            context.note("No label was changed, so nothing is known to be bad: AUC and F1 are n/a. \(state.flagged.count { $0 }) examples are flagged.")
        }
    }

    /// The derivative at a = 1: its distribution with epsilon marked, and its value for each example.
    mutating func reportGradient(_ ridge: WeightedRidge, _ derivative: DatasetDerivative) {
        emitDistribution("derivative", derivative.gradient, marker: settings.epsilon, markerName: "ε", step: 0)
        emitWeights("derivative", step: 0, values: derivative.gradient, ridge: ridge, gradient: nil)
    }

    // MARK: - Steps

    /// Losses, errors, weights and pictures after a step.
    mutating func reportStep(_ step: Int, ridge: WeightedRidge, derivative: DatasetDerivative) {
        let x = Double(step), training = material.training
        let unit = settings.loss.unit
        context.metric(material.validation == nil ? "loss/leave-one-out" : "loss/validation", step: x, value: derivative.loss / evaluatedCount, unit: unit)
        let test = settings.loss.evaluate(ridge.predict(material.test.features), targets: material.test.targets)
        context.metric("loss/test", step: x, value: test.loss / Double(material.test.count), unit: unit)
        context.metric("leave-one-out error/given labels", step: x, value: Baselines.errorRate(ridge.leaveOneOut, labels: training.labels), unit: "%")
        if let error = state.testErrors.last { context.metric("test error/reweighted", step: x, value: error, unit: "%") }
        guard settings.task == .reweight, let weights = state.reweighting?.weights else { return }
        if step > 0 { emitDistribution("weights", weights, marker: 1, markerName: "start", step: x) }
        emitWeights("weight", step: x, values: weights, ridge: ridge, gradient: derivative.gradient)
    }

    /// How each class fares, so that one that is being starved is seen.
    mutating func reportClasses(_ ridge: WeightedRidge) {
        let predicted = ridge.leaveOneOut.rowArgmax(), labels = material.training.labels, weights = ridge.weights
        var rows: [[RunEvent.Table.Cell]] = []
        for (label, name) in material.classes.enumerated() {
            let members = labels.indices.filter { labels[$0] == label }
            guard !members.isEmpty else {
                rows.append([.text(name), .number(0), .empty, .empty, .empty])
                continue
            }
            let n = Double(members.count)
            rows.append([.text(name), .number(n), .number(members.reduce(0) { $0 + weights[$1] } / n),
                         .number(100 * Double(members.count { state.flagged.indices.contains($0) && state.flagged[$0] }) / n),
                         .number(100 * Double(members.count { predicted[$0] != label }) / n)])
        }
        context.emit(.table(.init(name: "classes", columns: [.init("class"), .init("examples", digits: 0), .init("mean weight", digits: 3),
                                                             .init("flagged", unit: "%", digits: 1), .init("leave-one-out error", unit: "%", digits: 1)], rows: rows)))
    }

    // MARK: - Extend and augment

    /// The pool after a round: its derivatives, and what was chosen.
    mutating func reportPool(_ choice: Extension, ridge: WeightedRidge, gradient: [Double]) {
        let pool = Array(choice.coreCount..<choice.coreCount + choice.poolCount)
        let chosen = Set(choice.chosen)
        if choice.rounds.count == 1 {
            emitDistribution("derivative", pool.map { gradient[$0] }, marker: 0, markerName: "chosen below", step: 0, examples: pool)
        }
        emitWeights("derivative", step: Double(choice.chosen.count), values: pool.map { gradient[$0] }, ridge: ridge, gradient: nil, examples: pool,
                    flagged: pool.map { chosen.contains($0 - choice.coreCount) }, flagName: "chosen")
        emitWeights("weight", step: Double(choice.chosen.count), values: choice.weights, ridge: ridge, gradient: gradient)
    }

    /// How many of each class were chosen, and how many of the pool there were.
    func reportPicks(_ choice: Extension) {
        let labels = material.training.labels, isBad = material.isBad
        let picks = choice.chosen.map { $0 + choice.coreCount }
        let rows: [[RunEvent.Table.Cell]] = material.classes.enumerated().map { label, name in
            let pool = (choice.coreCount..<labels.count).count { labels[$0] == label }
            let picked = picks.filter { labels[$0] == label }
            return [.text(name), .number(Double(picked.count)), .number(Double(pool)), .number(Double(picked.count { isBad[$0] }))]
        }
        context.emit(.table(.init(name: "picks", columns: [.init("class"), .init("picked", digits: 0), .init("in the pool", digits: 0), .init("of them bad", digits: 0)],
                                  rows: rows)))
    }

    /// The union of originals and copies after a step.
    mutating func reportUnion(_ step: Int, weights: [Double], gradient: [Double], ridge: WeightedRidge) {
        let n = material.training.count
        let groups = (["original"] + settings.transforms.map(\.rawValue)).enumerated().map { place, name in
            RunEvent.Distribution.Group(name: name, values: Array(gradient[place * n..<(place + 1) * n]))
        }
        context.emit(.distribution(.init(name: "derivative", groups: groups, marker: 0, markerName: "0", step: Double(step))))
        emitWeights("weight", step: Double(step), values: weights, ridge: ridge, gradient: gradient)
    }

    // MARK: - Parts

    private func emitDistribution(_ name: String, _ values: [Double], marker: Double, markerName: String, step: Double, examples: [Int]? = nil) {
        let examples = examples ?? Array(values.indices)
        var groups: [RunEvent.Distribution.Group] = []
        if material.hasNoise {
            let isBad = material.isBad
            let bad = examples.indices.filter { isBad[examples[$0]] }, good = examples.indices.filter { !isBad[examples[$0]] }
            groups = [.init(name: "clean", values: good.map { values[$0] }), .init(name: "mislabelled", values: bad.map { values[$0] })]
        } else {
            groups = [.init(name: "all", values: values)]
        }
        context.emit(.distribution(.init(name: name, groups: groups, marker: marker, markerName: markerName, step: step)))
    }

    /// A value for each example with what is known of it, and the pictures of the extreme ones that were not sent before.
    private mutating func emitWeights(_ name: String, step: Double, values: [Double], ridge: WeightedRidge, gradient: [Double]?, examples: [Int]? = nil,
                                      flagged: [Bool]? = nil, flagName: String = "flagged") {
        let examples = examples ?? Array(values.indices)
        let n = material.training.count
        let predicted = ridge.leaveOneOut.rowArgmax()
        let isBad = material.isBad
        func words(_ label: (Int) -> Int) -> [RunEvent.Table.Cell] { examples.map { .text(material.classes[label($0)]) } }
        var attributes: [RunEvent.ExampleWeights.Attribute] = [
            .init(name: "label", values: words { material.training.labels[$0 % n] }),
            .init(name: "predicted", values: words { predicted[$0] }),
        ]
        if let gradient { attributes.append(.init(name: "derivative", values: examples.map { .number(gradient[$0]) })) }
        if material.hasNoise {
            attributes.append(.init(name: "truth", values: words { material.truth[$0 % n] }))
            attributes.append(.init(name: "mislabelled", values: examples.map { .text(isBad[$0 % n] ? "yes" : "no") }))
        }
        if settings.task == .augment {
            let names = ["original"] + settings.transforms.map(\.rawValue)
            attributes.append(.init(name: "transform", values: examples.map { .text(names[$0 / n]) }))
        }
        let flags = flagged ?? (state.flagged.count == values.count ? state.flagged : nil)
        // First among the flags is what a panel marks.
        if let flags { attributes.insert(.init(name: flagName, values: flags.map { .text($0 ? "yes" : "no") }), at: 2) }
        context.emit(.weights(.init(name: name, step: step, identifiers: examples.map(material.identifier), values: values, attributes: attributes)))
        // Many weights are 0: ties go by identifier, as galleries order them.
        let order = values.indices.sorted { (values[$0], material.identifier(examples[$0])) < (values[$1], material.identifier(examples[$1])) }
        emitPictures(extremes: order.map { examples[$0] })
    }

    /// The pictures of the 60 lowest and the 60 highest examples, each sent once.
    private mutating func emitPictures(extremes order: [Int]) {
        let wanted = order.count <= 120 ? order : Array(order.prefix(60) + order.suffix(60))
        let fresh = wanted.filter { !state.shown.contains($0) }
        guard !fresh.isEmpty else { return }
        state.shown.formUnion(fresh)
        let n = material.training.count
        let items = fresh.map { example in
            let thumbnail = example < n ? material.examples.thumbnail(material.split.training[example])
                : material.copiedPictures[example / n - 1].thumbnail(example % n)
            return RunEvent.ImageSet.Item(identifier: material.identifier(example), caption: material.classes[material.training.labels[example % n]] + (example < n ? material.examples.caption(material.split.training[example]).map { ": \($0)" } ?? "" : ""), thumbnail: thumbnail)
        }
        context.emit(.images(.init(name: "examples", items: items)))
    }
}
