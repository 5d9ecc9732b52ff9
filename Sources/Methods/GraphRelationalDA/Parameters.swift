import Experiments

/// The settings of a run, read from its parameters.
struct Settings: Sendable {
    enum Windows: String, Sendable { case all, aligned }
    enum Rows: String, Sendable { case shuffled, file }
    enum Embed: String, Sendable { case learned, spectral, onehot, coordinates, file }

    var task: String, sources: String, windows: Windows, rows: Rows
    var arms: [Arm]
    var head: GraphReconstruction.Head, selfPairs: Bool
    var embed: Embed, embedFile: String, embedSize: Int, embedSteps: Int, embedRate: Double
    var width: Int, headSize: Int, start: NetworkStart
    var lambda: Double, baselineLambda: Double, isRamped: Bool
    var rate: Double, discriminatorRate: Double, halfLife: Double, warmUp: Int
    var epochs: Int, batch: Int, group: Int, evaluateEvery: Int
    var ridgePenalty: Double, shownDomain: String

    init(_ values: ParameterValues) throws {
        task = values.text("task")
        sources = values.text("sources")
        windows = try values.choice("windows")
        rows = try values.choice("rows")
        head = try values.choice("head")
        selfPairs = values.boolean("self-pairs")
        embed = try values.choice("embed")
        embedFile = values.text("embed-file")
        embedSize = values.integer("embed-size")
        embedSteps = values.integer("embed-steps")
        embedRate = values.real("embed-rate")
        width = values.integer("width")
        headSize = values.integer("head-size")
        start = try values.choice("start")
        lambda = values.real("lambda")
        baselineLambda = values.real("baseline-lambda")
        isRamped = values.boolean("ramp")
        rate = values.real("rate")
        discriminatorRate = values.real("discriminator-rate")
        halfLife = values.real("half-life")
        warmUp = values.integer("warm-up")
        epochs = values.integer("epochs")
        batch = values.integer("batch")
        group = values.integer("group")
        evaluateEvery = values.integer("evaluate-every")
        ridgePenalty = values.real("ridge-penalty")
        shownDomain = values.text("shown-domain")
        arms = []
        guard head == .dot || headSize.isMultiple(of: 2) else { throw GRDAError("parameter head-size: the signed head needs an even number; give \(headSize + 1)") }
        arms = try Arm.list(values.text("arms"), pairing: values.text("pairing"), self)
    }

    static let specifications: [ParameterSpec] = [
        ParameterSpec(name: "arms", title: "methods", help: "What is trained, separated by commas: source-only, source-only-without-z, dann, cdann, adda, mdd, cida, sentry, ridge, grda.",
                      kind: .text, default: .text("source-only, dann, cida, ridge, grda"), defaults: [.smoke: .text("source-only, source-only-without-z, dann, cdann, adda, mdd, cida, sentry, grda")]),
        ParameterSpec(name: "pairing", title: "pairing", help: "Which samples of two domains the graph discriminator compares.",
                      kind: .choice([.init("slot", "slot by slot, every domain shuffled by itself"), .init("all", "all samples with all"),
                                     .init("slot-shared", "as published: one shuffle for all; on rows sorted by label it sees target classes"), .init("every", "an arm for each")]),
                      default: .text("slot"), defaults: [.smoke: .text("every")]),
        ParameterSpec(name: "lambda", title: "λ of GRDA", help: "The graph loss is N times a mean, so its weight is λ N.", kind: .real(minimum: 0, maximum: 1000, logarithmic: true), default: .real(0.1)),
        ParameterSpec(name: "baseline-lambda", title: "λ of baselines", help: "The weight of the other adversaries' losses.", kind: .real(minimum: 0, maximum: 1000, logarithmic: true), default: .real(0.5)),
        ParameterSpec(name: "task", title: "task", help: "Which known division into sources and targets (tpt-48: N-to-S, W-to-E, E-to-W); empty takes the first.", kind: .text, default: .text("")),
        ParameterSpec(name: "sources", title: "sources", help: "Other sources than the data's: names separated by commas, or “nearest 6 of WA”, the seed domain and those nearest by hops. Empty keeps the data's roles.",
                      kind: .text, default: .text("")),
        ParameterSpec(name: "windows", title: "windows", help: "Series: whether sources train on windows from every step or only on whole cycles.",
                      kind: .choice([.init("aligned", "whole cycles, as they are evaluated"), .init("all", "every start")]), default: .text("aligned"), defaults: [.paper: .text("all")]),
        ParameterSpec(name: "rows", title: "order of rows", help: "The published files list one class first in every domain; shuffling once takes that away.",
                      kind: .choice([.init("shuffled", "shuffled once in every domain"), .init("file", "as the file has them")]), default: .text("shuffled")),
        ParameterSpec(name: "head", title: "graph head", help: "How two reconstructed embeddings make the logit of an edge.",
                      kind: .choice([.init("dot", "their product, as published"), .init("signed", "first half minus second half: can represent any graph")]), default: .text("dot")),
        ParameterSpec(name: "self-pairs", title: "self pairs", help: "Count them as not connected; what a complete graph needs.", kind: .boolean, default: .boolean(false)),
        ParameterSpec(name: "embed", title: "embedding z", help: "Where the embedding of a domain comes from.",
                      kind: .choice([.init("learned", "trained to rebuild the graph"), .init("spectral", "eigenvectors of the Laplacian"), .init("onehot", "one column a domain"),
                                     .init("coordinates", "the data's own numbers of each domain"), .init("file", "read from embed-file")]), default: .text("learned")),
        ParameterSpec(name: "embed-file", title: "embedding file", help: "CSV: domain, then numbers; read when embed is file.", kind: .text, default: .text("")),
        ParameterSpec(name: "embed-size", title: "columns of z", help: "Learned and spectral: n_t.", kind: .integer(minimum: 1, maximum: 256), default: .integer(2)),
        ParameterSpec(name: "embed-steps", title: "steps for z", help: "Without a stop z grows for ever.", unit: "steps", kind: .integer(minimum: 1, maximum: 100_000), default: .integer(60)),
        ParameterSpec(name: "embed-rate", title: "rate for z", help: "Adam's rate.", kind: .real(minimum: 1e-6, maximum: 10, logarithmic: true), default: .real(0.05)),
        ParameterSpec(name: "width", title: "width h", help: "The hidden width of all networks.", kind: .integer(minimum: 1, maximum: 4096), default: .integer(64), defaults: [.smoke: .integer(16), .paper: .integer(512)]),
        ParameterSpec(name: "head-size", title: "columns of ẑ", help: "The width of ẑ.", kind: .integer(minimum: 1, maximum: 256), default: .integer(2)),
        ParameterSpec(name: "start", title: "start of weights", help: "How weights begin.",
                      kind: .choice([.init("xavier", "by the layer's size"), .init("normal", "N(0, 0.01²) as published, for wide networks")]), default: .text("xavier"), defaults: [.paper: .text("normal")]),
        ParameterSpec(name: "ramp", title: "ramped λ", help: "λ rises over the epochs as 2 / (1 + exp(-10 t)) - 1.", kind: .boolean, default: .boolean(false)),
        ParameterSpec(name: "rate", title: "rate", help: "Adam's rate of encoder and predictor.", kind: .real(minimum: 1e-7, maximum: 1, logarithmic: true), default: .real(3e-4), defaults: [.smoke: .real(5e-3), .paper: .real(1e-4)]),
        ParameterSpec(name: "discriminator-rate", title: "rate of D", help: "Adam's rate of the adversary.", kind: .real(minimum: 1e-7, maximum: 1, logarithmic: true), default: .real(3e-4), defaults: [.smoke: .real(5e-3), .paper: .real(1e-4)]),
        ParameterSpec(name: "half-life", title: "half-life", help: "Both rates halve in so many epochs.", unit: "epochs", kind: .real(minimum: 0.1, maximum: 1e6, logarithmic: true), default: .real(100)),
        ParameterSpec(name: "warm-up", title: "warm-up", help: "Epochs in which both rates rise.", unit: "epochs", kind: .integer(minimum: 0, maximum: 100_000), default: .integer(0)),
        ParameterSpec(name: "epochs", title: "epochs", help: "Of every method; the last one counts, none is chosen by targets.", unit: "epochs", kind: .integer(minimum: 1, maximum: 100_000), default: .integer(100),
                      defaults: [.smoke: .integer(30), .paper: .integer(500)]),
        ParameterSpec(name: "batch", title: "batch", help: "Samples of each domain in a step.", unit: "samples", kind: .integer(minimum: 1, maximum: 100_000), default: .integer(20), defaults: [.smoke: .integer(10), .paper: .integer(10)]),
        ParameterSpec(name: "group", title: "group", help: "How many domains the graph loss of a step compares; 0 takes about two thirds, of many domains half.", unit: "domains",
                      kind: .integer(minimum: 0, maximum: 100_000), default: .integer(0)),
        ParameterSpec(name: "evaluate-every", title: "evaluate every", help: "Epochs between measurements.", unit: "epochs", kind: .integer(minimum: 1, maximum: 100_000), default: .integer(5)),
        ParameterSpec(name: "ridge-penalty", title: "penalty of ridge", help: "Numbers only: closed form on the sources, the penalty on all weights.", kind: .real(minimum: 0, maximum: 1e9, logarithmic: true), default: .real(1)),
        ParameterSpec(name: "shown-domain", title: "shown domain", help: "Series: whose last cycle is drawn; empty takes the target farthest from the sources.", kind: .text, default: .text("")),
    ]
}
