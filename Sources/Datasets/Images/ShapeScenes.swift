import Foundation
import Tensors

/// Generates small pictures of which it is known what changes their class: arrow heads that point left or right, discs and squares, in
/// two hues, on a grey ground, with noise and under varying light.
///
/// Label = 2 shape + hue. By construction moving, turning and shearing a little and other light keep the class; mirroring exchanges the
/// arrow heads (labels 0, 1 with 2, 3), inversion exchanges the hues, and removing colour hides them.
public struct ShapeScenes: Sendable {
    public var side = 32
    public var training: Int
    public var test: Int

    public static let standard = ShapeScenes(training: 900, test: 2000)

    public static let classNames = ["arrow left, orange", "arrow left, blue", "arrow right, orange", "arrow right, blue", "disc, orange", "disc, blue", "square, orange", "square, blue"]

    /// Classes come in turn, so that every stretch of eight pictures holds each once.
    public func generate(identifier: String, seed: UInt64) throws -> ImageDataset {
        func part(_ count: Int, _ random: RandomSource) -> ImageDataset.Part {
            var pixels: [UInt8] = []
            pixels.reserveCapacity(count * side * side * 3)
            let labels = (0..<count).map { $0 % Self.classNames.count }
            for (picture, label) in labels.enumerated() {
                var random = random.stream("picture", picture)
                pixels += draw(shape: label / 2, hue: label % 2, &random)
            }
            return .init(pixels: pixels, labels: labels)
        }
        let root = RandomSource(seed: seed).stream("shape scenes")
        return try ImageDataset(identifier: identifier, checksum: SHA256.hexadecimal(of: Array("shape scenes 1, \(side), \(training), \(test), seed \(seed)".utf8)), width: side, height: side,
                                channels: 3, classNames: Self.classNames, training: part(training, root.stream("training")), test: part(test, root.stream("test")))
    }

    /// One picture of a shape from 0 to 3 in hue 0 or 1: `side * side * 3` bytes.
    func draw(shape: Int, hue: Int, _ random: inout RandomSource) -> [UInt8] {
        func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
        let middle = Double(side) / 2
        let cx = middle + between(-6, 6), cy = middle + between(-6, 6), r = between(6, 9), angle = between(-10, 10) * .pi / 180
        let (cosine, sine) = (cos(angle), sin(angle))
        let base: [Double] = hue == 0 ? [220, 90, 50] : [50, 110, 220], colour = base.map { $0 + between(-25, 25) }
        let ground = between(60, 190)
        var values: [Double] = []
        values.reserveCapacity(side * side * 3)
        for row in 0..<side {
            for column in 0..<side {
                let x = Double(column) + 0.5 - cx, y = Double(row) + 0.5 - cy
                let u = (x * cosine + y * sine) * (shape == 1 ? -1 : 1), v = y * cosine - x * sine
                let isInside: Bool = switch shape {
                case 0, 1: u >= -r && u <= 0.7 * r && abs(v) <= 0.6 * (u + r)
                case 2: u * u + v * v <= 0.64 * r * r
                default: max(abs(u), abs(v)) <= 0.7 * r
                }
                for channel in 0..<3 { values.append(isInside ? colour[channel] : ground) }
            }
        }
        for place in values.indices { values[place] += 12 * random.normal() }
        let light = between(0.5, 1.3)
        return values.map { UInt8(max(0, min(255, ($0 * light + 0.5).rounded(.down)))) }
    }
}
