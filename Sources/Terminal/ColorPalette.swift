#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The fixed colours of terminals with few, and the nearest of them to a 24-bit colour.
///
/// Nearness is distance in Oklab (B. Ottosson, "A perceptual color space for image processing", 2020), where equal
/// distances look about equally different.
package enum ColorPalette {
    /// A colour in Oklab: lightness 0 … 1, green–red, blue–yellow.
    private struct Lab {
        var lightness: Double
        var a: Double
        var b: Double

        init(red: UInt8, green: UInt8, blue: UInt8) {
            let r = Lab.linear(red), g = Lab.linear(green), b = Lab.linear(blue)
            let l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
            let m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
            let s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
            lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s
            a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s
            self.b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s
        }

        /// sRGB to linear light.
        private static func linear(_ value: UInt8) -> Double {
            let part = Double(value) / 255
            return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }

        func distance(to other: Lab, lightnessWeight: Double) -> Double {
            let dl = (lightness - other.lightness) * lightnessWeight, da = a - other.a, db = b - other.b
            return dl * dl + da * da + db * db
        }
    }

    /// The values of one axis of the colour cube 16 … 231.
    private static let cubeLevels: [UInt8] = [0, 95, 135, 175, 215, 255]

    /// Red, green, blue of each number, 0 … 255. The first sixteen differ between terminals; these are xterm's.
    package static let colors: [(red: UInt8, green: UInt8, blue: UInt8)] = {
        var colors: [(UInt8, UInt8, UInt8)] = [
            (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
            (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
        ]
        for red in cubeLevels { for green in cubeLevels { for blue in cubeLevels { colors.append((red, green, blue)) } } }
        for step in 0..<24 {
            let level = UInt8(8 + 10 * step)
            colors.append((level, level, level))
        }
        return colors
    }()

    private static let labs = colors.map { Lab(red: $0.red, green: $0.green, blue: $0.blue) }

    /// The number of the nearest colour that the depth has. Of 256, the first sixteen are left out: users change them.
    /// O(palette); callers remember the answers.
    package static func nearest(red: UInt8, green: UInt8, blue: UInt8, depth: ColorDepth) -> UInt8 {
        let candidates = switch depth {
        case .none, .colors8: 0..<8
        case .colors16: 0..<16
        case .colors256, .trueColor: 16..<256
        }
        // With few colours the hue says more than the lightness: a pale blue should be blue rather than grey.
        let weight = depth <= .colors16 ? 0.6 : 1
        let lab = Lab(red: red, green: green, blue: blue)
        var best = candidates.lowerBound
        var least = Double.infinity
        for index in candidates {
            let distance = lab.distance(to: labs[index], lightnessWeight: weight)
            if distance < least { (best, least) = (index, distance) }
        }
        return UInt8(best)
    }
}

/// Maps the colours of styles to what a terminal has, remembering what was asked before.
struct ColorMapper: Sendable {
    /// A colour as it is sent.
    enum Mapped: Equatable, Sendable {
        case terminal
        case indexed(UInt8)
        case rgb(UInt8, UInt8, UInt8)
    }

    let depth: ColorDepth
    private var known: [UInt32: UInt8] = [:]
    /// Pictures bring many colours; a bound on what is remembered.
    private static let mostKnown = 65_536

    init(depth: ColorDepth) { self.depth = depth }

    mutating func map(_ color: Color) -> Mapped {
        guard case .rgb(let red, let green, let blue) = color, depth != .none else { return .terminal }
        if depth == .trueColor { return .rgb(red, green, blue) }
        let key = UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
        if let index = known[key] { return .indexed(index) }
        let index = ColorPalette.nearest(red: red, green: green, blue: blue, depth: depth)
        if known.count >= Self.mostKnown { known.removeAll(keepingCapacity: true) }
        known[key] = index
        return .indexed(index)
    }

    /// Foreground and background; two colours that differ never become one, or the text would vanish.
    mutating func map(foreground: Color, background: Color) -> (Mapped, Mapped) {
        let front = map(foreground), back = map(background)
        guard front == back, case .indexed(let index) = back, foreground != background else { return (front, back) }
        let ground = ColorPalette.colors[Int(index)]
        let isLight = 299 * Int(ground.red) + 587 * Int(ground.green) + 114 * Int(ground.blue) > 127_500
        return (.indexed(depth == .colors256 ? (isLight ? 16 : 231) : isLight ? 0 : depth == .colors8 ? 7 : 15), back)
    }
}
