import Foundation

/// A robot arm that holds an object before a strip, after MPI3D: 6 colours x 6 shapes x 2 sizes x 3 camera heights x 3 backgrounds x 40 x 40 positions.
public struct RobotArm: FactorGenerator {
    public init() {}

    public let channels = 3, quality = 2
    public let factors = [
        // Colours have no order on a line: like hues they are left out of the mean over factors that do not run in a circle.
        FactorDataset.Factor("colour", 6, isCyclic: true),
        FactorDataset.Factor("shape", 6, isKept: true, isCategorical: true),
        FactorDataset.Factor("size", 2, isKept: true),
        FactorDataset.Factor("height", 3),
        FactorDataset.Factor("background", 3),
        FactorDataset.Factor("x", 40),
        FactorDataset.Factor("y", 40),
    ]

    private static let colours = [SIMD4(grey: 0.95), SIMD4(0.1, 0.7, 0.2, 0), SIMD4(0.85, 0.1, 0.1, 0), SIMD4(0.1, 0.2, 0.85, 0), SIMD4(0.45, 0.27, 0.1, 0), SIMD4(0.5, 0.5, 0.1, 0)]
    private static let strips = [SIMD4(0.32, 0.22, 0.38, 0), SIMD4(0.18, 0.36, 0.30, 0), SIMD4(0.42, 0.27, 0.22, 0)]

    public func scene(_ values: [Int]) -> any FactorScene {
        let height = Double(values[3])
        let first = (2 * Double(values[5]) / 39 - 1) * Double.pi / 3, second = Double(values[6]) / 39 * Double.pi / 2.2 - 0.2
        let shrunk = 1 - 0.12 * height
        return Scene(colour: Self.colours[min(values[0], Self.colours.count - 1)], shape: values[1], radius: values[2] == 0 ? 0.075 : 0.11,
                     strip: Self.strips[min(values[4], Self.strips.count - 1)], stripHalf: (0.10 + 0.05 * height) / 2,
                     tip: SIMD2(0.5 + 0.55 * sin(first) * cos(second), 0.85 - (0.12 + 0.55 * sin(second + 0.25)) * shrunk - 0.05 * (height - 1)))
    }

    private struct Scene: FactorScene {
        let colour: SIMD4<Double>, shape: Int, radius: Double, strip: SIMD4<Double>, stripHalf: Double, tip: SIMD2<Double>
        static let base = SIMD2(0.5, 0.85)

        func colour(_ x: Double, _ y: Double) -> SIMD4<Double> {
            let place = SIMD2(x, y), offset = (place - tip) / radius
            if isObject(offset.x, offset.y) { return colour * min(1, max(0.5, 1 - 0.35 * (0.5 * offset.x + 0.5))) }
            let line = tip - Self.base, share = min(1, max(0, ((place - Self.base) * line).sum() / (line * line).sum()))
            let away = place - Self.base - share * line
            if (away * away).sum() < 0.018 * 0.018 { return SIMD4(grey: 0.55) }
            return abs(y - 0.62) <= stripHalf ? strip : SIMD4(grey: 0.12 + 0.05 * y)
        }

        private func isObject(_ u: Double, _ v: Double) -> Bool {
            switch shape {
            case 0: v >= -1 && v <= 0.9 && abs(u) <= 0.45 * (v + 1)
            case 1: abs(u) <= 0.8 && abs(v) <= 0.8
            case 2: abs(u) <= 0.5 && abs(v) <= 1
            case 3: abs(u) <= 0.87 && 0.5 * abs(u) + 0.866 * abs(v) <= 0.87
            case 4: v >= -1 && v <= 0.7 && abs(u) <= 0.6 * (v + 1)
            default: u * u + v * v <= 0.9
            }
        }
    }
}
