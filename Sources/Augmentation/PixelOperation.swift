import Foundation

/// One change of a picture with everything decided: no draw is left. Bytes follow Pillow 13 (nearest neighbour, 8 bits).
public enum PixelOperation: Sendable, Hashable {
    /// Red, green, blue.
    public struct Colour: Sendable, Hashable {
        public var red: UInt8, green: UInt8, blue: UInt8
        public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) { (self.red, self.green, self.blue) = (red, green, blue) }
        public static let black = Colour(0, 0, 0)
        /// The mean of CIFAR-10 in bytes: what Deep AutoAugment fills with.
        public static let mean = Colour(125, 123, 114)
    }

    case identity
    /// Columns shift by this share of the row's number (and rows by that of the column's).
    case shearX(Double), shearY(Double)
    /// In pixels, not rounded.
    case translateX(Double), translateY(Double)
    /// Degrees, counter-clockwise about the centre, within the frame.
    case rotate(Double)
    case autoContrast, invert, equalize
    /// Values from this threshold (0 to 256) on are inverted.
    case solarize(Double)
    /// So many of the highest bits are kept, 1 to 8.
    case posterize(Int)
    /// 0: nothing but the degenerate picture; 1: the picture itself; above: away from the degenerate one.
    case contrast(Double), color(Double), brightness(Double), sharpness(Double)
    /// Left and right exchanged.
    case mirror
    /// Both ends belong to the rectangle; what lies outside the picture is left out.
    case fill(x: ClosedRange<Int>, y: ClosedRange<Int>, Colour)
    /// The window whose upper left corner lies at (x, y) of the picture, which goes on in one colour.
    case window(x: Int, y: Int, Colour)

    /// The transform's name and its value, for a chain that a person reads.
    public var label: String {
        switch self {
        case .identity: "Identity"
        case .shearX(let v): "ShearX \(Self.signed(v))"
        case .shearY(let v): "ShearY \(Self.signed(v))"
        case .translateX(let v): "TranslateX \(Self.signed(v)) px"
        case .translateY(let v): "TranslateY \(Self.signed(v)) px"
        case .rotate(let v): "Rotate \(Self.signed(v))°"
        case .autoContrast: "AutoContrast"
        case .invert: "Invert"
        case .equalize: "Equalize"
        case .solarize(let v): "Solarize \(Self.short(v))"
        case .posterize(let bits): "Posterize \(bits)"
        case .contrast(let v): "Contrast \(Self.short(v))"
        case .color(let v): "Color \(Self.short(v))"
        case .brightness(let v): "Brightness \(Self.short(v))"
        case .sharpness(let v): "Sharpness \(Self.short(v))"
        case .mirror: "Flip"
        case .fill: "Cutout"
        case .window: "Crop"
        }
    }

    private static func short(_ value: Double) -> String { String(format: "%.3g", value) }
    private static func signed(_ value: Double) -> String { (value < 0 ? "−" : "+") + short(abs(value)) }
}
