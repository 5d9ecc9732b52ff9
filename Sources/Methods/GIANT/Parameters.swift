import Experiments

/// The settings of a run, read from its parameters.
struct Settings: Sendable {
    enum Features: String, Sendable { case standard, official }
    enum BagStart: String, Sendable { case normal, lsa }
    /// How much of section 2.9 a run does beside GIANT itself.
    enum Arms: String, Sendable { case all, main, giant, encode }
    enum Models: String, Sendable { case standard, perceptron = "mlp", arxiv, products, papers, all, logistic }
    enum Ranker: String, Sendable { case none, linear }
    enum LabelRows: String, Sendable { case automatic = "auto", all, top128 = "top-128", sketch }
    enum TreeSampling: String, Sendable { case automatic = "auto", all, upperLevels = "upper-levels" }

    /// Above so many nodes rows are kept on disk, label embeddings keep 128 entries, the upper levels of the tree look at a sample, and what the model predicts is looked up
    /// batch by batch (section 7).
    static let largestInMemory = 200_000

    var features: Features, pairs: Bool, maximumFeatures: Int
    var encoder: EncoderKind, width: Int, bagStart: BagStart
    /// The weights data set of a pretrained encoder, and how many of its layers.
    var weights: String, weightsLayers: Int
    var maximumDegree: Int, dropsHubColumns: Bool, normalisesRows: Bool, labelRows: LabelRows, heldOut: Double
    var maximumLeaf: Int, splits: Int, minimumCodes: Int, sampling: TreeSampling
    var training: LevelTraining.Options
    var lsaEpochs: [Int], lsaRate: Double, linkEpochs: Int
    var labelShare: Double, validationShare: Double
    var ranker: Ranker
    var arms: Arms, models: Models, downstream: Downstream.Options

    init(_ values: ParameterValues, nodes: Int) throws {
        func choice<T: RawRepresentable>(_ name: String, _: T.Type = T.self) throws -> T where T.RawValue == String {
            guard let value = T(rawValue: values.text(name)) else { throw GIANTError("parameter \(name): “\(values.text(name))” is none of its choices") }
            return value
        }
        func list(_ name: String, otherwise: [Int]) throws -> [Int] {
            let text = values.text(name)
            if text == "auto" { return otherwise }
            let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0.filter { $0 != " " }) }
            guard !numbers.isEmpty, numbers.allSatisfy({ $0.map { (1...10_000).contains($0) } ?? false }) else {
                throw GIANTError("parameter \(name): “\(text)” is no list of whole numbers from 1 to 10000 such as 6,6,10; mend it or write auto")
            }
            return numbers.compactMap(\.self)
        }
        let isLarge = nodes > 20_000
        features = try choice("features")
        pairs = values.boolean("word-pairs")
        maximumFeatures = values.integer("max-features")
        encoder = try choice("encoder")
        weights = values.text("weights").filter { $0 != " " }
        weightsLayers = values.integer("weights-layers")
        width = values.integer("width")
        bagStart = try choice("bag-init")
        maximumDegree = values.integer("max-degree")
        dropsHubColumns = values.boolean("drop-hub-columns")
        normalisesRows = values.boolean("normalise-rows")
        labelRows = try choice("label-rows")
        heldOut = values.real("held-out")
        maximumLeaf = values.integer("max-leaf")
        splits = values.integer("splits")
        minimumCodes = values.integer("min-codes")
        sampling = try choice("tree-sampling")
        training = LevelTraining.Options()
        training.loss = try choice("loss")
        training.negatives = try choice("negatives")
        training.start = try choice("start")
        training.epochs = try list("epochs", otherwise: encoder == .sentence ? [1, 1, 2] : encoder == .transformer ? [3, 4, 6] : isLarge ? [1, 1, 2, 2] : [6, 6, 10])
        // What somebody asks for is done; only the epochs of our own choice have a limit (section 7).
        let ownLimit = isLarge ? min(6 * nodes, 4_000_000) : 4_000_000
        training.visitLimit = values.integer("visits") > 0 ? values.integer("visits") : values.text("epochs") == "auto" ? ownLimit : .max
        training.batch = values.integer("batch") > 0 ? values.integer("batch") : isLarge ? 256 : 64
        training.rate = values.real("rate") > 0 ? values.real("rate") : encoder == .sentence ? 1e-4 : encoder == .transformer ? 1e-3 : 2e-3
        training.warmup = values.integer("warmup")
        training.clippingNorm = values.real("clip")
        training.dropout = values.real("dropout")
        training.matcherCount = values.integer("man-clusters")
        training.activeLimit = values.integer("max-active")
        training.largestLevel = values.integer("max-match-clusters")
        training.postProcessor = try choice("post-processor")
        training.patience = values.integer("patience")
        training.predictsInBatch = nodes > Self.largestInMemory
        lsaEpochs = try list("lsa-epochs", otherwise: training.epochs)
        lsaRate = values.real("lsa-rate")
        linkEpochs = values.integer("link-epochs")
        labelShare = values.real("labels")
        validationShare = values.real("validation")
        guard labelShare + validationShare < 1 else { throw GIANTError("parameters labels and validation: \(labelShare) and \(validationShare) of the nodes leave none to test; give less than 1 together") }
        arms = try choice("arms")
        ranker = try choice("ranker")
        models = try choice("models")
        downstream = Downstream.Options()
        downstream.epochs = values.integer("downstream-epochs")
        downstream.hidden = values.integer("downstream-width")
        downstream.rate = values.real("downstream-rate")
        downstream.weightDecay = values.real("weight-decay")
        downstream.dropout = values.real("downstream-dropout")
        downstream.normalises = models != .products
        guard encoder != .transformer || width.isMultiple(of: 4) else { throw GIANTError("parameter width: \(width) does not divide into 4 attention heads; give a multiple of 4") }
    }

    var textOptions: [TFIDF.Options] { features == .official ? TFIDF.Options.official : TFIDF.Options.standard(pairs: pairs, maximumFeatures: maximumFeatures) }

    /// Clusters of the levels that are fine-tuned on a graph of so many nodes.
    func levels(nodes: Int) throws -> [Int] {
        let depth = try TreeShape.depth(labels: nodes, maximumLeaf: maximumLeaf)
        return try TreeShape.levels(leaves: 1 << depth, splits: splits, minimumCodes: minimumCodes).filter { $0 <= training.largestLevel }
    }

    static let specifications: [ParameterSpec] = [
        ParameterSpec(name: "arms", title: "what is run", help: "GIANT alone or beside its baselines and ablations.",
                      kind: .choice([.init("all", "baselines and all ablations"), .init("main", "baselines, random tree and no PIFA"), .init("giant", "LSA, untrained and GIANT"),
                                     .init("encode", "only up to the vectors, written to a file: for graphs of millions of nodes")]), default: .text("all"), defaults: [.smoke: .text("main"), .paper: .text("giant")]),
        ParameterSpec(name: "models", title: "downstream models", help: "What is trained on the vectors.",
                      kind: .choice([.init("standard", "MLP, GraphSAGE, SGC, C&S"), .init("mlp", "MLP alone"), .init("arxiv", "the paper's for ogbn-arxiv: MLP, GraphSAGE, RevGAT with and without self-distillation"), .init("products", "the paper's for ogbn-products: MLP and GraphSAINT without batch normalisation"),
                                     .init("papers", "the paper's for ogbn-papers100M: MLP, SGC and GAMLP"), .init("all", "every one, GCN and logistic regression too"),
                                     .init("logistic", "logistic regression on rows of norm 1, C = 10")]), default: .text("standard"), defaults: [.smoke: .text("mlp")]),
        ParameterSpec(name: "encoder", title: "encoder", help: "What turns a text into a vector.",
                      kind: .choice([.init("bag", "bag of words with a trained table"), .init("transformer", "two layers, from scratch"),
                                     .init("sentence", "a pretrained sentence encoder, fine-tuned"),
                                     .init("pretrained", "vectors of a pretrained model as they are, from embeddings.npy beside text.txt or by a sentence encoder")]), default: .text("bag")),
        ParameterSpec(name: "weights", title: "weights", help: "Sentence encoder: a weights data set with config.json and vocab.txt; auto is all-minilm-l6-v2.", kind: .text, default: .text("auto")),
        ParameterSpec(name: "weights-layers", title: "layers of the weights", help: "Sentence encoder: how many of its layers, from the first; 0 for all.", unit: "layers", kind: .integer(minimum: 0, maximum: 1000), default: .integer(0)),
        ParameterSpec(name: "width", title: "vector length d", help: "Numbers of a node's vector.", kind: .integer(minimum: 2, maximum: 4096), default: .integer(128), defaults: [.smoke: .integer(32), .paper: .integer(768)]),
        ParameterSpec(name: "bag-init", title: "start of the bag", help: "Where the table of words begins.", kind: .choice([.init("normal", "N(0, 0.05²)"), .init("lsa", "the terms' vectors of LSA, output layer the identity")]), default: .text("normal")),
        ParameterSpec(name: "labels", title: "labelled share", help: "Of each class (of the groups, where nodes come in groups) the share that trains downstream models.", kind: .real(minimum: 0.001, maximum: 0.9, logarithmic: false), default: .real(0.1), defaults: [.smoke: .real(0.2)]),
        ParameterSpec(name: "validation", title: "validation share", help: "The share that chooses the epoch.", kind: .real(minimum: 0.01, maximum: 0.9, logarithmic: false), default: .real(0.2)),
        ParameterSpec(name: "features", title: "TF-IDF", help: "How texts become features.", kind: .choice([.init("standard", "small words and pairs of them, sublinear"), .init("official", "words, pairs of words and character 3-grams, as the code does")]), default: .text("standard"), defaults: [.paper: .text("official")]),
        ParameterSpec(name: "word-pairs", title: "word pairs", help: "Standard TF-IDF: whether pairs of words are features too.", kind: .boolean, default: .boolean(true)),
        ParameterSpec(name: "max-features", title: "largest vocabulary", help: "Standard TF-IDF: the most frequent terms stay.", unit: "terms", kind: .integer(minimum: 10, maximum: 5_000_000), default: .integer(50_000)),
        ParameterSpec(name: "max-degree", title: "degree limit of rows", help: "Nodes of this degree or more are encoded but never train.", unit: "edges", kind: .integer(minimum: 2, maximum: 1_000_000), default: .integer(1000)),
        ParameterSpec(name: "drop-hub-columns", title: "drop hub columns", help: "Whether such nodes are no labels either. The paper keeps them.", kind: .boolean, default: .boolean(false)),
        ParameterSpec(name: "normalise-rows", title: "normalise rows of Y", help: "PIFA: whether the labels of a row have norm 1 together.", kind: .boolean, default: .boolean(true)),
        ParameterSpec(name: "label-rows", title: "label embeddings", help: "How much of each label embedding is kept.",
                      kind: .choice([.init("auto", "all; above 200 000 nodes 128; above 5 million a sketch"), .init("all", "every entry"), .init("top-128", "the 128 largest"), .init("sketch", "64 random projections")]), default: .text("auto")),
        ParameterSpec(name: "held-out", title: "held-out edges", help: "Edges kept out of training to watch recall.", kind: .real(minimum: 0, maximum: 0.5, logarithmic: false), default: .real(0.05)),
        ParameterSpec(name: "max-leaf", title: "largest leaf", help: "Labels in a leaf of the tree.", unit: "labels", kind: .integer(minimum: 2, maximum: 1_000_000), default: .integer(16), defaults: [.smoke: .integer(8), .paper: .integer(100)]),
        ParameterSpec(name: "splits", title: "children of a cluster", help: "How many clusters of a level make one above.", kind: .integer(minimum: 2, maximum: 10_000), default: .integer(8), defaults: [.paper: .integer(4)]),
        ParameterSpec(name: "min-codes", title: "clusters of the top level", help: "Levels are added upwards until so many clusters or fewer remain.", kind: .integer(minimum: 1, maximum: 1_000_000), default: .integer(8), defaults: [.smoke: .integer(4), .paper: .integer(32)]),
        ParameterSpec(name: "tree-sampling", title: "sampled tree", help: "Whether the upper levels of the tree look at a part of the labels.", kind: .choice([.init("auto", "above 200 000 nodes"), .init("all", "never"), .init("upper-levels", "always")]), default: .text("auto")),
        ParameterSpec(name: "epochs", title: "epochs of each level", help: "Visits of each training row, by level; the last number holds for further levels.", kind: .text, default: .text("auto"), defaults: [.smoke: .text("2"), .paper: .text("5")]),
        ParameterSpec(name: "visits", title: "visited rows", help: "Rows that all levels visit together, instead of so many epochs; 0: as the epochs say; where they are auto at most 4 million, and above 20,000 nodes six a node.", unit: "rows",
                      kind: .integer(minimum: 0, maximum: 1_000_000_000), default: .integer(0)),
        ParameterSpec(name: "batch", title: "batch", help: "Rows of a step; 0: 64, or 256 above 20 000 nodes.", unit: "rows", kind: .integer(minimum: 0, maximum: 65_536), default: .integer(0), defaults: [.smoke: .integer(16)]),
        ParameterSpec(name: "rate", title: "rate", help: "Adam's rate of encoder and heads; 0: 0.002 (bag), 0.001 (transformer), 0.0001 (sentence).", kind: .real(minimum: 0, maximum: 1, logarithmic: true), default: .real(0), defaults: [.smoke: .real(0.01), .paper: .real(1e-4)]),
        ParameterSpec(name: "warmup", title: "warm-up", help: "Steps of rising rate at each level, at most a tenth of them.", unit: "steps", kind: .integer(minimum: 0, maximum: 1_000_000), default: .integer(100)),
        ParameterSpec(name: "dropout", title: "dropout before the heads", help: "Dropout of the vector in training.", kind: .real(minimum: 0, maximum: 0.95, logarithmic: false), default: .real(0.1)),
        ParameterSpec(name: "clip", title: "gradient norm limit", help: "For encoder and heads separately.", kind: .real(minimum: 0.001, maximum: 1e6, logarithmic: true), default: .real(1)),
        ParameterSpec(name: "loss", title: "loss", help: "Of the clusters in a row's active set.", kind: .choice([.init("squared-hinge", "squared hinge"), .init("weighted-squared-hinge", "positives count by their labels"), .init("bce", "binary cross-entropy")]), default: .text("squared-hinge")),
        ParameterSpec(name: "negatives", title: "negatives", help: "Which clusters a row is taught to refuse.", kind: .choice([.init("tfn+man", "siblings of the true ones and of the predicted ones"), .init("tfn", "siblings of the true ones"), .init("man", "siblings of the predicted ones")]), default: .text("tfn+man"), defaults: [.paper: .text("tfn")]),
        ParameterSpec(name: "start", title: "start of a level", help: "Where the heads of a level begin.", kind: .choice([.init("inherit", "their parents'"), .init("linear", "linear support vectors, C = 100"), .init("random", "N(0, 0.02²)")]), default: .text("inherit"), defaults: [.paper: .text("linear")]),
        ParameterSpec(name: "man-clusters", title: "predicted clusters", help: "The model's best clusters of the level above, and the beam's width.", kind: .integer(minimum: 1, maximum: 1000), default: .integer(8)),
        ParameterSpec(name: "max-active", title: "largest active set", help: "Clusters of a row's loss below the top level; positives always stay.", kind: .integer(minimum: 1, maximum: 100_000), default: .integer(128)),
        ParameterSpec(name: "max-match-clusters", title: "largest level", help: "Levels of more clusters are not trained.", kind: .integer(minimum: 1, maximum: 1_000_000), default: .integer(32_768)),
        ParameterSpec(name: "post-processor", title: "post-processor", help: "How scores along a path are combined in beam search.", kind: .choice(PostProcessor.allCases.map { .init($0.rawValue, "") }), default: .text("l3-hinge")),
        ParameterSpec(name: "ranker", title: "ranker", help: "Whether held-out neighbours are ranked, by the heads and by linear support vectors on words and vectors.",
                      kind: .choice([.init("none", "not at all"), .init("linear", "XR-Linear, beside the trained heads")]), default: .text("linear")),
        ParameterSpec(name: "patience", title: "patience of a level", help: "A level ends after so many looks (ten a level) without better recall on held-out edges; 0: never.", kind: .integer(minimum: 0, maximum: 100), default: .integer(0)),
        ParameterSpec(name: "lsa-epochs", title: "epochs of the LSA start", help: "As epochs, for the bag that begins with LSA.", kind: .text, default: .text("auto"), defaults: [.smoke: .text("2")]),
        ParameterSpec(name: "lsa-rate", title: "rate of the LSA start", help: "As rate, for the bag that begins with LSA.", kind: .real(minimum: 1e-6, maximum: 1, logarithmic: true), default: .real(0.002)),
        ParameterSpec(name: "link-epochs", title: "epochs of link prediction", help: "The baseline's passes over the edges.", kind: .integer(minimum: 1, maximum: 10_000), default: .integer(15), defaults: [.smoke: .integer(2)]),
        ParameterSpec(name: "downstream-epochs", title: "downstream epochs", help: "Epochs of MLP and graph networks; the best by validation counts.", unit: "epochs", kind: .integer(minimum: 1, maximum: 100_000), default: .integer(150), defaults: [.smoke: .integer(30), .paper: .integer(500)]),
        ParameterSpec(name: "downstream-width", title: "downstream width", help: "Hidden width of MLP and graph networks.", kind: .integer(minimum: 1, maximum: 4096), default: .integer(128), defaults: [.smoke: .integer(32), .paper: .integer(256)]),
        ParameterSpec(name: "downstream-rate", title: "downstream rate", help: "Adam's rate of MLP and graph networks.", kind: .real(minimum: 1e-6, maximum: 1, logarithmic: true), default: .real(0.005), defaults: [.paper: .real(0.01)]),
        ParameterSpec(name: "weight-decay", title: "weight decay", help: "Of MLP and graph networks.", kind: .real(minimum: 0, maximum: 1, logarithmic: false), default: .real(1e-4)),
        ParameterSpec(name: "downstream-dropout", title: "downstream dropout", help: "Of MLP and graph networks.", kind: .real(minimum: 0, maximum: 0.95, logarithmic: false), default: .real(0.5)),
    ]
}
