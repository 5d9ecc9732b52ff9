import Datasets
import Experiments
import Tensors

/// Which nodes train and which validate (section 4); all other labelled nodes test.
enum LabelSplit {
    static func nodes(_ graph: GraphDataset, _ settings: Settings, _ context: RunContext) throws -> ([Int], [Int]) {
        let labelled = graph.labels.indices.filter { graph.labels[$0] >= 0 }
        func nodes(_ parts: [GraphDataset.Part], _ part: GraphDataset.Part) -> [Int] { labelled.filter { parts[$0] == part } }
        let rule: Settings.LabelSplit = switch settings.labelSplit {
        case .auto: !graph.publicSplit.isEmpty ? .public : !graph.splits.isEmpty ? .published : .drawn
        case let chosen: chosen
        }
        switch rule {
        case .auto, .public:
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
            let order = random.permutation(labelled.count).map { labelled[$0] }
            if settings.drawnShare > 0 {
                let count = Int((settings.drawnShare * Double(order.count)).rounded())
                return (order.prefix(count).sorted(), order.dropFirst(count).prefix(min(500, (order.count - count) / 3)).sorted())
            }
            for node in order {
                if taken[graph.labels[node]] < 20 { training.append(node); taken[graph.labels[node]] += 1 } else { rest.append(node) }
            }
            return (training.sorted(), rest.prefix(min(500, rest.count / 3)).sorted())
        }
    }
}
