import Experiments
import Terminal

/// A run, live or finished: stages, progress and time left, and the panels that its method names.
public struct RunScreen: Screen {
    let run: String
    private(set) var model: RunModel
    /// All panels of the method, and which method's they are: of a run that is new to the list it is known only when it was read.
    private var allPanels: [RunPanel] = []
    private var panelMethod: String?
    /// Those that are shown: what a run's task leaves empty takes no room.
    private(set) var panels: [RunPanel] = []
    private(set) var focus = PanelFocus(count: 1)
    private(set) var isZoomed = false
    /// False until the store answered.
    private var isLoaded = false
    /// Why the run cannot be read.
    private var failure: String?

    public init(run: String) {
        self.run = run
        model = RunModel(identifier: run)
    }

    public static let descriptor = ScreenDescriptor(
        name: "run", summary: "Shows a run: curves, examples, results, parameters, notes.", usage: "RUN",
        bindings: PanelKeys.bindings + RunKeys.bindings,
        completions: { $0.runs.map(\.identifier) },
        open: { arguments, workspace throws(CommandError) in
            RunScreen(run: try RunArgument.identifier(arguments.first, workspace))
        })

    // MARK: Where the screen is

    public func breadcrumb(_ workspace: Workspace) -> [String] { ["runs", name(workspace)] }

    private func name(_ workspace: Workspace) -> String {
        if let row = workspace.run(run) { return row.name }
        guard let request = model.start?.request else { return run }
        return RunRow(identifier: run, study: "", request: request, state: model.state, created: 0).name
    }

    public func places(_ workspace: Workspace) -> [Place] { [.panels, .run, .charts, .lists] }

    public func footer(_ workspace: Workspace) -> [ActionID] {
        let own = focused?.view.actions(for: model).prefix(3) ?? []
        let job: [ActionID] = switch model.state {
        case .waiting where workspace.run(run)?.isResumable ?? false: ["run.resume"]
        case .running, .paused, .waiting: ["run.pause", "run.cancel"]
        case .failed, .cancelled, .interrupted: ["run.resume", "run.retry"]
        case .finished: ["run.mark"]
        }
        return ["panel.zoom"] + own.filter { $0 != "panel.zoom" } + job + ["panel.next"]
    }

    public func disabledReason(_ action: ActionID, _ workspace: Workspace) -> String? {
        let isHere = workspace.run(run)?.isHere ?? false
        switch action {
        case "run.pause":
            guard model.state == .running || model.state == .paused else { return "the run is \(model.state.word)" }
            return isHere ? nil : "another process works on the run"
        case "run.cancel":
            guard [.running, .paused, .waiting].contains(model.state) else { return "the run is \(model.state.word)" }
            return isHere ? nil : "another process works on the run"
        case "run.resume":
            guard [.failed, .cancelled, .interrupted, .waiting].contains(model.state) else { return "the run is \(model.state.word)" }
            if model.state == .waiting { return workspace.run(run)?.isResumable ?? false ? nil : "the run waits in the queue of its process" }
            return workspace.run(run)?.isResumable ?? false ? nil : "there is no checkpoint; R starts anew"
        case "run.retry":
            return [.failed, .cancelled, .interrupted, .finished].contains(model.state) ? nil : "the run is \(model.state.word)"
        default: return focused?.view.disabledReason(action, model: model)
        }
    }

    // MARK: Input

    public mutating func appear(_ workspace: inout Workspace) -> [Outcome] {
        if let row = workspace.run(run) { model.setState(row.state) }
        arrangePanels(workspace)
        return [.effect(.openRun(run))]
    }

    public mutating func disappear(_ workspace: inout Workspace) -> [Outcome] { [.effect(.closeRun(run))] }

    public mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        if focus.handle(action) { return [] }
        switch action {
        case "panel.zoom":
            isZoomed.toggle()
            return []
        case "run.pause": return [.effect(model.state == .paused ? .resume(run: run) : .pause(run: run))]
        case "run.resume": return [.effect(.resume(run: run))]
        case "run.retry": return [.effect(.retry(run: run))]
        case "run.cancel", "interrupt":
            guard disabledReason("run.cancel", workspace) == nil else { return action == "interrupt" ? [] : nil }
            return [.push(ChoiceDialog(title: "Stop the run?", question: "\(name(workspace)) \(cancelLoss)", answers: [
                .init("let it go on", []), .init("stop it", [.effect(.cancel(run: run))]),
            ]))]
        case "run.mark":
            let before = workspace.marks
            if let index = workspace.marks.firstIndex(of: run) { workspace.marks.remove(at: index) } else { workspace.marks.append(run) }
            let isMarked = workspace.marks.contains(run)
            return [.undoable(UndoEntry(isMarked ? "mark a run" : "unmark a run", undo: .marks(before), redo: .marks(workspace.marks))),
                    .toast(.information, isMarked ? "marked; \(workspace.marks.count) to compare with c at home" : "no longer marked")]
        case "run.copy": return [.effect(.copy("lathe show \(run)", what: "the command"))]
        default: break
        }
        let inside = insideOfFocus(workspace)
        if panels.indices.contains(focus.index),
           panels[focus.index].view.perform(action, model: model, size: inside.size) { return [] }
        if action == "back", isZoomed {
            isZoomed = false
            return []
        }
        // `h` and `l` of lists leave and open: inside a panel they never do.
        return ["left", "right", "open", "panel.open", "panel.order"].contains(action) ? [] : nil
    }

    /// What a stop costs, in words.
    private var cancelLoss: String {
        if let mark = model.checkpoint { return "can be resumed from its checkpoint “\(mark.name)”; what it did since then is done again." }
        return "stops at its next checkpoint, if there is one, and can be resumed from there."
    }

    public mutating func pointer(_ event: MouseEvent, area: Rect, _ workspace: inout Workspace) -> [Outcome] {
        let layout = layout(in: area)
        guard let spot = layout.spots.first(where: { $0.frame.contains(x: event.x, y: event.y) }) else { return [] }
        switch event.action {
        case .press(.left): focus.move(to: spot.panel)
        case .wheelUp, .wheelDown:
            guard panels.indices.contains(spot.panel) else { return [] }
            let action: ActionID = event.action == .wheelUp ? "up" : "down"
            _ = panels[spot.panel].view.perform(action, model: model, size: spot.frame.inset().size)
        default: break
        }
        return []
    }

    // MARK: News from outside

    public mutating func receive(_ content: Message.Content, _ workspace: inout Workspace) -> [Outcome] {
        switch content {
        case .runOpened(let opened) where opened.row.identifier == run:
            model = RunModel(opened)
            arrangePanels(workspace)
            // What stood there before the run was read was nobody's choice.
            if !isLoaded { focus.move(to: 0) }
            isLoaded = true
        case .effectFailed(let sentence) where !isLoaded: failure = sentence
        case .runEvents(let identifier, let events) where identifier == run:
            model.fold(events)
            arrangePanels(workspace)
        case .runs(let rows):
            guard let row = rows.first(where: { $0.identifier == run }) else { return [] }
            // A run that goes on after a stop drops the events after its checkpoint: it is read anew.
            let isAnew = [.failed, .cancelled, .interrupted].contains(model.state) && [.running, .waiting].contains(row.state)
            model.setState(row.state, at: workspace.now)
            if isAnew { return [.effect(.closeRun(run)), .effect(.openRun(run))] }
        case .tick:
            for index in panels.indices where panels[index].view.isPlaying { panels[index].view.advance(model: model) }
        default: break
        }
        return []
    }

    public var isAnimating: Bool { panels.contains { $0.view.isPlaying } }

    /// Brings the panels to what the run has by now; the focus stays with its panel.
    private mutating func arrangePanels(_ workspace: Workspace) {
        let method = (workspace.run(run)?.request.method ?? model.start?.request.method).flatMap(workspace.method)
        let name = method?.description.identifier
        if name == nil || name != panelMethod {
            allPanels = RunPanels.panels(method: method, model: model)
            panelMethod = name
        }
        let shown = RunPanels.shown(allPanels, of: model)
        guard shown.map(\.identifier) != panels.map(\.identifier) else { return }
        let focused = self.focused?.identifier
        panels = RunPanels.merged(shown, keeping: panels)
        focus.count = panels.count
        focus.move(to: panels.firstIndex { $0.identifier == focused } ?? 0)
    }

    // MARK: Drawing

    private var focused: RunPanel? { panels.indices.contains(focus.index) ? panels[focus.index] : nil }

    private func layout(in area: Rect) -> RunLayout {
        RunLayout(wide: panels.map(\.isWide), focus: focus.index, isZoomed: isZoomed, in: area.split(top: 1).1)
    }

    private func insideOfFocus(_ workspace: Workspace) -> Rect {
        let body = ScreenFrame.areas(workspace.size).body
        return layout(in: body).frame(of: focus.index)?.inset() ?? Rect(Size(width: 0, height: 0))
    }

    public func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        let layout = layout(in: area)
        guard isLoaded else {
            let lines = (failure ?? "reading \(name(workspace)) …").wrapped(max(1, area.width - 2))
            for (row, line) in lines.enumerated() where row < area.height {
                grid.write(line, x: area.x + 1, y: area.y + row, style: styles[failure == nil ? .dim : .error], within: area)
            }
            return
        }
        RunStatusLine(model: model, now: workspace.now).draw(into: &grid, area: area.split(top: 1).0, styles: styles)
        if let tabs = layout.tabs { drawTabs(into: &grid, area: tabs, styles: styles) }
        for spot in layout.spots where panels.indices.contains(spot.panel) {
            let panel = panels[spot.panel]
            let isFocused = spot.panel == focus.index
            let title = layout.tabs == nil ? "\(spot.panel + 1) \(panel.title)" : panel.title
            var inside = Panel(title, isFocused: isFocused, note: panel.view.status(of: model))
                .draw(into: &grid, area: spot.frame, styles: styles)
            if isZoomed, inside.height > 14 {
                let (line, rest) = inside.split(top: 1)
                grid.write(panel.help.truncated(to: line.width), x: line.x, y: line.y, style: styles[.dim], within: line)
                inside = rest
            }
            panel.view.draw(into: &grid, area: inside,
                            context: PanelContext(model: model, palette: workspace.palette, isFocused: isFocused, now: workspace.now))
        }
    }

    /// The line of tabs, with the focused one in sight.
    private func drawTabs(into grid: inout CellGrid, area: Rect, styles: Styles) {
        let words = panels.enumerated().map { index, panel in
            index == focus.index ? "[\(index + 1) \(panel.title)]" : " \(index + 1) \(panel.title) "
        }
        var first = 0
        while first < focus.index, words[first...focus.index].reduce(0, { $0 + $1.columnWidth }) > area.width - 2 { first += 1 }
        var x = area.x
        if first > 0 { x += grid.write("‹", x: x, y: area.y, style: styles[.dim], within: area) }
        for (index, word) in words.enumerated().dropFirst(first) {
            x += grid.write(word, x: x, y: area.y, style: styles[index == focus.index ? .tabActive : .tab], within: area)
        }
    }
}

extension RunModel {
    /// A stored run, folded: the same value as its events one by one would give.
    package init(_ opened: OpenedRun) {
        self.init(identifier: opened.row.identifier, state: opened.row.state)
        for series in opened.series {
            adopt(path: series.name, unit: series.unit, steps: series.steps, values: series.values)
        }
        fold(opened.events)
        setState(opened.row.state)
    }
}

/// Reads the run that a command of the palette names.
enum RunArgument {
    /// The identifier of the one run whose identifier is, or begins with, the word.
    static func identifier(_ word: String?, _ workspace: Workspace) throws(CommandError) -> String {
        guard let word, !word.isEmpty else { throw CommandError("run needs the identifier of a run, such as “run \(workspace.runs.first?.identifier ?? "3f2a")”") }
        if workspace.run(word) != nil { return word }
        let found = workspace.runs.filter { $0.identifier.hasPrefix(word) }
        guard found.count <= 1 else { throw CommandError("“\(word)” begins the identifiers of \(found.count) runs; give more of it") }
        // A run that was made a moment ago is not in the list yet: the store knows.
        return found.first?.identifier ?? word
    }
}
