import Experiments
import Foundation
import Tensors

/// The events of a run. Names are shared with `GIANTMethod.panels`.
extension Trainer {
    typealias Cell = RunEvent.Table.Cell

    func reportMaterial() {
        for note in graph.notes { context.note(note) }
        let degrees = (0..<graph.count).map(graph.degree), hubs = degrees.count { $0 >= settings.maximumDegree }, isolated = degrees.count { $0 == 0 }
        context.note("\(graph.count) nodes, \(graph.edgeCount) edges, \(material.features.width) terms, \(material.features.entryCount / max(1, graph.count)) a node; \(material.rows.count) rows train, "
            + "\(isolated) nodes have no edge\(hubs > 0 ? ", \(hubs) have \(settings.maximumDegree) or more and are labels only" : "")")
        if material.text == nil { context.warning("\(graph.identifier) has no raw text; its word features stand for X, and no term has a name") }
        let empty = material.features.withSpans { starts, _, _ in (0..<graph.count).count { starts[$0] == starts[$0 + 1] } }
        if empty > 0 { context.warning("\(empty) nodes have no term: their TF-IDF row is zero") }
        if material.text?.parts.contains(where: \.wasPruned) == true { context.warning("terms of a single text were thrown out while counting, to keep the table in memory") }
        if settings.encoder == .transformer { context.note("A transformer from scratch lacks the knowledge of words that pre-training gives; compare the concatenation with LSA.") }
    }

    /// - Parameter arrays: bytes of codes, scores or vocabulary in memory.
    mutating func finishPhase(_ name: String, rows: Double, arrays: Int = 0) {
        let now = ContinuousClock.now, passed = (now - phaseStart).components, seconds = Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
        phaseStart = now
        state.phases.append(.init(name: name, seconds: seconds, rows: rows, memory: memory.endPhase(), ofArrays: Double(arrays) / 1_048_576))
        let table = state.phases.map { phase -> [Cell] in
            [.text(phase.name), .number(phase.seconds), .number(phase.rows / max(1e-3, phase.seconds)), .number(phase.memory)]
        }
        context.emit(.table(.init(name: "phases", columns: [.init("phase"), .init("time", unit: "s", digits: 2), .init("rate", unit: "rows/s", digits: 0), .init("memory", unit: "MiB", digits: 0)], rows: table)))
    }

    /// The figures of the scaling check (section 7): time and memory of each stage, all levels together, and the most that the process ever took.
    mutating func reportScaling() {
        for stage in ScalingCheck.stages {
            let phases = state.phases.filter { ScalingCheck.stage(of: $0.name) == stage }
            guard !phases.isEmpty else { continue }
            state.results.append(.init(name: "time", arm: stage, unit: "s", value: phases.reduce(0) { $0 + $1.seconds }, better: .lower))
            state.results.append(.init(name: "memory", arm: stage, unit: "MiB", value: phases.map(\.memory).max() ?? 0, better: .lower))
            state.results.append(.init(name: "memory without codes, scores and vocabulary", arm: stage, unit: "MiB", value: phases.map { $0.memory - $0.ofArrays }.max() ?? 0, better: .lower))
        }
        state.results.append(.init(name: "time", arm: "all stages", unit: "s", value: state.phases.reduce(0) { $0 + $1.seconds }, better: .lower))
        state.results.append(.init(name: "resident memory", arm: "process", unit: "MiB", value: MemoryWatch.highest, better: .lower))
    }

    func reportStep(_ arm: Arm, _ step: LevelTraining.Step) {
        let place = Double(stepsBefore + step.step)
        let every = max(1, step.steps / 200)
        guard step.step == 1 || step.step % every == 0 || step.step == step.steps else { return }
        context.metric("loss/\(arm.name)", step: place, value: step.loss)
        if arm.name == "GIANT" {
            context.metric("rate/\(arm.name)", step: place, value: step.rate)
            context.metric("active clusters/\(arm.name)", step: place, value: step.activeClusters)
            context.metric("share of man negatives/\(arm.name)", step: place, value: 100 * step.matcherShare, unit: "%")
            if step.step == 1 {
                let steps = arm.training(settings).steps(rows: material.rows.count, levels: levels.count)
                let boundaries = levels.prefix(step.level + 1).enumerated().map { number, count -> [Cell] in
                    [.text("K=\(count)"), .number(Double(steps.prefix(number).reduce(0, +) + 1))]
                }
                context.emit(.table(.init(name: "levels", columns: [.init("level"), .init("step", digits: 0)], rows: boundaries)))
            }
        }
        context.progress(Double(step.step), of: Double(step.steps), unit: "steps, K=\(levels[step.level])")
    }

    mutating func reportRecall(_ arm: Arm, _ level: Int, _ measured: RecallWatch.Measured, step: Int) {
        let clusters = levels[level]
        context.metric("recall/\(arm.name), K=\(clusters)", step: Double(step), value: measured.own, unit: "%")
        if !measured.heldOut.isNaN { context.metric("held-out recall/\(arm.name), K=\(clusters)", step: Double(step), value: measured.heldOut, unit: "%") }
        guard arm.name == "GIANT" else { return }
        // Numbers of the level that trains come last and are written over by its next look.
        var values = Array((state.arrays["recall"]?.values ?? []).prefix(4 * level))
        values += [Float(measured.k), Float(measured.own), Float(measured.heldOut), Float(measured.chance)]
        state.set("recall", values, width: 4)
        let rows = zip(levels, stride(from: 0, to: values.count - 3, by: 4)).map { count, place -> [Cell] in
            [.text("K=\(count)"), .number(Double(values[place]))] + (1..<4).map { values[place + $0].isNaN ? .empty : .number(Double(values[place + $0])) }
        }
        context.emit(.table(.init(name: "cluster recall", columns: [.init("level"), .init("k", digits: 0), .init("training edges", unit: "%", digits: 1), .init("held-out edges", unit: "%", digits: 1),
                                                                    .init("random guess", unit: "%", digits: 1)], rows: rows)))
    }

    // MARK: - After

    func reportAccuracy() {
        let models = self.models, names = state.results.filter { $0.name == "\(models[0].rawValue) accuracy" }.map(\.arm)
        func value(_ features: String, _ model: DownstreamModel) -> Double? { state.results.first { $0.name == "\(model.rawValue) accuracy" && $0.arm == features }?.value }
        let rows = names.map { name -> [Cell] in
            [.text(name)] + models.map { value(name, $0).map { .number($0) } ?? .empty }
                + models.prefix(2).map { model in name == "LSA" ? .empty : value(name, model).flatMap { mine in value("LSA", model).map { .number(mine - $0) } } ?? .empty }
        }
        context.emit(.table(.init(name: "accuracy", columns: [.init("features")] + models.map { .init($0.rawValue, unit: "%", digits: 1, better: .higher) }
            + models.prefix(2).map { .init("\($0.rawValue) − LSA", unit: "points", digits: 1) }, rows: rows)))
    }

    mutating func report() throws {
        reportAccuracy()
        let nodes = try labelled()
        let trained = Set(nodes.training.map { graph.labels[$0] })
        for label in 0..<material.classes where !trained.contains(label) { context.warning("the class \(graph.classNames[label]) has no training node; the test still counts its nodes") }
        try reportDegrees(nodes)
        if state.has("codes/GIANT") {
            try reportTree()
            try reportInspector()
        }
        let model = models[0].rawValue
        func value(_ arm: String) -> Double? { state.results.first { $0.name == "\(model) accuracy" && $0.arm == arm }?.value }
        guard let plain = value("LSA") else { return }
        if let giant = value("GIANT"), giant < plain {
            context.note("GIANT alone lies \(Self.points(plain - giant)) points below LSA (\(model)): expected without pre-trained weights, which LSA's knowledge of words replaces. Compare GIANT‖LSA.")
        }
        if let joined = value("GIANT‖LSA"), joined <= plain { context.note("GIANT‖LSA does not beat LSA here with this seed (\(model)).") }
        if let links = value("link prediction"), let giant = value("GIANT"), giant <= links {
            context.note("Link prediction with the same encoder is \(Self.points(links - giant)) points better than GIANT here with this seed (\(model)); with 64 edges a step it takes many steps and is a strong baseline.")
        }
        if models.contains(.sage), let before = state.results.first(where: { $0.name == "GraphSAGE accuracy" && $0.arm == "LSA" })?.value,
           let joined = state.results.first(where: { $0.name == "GraphSAGE accuracy" && $0.arm == "GIANT‖LSA" })?.value, joined < before {
            context.note("A GraphSAGE reads the neighbours itself: GIANT‖LSA lies \(Self.points(before - joined)) points below LSA with it here with this seed.")
        }
        if let tree = value("GIANT, random tree"), let giant = value("GIANT"), giant <= tree { context.note("The tree of label embeddings is no better than a random one here with this seed (\(model)).") }
    }

    static func points(_ value: Double) -> String { String((value * 10).rounded() / 10) }

    /// Gain over LSA by degree.
    private func reportDegrees(_ nodes: LabelledNodes) throws {
        let buckets: [(String, ClosedRange<Int>)] = [("0", 0...0), ("1", 1...1), ("2", 2...2), ("3–4", 3...4), ("5–8", 5...8), ("9–16", 9...16), (">16", 17...Int.max)]
        let model = models[0].rawValue, arms = ["GIANT", "GIANT‖LSA"].filter { state.has("classes/\($0)/\(model)") }
        func classes(_ features: String) throws -> [Int] { try state.integers("classes/\(features)/\(model)", count: graph.count, in: 0...Int32(max(0, material.classes - 1))).map(Int.init) }
        let plain = try classes("LSA"), found = try arms.map(classes)
        let rows = buckets.compactMap { name, range -> [Cell]? in
            let members = nodes.test.filter { range.contains(graph.degree($0)) }
            guard !members.isEmpty else { return nil }
            let base = accuracy(plain, members)
            return [.text(name), .number(Double(members.count)), .number(base)] + found.map { .number(accuracy($0, members) - base) }
        }
        context.emit(.table(.init(name: "gain by degree", columns: [.init("degree"), .init("nodes", digits: 0), .init("LSA", unit: "%", digits: 1)]
            + arms.map { .init("\($0) − LSA", unit: "points", digits: 1) }, rows: rows)))
    }
}
