/// An augmentation that is asked for by name: an arm of a comparison, a parameter of any training on pictures.
///
/// A name and perhaps words: "trivial", "trivial alone", "default cutout16".
public struct AugmentationArm: Sendable {
    public var name: String
    public var augmentation: Augmentation
    /// Whether it is the policy that the run finds or is given.
    public var isFound = false

    /// What names mean that depend on the run.
    public struct Choices: Sendable {
        public var randCount = 2, randLevel = 9
        /// Layers of `uniform139`.
        public var layers = 3
        public var mirrorsSigns = false
        /// What `deepaa` stands for; nil before it is found.
        public var found: AugmentationPolicy?
        public init() {}
    }

    /// Every name with what it is.
    public static let names: [(name: String, help: String)] = [
        ("none", "normalisation only"), ("default", "crop with a black border of 4 pixels, and flip"), ("crop", "crop only"), ("flip", "flip only"),
        ("mean-default", "crop with a border of the mean colour, and flip"), ("mean-crop", "crop with a border of the mean colour"),
        ("crop-flip-cutout", "Deep AutoAugment's own crop, flip and Cutout, always"),
        ("autoaugment", "AutoAugment's published policy for CIFAR-10, then default"), ("randaugment", "RandAugment, then default"),
        ("trivial", "TrivialAugment in RandAugment's ranges, then default"), ("trivial-wide", "TrivialAugment in wide ranges, then default"),
        ("uniform", "UniformAugment, then default"), ("uniform139", "layers of all 139 operations, equally probable"),
        ("deepaa", "the found policy, nothing else"), ("deepaa-published", "Deep AutoAugment's published policy for CIFAR-10, nothing else"),
    ]

    /// Reads a list of arms separated by commas; an arm that comes twice counts once.
    /// - Parameter parameter: the name of the setting, for errors.
    /// - Throws: `AugmentationError` for a word that is none, and when there is no arm at all.
    public static func parse(_ text: String, parameter: String = "arms", _ choices: Choices) throws(AugmentationError) -> [AugmentationArm] {
        var arms: [AugmentationArm] = []
        for entry in text.split(separator: ",") {
            let words = entry.split(whereSeparator: { $0 == " " || $0 == "+" }).map { $0.lowercased() }
            guard !words.isEmpty else { continue }
            let arm = try AugmentationArm(words, parameter: parameter, choices)
            if !arms.contains(where: { $0.name == arm.name }) { arms.append(arm) }
        }
        guard !arms.isEmpty else { throw AugmentationError("parameter \(parameter): “\(text)” names no augmentation; give some of \(names.map(\.name).joined(separator: ", "))") }
        return arms
    }

    /// One augmentation for the training of another method: a name as above; “deepaa” takes the policy of a file.
    /// - Parameter policyFile: its path; "" for none.
    /// - Throws: `AugmentationError` for a name that is none, several names, or a file that is no policy.
    public static func one(_ text: String, policyFile: String, parameter: String) throws -> Augmentation {
        var choices = Choices()
        if !policyFile.isEmpty { choices.found = try PolicyFile.read(path: policyFile) }
        let arms = try parse(text, parameter: parameter, choices)
        guard arms.count == 1 else { throw AugmentationError("parameter \(parameter): “\(text)” names \(arms.count) augmentations; give one") }
        guard !arms[0].isFound || choices.found != nil else { throw AugmentationError("parameter \(parameter): deepaa needs a policy; give the path of its file as policy") }
        return arms[0].augmentation
    }

    private init(_ words: [String], parameter: String, _ choices: Choices) throws(AugmentationError) {
        var augmentation = Augmentation.standard
        func policy(_ policy: AugmentationPolicy) -> Augmentation { Augmentation(automatic: .policy(policy, mirrorsSigns: choices.mirrorsSigns)) }
        var isAutomatic = true
        switch words[0] {
        case "none": (augmentation, isAutomatic) = (.none, false)
        case "default": isAutomatic = false
        case "crop": (augmentation, isAutomatic) = (Augmentation(crop: .black), false)
        case "flip": (augmentation, isAutomatic) = (Augmentation(flips: true), false)
        case "mean-default": (augmentation, isAutomatic) = (Augmentation(crop: .mean, flips: true), false)
        case "mean-crop": (augmentation, isAutomatic) = (Augmentation(crop: .mean), false)
        case "crop-flip-cutout": (augmentation, isAutomatic) = (.pretraining, false)
        case "autoaugment": augmentation.automatic = .autoAugment
        case "randaugment": augmentation.automatic = .randAugment(count: choices.randCount, level: choices.randLevel)
        case "trivial": augmentation.automatic = .trivial(isWide: false)
        case "trivial-wide": augmentation.automatic = .trivial(isWide: true)
        case "uniform": augmentation.automatic = .uniform
        case "uniform139": (augmentation, isAutomatic) = (policy(try .uniform(layers: choices.layers)), false)
        case "deepaa-published": (augmentation, isAutomatic) = (policy(PublishedPolicies.deepAutoAugment), false)
        case "deepaa":
            isFound = true
            (augmentation, isAutomatic) = (choices.found.map(policy) ?? .none, false)
        default:
            throw AugmentationError("parameter \(parameter): “\(words[0])” is no augmentation; give some of \(Self.names.map(\.name).joined(separator: ", "))")
        }
        var name = words[0]
        for word in words.dropFirst() {
            switch word {
            case "alone" where isAutomatic: (augmentation.crop, augmentation.flips) = (nil, false)
            case "alone": throw AugmentationError("parameter \(parameter): “\(words[0])” has no crop and flip that “alone” could leave out; leave the word out")
            case "cutout16": augmentation.erases = true
            default: throw AugmentationError("parameter \(parameter): “\(word)” is no word that goes with \(words[0]); there are alone and cutout16")
            }
            if !name.split(separator: " ").contains(Substring(word)) { name += " " + word }
        }
        self.name = name
        self.augmentation = augmentation
    }
}
