import Datasets
import Experiments
import Terminal

/// The form that starts a run, made from the method's parameters.
struct NewRunScreen: Screen {
    static let descriptor = ScreenDescriptor(
        name: "new", summary: "Sets a method up and starts it.", usage: "[METHOD [DATA]]", bindings: bindings,
        completions: { workspace in workspace.methods.map(\.description.identifier)
            + workspace.datasets.filter { $0.state != .missing }.map(\.identifier) },
        open: { arguments, workspace throws(CommandError) in
            guard let name = arguments.first else {
                guard workspace.methods.count == 1, let only = workspace.methods.first else { return MethodsScreen(dataset: nil) }
                return NewRunScreen(method: only, dataset: nil, workspace)
            }
            guard let method = workspace.method(name) else {
                throw CommandError("there is no method “\(name)”; there are \(workspace.methods.map(\.description.identifier).joined(separator: ", "))")
            }
            if arguments.count > 1, workspace.datasetsAreKnown, workspace.dataset(arguments[1]) == nil {
                throw CommandError("there is no data set “\(arguments[1])”; :data lists them")
            }
            return NewRunScreen(method: method, dataset: arguments.count > 1 ? arguments[1] : nil, workspace)
        })

    private var form: RunForm
    private var cursor = ListCursor()
    private var focus = PanelFocus(count: 2)
    /// What is being typed, and why it cannot be.
    private var typed: TextField?
    private var mistake: String?
    private var cost: Estimate?
    private var isDatasetChosen: Bool
    private var isStarting = false

    init(method: any Method, dataset: String?, _ workspace: Workspace) {
        isDatasetChosen = dataset != nil
        form = RunForm(method: method, dataset: dataset ?? Self.firstDataset(method, workspace))
        estimate(workspace)
    }

    private static func firstDataset(_ method: any Method, _ workspace: Workspace) -> String {
        let accepted = workspace.datasets.filter { method.accepts($0) == .accepted }
        return (accepted.first { $0.state == .embedded } ?? accepted.first { $0.state == .present } ?? accepted.first)?.identifier ?? ""
    }

    // MARK: Where the screen is

    var isTyping: Bool { typed != nil }
    func breadcrumb(_ workspace: Workspace) -> [String] { ["new", form.method.description.title] }
    func places(_ workspace: Workspace) -> [Place] { [.form, .lists] }
    func footer(_ workspace: Workspace) -> [ActionID] {
        if isTyping { return ["accept", "cancel"] }
        return ["start", "more", "edit", "copy", form.isChanged(field) ? "reset" : "panel.next", "back"]
    }

    private var field: RunForm.Field {
        let fields = form.fields
        return fields.indices.contains(cursor.index) ? fields[cursor.index] : .plan
    }

    func disabledReason(_ action: ActionID, _ workspace: Workspace) -> String? {
        switch action {
        case "start": return isStarting ? "it is starting" : obstacle(workspace)
        case "reset": return form.isChanged(field) ? nil : "it has the plan's value"
        default: return nil
        }
    }

    /// Why the form cannot be started.
    private func obstacle(_ workspace: Workspace) -> String? {
        guard !form.dataset.isEmpty else { return workspace.datasetsAreKnown ? "no data set fits this method" : "still looking for data sets" }
        guard let entry = workspace.dataset(form.dataset) else { return workspace.datasetsAreKnown ? "there is no data set \(form.dataset)" : nil }
        if entry.state == .missing { return "\(form.dataset) is not on this machine; :data \(form.dataset) shows how to bring it" }
        if case .refused(let sentence) = form.method.accepts(entry) { return sentence }
        return nil
    }

    // MARK: Actions

    mutating func appear(_ workspace: inout Workspace) -> [Outcome] { workspace.datasetsAreKnown ? [] : [.effect(.listDatasets)] }

    mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        if isTyping { return handleTyping(action, workspace) }
        if focus.handle(action) { return [] }
        let fields = form.fields
        if cursor.handle(action, count: fields.count, page: ScreenFrame.areas(workspace.size).body.height - 3) { return [] }
        switch action {
        case "start":
            isStarting = true
            return [.effect(.submit(form.requests))]
        case "less", "more":
            if field == .data {
                stepDataset(action == "more" ? 1 : -1, workspace)
            } else {
                form.step(field, by: action == "more" ? 1 : -1)
            }
            estimate(workspace)
            return []
        case "edit": return edit(workspace)
        case "reset":
            form.reset(field)
            estimate(workspace)
            return []
        case "copy": return [.effect(.copy(command, what: "the command"))]
        default: return nil
        }
    }

    /// The command that does in a shell what the form does.
    private var command: String {
        let requests = form.requests
        guard let first = requests.first else { return "" }
        if form.condition == nil, form.conditions.count > 1 {
            // All settings of the plan: the plan itself, with what was changed.
            var request = first
            request.values = form.values
            return RunCommand.text(request, seeds: form.seeds ?? [], method: form.method)
        }
        return RunCommand.text(first, seeds: form.seeds ?? (requests.count == 1 ? [first.seed] : []), method: form.method)
    }

    private mutating func stepDataset(_ direction: Int, _ workspace: Workspace) {
        let accepted = workspace.datasets.filter { $0.state != .missing && form.method.accepts($0) == .accepted }.map(\.identifier)
        guard !accepted.isEmpty else { return }
        let index = accepted.firstIndex(of: form.dataset).map { ($0 + direction + accepted.count) % accepted.count } ?? 0
        form.choose(dataset: accepted[index])
        isDatasetChosen = true
    }

    private mutating func edit(_ workspace: Workspace) -> [Outcome] {
        if field == .data { return [.push(DatasetPicker(method: form.method, chosen: form.dataset))] }
        let choices = form.choices(field)
        if !choices.isEmpty { return [.push(ChoicePicker(title: form.title(field), choices: choices + form.sweepChoices(field), chosen: form.text(field)))] }
        typed = TextField(form.text(field))
        mistake = nil
        return []
    }

    mutating func receiveAnswer(_ answer: String, _ workspace: inout Workspace) -> [Outcome] {
        do { try form.set(field, to: answer) } catch { return [.toast(.failure, error.description)] }
        if field == .data { isDatasetChosen = true }
        cursor.clamp(form.fields.count)
        estimate(workspace)
        return []
    }

    // MARK: Typing

    func takes(_ key: KeyPress) -> Bool {
        if isTyping { return true }
        guard let text = key.insertedText, form.choices(field).isEmpty, field != .data else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
    }

    mutating func type(_ key: KeyPress, _ workspace: inout Workspace) -> [Outcome]? {
        var text = typed ?? TextField()
        guard text.type(key) else { return nil }
        typed = text
        check()
        return []
    }

    mutating func paste(_ text: String, _ workspace: inout Workspace) -> [Outcome] {
        typed?.insert(text)
        check()
        return []
    }

    /// The range is checked while it is typed, on a copy of the form.
    private mutating func check() {
        guard let typed else { return }
        var copy = form
        do {
            try copy.set(field, to: typed.text)
            mistake = nil
        } catch { mistake = error.description }
    }

    private mutating func handleTyping(_ action: ActionID, _ workspace: Workspace) -> [Outcome]? {
        switch action {
        case "accept", "up", "down", "complete":
            guard let text = typed?.text else { return [] }
            do { try form.set(field, to: text) } catch {
                mistake = error.description
                return []
            }
            typed = nil
            mistake = nil
            if action != "accept" { _ = cursor.handle(action == "up" ? "up" : "down", count: form.fields.count, page: 1) }
            cursor.clamp(form.fields.count)
            estimate(workspace)
        default:
            typed = nil
            mistake = nil
        }
        return []
    }

    // MARK: Messages, mouse

    mutating func receive(_ content: Message.Content, _ workspace: inout Workspace) -> [Outcome] {
        switch content {
        case .datasets:
            if !isDatasetChosen, form.dataset.isEmpty { form.choose(dataset: Self.firstDataset(form.method, workspace)) }
            estimate(workspace)
        case .submitted(let runs, _):
            guard isStarting else { return [] }
            let words = runs.count == 1 ? "\(form.method.description.identifier) starts on \(form.dataset)" : "\(runs.count) runs of \(form.method.description.identifier) are queued as one study"
            return [.home, .toast(.information, words)] + (runs.first.map { [.open("run", [$0])] } ?? [])
        case .effectFailed: isStarting = false
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
            guard let panel = layout.panel(x: event.x, y: event.y), !isTyping else { return [] }
            focus.move(to: panel)
            let list = layout.panels[0].inset(), fields = form.fields
            let index = cursor.firstRow(count: fields.count, height: list.height) + event.y - list.y
            guard panel == 0, list.contains(x: event.x, y: event.y), fields.indices.contains(index) else { return [] }
            if index == cursor.index { return edit(workspace) }
            cursor.index = index
            return []
        default: return []
        }
    }

    private mutating func estimate(_ workspace: Workspace) {
        cost = nil
        guard let entry = workspace.dataset(form.dataset), let request = form.requests.first,
              form.method.accepts(entry) == .accepted else { return }
        cost = form.method.estimate(request, dataset: entry)
    }

    // MARK: Drawing

    private func layout(_ area: Rect, _ workspace: Workspace) -> PanelLayout {
        PanelLayout(count: 2, focus: focus.index, area: area, size: workspace.size, listShare: 0.52)
    }

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles, layout = layout(area, workspace)
        layout.drawTabs(["Settings", "What it does"], focus: focus.index, into: &grid, styles: styles)
        drawSettings(into: &grid, area: layout.panels[0], isAlone: layout.tabs != nil, workspace)
        drawExplanation(into: &grid, area: layout.panels[1], workspace)
    }

    private func drawSettings(into grid: inout CellGrid, area: Rect, isAlone: Bool, _ workspace: Workspace) {
        let styles = workspace.styles, fields = form.fields
        let inside = Panel("Settings", isFocused: focus.index == 0, note: form.requests.count == 1 ? "1 run" : "\(form.requests.count) runs")
            .draw(into: &grid, area: area, styles: styles)
        guard inside.width > 10 else { return }
        // One panel alone keeps the help and the cost at its foot.
        var foot: [(String, ThemeRole)] = []
        if let mistake { foot += mistake.wrapped(inside.width - 2).map { ($0, .error) } }
        if isAlone {
            let help = form.help(field).wrapped(inside.width - 2)
            foot += help.prefix(3).enumerated().map { ($0 == 2 && help.count > 3 ? ($1 + " …").truncated(to: inside.width - 2) : $1, .hint) }
            foot.append((costText, .dim))
        }
        if let obstacle = obstacle(workspace) { foot += obstacle.wrapped(inside.width - 2).prefix(2).map { ($0, .error) } }
        foot = Array(foot.prefix(max(0, inside.height - 3)))
        let (list, below) = inside.split(top: inside.height - foot.count)
        for (offset, line) in foot.enumerated() { grid.write(line.0, x: below.x + 1, y: below.y + offset, style: styles[line.1], within: below) }
        let hidden = fields.count - cursor.firstRow(count: fields.count, height: list.height) - list.height
        if hidden > 0 { grid.write(" ↓ \(hidden) more ", x: area.x + 2, y: area.maxY - 1, style: styles[.dim], within: area) }
        let titleWidth = min(max(6, fields.map { form.title($0).columnWidth }.max() ?? 0), max(6, list.width / 3))
        let valueX = list.x + titleWidth + 4, rangeX = max(valueX + 14, list.x + list.width * 3 / 5)
        let first = cursor.firstRow(count: fields.count, height: list.height)
        for (offset, field) in fields.dropFirst(first).prefix(list.height).enumerated() {
            let y = list.y + offset, isCursor = first + offset == cursor.index
            let base = isCursor ? styles[focus.index == 0 ? .selection : .selectionInactive] : styles[.text]
            if isCursor { grid.fill(Rect(x: list.x, y: y, width: list.width, height: 1), with: " ", style: base) }
            if form.isChanged(field) { grid.write("•", x: list.x, y: y, style: isCursor ? base : styles[.mark], within: list) }
            grid.write(form.title(field).truncated(to: titleWidth), x: list.x + 2, y: y, style: isCursor ? base : styles[.dim], within: list)
            if isCursor, let typed {
                typed.draw(into: &grid, x: valueX, y: y, width: max(4, min(24, rangeX - valueX - 1)), styles: styles)
            } else {
                drawValue(field, isCursor: isCursor, base: base, into: &grid, x: valueX, y: y, room: rangeX - valueX - 1, list: list, styles: styles)
            }
            if form.choices(field).isEmpty {
                let isWrong = isCursor && mistake != nil
                grid.write(form.range(field).truncated(to: max(0, list.maxX - rangeX)), x: rangeX, y: y,
                    style: isWrong ? styles[.error] : isCursor ? base : styles[.dim], within: list)
            }
        }
    }

    /// A number with its unit, or a choice in angle brackets with its neighbours where there is room.
    private func drawValue(_ field: RunForm.Field, isCursor: Bool, base: Style, into grid: inout CellGrid, x: Int, y: Int,
        room: Int, list: Rect, styles: Styles) {
        let choices = form.choices(field)
        guard !choices.isEmpty else {
            let unit = form.unit(field)
            let text = form.text(field) + (unit.isEmpty ? "" : " \(unit)")
            grid.write(text.middleTruncated(to: max(4, room)), x: x, y: y, style: base, within: list)
            return
        }
        let chosen = form.text(field)
        let marks = styles.glyphs == .ascii ? ("<", ">") : ("‹", "›")
        let all = choices.map(\.value)
        let whole = all.map { $0 == chosen ? "\(marks.0) \($0) \(marks.1)" : $0 }.joined(separator: "  ")
        if whole.columnWidth <= list.maxX - x, field != .condition, all.contains(chosen) {
            var column = x
            for value in all {
                let isChosen = value == chosen
                column += grid.write(isChosen ? "\(marks.0) \(value) \(marks.1)" : value, x: column, y: y,
                    style: isCursor ? base : styles[isChosen ? .text : .disabled], within: list) + 2
            }
        } else {
            grid.write("\(marks.0) \(chosen.middleTruncated(to: max(4, list.maxX - x - 4))) \(marks.1)", x: x, y: y, style: base, within: list)
        }
    }

    private var costText: String {
        let count = form.requests.count
        let runs = count == 1 ? "1 run" : "\(count) runs"
        guard let cost else { return runs }
        let time = cost.seconds < 60 ? "\(max(1, Int(min(60, cost.seconds).rounded()))) s" : NumberText.duration(cost.seconds)
        return "\(runs) · \(time)\(count == 1 ? "" : " each") · \(NumberText.bytes(cost.bytes)) · \(NumberText.operations(cost.operations))"
    }

    private func drawExplanation(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles, description = form.method.description
        let inside = Panel("What it does", isFocused: focus.index == 1).draw(into: &grid, area: area, styles: styles)
        var lines: [(String, ThemeRole)] = []
        func add(_ text: String, _ role: ThemeRole) { lines += text.wrapped(max(1, inside.width - 2)).map { ($0, role) } }
        func gap() { lines.append(("", .text)) }
        add(form.title(field), .strong)
        add(form.help(field), .text)
        if typed != nil, form.takesSeveral(field) { add("Several values with commas between make a run for each.", .hint) }
        for choice in form.choices(field) where !choice.help.isEmpty { add("  \(choice.value)  \(choice.help)", .dim) }
        gap()
        add("Estimate", .strong)
        add(costText, .text)
        if let entry = workspace.dataset(form.dataset) {
            add([entry.title, entry.rows.map { "\(NumberText.grouped($0)) rows" }, entry.shape].compactMap(\.self).joined(separator: " · "), .dim)
        }
        gap()
        add(description.title, .strong)
        add(description.question, .text)
        gap()
        add(description.explanation, .text)
        gap()
        add(description.paper, .dim)
        gap()
        add(command, .hint)
        for (offset, line) in lines.prefix(inside.height).enumerated() {
            grid.write(line.0, x: inside.x + 1, y: inside.y + offset, style: styles[line.1], within: inside)
        }
    }
}
