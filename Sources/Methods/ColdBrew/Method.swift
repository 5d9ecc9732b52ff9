import Datasets
import Experiments

/// Cold Brew: distilling graph node representations with incomplete or missing neighbourhoods (Zheng, Huang, Rao, Katariya, Wang,
/// Subbian; ICLR 2022, arXiv 2111.04840).
///
/// Deviations from the paper, each for a reason given where it is made: the teacher is chosen by validation, never by test
/// accuracy; its embeddings are taken without dropout and standardised; the first network is frozen while the second trains.
///
/// Reading order: `DegreeGroups`, `Propagation`, `StructuralGraphNetwork`, `VirtualNeighbours`, `MultilayerPerceptron`; then
/// `LabelPropagation`, `GraphSAGE`, `FeatureContribution`; `Trainer` ties them together.
public struct ColdBrewMethod: Method {
    public init() {}

    public var description: MethodDescription {
        MethodDescription(
            identifier: "cold-brew", title: "Cold Brew: graph nodes without neighbours",
            question: "How accurate is each model on head, tail and isolated nodes, and does the information sit in the features or in the edges?",
            explanation: "A graph network with a learnt embedding for each node (the teacher) is trained on a graph from which every edge of the "
                + "nodes of lowest degree was removed. A small network then guesses the teacher's embedding out of a node's features alone; the "
                + "nearest embeddings of other nodes become virtual neighbours, and a second network classifies with them. "
                + "Baselines with and without the graph tell how much of the gain is plain distillation.",
            paper: "Zheng, Huang, Rao, Katariya, Wang, Subbian: Cold Brew: Distilling Graph Node Representations with Incomplete or Missing Neighborhoods. ICLR 2022. arXiv 2111.04840",
            tags: ["graphs", "node classification", "cold start", "distillation", "isolated nodes"])
    }

    public var parameters: [ParameterSpec] { Settings.specifications }

    public func accepts(_ dataset: DatasetEntry) -> Acceptance {
        dataset.kind == .graph || dataset.kind == .textGraph ? .accepted
            : .refused("\(dataset.identifier) holds \(dataset.kind.title); Cold Brew takes a graph with labels and node features or texts, such as cora")
    }

    /// Counts the multiplications of an epoch of each stage.
    public func estimate(_ request: RunRequest, dataset: DatasetEntry) -> Estimate {
        guard let values = try? ParameterValues(parameters, request: request), let settings = try? Settings(values) else {
            return Estimate(operations: 0, bytes: 0, seconds: 0)
        }
        let nodes = Double(dataset.rows ?? 3000), width = Double(settings.width)
        let teacher = 6 * nodes * width * (30 + width * Double(settings.layers - 1)) + 20 * nodes * width
        let student = 6 * nodes * 256 * 60
        let networks = settings.task == .depth ? 2.0 : 4, perceptrons = settings.task == .depth ? 0.0 : settings.task == .links ? 12 : 4
        let operations = Double(settings.epochs) * (networks * teacher + perceptrons * student) + 40 * nodes * nodes
        return Estimate(operations: operations, bytes: 4 * nodes * (width * Double(settings.layers) * 8 + 256 * 12), seconds: 0.2 + operations / 3e10)
    }

    public func train(_ context: RunContext) throws { try Trainer.train(context) }
}
