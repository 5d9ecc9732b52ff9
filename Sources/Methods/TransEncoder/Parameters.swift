import Experiments
import Language
import Layers

/// Which of the two forms of a model.
package enum Form: String, Sendable, Codable {
    /// f(s): each sentence by itself, scored by cosine.
    case bi
    /// g(s, t): both sentences in one input.
    case cross
}

/// The settings of a run, read from its parameters.
package struct Settings: Sendable {
    enum Distillation: String, Sendable { case `self`, mutual }
    enum Start: String, Sendable { case automatic = "auto", weights, simCSE = "simcse", mirrorBERT = "mirror-bert" }
    enum CrossStart: String, Sendable { case automatic = "auto", raw, start }
    enum Selection: String, Sendable { case dev, last }
    enum TableUpdate: String, Sendable { case dense, sparse, frozen }
    enum Source: String, Sendable { case own, all }
    enum Kept: String, Sendable { case none, bi, both }
    enum Losses: String, Sendable { case paper, swapped }
    enum Control: String, Sendable, CaseIterable { case selfTraining = "self-training", shuffled, simCSE = "simcse" }

    /// How one of the forms is distilled into.
    struct Phase: Sendable { var batch: Int, epochs: Int, rate: Double, warmUp: Double, checkEvery: Int, tokens: Int }

    var distillation: Distillation
    var encoder: String, second: String
    /// Layers of the bi-encoder, of the second model's, and of the cross-encoder; 0: all.
    var layers: Int, secondLayers: Int, crossLayers: Int
    var pooling: Pooling
    var start: Start, startSteps: Int, startBatch: Int, startRate: Double
    var crossStart: CrossStart
    var cycles: Int, pairs: Int, source: Source, bothOrders: Bool
    var bi: Phase, cross: Phase
    /// nil: as the encoder's config.json says.
    var dropout: Double?
    var weightDecay: Double, clippingNorm: Double
    var update: EmbeddingUpdate
    var losses: Losses
    var clampsTargets: Bool, startsBias: Bool, isFresh: Bool
    var selection: Selection
    var devSet: String, testSets: [String]?
    var controls: [Control]
    var showsStarts: Bool
    var kept: Kept
    var smallWidth: Int, smallLayers: Int

    package init(_ values: ParameterValues) throws {
        distillation = try values.choice("distillation")
        (encoder, second) = (values.text("encoder").filter { $0 != " " }, values.text("second-encoder").filter { $0 != " " })
        (layers, secondLayers, crossLayers) = (values.integer("layers"), values.integer("second-layers"), values.integer("cross-layers"))
        pooling = try values.choice("pooling")
        start = try values.choice("start")
        (startSteps, startBatch, startRate) = (values.integer("start-steps"), values.integer("start-batch"), values.real("start-rate"))
        crossStart = try values.choice("cross-start")
        (cycles, pairs, bothOrders) = (values.integer("cycles"), values.integer("pairs"), values.boolean("both-orders"))
        source = try values.choice("pairs-from")
        bi = Phase(batch: values.integer("bi-batch"), epochs: values.integer("bi-epochs"), rate: values.real("bi-rate"), warmUp: values.real("bi-warm-up"), checkEvery: values.integer("bi-check"), tokens: values.integer("bi-tokens"))
        cross = Phase(batch: values.integer("cross-batch"), epochs: values.integer("cross-epochs"), rate: values.real("cross-rate"), warmUp: values.real("cross-warm-up"), checkEvery: values.integer("cross-check"), tokens: values.integer("cross-tokens"))
        dropout = values.real("dropout") < 0 ? nil : values.real("dropout")
        (weightDecay, clippingNorm) = (values.real("weight-decay"), values.real("clip"))
        update = switch try values.choice("embeddings", as: TableUpdate.self) {
        case .dense: .dense
        case .sparse: .touchedRows
        case .frozen: .frozen
        }
        losses = try values.choice("losses")
        (clampsTargets, startsBias, isFresh) = (values.boolean("clamp-targets"), values.boolean("start-bias"), values.boolean("fresh"))
        selection = try values.choice("selection")
        devSet = values.text("dev-set").filter { $0 != " " }
        let tests = Self.words(values.text("test-sets"))
        testSets = tests.isEmpty || tests == ["auto"] ? nil : tests
        controls = try Self.words(values.text("controls")).filter { $0 != "none" }.map { word in
            guard let control = Control(rawValue: word) else { throw TransEncoderError("parameter controls: “\(word)” is none; give some of \(Control.allCases.map(\.rawValue).joined(separator: ", ")), or none") }
            return control
        }
        guard Set(controls).count == controls.count else { throw TransEncoderError("parameter controls: “\(values.text("controls"))” names one twice; give each once") }
        showsStarts = values.boolean("starts")
        kept = try values.choice("keep")
        (smallWidth, smallLayers) = (values.integer("small-width"), values.integer("small-layers"))
        guard smallWidth.isMultiple(of: 4) else { throw TransEncoderError("parameter small-width: \(smallWidth) does not divide into heads of 16 or 4; give a multiple of 4") }
    }

    private static func words(_ text: String) -> [String] { text.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init) }

    private static func phase(_ form: String, batch: [Plan?: Int], epochs: [Plan?: Int], rate: [Plan?: Double], warmUp: Double, check: [Plan?: Int], tokens: Int) -> [ParameterSpec] {
        func integers(_ table: [Plan?: Int]) -> [Plan: ParameterValue] { table.reduce(into: [:]) { if let plan = $1.key { $0[plan] = .integer($1.value) } } }
        let name = form == "bi" ? "bi-encoder" : "cross-encoder"
        return [
            ParameterSpec(name: "\(form)-batch", title: "\(form) batch", help: "Pairs of a step of the \(name).", unit: "pairs", kind: .integer(minimum: 1, maximum: 4096), default: .integer(batch[nil] ?? 32), defaults: integers(batch)),
            ParameterSpec(name: "\(form)-epochs", title: "\(form) epochs", help: "Passes over the pairs when the \(name) learns.", unit: "epochs", kind: .integer(minimum: 1, maximum: 1000), default: .integer(epochs[nil] ?? 1), defaults: integers(epochs)),
            ParameterSpec(name: "\(form)-rate", title: "\(form) rate", help: "AdamW's highest rate for the \(name).", kind: .real(minimum: 1e-8, maximum: 0.1, logarithmic: true), default: .real(rate[nil] ?? 1e-4),
                          defaults: rate.reduce(into: [:]) { if let plan = $1.key { $0[plan] = .real($1.value) } }),
            ParameterSpec(name: "\(form)-warm-up", title: "\(form) warm-up", help: "The share of the steps in which the rate rises from 0; it then falls to 0.", kind: .real(minimum: 0, maximum: 0.9, logarithmic: false), default: .real(warmUp)),
            ParameterSpec(name: "\(form)-check", title: "\(form) check every", help: "Steps of an epoch between two looks at the dev set; the end of an epoch is always looked at.", unit: "steps", kind: .integer(minimum: 1, maximum: 1_000_000), default: .integer(check[nil] ?? 200), defaults: integers(check)),
            ParameterSpec(name: "\(form)-tokens", title: "\(form) tokens", help: form == "bi" ? "Tokens of a sentence at most." : "Tokens of a pair at most.", unit: "tokens", kind: .integer(minimum: 4, maximum: 4096), default: .integer(tokens)),
        ]
    }

    package static let specifications: [ParameterSpec] = [
        ParameterSpec(name: "distillation", title: "distillation", help: "One language model teaches itself, or two teach each other with the mean of their scores.",
                      kind: .choice([.init("self", "one model, bi- and cross-encoder in turn"), .init("mutual", "two models; each learns from the mean of both")]), default: .text("self")),
        ParameterSpec(name: "encoder", title: "encoder", help: "A weights data set with config.json and vocab.txt (all-minilm-l6-v2, or your own folder), small for an encoder that starts from nothing, or auto: MiniLM where it is, else small.",
                      kind: .text, default: .text("auto"), defaults: [.smoke: .text("small")]),
        ParameterSpec(name: "layers", title: "layers", help: "Layers of the bi-encoder, from the first; 0 for all.", kind: .integer(minimum: 0, maximum: 1000), default: .integer(3), defaults: [.smoke: .integer(0), .paper: .integer(0)]),
        ParameterSpec(name: "cross-layers", title: "cross layers", help: "Layers of the cross-encoder; 0 for all.", kind: .integer(minimum: 0, maximum: 1000), default: .integer(0)),
        ParameterSpec(name: "pooling", title: "pooling", help: "How one vector comes of a sentence's tokens.", kind: .choice([.init("mean", "mean over all tokens"), .init("cls", "state of the first token")]), default: .text("mean")),
        ParameterSpec(name: "second-encoder", title: "second encoder", help: "Mutual: the other model; auto takes the first one's weights with other layers.", kind: .text, default: .text("auto")),
        ParameterSpec(name: "second-layers", title: "second layers", help: "Mutual: layers of the other model's bi-encoder; 0 for all.", kind: .integer(minimum: 0, maximum: 1000), default: .integer(4), defaults: [.smoke: .integer(1), .paper: .integer(0)]),
        ParameterSpec(name: "start", title: "start", help: "Where the bi-encoder begins.",
                      kind: .choice([.init("auto", "the weights as they are; an encoder from nothing learns by mirror-bert first"), .init("weights", "the weights as they are"), .init("simcse", "two passes with other dropout should agree"),
                                     .init("mirror-bert", "the same with a masked span, mean pooling and a lower temperature")]), default: .text("auto")),
        ParameterSpec(name: "start-steps", title: "start steps", help: "Steps of the unsupervised start (and of the control simcse); 0 for one pass over the sentences.", unit: "steps", kind: .integer(minimum: 0, maximum: 10_000_000), default: .integer(0), defaults: [.smoke: .integer(10)]),
        ParameterSpec(name: "start-batch", title: "start batch", help: "Sentences of such a step; the others of a batch are its negatives.", unit: "sentences", kind: .integer(minimum: 2, maximum: 4096), default: .integer(64), defaults: [.smoke: .integer(16)]),
        ParameterSpec(name: "start-rate", title: "start rate", help: "AdamW's rate there; 0: 3e-5 for pretrained weights, 1e-3 for an encoder from nothing.", kind: .real(minimum: 0, maximum: 0.1, logarithmic: true), default: .real(0)),
        ParameterSpec(name: "cross-start", title: "cross starts from", help: "The published code starts each cross-encoder from the raw language model, not from the tuned bi-encoder.",
                      kind: .choice([.init("auto", "raw; start where the encoder began from nothing"), .init("raw", "the raw language model"), .init("start", "the bi-encoder's start")]), default: .text("auto")),
        ParameterSpec(name: "cycles", title: "cycles R", help: "How often the two forms teach each other.", kind: .integer(minimum: 1, maximum: 100), default: .integer(1), defaults: [.paper: .integer(3)]),
        ParameterSpec(name: "pairs", title: "pairs", help: "Unlabelled pairs drawn to train on; 0 for all.", unit: "pairs", kind: .integer(minimum: 0, maximum: 100_000_000), default: .integer(2500), defaults: [.smoke: .integer(40), .paper: .integer(0)]),
        ParameterSpec(name: "pairs-from", title: "pairs from", help: "Where they come from: this data set alone, or with STS 2012 to 2015, STS-B and SICK where they are.", kind: .choice([.init("own", "this data set"), .init("all", "this and the three standard sets")]),
                      default: .text("own"), defaults: [.paper: .text("all")]),
        ParameterSpec(name: "both-orders", title: "both orders", help: "Whether the cross-encoder learns each pair in both orders; no for question and answer.", kind: .boolean, default: .boolean(true)),
    ] + phase("cross", batch: [nil: 32, .smoke: 16], epochs: [nil: 1, .smoke: 2], rate: [nil: 1e-4, .smoke: 2e-3, .paper: 2e-5], warmUp: 0.1, check: [nil: 80, .paper: 200], tokens: 64)
        + phase("bi", batch: [nil: 64, .smoke: 16, .paper: 128], epochs: [nil: 3, .smoke: 4, .paper: 10], rate: [nil: 1e-4, .smoke: 2e-3, .paper: 5e-5], warmUp: 0, check: [nil: 40, .paper: 200], tokens: 32) + [
        ParameterSpec(name: "dropout", title: "dropout", help: "Of states and attention; below 0 as the encoder's config.json says.", kind: .real(minimum: -1, maximum: 0.9, logarithmic: false), default: .real(-1)),
        ParameterSpec(name: "weight-decay", title: "weight decay", help: "AdamW's, on all but biases and layer norms.", kind: .real(minimum: 0, maximum: 1, logarithmic: true), default: .real(0.01)),
        ParameterSpec(name: "clip", title: "gradient norm limit", help: "Of all gradients together.", kind: .real(minimum: 0.001, maximum: 1e6, logarithmic: true), default: .real(1)),
        ParameterSpec(name: "embeddings", title: "word table", help: "How the table of words learns.", kind: .choice([.init("dense", "every row in every step, as published"), .init("sparse", "only the rows of the batch: no decay of the others"), .init("frozen", "not at all")]), default: .text("dense")),
        ParameterSpec(name: "losses", title: "losses", help: "The paper finds cross-entropy right for the cross-encoder and squared error for the bi-encoder.", kind: .choice([.init("paper", "cross-entropy for cross, squared error for bi"), .init("swapped", "the other way round")]), default: .text("paper")),
        ParameterSpec(name: "clamp-targets", title: "clamp targets", help: "Whether cosines below 0 become 0 as targets of the cross-encoder.", kind: .boolean, default: .boolean(false)),
        ParameterSpec(name: "start-bias", title: "start at the mean", help: "Whether the cross-encoder's bias begins at the logit of the mean target.", kind: .boolean, default: .boolean(false)),
        ParameterSpec(name: "fresh", title: "fresh models", help: "Whether each phase begins with fresh weights, or goes on from the other form's (equal layers needed).", kind: .boolean, default: .boolean(true)),
        ParameterSpec(name: "selection", title: "selection", help: "Which state of a phase and which cycle is kept: the best on the dev set, which has labels, or the last.", kind: .choice([.init("dev", "best on the dev set"), .init("last", "the last, without any label")]), default: .text("dev")),
        ParameterSpec(name: "dev-set", title: "dev set", help: "Whose development part selects; auto: the data set's own, else STS-B's.", kind: .text, default: .text("auto")),
        ParameterSpec(name: "test-sets", title: "test sets", help: "Data sets whose scored test pairs are ranked, separated by commas; auto: the three standard sets where they are, or the set's own.", kind: .text, default: .text("auto")),
        ParameterSpec(name: "controls", title: "controls", help: "What is trained besides: self-training (a bi-encoder on its own cosines), shuffled (the cross-encoder's scores dealt to other pairs), simcse (one more unsupervised pass); none for none.", kind: .text,
                      default: .text("self-training, shuffled, simcse"), defaults: [.paper: .text("self-training")]),
        ParameterSpec(name: "starts", title: "table of starts", help: "Whether other layers and poolings of the encoder are scored as it comes.", kind: .boolean, default: .boolean(true)),
        ParameterSpec(name: "keep", title: "keep encoders", help: "Which trained encoders the run leaves as files.", kind: .choice([.init("none", "none"), .init("bi", "the chosen bi-encoder"), .init("both", "bi- and cross-encoder")]), default: .text("bi"), defaults: [.smoke: .text("none"), .paper: .text("both")]),
        ParameterSpec(name: "small-width", title: "small: width", help: "Width of the encoder that starts from nothing.", kind: .integer(minimum: 8, maximum: 1024), default: .integer(96), defaults: [.smoke: .integer(32)]),
        ParameterSpec(name: "small-layers", title: "small: layers", help: "Layers of the encoder that starts from nothing.", kind: .integer(minimum: 1, maximum: 24), default: .integer(2)),
    ]
}
