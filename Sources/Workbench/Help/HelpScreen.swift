import Terminal

/// All keys of the place where the user is, made from the key map: type to filter, Enter does the entry.
struct HelpScreen: Screen {
    private struct Row: Sendable {
        var binding: Binding
        var reason: String?
    }

    private let rows: [Row]
    private var filter = TextField()
    private var cursor = ListCursor()

    init(over app: App) {
        rows = app.bindings.map { Row(binding: $0, reason: app.disabledReason($0.action)) }
    }

    var isOverlay: Bool { true }
    var isTyping: Bool { true }
    func breadcrumb(_ workspace: Workspace) -> [String] { ["keys"] }
    func places(_ workspace: Workspace) -> [Place] { [.typing] }
    func footer(_ workspace: Workspace) -> [ActionID] { ["accept", "up", "down", "cancel"] }

    private var shown: [Row] {
        let words = filter.text.lowercased().split(separator: " ")
        return rows.filter { row in
            let text = "\(row.binding.keyText) \(row.binding.verb) \(row.binding.hint)".lowercased()
            return words.allSatisfy { text.contains($0) }
        }
    }

    mutating func type(_ key: KeyPress, _ workspace: inout Workspace) -> [Outcome]? {
        guard filter.type(key) else { return nil }
        cursor.index = 0
        return []
    }

    mutating func paste(_ text: String, _ workspace: inout Workspace) -> [Outcome] {
        filter.insert(text)
        cursor.index = 0
        return []
    }

    mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        let shown = shown
        if cursor.handle(action, count: shown.count, page: 10) { return [] }
        switch action {
        case "accept": return shown.indices.contains(cursor.index) ? [.popAndPerform(shown[cursor.index].binding.action)] : [.pop]
        case "cancel", "interrupt": return [.pop]
        default: return []
        }
    }

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        let shown = shown
        let width = min(area.width, 96)
        let frame = Rect(x: area.x + (area.width - width) / 2, y: area.y, width: width, height: area.height)
        let inside = Panel("Keys here", isFocused: true, note: "[\(shown.count)/\(rows.count)]").draw(into: &grid, area: frame, styles: styles)
        let (line, list) = inside.split(top: 1)
        let label = grid.write(" filter ", x: line.x, y: line.y, style: styles[.dim], within: line)
        filter.draw(into: &grid, x: line.x + label, y: line.y, width: line.width - label, styles: styles)
        let keyWidth = min(18, max(0, shown.map { $0.binding.keyText.columnWidth }.max() ?? 0))
        let first = cursor.firstRow(count: shown.count, height: list.height)
        for (offset, row) in shown.dropFirst(first).prefix(list.height).enumerated() {
            let y = list.y + offset, isChosen = first + offset == cursor.index
            let base = isChosen ? styles[.selection] : styles[.text]
            if isChosen { grid.fill(Rect(x: list.x, y: y, width: list.width, height: 1), with: " ", style: base) }
            let keyStyle = isChosen ? base : styles[row.reason == nil ? .footerKey : .disabled]
            grid.write(row.binding.keyText.truncated(to: keyWidth), x: list.x + 1, y: y, style: keyStyle, within: list)
            let verb = row.binding.verb.padded(to: 18)
            let verbStyle = isChosen ? base : styles[row.reason == nil ? .strong : .disabled]
            grid.write(verb, x: list.x + keyWidth + 2, y: y, style: verbStyle, within: list)
            let hint = row.reason.map { "not now: \($0)" } ?? row.binding.hint
            grid.write(hint.truncated(to: max(0, list.width - keyWidth - 2 - verb.columnWidth - 1)), x: list.x + keyWidth + 3 + verb.columnWidth, y: y,
                       style: isChosen ? base : styles[.dim], within: list)
        }
        if shown.isEmpty { grid.write("no key does that here; esc goes back", x: list.x + 1, y: list.y, style: styles[.hint], within: list) }
    }
}
