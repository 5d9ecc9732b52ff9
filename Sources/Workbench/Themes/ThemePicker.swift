import Terminal

/// The themes one below the other; the one under the cursor shows at once, Enter keeps it, Esc goes back to the one before.
struct ThemePicker: Screen {
    private var cursor = ListCursor()
    private var before: Theme?

    var isOverlay: Bool { true }
    func breadcrumb(_ workspace: Workspace) -> [String] { ["theme"] }
    func places(_ workspace: Workspace) -> [Place] { [.dialogs] }
    func footer(_ workspace: Workspace) -> [ActionID] { ["accept", "up", "down", "cancel"] }

    mutating func appear(_ workspace: inout Workspace) -> [Outcome] {
        before = workspace.theme
        cursor.index = workspace.themes.firstIndex { $0.name == workspace.theme.name } ?? 0
        return []
    }

    mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        let themes = workspace.themes
        if cursor.handle(action, count: themes.count, page: 8) {
            return themes.indices.contains(cursor.index) ? [.previewTheme(themes[cursor.index])] : []
        }
        switch action {
        case "accept": return themes.indices.contains(cursor.index) ? [.pop, .useTheme(themes[cursor.index].name)] : [.pop]
        case "cancel", "back", "leave", "interrupt": return [.pop] + (before.map { [.previewTheme($0)] } ?? [])
        default: return nil
        }
    }

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles, themes = workspace.themes
        let width = min(area.width, 60), height = min(area.height, max(3, themes.count + 2))
        let frame = Rect(x: area.maxX - width, y: area.y, width: width, height: height)
        let inside = Panel("Themes", isFocused: true).draw(into: &grid, area: frame, styles: styles)
        if themes.isEmpty { grid.write("no theme files were found", x: inside.x + 1, y: inside.y, style: styles[.hint], within: inside) }
        let first = cursor.firstRow(count: themes.count, height: inside.height)
        for (offset, theme) in themes.dropFirst(first).prefix(inside.height).enumerated() {
            let isChosen = first + offset == cursor.index
            let text = "\(isChosen ? "▸" : " ") \(theme.name.padded(to: 16)) \(theme.summary)".truncated(to: inside.width).padded(to: inside.width)
            grid.write(text, x: inside.x, y: inside.y + offset, style: styles[isChosen ? .selection : .text], within: inside)
        }
    }
}
