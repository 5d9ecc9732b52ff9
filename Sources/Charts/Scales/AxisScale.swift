import Foundation

/// How an axis maps values to distance.
public enum AxisScale: String, Sendable, Hashable, Codable, CaseIterable {
    case linear
    /// Base 10. Values at or below zero have no place on it: charts leave a gap and count them.
    case logarithmic

    /// The value's place in the axis' own units: itself or log10; nil where it has none (not finite, or not positive on a log axis).
    @inlinable public func position(of value: Double) -> Double? {
        guard value.isFinite else { return nil }
        switch self {
        case .linear: return value
        case .logarithmic: return value > 0 ? log10(value) : nil
        }
    }

    /// The value at a place: the inverse of `position(of:)`. May overflow to infinity far outside of the axis.
    @inlinable public func value(at position: Double) -> Double {
        self == .linear ? position : pow(10, position)
    }
}
