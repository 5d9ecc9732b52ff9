import Terminal

/// The name of something that a key, the palette or a click can do, such as `run.pause`.
public struct ActionID: RawRepresentable, Hashable, Sendable, Codable, ExpressibleByStringLiteral {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral value: String) { rawValue = value }
}

/// Where bindings hold: everywhere, in every list, on every chart, or on one screen. A screen names the places that hold at
/// its focus, narrowest first; the first place that knows a key decides.
public struct Place: Hashable, Sendable {
    /// The word in the `?` page and in `docs/keys.md`.
    public let title: String
    public init(_ title: String) { self.title = title }

    public static let everywhere = Place("Everywhere")
    public static let lists = Place("Lists")
    public static let charts = Place("Charts")
    public static let dialogs = Place("Dialogs")
    public static let typing = Place("While typing")
}

/// One row of the key map: the only place where a key is tied to what it does. The handler, the footer, the `?` page, the
/// command palette and `docs/keys.md` all come from these rows.
public struct Binding: Sendable {
    public var keys: [KeyPress]
    public var action: ActionID
    /// What it does, in the imperative: "pause". The footer shows it.
    public var verb: String
    /// One sentence for the `?` page.
    public var hint: String
    public var place: Place

    public init(_ keys: KeyPress..., action: ActionID, verb: String, hint: String, place: Place) {
        self.keys = keys
        self.action = action
        self.verb = verb
        self.hint = hint
        self.place = place
    }

    /// "p", "h ←", as the help writes the keys.
    public var keyText: String { keys.map(\.keyCap).joined(separator: " ") }
}

extension KeyPress {
    /// The key as the footer and the help write it: `⏎`, `↑`, `ctrl-c`.
    public var keyCap: String {
        switch description {
        case "enter": "⏎"
        case "up": "↑"
        case "down": "↓"
        case "left": "←"
        case "right": "→"
        case "page-up": "pgup"
        case "page-down": "pgdn"
        case let name: name
        }
    }
}
