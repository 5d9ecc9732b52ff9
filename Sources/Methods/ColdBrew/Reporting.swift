import Datasets
import Experiments
import Tensors

/// The events of a run. Names are shared with `ColdBrewMethod.panels`.
extension Trainer {
    typealias Cell = RunEvent.Table.Cell

    func reportGraph() {
        let graph = material.graph
        for note in graph.notes { context.note(note) }
        if !material.isScaled { context.note("features below zero: rows are not scaled to sum 1, since their sums mean nothing") }
        let trained = Set(material.training.map { graph.labels[$0] })
        for label in 0..<material.classes where !trained.contains(label) { context.warning("the class \(graph.classNames[label]) has no training node; it can never be predicted well") }
        context.note("\(material.isolated.count) isolated nodes, \(graph.edgeCount - material.reduced.edgeCount) of \(graph.edgeCount) edges removed; "
            + "\(material.training.count) nodes train, \(material.validation.count) validate, \(material.test.count) test")
    }

    /// Accuracy by group while a model trains, every fifth epoch.
    func reportEpoch(_ model: String, _ epoch: Int, _ evaluate: () throws -> Tensor<Float>) rethrows {
        guard epoch == 1 || epoch % 5 == 0 else { return }
        let logits = try evaluate().withScalars { Array($0) }, step = Double(epoch)
        for group in material.evaluated {
            let accuracy = accuracy(logits, group.nodes)
            if model == "teacher" || model == "student" { context.metric("\(model) accuracy/\(group.name)", step: step, value: accuracy, unit: "%") }
            if group.name == "isolation" { context.metric("isolation accuracy/\(model)", step: step, value: accuracy, unit: "%") }
        }
        if model == "teacher" || model == "student" { context.metric("\(model) accuracy/validation", step: step, value: accuracy(logits, material.validation), unit: "%") }
    }

    /// Accuracy by model and group with the paired gain over MLP 256 on isolated nodes, by degree, and the results.
    mutating func report(_ models: [String]) {
        var rows: [[Cell]] = []
        let isolation = material.evaluated[0].nodes
        let reference = state.logits["MLP 256"].map { accuracy($0, isolation) }
        var results: [RunEvent.Result] = []
        for model in models {
            guard let logits = state.logits[model] else { continue }
            var row: [Cell] = [.text(model)]
            let isPropagation = model == "label propagation"
            for group in material.evaluated {
                // It says nothing about a node that no label reaches; that is no accuracy.
                if isPropagation, group.name == "isolation" { row.append(.text("no prediction")); continue }
                let accuracy = accuracy(logits, group.nodes)
                row.append(.number(accuracy))
                results.append(.init(name: "\(group.name) accuracy", arm: model, unit: "%", value: accuracy, better: .higher, baseline: Self.baseline(of: model)))
            }
            let isCompared = model != "MLP 256" && !isPropagation
            row.append(reference.flatMap { isCompared ? .number(accuracy(logits, isolation) - $0) : nil } ?? .empty)
            rows.append(row)
        }
        // What the run is about comes first: a list of runs shows the first result.
        let isDepth = settings.task == .depth
        let isHeadline = { (result: RunEvent.Result) in isDepth ? result.arm == "teacher" && result.name == "overall accuracy" : result.arm == "student" }
        state.results = results.filter(isHeadline) + results.filter { !isHeadline($0) } + state.results
        let columns: [RunEvent.Table.Column] = [.init("model")] + material.evaluated.map { .init($0.name, unit: "%", digits: 1, better: .higher) }
            + [.init("over MLP", unit: "points", digits: 1)]
        context.emit(.table(.init(name: "accuracy", columns: columns, rows: rows)))
        reportDegrees()
        reportDegreeHistogram()
        if let student = state.logits["student"], let reference, accuracy(student, isolation) <= reference {
            context.note("On isolated nodes the student does not beat the MLP on the same features with this seed.")
        }
        if let propagation = state.logits["label propagation"] {
            let silent = material.test.count { prediction(propagation, $0) == nil }
            context.note("Label propagation predicts nothing for \(silent) of \(material.test.count) test nodes, which no label reaches; they count as wrong.")
        }
    }

    private static func baseline(of model: String) -> String? {
        switch model {
        case "student", "distilled MLP", "student, ê only", "student, ẽ only", "ξ₁ alone", "GraphMLP": "MLP 256"
        case "teacher": "GCN"
        default: nil
        }
    }

    /// The picture of the paper's claim: accuracy by degree in the reduced graph.
    private func reportDegrees() {
        let buckets: [(String, ClosedRange<Int>)] = [("0", 0...0), ("1", 1...1), ("2", 2...2), ("3–4", 3...4), ("5–8", 5...8), ("9–16", 9...16), (">16", 17...Int.max)]
        let shown = (settings.task == .depth ? ["GCN", "teacher"] : ["teacher", "student", "MLP 256"]).filter { state.logits[$0] != nil }
        let rows: [[Cell]] = buckets.compactMap { name, range in
            let nodes = material.test.filter { range.contains(material.reduced.neighbours(of: $0).count) }
            return nodes.isEmpty ? nil : [.text(name), .number(Double(nodes.count))] + shown.map { .number(accuracy(state.logits[$0] ?? [], nodes)) }
        }
        context.emit(.table(.init(name: "accuracy by degree", columns: [.init("degree"), .init("nodes", digits: 0)] + shown.map { .init($0, unit: "%", digits: 1) }, rows: rows)))
    }

    /// Nodes by degree in the whole graph, and the limits of the groups. Comes last, so that a comparison does not begin with it.
    private func reportDegreeHistogram() {
        let graph = material.graph, groups = material.groups
        var counts: [Int: Int] = [:]
        for node in 0..<graph.count { counts[graph.degree(node), default: 0] += 1 }
        for (degree, count) in counts.sorted(by: { $0.key < $1.key }) { context.metric("degrees/nodes", step: Double(degree + 1), value: Double(count)) }
        func limit(_ name: String, _ nodes: [Int], _ pick: ([Int]) -> Int?) -> [Cell]? { pick(nodes.map(graph.degree)).map { [.text(name), .number(Double($0 + 1))] } }
        let limits = [limit("isolation ≤", groups.isolation) { $0.max() }, limit("tail ≤", groups.tail) { $0.max() }, limit("head ≥", groups.head) { $0.min() }].compactMap { $0 }
        context.emit(.table(.init(name: "group limits", columns: [.init("group"), .init("degree + 1", digits: 0)], rows: limits)))
    }

    /// FCR and homophily.
    mutating func reportContribution() throws {
        let network = try accuracy(state.logits(of: "GCN, whole graph"), material.test)
        let perceptron = try accuracy(state.logits(of: "MLP 256"), material.test)
        let propagation = try accuracy(state.logits(of: "label propagation, whole graph"), material.test)
        let ratio = FeatureContribution.ratio(network: network, perceptron: perceptron, propagation: propagation)
        let homophily = material.graph.homophily.map { 100 * $0 }
        func cell(_ value: Double?) -> Cell { value.map { .number($0) } ?? .text("n/a") }
        context.emit(.table(.init(name: "feature contribution", columns: [.init("figure"), .init("value", unit: "%", digits: 1), .init("meaning")], rows: [
            [.text("FCR"), cell(ratio), .text(FeatureContribution.meaning(of: ratio))],
            [.text("homophily β"), cell(homophily), .text("neighbours of the same class")],
            [.text("graph network"), .number(network), .text("test accuracy, all edges")],
            [.text("MLP"), .number(perceptron), .text("test accuracy, features alone")],
            [.text("label propagation"), .number(propagation), .text("test accuracy, edges alone")],
        ])))
        if let ratio { state.results.append(.init(name: "FCR", arm: "whole graph", unit: "%", value: ratio, better: .neither)) }
        if let homophily { state.results.append(.init(name: "homophily", arm: "whole graph", unit: "%", value: homophily, better: .neither)) }
    }
}
