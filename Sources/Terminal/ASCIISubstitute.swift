/// What stands for a scalar on a terminal that shows only ASCII (its locale names another character set than UTF-8).
enum ASCIISubstitute {
    static func character(for scalar: UInt32) -> UInt8 {
        switch scalar {
        case 0x20..<0x7F: UInt8(scalar)
        case 0x2500, 0x2501, 0x2504, 0x2505, 0x2508, 0x2509, 0x2550, 0x2574, 0x2576, 0x2578, 0x257A, 0x2010...0x2015, 0x2212:
            UInt8(ascii: "-")
        case 0x2502, 0x2503, 0x2506, 0x2507, 0x250A, 0x250B, 0x2551, 0x2575, 0x2577, 0x258F, 0x23D0: UInt8(ascii: "|")
        case 0x2500..<0x2580: UInt8(ascii: "+")
        case 0x2591: UInt8(ascii: ".")
        case 0x2592: UInt8(ascii: "o")
        case 0x2580..<0x25A0: UInt8(ascii: "#")
        case 0x2800: UInt8(ascii: " ")
        case 0x2801...0x28FF: UInt8(ascii: "*")
        case 0x25CF, 0x25CB, 0x25A0, 0x25B2, 0x25B3, 0x25C6, 0x25C7: UInt8(ascii: "*")
        case 0x25B6, 0x25B8, 0x2192, 0x203A: UInt8(ascii: ">")
        case 0x25C0, 0x25C2, 0x2190, 0x2039: UInt8(ascii: "<")
        case 0x2191, 0x2196, 0x2197: UInt8(ascii: "^")
        case 0x2193, 0x2198, 0x2199: UInt8(ascii: "v")
        case 0x2026, 0xB7: UInt8(ascii: ".")
        case 0x2713, 0x2714: UInt8(ascii: "v")
        case 0x2717, 0x2718, 0xD7: UInt8(ascii: "x")
        case 0x2016: UInt8(ascii: "=")
        case 0x2018, 0x2019: UInt8(ascii: "'")
        case 0x201C, 0x201D: UInt8(ascii: "\"")
        default: UInt8(ascii: "?")
        }
    }
}
