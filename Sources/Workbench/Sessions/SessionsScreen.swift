import Terminal

/// The saved sessions, to play one.
struct SessionsScreen: Screen {
    private var cursor = ListCursor()

    static let descriptor = ScreenDescriptor(name: "sessions", summary: "Shows the saved sessions, to replay one.",
                                             bindings: bindings, open: { _, _ in SessionsScreen() })

    private static let bindings: [Binding] = [
        Binding("y", action: "sessions.copy", verb: "copy as command", hint: "Copies the command that plays the session in a shell.",
                place: .sessions),
    ]

    func breadcrumb(_ workspace: Workspace) -> [String] { ["sessions"] }
    func places(_ workspace: Workspace) -> [Place] { [.sessions, .lists] }
    func footer(_ workspace: Workspace) -> [ActionID] { ["open", "sessions.copy", "back"] }

    func disabledReason(_ action: ActionID, _ workspace: Workspace) -> String? {
        ["open", "sessions.copy"].contains(action) && workspace.sessions.isEmpty ? "there are no sessions" : nil
    }

    mutating func appear(_ workspace: inout Workspace) -> [Outcome] { [.effect(.listSessions)] }

    mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        let sessions = workspace.sessions
        if cursor.handle(action, count: sessions.count, page: workspace.size.height - 5) { return [] }
        guard sessions.indices.contains(cursor.index) else { return nil }
        switch action {
        case "open": return [.open("replay", [sessions[cursor.index].path])]
        case "sessions.copy": return [.effect(.copy("lathe replay \(sessions[cursor.index].path)", what: "the command"))]
        default: return nil
        }
    }

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        let inside = Panel("Sessions", isFocused: true, note: "\(workspace.sessions.count)").draw(into: &grid, area: area, styles: styles)
        guard !workspace.sessions.isEmpty else {
            grid.write("No sessions yet — type :save and what you did so far becomes one.".truncated(to: inside.width), x: inside.x + 1,
                       y: inside.y, style: styles[.hint], within: inside)
            return
        }
        let first = cursor.firstRow(count: workspace.sessions.count, height: inside.height)
        for row in 0..<inside.height {
            guard workspace.sessions.indices.contains(first + row) else { break }
            let session = workspace.sessions[first + row]
            let isCursor = first + row == cursor.index
            let right = "\(NumberText.duration(session.seconds))  \(session.isShipped ? "shipped" : "yours  ")"
            let left = "\(isCursor ? "▸" : " ") \(session.name)".middleTruncated(to: max(0, inside.width - right.columnWidth - 2))
            let text = left.padded(to: inside.width - right.columnWidth - 1) + right
            grid.write(text.padded(to: inside.width), x: inside.x, y: inside.y + row, style: styles[isCursor ? .selection : .text], within: inside)
        }
    }
}
