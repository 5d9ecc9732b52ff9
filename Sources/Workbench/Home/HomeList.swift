import Charts
import Experiments
import Terminal

/// The list of runs as cells: marker, state, method, data, plan, result, age.
struct HomeList {
    var rows: [RunListRow]
    var cursor: ListCursor
    var filter: TextField
    var isFiltering: Bool
    var order: RunOrder
    var isReversed: Bool
    var isFocused: Bool

    /// Where rows stand in the panel: inside, below the line of column names.
    static func listArea(_ panel: Rect) -> Rect { panel.inset().split(top: 1).1 }

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        let isFiltered = isFiltering || !filter.text.isEmpty
        let matching = rows.filter { !$0.isIndented }.reduce(0) { $0 + $1.runs.count }
        let note = isFiltered ? "[\(matching)/\(workspace.runs.count)]" : workspace.marks.isEmpty ? "\(workspace.runs.count)" : "\(workspace.marks.count) marked"
        let inside = Panel(isFiltered && !isFiltering ? "Runs  /\(filter.text)" : "Runs", isFocused: isFocused, note: note)
            .draw(into: &grid, area: area, styles: styles)
        guard inside.width > 8, inside.height > 1 else { return }
        let (head, list) = inside.split(top: 1)
        if isFiltering {
            let width = grid.write("/", x: head.x, y: head.y, style: styles[.footerKey], within: head)
            filter.draw(into: &grid, x: head.x + width, y: head.y, width: head.width - width, styles: styles)
        }
        guard !rows.isEmpty else {
            drawEmpty(into: &grid, area: isFiltering ? list : inside, workspace)
            return
        }
        let columns = Columns(rows, width: list.width)
        if !isFiltering { drawHead(columns, into: &grid, area: head, styles: styles) }
        let first = cursor.firstRow(count: rows.count, height: list.height)
        for (offset, row) in rows.dropFirst(first).prefix(list.height).enumerated() {
            draw(row, columns, isCursor: first + offset == cursor.index, into: &grid,
                 line: Rect(x: list.x, y: list.y + offset, width: list.width, height: 1), workspace)
        }
    }

    /// Where the columns begin and how wide they are, for the rows at hand.
    private struct Columns {
        var state = 2, method = 0, data = 0, plan = 0, result = 0, when = 0
        var methodWidth = 0, dataWidth = 0, planWidth = 0, resultWidth = 0

        init(_ rows: [RunListRow], width: Int) {
            let stateWidth = 14
            methodWidth = min(max(6, rows.map { $0.method.columnWidth + ($0.isIndented ? 2 : 0) }.max() ?? 0), max(6, width / 4))
            dataWidth = min(max(4, rows.map(\.dataset.columnWidth).max() ?? 0), max(6, width / 5))
            planWidth = width >= 72 ? 8 : 0
            method = state + stateWidth
            data = method + methodWidth + 1
            plan = data + dataWidth + 1
            result = planWidth > 0 ? plan + planWidth + 1 : plan
            when = max(result, width - 6)
            resultWidth = max(0, when - result - 1)
        }
    }

    private func drawHead(_ columns: Columns, into grid: inout CellGrid, area: Rect, styles: Styles) {
        func head(_ name: String, _ x: Int, _ by: RunOrder?) {
            let arrow = by == order ? (isReversed ? " ▲" : " ▼") : ""
            grid.write(name + arrow, x: area.x + x, y: area.y, style: styles[by == order ? .strong : .dim], within: area)
        }
        head("state", columns.state, .state)
        head("method", columns.method, .method)
        head("data", columns.data, .data)
        if columns.planWidth > 0 { head("plan", columns.plan, nil) }
        head("result", columns.result, .result)
        head("when", columns.when, .when)
    }

    private func draw(_ row: RunListRow, _ columns: Columns, isCursor: Bool, into grid: inout CellGrid, line: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        let base = isCursor ? styles[isFocused ? .selection : .selectionInactive] : styles[.text]
        if isCursor { grid.fill(line, with: " ", style: base) }
        func style(_ role: ThemeRole) -> Style { isCursor ? base : styles[role] }
        func write(_ text: String, _ x: Int, _ width: Int, _ role: ThemeRole) {
            grid.write(text.middleTruncated(to: width), x: line.x + x, y: line.y, style: style(role), within: line)
        }
        drawMarker(row, isCursor: isCursor, into: &grid, line: line, workspace)
        let indent = row.isIndented ? 2 : 0
        write("\(row.state.glyph) \(row.state.word)", columns.state, 13, row.state.role)
        write(String(repeating: " ", count: indent) + (row.isIndented ? "seed \(row.first?.request.seed ?? 0)" : row.method),
            columns.method, columns.methodWidth, .text)
        write(row.dataset, columns.data, columns.dataWidth, .text)
        if columns.planWidth > 0 { write(row.plan, columns.plan, columns.planWidth, .dim) }
        drawResult(row, columns, isCursor: isCursor, base: base, into: &grid, line: line, workspace)
        write(NumberText.age(row.created, now: workspace.now).padded(to: 5, .right), columns.when, 6, .dim)
    }

    /// Marked rows carry the marker that their curve has; a folded study shows how many runs it holds.
    private func drawMarker(_ row: RunListRow, isCursor: Bool, into grid: inout CellGrid, line: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        let marked = row.runs.filter { workspace.marks.contains($0.identifier) }
        if let run = marked.first {
            let slot = workspace.series.slot(run.identifier)
            var style = styles.series(slot)
            if isCursor { style.background = styles[isFocused ? .selection : .selectionInactive].background }
            grid[line.x, line.y] = .init(styles.marker(slot), style)
        } else if row.isStudy {
            let glyph = styles.glyphs == .ascii ? (row.isUnfolded ? "-" : "+") : (row.isUnfolded ? "▾" : "▸")
            grid.write(glyph, x: line.x, y: line.y, style: isCursor ? styles[.selection] : styles[.dim], within: line)
        }
    }

    private func drawResult(_ row: RunListRow, _ columns: Columns, isCursor: Bool, base: Style, into grid: inout CellGrid,
        line: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        let x = line.x + columns.result, width = columns.resultWidth
        guard width > 0 else { return }
        if row.state == .running || row.state == .paused || row.state == .waiting {
            let share = row.fraction.map { "\(Int(($0 * 100).rounded(.down))) %" } ?? ""
            let left = row.state == .running ? row.secondsLeft.map { " \(NumberText.duration($0))" } ?? "" : ""
            let count = row.isStudy ? "\(row.runs.count { $0.state == .finished })/\(row.runs.count) " : ""
            let words = row.state == .waiting && !row.isStudy ? "in the queue" : count + share + left
            let room = width - words.columnWidth - 1
            if let sketch = row.runs.first(where: { $0.state == .running || $0.state == .paused })?.sketch, sketch.count > 1, room >= 5 {
                let sparkWidth = min(room, 10)
                var palette = workspace.palette
                if isCursor { palette.series = palette.series.map { _ in base } }
                Sparkline(SeriesData(values: sketch), slot: row.first.map { workspace.series.slot($0.identifier) } ?? 0)
                    .draw(into: &grid, area: Rect(x: x, y: line.y, width: sparkWidth, height: 1), palette: palette)
                if isCursor { for column in x..<(x + sparkWidth) { grid[column, line.y].style.background = base.background } }
                grid.write(words, x: x + sparkWidth + 1, y: line.y, style: base, within: line)
            } else {
                grid.write(words.truncated(to: width), x: x, y: line.y, style: base, within: line)
            }
            return
        }
        let role: ThemeRole = row.state == .failed ? .failed : .text
        grid.write(row.result.truncated(to: width), x: x, y: line.y, style: isCursor ? base : styles[role], within: line)
    }

    private func drawEmpty(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        let lines: [(String, ThemeRole)]
        if !workspace.runsAreKnown {
            lines = [("reading the store …", .hint)]
        } else if !filter.text.isEmpty {
            lines = [("No run matches “\(filter.text)”.", .text),
                ("esc shows all \(workspace.runs.count) again; tab completes a field: \(RunQuery.fields.joined(separator: " ")).", .hint)]
        } else {
            lines = [
                ("No runs yet.", .strong),
                ("A run trains one method on one data set, here, in the background; its curves show while it works.", .text),
                ("Everything it says is kept in the store, so you can leave at any time, compare runs later and go on where one stopped.", .text),
                ("", .text),
                ("Two steps to the first one:", .strong),
                ("  1   n|choose a method: it says what question it answers", .text),
                ("  2   ⏎|start it; the digits data set is built in, the smoke plan takes seconds", .text),
                ("", .text),
                ("? lists the keys of any place, : finds every command, R replays a session that shows the way.", .hint),
            ]
        }
        var y = area.y + 1
        for (text, role) in lines {
            // A step's key stands in a column of its own.
            let parts = text.split(separator: "|", maxSplits: 1).map(String.init)
            let indent = parts.count == 2 ? 12 : 0
            if indent > 0 { grid.write(parts[0], x: area.x + 2, y: y, style: styles[.footerKey], within: area) }
            for line in (parts.last ?? "").wrapped(max(1, area.width - 4 - indent)) {
                grid.write(line, x: area.x + 2 + indent, y: y, style: styles[role], within: area)
                y += 1
            }
        }
    }
}
