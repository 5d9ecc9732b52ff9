import Experiments

/// What the virtual neighbours of isolated nodes are.
extension Trainer {
    /// The most isolated nodes that are sent with their neighbours one by one.
    private static let inspected = 500

    /// Neighbour purity of a node: the weight of its virtual neighbours that have its class.
    private func purity(_ node: Int) -> Double {
        let labels = material.graph.labels, k = settings.neighbours
        return (node * k..<(node + 1) * k).reduce(0) { labels[state.neighbours[$1]] == labels[node] ? $0 + state.weights[$1] : $0 }
    }

    mutating func reportNeighbours() {
        let graph = material.graph, k = settings.neighbours
        guard state.neighbours.count == graph.count * k, state.weights.count == state.neighbours.count else { return }
        let nodes = material.groups.isolation.filter { graph.labels[$0] >= 0 }.sorted()
        var random = context.random.stream("random neighbours")
        let found = nodes.map(purity)
        let chance = nodes.map { node in
            Double((0..<k).count { _ in graph.labels[material.connected[random.integer(below: material.connected.count)]] == graph.labels[node] }) / Double(k)
        }
        context.emit(.distribution(.init(name: "neighbour purity", groups: [.init(name: "virtual", values: found), .init(name: "random", values: chance)])))
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
        state.results.append(.init(name: "neighbour purity", arm: "virtual", value: mean(found), better: .higher, baseline: "random"))
        state.results.append(.init(name: "neighbour purity", arm: "random", value: mean(chance), better: .higher))
        reportInspector(Array(nodes.prefix(Self.inspected)), purities: found)
        let result = { [results = state.results] (arm: String) in results.first { $0.name == "isolation accuracy" && $0.arm == arm }?.value }
        if material.links == nil, let own = result("student"), let other = result("student, ê only"), other >= own {
            context.note("The virtual neighbours add nothing over the guess ê alone on isolated nodes here; the gain, if any, is distillation.")
        }
    }

    /// Two tables that a screen joins by node: the isolated nodes, and the virtual neighbours of each.
    private func reportInspector(_ nodes: [Int], purities: [Double]) {
        let graph = material.graph, k = settings.neighbours
        // Of links there are no predicted classes; whether a neighbour that was removed came back is asked instead.
        let isOfLinks = material.links != nil
        let student = isOfLinks ? [] : state.logits["student"] ?? [], perceptron = isOfLinks ? [] : state.logits["MLP 256"] ?? []
        func name(_ label: Int?) -> Cell { label.map { $0 >= 0 ? .text(graph.classNames[$0]) : .text("none") } ?? .text("n/a") }
        var masters: [[Cell]] = [], details: [[Cell]] = []
        for (node, purity) in zip(nodes, purities) {
            let says = student.isEmpty ? nil : prediction(student, node), other = perceptron.isEmpty ? nil : prediction(perceptron, node)
            let same = (0..<k).count { graph.labels[state.neighbours[node * k + $0]] == graph.labels[node] }
            let removed = Set(graph.adjacency.neighbours(of: node)), back = (0..<k).count { removed.contains(Int32(state.neighbours[node * k + $0])) }
            masters.append([.text("\(node)"), .number(purity), .text("\(same)/\(k)"), name(graph.labels[node])] + (isOfLinks ? [] : [name(says), name(other)])
                + [.number(Double(graph.degree(node)))] + (isOfLinks ? [.number(Double(back))] : []))
            for place in node * k..<(node + 1) * k {
                let neighbour = state.neighbours[place], label = graph.labels[neighbour]
                details.append([.text("\(node)"), .text("\(neighbour)"), .number(state.weights[place]), .text(label == graph.labels[node] ? "same" : "other"),
                                .number(Double(material.reduced.neighbours(of: neighbour).count)), name(label)])
            }
        }
        context.emit(.table(.init(name: "isolated nodes", columns: [.init("node"), .init("purity", digits: 2), .init("same"), .init("its class")]
            + (isOfLinks ? [] : [.init("student says"), .init("MLP says")]) + [.init("edges removed", digits: 0)] + (isOfLinks ? [.init("of them found", digits: 0)] : []), rows: masters)))
        context.emit(.table(.init(name: "virtual neighbours", columns: [.init("node"), .init("neighbour"), .init("weight", digits: 3), .init("same?"),
                                                                        .init("degree", digits: 0), .init("class")], rows: details)))
    }
}
