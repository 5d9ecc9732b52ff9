import Datasets
import Experiments

/// The events of a run. Names are shared with `ColdBrewMethod.panels`.
extension Trainer {
    func reportGraph() {
        let graph = material.graph
        for note in graph.notes { context.note(note) }
        let names = Set(material.training.map { graph.labels[$0] })
        for label in 0..<material.classes where !names.contains(label) { context.warning("the class \(graph.classNames[label]) has no training node; it can never be predicted well") }
        context.note("\(material.isolated.count) isolated nodes, \(graph.edgeCount - material.reduced.edgeCount) of \(graph.edgeCount) edges removed; \(material.training.count) nodes train, \(material.validation.count) validate, \(material.test.count) test")
        var counts: [Int: Int] = [:]
        for node in 0..<graph.count { counts[graph.degree(node), default: 0] += 1 }
        for (degree, count) in counts.sorted(by: { $0.key < $1.key }) { context.metric("degrees/nodes", step: Double(degree + 1), value: Double(count)) }
    }

    /// Accuracy by model and group, by degree, and the results.
    mutating func report(_ models: [String]) {
        typealias Cell = RunEvent.Table.Cell
        var rows: [[Cell]] = []
        for model in models {
            guard let logits = state.logits[model] else { continue }
            var row: [Cell] = [.text(model)]
            for group in material.evaluated {
                // Label propagation says nothing about a node that no label reaches.
                if model == "label propagation", group.name == "isolation" { row.append(.text("no prediction")); continue }
                let accuracy = accuracy(logits, group.nodes)
                row.append(.number(accuracy))
                let baseline: String? = switch model {
                case "student", "distilled MLP", "student, ê only", "student, ẽ only", "ξ₁ alone": "MLP 256"
                case "teacher": "GCN"
                default: nil
                }
                state.results.append(.init(name: "\(group.name) accuracy", arm: model, unit: "%", value: accuracy, better: .higher, baseline: baseline))
            }
            rows.append(row)
        }
        context.emit(.table(.init(name: "accuracy", columns: [.init("model")] + material.evaluated.map { .init($0.name, unit: "%", digits: 1) }, rows: rows)))
        let buckets: [(String, ClosedRange<Int>)] = [("0", 0...0), ("1", 1...1), ("2", 2...2), ("3–4", 3...4), ("5–8", 5...8), ("9–16", 9...16), (">16", 17...Int.max)]
        let shown = ["teacher", "student", "MLP 256"].filter { state.logits[$0] != nil }
        var bars: [[Cell]] = []
        for (name, range) in buckets {
            let nodes = material.test.filter { range.contains(material.reduced.neighbours(of: $0).count) }
            guard !nodes.isEmpty else { continue }
            bars.append([.text(name), .number(Double(nodes.count))] + shown.map { .number(accuracy(state.logits[$0] ?? [], nodes)) })
        }
        context.emit(.table(.init(name: "accuracy by degree", columns: [.init("degree"), .init("nodes", digits: 0)] + shown.map { .init($0, unit: "%", digits: 1) }, rows: bars)))
    }

    /// FCR and homophily.
    mutating func reportContribution() {
        guard let network = state.logits["GCN, whole graph"], let perceptron = state.logits["MLP 256"], let propagation = state.logits["label propagation, whole graph"] else { return }
        let (z, m, l) = (accuracy(network, material.test), accuracy(perceptron, material.test), accuracy(propagation, material.test))
        let ratio = FeatureContribution.ratio(network: z, perceptron: m, propagation: l)
        context.emit(.table(.init(name: "feature contribution", columns: [.init("figure"), .init("value", unit: "%", digits: 1)], rows: [
            [.text("graph network, whole graph"), .number(z)], [.text("MLP"), .number(m)], [.text("label propagation"), .number(l)],
            [.text("FCR (below 50: edges carry the task; to 100: features; above: aggregation hurts)"), ratio.map { .number($0) } ?? .text("n/a")],
            [.text("homophily β"), material.graph.homophily.map { .number(100 * $0) } ?? .text("n/a")],
        ])))
        if let ratio { state.results.append(.init(name: "FCR", arm: "whole graph", unit: "%", value: ratio, better: .neither)) }
    }

    /// How many of a node's virtual neighbours share its class, beside random nodes; and the neighbours of some isolated nodes.
    mutating func reportNeighbours() {
        let graph = material.graph, k = settings.neighbours
        let nodes = material.evaluated[0].nodes
        var random = context.random.stream("random neighbours")
        func purity(_ node: Int) -> Double { (node * k..<(node + 1) * k).reduce(0) { graph.labels[state.neighbours[$1]] == graph.labels[node] ? $0 + state.weights[$1] : $0 } }
        let found = nodes.map(purity)
        let chance = nodes.map { node in
            Double((0..<k).count { _ in graph.labels[material.connected[random.integer(below: material.connected.count)]] == graph.labels[node] }) / Double(k)
        }
        context.emit(.distribution(.init(name: "neighbour purity", groups: [.init(name: "virtual", values: found), .init(name: "random", values: chance)])))
        state.results.append(.init(name: "neighbour purity", arm: "virtual", value: found.reduce(0, +) / Double(max(1, found.count)), better: .higher, baseline: "random"))
        state.results.append(.init(name: "neighbour purity", arm: "random", value: chance.reduce(0, +) / Double(max(1, chance.count)), better: .higher))
        let rows: [[RunEvent.Table.Cell]] = nodes.prefix(25).flatMap { node in
            (0..<min(k, 8)).map { place -> [RunEvent.Table.Cell] in
                let neighbour = state.neighbours[node * k + place], label = graph.labels[neighbour]
                return [.text("\(node)"), .text(graph.classNames[graph.labels[node]]), .text("\(neighbour)"), .number(state.weights[node * k + place]),
                        .text(label >= 0 ? graph.classNames[label] : "none"), .number(Double(material.reduced.neighbours(of: neighbour).count))]
            }
        }
        context.emit(.table(.init(name: "virtual neighbours", columns: [.init("isolated node"), .init("its class"), .init("neighbour"), .init("weight", digits: 3),
                                                                        .init("class"), .init("degree", digits: 0)], rows: rows)))
        let result = { [results = state.results] (arm: String) in results.first { $0.name == "isolation accuracy" && $0.arm == arm }?.value }
        if let own = result("student"), let other = result("student, ê only"), other >= own {
            context.note("The virtual neighbours add nothing over the guess ê alone on isolated nodes here; the gain, if any, is distillation.")
        }
    }
}
