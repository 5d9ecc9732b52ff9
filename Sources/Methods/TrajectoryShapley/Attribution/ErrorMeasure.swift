/// How far a forecast is from what happened: err of the game's value v(S) = -err (section 2.2).
package enum ErrorMeasure: String, Sendable, Codable, CaseIterable {
    /// Negative log-likelihood a step, each step's log density within ±6 nats.
    case nllc
    /// The same with the upper limit alone, as published: one absurd coalition can swamp everything.
    case nll
    /// Mean distance of the likeliest mode.
    case ade
    /// Distance of the likeliest mode at the last step.
    case fde
    /// The least mean distance among samples; the same latent draws serve every coalition.
    case minade
    /// The least last distance among samples.
    case minfde

    package var unit: String { self == .nllc || self == .nll ? "nats" : "m" }
    package var title: String {
        switch self {
        case .nllc, .nll: rawValue
        case .ade: "ADE"
        case .fde: "FDE"
        case .minade: "minADE"
        case .minfde: "minFDE"
        }
    }
    var needsDensity: Bool { self == .nllc || self == .nll }
}
