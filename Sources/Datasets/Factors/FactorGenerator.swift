/// Draws an image from the values of its generating factors and from nothing else: no storage, no random state.
///
/// Coordinates are fractions of the image, Y down. Each pixel is the mean of `quality` x `quality` samples at (i + 0.5) / (side quality), so the same
/// picture comes at any size.
public protocol FactorGenerator: Sendable {
    var factors: [FactorDataset.Factor] { get }
    /// 1 (grey) or 3 (red, green, blue).
    var channels: Int { get }
    /// Samples along each side of a pixel.
    var quality: Int { get }
    /// The colour at a point of the image with these factor values: what is drawn is decided once, then asked for each sample.
    /// - Parameter values: one a factor, each in its range.
    func scene(_ values: [Int]) -> any FactorScene
}

/// One image as a function of the place.
public protocol FactorScene: Sendable {
    /// Red, green and blue (the last is not used; grey has the first), 0 … 1, at the fractions `x` and `y`.
    func colour(_ x: Double, _ y: Double) -> SIMD4<Double>
}

extension FactorGenerator {
    /// The image as numbers 0 … 1, row by row, channels interleaved.
    public func image(_ values: [Int], side: Int) -> [Float] { sampled(scene(values), side: side) }

    /// Opens the existential once an image, so that the inner loop knows its scene.
    private func sampled(_ scene: some FactorScene, side: Int) -> [Float] {
        var image = [Float](repeating: 0, count: side * side * channels)
        let step = 1 / Double(side * quality), share = 1 / Double(quality * quality)
        for row in 0..<side {
            for column in 0..<side {
                var sum = SIMD4<Double>.zero
                for i in 0..<quality {
                    let y = (Double(row * quality + i) + 0.5) * step
                    for j in 0..<quality { sum += scene.colour((Double(column * quality + j) + 0.5) * step, y) }
                }
                sum *= share
                for channel in 0..<channels { image[(row * side + column) * channels + channel] = Float(sum[channel]) }
            }
        }
        return image
    }
}

extension SIMD4<Double> {
    /// The colour of a hue in 0 ..< 1 at full saturation and value.
    init(hue: Double) {
        let sector = hue * 6, place = Int(sector) % 6, rising = sector - sector.rounded(.down), falling = 1 - rising
        self = switch place {
        case 0: SIMD4(1, rising, 0, 0)
        case 1: SIMD4(falling, 1, 0, 0)
        case 2: SIMD4(0, 1, rising, 0)
        case 3: SIMD4(0, falling, 1, 0)
        case 4: SIMD4(rising, 0, 1, 0)
        default: SIMD4(1, 0, falling, 0)
        }
    }

    /// The same share of red, green and blue.
    init(grey: Double) { self = SIMD4(grey, grey, grey, 0) }
}
