import Terminal

/// The last line: the most useful keys for the thing under the cursor, most useful first, cut from the right; `? keys` last.
/// What cannot be done now stands dim, so that hands keep their memory.
enum Footer {
    struct Item {
        var action: ActionID
        var key: String
        var verb: String
        var isEnabled: Bool
        var x: Int
        var width: Int { key.columnWidth + 1 + verb.columnWidth }
    }

    static func items(_ app: App, area: Rect) -> [Item] {
        guard let top = app.stack.last else { return [] }
        let bindings = app.bindings
        var wanted = Array(top.footer(app.workspace).prefix(7))
        if !top.isTyping, !top.isOverlay { wanted += ["palette", "help"] }
        let all = wanted.compactMap { action -> Item? in
            guard let binding = bindings.first(where: { $0.action == action }), let key = binding.keys.first else { return nil }
            return Item(action: action, key: key.keyCap, verb: binding.verb, isEnabled: app.disabledReason(action) == nil, x: 0)
        }
        let last = all.filter { $0.action == "help" }
        var room = area.width - 2 - last.reduce(0) { $0 + $1.width + 3 }
        var chosen: [Item] = []
        for item in all where item.action != "help" {
            guard item.width <= room else { break }
            room -= item.width + 3
            chosen.append(item)
        }
        var x = area.x + 1
        return (chosen + last).map { item in
            var placed = item
            placed.x = x
            x += item.width + 3
            return placed
        }
    }

    static func draw(_ app: App, into grid: inout CellGrid, area: Rect) {
        let styles = app.workspace.styles
        grid.fill(area, with: " ", style: styles[.footer])
        for item in items(app, area: area) {
            let keyStyle = styles[item.isEnabled ? .footerKey : .disabled], verbStyle = styles[item.isEnabled ? .footer : .disabled]
            let width = grid.write(item.key, x: item.x, y: area.y, style: keyStyle, within: area)
            grid.write(item.verb, x: item.x + width + 1, y: area.y, style: verbStyle, within: area)
        }
    }

    /// The action whose words are at a column: the footer can be clicked.
    static func action(atColumn x: Int, of app: App, area: Rect) -> ActionID? {
        items(app, area: area).first { x >= $0.x && x < $0.x + $0.width }?.action
    }
}
