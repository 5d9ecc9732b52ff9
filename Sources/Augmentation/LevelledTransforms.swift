import Tensors

/// The transforms of the published baselines, which share one level for all of them, as they stand in TrivialAugment's code (Müller
/// and Hutter 2021, arXiv 2103.10158).
struct LevelledTransforms: Sendable {
    /// The largest level: 30, or 10 for AutoAugment.
    var levels: Double
    var shear: Double, translation: Double, rotation: Double, posterized: Double
    var factorLow: Double, factorSpan: Double

    static let trivial = LevelledTransforms(levels: 30, shear: 0.3, translation: 10, rotation: 30, posterized: 4, factorLow: 0.1, factorSpan: 1.8)
    static let trivialWide = LevelledTransforms(levels: 30, shear: 0.99, translation: 32, rotation: 135, posterized: 6, factorLow: 0.01, factorSpan: 1.99)
    /// RandAugment and UniformAugment.
    static let random = LevelledTransforms(levels: 30, shear: 0.3, translation: 14.4, rotation: 30, posterized: 4, factorLow: 0.1, factorSpan: 1.8)
    /// AutoAugment's first code divides its levels by ten.
    static let auto = LevelledTransforms(levels: 10, shear: 0.3, translation: 10, rotation: 30, posterized: 4, factorLow: 0.1, factorSpan: 1.8)

    static let fourteen: [PixelTransform] = [.identity, .autoContrast, .equalize, .rotate, .solarize, .color, .posterize, .contrast, .brightness, .sharpness, .shearX, .shearY, .translateX, .translateY]
    static let sixteen = fourteen + [.invert, .cutout]

    /// A transform at a level of 0 to `levels`; shear, translation and rotation get a random sign.
    func operation(_ transform: PixelTransform, level: Int, width: Int, height: Int, _ random: inout RandomSource) -> PixelOperation {
        let share = Double(level) / levels
        func signed(_ value: Double) -> Double { random.uniform() < 0.5 ? -value : value }
        switch transform {
        case .identity, .flip, .crop: return .identity
        case .shearX: return .shearX(signed(share * shear))
        case .shearY: return .shearY(signed(share * shear))
        case .translateX: return .translateX(signed((share * translation).rounded(.towardZero)))
        case .translateY: return .translateY(signed((share * translation).rounded(.towardZero)))
        case .rotate: return .rotate(signed((share * rotation).rounded(.towardZero)))
        case .autoContrast: return .autoContrast
        case .invert: return .invert
        case .equalize: return .equalize
        case .solarize: return .solarize(256 - (share * 256).rounded(.towardZero))
        case .posterize: return .posterize(8 - Int(share * posterized))
        case .contrast: return .contrast(factorLow + share * factorSpan)
        case .color: return .color(factorLow + share * factorSpan)
        case .brightness: return .brightness(factorLow + share * factorSpan)
        case .sharpness: return .sharpness(factorLow + share * factorSpan)
        case .cutout:
            let size = Int(share * 0.2 * Double(width)), x = random.uniform() * Double(width), y = random.uniform() * Double(height)
            guard size > 0 else { return .identity }
            let left = Int(max(0, x - Double(size) / 2)), top = Int(max(0, y - Double(size) / 2))
            return .fill(x: left...(min(width, left + size) - 1), y: top...(min(height, top + size) - 1), .black)
        }
    }
}
