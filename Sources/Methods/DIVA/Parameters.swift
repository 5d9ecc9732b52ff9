import Augmentation
import Experiments

/// What DIVA is asked to do.
package enum Task: String, Sendable, Codable, CaseIterable {
    case reweight, detect, extend, augment
}

/// What turns a picture into a row of numbers.
package enum FeatureKind: String, Sendable, Codable, CaseIterable {
    case fourier, pixels, efficientnet, cnn, sentence
}

/// Extend: what the core may be extended with.
package enum PoolSource: String, Sendable, Codable {
    case examples
    case classNames = "class-names"
}

/// The settings of a run, taken from its parameters.
package struct Settings: Sendable {
    package var task: Task
    package var features: FeatureKind
    /// N for Detect, Reweight and augmentation.
    package var examples: Int
    /// 0: the data set's own test part, else a third.
    package var testExamples: Int
    /// 0: the leave-one-out loss; else the size of a held-out set.
    package var validation: Int
    package var noise: LabelNoise
    package var core: Int
    package var pool: Int
    package var poolSource: PoolSource
    /// Which sentence encoder makes features of texts.
    package var weights: String
    package var loss: OuterLoss
    /// nil: chosen by the leave-one-out loss.
    package var lambda: Double?
    /// The derivative is taken at this many times lambda.
    package var lambdaFactor: Double
    package var eta: Double
    package var steps: Int
    package var scaling: Reweighting.Scaling
    package var epsilon: Double
    package var chunk: Int
    package var maximum: Int
    package var fourierCount: Int
    /// nil: from the distances between examples.
    package var fourierScale: Double?
    package var transforms: [PictureTransform]
    package var gradientBaselines: Bool
    package var side: Int
    package var cnnImages: Int
    package var cnnEpochs: Int
    /// How the network's pictures are changed; nil: not at all.
    package var cnnAugmentation: Augmentation?

    /// - Throws: `ParameterError` that names the parameter and what may be given.
    package init(_ values: ParameterValues) throws {
        task = try values.choice("task")
        features = try values.choice("features")
        examples = values.integer("examples")
        testExamples = values.integer("test-examples")
        validation = values.integer("validation")
        noise = LabelNoise(share: values.real("noise"), kind: try values.choice("noise-kind"))
        core = values.integer("core")
        pool = values.integer("pool")
        poolSource = try values.choice("pool-from")
        weights = values.text("weights").filter { $0 != " " }
        switch values.text("loss") {
        case "auto": loss = task == .detect || task == .extend ? .crossEntropy : .squared
        default: loss = try values.choice("loss")
        }
        let word = values.text("lambda").filter { $0 != " " }.lowercased()
        if word == "auto" {
            lambda = nil
        } else if let number = Double(word), number > 0, number.isFinite {
            lambda = number
        } else {
            throw ParameterError("parameter lambda: “\(values.text("lambda"))” is no ridge strength; give auto or a number above 0")
        }
        lambdaFactor = values.real("lambda-factor")
        if lambdaFactor == 0 { lambdaFactor = loss == .squared && task != .extend ? 10 : 1 }
        eta = values.real("eta")
        steps = values.integer("steps")
        scaling = try values.choice("scaling")
        epsilon = values.real("epsilon")
        chunk = values.integer("chunk")
        maximum = values.integer("maximum")
        fourierCount = values.integer("fourier-count")
        fourierScale = values.real("fourier-scale") == 0 ? nil : values.real("fourier-scale")
        transforms = try PictureTransform.parse(values.text("transforms"))
        gradientBaselines = values.boolean("gradient-baselines")
        side = values.integer("side")
        cnnImages = values.integer("cnn-images")
        cnnEpochs = values.integer("cnn-epochs")
        let augmentation = values.text("cnn-augmentation")
        cnnAugmentation = augmentation == "none" ? nil : try AugmentationArm.one(augmentation, policyFile: values.text("policy"), parameter: "cnn-augmentation")
        if task == .augment && transforms.isEmpty {
            throw ParameterError("parameter transforms: the task augment needs at least one; give some of \(PictureTransform.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    /// What a form shows and `--set` takes, in that order.
    package static let specifications: [ParameterSpec] = [
        ParameterSpec(name: "task", title: "task", help: "What the derivative is used for.", kind: .choice([
            .init("reweight", "find mislabelled examples, then reweight the set in a few steps and refit"),
            .init("detect", "only rank and flag the examples that hurt"),
            .init("extend", "choose from a pool which examples to add to a small core"),
            .init("augment", "reweight transformed copies and read off a probability for each transform"),
        ]), default: .text("reweight")),
        ParameterSpec(name: "features", title: "features", help: "The fixed map from a picture to numbers; a linear classifier is trained on them.",
                      kind: .choice([
            .init("fourier", "random Fourier features of the pixels: an approximate Gaussian kernel"),
            .init("pixels", "the pixels themselves, or the numbers of a set of features"),
            .init("efficientnet", "EfficientNet-Lite0 pretrained on ImageNet, 1,280 numbers; needs its weights file"),
            .init("cnn", "a small network trained on other clean pictures of the same data set, 128 numbers"),
            .init("sentence", "texts through a pretrained sentence encoder; needs its weights"),
        ]), default: .text("fourier")),
        ParameterSpec(name: "examples", title: "training examples", help: "How many examples are trained on; fewer are taken where the data set has fewer.",
                      unit: "examples", kind: .integer(minimum: 2, maximum: 1_000_000), default: .integer(1000), defaults: [.smoke: .integer(200)]),
        ParameterSpec(name: "test-examples", title: "test examples", help: "How many examples the test error is measured on; 0 takes the published test part, or a third where there is none.",
                      unit: "examples", kind: .integer(minimum: 0, maximum: 1_000_000), default: .integer(0), defaults: [.smoke: .integer(200)]),
        ParameterSpec(name: "validation", title: "validation examples", help: "With 0 the derivative is that of the leave-one-out loss; otherwise that of the loss on so many held-out clean examples.",
                      unit: "examples", kind: .integer(minimum: 0, maximum: 1_000_000), default: .integer(0)),
        ParameterSpec(name: "noise", title: "label noise", help: "The share of training examples (with the task extend: of the pool) whose label is replaced, so that the truth about them is known.",
                      kind: .real(minimum: 0, maximum: 0.95, logarithmic: false), default: .real(0.2)),
        ParameterSpec(name: "noise-kind", title: "noise kind", help: "What a replaced label becomes.", kind: .choice([
            .init("other", "one of the other classes"),
            .init("any", "any class, the true one included, as the paper has it"),
        ]), default: .text("other")),
        ParameterSpec(name: "core", title: "core", help: "Extend: how many clean examples the core has.", unit: "examples",
                      kind: .integer(minimum: 2, maximum: 1_000_000), default: .integer(300), defaults: [.smoke: .integer(100)]),
        ParameterSpec(name: "pool", title: "pool", help: "Extend: how many examples there are to choose from.", unit: "examples",
                      kind: .integer(minimum: 1, maximum: 1_000_000), default: .integer(800), defaults: [.smoke: .integer(200)]),
        ParameterSpec(name: "pool-from", title: "pool from", help: "Extend: with texts the pool may be the names of the classes, each through the same encoder as one more example of its class (the paper's multi-modal case).",
                      kind: .choice([.init("examples", "other examples"), .init("class-names", "the names of the classes; needs texts")]), default: .text("examples")),
        ParameterSpec(name: "weights", title: "weights", help: "Sentence encoder: a weights data set with config.json and vocab.txt; auto is all-minilm-l6-v2.", kind: .text, default: .text("auto")),
        ParameterSpec(name: "loss", title: "outer loss", help: "The loss on unseen examples that the derivative is taken of.", kind: .choice([
            .init("auto", "cross-entropy to detect and extend, squared to reweight and augment"),
            .init("ce", "cross-entropy of the leave-one-out predictions; its zero is a usable threshold"),
            .init("sq", "squared error, the paper's; take it at ten times lambda"),
        ]), default: .text("auto")),
        ParameterSpec(name: "lambda", title: "lambda", help: "Strength of the ridge penalty: auto for the least leave-one-out error on the grid 10^-2 … 10^3, or a number.",
                      kind: .text, default: .text("auto")),
        ParameterSpec(name: "lambda-factor", title: "lambda factor", help: "The derivative is taken at so many times lambda, the final refit at lambda. 0 takes 10 for the squared loss and 1 otherwise: at the best lambda the squared derivatives sum to zero, which makes their sign useless.",
                      kind: .real(minimum: 0, maximum: 1000, logarithmic: false), default: .real(0)),
        ParameterSpec(name: "eta", title: "step size", help: "How far a step moves the weights, in units of the scaling.", kind: .real(minimum: 0.0001, maximum: 100, logarithmic: true), default: .real(0.3)),
        ParameterSpec(name: "steps", title: "steps", help: "How many reweighting steps are taken. Few: only the first sees an unbiased estimate of the test loss.",
                      unit: "steps", kind: .integer(minimum: 1, maximum: 100), default: .integer(3)),
        ParameterSpec(name: "scaling", title: "scaling", help: "What the derivative is divided by before a step.", kind: .choice([
            .init("rms", "its root mean square"),
            .init("maxabs", "its largest absolute value"),
            .init("raw", "nothing, as the paper writes it"),
        ]), default: .text("rms")),
        ParameterSpec(name: "epsilon", title: "epsilon", help: "Examples with a derivative above this are flagged.", kind: .real(minimum: -1000, maximum: 1000, logarithmic: false), default: .real(0)),
        ParameterSpec(name: "chunk", title: "chunk", help: "Extend: how many examples a round adds before the derivative is taken anew; 0 adds all helpful ones at once.",
                      unit: "examples", kind: .integer(minimum: 0, maximum: 1_000_000), default: .integer(0)),
        ParameterSpec(name: "maximum", title: "maximum", help: "Extend: the most that is added; 0 for no limit.", unit: "examples",
                      kind: .integer(minimum: 0, maximum: 1_000_000), default: .integer(0)),
        ParameterSpec(name: "fourier-count", title: "Fourier features", help: "How many random Fourier features are drawn.", unit: "features",
                      kind: .integer(minimum: 1, maximum: 20_000), default: .integer(500), defaults: [.smoke: .integer(100)]),
        ParameterSpec(name: "fourier-scale", title: "Fourier scale", help: "Frequency of the Fourier features for pixels between 0 and 1; 0 takes it from the distances between examples (0.35 on the digits).",
                      kind: .real(minimum: 0, maximum: 100, logarithmic: false), default: .real(0)),
        ParameterSpec(name: "transforms", title: "transforms", help: "Augment: which transforms are weighed, separated by commas: \(PictureTransform.allCases.map(\.rawValue).joined(separator: ", ")).",
                      kind: .text, default: .text("flip-horizontal,flip-vertical,rotate-180,shift")),
        ParameterSpec(name: "gradient-baselines", title: "gradient baselines", help: "Reweight: also train the weightings of Chang 2017 and Ren 2018 by stochastic gradients.",
                      kind: .boolean, default: .boolean(true), defaults: [.smoke: .boolean(false)]),
        ParameterSpec(name: "side", title: "picture side", help: "EfficientNet: pictures are enlarged so that their longer side has so many pixels; 0 multiplies it by four.",
                      unit: "pixels", kind: .integer(minimum: 0, maximum: 512), default: .integer(0)),
        ParameterSpec(name: "cnn-images", title: "CNN pictures", help: "CNN: how many other clean pictures the network is trained on.", unit: "pictures",
                      kind: .integer(minimum: 10, maximum: 1_000_000), default: .integer(10_000), defaults: [.smoke: .integer(500)]),
        ParameterSpec(name: "cnn-epochs", title: "CNN epochs", help: "CNN: how often the network sees them.", unit: "epochs",
                      kind: .integer(minimum: 1, maximum: 1000), default: .integer(4), defaults: [.smoke: .integer(1)]),
        ParameterSpec(name: "cnn-augmentation", title: "CNN augmentation", help: "CNN: how its pictures are changed each time they are seen: \(AugmentationArm.names.map(\.name).joined(separator: ", ")). deepaa takes the policy of a file.",
                      kind: .text, default: .text("none")),
        ParameterSpec(name: "policy", title: "policy file", help: "CNN: a policy that `lathe run deepaa` left (`lathe artifacts RUN policy.json --out FILE`), for cnn-augmentation=deepaa.", kind: .text, default: .text("")),
    ]
}
