import Foundation

/// How a cluster's score becomes a likelihood, and how it is combined with its parent's (section 2.6).
package enum PostProcessor: String, Sendable, CaseIterable, Codable {
    /// exp(-max(0, 1 - v)^3), multiplied along the path.
    case hinge = "l3-hinge"
    /// -max(0, 1 - v)^3, added.
    case logarithmicHinge = "log-l3-hinge"
    /// 1 / (1 + exp(-v)), multiplied.
    case sigmoid
    /// The child's score alone.
    case none = "noop"

    package func value(_ score: Float) -> Float {
        switch self {
        case .hinge: exp(value(cubed: score))
        case .logarithmicHinge: value(cubed: score)
        case .sigmoid: 1 / (1 + exp(-score))
        case .none: score
        }
    }

    private func value(cubed score: Float) -> Float {
        let gap = max(0, 1 - score)
        return -gap * gap * gap
    }

    package func combined(_ value: Float, parent: Float) -> Float {
        switch self {
        case .hinge, .sigmoid: value * parent
        case .logarithmicHinge: value + parent
        case .none: value
        }
    }
}
