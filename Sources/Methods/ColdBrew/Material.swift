import Datasets
import Experiments
import Tensors

/// Everything a run works on, a function of the request alone: groups, reduced graph, features and label split.
struct Material {
    let graph: GraphDataset
    let groups: DegreeGroups
    let isolated: Set<Int>
    /// The graph without the edges of isolated nodes.
    let reduced: Adjacency
    /// Of task links: which edges are seen and which are asked for.
    let links: LinkSplit?
    /// Ã of the edges that carry messages: all of `reduced`, of task links the seen ones.
    let propagation: SparseMatrix<Float>
    /// The width of what each model gives for a node: a number a class, of task links an embedding.
    let outputs: Int
    let inputs: NodeInputs<Float>
    /// Whether feature rows were scaled to sum 1, which needs values that are not negative.
    let isScaled: Bool
    let training: [Int], validation: [Int], test: [Int]
    /// Test nodes of isolation, tail, head and overall.
    let evaluated: [(name: String, nodes: [Int])]
    let connected: [Int]

    init(_ context: RunContext, _ settings: Settings) throws {
        let graph = try context.library.open(context.request.dataset, as: GraphDataset.self).withWordFeatures()
        guard graph.features.width > 0 else { throw ColdBrewError("\(graph.identifier) has no node features, which Cold Brew needs; add features.txt") }
        let degrees = (0..<graph.count).map(graph.degree)
        groups = DegreeGroups(degrees: degrees, rule: settings.rule, fraction: settings.fraction, random: context.random.stream("groups"))
        let isolated = Set(groups.isolation)
        reduced = graph.adjacency.removingEdges(of: isolated)
        guard reduced.edgeCount > 0 else { throw ColdBrewError("isolating \(isolated.count) of \(graph.count) nodes leaves no edge; take a smaller fraction") }
        (training, validation) = try LabelSplit.nodes(graph, settings, context)
        guard Set(training.map { graph.labels[$0] }).count >= 2 else { throw ColdBrewError("the training nodes of \(graph.identifier) have fewer than two classes; choose other labelled nodes") }
        guard !validation.isEmpty else { throw ColdBrewError("the split of \(graph.identifier) has no validation nodes; choose other labelled nodes") }
        let known = Set(training).union(validation)
        let test = graph.labels.indices.filter { graph.labels[$0] >= 0 && !known.contains($0) }
        let testing = Set(test)
        evaluated = [("isolation", groups.isolation), ("tail", groups.tail), ("head", groups.head)].map { ($0.0, $0.1.filter(testing.contains).sorted()) } + [("overall", test)]
        if let empty = evaluated.first(where: { $0.nodes.isEmpty }) {
            throw ColdBrewError("the group \(empty.name) of \(graph.identifier) has no test nodes; choose other labelled nodes or another rule")
        }
        self.isolated = isolated
        self.test = test
        links = settings.task == .links ? try LinkSplit(graph.adjacency, reduced: reduced, isolated: isolated, negatives: settings.negatives, random: context.random.stream("links")) : nil
        propagation = try (links?.seen ?? reduced).normalised()
        outputs = settings.task == .links ? settings.width : graph.classNames.count
        isScaled = graph.features.values.allSatisfy { $0 >= 0 }
        inputs = try NodeInputs(isScaled ? graph.features.rowNormalised() : graph.features)
        connected = (0..<graph.count).filter { !isolated.contains($0) }
        guard settings.neighbours <= connected.count else {
            throw ColdBrewError("parameter neighbours: \(settings.neighbours) is more than the \(connected.count) nodes that are not isolated; take fewer")
        }
        self.graph = graph
    }

    var classes: Int { graph.classNames.count }
    /// The edges that carry messages.
    var messages: Adjacency { links?.seen ?? reduced }
}
