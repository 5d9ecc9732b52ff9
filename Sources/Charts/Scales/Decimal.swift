import Foundation

/// Digits of numbers, without locale and without traps for any value.
enum Decimal {
    /// The minus sign; drawing turns it into `-` at the ASCII glyph level.
    static let minus = "−"

    /// 10 to the power of `exponent`, 0 or infinity outside of the doubles.
    @inline(__always) static func power(_ exponent: Int) -> Double {
        exponent >= 0 && exponent < small.count ? small[exponent] : pow(10, Double(exponent))
    }
    private static let small: [Double] = (0...22).map { pow(10, Double($0)) }

    /// `value / 10^exponent`, also where the power alone is no double.
    static func shifted(_ value: Double, down exponent: Int) -> Double {
        // Half of the exponent at a time: 10^323 is no double, the quotient of a denormal is one.
        let half = exponent / 2
        func divide(_ number: Double, _ exponent: Int) -> Double {
            exponent >= 0 ? number / power(exponent) : number * power(-exponent)
        }
        return exponent >= -300 && exponent <= 300 ? divide(value, exponent) : divide(divide(value, half), exponent - half)
    }

    /// The exponent of the leading digit; 0 for zero and for numbers that are not finite.
    static func exponent(of value: Double) -> Int {
        guard value.isFinite, value != 0 else { return 0 }
        let exponent = Int(log10(abs(value)).rounded(.down))
        let mantissa = abs(shifted(value, down: exponent))
        // log10 rounds: 999999999999999.9 has a logarithm of 15.
        if mantissa >= 10 { return exponent + 1 }
        if mantissa < 1 { return exponent - 1 }
        return exponent
    }

    /// The words for values without digits, nil for finite ones.
    static func word(for value: Double) -> String? {
        value.isFinite ? nil : value.isNaN ? "NaN" : value > 0 ? "∞" : minus + "∞"
    }

    /// With exactly `digits` after the point (at most 15); in powers of ten where that would be more than sixteen digits.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        if let word = word(for: value) { return word }
        let digits = min(max(0, digits), 15)
        let scaled = (abs(value) * power(digits)).rounded(.toNearestOrEven)
        guard scaled < 9e15 else { return scientific(value, digits: 5) }
        var number = UInt64(scaled)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20)
        for position in 0... {
            if position == digits, digits > 0 { bytes.append(UInt8(ascii: ".")) }
            if position > digits, number == 0 { break }
            bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
            number /= 10
        }
        let text = String(decoding: bytes.reversed(), as: UTF8.self)
        return value < 0 && scaled != 0 ? minus + text : text
    }

    /// Trailing zeros after the point cut.
    static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var text = text
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }

    /// At most this many significant digits, in plain form.
    static func plain(_ value: Double, significant: Int) -> String {
        trimmed(fixed(value, max(0, significant - 1 - exponent(of: value))))
    }

    /// "1.25e−7", with at most `digits` significant digits.
    static func scientific(_ value: Double, digits: Int) -> String {
        if let word = word(for: value) { return word }
        guard value != 0 else { return "0" }
        var exponent = exponent(of: value)
        var mantissa = fixed(shifted(value, down: exponent), max(0, digits - 1))
        if mantissa.hasPrefix("10") || mantissa.hasPrefix(minus + "10") {
            exponent += 1
            mantissa = fixed(shifted(value, down: exponent), max(0, digits - 1))
        }
        return trimmed(mantissa) + "e" + integer(exponent)
    }

    static func integer(_ value: Int) -> String {
        value < 0 ? minus + String(value.magnitude) : String(value)
    }

    /// The digits after the point that all of the numbers need to be told from rounding, at most `limit`.
    static func digitsNeeded(_ values: [Double], limit: Int) -> Int {
        var gap = Double.infinity
        for (left, right) in zip(values, values.dropFirst()) where right != left { gap = min(gap, abs(right - left)) }
        if !gap.isFinite { gap = values.map(abs).max() ?? 1 }
        for digits in 0..<max(0, limit) {
            let factor = power(digits)
            if values.allSatisfy({ !$0.isFinite || abs($0 * factor - ($0 * factor).rounded()) <= gap * factor * 1e-4 }) { return digits }
        }
        return max(0, limit)
    }
}
