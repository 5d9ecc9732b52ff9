import Augmentation
import Experiments

/// The settings of a run, read from its parameters.
struct Settings: Sendable {
    enum Task: String, Sendable { case all, search, importance, evaluate }
    enum Normalisation: String, Sendable { case auto, cifar, own }

    var task: Task
    var network: NetworkKind, evaluationNetwork: NetworkKind
    var layers: Int, steps: Int, rate: Double, stopsAt: Double
    var matching = MatchingSettings()
    var rule: RewardRule
    var importanceImages: Int
    var pretrainingCount: Int, searchCount: Int, validationCount: Int, evaluationCount: Int, testCount: Int
    var isShuffled: Bool, searchDataset: String, normalisation: Normalisation
    var pretraining: TrainingSettings, pretrainingAugmentation: Augmentation
    var evaluation: TrainingSettings, testEvery: Int
    var armsText: String
    var choices = AugmentationArm.Choices()
    var policyFile: String

    /// - Throws: one sentence that names the parameter.
    init(_ values: ParameterValues) throws {
        task = try values.choice("task")
        network = try .parse(values.text("network"), parameter: "network")
        evaluationNetwork = try .parse(values.text("evaluation-network"), parameter: "evaluation-network")
        layers = values.integer("layers")
        steps = values.integer("steps")
        rate = values.real("policy-rate")
        stopsAt = values.real("stop-at-identity")
        matching.validation = values.integer("validation-images")
        matching.images = values.integer("images")
        matching.gradientSamples = values.integer("gradient-samples")
        matching.rewardSamples = values.integer("reward-samples")
        matching.repeats = values.integer("repeat-random")
        matching.includesNormalisation = values.boolean("bn-in-gradient")
        matching.isFast = values.boolean("fast")
        rule = try values.choice("regulariser")
        importanceImages = values.integer("importance-images")
        pretrainingCount = values.integer("pretraining")
        searchCount = values.integer("search")
        validationCount = values.integer("validation")
        evaluationCount = values.integer("evaluation")
        testCount = values.integer("test")
        isShuffled = values.text("split") == "shuffled"
        searchDataset = values.text("search-dataset").filter { $0 != " " }
        normalisation = try values.choice("normalisation")
        pretraining = TrainingSettings(epochs: values.integer("pretraining-epochs"), batch: values.integer("pretraining-batch"), rate: values.real("pretraining-rate"),
                                       decay: values.real("pretraining-decay"), clip: values.real("pretraining-clip"))
        evaluation = TrainingSettings(epochs: values.integer("epochs"), batch: values.integer("batch"), rate: values.real("rate"), decay: values.real("weight-decay"), warmUp: values.integer("warm-up"),
                                      clip: values.real("clip"), copies: values.integer("copies"))
        testEvery = values.integer("test-every")
        choices.randCount = values.integer("rand-count")
        choices.randLevel = values.integer("rand-level")
        choices.layers = layers
        choices.mirrorsSigns = values.boolean("mirror-signs")
        policyFile = values.text("policy")
        armsText = values.text("arms")
        let arms = try AugmentationArm.parse(armsText, choices)
        pretrainingAugmentation = try AugmentationArm.parse(values.text("pretraining-augmentation"), parameter: "pretraining-augmentation", choices)[0].augmentation
        guard task != .evaluate || !policyFile.isEmpty || !arms.contains(where: \.isFound) else {
            throw DeepAAError("parameter task: evaluate searches for no policy, and the arm deepaa needs one; give the path of its file as policy, or take task=all")
        }
        guard evaluation.warmUp < evaluation.epochs || evaluation.warmUp == 0 else { throw DeepAAError("parameter warm-up: \(evaluation.warmUp) epochs are not fewer than the \(evaluation.epochs) of the training; take fewer") }
    }

    /// The arms, once the policy is known.
    func arms(found: AugmentationPolicy?) throws -> [AugmentationArm] {
        var choices = choices
        choices.found = found
        return try AugmentationArm.parse(armsText, choices)
    }

    private static func count(_ name: String, _ title: String, _ help: String, unit: String, _ range: ClosedRange<Int>, _ standard: Int, smoke: Int? = nil, paper: Int? = nil) -> ParameterSpec {
        var defaults: [Plan: ParameterValue] = [:]
        if let smoke { defaults[.smoke] = .integer(smoke) }
        if let paper { defaults[.paper] = .integer(paper) }
        return ParameterSpec(name: name, title: title, help: help, unit: unit, kind: .integer(minimum: range.lowerBound, maximum: range.upperBound), default: .integer(standard), defaults: defaults)
    }

    private static func real(_ name: String, _ title: String, _ help: String, _ range: ClosedRange<Double>, _ standard: Double, paper: Double? = nil, logarithmic: Bool = false) -> ParameterSpec {
        ParameterSpec(name: name, title: title, help: help, kind: .real(minimum: range.lowerBound, maximum: range.upperBound, logarithmic: logarithmic), default: .real(standard),
                      defaults: paper.map { [.paper: .real($0)] } ?? [:])
    }

    static let specifications: [ParameterSpec] = [
        ParameterSpec(name: "task", title: "task", help: "What the run does.", kind: .choice([
            .init("all", "pretrain, search a policy, and train a new network with each arm"), .init("search", "pretrain and search; leave the policy as a file"),
            .init("importance", "pretrain, and say of each operation whether it helps or hurts here, without a search"), .init("evaluate", "train with each arm; the policy comes from a file"),
        ]), default: .text("all")),
        ParameterSpec(name: "arms", title: "arms", help: "What is compared, separated by commas: \(AugmentationArm.names.map(\.name).joined(separator: ", ")). “alone” behind an automatic one leaves out crop and flip, “cutout16” sets a square to zero.",
                      kind: .text, default: .text("none, default, uniform139, deepaa, trivial, trivial alone"), defaults: [.smoke: .text("none, deepaa"),
                      .paper: .text("none, default, default cutout16, autoaugment cutout16, randaugment cutout16, trivial cutout16, trivial-wide cutout16, uniform cutout16, uniform139, deepaa, deepaa-published")]),
        ParameterSpec(name: "policy", title: "policy file", help: "A policy that an earlier run left (`lathe artifacts RUN policy.json --out FILE`); it takes the place of the search.", kind: .text, default: .text("")),
        ParameterSpec(name: "network", title: "search network", help: "The classifier whose gradients are matched: \(NetworkKind.help).", kind: .text, default: .text("tiny"), defaults: [.paper: .text("wrn-40-2")]),
        ParameterSpec(name: "evaluation-network", title: "evaluation network", help: "The classifier that each arm trains from scratch.", kind: .text, default: .text("tiny"), defaults: [.paper: .text("wrn-28-10")]),
        count("layers", "layers", "How many layers the policy has; the search stops early where a layer does nothing.", unit: "layers", 1...12, 2, smoke: 1, paper: 6),
        count("steps", "steps", "Steps of a layer.", unit: "steps", 1...100_000, 40, smoke: 2, paper: 1024),
        count("images", "images", "Images of a step, each with validation pictures of its own class.", unit: "images", 1...1024, 8, smoke: 2, paper: 16),
        count("validation-images", "validation images", "Validation pictures of each image's class.", unit: "images", 1...10_000, 32, smoke: 16, paper: 64),
        real("policy-rate", "policy rate", "Learning rate of the logits. They must travel 8 within the steps of a layer: about 12 to 25 divided by the steps.", 1e-4...10, 0.3, paper: 0.025, logarithmic: true),
        count("gradient-samples", "gradient samples", "Deeper layers: draws of the policy for the gradient of augmented copies.", unit: "pictures", 1...10_000, 139, paper: 556),
        count("reward-samples", "reward samples", "Deeper layers: pictures on each of which all operations are tried.", unit: "pictures", 1...1000, 2, paper: 16),
        count("repeat-random", "repeats of random operations", "Draws of Flip, Cutout and Crop each time they are tried.", unit: "draws", 1...16, 1),
        ParameterSpec(name: "regulariser", title: "regulariser", help: "What of an operation's benefit counts where it differs from image to image.", kind: .choice([
            .init("code", "first layer: the mean; others: mean less deviation, as published"), .init("none", "the mean"), .init("all", "mean less deviation in every layer"),
        ]), default: .text("code")),
        ParameterSpec(name: "bn-in-gradient", title: "normalisation in the gradient", help: "Whether scale and shift of batch normalisation belong to the gradient that is matched.", kind: .boolean, default: .boolean(false)),
        ParameterSpec(name: "fast", title: "fast", help: "Match gradients of the last layer alone: quicker, and its ranking of operations is another (rank correlation 0.5 to 0.9).", kind: .boolean, default: .boolean(false)),
        real("stop-at-identity", "stop at Identity", "The search ends after a layer that gives Identity more than this; 1 never.", 0...1, 0.9, paper: 1),
        count("importance-images", "importance images", "Images over which the importance of operations is averaged; 0 leaves it out.", unit: "images", 0...10_000, 16, smoke: 4),
        count("pretraining", "pretraining pictures", "Pictures that the search network learns from.", unit: "pictures", 1...10_000_000, 300, smoke: 100, paper: 5000),
        count("search", "search pictures", "Pictures that operations are tried on; none of the pretraining.", unit: "pictures", 1...10_000_000, 200, paper: 35_000),
        count("validation", "validation pictures", "Pictures whose gradients are matched.", unit: "pictures", 1...10_000_000, 400, paper: 10_000),
        count("evaluation", "evaluation pictures", "Pictures that each arm trains on; 0 takes the whole training part.", unit: "pictures", 0...10_000_000, 500, smoke: 100, paper: 0),
        count("test", "test pictures", "Pictures that arms are tested on; 0 takes the whole test part.", unit: "pictures", 0...10_000_000, 0, smoke: 200),
        ParameterSpec(name: "split", title: "split", help: "How the parts are cut.", kind: .choice([.init("file-order", "one after the other in the order of the file"), .init("shuffled", "in an order that the seed draws")]), default: .text("file-order")),
        ParameterSpec(name: "search-dataset", title: "search data set", help: "Search on another data set than the arms are trained on, such as cifar10 for cifar100; empty for the same.", kind: .text, default: .text("")),
        ParameterSpec(name: "normalisation", title: "normalisation", help: "Mean and deviation of pixels.", kind: .choice([
            .init("auto", "CIFAR's constants for CIFAR and shapes32, else those of the training part"), .init("cifar", "CIFAR's constants"), .init("own", "those of the training part"),
        ]), default: .text("auto")),
        count("pretraining-epochs", "pretraining epochs", "How often the search network sees its pictures. Stop while it still errs: a perfect fit has no gradient.", unit: "epochs", 1...10_000, 30, smoke: 5, paper: 45),
        count("pretraining-batch", "pretraining batch", "Pictures of a step.", unit: "pictures", 2...10_000, 64, paper: 128),
        real("pretraining-rate", "pretraining rate", "Learning rate, falling by half a cosine.", 1e-5...10, 0.1, logarithmic: true),
        real("pretraining-decay", "pretraining decay", "Weight decay.", 0...0.1, 5e-4),
        real("pretraining-clip", "pretraining clip", "Largest norm of the gradient; 0 for no limit.", 0...1000, 0, paper: 5),
        ParameterSpec(name: "pretraining-augmentation", title: "pretraining augmentation", help: "What the search network's pictures go through: an arm's name.", kind: .text, default: .text("none"),
                      defaults: [.paper: .text("crop-flip-cutout")]),
        count("epochs", "epochs", "Epochs of each arm.", unit: "epochs", 1...10_000, 100, smoke: 2, paper: 200),
        count("batch", "batch", "Pictures of a step.", unit: "pictures", 2...10_000, 32, paper: 128),
        real("rate", "rate", "Learning rate, falling by half a cosine to zero.", 1e-5...10, 0.05, paper: 0.1, logarithmic: true),
        real("weight-decay", "weight decay", "Weight decay, not on normalisation.", 0...0.1, 5e-4),
        count("warm-up", "warm-up", "Epochs in which the rate rises.", unit: "epochs", 0...1000, 0, paper: 5),
        real("clip", "clip", "Largest norm of the gradient; 0 for no limit.", 0...1000, 0, paper: 5),
        count("copies", "copies", "Each batch in so many copies with augmentations of their own (batch augmentation).", unit: "copies", 1...8, 1),
        count("test-every", "test every", "Epochs between two tests while training; the last epoch is the result.", unit: "epochs", 1...10_000, 10, smoke: 1),
        ParameterSpec(name: "mirror-signs", title: "mirror signs", help: "Policies of layers: give shears, translations and rotations a random sign in the evaluation, as the paper's evaluation does; the search never does.", kind: .boolean, default: .boolean(false)),
        count("rand-count", "RandAugment operations", "How many operations RandAugment applies.", unit: "operations", 1...10, 2, paper: 3),
        count("rand-level", "RandAugment level", "At which level of 0 to 30.", unit: "", 0...30, 9, paper: 5),
    ]
}
