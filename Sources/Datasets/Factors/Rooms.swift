import Foundation

/// An object in the corner of a room, after Shapes3D: 10 floor hues x 10 wall hues x 10 object hues x 8 sizes x 4 types x 15 azimuths.
public struct Rooms: FactorGenerator {
    public init() {}

    public let channels = 3, quality = 2
    public let factors = [
        FactorDataset.Factor("floor hue", 10, isCyclic: true),
        FactorDataset.Factor("wall hue", 10, isCyclic: true),
        FactorDataset.Factor("object hue", 10, isCyclic: true),
        FactorDataset.Factor("size", 8),
        FactorDataset.Factor("type", 4, isKept: true, isCategorical: true),
        FactorDataset.Factor("azimuth", 15),
    ]

    public func scene(_ values: [Int]) -> any FactorScene {
        let azimuth = (2 * Double(values[5]) / 14 - 1) * Double.pi / 6, sine = sin(azimuth)
        return Scene(floor: SIMD4(hue: Double(values[0]) / 10), wall: SIMD4(hue: Double(values[1]) / 10), object: SIMD4(hue: Double(values[2]) / 10),
                     size: 0.75 + 0.5 * Double(values[3]) / 7, type: values[4], sine: sine, corner: 0.5 + 0.72 * sine)
    }

    private struct Scene: FactorScene {
        let floor: SIMD4<Double>, wall: SIMD4<Double>, object: SIMD4<Double>
        let size: Double, type: Int, sine: Double, corner: Double

        func colour(_ x: Double, _ y: Double) -> SIMD4<Double> {
            let u = (x - 0.5) / (0.2 * size), v = (y - 0.82 + 0.2 * size) / (0.2 * size)
            if let shade = shade(u, v) { return object * min(1, max(0.3, shade)) }
            let isLeft = x < corner
            let line = isLeft ? 0.42 + (0.10 + 0.25 * sine) * (corner - x) : 0.42 + (0.10 - 0.25 * sine) * (x - corner)
            return y < line ? wall * (isLeft ? 1 : 0.75) : floor * (0.6 + 0.4 * y)
        }

        /// How bright the object is there; nil beside it.
        private func shade(_ u: Double, _ v: Double) -> Double? {
            let round = 1 - 0.45 * abs(u + 0.3)
            switch type {
            case 0: return abs(u) <= 0.85 && abs(v) <= 0.85 ? (u < 1.3 * sine ? 1 : 0.7) : nil
            case 1: return abs(u) <= 0.65 && abs(v) <= 0.9 ? round : nil
            case 2: return u * u + v * v <= 0.95 ? 1 - 0.5 * ((u + 0.3) * (u + 0.3) + (v + 0.3) * (v + 0.3)) : nil
            default:
                let end = max(abs(v) - 0.45, 0)
                return end * end + u * u <= 0.25 ? round : nil
            }
        }
    }
}
