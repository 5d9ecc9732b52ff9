import Charts
import Experiments
import Terminal

/// The run under the cursor at a glance: where it stands, its first curves, what it found, what was set.
struct RunPreviewPanel {
    var row: RunListRow?
    var preview: RunPreview?
    var isFocused: Bool
    /// On wide screens what was found and set has a column of its own beside the curves.
    var hasDetailColumn = false

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        guard let row, let run = row.lead else {
            let inside = Panel("Preview", isFocused: isFocused).draw(into: &grid, area: area, styles: styles)
            grid.write("what is under the cursor shows here", x: inside.x + 1, y: inside.y, style: styles[.hint], within: inside)
            return
        }
        let title = row.isStudy ? "\(run.request.method) · \(row.dataset) · \(row.runs.count) runs" : run.name
        let (left, right) = area.split(left: hasDetailColumn ? area.width * 11 / 20 : area.width)
        var rest = Panel(title, isFocused: isFocused).draw(into: &grid, area: left, styles: styles)
        guard rest.width > 4, rest.height > 1 else { return }
        rest = drawState(row, run, into: &grid, area: rest, workspace)
        if hasDetailColumn {
            let inside = Panel("Results and settings", isFocused: false).draw(into: &grid, area: right, styles: styles)
            for (offset, line) in details(row, run, width: inside.width, workspace).prefix(inside.height).enumerated() {
                grid.write(line.text.truncated(to: inside.width), x: inside.x, y: inside.y + offset, style: styles[line.role], within: inside)
            }
            drawCurves(run, into: &grid, area: rest, workspace)
            return
        }
        let text = details(row, run, width: rest.width, workspace)
        let textHeight = min(text.count, max(rest.height / 2, rest.height - 12))
        let (chart, lower) = rest.split(top: rest.height - textHeight)
        drawCurves(run, into: &grid, area: chart, workspace)
        for (offset, line) in text.prefix(textHeight).enumerated() {
            grid.write(line.text.truncated(to: lower.width), x: lower.x, y: lower.y + offset, style: styles[line.role], within: lower)
        }
    }

    private func drawState(_ row: RunListRow, _ run: RunRow, into grid: inout CellGrid, area: Rect, _ workspace: Workspace) -> Rect {
        let styles = workspace.styles
        let (line, below) = area.split(top: 1)
        let width = grid.write("\(row.state.glyph) \(row.state.word)", x: line.x, y: line.y, style: styles[row.state.role], within: line)
        var words = "  \(row.plan)"
        if run.seconds > 0 { words += " · \(NumberText.duration(run.seconds))" }
        if !row.isStudy, !run.request.condition.isEmpty { words += " · \(run.request.condition)" }
        grid.write(words.truncated(to: max(0, line.width - width)), x: line.x + width, y: line.y, style: styles[.dim], within: line)
        guard row.state == .running || row.state == .paused, let fraction = run.fraction else { return below }
        let (bar, rest) = below.split(top: 1)
        let left = run.secondsLeft.map { " \(NumberText.duration($0)) left" } ?? ""
        let stage = run.stageCount > 0 ? "\(run.stage) \(run.stageIndex)/\(run.stageCount) " : ""
        let label = "\(stage)\(Int((fraction * 100).rounded(.down))) %\(left)"
        Meter(fraction).draw(into: &grid, area: Rect(x: bar.x, y: bar.y, width: max(0, bar.width - label.columnWidth - 1), height: 1), styles: styles)
        grid.write(label, x: max(bar.x, bar.maxX - label.columnWidth), y: bar.y, style: styles[.text], within: bar)
        return rest
    }

    /// The curves of the method's first panel of lines; where it names none, those of the run's first metric.
    private func drawCurves(_ run: RunRow, into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        guard area.height >= 4 else { return }
        guard let preview, !preview.series.isEmpty else {
            let words = preview == nil && run.pointCount > 0 ? "reading the curves …" : "no curves yet"
            grid.write(words, x: area.x, y: area.y + 1, style: workspace.styles[.hint], within: area)
            return
        }
        var chosen: [RunSeries] = []
        var xTitle = "step", scale = AxisScale.linear
        for panel in workspace.method(run.request.method)?.panels ?? [] {
            guard case .lines(let patterns, let x, let y) = panel.kind else { continue }
            chosen = preview.series.filter { series in patterns.contains { SeriesPattern.matches($0, series.name) } }
            guard !chosen.isEmpty else { continue }
            if !x.title.isEmpty { xTitle = x.title }
            scale = y.logarithmic ? .logarithmic : .linear
            break
        }
        if chosen.isEmpty, let first = preview.series.first {
            chosen = preview.series.filter { SeriesPath.metric($0.name) == SeriesPath.metric(first.name) }
        }
        // Arms are numbered as they come, as on the run's own screen: a curve has the same colour in both.
        var arms: [String: Int] = [:]
        for series in preview.series where arms[SeriesPath.arm(series.name)] == nil { arms[SeriesPath.arm(series.name)] = arms.count }
        let lines = chosen.prefix(4).map { series in
            LineChart.Series(SeriesPath.arm(series.name), data: SeriesData(steps: series.steps, values: series.values),
                             slot: arms[SeriesPath.arm(series.name)] ?? 0)
        }
        var chart = LineChart(Array(lines), title: SeriesPath.metric(chosen.first?.name ?? ""), unit: chosen.first?.unit ?? "", xTitle: xTitle)
        chart.yScale = scale
        chart.draw(into: &grid, area: area, palette: workspace.palette)
    }

    private struct Line {
        var text: String
        var role: ThemeRole = .text
    }

    private func details(_ row: RunListRow, _ run: RunRow, width: Int, _ workspace: Workspace) -> [Line] {
        var lines: [Line] = []
        if !row.isStudy, let tags = run.tags { lines.append(Line(text: tags.map { "#\($0)" }.joined(separator: " "), role: .strong)) }
        if !row.isStudy, let note = run.note { lines += note.wrapped(max(1, width)).prefix(4).map { Line(text: $0) } }
        if row.isStudy {
            let states = RunState.allCases.compactMap { state in
                let count = row.runs.count { $0.state == state }
                return count == 0 ? nil : "\(count) \(state.word)"
            }
            lines.append(Line(text: states.joined(separator: ", ")))
            if !row.result.isEmpty { lines.append(Line(text: row.result, role: .strong)) }
            lines.append(Line(text: row.isUnfolded ? "⏎ folds the runs" : "⏎ shows the runs", role: .hint))
            if let acceptance = StudyAcceptance(row, workspace) {
                lines.append(Line(text: acceptance.headline, role: acceptance.isMet ? .strong : .warning))
                for sentence in acceptance.sentences(missedOnly: !hasDetailColumn) {
                    lines += sentence.text.wrapped(max(1, width)).map { Line(text: $0, role: sentence.isMet ? .dim : .warning) }
                }
            }
        }
        if let failure = run.failure { lines += failure.wrapped(max(1, width)).prefix(4).map { Line(text: $0, role: .error) } }
        let nameWidth = min(width / 2, run.results.map { result in ("\(result.name) \(result.arm)").columnWidth }.max() ?? 0)
        let shown = hasDetailColumn ? 24 : 8
        if row.isStudy, !run.results.isEmpty { lines.append(Line(text: "of \(run.name):", role: .dim)) }
        for result in run.results.prefix(shown) {
            let name = [result.name, result.arm].filter { !$0.isEmpty }.joined(separator: " ").middleTruncated(to: nameWidth).padded(to: nameWidth)
            lines.append(Line(text: "\(name)  \(NumberText.short(result.value, unit: result.unit))"))
        }
        if run.results.count > shown { lines.append(Line(text: "+\(run.results.count - shown) more", role: .dim)) }
        if !run.request.values.isEmpty {
            let set = run.request.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.display)" }.joined(separator: " · ")
            lines += set.wrapped(max(1, width)).prefix(hasDetailColumn ? 12 : 2).map { Line(text: $0, role: .dim) }
        }
        if let words = preview?.lastWords, !words.isEmpty, run.failure == nil {
            lines += words.wrapped(max(1, width)).prefix(hasDetailColumn ? 8 : 2).map { Line(text: $0, role: .hint) }
        }
        return lines
    }
}
