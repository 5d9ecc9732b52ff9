import Foundation

/// How a chart writes numbers.
///
/// On an axis all labels have the same digits after the point and the unit or prefix stands once; elsewhere `string` writes
/// one number on its own. The minus sign is U+2212; charts turn it into `-` at the ASCII glyph level. Never traps: NaN is
/// "NaN", infinities are "∞".
public enum NumberFormat: Sendable, Hashable {
    /// Plain digits where they are short, powers of ten elsewhere ("1.2e−7"); k, M, G on axes beyond ten thousand.
    case automatic
    /// SI prefixes: 1.2k, 3M, 40m.
    case si
    /// A share, times a hundred with its sign: 0.25 is "25 %".
    case percent
    /// Seconds as 350 ms, 12 s, 4:05, 2:10:00, 3 d 4 h.
    case duration
    /// Bytes with binary prefixes: 512 B, 1.5 KiB.
    case bytes
    /// Exactly this many digits after the point, 0 … 15.
    case fixed(Int)

    /// One number on its own, with its prefix or unit where the format has one.
    /// - Parameter significant: digits at most, 1 … 15, where the format does not say.
    public func string(_ value: Double, significant: Int = 4) -> String {
        if let word = Decimal.word(for: value) { return word }
        let significant = min(max(1, significant), 15)
        switch self {
        case .automatic: return Self.automatic(value, significant)
        case .fixed(let digits): return Decimal.fixed(value, digits)
        case .percent: return Self.automatic(value * 100, significant) + " %"
        case .si:
            let prefix = Prefix.si(for: value)
            return Decimal.plain(value / prefix.divisor, significant: min(significant, 3)) + prefix.name
        case .bytes:
            let prefix = Prefix.binary(for: value)
            let digits = prefix.divisor == 1 ? 1 : 3
            return Decimal.plain(value / prefix.divisor, significant: max(digits, Decimal.exponent(of: value / prefix.divisor) + 1)) + " " + prefix.name
        case .duration: return Self.clock(value)
        }
    }

    private static func automatic(_ value: Double, _ significant: Int) -> String {
        if value == 0 { return "0" }
        let size = abs(value)
        if size < 1e9, value == value.rounded() { return Decimal.fixed(value, 0) }
        if size >= 1e6 || size < 1e-4 { return Decimal.scientific(value, digits: significant) }
        return Decimal.plain(value, significant: significant)
    }

    private static func clock(_ seconds: Double) -> String {
        let sign = seconds < 0 ? Decimal.minus : ""
        let size = abs(seconds)
        if size == 0 { return "0 s" }
        if size < 1e-6 { return sign + Decimal.plain(size * 1e9, significant: 3) + " ns" }
        if size < 1e-3 { return sign + Decimal.plain(size * 1e6, significant: 3) + " µs" }
        if size < 1 { return sign + Decimal.plain(size * 1e3, significant: 3) + " ms" }
        if size < 59.95 { return sign + Decimal.plain(size, significant: size < 10 ? 2 : 3) + " s" }
        guard size < 1e12 else { return Decimal.scientific(seconds, digits: 3) + " s" }
        let whole = Int(size.rounded())
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if whole < 3600 { return sign + "\(whole / 60):" + two(whole % 60) }
        if whole < 86_400 { return sign + "\(whole / 3600):" + two(whole / 60 % 60) + ":" + two(whole % 60) }
        let hours = Int((size / 3600).rounded())
        return sign + "\(hours / 24) d" + (hours % 24 == 0 ? "" : " \(hours % 24) h")
    }
}

/// A multiple of a unit: what numbers are divided by, and its name.
struct Prefix: Sendable, Hashable {
    var divisor: Double
    var name: String

    static let none = Prefix(divisor: 1, name: "")

    /// From the number's own size: 12,300 → k.
    static func si(for value: Double) -> Prefix {
        let size = abs(value)
        guard size.isFinite, size >= 1e-24 else { return .none }
        // A little below the border, so that 999.9996 is written 1k and not 1000.
        guard let found = siSteps.first(where: { size >= $0.divisor * 0.999_5 }) else { return siSteps[siSteps.count - 1] }
        return found
    }

    static func binary(for value: Double) -> Prefix {
        let size = abs(value)
        return binarySteps.first { size >= $0.divisor * 0.999_5 } ?? Prefix(divisor: 1, name: "B")
    }

    /// The unit in which an axis of durations counts.
    static func duration(for seconds: Double) -> Prefix {
        let size = abs(seconds)
        return durationSteps.first { size >= $0.0 }?.1 ?? Prefix(divisor: 1e-9, name: "ns")
    }

    private static let siSteps: [Prefix] = zip(
        ["Y", "Z", "E", "P", "T", "G", "M", "k", "", "m", "µ", "n", "p", "f", "a", "z", "y"], stride(from: 24, through: -24, by: -3)
    ).map { Prefix(divisor: pow(10, Double($1)), name: $0) }

    private static let binarySteps: [Prefix] = zip(["EiB", "PiB", "TiB", "GiB", "MiB", "KiB"], stride(from: 60, through: 10, by: -10))
        .map { Prefix(divisor: pow(2, Double($1)), name: $0) }

    private static let durationSteps: [(Double, Prefix)] = [
        (2 * 86_400, Prefix(divisor: 86_400, name: "d")), (2 * 3600, Prefix(divisor: 3600, name: "h")),
        (120, Prefix(divisor: 60, name: "min")), (1, Prefix(divisor: 1, name: "s")), (1e-3, Prefix(divisor: 1e-3, name: "ms")),
        (1e-6, Prefix(divisor: 1e-6, name: "µs")),
    ]
}
