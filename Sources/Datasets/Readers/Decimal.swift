import Foundation

private let powersOfTen: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { product, _ in product * 10 }
}

/// The number that `bytes[start ..< end]` spells, spaces around it left out, correctly rounded; nil when it spells none.
///
/// Up to 15 digits with a small exponent are computed exactly with one multiplication or division (Clinger, "How to read
/// floating point numbers accurately", 1990); everything else goes through the C library. "nan", "inf", "infinity" in any case
/// are numbers; hexadecimal is none.
func parseDecimal(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Double? {
    var first = start, last = end
    while first < last, bytes[first] == 0x20 { first += 1 }
    while last > first, bytes[last - 1] == 0x20 || bytes[last - 1] == 0x0D { last -= 1 }
    guard first < last else { return nil }
    var i = first
    var isNegative = false
    if bytes[i] == UInt8(ascii: "-") || bytes[i] == UInt8(ascii: "+") {
        isNegative = bytes[i] == UInt8(ascii: "-")
        i += 1
    }
    var mantissa: UInt64 = 0
    var digits = 0, fraction = 0
    var sawPoint = false, sawDigit = false
    scan: while i < last {
        switch bytes[i] {
        case 0x30...0x39:
            sawDigit = true
            if mantissa != 0 || bytes[i] != 0x30 { digits += 1 }
            if digits <= 15 { mantissa = mantissa &* 10 &+ UInt64(bytes[i] - 0x30) }
            if sawPoint { fraction += 1 }
        case UInt8(ascii: "."):
            if sawPoint { return nil }
            sawPoint = true
        default: break scan
        }
        i += 1
    }
    if i == last, sawDigit, digits <= 15, fraction <= 22 {
        let value = Double(mantissa) / powersOfTen[fraction]
        return isNegative ? -value : value
    }
    return slowDecimal(bytes[first..<last], restIsExponent: sawDigit)
}

private func slowDecimal(_ slice: ArraySlice<UInt8>, restIsExponent: Bool) -> Double? {
    guard slice.count <= 400 else { return nil }
    if restIsExponent {
        // Only what a decimal number is made of: strtod also takes hexadecimal, which no table means.
        guard slice.allSatisfy({ (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }) else { return nil }
        return Double(String(decoding: slice, as: UTF8.self))
    }
    switch String(decoding: slice, as: UTF8.self).lowercased() {
    case "nan", "+nan", "-nan": return .nan
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return nil
    }
}
