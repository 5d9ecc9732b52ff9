import Terminal

/// The command palette: the names of the command line and of the keys, found by a few letters.
struct PaletteScreen: Screen {
    private var field = TextField()
    private var cursor = ListCursor()
    private let entries: [PaletteEntry]
    private var recalled: Int?

    init(over app: App) { entries = PaletteEntry.all(app) }

    var isOverlay: Bool { true }
    var isTyping: Bool { true }
    func breadcrumb(_ workspace: Workspace) -> [String] { [] }
    func places(_ workspace: Workspace) -> [Place] { [.typing] }
    func footer(_ workspace: Workspace) -> [ActionID] { ["accept", "complete", "up", "down", "cancel"] }

    mutating func type(_ key: KeyPress, _ workspace: inout Workspace) -> [Outcome]? {
        if key == "backspace", field.text.isEmpty { return [.pop] }
        if key == "ctrl-p" || key == "ctrl-n" {
            recall(key == "ctrl-p" ? 1 : -1, workspace)
            return []
        }
        guard field.type(key) else { return nil }
        cursor.index = 0
        recalled = nil
        return []
    }

    mutating func paste(_ text: String, _ workspace: inout Workspace) -> [Outcome] {
        field.insert(text)
        cursor.index = 0
        return []
    }

    /// ctrl-p and ctrl-n walk through what was done before.
    private mutating func recall(_ step: Int, _ workspace: Workspace) {
        let past = workspace.commandHistory
        guard !past.isEmpty else { return }
        let index = min(max((recalled ?? -1) + step, -1), past.count - 1)
        recalled = index < 0 ? nil : index
        field = TextField(index < 0 ? "" : past[past.count - 1 - index])
        cursor.index = 0
    }

    private struct Suggestion {
        var text: String
        var summary: String
        var keys: String
        var outcomes: ([String], Workspace) -> [Outcome]
        /// The words to put in the field on completion.
        var completion: String
    }

    /// The command's word and what follows it.
    private var words: [String] { CommandLineWords.split(field.text) }

    private func suggestions(_ workspace: Workspace) -> [Suggestion] {
        let words = words
        // Past the command's word: what may follow it.
        if let name = words.first, words.count > 1 || field.text.hasSuffix(" "), let entry = entries.first(where: { $0.name == name }) {
            let done = field.text.hasSuffix(" ") ? Array(words.dropFirst()) : Array(words.dropFirst().dropLast())
            let last = field.text.hasSuffix(" ") ? "" : words.last ?? ""
            let choices = entry.completions(workspace).compactMap { word in FuzzyMatch.score(last, in: word).map { (word, $0) } }
                .enumerated().sorted { $0.element.1 != $1.element.1 ? $0.element.1 > $1.element.1 : $0.offset < $1.offset }
            var list = choices.map { choice in
                let text = ([entry.name] + done + [choice.element.0]).map(CommandLineWords.quoted).joined(separator: " ")
                return Suggestion(text: text, summary: "", keys: "", outcomes: { _, workspace in entry.perform(done
                    + [choice.element.0], workspace) },
                                  completion: text + " ")
            }
            if list.isEmpty || last.isEmpty {
                let typed = Array(words.dropFirst())
                list.insert(Suggestion(text: field.text, summary: entry.usage.isEmpty ? entry.summary : "\(entry.usage): \(entry.summary)", keys: "",
                                       outcomes: { _, workspace in entry.perform(typed, workspace) }, completion: field.text), at: 0)
            }
            return list
        }
        return entries.compactMap { entry in FuzzyMatch.score(field.text, in: entry.name).map { (entry, $0 * 2) }
                ?? FuzzyMatch.score(field.text, in: entry.summary).map { (entry, $0) } }
            .enumerated().sorted { $0.element.1 != $1.element.1 ? $0.element.1 > $1.element.1 : $0.offset < $1.offset }
            .map { item in
                let entry = item.element.0
                return Suggestion(text: entry.usage.isEmpty ? entry.name : "\(entry.name) \(entry.usage)",
                    summary: entry.reason.map { "not now: \($0)" } ?? entry.summary,
                                  keys: entry.keys, outcomes: { _, workspace in entry.perform([], workspace) },
                                  completion: entry.usage.isEmpty ? entry.name : entry.name + " ")
            }
    }

    mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        let list = suggestions(workspace)
        if cursor.handle(action, count: list.count, page: 10) { return [] }
        switch action {
        case "complete":
            if list.indices.contains(cursor.index) { field = TextField(list[cursor.index].completion) }
            cursor.index = 0
            return []
        case "accept":
            guard list.indices.contains(cursor.index) else {
                return [.pop, .toast(.failure, "there is no command “\(words.first ?? field.text)”; tab completes, esc leaves")]
            }
            let chosen = list[cursor.index]
            // A command that wants words gets them first.
            if words.count <= 1, !field.text.hasSuffix(" "), chosen.completion.hasSuffix(" "), let name = words.first,
               entries.first(where: { $0.name == name })?.needsArguments ?? true {
                field = TextField(chosen.completion)
                cursor.index = 0
                return []
            }
            workspace.remember(command: field.text.isEmpty ? chosen.text : chosen.text.contains(" ")
                && words.count <= 1 ? chosen.completion : chosen.text)
            return [.pop] + chosen.outcomes([], workspace)
        case "cancel", "interrupt": return [.pop]
        default: return []
        }
    }

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        let list = suggestions(workspace)
        let width = min(area.width, 84), height = min(area.height, 16)
        let frame = Rect(x: area.x + (area.width - width) / 2, y: area.y + min(2, max(0, area.height - height)), width: width, height: height)
        let inside = Panel("Commands", isFocused: true, note: "\(list.count)").draw(into: &grid, area: frame, styles: styles)
        let (line, rows) = inside.split(top: 1)
        grid.write(":", x: line.x, y: line.y, style: styles[.footerKey], within: line)
        field.draw(into: &grid, x: line.x + 1, y: line.y, width: line.width - 1, styles: styles)
        let first = cursor.firstRow(count: list.count, height: rows.height)
        let nameWidth = min(max(12, list.map(\.text.columnWidth).max() ?? 0), max(12, rows.width / 2))
        for (offset, item) in list.dropFirst(first).prefix(rows.height).enumerated() {
            let y = rows.y + offset, isChosen = first + offset == cursor.index
            let base = isChosen ? styles[.selection] : styles[.text]
            if isChosen { grid.fill(Rect(x: rows.x, y: y, width: rows.width, height: 1), with: " ", style: base) }
            grid.write(item.text.truncated(to: nameWidth), x: rows.x + 1, y: y, style: base, within: rows)
            let room = rows.width - nameWidth - 4 - item.keys.columnWidth
            grid.write(item.summary.truncated(to: max(0, room)), x: rows.x + nameWidth + 2, y: y, style: isChosen ? base : styles[.dim], within: rows)
            grid.write(item.keys, x: rows.maxX - 1 - item.keys.columnWidth, y: y, style: isChosen ? base : styles[.footerKey], within: rows)
        }
        if list.isEmpty { grid.write("no such command", x: rows.x + 1, y: rows.y, style: styles[.hint], within: rows) }
    }
}
