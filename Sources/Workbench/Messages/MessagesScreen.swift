import Terminal

/// Everything that was said in this session, newest last.
struct MessagesScreen: Screen {
    private var cursor = ListCursor()

    var isOverlay: Bool { true }
    func breadcrumb(_ workspace: Workspace) -> [String] { ["messages"] }
    func places(_ workspace: Workspace) -> [Place] { [.lists] }
    func footer(_ workspace: Workspace) -> [ActionID] { ["up", "down", "back"] }

    mutating func appear(_ workspace: inout Workspace) -> [Outcome] {
        cursor.index = max(0, workspace.messages.count - 1)
        return []
    }

    mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        if cursor.handle(action, count: workspace.messages.count, page: ScreenFrame.areas(workspace.size).body.height - 2) { return [] }
        return action == "open" ? [] : nil
    }

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        let messages = workspace.messages
        let inside = Panel("Messages", isFocused: true, note: "\(messages.count)").draw(into: &grid, area: area, styles: styles)
        guard !messages.isEmpty else {
            grid.write("Nothing was said yet.", x: inside.x + 1, y: inside.y, style: styles[.hint], within: inside)
            return
        }
        // The one under the cursor stands whole below the list.
        let whole = messages.indices.contains(cursor.index) ? messages[cursor.index].text.wrapped(max(1, inside.width - 2)) : []
        let isCut = whole.count > 1 && inside.height > 8
        let (list, foot) = inside.split(top: inside.height - (isCut ? min(whole.count, 6) + 1 : 0))
        for (offset, line) in whole.prefix(isCut ? 6 : 0).enumerated() {
            grid.write(line, x: foot.x + 1, y: foot.y + 1 + offset, style: styles[.text], within: foot)
        }
        let first = cursor.firstRow(count: messages.count, height: list.height)
        for (offset, message) in messages.dropFirst(first).prefix(list.height).enumerated() {
            let y = list.y + offset, isChosen = first + offset == cursor.index
            let style = isChosen ? styles[.selection] : styles[message.kind == .failure ? .error : .text]
            if isChosen { grid.fill(Rect(x: inside.x, y: y, width: inside.width, height: 1), with: " ", style: style) }
            let when = NumberText.age(message.time, now: workspace.now).padded(to: 5, .right)
            grid.write("\(when)  \(message.glyph) \(message.text)".truncated(to: inside.width), x: inside.x, y: y, style: style, within: inside)
        }
    }
}
