import Datasets
import Experiments
import Terminal

/// The data sets that a method can work on, then the others with the reason why not.
struct DatasetPicker: Screen {
    private let method: any Method
    private var cursor = ListCursor()
    private let chosen: String

    init(method: any Method, chosen: String) {
        self.method = method
        self.chosen = chosen
    }

    var isOverlay: Bool { true }
    func breadcrumb(_ workspace: Workspace) -> [String] { [] }
    func places(_ workspace: Workspace) -> [Place] { [.dialogs] }
    func footer(_ workspace: Workspace) -> [ActionID] { ["accept", "down", "up", "cancel"] }

    private struct Row { var entry: DatasetEntry; var reason: String? }

    private func rows(_ workspace: Workspace) -> [Row] {
        let all = workspace.datasets.map { entry in
            switch method.accepts(entry) {
            case .refused(let sentence): Row(entry: entry, reason: sentence)
            case .accepted: Row(entry: entry, reason: entry.state == .missing ? "not here; :data \(entry.identifier) shows how to bring it" : nil)
            }
        }
        return all.filter { $0.reason == nil } + all.filter { $0.reason != nil }
    }

    mutating func appear(_ workspace: inout Workspace) -> [Outcome] {
        cursor.index = rows(workspace).firstIndex { $0.entry.identifier == chosen } ?? 0
        return []
    }

    func disabledReason(_ action: ActionID, _ workspace: Workspace) -> String? {
        let rows = rows(workspace)
        return action == "accept" && rows.indices.contains(cursor.index) ? rows[cursor.index].reason : nil
    }

    mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        let rows = rows(workspace)
        if cursor.handle(action, count: rows.count, page: 8) { return [] }
        switch action {
        case "accept": return rows.indices.contains(cursor.index) ? [.pop, .answer(rows[cursor.index].entry.identifier)] : [.pop]
        case "cancel", "back", "leave", "interrupt": return [.pop]
        default: return nil
        }
    }

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles, rows = rows(workspace)
        let width = min(area.width, 92), height = min(area.height, max(3, rows.count + 2))
        let frame = Rect(x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width: width, height: height)
        let inside = Panel("Data for \(method.description.identifier)", isFocused: true).draw(into: &grid, area: frame, styles: styles)
        if rows.isEmpty { grid.write("looking for data …", x: inside.x + 1, y: inside.y, style: styles[.hint], within: inside) }
        let nameWidth = min(max(6, rows.map(\.entry.identifier.columnWidth).max() ?? 0), max(6, inside.width / 3))
        let first = cursor.firstRow(count: rows.count, height: inside.height)
        for (offset, row) in rows.dropFirst(first).prefix(inside.height).enumerated() {
            let y = inside.y + offset, isCursor = first + offset == cursor.index
            let base = styles[isCursor ? .selection : row.reason == nil ? .text : .disabled]
            if isCursor { grid.fill(Rect(x: inside.x, y: y, width: inside.width, height: 1), with: " ", style: base) }
            grid.write("\(row.reason == nil ? row.entry.state.glyph : "–") \(row.entry.identifier.middleTruncated(to: nameWidth))",
                x: inside.x + 1, y: y, style: base, within: inside)
            let words = row.reason ?? [row.entry.rows.map(NumberText.grouped), row.entry.shape].compactMap(\.self).joined(separator: " · ")
            grid.write(words.truncated(to: max(0, inside.width - nameWidth - 5)), x: inside.x + nameWidth + 4, y: y,
                style: isCursor ? base : styles[.dim], within: inside)
        }
    }
}

/// The choices of one field with what each means.
struct ChoicePicker: Screen {
    let title: String
    let choices: [ParameterSpec.Choice]
    private var cursor = ListCursor()

    init(title: String, choices: [ParameterSpec.Choice], chosen: String) {
        self.title = title
        self.choices = choices
        cursor.index = choices.firstIndex { $0.value == chosen } ?? 0
    }

    var isOverlay: Bool { true }
    func breadcrumb(_ workspace: Workspace) -> [String] { [] }
    func places(_ workspace: Workspace) -> [Place] { [.dialogs] }
    func footer(_ workspace: Workspace) -> [ActionID] { ["accept", "down", "up", "cancel"] }

    mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        if cursor.handle(action, count: choices.count, page: 8) { return [] }
        switch action {
        case "accept": return choices.indices.contains(cursor.index) ? [.pop, .answer(choices[cursor.index].value)] : [.pop]
        case "cancel", "back", "leave", "interrupt": return [.pop]
        default: return nil
        }
    }

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        let width = min(area.width, 76), height = min(area.height, choices.count + 2)
        let frame = Rect(x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width: width, height: height)
        let inside = Panel(title, isFocused: true).draw(into: &grid, area: frame, styles: styles)
        let nameWidth = choices.map(\.value.columnWidth).max() ?? 0
        let first = cursor.firstRow(count: choices.count, height: inside.height)
        for (offset, choice) in choices.dropFirst(first).prefix(inside.height).enumerated() {
            let isCursor = first + offset == cursor.index
            let text = "\(isCursor ? "▸" : " ") \(choice.value.padded(to: nameWidth))  \(choice.help)".truncated(to: inside.width).padded(to: inside.width)
            grid.write(text, x: inside.x, y: inside.y + offset, style: styles[isCursor ? .selection : .text], within: inside)
        }
    }
}
