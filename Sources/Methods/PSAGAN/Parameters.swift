import Experiments

/// The settings of a run, read from its parameters.
struct Settings: Sendable {
    enum Task: String, Sendable { case fidelity, stretches, coldStart = "cold-start", lowData = "low-data" }

    var task: Task
    var arms: [Arm]
    var window: Int, channels: Int, embedding: Int, attention: Int, context: Int
    var holdOut: Int, seriesLimit: Int, lengthLimit: Int
    var game: GameSettings
    var embedder: EmbedderSettings
    /// The block whose attention is shown, from 1; 0 for the finest.
    var shownBlock: Int
    var windows: Int, discriminationSteps: Int, baselineSteps: Int
    var forecaster: ForecasterSettings
    /// Hours of gaps and stretches, shares of cold series and of the data.
    var gaps: [Int], stretches: [Int], coldShares: [Double], lowShares: [Double]

    init(_ values: ParameterValues) throws {
        task = try values.choice("task")
        var base = GeneratorVariant()
        base.noise = try values.choice("noise")
        base.moments = try values.choice("moment")
        base.calendar = try values.choice("calendar")
        base.upsampling = try values.choice("upsample")
        arms = try Arm.parse(values.text("arms"), base: base)
        window = values.integer("window")
        guard window.nonzeroBitCount == 1, window >= 16 else { throw PSAGANError("parameter window: \(window) is no power of two from 16 on; give 16, 32, 64, 128 or 256") }
        channels = values.integer("channels")
        embedding = values.integer("id-embedding")
        attention = values.integer("attention")
        context = values.integer("context")
        guard context <= window else { throw PSAGANError("parameter context: \(context) is longer than the window of \(window) steps; take at most as many") }
        holdOut = values.integer("hold-out")
        seriesLimit = values.integer("series")
        lengthLimit = values.integer("steps-read")
        let steps = values.integer("steps"), epochSteps = values.integer("epoch-steps")
        game = GameSettings(batch: values.integer("batch"), steps: steps, rate: values.real("rate"), discriminatorSteps: values.integer("discriminator-steps"),
                            warmUp: values.integer("warm-up"), warmUpSteps: values.integer("warm-up-steps"), momentWeight: values.real("moment-weight"), epochSteps: epochSteps,
                            growthPoints: try Self.growth(values.text("growth"), resolutions: window.trailingZeroBitCount - 2, epochs: steps / epochSteps),
                            fade: values.integer("fade") > 0 ? values.integer("fade") : nil)
        embedder = EmbedderSettings(
            shape: EncoderShape(channels: values.integer("encoder-channels"), depth: values.integer("encoder-depth"), reduced: values.integer("encoder-reduced"), output: values.integer("encoder-output")),
            steps: values.integer("encoder-steps"), rate: values.real("encoder-rate"), batch: values.integer("encoder-batch"), negatives: values.integer("encoder-negatives"),
            shortest: values.integer("encoder-shortest"), longest: values.integer("encoder-longest") > 0 ? values.integer("encoder-longest") : window,
            hasExtraTerm: values.boolean("extra-term"), seed: values.integer("encoder-seed"))
        shownBlock = values.integer("shown-block")
        windows = values.integer("windows")
        discriminationSteps = values.integer("discrimination-steps")
        baselineSteps = values.integer("baseline-steps")
        forecaster = ForecasterSettings(width: values.integer("forecaster-width"), steps: values.integer("forecaster-steps"), rate: values.real("forecaster-rate"), batch: 32,
                                        paths: values.integer("paths"), origins: values.integer("origins"), draws: values.integer("draws"))
        gaps = try Self.list(values, "gaps", 1...1000).map { Int($0) }
        stretches = try Self.list(values, "stretches", 1...1000).map { Int($0) }
        coldShares = try Self.list(values, "cold-shares", 0.01...0.99)
        lowShares = try Self.list(values, "low-shares", 0.01...0.99)
    }

    /// A list of numbers separated by commas, each once.
    private static func list(_ values: ParameterValues, _ name: String, _ range: ClosedRange<Double>) throws -> [Double] {
        let words = values.text(name).split(whereSeparator: { $0 == "," || $0 == " " }), numbers = words.compactMap { Double($0) }.filter(range.contains)
        let isWhole = range.lowerBound >= 1
        guard numbers.count == words.count, !isWhole || numbers.allSatisfy({ $0 == $0.rounded() }), Set(numbers).count == numbers.count else {
            throw PSAGANError("parameter \(name): “\(values.text(name))” is no list of different \(isWhole ? "whole " : "")numbers from \(short(range.lowerBound)) to \(short(range.upperBound, digits: 4)); separate them by commas")
        }
        return numbers
    }

    private static func growth(_ text: String, resolutions: Int, epochs: Int) throws -> [Int]? {
        let words = text.split(whereSeparator: { $0 == "," || $0 == " " })
        if words.isEmpty || words == ["auto"] { return nil }
        let points = words.compactMap { Int($0) }
        guard points.count == words.count, points.count == resolutions - 1, zip(points, points.dropFirst()).allSatisfy({ $0 < $1 }), (points.first ?? 0) >= 0, (points.last ?? 0) < epochs else {
            throw PSAGANError("parameter growth: “\(text)” are not \(resolutions - 1) rising epochs below \(epochs), one for each block after the first; give them, or auto")
        }
        return points
    }

    /// The networks of an arm.
    func shape(_ variant: GeneratorVariant, series: Int) -> NetworkShape {
        NetworkShape(window: window, channels: channels, embedding: embedding, series: series, features: variant.calendar.width, attention: variant.hasAttention ? attention : 0,
                     context: variant.hasContext ? context : 0, noise: variant.noise, upsampling: variant.upsampling)
    }

    /// What the embedder's distances are measured with, short enough to stand in a name: numbers of other rulers must not be compared.
    func ruler(dataset: String) -> String {
        let e = embedder, s = e.shape
        let words = "\(dataset) \(holdOut) \(seriesLimit) \(lengthLimit) \(window) \(context) \(e.seed) \(e.steps) \(e.rate) \(e.batch) \(e.negatives) \(e.shortest) \(e.longest) \(e.hasExtraTerm) "
            + "\(s.channels) \(s.depth) \(s.reduced) \(s.output)"
        var hash: UInt32 = 2_166_136_261
        for byte in words.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        let digits = String((hash ^ hash >> 16) & 0xFFFF, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    static let specifications: [ParameterSpec] = [
        ParameterSpec(name: "task", title: "task", help: "What is asked: how real the windows are (and far forecasting), or whether they help where data are missing.",
                      kind: .choice([.init("fidelity", "distances, diversity, copies; forecasts over a gap"), .init("stretches", "a stretch of each series is missing and filled"),
                                     .init("cold-start", "some series have a short history, which is extended"), .init("low-data", "the first part of each series alone, with synthetic windows besides")]), default: .text("fidelity")),
        ParameterSpec(name: "arms", title: "generators", help: "Which generators are trained: psa-gan, psa-gan-c (sees the values before the window), each with switches such as no-ml, no-sa, no-fade, no-growth, multi-noise, "
            + "batch-moments, hour-weekday, harmonic, nearest; timevae, timegan, ebgan; or ablations for all eight of the published code. Separate them by commas.", kind: .text, default: .text("psa-gan, psa-gan no-ml"),
                      defaults: [.smoke: .text("psa-gan"), .paper: .text("ablations, psa-gan-c, psa-gan multi-noise, timevae, timegan, ebgan")]),
        ParameterSpec(name: "window", title: "window L", help: "Steps of a window, a power of two.", unit: "h", kind: .integer(minimum: 16, maximum: 1024), default: .integer(64), defaults: [.smoke: .integer(16)]),
        ParameterSpec(name: "steps", title: "steps", help: "Generator steps.", unit: "steps", kind: .integer(minimum: 1, maximum: 10_000_000), default: .integer(800), defaults: [.smoke: .integer(60), .paper: .integer(175_000)]),
        ParameterSpec(name: "batch", title: "batch", help: "Windows of a step.", unit: "windows", kind: .integer(minimum: 2, maximum: 4096), default: .integer(128), defaults: [.smoke: .integer(16)]),
        ParameterSpec(name: "rate", title: "rate", help: "Adam's rate of both networks.", kind: .real(minimum: 1e-7, maximum: 1, logarithmic: true), default: .real(3e-3), defaults: [.paper: .real(5e-4)]),
        ParameterSpec(name: "moment-weight", title: "moment loss λ", help: "The weight of the moment loss beside the adversarial one.", kind: .real(minimum: 0, maximum: 1000, logarithmic: false), default: .real(1)),
        ParameterSpec(name: "moment", title: "moments", help: "Over what the moment loss takes mean and deviation.", kind: .choice([.init("paired", "each window along time, beside the real window of the same series and time (code)"), .init("batch", "the whole batch (paper's words)")]), default: .text("paired")),
        ParameterSpec(name: "noise", title: "noise", help: "Where noise enters. Pooled, the generator tends to ignore it.", kind: .choice([.init("pooled", "the first block alone (paper)"), .init("multi", "every block, at unit variance")]), default: .text("pooled")),
        ParameterSpec(name: "calendar", title: "calendar", help: "What a step is told by. Day of month, day of year and age run out of their trained range in the hold-out.",
                      kind: .choice([.init("full", "hour, weekday, day of month and year, age (code)"), .init("hour-weekday", "hour and weekday alone"), .init("harmonic", "sine and cosine of day and week")]), default: .text("full")),
        ParameterSpec(name: "upsample", title: "upsampling", help: "How a block's input is doubled in length.", kind: .choice([.init("linear", "linear (paper)"), .init("nearest", "nearest (code)")]), default: .text("linear")),
        ParameterSpec(name: "context", title: "context L_C", help: "Values before the window that psa-gan-c sees.", unit: "h", kind: .integer(minimum: 1, maximum: 1024), default: .integer(24), defaults: [.smoke: .integer(8), .paper: .integer(16)]),
        ParameterSpec(name: "channels", title: "channels C", help: "Channels of both networks.", kind: .integer(minimum: 1, maximum: 1024), default: .integer(32), defaults: [.smoke: .integer(8)]),
        ParameterSpec(name: "id-embedding", title: "id embedding E", help: "Width of a series' vector.", kind: .integer(minimum: 1, maximum: 1024), default: .integer(10)),
        ParameterSpec(name: "attention", title: "key size", help: "Size of keys and values of the self-attention.", kind: .integer(minimum: 1, maximum: 256), default: .integer(1)),
        ParameterSpec(name: "discriminator-steps", title: "n_D", help: "Discriminator steps for each generator step.", unit: "steps", kind: .integer(minimum: 1, maximum: 100), default: .integer(1)),
        ParameterSpec(name: "warm-up", title: "warm-up", help: "First generator steps that have more discriminator steps (25 in the code, with 50 each).", unit: "steps", kind: .integer(minimum: 0, maximum: 10_000), default: .integer(0)),
        ParameterSpec(name: "warm-up-steps", title: "n_D of the warm-up", help: "Discriminator steps for each of those.", unit: "steps", kind: .integer(minimum: 1, maximum: 1000), default: .integer(50)),
        ParameterSpec(name: "epoch-steps", title: "epoch", help: "Generator steps of an epoch of the schedule; 1 counts in steps.", unit: "steps", kind: .integer(minimum: 1, maximum: 100_000), default: .integer(1), defaults: [.paper: .integer(50)]),
        ParameterSpec(name: "growth", title: "growth", help: "Epochs after which a block is added, one for each; auto: at even parts of the training, the last resolution getting twice as much.", kind: .text, default: .text("auto"), defaults: [.paper: .text("500, 1000, 1500")]),
        ParameterSpec(name: "fade", title: "fade", help: "Epochs over which a new block fades in; 0: half a stage.", unit: "epochs", kind: .integer(minimum: 0, maximum: 1_000_000), default: .integer(0), defaults: [.paper: .integer(500)]),
        ParameterSpec(name: "hold-out", title: "hold-out", help: "Last steps of each series that do not train; 0: what the sheet has for the data set (1,464 for Auckland, 192 for M4, 264 generated), else a sixth.", unit: "h", kind: .integer(minimum: 0, maximum: 1_000_000), default: .integer(0)),
        ParameterSpec(name: "series", title: "series read", help: "At most so many series; 0: all.", unit: "series", kind: .integer(minimum: 0, maximum: 1_000_000), default: .integer(0), defaults: [.smoke: .integer(8)]),
        ParameterSpec(name: "steps-read", title: "steps read", help: "At most so many first steps of each series; 0: all.", unit: "h", kind: .integer(minimum: 0, maximum: 100_000_000), default: .integer(0), defaults: [.smoke: .integer(600)]),
        ParameterSpec(name: "windows", title: "windows of a distance", help: "Real and synthetic windows that every distance is measured on; the bias of a distance falls with them.", unit: "windows", kind: .integer(minimum: 16, maximum: 100_000), default: .integer(1536), defaults: [.smoke: .integer(256), .paper: .integer(5120)]),
        ParameterSpec(name: "shown-block", title: "attention of block", help: "The generator's block whose attention is drawn, 1 for the coarsest; 0: the finest.", kind: .integer(minimum: 0, maximum: 16), default: .integer(0)),
        ParameterSpec(name: "discrimination-steps", title: "discriminative score", help: "Steps of a recurrent network that tells real from synthetic windows afterwards; 0 leaves it out.", unit: "steps", kind: .integer(minimum: 0, maximum: 100_000), default: .integer(200), defaults: [.smoke: .integer(20), .paper: .integer(2000)]),
        ParameterSpec(name: "baseline-steps", title: "baseline steps", help: "Steps of timevae, timegan (its three phases together) and ebgan.", unit: "steps", kind: .integer(minimum: 3, maximum: 10_000_000), default: .integer(1700), defaults: [.smoke: .integer(30), .paper: .integer(150_000)]),
        ParameterSpec(name: "gaps", title: "gaps g", help: "Of the task fidelity: hours that are never seen before the day that is forecast; empty leaves far forecasting out.", unit: "h", kind: .text, default: .text("64"), defaults: [.smoke: .text("32"), .paper: .text("32, 64, 128")]),
        ParameterSpec(name: "stretches", title: "stretches s", help: "Of the task stretches: hours that are taken out of each series.", unit: "h", kind: .text, default: .text("5, 10, 20, 35, 50, 65, 85, 110"), defaults: [.smoke: .text("20")]),
        ParameterSpec(name: "cold-shares", title: "cold shares q", help: "Of the task cold-start: shares of the series with a short history.", kind: .text, default: .text("0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9"), defaults: [.smoke: .text("0.5")]),
        ParameterSpec(name: "low-shares", title: "low shares", help: "Of the task low-data: the first share of each series that is there.", kind: .text, default: .text("0.1, 0.25"), defaults: [.smoke: .text("0.9")]),
        ParameterSpec(name: "forecaster-steps", title: "forecaster steps", help: "Steps of the recurrent forecaster.", unit: "steps", kind: .integer(minimum: 1, maximum: 1_000_000), default: .integer(350), defaults: [.smoke: .integer(20), .paper: .integer(5000)]),
        ParameterSpec(name: "forecaster-width", title: "forecaster width", help: "Hidden units of the forecaster.", kind: .integer(minimum: 1, maximum: 1024), default: .integer(32), defaults: [.smoke: .integer(8), .paper: .integer(40)]),
        ParameterSpec(name: "forecaster-rate", title: "forecaster rate", help: "Adam's rate.", kind: .real(minimum: 1e-7, maximum: 1, logarithmic: true), default: .real(3e-3)),
        ParameterSpec(name: "origins", title: "origins", help: "Days that are forecast of each series.", kind: .integer(minimum: 1, maximum: 1000), default: .integer(4), defaults: [.smoke: .integer(2)]),
        ParameterSpec(name: "paths", title: "sample paths", help: "Paths of a forecast; their median is the point forecast.", kind: .integer(minimum: 2, maximum: 10_000), default: .integer(100), defaults: [.smoke: .integer(20)]),
        ParameterSpec(name: "draws", title: "draws", help: "Draws of a generator for each gap; the paths are shared out among them.", kind: .integer(minimum: 1, maximum: 1000), default: .integer(10), defaults: [.smoke: .integer(2)]),
        ParameterSpec(name: "encoder-steps", title: "embedder steps", help: "Steps of the embedder that distances are measured with.", unit: "steps", kind: .integer(minimum: 1, maximum: 1_000_000), default: .integer(250), defaults: [.smoke: .integer(40), .paper: .integer(1500)]),
        ParameterSpec(name: "encoder-channels", title: "embedder channels", help: "Channels of its blocks.", kind: .integer(minimum: 1, maximum: 1024), default: .integer(16), defaults: [.smoke: .integer(4), .paper: .integer(40)]),
        ParameterSpec(name: "encoder-depth", title: "embedder depth", help: "Blocks before the last; each doubles the dilation.", kind: .integer(minimum: 0, maximum: 12), default: .integer(4), defaults: [.smoke: .integer(2), .paper: .integer(10)]),
        ParameterSpec(name: "encoder-reduced", title: "embedder last channels", help: "Channels of its last block.", kind: .integer(minimum: 1, maximum: 1024), default: .integer(32), defaults: [.smoke: .integer(8), .paper: .integer(160)]),
        ParameterSpec(name: "encoder-output", title: "embedding width", help: "Numbers of an embedding; take at least 50 windows for each.", kind: .integer(minimum: 1, maximum: 1024), default: .integer(16), defaults: [.smoke: .integer(4), .paper: .integer(80)]),
        ParameterSpec(name: "encoder-rate", title: "embedder rate", help: "Adam's rate.", kind: .real(minimum: 1e-7, maximum: 1, logarithmic: true), default: .real(1e-3), defaults: [.paper: .real(1e-4)]),
        ParameterSpec(name: "encoder-batch", title: "embedder batch", help: "Anchors of a step.", unit: "windows", kind: .integer(minimum: 1, maximum: 1024), default: .integer(16), defaults: [.paper: .integer(32)]),
        ParameterSpec(name: "encoder-negatives", title: "negatives", help: "Windows of other series for each anchor.", unit: "windows", kind: .integer(minimum: 1, maximum: 256), default: .integer(8), defaults: [.paper: .integer(20)]),
        ParameterSpec(name: "encoder-shortest", title: "shortest positive", help: "The least length of a positive; 1 in the published code.", unit: "h", kind: .integer(minimum: 1, maximum: 1024), default: .integer(8), defaults: [.paper: .integer(1)]),
        ParameterSpec(name: "encoder-longest", title: "longest anchor", help: "The greatest length of an anchor; 0: the window.", unit: "h", kind: .integer(minimum: 0, maximum: 100_000), default: .integer(0), defaults: [.paper: .integer(300)]),
        ParameterSpec(name: "extra-term", title: "extra triplet term", help: "Whether positives are pushed from the negatives too, as PSA-GAN's code does.", kind: .boolean, default: .boolean(false)),
        ParameterSpec(name: "encoder-seed", title: "embedder seed", help: "Its own seed, so that runs of other seeds share the ruler.", kind: .integer(minimum: 0, maximum: 1_000_000), default: .integer(0)),
    ]
}
