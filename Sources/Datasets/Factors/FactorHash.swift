/// Numbers that an image's index alone decides, whoever asks: splitmix64 (Steele, Lea and Flood 2014).
public enum FactorHash {
    public static func mixed(_ index: UInt64) -> UInt64 {
        var z = index &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }

    /// A number in [0, 1) with 53 bits.
    public static func uniform(_ index: UInt64) -> Double { Double(mixed(index) >> 11) * 0x1p-53 }
}
