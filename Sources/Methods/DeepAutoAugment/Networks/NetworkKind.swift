/// Which classifier searches or is judged.
package enum NetworkKind: Sendable, Hashable {
    /// Three convolutions of stride 2 with 16, 32 and 64 channels: 24,346 numbers with ten classes.
    case tiny
    /// WideResNet-d-k (Zagoruyko and Komodakis 2016), d = 6n + 4.
    case wide(depth: Int, width: Int, stemStride: Int)

    package static let help = "tiny, or wrn-D-K with D = 10, 16, 22, 28, 34 or 40 and K from 1 to 10, such as wrn-40-2; with -s2 behind it the first convolution has stride 2"

    /// Reads "tiny", "wrn-40-2", "wrn-10-1-s2".
    /// - Throws: `DeepAAError` with the parameter's name.
    package static func parse(_ text: String, parameter: String) throws -> NetworkKind {
        let word = text.filter { $0 != " " }.lowercased()
        if word == "tiny" { return .tiny }
        let parts = word.split(separator: "-", omittingEmptySubsequences: false)
        if parts.count == 3 || parts.count == 4 && parts[3] == "s2", parts[0] == "wrn", let depth = Int(parts[1]), let width = Int(parts[2]),
           (10...40).contains(depth), depth % 6 == 4, (1...10).contains(width) {
            return .wide(depth: depth, width: width, stemStride: parts.count == 4 ? 2 : 1)
        }
        throw DeepAAError("parameter \(parameter): “\(text)” is no network; give \(help)")
    }

    package var name: String {
        switch self {
        case .tiny: "tiny"
        case .wide(let depth, let width, let stride): "wrn-\(depth)-\(width)\(stride == 2 ? "-s2" : "")"
        }
    }

    /// Multiplications of one picture of 32 x 32, forwards, and numbers of its activations.
    package var cost: (multiplications: Double, activations: Double) {
        switch self {
        case .tiny: return (700_928, 7_168)
        case .wide(let depth, let width, let stemStride):
            var side = Double(32 / stemStride), inputs = 16.0
            var (work, numbers) = (side * side * 27 * 16, side * side * 16)
            for (group, base) in [16.0, 32, 64].enumerated() {
                let outputs = base * Double(width), stride = group == 0 ? 1.0 : 2
                for block in 0..<(depth - 4) / 6 {
                    let first = block == 0, own = first ? inputs : outputs, out = first ? side / stride : side
                    work += side * side * 9 * own * outputs + out * out * 9 * outputs * outputs + (first ? out * out * own * outputs : 0)
                    numbers += 2 * side * side * (own + outputs) + out * out * outputs
                    side = out
                }
                inputs = outputs
            }
            return (work, numbers)
        }
    }
}
