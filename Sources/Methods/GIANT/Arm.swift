/// One way to train the encoder: GIANT, or an ablation of it.
struct Arm: Sendable {
    enum Tree: Sendable { case aggregated, texts, random, untrained }
    var name: String
    var tree = Tree.aggregated
    var negatives: NegativeSampling?
    var beginsWithLSA = false

    /// The arms of a run in the order in which they train. `GIANT` comes first.
    static func arms(_ settings: Settings) -> [Arm] {
        let giant = Arm(name: "GIANT", beginsWithLSA: settings.bagStart == .lsa)
        let ablations = [Arm(name: "GIANT, random tree", tree: .random), Arm(name: "GIANT, no PIFA", tree: .texts)]
        let further = [Arm(name: "GIANT, tfn only", negatives: .teacherForcing), Arm(name: "GIANT, no TF-IDF", tree: .untrained)]
        let lsaStart = settings.encoder == .bag && settings.bagStart == .normal ? [Arm(name: "GIANT, LSA start", beginsWithLSA: true)] : []
        if settings.encoder == .pretrained { return [] }
        return switch settings.arms {
        case .all: [giant] + ablations + lsaStart + further
        case .main: [giant] + ablations
        case .giant, .encode: [giant]
        }
    }
}
