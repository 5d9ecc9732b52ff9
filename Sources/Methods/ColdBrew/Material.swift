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
    let propagation: SparseMatrix<Float>
    let inputs: NodeInputs<Float>
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
        (training, validation) = try Self.split(graph, settings, context)
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
        propagation = try reduced.normalised()
        inputs = try NodeInputs(graph.features.rowNormalised())
        connected = (0..<graph.count).filter { !isolated.contains($0) }
        guard settings.neighbours <= connected.count else {
            throw ColdBrewError("parameter neighbours: \(settings.neighbours) is more than the \(connected.count) nodes that are not isolated; take fewer")
        }
        self.graph = graph
    }

    var classes: Int { graph.classNames.count }

    private static func split(_ graph: GraphDataset, _ settings: Settings, _ context: RunContext) throws -> ([Int], [Int]) {
        let labelled = graph.labels.indices.filter { graph.labels[$0] >= 0 }
        func nodes(_ parts: [GraphDataset.Part], _ part: GraphDataset.Part) -> [Int] { labelled.filter { parts[$0] == part } }
        switch settings.labelSplit {
        case .public:
            guard !graph.publicSplit.isEmpty else { throw ColdBrewError("\(graph.identifier) has no public split; set labels to published or drawn") }
            return (nodes(graph.publicSplit, .training), nodes(graph.publicSplit, .validation))
        case .first600:
            guard graph.count > 1100 else { throw ColdBrewError("\(graph.identifier) has \(graph.count) nodes where labels first-600 needs more than 1,100; set labels to public or drawn") }
            return (labelled.filter { $0 < 600 }, labelled.filter { (600..<1100).contains($0) })
        case .published:
            guard !graph.splits.isEmpty else { throw ColdBrewError("\(graph.identifier) has no published splits; set labels to public or drawn") }
            guard settings.splitNumber <= graph.splits.count else { throw ColdBrewError("parameter split: \(graph.identifier) has \(graph.splits.count) splits; take one of them") }
            let number = settings.splitNumber > 0 ? settings.splitNumber - 1 : Int((context.request.seed &- 1) % UInt64(graph.splits.count))
            return (nodes(graph.splits[number], .training), nodes(graph.splits[number], .validation))
        case .drawn:
            var random = context.random.stream("label split")
            var training: [Int] = [], rest: [Int] = [], taken = [Int](repeating: 0, count: graph.classNames.count)
            for place in random.permutation(labelled.count) {
                let node = labelled[place]
                if taken[graph.labels[node]] < 20 { training.append(node); taken[graph.labels[node]] += 1 } else { rest.append(node) }
            }
            return (training.sorted(), rest.prefix(min(500, rest.count / 3)).sorted())
        }
    }
}
