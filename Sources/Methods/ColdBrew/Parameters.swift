import Experiments

/// The settings of a run, read from its parameters.
struct Settings: Sendable {
    enum Task: String, Sendable { case distil, depth, links }
    enum LabelSplit: String, Sendable { case auto, `public`, first600 = "first-600", published, drawn }
    /// Which nodes teach the first network: all that are not isolated (paper), or the labelled ones (code).
    enum GuessNodes: String, Sendable { case connected, training }
    /// Which labelled nodes teach the second: all (code), or those of the tail and isolation groups (paper).
    enum StudentNodes: String, Sendable { case all, lowDegree = "low-degree" }

    var task: Task, labelSplit: LabelSplit, splitNumber: Int, drawnShare: Double
    var rule: DegreeGroups.Rule, fraction: Double
    var layers: Int, width: Int, dropout: Double, switches: (first: Bool, middle: Bool, last: Bool)
    var penalty: StructuralGraphNetwork<Float>.Penalty, etas: [Double], embeddingDeviation: Double
    var backbone: GraphBackbone, embeddings: TeacherEmbeddings.Choice
    var studentWidth: Int, studentDropout: Double, neighbours: Int, usesGuess: Bool
    var guessNodes: GuessNodes, studentNodes: StudentNodes
    var contrast: (temperature: Double, hops: Int, weight: Double)
    var propagation: (alphas: [Double], rounds: Int), negatives: Int
    var epochs: Int, patience: Int, rate: Double, weightDecay: Double, baselines: Bool

    var plan: FittingPlan { FittingPlan(epochs: epochs, patience: patience, rate: rate, weightDecay: weightDecay) }

    init(_ values: ParameterValues) throws {
        task = try values.choice("task")
        labelSplit = try values.choice("labels")
        splitNumber = values.integer("split")
        drawnShare = values.real("drawn-share")
        rule = try values.choice("groups")
        fraction = values.real("fraction")
        layers = values.integer("layers")
        width = values.integer("width")
        dropout = values.real("dropout")
        let digits = Array(values.text("structural"))
        guard digits.count == 3 else { throw ColdBrewError("parameter structural: three digits are needed") }
        switches = (digits[0] == "1", digits[1] == "1", digits[2] == "1")
        penalty = try values.choice("se-penalty")
        etas = try Self.numbers(values, "eta", upTo: 1_000_000, such: "32 or 32,0.5")
        propagation = (try Self.numbers(values, "propagation-alpha", upTo: 1, such: "0.5 or 0.1,0.5,0.9"), values.integer("propagation-rounds"))
        negatives = values.integer("negatives")
        embeddingDeviation = values.real("se-init-std")
        backbone = GraphBackbone(residual: try values.choice("residual"), normalisation: try values.choice("normalisation"), residualWeight: values.real("residual-weight"),
                                 groups: values.integer("norm-groups"), groupWeight: values.real("norm-weight"))
        embeddings = try values.choice("embeddings")
        guessNodes = try values.choice("guess-nodes")
        studentNodes = try values.choice("student-nodes")
        contrast = (values.real("contrast-temperature"), values.integer("contrast-hops"), values.real("contrast-weight"))
        studentWidth = values.integer("student-width")
        studentDropout = values.real("student-dropout")
        neighbours = values.integer("neighbours")
        usesGuess = values.boolean("include-guess")
        epochs = values.integer("epochs")
        patience = values.integer("patience")
        rate = values.real("rate")
        weightDecay = values.real("weight-decay")
        baselines = values.boolean("baselines")
    }

    /// A list of numbers that a parameter of text holds.
    private static func numbers(_ values: ParameterValues, _ name: String, upTo limit: Int, such example: String) throws -> [Double] {
        let words = values.text(name).split(separator: ","), numbers = words.compactMap { Double($0.filter { $0 != " " }) }
        guard !numbers.isEmpty, numbers.count == words.count, numbers.allSatisfy({ $0 >= 0 && $0 <= Double(limit) }) else {
            throw ColdBrewError("parameter \(name): “\(values.text(name).prefix(40))” is no list of numbers from 0 to \(limit) such as \(example); mend it")
        }
        return numbers
    }

    static let specifications: [ParameterSpec] = [
        ParameterSpec(name: "task", title: "task", help: "Distil: teacher, student and baselines name classes. Depth: only the graph network with and without structural embedding. Links: they rank the edges that isolation removed; take weight-decay 0, which else holds inner products near zero.",
                      kind: .choice([.init("distil", "teacher, student and baselines"), .init("depth", "graph networks with and without embedding"),
                                     .init("links", "link prediction: removed edges are ranked")]), default: .text("distil")),
        ParameterSpec(name: "labels", title: "labelled nodes", help: "Which nodes train and validate; all other labelled nodes test.",
                      kind: .choice([.init("auto", "public where the graph has that split, else published, else drawn"), .init("public", "the split of nodes.tsv"), .init("first-600", "nodes 0–599 train, 600–1099 validate"),
                                     .init("published", "one of the splits of splits.tsv"), .init("drawn", "drawn by seed; 500 validate")]), default: .text("auto")),
        ParameterSpec(name: "split", title: "split number", help: "Which of the published splits; 0 takes the one of the seed.", kind: .integer(minimum: 0, maximum: 100), default: .integer(0)),
        ParameterSpec(name: "drawn-share", title: "share of drawn labels", help: "Of the labelled nodes, the share that trains where labels are drawn; 0: 20 of each class.",
                      kind: .real(minimum: 0, maximum: 0.9, logarithmic: false), default: .real(0)),
        ParameterSpec(name: "groups", title: "degree groups", help: "How isolation, tail and head are chosen.",
                      kind: .choice([.init("paper", "tenths by degree"), .init("code", "repeated halving by medians")]), default: .text("paper")),
        ParameterSpec(name: "fraction", title: "size of a group", help: "Rule paper: the share of nodes in each group.", kind: .real(minimum: 0.01, maximum: 0.33, logarithmic: false), default: .real(0.1)),
        ParameterSpec(name: "layers", title: "teacher layers", help: "Graph convolutions of teacher and GCN.", kind: .integer(minimum: 2, maximum: 64), default: .integer(2)),
        ParameterSpec(name: "width", title: "teacher width", help: "Hidden width of the graph networks.", kind: .integer(minimum: 1, maximum: 4096), default: .integer(64), defaults: [.smoke: .integer(16)]),
        ParameterSpec(name: "dropout", title: "teacher dropout", help: "Dropout of the graph networks.", kind: .real(minimum: 0, maximum: 0.95, logarithmic: false), default: .real(0.6), defaults: [.smoke: .real(0.2)]),
        ParameterSpec(name: "structural", title: "structural embedding", help: "Where the teacher has an embedding: first, middle, last layers.",
                      kind: .choice(["000", "100", "010", "001", "110", "101", "011", "111"].map { digits in
                          let on = zip(["first", "middle", "last"], digits).filter { $0.1 == "1" }.map(\.0)
                          return .init(digits, on.isEmpty ? "no embedding: a plain GCN" : on.joined(separator: ", "))
                      }), default: .text("100")),
        ParameterSpec(name: "se-penalty", title: "embedding penalty", help: "The penalty of the embedding: its squared norm (paper) or its norm (code).",
                      kind: .choice([.init("norm", "the norm, as the code does"), .init("squared", "the squared norm, as the paper says")]), default: .text("norm")),
        ParameterSpec(name: "eta", title: "penalty strength η", help: "Candidates, separated by commas; validation chooses among the teachers.", kind: .text, default: .text("32")),
        ParameterSpec(name: "se-init-std", title: "embedding start", help: "Standard deviation of the embedding's start.", kind: .real(minimum: 0, maximum: 100, logarithmic: false), default: .real(1)),
        ParameterSpec(name: "residual", title: "residual", help: "How the teacher's layers are joined; any kind but none wraps them in an input and an output layer.",
                      kind: .choice([.init("none", "each layer reads the one before"), .init("initial", "a share of the input layer's output is added to each"),
                                     .init("residual", "a share of the layer before is added"), .init("dense", "each layer reads a mixture of all before it"),
                                     .init("jumping", "the output layer reads a mixture of all layers")]), default: .text("none")),
        ParameterSpec(name: "residual-weight", title: "residual share α", help: "The share of initial and residual.", kind: .real(minimum: 0, maximum: 1, logarithmic: false), default: .real(0.1)),
        ParameterSpec(name: "normalisation", title: "normalisation", help: "Normalisation of the teacher's hidden layers.",
                      kind: .choice([.init("none", "none"), .init("batch", "each column over the nodes, with scale and shift"), .init("pair", "PairNorm: centred, one common scale"),
                                     .init("node", "NodeNorm: each node by itself"), .init("mean", "MeanNorm: columns centred"), .init("group", "GroupNorm: learnt groups, each normalised")]), default: .text("none")),
        ParameterSpec(name: "norm-groups", title: "groups of GroupNorm", help: "How many groups nodes are softly put into.", kind: .integer(minimum: 1, maximum: 100), default: .integer(10)),
        ParameterSpec(name: "norm-weight", title: "weight λ of GroupNorm", help: "How much of the normalised groups is added.", kind: .real(minimum: 0, maximum: 1, logarithmic: false), default: .real(0.001)),
        ParameterSpec(name: "embeddings", title: "handed over", help: "What the teacher hands over to the student.",
                      kind: .choice([.init("final", "its logits"), .init("concat", "the outputs of all layers, as the code does"), .init("paper-concat", "its logits and what each layer propagates, as the paper says")]),
                      default: .text("final")),
        ParameterSpec(name: "guess-nodes", title: "nodes of the first network", help: "Which nodes teach the guess of the embedding.",
                      kind: .choice([.init("connected", "all that are not isolated; labels are not needed"), .init("training", "the labelled ones, as the code does")]), default: .text("connected")),
        ParameterSpec(name: "student-nodes", title: "nodes of the second network", help: "Which labelled nodes teach the student to classify.",
                      kind: .choice([.init("all", "all, as the code does"), .init("low-degree", "those of the groups tail and isolation, as the paper says")]), default: .text("all")),
        ParameterSpec(name: "student-width", title: "student width", help: "Hidden width of both networks of the student.", kind: .integer(minimum: 1, maximum: 4096), default: .integer(256), defaults: [.smoke: .integer(32)]),
        ParameterSpec(name: "student-dropout", title: "student dropout", help: "Dropout of the student and the MLP baselines.", kind: .real(minimum: 0, maximum: 0.95, logarithmic: false), default: .real(0.5), defaults: [.smoke: .real(0.2)]),
        ParameterSpec(name: "neighbours", title: "virtual neighbours K", help: "How many virtual neighbours a node gets.", kind: .integer(minimum: 1, maximum: 1_000_000), default: .integer(8), defaults: [.smoke: .integer(3)]),
        ParameterSpec(name: "include-guess", title: "student reads its guess", help: "Whether the second network reads ê besides x and ẽ (the code's default; off: the paper's).", kind: .boolean, default: .boolean(true)),
        ParameterSpec(name: "epochs", title: "epochs", help: "The most epochs of each stage.", unit: "epochs", kind: .integer(minimum: 1, maximum: 100_000), default: .integer(400), defaults: [.smoke: .integer(40), .paper: .integer(1500)]),
        ParameterSpec(name: "patience", title: "patience", help: "A stage ends after so many epochs without a better validation.", unit: "epochs", kind: .integer(minimum: 1, maximum: 100_000), default: .integer(60), defaults: [.paper: .integer(1500)]),
        ParameterSpec(name: "rate", title: "rate", help: "Adam's rate.", kind: .real(minimum: 1e-6, maximum: 1, logarithmic: true), default: .real(0.005), defaults: [.smoke: .real(0.02)]),
        ParameterSpec(name: "weight-decay", title: "weight decay", help: "Added to the gradient.", kind: .real(minimum: 0, maximum: 1, logarithmic: false), default: .real(5e-4)),
        ParameterSpec(name: "contrast-temperature", title: "GraphMLP temperature τ", help: "How sharply GraphMLP's contrast tells nodes apart.", kind: .real(minimum: 0.01, maximum: 100, logarithmic: true), default: .real(1)),
        ParameterSpec(name: "contrast-hops", title: "GraphMLP steps r", help: "How many steps along edges GraphMLP counts as near.", kind: .integer(minimum: 1, maximum: 10), default: .integer(3)),
        ParameterSpec(name: "contrast-weight", title: "GraphMLP contrast", help: "The weight of GraphMLP's contrast beside the cross-entropy.", kind: .real(minimum: 0, maximum: 1000, logarithmic: false), default: .real(10)),
        ParameterSpec(name: "propagation-alpha", title: "label propagation α", help: "How much of its neighbours' labels a node takes: candidates from 0 to 1, separated by commas; validation chooses.", kind: .text, default: .text("0.1,0.5,0.9")),
        ParameterSpec(name: "propagation-rounds", title: "label propagation rounds", help: "How often labels are handed on.", unit: "rounds", kind: .integer(minimum: 1, maximum: 10_000), default: .integer(50)),
        ParameterSpec(name: "negatives", title: "unjoined nodes a link", help: "Task links: each edge is ranked among, and taught beside, so many nodes that are not joined.", unit: "nodes",
                      kind: .integer(minimum: 1, maximum: 1000), default: .integer(20)),
        ParameterSpec(name: "baselines", title: "baselines", help: "Whether GraphSAGE, the small MLP, GraphMLP, the distilled MLP and the student's ablations are trained too.", kind: .boolean, default: .boolean(true)),
    ]
}
