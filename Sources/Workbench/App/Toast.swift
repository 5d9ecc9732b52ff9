/// A sentence that stays on the screen for five seconds and in `:messages` for good.
public struct Toast: Sendable, Hashable {
    public enum Kind: String, Sendable, Codable {
        case information, success, warning, failure
    }

    /// Seconds that a toast stays.
    public static let lifetime = 5.0

    public var kind: Kind
    public var text: String
    /// Seconds since 1970.
    public var time: Double

    public init(kind: Kind, text: String, time: Double) {
        self.kind = kind
        self.text = text
        self.time = time
    }

    public var glyph: String {
        switch kind {
        case .information: "·"
        case .success: "✓"
        case .warning: "!"
        case .failure: "✗"
        }
    }
}
