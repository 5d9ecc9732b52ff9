import Experiments

/// The settings of a run, read from its parameters.
struct Settings: Sendable {
    enum Transfer: String, Sendable { case auto, weights, synthetic }
    enum RateSchedule: String, Sendable { case cosine, constant }
    enum ReportedKL: String, Sendable { case own, published }

    var models: String
    var split: FactorSplit.Kind
    /// 0: the data set's own.
    var heldOut: Double, compositionShare: Double
    var side: Int
    var trainingImages: Int, testImages: Int, oneFactorImages: Int
    var steps: Int, latentSteps: Int, readoutSteps: Int, transferSteps: Int, pretrainingSteps: Int
    var dearSteps: Int
    var batch: Int, rate: Double, schedule: RateSchedule
    var watchEvery: Int, watchImages: Int
    var latents: Int, betas: [Double], gamma: Double, slowRate: Double, changed: Int, kl: ReportedKL
    var readoutLayers: Int, readoutWidth: Int
    var transfer: Transfer, transferSide: Int
    var gapImages: Int, treeImages: Int

    init(_ values: ParameterValues) throws {
        models = values.text("models")
        split = try values.choice("split")
        (heldOut, compositionShare) = (values.real("held-out"), values.real("composition-share"))
        side = values.integer("side")
        guard side == 32 || side == 64 else { throw VisualGeneralisationError("parameter side: images of \(side) x \(side) are not taken; give 32 (the small forms) or 64 (the official CNN)") }
        (trainingImages, testImages, oneFactorImages) = (values.integer("training-images"), values.integer("test-images"), values.integer("one-factor-images"))
        (steps, latentSteps, readoutSteps) = (values.integer("steps"), values.integer("latent-steps"), values.integer("readout-steps"))
        (transferSteps, pretrainingSteps) = (values.integer("transfer-steps"), values.integer("pretraining-steps"))
        dearSteps = values.integer("dear-steps")
        (batch, rate, schedule) = (values.integer("batch"), values.real("rate"), try values.choice("schedule"))
        guard batch.isMultiple(of: 2) else { throw VisualGeneralisationError("parameter batch: \(batch) images are no pairs; give an even number") }
        (watchEvery, watchImages) = (values.integer("watch-every"), values.integer("watch-images"))
        (latents, gamma, slowRate) = (values.integer("latents"), values.real("gamma"), values.real("rho"))
        let words = values.text("betas").split(whereSeparator: { $0 == "," || $0 == " " }), numbers = words.compactMap { Double($0) }.filter { (0.0...1000).contains($0) }
        guard !numbers.isEmpty, numbers.count == words.count, Set(numbers).count == numbers.count else {
            throw VisualGeneralisationError("parameter betas: “\(values.text("betas"))” is no list of different numbers from 0 to 1000; separate them by commas")
        }
        betas = numbers
        changed = values.integer("changed-factors")
        kl = try values.choice("kl")
        (readoutLayers, readoutWidth) = (values.integer("readout-layers"), values.integer("readout-width"))
        transfer = try values.choice("transfer")
        transferSide = values.integer("transfer-side")
        (gapImages, treeImages) = (values.integer("mig-images"), values.integer("dci-images"))
    }

    /// Everything that a checkpoint's numbers depend on.
    var identity: String { "\(self)" }
}

extension Settings {
    private static let choices = ["random", "composition", "interpolation", "extrapolation", "given"]

    static let specifications: [ParameterSpec] = [
        ParameterSpec(name: "models", title: "models", help: "Which models, separated by commas: \(Arm.words.map { "\($0.word) (\($0.help))" }.joined(separator: ", ")); or latent, supervised, transfer, study (the seventeen) or all. Sizes, the set network and the spatial transformer are stand-ins: the paper's training code is not public.",
                      kind: .text, default: .text("all"), defaults: [.smoke: .text("cnn, beta-vae")]),
        ParameterSpec(name: "split", title: "division", help: "How the grid of factor values is divided into training and test.",
                      kind: .choice([.init("random", "held-out images"), .init("composition", "new combinations of seen values"), .init("interpolation", "values between seen ones"), .init("extrapolation", "values beyond the seen ones"),
                                     .init("given", "as the data set's own archives say")]), default: .text("extrapolation")),
        ParameterSpec(name: "held-out", title: "held-out share", help: "Share of each factor's values that is held out; 0 takes the data set's own.", kind: .real(minimum: 0, maximum: 0.95, logarithmic: false), default: .real(0)),
        ParameterSpec(name: "composition-share", title: "composition share", help: "Share of each factor's values that trains with everything in the division composition; 0 follows from the held-out share.", kind: .real(minimum: 0, maximum: 0.95, logarithmic: false), default: .real(0)),
        ParameterSpec(name: "side", title: "image side", help: "32 for the small forms, 64 for the official CNN's size.", unit: "pixels", kind: .integer(minimum: 32, maximum: 64), default: .integer(32), defaults: [.paper: .integer(64)]),
        ParameterSpec(name: "training-images", title: "training images", help: "Drawn from the training part with the seed.", kind: .integer(minimum: 32, maximum: 2_000_000), default: .integer(4000), defaults: [.smoke: .integer(300), .paper: .integer(100_000)]),
        ParameterSpec(name: "test-images", title: "test images", help: "Drawn from the test part, and as many unseen ones of the training part (iid).", kind: .integer(minimum: 16, maximum: 1_000_000), default: .integer(1500), defaults: [.smoke: .integer(120), .paper: .integer(20_000)]),
        ParameterSpec(name: "one-factor-images", title: "images a factor", help: "Of each set in which one factor alone is out of distribution.", kind: .integer(minimum: 8, maximum: 1_000_000), default: .integer(400), defaults: [.smoke: .integer(60), .paper: .integer(10_000)]),
        ParameterSpec(name: "steps", title: "steps", help: "Of a model that is trained from images to factors.", unit: "steps", kind: .integer(minimum: 1, maximum: 2_000_000), default: .integer(500), defaults: [.smoke: .integer(30), .paper: .integer(200_000)]),
        ParameterSpec(name: "dear-steps", title: "steps of dear models", help: "Of the four that cost most a step (coordinate set, Rot-EQ-big, ResNet-101 kind, ViT); 0: as many as the others.", unit: "steps", kind: .integer(minimum: 0, maximum: 2_000_000), default: .integer(0)),
        ParameterSpec(name: "latent-steps", title: "steps of latent kinds", help: "Before the readout.", unit: "steps", kind: .integer(minimum: 1, maximum: 2_000_000), default: .integer(800), defaults: [.smoke: .integer(15), .paper: .integer(200_000)]),
        ParameterSpec(name: "readout-steps", title: "steps of the readout", help: "From frozen latents to factors.", unit: "steps", kind: .integer(minimum: 1, maximum: 2_000_000), default: .integer(1500), defaults: [.smoke: .integer(30), .paper: .integer(20_000)]),
        ParameterSpec(name: "transfer-steps", title: "steps of the transfer head", help: "From frozen features to factors.", unit: "steps", kind: .integer(minimum: 1, maximum: 2_000_000), default: .integer(1000), defaults: [.smoke: .integer(30), .paper: .integer(20_000)]),
        ParameterSpec(name: "pretraining-steps", title: "steps of pretraining", help: "On another generator, for the transfer entries without a weights package.", unit: "steps", kind: .integer(minimum: 1, maximum: 2_000_000), default: .integer(500), defaults: [.smoke: .integer(20), .paper: .integer(50_000)]),
        ParameterSpec(name: "batch", title: "batch", help: "Images a step; latent kinds take half as many pairs.", kind: .integer(minimum: 4, maximum: 4096), default: .integer(64)),
        ParameterSpec(name: "rate", title: "learning rate", help: "Of Adam.", kind: .real(minimum: 1e-7, maximum: 1, logarithmic: true), default: .real(1e-3), defaults: [.paper: .real(1e-4)]),
        ParameterSpec(name: "schedule", title: "schedule", help: "How the rate changes.", kind: .choice([.init("cosine", "up over a tenth of the steps, then a cosine to 0"), .init("constant", "always the same")]), default: .text("cosine"), defaults: [.paper: .text("constant")]),
        ParameterSpec(name: "watch-every", title: "watch every", help: "Between two looks at R² while training; for the curves alone, nothing is chosen by them.", unit: "steps", kind: .integer(minimum: 1, maximum: 1_000_000), default: .integer(50), defaults: [.smoke: .integer(10), .paper: .integer(1000)]),
        ParameterSpec(name: "watch-images", title: "watched images", help: "Of the iid and of the test part.", kind: .integer(minimum: 8, maximum: 100_000), default: .integer(500), defaults: [.smoke: .integer(60)]),
        ParameterSpec(name: "latents", title: "latents", help: "Numbers that an image is encoded into.", kind: .integer(minimum: 2, maximum: 256), default: .integer(10)),
        ParameterSpec(name: "betas", title: "β", help: "Weights of the KL term of the β-VAE and Ada-GVAE, which come once for each, separated by commas.", kind: .text, default: .text("1")),
        ParameterSpec(name: "gamma", title: "γ", help: "Weight of SlowVAE's term on pairs.", kind: .real(minimum: 0, maximum: 1e4, logarithmic: false), default: .real(10)),
        ParameterSpec(name: "rho", title: "ρ", help: "Rate of SlowVAE's Laplace prior.", kind: .real(minimum: 0.01, maximum: 1e3, logarithmic: true), default: .real(6)),
        ParameterSpec(name: "changed-factors", title: "changed factors", help: "Of an Ada-GVAE pair; 0 draws the number each time.", kind: .integer(minimum: 0, maximum: 31), default: .integer(1)),
        ParameterSpec(name: "kl", title: "KL of Ada-GVAE", help: "The published code's KL lacks the factor 1/2 and sums both images, so its real β is four times the printed one.", kind: .choice([.init("own", "as defined"), .init("published", "four times, as published")]), default: .text("own")),
        ParameterSpec(name: "readout-layers", title: "readout layers", help: "Hidden layers between latents and factors.", kind: .integer(minimum: 1, maximum: 12), default: .integer(3), defaults: [.paper: .integer(5)]),
        ParameterSpec(name: "readout-width", title: "readout width", help: "Units of each.", kind: .integer(minimum: 4, maximum: 4096), default: .integer(128), defaults: [.paper: .integer(256)]),
        ParameterSpec(name: "transfer", title: "transfer entries", help: "What lite0, lite1 and lite2 are. Frozen features are our stand-in: the paper fine-tunes whole networks.",
                      kind: .choice([.init("auto", "the packages' weights where they are, else synthetic"), .init("weights", "the packages' weights"), .init("synthetic", "networks trained on another generator here, then fine-tuned")]), default: .text("auto")),
        ParameterSpec(name: "transfer-side", title: "transfer side", help: "To which images are enlarged for the packages' networks.", unit: "pixels", kind: .integer(minimum: 32, maximum: 256), default: .integer(64), defaults: [.paper: .integer(128)]),
        ParameterSpec(name: "mig-images", title: "images for MIG", help: "Of the training part.", kind: .integer(minimum: 50, maximum: 1_000_000), default: .integer(10_000), defaults: [.smoke: .integer(200)]),
        ParameterSpec(name: "dci-images", title: "images for DCI", help: "Of the training part.", kind: .integer(minimum: 50, maximum: 100_000), default: .integer(2000), defaults: [.smoke: .integer(200), .paper: .integer(10_000)]),
    ]
}
