import Tensors

/// How a training picture is changed each time it is seen: an automatic part, then crop and flip, and after normalisation perhaps a
/// square of zeros.
public struct Augmentation: Sendable {
    /// What chooses operations.
    public enum Automatic: Sendable {
        case none
        /// One of 25 sub-policies of two operations.
        case autoAugment
        /// So many operations of 14, all at one level of 0 to 30.
        case randAugment(count: Int, level: Int)
        /// One operation of 14 at any level.
        case trivial(isWide: Bool)
        /// Two operations of 16, each with probability one half, at any level.
        case uniform
        /// Layers of the 139 operations.
        /// `mirrorsSigns`: shears, translations and rotations get a random sign, as in Deep AutoAugment's evaluation.
        case policy(AugmentationPolicy, mirrorsSigns: Bool)
    }

    public var automatic: Automatic
    /// What lies beyond the border of a window that is moved by up to four pixels; nil for no crop.
    public var crop: PixelOperation.Colour?
    /// Whether pictures are mirrored half the time.
    public var flips: Bool
    /// Whether a square of half the side is set to zero after normalisation (Cutout; DeVries and Taylor 2017).
    public var erases: Bool
    /// In which order: the search applies its policy first, and Deep AutoAugment's pretraining its Cutout among the bytes.
    public var cutsOut = false

    public init(automatic: Automatic = .none, crop: PixelOperation.Colour? = nil, flips: Bool = false, erases: Bool = false) {
        (self.automatic, self.crop, self.flips, self.erases) = (automatic, crop, flips, erases)
    }

    /// Nothing is changed.
    public static let none = Augmentation()
    /// What training on small pictures commonly does: a window in the picture with a black border, mirrored half the time.
    public static let standard = Augmentation(crop: .black, flips: true)
    /// What Deep AutoAugment pretrains with: crop, flip and Cutout of its own operations.
    public static let pretraining: Augmentation = {
        var augmentation = Augmentation(crop: .mean, flips: true)
        augmentation.cutsOut = true
        return augmentation
    }()

    /// Appends the operations of one picture to a list.
    public func draw(width: Int, height: Int, into chain: inout [PixelOperation], _ random: inout RandomSource) {
        switch automatic {
        case .none: break
        case .autoAugment:
            let steps = PublishedPolicies.autoAugment
            for step in steps[random.integer(below: steps.count)] where random.uniform() < step.probability {
                chain.append(LevelledTransforms.auto.operation(step.transform, level: step.level, width: width, height: height, &random))
            }
        case .randAugment(let count, let level):
            for _ in 0..<count {
                let transform = LevelledTransforms.fourteen[random.integer(below: 14)]
                chain.append(LevelledTransforms.random.operation(transform, level: level, width: width, height: height, &random))
            }
        case .trivial(let isWide):
            let transform = LevelledTransforms.fourteen[random.integer(below: 14)], level = random.integer(below: 31)
            chain.append((isWide ? LevelledTransforms.trivialWide : .trivial).operation(transform, level: level, width: width, height: height, &random))
        case .uniform:
            for _ in 0..<2 {
                let transform = LevelledTransforms.sixteen[random.integer(below: 16)], level = random.integer(below: 31)
                if random.uniform() < 0.5 { chain.append(LevelledTransforms.random.operation(transform, level: level, width: width, height: height, &random)) }
            }
        case .policy(let policy, let mirrorsSigns):
            for layer in policy.layers.indices {
                chain.append(PolicyOperation.all[policy.draw(layer: layer, &random)].drawn(width: width, height: height, mirrorsSign: mirrorsSigns, &random))
            }
        }
        if let crop { chain.append(.window(x: random.integer(below: 9) - 4, y: random.integer(below: 9) - 4, crop)) }
        if flips, random.uniform() < 0.5 { chain.append(.mirror) }
        if cutsOut { chain.append(PolicyOperation(.cutout, 6).drawn(width: width, height: height, &random)) }
    }
}
