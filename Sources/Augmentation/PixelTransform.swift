import Tensors

/// The transforms of Deep AutoAugment in the order of its policies (Zheng, Zhang, Yan and Zhang, ICLR 2022, arXiv 2203.06172).
public enum PixelTransform: String, Sendable, Codable, CaseIterable {
    case identity = "Identity"
    case shearX = "ShearX", shearY = "ShearY", translateX = "TranslateX", translateY = "TranslateY", rotate = "Rotate"
    case autoContrast = "AutoContrast", invert = "Invert", equalize = "Equalize"
    case solarize = "Solarize", posterize = "Posterize", contrast = "Contrast", color = "Color", brightness = "Brightness", sharpness = "Sharpness"
    case flip = "Flip", cutout = "Cutout", crop = "Crop"

    /// The values of magnitude 0 and 12; nil where there is no magnitude.
    public var range: ClosedRange<Double>? {
        switch self {
        case .shearX, .shearY: -0.3...0.3
        case .translateX, .translateY: -0.45...0.45
        case .rotate: -30...30
        case .solarize: 0...256
        case .posterize: 4...8
        case .contrast, .color, .brightness, .sharpness: 0.1...1.9
        default: nil
        }
    }

    /// The magnitude that changes nothing, which is no operation of its own.
    public var neutralMagnitude: Int { self == .solarize || self == .posterize ? 12 : 6 }

    /// Whether it is drawn afresh each time it is applied.
    public var isRandom: Bool { self == .flip || self == .cutout || self == .crop }

    /// Whether a mirrored picture would be moved the other way: what `mirrorSigns` turns at random.
    public var isSigned: Bool {
        switch self {
        case .shearX, .shearY, .translateX, .translateY, .rotate: true
        default: false
        }
    }

    /// The magnitudes that are operations.
    public var magnitudes: [Int] { range == nil ? [6] : (0...12).filter { $0 != neutralMagnitude } }
}

/// A transform with a magnitude: one of the 139 operations among which a layer chooses.
public struct PolicyOperation: Sendable, Hashable {
    public var transform: PixelTransform
    /// 0 to 12; 6 where the transform has none.
    public var magnitude: Int

    public init(_ transform: PixelTransform, _ magnitude: Int) { (self.transform, self.magnitude) = (transform, magnitude) }

    /// All 139, in the order that is their index in a policy.
    public static let all: [PolicyOperation] = PixelTransform.allCases.flatMap { transform in transform.magnitudes.map { PolicyOperation(transform, $0) } }

    /// The index of an operation; nil where it is none of the 139.
    public static func index(_ transform: PixelTransform, _ magnitude: Int) -> Int? { all.firstIndex(of: PolicyOperation(transform, magnitude)) }

    /// lo + (hi - lo) m / 12; nil without magnitude.
    public var value: Double? { transform.range.map { $0.lowerBound + ($0.upperBound - $0.lowerBound) * Double(magnitude) / 12 } }

    /// "Rotate m0 −30", "Crop".
    public var label: String { value == nil ? transform.rawValue : "\(transform.rawValue) m\(magnitude)" }

    /// What it does to a picture of a size; where it is random, a draw of it.
    /// - Parameter mirrorsSign: shear, translation and rotation change their sign with probability ½.
    public func drawn(width: Int, height: Int, mirrorsSign: Bool = false, _ random: inout RandomSource) -> PixelOperation {
        var v = value ?? 0
        if mirrorsSign, transform.isSigned, random.uniform() < 0.5 { v = -v }
        switch transform {
        case .identity: return .identity
        case .shearX: return .shearX(v)
        case .shearY: return .shearY(v)
        case .translateX: return .translateX(v * Double(width))
        case .translateY: return .translateY(v * Double(height))
        case .rotate: return .rotate(v)
        case .autoContrast: return .autoContrast
        case .invert: return .invert
        case .equalize: return .equalize
        case .solarize: return .solarize(v)
        case .posterize: return .posterize(Int(v))
        case .contrast: return .contrast(v)
        case .color: return .color(v)
        case .brightness: return .brightness(v)
        case .sharpness: return .sharpness(v)
        case .flip: return random.uniform() < 0.5 ? .mirror : .identity
        case .cutout:
            let x = random.uniform() * Double(width), y = random.uniform() * Double(height)
            return Self.cutout(x: x, y: y, width: width, height: height)
        case .crop: return .window(x: random.integer(below: 9) - 4, y: random.integer(below: 9) - 4, .mean)
        }
    }

    /// A rectangle of a quarter of the side each way about (x, y), both ends included: up to 17 x 17 on 32 x 32.
    public static func cutout(x: Double, y: Double, width: Int, height: Int) -> PixelOperation {
        func ends(_ centre: Double, _ size: Int) -> ClosedRange<Int> {
            let side = Double(size), half = side / 4
            let low = Int(max(0, min(side, centre - half))), high = Int(max(0, min(side, centre + half)))
            return low...max(low, high)
        }
        return .fill(x: ends(x, width), y: ends(y, height), .mean)
    }
}
