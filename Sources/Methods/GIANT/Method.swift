import Datasets
import Experiments
import Tensors

/// GIANT-XRT: node feature extraction by self-supervised multi-scale neighbourhood prediction (Chien, Chang, Hsieh, Yu, Zhang, Milenkovic, Dhillon; ICLR 2022,
/// arXiv 2111.00064).
///
/// Deviations, each told where it is made: the loss of a row is divided by the size of its active set, not by a batch's padded width; the standard plan's TF-IDF
/// is small-letter and sublinear; in each run 5 % of the edges are held out to watch recall; a run draws its own labels, encoder start and tree.
///
/// Two acceptance rows of the sheet fail and are shown so: GIANT above link prediction on cora-text (`LinkPrediction` says why), and GraphSAGE on GIANT‖LSA within 0.7
/// points of LSA on debian-packages: -0.76 over the sheet's three seeds, -1.2 ± 0.3 over eight others; a PyTorch GraphSAGE on the same vectors loses 0.4 ± 0.2.
///
/// Reading order: `Text/TFIDF`, `Tree/LabelEmbeddings`, `Tree/BisectingClusters`, `Tree/ClusterChain`, `Levels/LevelTargets`, `Levels/ActiveSet`, `Levels/LevelHeads`,
/// `Levels/LevelTraining`; `Encoders`, `Baselines` and `Downstream` stand beside; `Trainer` ties them together.
public struct GIANTMethod: Method {
    public init() {}

    public var description: MethodDescription {
        MethodDescription(
            identifier: "giant-xrt", title: "GIANT-XRT: node features from raw text",
            question: "How much does text encoding that knows the graph add over text alone, for each downstream model?",
            explanation: "The text encoder learns, without labels, to predict which nodes a node is linked to: first which large cluster of nodes, then ever smaller ones down a tree. "
                + "The clusters come from the words of each node's neighbours. The encoder's output then replaces bag-of-words features in an MLP or a graph network. "
                + "Baselines (LSA, the untrained encoder, link prediction) and ablations (random tree, no PIFA) share splits and seeds, so differences pair up.",
            paper: "Chien, Chang, Hsieh, Yu, Zhang, Milenkovic, Dhillon: Node Feature Extraction by Self-Supervised Multi-scale Neighborhood Prediction. ICLR 2022. arXiv 2111.00064",
            tags: ["graphs", "text", "self-supervised", "extreme classification", "node features"])
    }

    public var parameters: [ParameterSpec] { Settings.specifications }

    public func accepts(_ dataset: DatasetEntry) -> Acceptance {
        switch dataset.kind {
        case .textGraph, .graph: .accepted
        default: .refused("\(dataset.identifier) holds \(dataset.kind.title); GIANT-XRT takes a graph whose nodes have texts (or word features), such as debian-packages")
        }
    }

    /// Section 7 of the sheet: the level training is counted by visits, all else by nodes. A pre-trained BERT-base costs 22 GFLOP a text.
    public func estimate(_ request: RunRequest, dataset: DatasetEntry) -> Estimate {
        let nodes = dataset.rows ?? 3000
        guard let values = try? ParameterValues(parameters, request: request), let settings = try? Settings(values, nodes: nodes), let levels = try? settings.levels(nodes: nodes).count else {
            return Estimate(operations: 0, bytes: 0, seconds: 0)
        }
        let n = Double(nodes), d = Double(settings.width), arms = Double(max(1, Arm.arms(settings).count))
        let visits = settings.training.visits(rows: nodes, levels: levels).reduce(0, +)
        // A layer of MiniLM has 1.8 million numbers.
        let layers = Double(settings.weightsLayers == 0 ? 6 : settings.weightsLayers)
        let text = settings.encoder == .sentence ? 64 * 1.8e6 * layers : settings.encoder == .transformer ? 64 * 12 * d * d * 2 : 90 * d + d * d
        let training = visits * 6 * (text + 64 * d)
        let tree = n * 90 * 16 * 12 * 4
        let features = Double(settings.arms == .encode ? 0 : Int(arms) + 4)
        let downstream = features * Double(settings.downstream.epochs) * (settings.models == .logistic ? 2 : 8) * n * d * 128 * 4
        let operations = arms * (training + tree) + downstream + n * 5e4
        let bytes = n * (8 * 90 + 8 * min(128, 100) + 4 * d * (features + 1)) + 4 * 50_000 * d * 3
        // Gathers of single rows run far below the rate of products.
        return Estimate(operations: operations, bytes: bytes, seconds: 0.2 + arms * (training / (settings.encoder == .sentence ? 1e11 : 2e9) + tree / 1.5e9) + downstream / 2e10 + n * 4e-5)
    }

    public func train(_ context: RunContext) throws { try Trainer.train(context) }
}
