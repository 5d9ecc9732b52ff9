import Foundation

/// White shapes on black, after dSprites: 3 shapes x 6 scales x 10 orientations x 16 x 16 places.
///
/// The ten orientations are the first of dSprites' forty steps (0 to 83 degrees): over a whole turn a square comes back four times and an ellipse twice,
/// and such a label cannot be predicted.
public struct Sprites: FactorGenerator {
    public init() {}

    public let channels = 1, quality = 3
    public let factors = [
        FactorDataset.Factor("shape", 3, isKept: true, isCategorical: true),
        FactorDataset.Factor("scale", 6),
        FactorDataset.Factor("orientation", 10, isCyclic: true),
        FactorDataset.Factor("x", 16),
        FactorDataset.Factor("y", 16),
    ]

    public func scene(_ values: [Int]) -> any FactorScene {
        let angle = 2 * Double.pi * Double(values[2]) / 39
        return Scene(shape: values[0], radius: 0.17 * (0.5 + 0.1 * Double(values[1])), c: cos(angle), s: sin(angle),
                     x: 0.2 + 0.6 * Double(values[3]) / 15, y: 0.2 + 0.6 * Double(values[4]) / 15)
    }

    private struct Scene: FactorScene {
        let shape: Int, radius: Double, c: Double, s: Double, x: Double, y: Double

        func colour(_ X: Double, _ Y: Double) -> SIMD4<Double> {
            let dx = X - x, dy = Y - y
            let u = (c * dx + s * dy) / radius, v = (c * dy - s * dx) / radius
            let isInside: Bool
            switch shape {
            case 0: isInside = abs(u) <= 0.8 && abs(v) <= 0.8
            case 1: isInside = u * u + (v / 0.55) * (v / 0.55) <= 1
            default:
                let a = 1.15 * u, b = 0.1 - 1.15 * v, ring = a * a + b * b - 1
                isInside = ring * ring * ring - a * a * b * b * b <= 0
            }
            return SIMD4(grey: isInside ? 1 : 0)
        }
    }
}
