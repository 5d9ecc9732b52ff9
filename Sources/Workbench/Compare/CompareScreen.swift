import Charts
import Experiments
import Terminal

/// Runs set against each other: their curves laid over each other, a table of results with paired differences, and the
/// parameters that differ.
public struct CompareScreen: Screen {
    private(set) var model: ComparisonModel
    private var focus = PanelFocus(count: 3)
    private var isZoomed = false
    private var view = CurveView()
    private var results = TableView()
    private var settings = TableView()
    private var isUnfolded = false
    private var filter = ComparisonFilter()
    /// The rows of a pivot whose columns are asked for.
    private var pivotRows = ""

    /// The most runs that are compared at once.
    static let largestCount = 64

    public init(runs: [String]) { model = ComparisonModel(Array(runs.prefix(Self.largestCount))) }

    public static let descriptor = ScreenDescriptor(
        name: "compare", summary: "Compares runs: curves, results with paired differences, parameters.", usage: "RUN RUN…",
        bindings: CompareKeys.bindings,
        completions: { $0.runs.map(\.identifier) },
        open: { arguments, workspace throws(CommandError) in
            var runs: [String] = []
            for word in arguments.isEmpty ? workspace.marks : arguments { runs.append(try RunArgument.identifier(word, workspace)) }
            guard !runs.isEmpty else { throw CommandError("compare needs runs: mark some with space on the list of runs, or name them") }
            return CompareScreen(runs: runs)
        })

    // MARK: Where the screen is

    public func breadcrumb(_ workspace: Workspace) -> [String] {
        let names = model.contenders.prefix(3).map(\.name).joined(separator: " against ")
        return ["compare", names.isEmpty ? "\(model.order.count) runs" : names + (model.contenders.count > 3 ? " …" : "")]
    }

    public func places(_ workspace: Workspace) -> [Place] { [.compare, .panels, .charts, .lists] }
    public var isTyping: Bool { filter.isTyping }

    public func footer(_ workspace: Workspace) -> [ActionID] {
        if isTyping { return ["accept", "cancel"] }
        return ["compare.baseline", "compare.metric", "compare.draw", "compare.export", "compare.unfold", "compare.arms", "compare.each", "compare.group", "compare.filter", "panel.zoom"]
    }

    public func disabledReason(_ action: ActionID, _ workspace: Workspace) -> String? {
        switch action {
        case "compare.baseline": model.contenders.count < 2 ? "there is only one side" : nil
        case "compare.metric": model.metrics.count < 2 ? "there is no other series" : nil
        case "compare.group": model.groupings.count < 2 ? "the runs differ in nothing but their seed" : nil
        case "compare.export": shownTable.rows.isEmpty && model.curves.isEmpty ? "there is nothing to write yet" : nil
        case "compare.each": model.groups.contains { $0.runs.count > 1 } ? nil : "each side is one run"
        case "compare.arms": model.groups.count < 2 && model.comparedBy == .arms ? "all runs differ only in their seed" : nil
        case "compare.unfold": model.parameters.rows.isEmpty ? "no run has started" : nil
        default: nil
        }
    }

    // MARK: Input and news

    public mutating func appear(_ workspace: inout Workspace) -> [Outcome] { model.order.map { .effect(.openRun($0)) } }
    public mutating func disappear(_ workspace: inout Workspace) -> [Outcome] { model.order.map { .effect(.closeRun($0)) } }

    public mutating func receive(_ content: Message.Content, _ workspace: inout Workspace) -> [Outcome] {
        defer {
            switch content {
            case .runs, .runOpened, .runEvents: workOut()
            default: break
            }
        }
        switch content {
        case .runOpened(let opened) where model.order.contains(opened.row.identifier):
            model.take(RunModel(opened))
            // Once, when all are there: the statistics of half of them would only be thrown away.
            if model.missing.isEmpty { model.refresh(workspace.series) }
        case .runEvents(let run, let events) where model.runs[run] != nil:
            model.fold(events, into: run, workspace.series)
        case .runs(let rows):
            var hasChanged = false
            for row in rows {
                guard let known = model.runs[row.identifier], known.state != row.state else { continue }
                model.setState(row.state, of: row.identifier)
                hasChanged = true
            }
            if hasChanged || !filter.text(.runs).isEmpty { filterRuns(workspace) }
        default: break
        }
        return []
    }

    public mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        if isTyping {
            switch action {
            case "accept", "cancel", "interrupt":
                filter.end(keeping: action == "accept")
                filterRuns(workspace)
            case "complete": filter.complete()
            default: break
            }
            return []
        }
        if focus.handle(action) { return [] }
        defer { workOut() }
        switch action {
        case "panel.zoom": isZoomed.toggle()
        case "back" where isZoomed: isZoomed = false
        case "back" where !filter.words.isEmpty:
            filter.clear()
            filterRuns(workspace)
        case "compare.filter": filter.begin(focus.index == 1 ? .results : .runs)
        case "compare.group":
            return [choose("Group", "What makes runs one group?", model.groupings.map { if case .setting(let name) = $0 { name } else { "everything but the seed" } }, "compare.group.")]
        case "compare.unfold": isUnfolded.toggle()
        case "compare.each":
            model.showsEachRun.toggle()
            model.refresh(workspace.series)
        case "compare.arms":
            model.by = model.comparedBy == .arms ? .groups : .arms
            model.pinned = nil
            model.metric = nil
            model.refresh(workspace.series)
        case "compare.baseline": return [choose("Baseline", "What are the others measured against?", model.contenders.map(\.name), "compare.baseline.")]
        case "compare.metric": return [choose("Metric", "Which series is drawn?", model.metrics, "compare.metric.")]
        case "compare.draw": return [choose("Draw", "What is drawn of “\(shownResult ?? "the runs")”?", drawings(workspace).map(\.title), "compare.draw.")]
        case "compare.axis": return [choose("X-axis", "What are the curves drawn over?", ["step"] + model.allSeries, "compare.axis.")]
        case "compare.export":
            return [choose("Export", "How is the comparison written?", ComparisonExport.allCases.map(\.title), "compare.export.")]
        case let chosen where chosen.rawValue.hasPrefix("compare."): return take(chosen, &workspace)
        default: return move(action, workspace)
        }
        return []
    }

    public mutating func type(_ key: KeyPress, _ workspace: inout Workspace) -> [Outcome]? {
        guard filter.type(key) else { return nil }
        filterRuns(workspace)
        return []
    }

    public mutating func paste(_ text: String, _ workspace: inout Workspace) -> [Outcome] {
        filter.paste(text)
        filterRuns(workspace)
        return []
    }

    private mutating func filterRuns(_ workspace: Workspace) {
        model.filtered = filter.runs(workspace.runs)
        model.refresh(workspace.series)
        workOut()
    }

    // MARK: What is drawn

    /// The result that is drawn against settings: that of the row under the cursor of the table.
    private var shownResult: String? {
        guard !shownTable.rows.isEmpty else { return nil }
        let place = results.row(underCursorIn: resultRows, columnCount: tableColumns.count) ?? 0
        return shownTable.rows[min(max(0, place), shownTable.rows.count - 1)].result
    }

    /// The results that the filter leaves.
    private var shownTable = ComparisonTable([], baseline: 0, runs: [:])

    /// What is drawn of that result; worked out when something changed and not for every frame.
    private var shownSettings = ComparedSettings("", runs: [])
    private var shownPlane: ComparedPlane?

    private mutating func workOut() {
        shownTable = filter.results(model.table)
        shownSettings = model.settings(of: shownResult ?? "")
        if case .plane(let source) = model.drawing { shownPlane = ComparedPlane(source, groups: model.groups, runs: model.runs) } else { shownPlane = nil }
    }

    /// Everything that can be drawn now, with its name in the dialog.
    private func drawings(_ workspace: Workspace) -> [(title: String, drawing: ComparedDrawing)] {
        let settings = shownSettings
        var found: [(title: String, drawing: ComparedDrawing)] = [("curves", .curves)]
        found += ComparedPlane.sources(model.order.compactMap { model.runs[$0] }, methods: workspace.methods).map { ("\($0.title), in the plane", .plane($0)) }
        guard settings.observations.count > 1, !settings.dimensions.isEmpty else { return found }
        found += settings.numericDimensions.prefix(6).map { ("against \($0)", .setting($0)) }
        found.append(("what matters most", .importance))
        if settings.dimensions.count > 1 { found += [("pivot of two settings …", .pivot(rows: "", columns: "")), ("parallel axes", .parallel)] }
        return found
    }

    /// What zooming and reading refer to.
    private var shownCurves: [(name: String, data: SeriesData)] {
        let points: [SeriesPoint]
        switch model.drawing {
        case .curves: return model.curves.map { ($0.name, $0.data) }
        case .plane: points = shownPlane?.spots.map { SeriesPoint(step: $0.x, value: $0.y) } ?? []
        case .setting(let name): points = shownSettings.chart(against: name).groups.flatMap(\.points)
        case .importance, .parallel, .pivot: return []
        }
        let rising = points.sorted { $0.step < $1.step }
        return [("", SeriesData(steps: rising.map(\.step), values: rising.map(\.value)))]
    }

    private func choose(_ title: String, _ question: String, _ names: [String], _ prefix: String) -> Outcome {
        .push(ChoiceDialog(title: title, question: question, answers: names.prefix(16).enumerated().map { index, name in
            .init(name, [.perform(ActionID(rawValue: prefix + String(index)))])
        }))
    }

    /// An answer of one of the dialogs: `compare.metric.2`.
    private mutating func take(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        let words = action.rawValue.split(separator: ".")
        guard words.count == 3, let index = Int(words[2]) else { return nil }
        switch words[1] {
        case "baseline" where model.contenders.indices.contains(index): model.pinned = model.contenders[index]
        case "group" where model.groupings.indices.contains(index):
            model.grouping = model.groupings[index]
            model.pinned = nil
            if model.grouping != .everything { model.by = .groups }
        case "metric" where model.metrics.indices.contains(index):
            model.metric = model.metrics[index]
            model.drawing = .curves
        case "draw":
            let drawings = drawings(workspace)
            guard drawings.indices.contains(index) else { return [] }
            if case .pivot = drawings[index].drawing { return [choose("Rows", "Which setting makes the rows?", shownSettings.dimensions, "compare.rows.")] }
            model.drawing = drawings[index].drawing
            view = CurveView()
        case "rows" where shownSettings.dimensions.indices.contains(index):
            pivotRows = shownSettings.dimensions[index]
            return [choose("Columns", "Which setting makes the columns?", shownSettings.dimensions.filter { $0 != pivotRows }, "compare.columns.")]
        case "columns":
            let others = shownSettings.dimensions.filter { $0 != pivotRows }
            if others.indices.contains(index) { model.drawing = .pivot(rows: pivotRows, columns: others[index]) }
        case "axis":
            let paths = model.allSeries
            model.axis = paths.indices.contains(index - 1) ? .series(paths[index - 1]) : .step
            view.xRange = nil
            view.cursor = nil
        case "export" where ComparisonExport.allCases.indices.contains(index): return export(ComparisonExport.allCases[index], workspace)
        default: return nil
        }
        model.refresh(workspace.series)
        return []
    }

    private func export(_ form: ComparisonExport, _ workspace: Workspace) -> [Outcome] {
        do {
            let text = try form.text(shownTable, parameters: model.parameters, groups: model.groups.map(\.name)) {
                var grid = CellGrid(Self.exportSize)
                drawDrawing(into: &grid, area: grid.bounds, workspace, isFocused: false)
                return grid
            }
            return [.effect(.writeFile(path: "comparison-\(Int(min(max(workspace.now, 0), 1e15))).\(form.rawValue)", text: text))]
        } catch { return [.toast(.failure, "the comparison could not be written as \(form.rawValue): \(error)")] }
    }

    /// Columns and rows of a drawing in a file.
    private static let exportSize = Size(width: 110, height: 32)

    private mutating func move(_ action: ActionID, _ workspace: Workspace) -> [Outcome]? {
        let inside = layout(in: ScreenFrame.areas(workspace.size).body).frame(of: focus.index)?.inset().size ?? Size(width: 0, height: 0)
        let isDone = switch focus.index {
        case 0: view.perform(action, curves: shownCurves)
        case 1: results.perform(action, rowCount: shownTable.rows.count, columnCount: tableColumns.count, size: inside)
        default: settings.perform(action, rowCount: parameterRows.count, columnCount: model.groups.count + 1, size: inside)
        }
        if isDone { return [] }
        return ["left", "right", "open", "panel.open", "panel.order"].contains(action) ? [] : nil
    }

    public mutating func pointer(_ event: MouseEvent, area: Rect, _ workspace: inout Workspace) -> [Outcome] {
        guard let spot = layout(in: area).spots.first(where: { $0.frame.contains(x: event.x, y: event.y) }) else { return [] }
        switch event.action {
        case .press(.left): focus.move(to: spot.panel)
        case .wheelUp: return handle("up", &workspace) ?? []
        case .wheelDown: return handle("down", &workspace) ?? []
        default: break
        }
        return []
    }

    // MARK: Drawing

    /// The parameters take the rows that they need, at most a third; curves and results share the rest.
    private func layout(in area: Rect) -> RunLayout {
        let body = area.split(top: 1).1
        var layout = RunLayout(wide: [false, false, true], focus: focus.index, isZoomed: isZoomed, in: body)
        guard layout.spots.count == 3, layout.spots[0].frame.y == layout.spots[1].frame.y else { return layout }
        let rows = min(max(5, parameterRows.count + 3), body.height / 3)
        let (upper, lower) = body.split(top: body.height - rows)
        for index in layout.spots.indices {
            let frame = layout.spots[index].frame
            layout.spots[index].frame = index == 2 ? lower : Rect(x: frame.x, y: upper.y, width: frame.width, height: upper.height)
        }
        return layout
    }

    public func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        drawSides(into: &grid, area: area.split(top: 1).0, styles: styles)
        guard model.missing.isEmpty else { return }
        let layout = layout(in: area)
        if let tabs = layout.tabs {
            var x = tabs.x
            for (index, title) in ["Curves", "Results", "Parameters"].enumerated() {
                let isFocused = index == focus.index
                x += grid.write(isFocused ? "[\(index + 1) \(title)]" : " \(index + 1) \(title) ", x: x, y: tabs.y,
                                style: styles[isFocused ? .tabActive : .tab], within: tabs)
            }
        }
        for spot in layout.spots {
            let isFocused = spot.panel == focus.index
            let number = layout.tabs == nil ? "\(spot.panel + 1) " : ""
            switch spot.panel {
            case 0: drawFirst(number, into: &grid, area: spot.frame, workspace, isFocused: isFocused)
            case 1:
                let inside = Panel("\(number)Results", isFocused: isFocused, note: "mean ±sd").draw(into: &grid, area: spot.frame, styles: styles)
                drawResults(into: &grid, area: inside, workspace, isFocused: isFocused)
            default:
                let shown = model.parameters.differing.count
                let note = isUnfolded ? "all \(model.parameters.rows.count)" : "\(shown) of \(model.parameters.rows.count) differ; f unfolds"
                let inside = Panel("\(number)Parameters", isFocused: isFocused, note: note).draw(into: &grid, area: spot.frame, styles: styles)
                settings.draw(columns: [.init("parameter")] + model.groups.map { .init($0.name) }, rows: parameterRows, into: &grid, area: inside,
                              palette: workspace.palette, isFocused: isFocused)
            }
        }
    }

    /// `● reweighted (3 seeds)  against  ▲ original (3 seeds)`, or what is still awaited.
    private func drawSides(into grid: inout CellGrid, area: Rect, styles: Styles) {
        if isTyping { return filter.draw(into: &grid, area: area, styles: styles) }
        guard model.missing.isEmpty else {
            grid.write("reading \(model.missing.count) of \(model.order.count) runs …".truncated(to: area.width), x: area.x + 1, y: area.y,
                       style: styles[.dim], within: area)
            return
        }
        var x = area.x + 1
        for (index, side) in model.contenders.enumerated() {
            let marker = String(styles.marker(side.slot))
            x += grid.write(marker, x: x, y: area.y, style: styles.series(side.slot), within: area)
            let seeds = side.runs.count == 1 ? "" : " (\(side.runs.count) \(model.grouping == .everything ? "seeds" : "runs"))"
            let pin = index == model.table.baseline && model.contenders.count > 1 ? " = baseline" : ""
            x += grid.write(" \(side.name)\(seeds)\(pin)   ", x: x, y: area.y, style: styles[.text], within: area)
        }
        let waiting = model.unfinished
        if !filter.words.isEmpty {
            let words = model.shown.isEmpty ? "no run is left by \(filter.words); esc takes it away" : filter.words
            grid.write(words.truncated(to: max(0, area.width - 2)), x: max(area.x + 1, min(x, area.maxX - words.columnWidth - 1)), y: area.y, style: styles[.mark], within: area)
        } else if waiting > 0 {
            grid.write("\(waiting) not finished", x: max(x, area.maxX - 16), y: area.y, style: styles[.interrupted], within: area)
        }
    }

    /// The first panel, whatever it draws.
    private func drawFirst(_ number: String, into grid: inout CellGrid, area: Rect, _ workspace: Workspace, isFocused: Bool) {
        let title: String, note: String
        switch model.drawing {
        case .curves: (title, note) = (model.shownMetric ?? "Curves", model.curves.contains { $0.band != nil } ? "mean and range" : "")
        case .plane(let source): (title, note) = (source.title, "arrows from the baseline")
        case .setting(let name): (title, note) = ("\(shownResult ?? "") against \(name)", "a point a run")
        case .importance: (title, note) = ("What moves \(shownResult ?? "the result")", "share of the variance, each alone")
        case .parallel: (title, note) = ("Settings and \(shownResult ?? "result")", "a line: runs of equal settings")
        case .pivot(let rows, let columns): (title, note) = ("\(shownResult ?? "") by \(rows) and \(columns)", "mean ±sd (n)")
        }
        let inside = Panel("\(number)\(title)", isFocused: isFocused, note: [note, view.status].filter { !$0.isEmpty }.joined(separator: " · ")).draw(into: &grid, area: area, styles: workspace.styles)
        drawDrawing(into: &grid, area: inside, workspace, isFocused: isFocused)
    }

    /// The drawing alone, for the panel and for files.
    private func drawDrawing(into grid: inout CellGrid, area: Rect, _ workspace: Workspace, isFocused: Bool) {
        func look(at chart: inout ScatterChart) {
            chart.xScale = view.xScale
            chart.yScale = view.yScale
            chart.view = ViewWindow(x: view.xRange)
        }
        func say(_ sentence: String) { grid.write(sentence.truncated(to: area.width), x: area.x, y: area.y, style: workspace.styles[.dim], within: area) }
        switch model.drawing {
        case .curves: drawCurves(into: &grid, area: area, workspace, isFocused: isFocused)
        case .plane(let source):
            guard let plane = shownPlane, !plane.spots.isEmpty else { return say("no run has left “\(source.table)” yet") }
            // Sides that are arms share their group's points, so the baseline is a group's.
            let baseline = model.comparedBy == .groups ? model.baseline : 0
            var chart = plane.chart(groups: model.groups, baseline: baseline)
            look(at: &chart)
            let sentence = plane.sentence(baseline: baseline)
            let (upper, line) = area.split(top: sentence != nil && area.height > 8 ? area.height - 1 : area.height)
            chart.draw(into: &grid, area: upper, palette: workspace.palette)
            if let sentence, !line.isEmpty { grid.write(sentence.truncated(to: line.width), x: line.x, y: line.y, style: workspace.styles[.dim], within: line) }
        case .setting(let name):
            var chart = shownSettings.chart(against: name)
            guard chart.groups.contains(where: { !$0.points.isEmpty }) else { return say("\(name) is no number in these runs") }
            look(at: &chart)
            chart.draw(into: &grid, area: area, palette: workspace.palette)
        case .importance:
            let settings = shownSettings, shares = settings.importance()
            guard !shares.isEmpty else { return say("the result is the same in all runs, or no setting differs") }
            let (upper, line) = area.split(top: area.height > 4 ? area.height - 1 : area.height)
            var chart = BarChart(shares.map { .init($0.dimension, 100 * $0.share) }, unit: "%")
            chart.format = .fixed(1)
            chart.draw(into: &grid, area: upper, palette: workspace.palette)
            if !line.isEmpty {
                grid.write("η² over \(settings.observations.count) values; what differs together shares the credit".truncated(to: line.width), x: line.x, y: line.y, style: workspace.styles[.dim], within: line)
            }
        case .parallel: shownSettings.parallelChart().draw(into: &grid, area: area, palette: workspace.palette)
        case .pivot(let rows, let columns):
            let pivot = shownSettings.pivot(rows: rows, columns: columns)
            let cells = pivot.rows.enumerated().map { place, name -> [RunEvent.Table.Cell] in
                [.text(name)] + pivot.columns.indices.map { column in
                    pivot.cells[place * pivot.columns.count + column].map { .text("\(ComparisonTable.text($0)) (\($0.count))") } ?? .text("–")
                }
            }
            TableView().draw(columns: [.init("\(rows) \\ \(columns)")] + pivot.columns.map { .init($0) }, rows: cells, into: &grid, area: area, palette: workspace.palette, isFocused: false)
        }
    }

    private func drawCurves(into grid: inout CellGrid, area inside: Rect, _ workspace: Workspace, isFocused: Bool) {
        guard model.curves.contains(where: { !$0.data.isEmpty }) else {
            grid.write("nothing to draw over this x-axis".truncated(to: inside.width), x: inside.x, y: inside.y, style: workspace.styles[.dim], within: inside)
            return
        }
        let path = model.shownMetric ?? ""
        let unit = model.runs.values.lazy.compactMap { model in model.series.values.first { $0.path == path || SeriesPath.metric($0.path) == path }?.unit }.first ?? ""
        var chart = LineChart(model.curves.map { LineChart.Series($0.name, data: $0.data, slot: $0.slot, band: $0.band) }, unit: unit, xTitle: model.axis.title)
        view.apply(to: &chart, isFocused: isFocused)
        chart.draw(into: &grid, area: inside, palette: workspace.palette)
    }

    private var parameterRows: [[RunEvent.Table.Cell]] {
        (isUnfolded ? model.parameters.rows : model.parameters.differing).map { row in
            [.text(row.name)] + row.values.map { $0.map { .text($0) } ?? .empty }
        }
    }

    /// Result, one column a side, then for each other side its difference with error, interval, number and what follows.
    private var tableColumns: [RunEvent.Table.Column] {
        let table = shownTable
        var columns = [RunEvent.Table.Column("result"), .init("unit")] + table.contenders.map { .init($0.name) }
        let isAlone = table.contenders.count == 2
        for (index, side) in table.contenders.enumerated() where index != table.baseline {
            columns += [.init(isAlone ? "difference" : "\(side.name) − baseline"), .init("±se"), .init("95 %"), .init("n", digits: 0), .init("verdict"), .init("p Holm")]
        }
        return columns
    }

    private var resultRows: [[RunEvent.Table.Cell]] {
        let table = shownTable
        return table.rows.map { row in
            var cells: [RunEvent.Table.Cell] = [.text(row.name), .text(row.unit)] + row.moments.map { .text(ComparisonTable.text($0)) }
            for index in table.contenders.indices where index != table.baseline {
                let difference = row.differences[index]
                cells += [.text(ComparisonTable.text(difference: difference)), .text(ComparisonTable.text(error: difference)),
                          .text(ComparisonTable.text(interval: difference?.interval)),
                          difference.map { .text("\($0.count)\($0.isPaired ? "" : " unpaired")") } ?? .empty,
                          .text(ComparisonTable.verdict(difference, row.better)), row.corrected[index].map { .text(NumberText.brief($0)) } ?? .empty]
            }
            return cells
        }
    }

    private func drawResults(into grid: inout CellGrid, area: Rect, _ workspace: Workspace, isFocused: Bool) {
        let table = shownTable
        guard !table.rows.isEmpty else {
            grid.write("no finished run yet".truncated(to: area.width), x: area.x, y: area.y, style: workspace.styles[.dim], within: area)
            return
        }
        // The line below the table says in full what the row under the cursor holds.
        let (upper, line) = area.split(top: area.height > 6 ? area.height - 1 : area.height)
        results.draw(columns: tableColumns, rows: resultRows, into: &grid, area: upper, palette: workspace.palette, isFocused: isFocused)
        guard !line.isEmpty, let sentence = sentence(for: min(max(0, results.cursor), table.rows.count - 1)) else { return }
        grid.write(sentence.truncated(to: line.width), x: line.x, y: line.y, style: workspace.styles[.dim], within: line)
    }

    /// "paired over 3 seeds; 95 % interval −2.6 … −1.6 of test error for reweighted − original".
    private func sentence(for row: Int) -> String? {
        let table = shownTable
        guard results.sort == nil, table.rows.indices.contains(row), let index = table.contenders.indices.first(where: { $0 != table.baseline }),
              let difference = table.rows[row].differences[index] else { return nil }
        let seeds = difference.isPaired ? "paired over \(difference.count) seed\(difference.count == 1 ? "" : "s")" : "not paired, n \(difference.count)"
        let interval = difference.interval.map { "; 95 % interval \(ComparisonTable.text(interval: $0))" } ?? ""
        let note = difference.note.isEmpty ? "" : "; \(difference.note)"
        return "\(table.contenders[index].name) − \(table.contenders[table.baseline].name): \(seeds)\(interval)\(note)"
    }
}
