import Experiments

/// One of the methods that a run compares.
struct Arm: Sendable, Equatable {
    enum Training: Sendable, Equatable {
        /// E and F against an adversary; nil: the sources alone.
        case network(Adversary<Float>.Kind?, usesEmbedding: Bool)
        /// Entropy on targets, lowered where noisy copies agree with the clean prediction, raised elsewhere.
        case selectiveEntropy
        case ridge
    }

    var name: String
    var training: Training
    /// λ of the adversary.
    var lambda = 0.0

    var pairing: GraphReconstruction.Pairing? {
        if case .network(.graph(let reconstruction), _) = training { return reconstruction.pairing }
        return nil
    }

    static let sourceOnly = "source-only"

    /// The arms of a list of words.
    static func list(_ words: String, pairing: String, _ settings: Settings) throws -> [Arm] {
        let pairings = pairing == "every" ? [GraphReconstruction.Pairing.slotShared, .slot, .all] : GraphReconstruction.Pairing(rawValue: pairing).map { [$0] } ?? []
        func against(_ name: String, _ kind: Adversary<Float>.Kind) -> [Arm] { [Arm(name: name, training: .network(kind, usesEmbedding: true), lambda: settings.baselineLambda)] }
        var arms: [Arm] = []
        for word in words.split(separator: ",").map({ $0.filter { $0 != " " } }) where !word.isEmpty {
            let more: [Arm]
            switch word.lowercased() {
            case "source-only": more = [Arm(name: sourceOnly, training: .network(nil, usesEmbedding: true))]
            case "source-only-without-z": more = [Arm(name: "source-only without z", training: .network(nil, usesEmbedding: false))]
            case "dann": more = against("DANN", .domain(conditional: false))
            case "cdann": more = against("CDANN", .domain(conditional: true))
            case "adda": more = against("ADDA", .source)
            case "mdd": more = against("MDD", .disparity)
            case "cida": more = against("CIDA-like", .embedding)
            case "sentry": more = [Arm(name: "SENTRY", training: .selectiveEntropy, lambda: settings.baselineLambda)]
            case "ridge": more = [Arm(name: "ridge", training: .ridge)]
            case "grda":
                more = pairings.map { pairing in
                    let graph = GraphReconstruction(pairing: pairing, head: settings.head, selfPairs: settings.selfPairs)
                    return Arm(name: "GRDA \(pairing.rawValue)", training: .network(.graph(graph), usesEmbedding: true), lambda: settings.lambda)
                }
            default:
                throw GRDAError("parameter arms: “\(word.prefix(40))” is no method; give source-only, source-only-without-z, dann, cdann, adda, mdd, cida, sentry, ridge or grda, separated by commas")
            }
            for arm in more where !arms.contains(where: { $0.name == arm.name }) { arms.append(arm) }
        }
        guard !arms.isEmpty else { throw GRDAError("parameter arms: no method is named; give at least one, such as source-only, grda") }
        return arms
    }
}
