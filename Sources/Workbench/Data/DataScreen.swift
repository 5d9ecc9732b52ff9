import Datasets
import Terminal

/// The data sets: what there is, what is missing and how to bring it, and a look inside.
struct DataScreen: Screen {
    static let descriptor = ScreenDescriptor(
        name: "data", summary: "Shows the data sets.", usage: "[NAME]", bindings: bindings,
        completions: { $0.datasets.map(\.identifier) },
        open: { arguments, _ in DataScreen(wanted: arguments.first) })

    private enum Look: Sendable {
        case asked
        case preview(DatasetPreview)
        case failed(String)
    }

    private var focus = PanelFocus(count: 2)
    private var cursor = ListCursor()
    private var scroll = ListCursor()
    private var selected: String?
    private var filter = TextField()
    private var filterBefore: String?
    private var showsPresentFirst = true
    private var looks: [String: Look] = [:]

    init(wanted: String?) { selected = wanted }

    func breadcrumb(_ workspace: Workspace) -> [String] { ["data"] + (current(workspace).map { [$0.identifier] } ?? []) }
    var isTyping: Bool { filterBefore != nil }
    func places(_ workspace: Workspace) -> [Place] { [.data, .lists] }

    func footer(_ workspace: Workspace) -> [ActionID] {
        if isTyping { return ["accept", "cancel"] }
        guard let entry = current(workspace) else { return ["filter", "back"] }
        return entry.state == .missing ? ["copy", "refresh", "filter", "order", "back"] : ["new", "panel.next", "filter", "copy", "order", "back"]
    }

    func disabledReason(_ action: ActionID, _ workspace: Workspace) -> String? {
        guard action == "new" || action == "copy" else { return nil }
        guard let entry = current(workspace) else { return "no data set is under the cursor" }
        return action == "new" && entry.state == .missing ? "it is not on this machine; y copies the command that brings it" : nil
    }

    private func entries(_ workspace: Workspace) -> [DatasetEntry] {
        let words = filter.text.lowercased().split(separator: " ")
        let found = workspace.datasets.filter { entry in
            let text = "\(entry.identifier) \(entry.title) \(entry.kind.title) \(entry.state.rawValue)".lowercased()
            return words.allSatisfy { word in word.first == "!" && word.count > 1 ? !text.contains(word.dropFirst()) : text.contains(word) }
        }
        guard showsPresentFirst else { return found.sorted { $0.identifier < $1.identifier } }
        return found.filter { $0.state != .missing } + found.filter { $0.state == .missing }
    }

    private func current(_ workspace: Workspace) -> DatasetEntry? {
        let entries = entries(workspace)
        return entries.indices.contains(cursor.index) ? entries[cursor.index] : nil
    }

    // MARK: Actions

    mutating func appear(_ workspace: inout Workspace) -> [Outcome] {
        keepCursor(workspace)
        return [.effect(.listDatasets)] + look(workspace)
    }

    mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        if isTyping { return handleFilter(action, workspace) }
        if focus.handle(action) { return [] }
        let entries = entries(workspace)
        if focus.index == 1, scroll.handle(action, count: 200, page: pageSize(workspace)) { return [] }
        if cursor.handle(action, count: entries.count, page: pageSize(workspace)) { return moved(workspace) }
        switch action {
        case "open":
            focus.move(to: 1)
            return []
        case "back":
            if focus.index == 1 {
                focus.move(to: 0)
                return []
            }
            guard !filter.text.isEmpty else { return nil }
            let before = filter.text
            filter = TextField()
            keepCursor(workspace)
            return [.undoable(UndoEntry("clear the filter", undo: .filter(before), redo: .filter("")))] + look(workspace)
        case "filter":
            filterBefore = filter.text
            return []
        case "order":
            showsPresentFirst.toggle()
            keepCursor(workspace)
            return [.toast(.information, showsPresentFirst ? "present sets first" : "all sets by name")]
        case "refresh":
            looks = [:]
            return [.effect(.listDatasets), .toast(.information, "looking at the folders again")] + look(workspace)
        case "new": return current(workspace).map { [.open("methods", [$0.identifier])] } ?? []
        case "copy":
            guard let entry = current(workspace) else { return [] }
            if entry.state == .missing, let command = entry.obtain { return [.effect(.copy(command,
                what: "the command that brings \(entry.identifier)"))] }
            return [.effect(.copy(entry.identifier, what: "the name \(entry.identifier)"))]
        default: return nil
        }
    }

    private mutating func handleFilter(_ action: ActionID, _ workspace: Workspace) -> [Outcome]? {
        guard let before = filterBefore else { return nil }
        switch action {
        case "accept":
            filterBefore = nil
            return before == filter.text ? [] : [.undoable(UndoEntry("filter “\(filter.text)”", undo: .filter(before), redo: .filter(filter.text)))]
        case "cancel", "interrupt":
            filterBefore = nil
            filter = TextField(before)
            keepCursor(workspace)
            return look(workspace)
        default:
            _ = cursor.handle(action, count: entries(workspace).count, page: 1)
            return moved(workspace)
        }
    }

    mutating func type(_ key: KeyPress, _ workspace: inout Workspace) -> [Outcome]? {
        guard filter.type(key) else { return nil }
        keepCursor(workspace)
        return look(workspace)
    }

    mutating func paste(_ text: String, _ workspace: inout Workspace) -> [Outcome] {
        filter.insert(text)
        keepCursor(workspace)
        return look(workspace)
    }

    mutating func apply(_ change: UndoEntry.Change, _ workspace: inout Workspace) {
        guard case .filter(let text) = change else { return }
        filter = TextField(text)
        keepCursor(workspace)
    }

    mutating func receive(_ content: Message.Content, _ workspace: inout Workspace) -> [Outcome] {
        switch content {
        case .datasets:
            keepCursor(workspace)
            return look(workspace)
        case .datasetPreview(let dataset, let preview): looks[dataset] = .preview(preview)
        case .datasetPreviewFailed(let dataset, let sentence): looks[dataset] = .failed(sentence)
        default: break
        }
        return []
    }

    mutating func pointer(_ event: MouseEvent, area: Rect, _ workspace: inout Workspace) -> [Outcome] {
        switch event.action {
        case .wheelDown: return handle("down", &workspace) ?? []
        case .wheelUp: return handle("up", &workspace) ?? []
        case .press(.left):
            let layout = layout(area, workspace)
            guard let panel = layout.panel(x: event.x, y: event.y) else { return [] }
            focus.move(to: panel)
            let list = Self.listArea(layout.panels[0]), entries = entries(workspace)
            let index = cursor.firstRow(count: entries.count, height: list.height) + event.y - list.y
            guard panel == 0, list.contains(x: event.x, y: event.y), entries.indices.contains(index) else { return [] }
            cursor.index = index
            return moved(workspace)
        default: return []
        }
    }

    private mutating func moved(_ workspace: Workspace) -> [Outcome] {
        selected = current(workspace)?.identifier
        scroll.index = 0
        return look(workspace)
    }

    private mutating func keepCursor(_ workspace: Workspace) {
        let entries = entries(workspace)
        if let selected, let index = entries.firstIndex(where: { $0.identifier == selected }) { cursor.index = index }
        cursor.clamp(entries.count)
        if workspace.datasetsAreKnown { selected = current(workspace)?.identifier }
    }

    private mutating func look(_ workspace: Workspace) -> [Outcome] {
        guard let entry = current(workspace), entry.state != .missing, looks[entry.identifier] == nil else { return [] }
        looks[entry.identifier] = .asked
        return [.effect(.preview(dataset: entry.identifier))]
    }

    // MARK: Drawing

    private func layout(_ area: Rect, _ workspace: Workspace) -> PanelLayout {
        PanelLayout(count: 2, focus: focus.index, area: area, size: workspace.size, listShare: 0.46)
    }

    private func pageSize(_ workspace: Workspace) -> Int {
        Self.listArea(layout(ScreenFrame.areas(workspace.size).body, workspace).panels[0]).height
    }

    private static func listArea(_ panel: Rect) -> Rect { panel.inset().split(top: 1).1 }

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles, layout = layout(area, workspace)
        layout.drawTabs(["Data sets", "Preview"], focus: focus.index, into: &grid, styles: styles)
        drawList(into: &grid, area: layout.panels[0], workspace)
        let entry = current(workspace)
        var panel = DatasetPanel(entry: entry, isFocused: focus.index == 1, scroll: scroll.index)
        switch entry.flatMap({ looks[$0.identifier] }) {
        case .preview(let preview): panel.preview = preview
        case .failed(let sentence): panel.failure = sentence
        case .asked, nil: break
        }
        panel.draw(into: &grid, area: layout.panels[1], workspace)
    }

    private func drawList(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles, entries = entries(workspace)
        let isFiltered = isTyping || !filter.text.isEmpty
        let inside = Panel(isFiltered && !isTyping ? "Data sets  /\(filter.text)" : "Data sets", isFocused: focus.index == 0,
                           note: isFiltered ? "[\(entries.count)/\(workspace.datasets.count)]" : "\(workspace.datasets.count)")
            .draw(into: &grid, area: area, styles: styles)
        let (head, list) = inside.split(top: 1)
        // State, kind and rows are never cut; names give way, and the licence shows where room is left.
        let nameWidth = min(max(6, entries.map(\.identifier.columnWidth).max() ?? 6), max(6, list.width - 11 - 1 - 13 - 9))
        let kindX = 12 + nameWidth, rowsX = kindX + 13, licenceX = rowsX + 11
        if isTyping {
            let width = grid.write("/", x: head.x, y: head.y, style: styles[.footerKey], within: head)
            filter.draw(into: &grid, x: head.x + width, y: head.y, width: head.width - width, styles: styles)
        } else {
            for (x, name) in [(0, "state"), (11, "name"), (kindX, "kind"), (rowsX, "     rows"), (licenceX,
                list.width >= licenceX + 7 ? "licence" : "")] {
                grid.write(name, x: head.x + x, y: head.y, style: styles[.dim], within: head)
            }
        }
        guard !entries.isEmpty else {
            let words = !workspace.datasetsAreKnown ? "looking for data …" : filter.text.isEmpty ? "no data sets are known" : "no data set matches; esc shows all again"
            grid.write(words.truncated(to: list.width), x: list.x + 1, y: list.y, style: styles[.hint], within: list)
            return
        }
        let first = cursor.firstRow(count: entries.count, height: list.height)
        for (offset, entry) in entries.dropFirst(first).prefix(list.height).enumerated() {
            let y = list.y + offset, isCursor = first + offset == cursor.index
            let base = isCursor ? styles[focus.index == 0 ? .selection : .selectionInactive] : styles[.text]
            if isCursor { grid.fill(Rect(x: list.x, y: y, width: list.width, height: 1), with: " ", style: base) }
            func write(_ text: String, _ x: Int, _ width: Int, _ role: ThemeRole) {
                grid.write(text.middleTruncated(to: width), x: list.x + x, y: y, style: isCursor ? base : styles[role], within: list)
            }
            write("\(entry.state.glyph) \(entry.state.rawValue)", 0, 10, entry.state.role)
            write(entry.identifier, 11, nameWidth, entry.state == .missing ? .dim : .text)
            write(entry.kind.title, kindX, 12, .dim)
            write((entry.rows.map(NumberText.grouped) ?? "").padded(to: 9, .right), rowsX, 9, .text)
            write(entry.licence, licenceX, max(0, list.width - licenceX), .dim)
        }
    }
}

extension DatasetState {
    /// Glyph and word: a state is never colour alone.
    var glyph: String {
        switch self {
        case .embedded: "●"
        case .present: "✓"
        case .missing: "○"
        }
    }

    var role: ThemeRole {
        switch self {
        case .embedded, .present: .done
        case .missing: .waiting
        }
    }
}
