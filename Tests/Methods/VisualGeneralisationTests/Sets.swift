import Datasets
import VisualGeneralisation

/// The factor sets of the sheet, by their factors alone.
enum Sets {
    struct Case {
        var name: String, factors: [FactorDataset.Factor], share: Double, composition: Double? = nil

        func split(_ kind: FactorSplit.Kind) throws -> FactorSplit { try FactorSplit(kind, of: factors, heldOutShare: share, compositionShare: composition) }
    }

    static let sprites = Case(name: "sprites", factors: Sprites().factors, share: 0.2)
    static let rooms = Case(name: "rooms", factors: Rooms().factors, share: 0.15)
    static let arm = Case(name: "arm", factors: RobotArm().factors, share: 0.1)
    static let faces = Case(name: "faces", factors: Faces().factors, share: 0.3, composition: 0.2)
    static let celebGlow = Case(name: "celebglow", factors: [.init("person", 1000, isKept: true, isCategorical: true), .init("smile", 6), .init("blond", 6), .init("age", 6)], share: 0.3, composition: 0.2)
    static let dsprites = Case(name: "dsprites", factors: shapes(orientations: 40), share: 0.2)
    static let injective = Case(name: "injective", factors: shapes(orientations: 10), share: 0.2)

    private static func shapes(orientations: Int) -> [FactorDataset.Factor] {
        [.init("shape", 3, isKept: true, isCategorical: true), .init("scale", 6), .init("orientation", orientations, isCyclic: true), .init("x", 32), .init("y", 32)]
    }
}
