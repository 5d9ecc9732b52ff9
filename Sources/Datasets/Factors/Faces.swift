import Foundation

/// Drawn faces in place of CelebGlow: 200 persons x 6 smiles x 6 shades of hair x 6 ages.
///
/// The person, a number that hashes to skin, width of the face, eyes, nose and length of the hair, has no order that could be predicted: it is in no mean.
public struct Faces: FactorGenerator {
    public init() {}

    public let channels = 3, quality = 2
    public let factors = [
        FactorDataset.Factor("person", 200, isKept: true, isCategorical: true, isAveraged: false),
        FactorDataset.Factor("smile", 6),
        FactorDataset.Factor("blond", 6),
        FactorDataset.Factor("age", 6),
    ]

    public func scene(_ values: [Int]) -> any FactorScene {
        var state = UInt64(values[0])
        func trait(_ low: Double, _ high: Double) -> Double {
            state &+= 0x9E37_79B9_7F4A_7C15
            return low + (high - low) * FactorHash.uniform(state)
        }
        let dark = SIMD4(0.42, 0.27, 0.18, 0), pale = SIMD4(0.96, 0.80, 0.69, 0), tone = trait(0, 1)
        let age = Double(values[3]), skin = dark + tone * (pale - dark)
        let blond = Double(values[2]) / 5, hairDark = SIMD4(0.15, 0.1, 0.08, 0), hairPale = SIMD4(0.9, 0.8, 0.45, 0)
        return Scene(skin: skin + 0.15 * age / 5 * (SIMD4(grey: (skin.x + skin.y + skin.z) / 3) - skin), hair: hairDark + blond * (hairPale - hairDark),
                     halfWidth: trait(0.25, 0.35), eyeGap: trait(0.09, 0.14), eyeSize: trait(0.022, 0.038), eyeHeight: trait(0.42, 0.48), nose: trait(0.05, 0.10),
                     hairLength: trait(0.30, 0.80), mouth: -0.06 + 0.16 * Double(values[1]) / 5, lines: values[3])
    }

    private struct Scene: FactorScene {
        let skin: SIMD4<Double>, hair: SIMD4<Double>
        let halfWidth: Double, eyeGap: Double, eyeSize: Double, eyeHeight: Double, nose: Double, hairLength: Double
        /// How far the corners of the mouth lie above its middle.
        let mouth: Double
        let lines: Int

        func colour(_ x: Double, _ y: Double) -> SIMD4<Double> {
            let dx = x - 0.5, u = dx / halfWidth, v = (y - 0.54) / 0.38
            guard u * u + v * v <= 1 else {
                // Hair beside and above the face, down to its length.
                let outer = dx / (halfWidth + 0.08), up = (y - 0.46) / 0.42
                let isHair = y < 0.54 ? outer * outer + up * up <= 1 : abs(dx) <= halfWidth + 0.08 && y <= hairLength
                return isHair ? hair : SIMD4(0.55, 0.6, 0.66, 0)
            }
            if y < 0.26 { return hair }
            let eye = abs(dx) - eyeGap, dy = y - eyeHeight
            if eye * eye + dy * dy <= eyeSize * eyeSize { return eye * eye + dy * dy <= 0.25 * eyeSize * eyeSize ? SIMD4(grey: 0.1) : SIMD4(grey: 0.95) }
            // Lines of the forehead, as many as the age says.
            if y < eyeHeight - 0.05, abs(dx) < 0.6 * halfWidth {
                for line in 0..<lines where abs(y - (0.28 + 0.022 * Double(line))) < 0.005 { return 0.6 * skin }
            }
            if abs(dx) < 0.012, y > 0.5, y < 0.5 + nose { return 0.8 * skin }
            let across = dx / 0.12, lip = 0.74 - mouth * (across * across - 0.5)
            if abs(across) <= 1, abs(y - lip) < 0.014 { return SIMD4(0.62, 0.16, 0.18, 0) }
            return skin
        }
    }
}
