/// Decimal numbers as Doubles, rounded once and to the nearest, as `strtod` does.
package enum DecimalNumber {
    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
    /// 5^0 … 5^27, the last below 2^64.
    private static let powersOfFive: [UInt64] = (0..<27).reduce(into: [1]) { powers, _ in powers.append(powers[powers.count - 1] * 5) }

    /// `mantissa` × 10^`power`; nil where that is not settled in a few instructions.
    package static func value(_ mantissa: UInt64, power: Int) -> Double? {
        // Both are Doubles, so the result is rounded once (Clinger, "How to read floating point numbers accurately", PLDI 1990).
        if mantissa < 1 << 53, abs(power) <= 22 { return power < 0 ? Double(mantissa) / powersOfTen[-power] : Double(mantissa) * powersOfTen[power] }
        guard mantissa != 0, abs(power) < powersOfFive.count else { return nil }
        // 10^p is 5^p × 2^p, and powers of two are exact. Quotient or product have at least 62 bits; whether anything lies below them
        // goes into their lowest bit, nine places below the one that is rounded.
        let lift = mantissa.leadingZeroBitCount, raised = mantissa << UInt64(lift)
        let factor = powersOfFive[abs(power)], up = factor.leadingZeroBitCount, scaled = factor << UInt64(up)
        let bits: UInt64, exponent: Int
        if power < 0 {
            let (quotient, remainder) = scaled.dividingFullWidth((raised >> 1, raised << 63))
            (bits, exponent) = (quotient | (remainder == 0 ? 0 : 1), up - lift - 63 + power)
        } else {
            let (high, low) = raised.multipliedFullWidth(by: scaled)
            (bits, exponent) = (high | (low == 0 ? 0 : 1), 64 - up - lift + power)
        }
        return Double(bits) * Double(sign: .plus, exponent: exponent, significand: 1)
    }

    /// The number that a range of bytes says in JSON's notation, where it is one and short enough; nil means: ask the slow way.
    package static func value(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
        var position = range.lowerBound
        let end = range.upperBound
        let isNegative = position < end && bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        var mantissa: UInt64 = 0, digits = 0, power = 0, isFraction = false
        let first = position
        scan: while position < end {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                // Zeros in front do not count; 19 digits fit into 64 bits.
                if mantissa > 0 || byte != UInt8(ascii: "0") { digits += 1 }
                guard digits <= 19 else { return nil }
                mantissa = mantissa * 10 + UInt64(byte - UInt8(ascii: "0"))
                if isFraction { power -= 1 }
            case UInt8(ascii: ".") where !isFraction && position > first: isFraction = true
            default: break scan
            }
            position += 1
        }
        guard position > first, bytes[position - 1] != UInt8(ascii: ".") else { return nil }
        if position < end {
            guard bytes[position] | 0x20 == UInt8(ascii: "e"), position + 1 < end else { return nil }
            position += 1
            let isDown = bytes[position] == UInt8(ascii: "-")
            if isDown || bytes[position] == UInt8(ascii: "+") { position += 1 }
            guard position < end, end - position <= 3 else { return nil }
            var exponent = 0
            while position < end {
                let digit = bytes[position] &- UInt8(ascii: "0")
                guard digit < 10 else { return nil }
                exponent = exponent * 10 + Int(digit)
                position += 1
            }
            power += isDown ? -exponent : exponent
        }
        return value(mantissa, power: power).map { isNegative ? -$0 : $0 }
    }
}
