import Experiments
import Terminal

/// The runs: what runs now, what was found, and a preview of the one under the cursor that needs no key.
struct HomeScreen: Screen {
    static let descriptor = ScreenDescriptor(name: "runs", summary: "Shows the list of runs.", bindings: bindings,
                                             open: { _, _ in HomeScreen() })

    private var focus = PanelFocus(count: 2)
    private var cursor = ListCursor()
    /// The row under the cursor by name: it stays there while rows come and go.
    private var selected: String?
    private var filter = TextField()
    private var filterBefore: String?
    private var order = RunOrder.when
    private var isReversed = false
    private var unfolded: Set<String> = []
    private var previews: [String: RunPreview] = [:]
    /// The points that a run had when its preview was asked for.
    private var asked: [String: Int] = [:]

    func breadcrumb(_ workspace: Workspace) -> [String] { ["runs"] }
    var isTyping: Bool { filterBefore != nil }
    func places(_ workspace: Workspace) -> [Place] { [.runs, .lists] }

    // MARK: What shows

    func rows(_ workspace: Workspace) -> [RunListRow] {
        let query = RunQuery(filter.text)
        let runs = query.isEmpty ? workspace.runs : workspace.runs.filter(query.matches)
        return RunList.rows(order.sorted(runs, isReversed: isReversed), unfolded: unfolded)
    }

    private func current(_ workspace: Workspace) -> RunListRow? {
        let rows = rows(workspace)
        return rows.indices.contains(cursor.index) ? rows[cursor.index] : nil
    }

    func footer(_ workspace: Workspace) -> [ActionID] {
        if isTyping { return ["accept", "cancel"] }
        guard let row = current(workspace) else { return filter.text.isEmpty ? ["new", "go.data", "go.sessions"] : ["filter", "back", "new"] }
        switch row.state {
        case .running, .paused: return ["open", "pause", "stop", "new", "mark", "compare", "filter"]
        case .waiting: return ["new", "stop", "mark", "filter", "delete"]
        case .failed, .interrupted, .cancelled: return ["resume", "open", "new", "delete", "mark", "compare", "filter"]
        case .finished: return ["new", "open", "mark", "compare", "filter", "delete", "order"]
        }
    }

    func disabledReason(_ action: ActionID, _ workspace: Workspace) -> String? {
        let row = current(workspace)
        switch action {
        case "open", "mark", "copy", "delete": return row == nil && !(action == "delete"
            && !workspace.marks.isEmpty) ? "no run is under the cursor" : nil
        case "crash": return workspace.crashes.isEmpty ? "no crash was reported" : nil
        case "unmark": return workspace.marks.isEmpty ? "nothing is marked" : nil
        case "compare":
            if workspace.marks.count >= 2 || row?.runs.count ?? 0 >= 2 { return nil }
            return workspace.marks.count == 1 ? "mark a second run with space" : "mark two runs with space first"
        case "pause": return row?.runs.contains { $0.state == .running || $0.state == .paused } ?? false ? nil : "it is not running"
        case "stop": return row?.runs.contains(where: Self.canStop) ?? false ? nil : "it is not running"
        case "resume": return row?.runs.contains { $0.isResumable && $0.state != .finished } ?? false ? nil : "it is neither stopped nor failed"
        default: return nil
        }
    }

    /// What runs in another process can be steered as well: it hears of it within a second. What waits there cannot.
    private static func canStop(_ run: RunRow) -> Bool { run.isActiveHere || run.state == .running || run.state == .paused }

    // MARK: Actions

    mutating func appear(_ workspace: inout Workspace) -> [Outcome] { look(workspace) }
    mutating func uncover(_ workspace: inout Workspace) -> [Outcome] { look(workspace) }

    mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        if isTyping { return handleFilter(action, workspace) }
        if focus.handle(action) { return [] }
        let rows = rows(workspace)
        if cursor.handle(action, count: rows.count, page: pageSize(workspace)) {
            selected = rows.indices.contains(cursor.index) ? rows[cursor.index].identifier : nil
            return look(workspace)
        }
        let row = rows.indices.contains(cursor.index) ? rows[cursor.index] : nil
        switch action {
        case "open":
            guard let row else { return [] }
            guard row.isStudy else { return [.open("run", [row.identifier])] }
            toggle(row.first?.study ?? "")
            return look(workspace)
        case "back":
            if let row, row.isUnfolded || row.isIndented, let study = row.first?.study {
                unfolded.remove(study)
                keepCursor(on: "study:" + study, workspace)
                return look(workspace)
            }
            guard !filter.text.isEmpty else { return nil }
            let before = filter.text
            filter = TextField()
            keepCursor(on: selected, workspace)
            return [.undoable(UndoEntry("clear the filter", undo: .filter(before), redo: .filter("")))] + look(workspace)
        case "new": return [.open("new", [])]
        case "filter":
            filterBefore = filter.text
            filter = TextField(filter.text)
            return []
        case "order", "reverse":
            if action == "order" { order = order.next } else { isReversed.toggle() }
            keepCursor(on: selected, workspace)
            return [.toast(.information, "ordered by \(order.rawValue)\(isReversed ? ", reversed" : "")")]
        case "mark", "unmark": return mark(action == "unmark" ? [] : row?.runs.map(\.identifier) ?? [], &workspace)
        case "compare":
            let runs = workspace.marks.count >= 2 ? workspace.marks : row?.runs.reversed().map(\.identifier) ?? []
            return [.open("compare", runs)]
        case "pause": return row?.runs.compactMap { run in
                switch run.state {
                case .running: .effect(.pause(run: run.identifier))
                case .paused: .effect(.resume(run: run.identifier))
                default: nil
                }
            } ?? []
        case "stop", "interrupt": return stop(row, isInterrupt: action == "interrupt")
        case "resume": return row?.runs.filter { $0.isResumable && $0.state != .finished }.map { run in
                .effect(run.state == .failed ? .retry(run: run.identifier) : .resume(run: run.identifier))
            } ?? []
        case "delete": return askToDelete(row, workspace)
        case "copy": return row?.first.map { [.effect(.copy(RunCommand.text($0.request,
            method: workspace.method($0.request.method)), what: "the command"))] } ?? []
        case "crash": return [.push(CrashScreen())]
        case "go.data": return [.open("data", [])]
        case "go.sessions": return [.open("sessions", [])]
        default: return nil
        }
    }

    private mutating func toggle(_ study: String) {
        if unfolded.remove(study) == nil { unfolded.insert(study) }
    }

    private func stop(_ row: RunListRow?, isInterrupt: Bool) -> [Outcome]? {
        let active = row?.runs.filter(Self.canStop) ?? []
        if active.isEmpty { return isInterrupt ? [] : nil }
        let effects = active.map { Outcome.effect(.cancel(run: $0.identifier)) }
        return effects + [.toast(.information, "stopping \(active.count == 1 ? active[0].shortName : "\(active.count) runs") with a checkpoint; r goes on later")]
    }

    private func mark(_ runs: [String], _ workspace: inout Workspace) -> [Outcome] {
        let before = workspace.marks
        if runs.isEmpty {
            workspace.marks = []
        } else if runs.allSatisfy(before.contains) {
            workspace.marks.removeAll(where: runs.contains)
        } else {
            workspace.marks += runs.filter { !before.contains($0) }
        }
        workspace.series.register(workspace.marks)
        let words = runs.isEmpty ? "unmark all" : workspace.marks.count > before.count ? "mark \(runs.count == 1 ? "a run" : "\(runs.count) runs")" : "unmark"
        return [.undoable(UndoEntry(words, undo: .marks(before), redo: .marks(workspace.marks)))]
    }

    private func askToDelete(_ row: RunListRow?, _ workspace: Workspace) -> [Outcome] {
        let runs = workspace.marks.isEmpty ? row?.runs ?? [] : workspace.marks.compactMap(workspace.run)
        guard !runs.isEmpty else { return [] }
        if let active = runs.first(where: { $0.state == .running || $0.state == .paused }) {
            return [.toast(.warning, "\(active.shortName) is in progress; stop it first (s)")]
        }
        let points = runs.reduce(0) { $0 &+ $1.pointCount }
        let what = runs.count == 1 ? runs[0].name : "\(runs.count) runs (\(runs.prefix(3).map(\.shortName).joined(separator: ", "))\(runs.count > 3 ? ", …" : ""))"
        return [.push(ChoiceDialog(title: "Delete?",
            question: "\(what) with \(NumberText.grouped(points)) points, results and checkpoints goes from the store. u takes it back for \(Int(Toast.lifetime)) s.",
                                   answers: [.init("keep", []), .init("delete", [.delete(runs.map(\.identifier))])]))]
    }

    // MARK: Filter

    private mutating func handleFilter(_ action: ActionID, _ workspace: Workspace) -> [Outcome]? {
        guard let before = filterBefore else { return nil }
        let count = rows(workspace).count
        switch action {
        case "accept":
            filterBefore = nil
            return before == filter.text ? [] : [.undoable(UndoEntry("filter “\(filter.text)”", undo: .filter(before), redo: .filter(filter.text)))]
        case "cancel", "interrupt":
            filterBefore = nil
            filter = TextField(before)
            keepCursor(on: selected, workspace)
            return look(workspace)
        case "complete":
            let words = filter.text.split(separator: " ", omittingEmptySubsequences: false)
            if let last = words.last, let field = RunQuery.fields.first(where: { $0.hasPrefix(last.lowercased()) && !last.isEmpty }) {
                filter = TextField((words.dropLast().map(String.init) + [field]).joined(separator: " "))
            }
            return []
        default:
            _ = cursor.handle(action, count: count, page: 1)
            return look(workspace)
        }
    }

    mutating func type(_ key: KeyPress, _ workspace: inout Workspace) -> [Outcome]? {
        guard filter.type(key) else { return nil }
        keepCursor(on: selected, workspace)
        return look(workspace)
    }

    mutating func paste(_ text: String, _ workspace: inout Workspace) -> [Outcome] {
        filter.insert(text)
        keepCursor(on: selected, workspace)
        return look(workspace)
    }

    mutating func apply(_ change: UndoEntry.Change, _ workspace: inout Workspace) {
        guard case .filter(let text) = change else { return }
        filter = TextField(text)
        keepCursor(on: selected, workspace)
    }

    // MARK: Messages, mouse

    mutating func receive(_ content: Message.Content, _ workspace: inout Workspace) -> [Outcome] {
        switch content {
        case .runs:
            keepCursor(on: selected, workspace)
            return look(workspace)
        case .runPreview(let preview):
            if previews.count > 60 { previews = [:] }
            previews[preview.run] = preview
        case .submitted(let runs, _):
            selected = runs.first
            cursor.index = 0
        default: break
        }
        return []
    }

    mutating func pointer(_ event: MouseEvent, area: Rect, _ workspace: inout Workspace) -> [Outcome] {
        let layout = layout(area, workspace)
        switch event.action {
        case .wheelDown: return handle("down", &workspace) ?? []
        case .wheelUp: return handle("up", &workspace) ?? []
        case .press(.left):
            guard let panel = layout.panel(x: event.x, y: event.y) else { return [] }
            focus.move(to: panel)
            guard panel == 0 else { return [] }
            let list = HomeList.listArea(layout.panels[0]), rows = rows(workspace)
            let index = cursor.firstRow(count: rows.count, height: list.height) + event.y - list.y
            guard list.contains(x: event.x, y: event.y), rows.indices.contains(index) else { return [] }
            if index == cursor.index { return handle("open", &workspace) ?? [] }
            cursor.index = index
            selected = rows[index].identifier
            return look(workspace)
        default: return []
        }
    }

    /// The cursor follows its row; where the row is gone it stays near.
    private mutating func keepCursor(on identifier: String?, _ workspace: Workspace) {
        let rows = rows(workspace)
        if let identifier, let index = rows.firstIndex(where: { row in row.identifier == identifier || (row.isStudy
            && !row.isUnfolded && row.runs.contains { $0.identifier == identifier }) }) {
            cursor.index = index
        }
        cursor.clamp(rows.count)
        selected = rows.indices.contains(cursor.index) ? rows[cursor.index].identifier : nil
    }

    /// Asks for the preview of the run under the cursor where it is missing or has grown; not while another screen hides it.
    private mutating func look(_ workspace: Workspace) -> [Outcome] {
        guard !workspace.isCovered, let run = current(workspace)?.lead, run.pointCount != asked[run.identifier] ?? -1 else { return [] }
        asked[run.identifier] = run.pointCount
        return [.effect(.previewRun(run.identifier))]
    }

    // MARK: Drawing

    private func pageSize(_ workspace: Workspace) -> Int {
        HomeList.listArea(layout(ScreenFrame.areas(workspace.size).body, workspace).panels[0]).height
    }

    private func layout(_ area: Rect, _ workspace: Workspace) -> PanelLayout {
        PanelLayout(count: 2, focus: focus.index, area: area, size: workspace.size,
                    listShare: PanelLayout.form(workspace.size) == .columns(3) ? 0.46 : 0.62)
    }

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles, layout = layout(area, workspace)
        layout.drawTabs(["Runs", "Preview"], focus: focus.index, into: &grid, styles: styles)
        let rows = rows(workspace)
        let list = HomeList(rows: rows, cursor: cursor, filter: filter, isFiltering: isTyping, order: order, isReversed: isReversed,
                            isFocused: focus.index == 0)
        list.draw(into: &grid, area: layout.panels[0], workspace)
        let row = rows.indices.contains(cursor.index) ? rows[cursor.index] : nil
        RunPreviewPanel(row: row, preview: row?.lead.flatMap { previews[$0.identifier] }, isFocused: focus.index == 1,
                        hasDetailColumn: PanelLayout.form(workspace.size) == .columns(3))
            .draw(into: &grid, area: layout.panels[1], workspace)
    }
}
