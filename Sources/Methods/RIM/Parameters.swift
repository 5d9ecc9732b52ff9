import Experiments

/// The settings of a run, read from its parameters.
struct Settings: Sendable {
    enum DualFit: String, Sendable { case official, honest }
    enum SplitChoice: String, Sendable { case automatic, temporal, user }
    enum LogisticNegatives: String, Sendable { case items, columns }

    var models: [BaseModel], intensities: [UserIntensity]
    var redraws: Bool, rule: EventHistories.Rule, split: SplitChoice, start: String, horizon: Double, extraSets: Int
    var excludesHistory: Bool, binaryTargets: Bool, share: Double
    var width: Int, layers: Int, heads: Int, epochs: Int, batch: Int, truncation: Int, chunk: Int, rate: Double, transformerRate: Double
    var scales: [Double], hawkesPenalty: Double, hawkesSweeps: Int, jitter: Double, poissonRidge: Double, poissonIterations: Int
    var alsFactors: Int, alsRounds: Int, alsRidge: Double, alsConfidence: Double
    var logisticFactors: Int, logisticRounds: Int, logisticNegatives: LogisticNegatives
    var factors: Int, pairEpochs: Int, pairBatch: Int, negatives: Int
    var topics: Int, topicRounds: Int
    var matched: [Arm], multipliers: [Double], dualEpochs: Int, dualFloor: Double, dualFit: DualFit, relativeBounds: Bool

    init(_ values: ParameterValues) throws {
        models = try Arm.words(values.text("models"), parameter: "models", as: BaseModel.self)
        intensities = try Arm.words(values.text("intensities"), parameter: "intensities", as: UserIntensity.self)
        guard !models.isEmpty else { throw RIMError("parameter models: none is named; give at least one, such as gru, itempop") }
        redraws = values.boolean("redraw")
        rule = try values.choice("keep")
        split = try values.choice("split")
        start = values.text("test-start")
        horizon = values.real("horizon")
        extraSets = values.integer("extra-sets")
        excludesHistory = values.boolean("exclude-train")
        binaryTargets = values.boolean("binary-targets")
        share = values.real("share") / 100
        width = values.integer("width")
        layers = values.integer("layers")
        heads = values.integer("heads")
        epochs = values.integer("epochs")
        batch = values.integer("batch")
        truncation = values.integer("truncation")
        chunk = values.integer("chunk")
        rate = values.real("rate")
        transformerRate = values.real("transformer-rate")
        let lowest = values.real("hawkes-lowest"), highest = values.real("hawkes-highest")
        guard lowest < highest else { throw RIMError("parameter hawkes-lowest: \(short(lowest)) is not below hawkes-highest, \(short(highest)); give a smaller one") }
        scales = HawkesFeatures.scales(count: values.integer("hawkes-scales"), from: lowest, to: highest)
        hawkesPenalty = values.real("hawkes-penalty")
        hawkesSweeps = values.integer("hawkes-sweeps")
        jitter = values.real("jitter")
        poissonRidge = values.real("hp-ridge")
        poissonIterations = values.integer("hp-iterations")
        alsFactors = values.integer("als-factors")
        alsRounds = values.integer("als-rounds")
        alsRidge = values.real("als-ridge")
        alsConfidence = values.real("als-confidence")
        logisticFactors = values.integer("lmf-factors")
        logisticRounds = values.integer("lmf-rounds")
        logisticNegatives = try values.choice("lmf-negatives")
        factors = values.integer("factors")
        pairEpochs = values.integer("pair-epochs")
        pairBatch = values.integer("pair-batch")
        negatives = values.integer("negatives")
        topics = values.integer("topics")
        topicRounds = values.integer("topic-rounds")
        matched = try Arm.list(values.text("matching"), parameter: "matching")
        multipliers = try values.text("multipliers").split(separator: ",").map { $0.filter { $0 != " " } }.map { word in
            guard let number = Double(word), number >= 0, number <= 1e9 else {
                throw RIMError("parameter multipliers: “\(word.prefix(20))” is no number from 0 to 1e9; give such as 0, 0.3, 1, 3")
            }
            return number
        }
        dualEpochs = values.integer("dual-epochs")
        dualFloor = values.real("dual-floor")
        dualFit = try values.choice("dual-fit")
        relativeBounds = values.boolean("relative-bounds")
        guard !models.contains(.transformer) || width.isMultiple(of: heads) else { throw RIMError("parameter heads: \(heads) heads do not divide a width of \(width); give a divisor of it") }
        if let missing = matched.first(where: { !models.contains($0.base) }) {
            throw RIMError("parameter matching: \(missing.base.rawValue) is not among models; add it there, or leave it out here")
        }
    }

    /// Every arm that is evaluated, bases with each intensity first.
    func arms(hasOracle: Bool) -> [Arm] {
        let intensities = [UserIntensity.none] + self.intensities.filter { $0 != .none && $0 != .oracle } + (hasOracle ? [.oracle] : [])
        var arms = models.flatMap { base in base.takesIntensity ? intensities.map { Arm(base, $0) } : [Arm(base)] }
        for arm in matched where !arms.contains(arm) && (arm.intensity != .oracle || hasOracle) { arms.append(arm) }
        return arms
    }

    var needsHawkes: Bool { uses(.hawkes) || uses(.hp) }
    func uses(_ intensity: UserIntensity) -> Bool { intensities.contains(intensity) || matched.contains { $0.intensity == intensity } }
}

extension Settings {
    static let specifications: [ParameterSpec] = data + sequences + intensity + baselines + matching

    private static let data: [ParameterSpec] = [
        ParameterSpec(name: "models", title: "models", help: "What is fitted, separated by commas: gru, transformer, itempop, rand, als, lmf, bpr-item, bpr-user, bpr, graphconv, graphconv-extra, lda.", kind: .text,
                      default: .text("gru, itempop, rand, als, bpr, graphconv, graphconv-extra"),
                      defaults: [.smoke: .text("gru, itempop"), .paper: .text("gru, transformer, itempop, rand, als, lmf, bpr-item, bpr-user, bpr, graphconv, graphconv-extra, lda")]),
        ParameterSpec(name: "intensities", title: "intensities", help: "What λ(x) is, separated by commas: none, pop, ema, hawkes, hp, rnn (an extension). The oracle comes by itself where the process is known.",
                      kind: .text, default: .text("none, pop, ema, hawkes, hp")),
        ParameterSpec(name: "redraw", title: "draw generated data anew", help: "Generated sets: each seed makes events of its own; otherwise all seeds see those of the Data screen.", kind: .boolean, default: .boolean(true)),
        ParameterSpec(name: "keep", title: "events", help: "Which events of a user count.",
                      kind: .choice([.init("all", "all of them"), .init("second-half", "the later half of each user's, as MovieLens-1M was prepared")]), default: .text("all")),
        ParameterSpec(name: "split", title: "split", help: "What is predicted.",
                      kind: .choice([.init("automatic", "user for MovieLens, else temporal"), .init("temporal", "one moment for all users"),
                                     .init("user", "a median span after each user's first event, for half of the users")]), default: .text("automatic")),
        ParameterSpec(name: "test-start", title: "start of the test", help: "Temporal split: a number in the clock of the data, or a date such as 2005-06-15. Empty: after nine tenths of the time.", kind: .text, default: .text("")),
        ParameterSpec(name: "horizon", title: "horizon", help: "Temporal split: how far ahead is predicted, in the clock of the data (seconds of dates). 0: a tenth of the time.", kind: .real(minimum: 0, maximum: 1e15, logarithmic: true), default: .real(0)),
        ParameterSpec(name: "extra-sets", title: "extra validation sets", help: "What GraphConv-Extra trains on besides V: temporal split, this many earlier horizons; user split, 0 or 1.",
                      kind: .integer(minimum: 0, maximum: 20), default: .integer(1)),
        ParameterSpec(name: "exclude-train", title: "exclude seen items", help: "Never recommend what is in the history.", kind: .boolean, default: .boolean(true)),
        ParameterSpec(name: "binary-targets", title: "binary targets", help: "Count an item that a request takes twice once.", kind: .boolean, default: .boolean(false)),
        ParameterSpec(name: "share", title: "share chosen", help: "f: k is this share of the items, C this share of the requests, both rounded up.", unit: "%",
                      kind: .real(minimum: 0.001, maximum: 100, logarithmic: true), default: .real(1), defaults: [.smoke: .real(10)]),
    ]

    private static let sequences: [ParameterSpec] = [
        ParameterSpec(name: "width", title: "width", help: "Of the GRU, of the Transformer and of the embedding that both share with their output.", kind: .integer(minimum: 2, maximum: 1024), default: .integer(64),
                      defaults: [.smoke: .integer(16), .paper: .integer(128)]),
        ParameterSpec(name: "layers", title: "layers", help: "Of the GRU and of the Transformer.", kind: .integer(minimum: 1, maximum: 8), default: .integer(2)),
        ParameterSpec(name: "heads", title: "heads", help: "Of the Transformer.", kind: .integer(minimum: 1, maximum: 16), default: .integer(2)),
        ParameterSpec(name: "epochs", title: "epochs", help: "Of the GRU and the Transformer; the best of them by validation stays.", unit: "epochs", kind: .integer(minimum: 1, maximum: 1000), default: .integer(10),
                      defaults: [.smoke: .integer(2), .paper: .integer(20)]),
        ParameterSpec(name: "batch", title: "batch", help: "Users a step.", unit: "users", kind: .integer(minimum: 1, maximum: 4096), default: .integer(64)),
        ParameterSpec(name: "truncation", title: "longest history", help: "How many of the last events are read.", unit: "events", kind: .integer(minimum: 2, maximum: 4096), default: .integer(256)),
        ParameterSpec(name: "chunk", title: "back-propagation", help: "The GRU learns after this many steps; its state goes on.", unit: "steps", kind: .integer(minimum: 2, maximum: 4096), default: .integer(64), defaults: [.paper: .integer(32)]),
        ParameterSpec(name: "rate", title: "rate of the GRU", help: "Of Adagrad.", kind: .real(minimum: 1e-6, maximum: 10, logarithmic: true), default: .real(0.1)),
        ParameterSpec(name: "transformer-rate", title: "rate of the Transformer", help: "Of Adagrad.", kind: .real(minimum: 1e-6, maximum: 10, logarithmic: true), default: .real(0.025)),
    ]

    private static let intensity: [ParameterSpec] = [
        ParameterSpec(name: "hawkes-scales", title: "time scales", help: "Of the Hawkes process and HP.", kind: .integer(minimum: 1, maximum: 200), default: .integer(50), defaults: [.smoke: .integer(8)]),
        ParameterSpec(name: "hawkes-lowest", title: "lowest scale", help: "The power of ten, in horizons.", kind: .real(minimum: -9, maximum: 9, logarithmic: false), default: .real(-6), defaults: [.smoke: .real(-2)]),
        ParameterSpec(name: "hawkes-highest", title: "highest scale", help: "The power of ten, in horizons.", kind: .real(minimum: -9, maximum: 9, logarithmic: false), default: .real(1)),
        ParameterSpec(name: "hawkes-penalty", title: "C of Hawkes", help: "The ridge is 1 / C.", kind: .real(minimum: 1e-6, maximum: 1e12, logarithmic: true), default: .real(1000)),
        ParameterSpec(name: "hawkes-sweeps", title: "sweeps of Hawkes", help: "At most.", kind: .integer(minimum: 1, maximum: 100_000), default: .integer(2000)),
        ParameterSpec(name: "jitter", title: "jitter", help: "Moves events at one moment apart, by up to this many horizons, for the intensities alone. 0 leaves them together.", unit: "horizons", kind: .real(minimum: 0, maximum: 1, logarithmic: false), default: .real(0)),
        ParameterSpec(name: "hp-ridge", title: "ridge of HP", help: "On the squared weights.", kind: .real(minimum: 0, maximum: 1e6, logarithmic: true), default: .real(1e-3)),
        ParameterSpec(name: "hp-iterations", title: "iterations of HP", help: "Of BFGS, at most.", kind: .integer(minimum: 1, maximum: 10_000), default: .integer(500)),
    ]

    private static let baselines: [ParameterSpec] = [
        ParameterSpec(name: "als-factors", title: "factors of ALS", help: "Columns of its vectors.", kind: .integer(minimum: 1, maximum: 512), default: .integer(32)),
        ParameterSpec(name: "als-rounds", title: "rounds of ALS", help: "Both sides once each.", kind: .integer(minimum: 1, maximum: 1000), default: .integer(15), defaults: [.paper: .integer(50)]),
        ParameterSpec(name: "als-ridge", title: "ridge of ALS", help: "ρ.", kind: .real(minimum: 1e-9, maximum: 1e6, logarithmic: true), default: .real(0.01)),
        ParameterSpec(name: "als-confidence", title: "confidence of ALS", help: "c of a seen pair: 1 as published (a plain factorisation), 10 weighted.", kind: .real(minimum: 1, maximum: 1000, logarithmic: true), default: .real(1)),
        ParameterSpec(name: "lmf-factors", title: "factors of LogisticMF", help: "Besides two biases.", kind: .integer(minimum: 1, maximum: 512), default: .integer(30)),
        ParameterSpec(name: "lmf-rounds", title: "rounds of LogisticMF", help: "Both sides once each.", kind: .integer(minimum: 1, maximum: 1000), default: .integer(30)),
        ParameterSpec(name: "lmf-negatives", title: "negatives of LogisticMF", help: "How many are drawn for a user at most.",
                      kind: .choice([.init("items", "thirty a positive, at most the number of items"), .init("columns", "at most the number of columns, as the published library has it")]), default: .text("items")),
        ParameterSpec(name: "factors", title: "factors of BPR and GraphConv", help: "Columns of their vectors.", kind: .integer(minimum: 1, maximum: 512), default: .integer(32)),
        ParameterSpec(name: "pair-epochs", title: "epochs of BPR and GraphConv", help: "The best by validation stays.", unit: "epochs", kind: .integer(minimum: 1, maximum: 1000), default: .integer(50), defaults: [.smoke: .integer(5)]),
        ParameterSpec(name: "pair-batch", title: "pairs a step", help: "Of BPR and GraphConv.", kind: .integer(minimum: 1, maximum: 1_000_000), default: .integer(10_000)),
        ParameterSpec(name: "negatives", title: "negatives a pair", help: "Of BPR and GraphConv, on each side.", kind: .integer(minimum: 1, maximum: 1000), default: .integer(10)),
        ParameterSpec(name: "topics", title: "topics of LDA", help: "Each with the prior 1 over their number.", kind: .integer(minimum: 2, maximum: 1024), default: .integer(128), defaults: [.smoke: .integer(8)]),
        ParameterSpec(name: "topic-rounds", title: "rounds of LDA", help: "Over all users.", kind: .integer(minimum: 1, maximum: 1000), default: .integer(20)),
    ]

    private static let matching: [ParameterSpec] = [
        ParameterSpec(name: "matching", title: "matched models", help: "Whose scores are matched under capacities, such as “gru*hp, gru”. Empty: none.", kind: .text, default: .text("gru*hp")),
        ParameterSpec(name: "multipliers", title: "multipliers", help: "Below 1 each item gets at least that part of C users; from 1 on each item gets at most C and each user that many times k.", kind: .text,
                      default: .text("0, 0.3, 0.7, 1, 3"), defaults: [.smoke: .text("0.5, 1"), .paper: .text("0, 0.3, 0.7, 1, 3, 10, 200")]),
        ParameterSpec(name: "dual-epochs", title: "epochs of the dual", help: "ε falls from 1 to its floor over them.", kind: .integer(minimum: 1, maximum: 10_000), default: .integer(100), defaults: [.smoke: .integer(30)]),
        ParameterSpec(name: "dual-floor", title: "floor of ε", help: "The weight of the entropy at the end.", kind: .real(minimum: 1e-12, maximum: 1, logarithmic: true), default: .real(1e-10)),
        ParameterSpec(name: "dual-fit", title: "scores of the online dual", help: "What fits the duals of items before the test.",
                      kind: .choice([.init("official", "V scored by the model of D, which has seen V's targets for part of the users"), .init("honest", "V scored by a second model of the events before V")]), default: .text("official")),
        ParameterSpec(name: "relative-bounds", title: "bounds by popularity", help: "Items get bounds in proportion to 1 + their training events.", kind: .boolean, default: .boolean(false)),
    ]
}
