import Terminal

/// One screen or dialog: a value that is told of actions and messages, and draws itself into cells.
///
/// A screen's own state is its place in the story (cursor, filter, zoom); what the outside said is in `Workspace`. A screen
/// has a folder of its own and one line in `ScreenCatalogue`.
public protocol Screen: Sendable {
    /// The words of the breadcrumb, outermost first: `["runs", "diva · digits · seed 3"]`.
    func breadcrumb(_ workspace: Workspace) -> [String]
    /// The places whose keys hold at the present focus, narrowest first; `.everywhere` is added by the application.
    func places(_ workspace: Workspace) -> [Place]
    /// The actions for the thing under the cursor, most useful first: the footer.
    func footer(_ workspace: Workspace) -> [ActionID]
    /// Why an action cannot be done now, in a few words; nil where it can.
    func disabledReason(_ action: ActionID, _ workspace: Workspace) -> String?
    /// True while printable keys are text, not commands.
    var isTyping: Bool { get }
    /// True for a dialog: the screen below stays visible.
    var isOverlay: Bool { get }
    /// True while the screen moves by itself: it then hears `Message.tick` ten times a second.
    var isAnimating: Bool { get }

    /// Called once when the screen comes to the top of the stack for the first time.
    mutating func appear(_ workspace: inout Workspace) -> [Outcome]
    /// Does an action of the key map. Actions it does not know are left to the application.
    mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]?
    /// Whether a printable key begins text here, so that `type` gets it before the key map; typing itself does.
    func takes(_ key: KeyPress) -> Bool
    /// Takes a printable character or an editing key while `isTyping`; nil leaves the key to the key map.
    mutating func type(_ key: KeyPress, _ workspace: inout Workspace) -> [Outcome]?
    /// Takes pasted text while `isTyping`.
    mutating func paste(_ text: String, _ workspace: inout Workspace) -> [Outcome]
    /// Takes the mouse; `area` is where the screen was drawn.
    mutating func pointer(_ event: MouseEvent, area: Rect, _ workspace: inout Workspace) -> [Outcome]
    /// Hears every message but input; the workspace knows it already.
    mutating func receive(_ content: Message.Content, _ workspace: inout Workspace) -> [Outcome]
    /// Takes the answer of a dialog that this screen put on top.
    mutating func receiveAnswer(_ answer: String, _ workspace: inout Workspace) -> [Outcome]
    /// Called when the screen leaves the stack.
    mutating func disappear(_ workspace: inout Workspace) -> [Outcome]
    /// The screen above has gone: what this one put off while nobody saw it.
    mutating func uncover(_ workspace: inout Workspace) -> [Outcome]
    /// Takes back or does again a change of this screen's own, such as its filter.
    mutating func apply(_ change: UndoEntry.Change, _ workspace: inout Workspace)

    /// Draws into `area`, never outside, at any size.
    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace)
}

extension Screen {
    public func footer(_ workspace: Workspace) -> [ActionID] { [] }
    public func disabledReason(_ action: ActionID, _ workspace: Workspace) -> String? { nil }
    public var isTyping: Bool { false }
    public var isOverlay: Bool { false }
    public var isAnimating: Bool { false }
    public mutating func appear(_ workspace: inout Workspace) -> [Outcome] { [] }
    public mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? { nil }
    public func takes(_ key: KeyPress) -> Bool { isTyping }
    public mutating func receiveAnswer(_ answer: String, _ workspace: inout Workspace) -> [Outcome] { [] }
    public mutating func type(_ key: KeyPress, _ workspace: inout Workspace) -> [Outcome]? { nil }
    public mutating func paste(_ text: String, _ workspace: inout Workspace) -> [Outcome] { [] }
    public mutating func pointer(_ event: MouseEvent, area: Rect, _ workspace: inout Workspace) -> [Outcome] { [] }
    public mutating func receive(_ content: Message.Content, _ workspace: inout Workspace) -> [Outcome] { [] }
    public mutating func disappear(_ workspace: inout Workspace) -> [Outcome] { [] }
    public mutating func uncover(_ workspace: inout Workspace) -> [Outcome] { [] }
    public mutating func apply(_ change: UndoEntry.Change, _ workspace: inout Workspace) {}
}
