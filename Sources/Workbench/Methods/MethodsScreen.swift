import Datasets
import Experiments
import Terminal

extension Place {
    static let methods = Place("Methods")
}

/// The methods: the question that each answers, how, from which paper, and what it can work on.
struct MethodsScreen: Screen {
    static let descriptor = ScreenDescriptor(
        name: "methods", summary: "Shows the methods; of a data set those that can work on it.", usage: "[DATA]", bindings: bindings,
        completions: { $0.datasets.map(\.identifier) },
        open: { arguments, _ in MethodsScreen(dataset: arguments.first) })

    static let bindings: [Binding] = [
        Binding("y", action: "copy", verb: "copy", hint: "Copies the command that lists the method's parameters.", place: .methods),
    ]

    private var focus = PanelFocus(count: 2)
    private var cursor = ListCursor()
    /// The data set to train on; nil leaves it open.
    private let dataset: String?

    init(dataset: String?) { self.dataset = dataset }

    func breadcrumb(_ workspace: Workspace) -> [String] { ["new"] + (dataset.map { ["on \($0)"] } ?? []) }
    func places(_ workspace: Workspace) -> [Place] { [.methods, .lists] }
    func footer(_ workspace: Workspace) -> [ActionID] { ["open", "down", "up", "copy", "back"] }

    func disabledReason(_ action: ActionID, _ workspace: Workspace) -> String? {
        guard action == "open" else { return nil }
        guard let method = current(workspace) else { return "no method is under the cursor" }
        return refusal(method, workspace)
    }

    private func current(_ workspace: Workspace) -> (any Method)? {
        workspace.methods.indices.contains(cursor.index) ? workspace.methods[cursor.index] : nil
    }

    /// Why a method cannot work on the chosen data set.
    private func refusal(_ method: any Method, _ workspace: Workspace) -> String? {
        guard let dataset, let entry = workspace.dataset(dataset), case .refused(let sentence) = method.accepts(entry) else { return nil }
        return sentence
    }

    mutating func appear(_ workspace: inout Workspace) -> [Outcome] {
        cursor.index = workspace.methods.firstIndex { refusal($0, workspace) == nil } ?? 0
        return workspace.datasetsAreKnown ? [] : [.effect(.listDatasets)]
    }

    mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        if focus.handle(action) { return [] }
        if cursor.handle(action, count: workspace.methods.count, page: ScreenFrame.areas(workspace.size).body.height - 3) { return [] }
        guard let method = current(workspace) else { return nil }
        switch action {
        case "open": return [.open("new", [method.description.identifier] + (dataset.map { [$0] } ?? []))]
        case "copy": return [.effect(.copy("lathe methods \(method.description.identifier)", what: "the command"))]
        default: return nil
        }
    }

    mutating func pointer(_ event: MouseEvent, area: Rect, _ workspace: inout Workspace) -> [Outcome] {
        switch event.action {
        case .wheelDown: return handle("down", &workspace) ?? []
        case .wheelUp: return handle("up", &workspace) ?? []
        case .press(.left):
            let layout = layout(area, workspace)
            guard let panel = layout.panel(x: event.x, y: event.y) else { return [] }
            focus.move(to: panel)
            let list = layout.panels[0].inset()
            let index = cursor.firstRow(count: workspace.methods.count, height: list.height) + event.y - list.y
            guard panel == 0, list.contains(x: event.x, y: event.y), workspace.methods.indices.contains(index) else { return [] }
            if cursor.index == index, disabledReason("open", workspace) == nil { return handle("open", &workspace) ?? [] }
            cursor.index = index
            return []
        default: return []
        }
    }

    private func layout(_ area: Rect, _ workspace: Workspace) -> PanelLayout {
        PanelLayout(count: 2, focus: focus.index, area: area, size: workspace.size, listShare: 0.45)
    }

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles, layout = layout(area, workspace)
        layout.drawTabs(["Methods", "What it does"], focus: focus.index, into: &grid, styles: styles)
        let inside = Panel("Methods", isFocused: focus.index == 0, note: "\(workspace.methods.count)").draw(into: &grid,
            area: layout.panels[0], styles: styles)
        if workspace.methods.isEmpty { grid.write("this build has no methods", x: inside.x + 1, y: inside.y, style: styles[.hint], within: inside) }
        let nameWidth = min(max(8, workspace.methods.map(\.description.identifier.columnWidth).max() ?? 0), max(8, inside.width / 2))
        let first = cursor.firstRow(count: workspace.methods.count, height: inside.height)
        for (offset, method) in workspace.methods.dropFirst(first).prefix(inside.height).enumerated() {
            let y = inside.y + offset, isCursor = first + offset == cursor.index, reason = refusal(method, workspace)
            let base = isCursor ? styles[focus.index == 0 ? .selection : .selectionInactive] : styles[reason == nil ? .text : .disabled]
            if isCursor { grid.fill(Rect(x: inside.x, y: y, width: inside.width, height: 1), with: " ", style: base) }
            grid.write(method.description.identifier.middleTruncated(to: nameWidth), x: inside.x + 1, y: y, style: base, within: inside)
            let words = reason == nil ? method.description.title : "not on \(dataset ?? "")"
            grid.write(words.truncated(to: max(0, inside.width - nameWidth - 4)), x: inside.x + nameWidth + 3, y: y,
                       style: isCursor ? base : styles[.dim], within: inside)
        }
        drawDetail(into: &grid, area: layout.panels[1], workspace)
    }

    private func drawDetail(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        let description = current(workspace)?.description
        let inside = Panel(description?.title ?? "What it does", isFocused: focus.index == 1).draw(into: &grid, area: area, styles: styles)
        guard let method = current(workspace), let description else { return }
        var lines: [(String, ThemeRole)] = []
        func add(_ text: String, _ role: ThemeRole) { lines += text.wrapped(max(1, inside.width - 2)).map { ($0, role) } }
        add(description.question, .strong)
        lines.append(("", .text))
        add(description.explanation, .text)
        lines.append(("", .text))
        add(description.paper, .dim)
        if let reason = refusal(method, workspace) {
            lines.append(("", .text))
            add(reason, .error)
        }
        lines.append(("", .text))
        let accepted = workspace.datasets.filter { method.accepts($0) == .accepted }
        let here = accepted.filter { $0.state != .missing }.map(\.identifier), away = accepted.filter { $0.state == .missing }.map(\.identifier)
        if !here.isEmpty { add("works on \(here.joined(separator: ", "))", .done) }
        if !away.isEmpty { add("and, when they are here, on \(away.joined(separator: ", "))", .dim) }
        lines.append(("", .text))
        add("\(method.parameters.count) parameters: \(method.parameters.map(\.name).joined(separator: ", "))", .dim)
        for (offset, line) in lines.prefix(inside.height).enumerated() {
            grid.write(line.0, x: inside.x + 1, y: inside.y + offset, style: styles[line.1], within: inside)
        }
    }
}
