/// Something done with the mouse, at a cell counted from the upper left (0, 0).
///
/// Text form: `press-left@12,3`, `ctrl-drag-right@0,7`, `wheel-up@4,4`.
public struct MouseEvent: Hashable, Sendable, LosslessStringConvertible {
    public enum Button: String, Sendable, CaseIterable { case left, middle, right }

    public enum Action: Hashable, Sendable {
        case press(Button)
        /// A button was let go. Terminals without the SGR form do not say which: they report the left one.
        case release(Button)
        /// Moved with a button held.
        case drag(Button)
        case wheelUp, wheelDown, wheelLeft, wheelRight
    }

    public var action: Action
    public var x: Int
    public var y: Int
    public var modifiers: KeyPress.Modifiers

    /// The largest column or row that an event may name.
    public static let largestPosition = 9_999

    /// Positions are brought into 0 … `largestPosition`.
    public init(_ action: Action, x: Int, y: Int, modifiers: KeyPress.Modifiers = []) {
        self.action = action
        self.x = min(max(0, x), Self.largestPosition)
        self.y = min(max(0, y), Self.largestPosition)
        self.modifiers = modifiers
    }

    private static let actions: [(Action, String)] = Button.allCases.flatMap { button in
        [(.press(button), "press-\(button)"), (.release(button), "release-\(button)"), (.drag(button), "drag-\(button)")]
    } + [(.wheelUp, "wheel-up"), (.wheelDown, "wheel-down"), (.wheelLeft, "wheel-left"), (.wheelRight, "wheel-right")]
    private static let nameOfAction = Dictionary(uniqueKeysWithValues: actions)
    private static let actionOfName = Dictionary(uniqueKeysWithValues: actions.map { ($1, $0) })

    public var description: String { "\(modifiers.prefix)\(Self.nameOfAction[action] ?? "")@\(x),\(y)" }

    public init?(_ text: String) {
        var rest = Substring(text)
        var modifiers: KeyPress.Modifiers = []
        for (prefix, modifier) in [("ctrl-", KeyPress.Modifiers.control), ("alt-", .alt), ("shift-", .shift)] {
            guard let after = rest.after(prefix: prefix) else { continue }
            modifiers.insert(modifier)
            rest = after
        }
        let parts = rest.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let action = Self.actionOfName[String(parts[0])] else { return nil }
        let position = parts[1].split(separator: ",", omittingEmptySubsequences: false)
        guard position.count == 2, let x = Int(position[0]), let y = Int(position[1]),
              (0...Self.largestPosition).contains(x), (0...Self.largestPosition).contains(y) else { return nil }
        self.init(action, x: x, y: y, modifiers: modifiers)
    }
}
