import Charts
import Datasets
import Terminal

/// A look into a data set, by what it has: pictures, class balance, a table with sketches of its columns, series, a graph.
struct DatasetPanel {
    var entry: DatasetEntry?
    var preview: DatasetPreview?
    var failure: String?
    var isFocused: Bool
    /// Rows of the content that are scrolled away.
    var scroll: Int

    init(entry: DatasetEntry?, isFocused: Bool, scroll: Int) {
        self.entry = entry
        self.isFocused = isFocused
        self.scroll = scroll
    }

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        guard let entry else {
            let inside = Panel("Preview", isFocused: isFocused).draw(into: &grid, area: area, styles: styles)
            grid.write("what is under the cursor shows here", x: inside.x + 1, y: inside.y, style: styles[.hint], within: inside)
            return
        }
        var rest = Panel(entry.title, isFocused: isFocused).draw(into: &grid, area: area, styles: styles)
        guard rest.width > 4, rest.height > 0 else { return }
        rest = write(heading(entry), .text, into: &grid, area: rest, styles)
        rest = write("from \(entry.origin) · \(entry.licence)", .dim, into: &grid, area: rest, styles)
        if let path = entry.path, entry.state == .present { rest = write(path.middleTruncated(to: rest.width), .dim, into: &grid, area: rest, styles) }
        rest = rest.split(top: 1).1
        if entry.state == .missing {
            drawMissing(entry, into: &grid, area: rest, styles)
        } else if let failure {
            _ = write(failure, .error, into: &grid, area: rest, styles)
        } else if let preview {
            drawContent(preview, into: &grid, area: rest, workspace)
        } else {
            grid.write("opening …", x: rest.x, y: rest.y, style: styles[.hint], within: rest)
        }
    }

    private func heading(_ entry: DatasetEntry) -> String {
        [entry.rows.map { "\(NumberText.grouped($0)) rows" }, entry.shape.isEmpty ? nil : entry.shape].compactMap(\.self).joined(separator: " · ")
    }

    private func drawMissing(_ entry: DatasetEntry, into grid: inout CellGrid, area: Rect, _ styles: Styles) {
        var rest = write("It is not on this machine. This brings it (y copies the command):", .text, into: &grid, area: area, styles)
        rest = rest.split(top: 1).1
        rest = write(entry.obtain ?? "a new build of lathe", .strong, into: &grid, area: rest, styles)
        rest = rest.split(top: 1).1
        _ = write("Sets that lie elsewhere are found through LATHE_DATA (folders, separated by colons); your own files come with lathe data add FILE.", .hint, into: &grid, area: rest, styles)
    }

    /// The sections that the preview has, one below the other; each asks for rows, those that do not fit any more are cut.
    private func drawContent(_ preview: DatasetPreview, into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles, palette = workspace.palette
        var sections: [(title: String, height: Int, draw: (inout CellGrid, Rect) -> Void)] = []
        if !preview.facts.isEmpty {
            let width = preview.facts.map(\.name.columnWidth).max() ?? 0
            sections.append(("", preview.facts.count, { grid, area in
                for (index, fact) in preview.facts.prefix(area.height).enumerated() {
                    grid.write(fact.name.padded(to: width), x: area.x, y: area.y + index, style: styles[.dim], within: area)
                    grid.write(fact.value.truncated(to: max(0, area.width - width - 2)), x: area.x + width + 2, y: area.y + index,
                        style: styles[.text], within: area)
                }
            }))
        }
        if !preview.examples.isEmpty { sections.append(("examples", max(8, area.height * 2 / 5),
            { ExampleGrid(examples: preview.examples).draw(into: &$0, area: $1, palette: palette, styles: styles) })) }
        if !preview.classes.isEmpty {
            sections.append(("classes", min(preview.classes.count, 12), { grid, area in
                BarChart(preview.classes.map { .init($0.name, Double($0.count)) }).draw(into: &grid, area: area, palette: palette)
            }))
        }
        let samples = TextSamples(preview)
        if let samples {
            sections.append(("sample texts", samples.height(width: area.width), { samples.draw(into: &$0, area: $1, styles: styles) }))
        }
        if !preview.columns.isEmpty, samples == nil {
            let shown = preview.columns.count
            sections.append(("columns", min(shown, 14), { ColumnSketches(columns: preview.columns).draw(into: &$0, area: $1,
                palette: palette, styles: styles) }))
        }
        if !preview.rows.isEmpty, samples == nil {
            sections.append(("first rows", min(preview.rows.count, 10) + 1, { grid, area in
                let names = preview.columns.map(\.name)
                let count = max(names.count, preview.rows.map(\.count).max() ?? 0)
                let columns = (0..<count).map { TableChart.Column($0 < names.count ? names[$0] : "\($0 + 1)") }
                let rows = preview.rows.map { row in row.map { text in Double(text).map { TableChart.Cell.number($0) }
                    ?? (text.isEmpty ? .empty : .text(text)) } }
                TableChart(columns: columns, rows: rows).draw(into: &grid, area: area, palette: palette)
            }))
        }
        if !preview.lines.isEmpty {
            sections.append(("series", 9, { grid, area in
                let lines = preview.lines.prefix(4).enumerated().map { LineChart.Series($1.name, data: SeriesData(values: $1.values), slot: $0) }
                LineChart(Array(lines), xTitle: "").draw(into: &grid, area: area, palette: palette)
            }))
        }
        if preview.nodeCount > 0 {
            sections.append(("graph", 12, { grid, area in
                let nodes = Array(repeating: GraphChart.Node(""), count: min(preview.nodeCount, 2000))
                let edges = preview.edges.compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil }
                GraphChart(nodes: nodes, edges: edges).draw(into: &grid, area: area, palette: palette)
            }))
        }
        if !preview.degreeHistogram.isEmpty {
            sections.append(("nodes by degree", 7, { grid, area in
                BarChart(preview.degreeHistogram.prefix(40).enumerated().map { .init(String($0), Double($1)) }, orientation: .vertical)
                    .draw(into: &grid, area: area, palette: palette)
            }))
        }
        drawSections(sections, into: &grid, area: area, styles)
    }

    private func drawSections(_ sections: [(title: String, height: Int, draw: (inout CellGrid, Rect) -> Void)],
        into grid: inout CellGrid, area: Rect, _ styles: Styles) {
        // Drawn on a sheet as tall as all sections, of which the panel shows a part: that is what scrolling is.
        let total = sections.reduce(0) { $0 + $1.height + ($1.title.isEmpty ? 1 : 2) }
        let offset = min(max(0, scroll), max(0, total - area.height))
        var sheet = CellGrid(Size(width: area.width, height: min(max(total, area.height), 400)), style: styles[.text])
        var y = 0
        for section in sections {
            if !section.title.isEmpty {
                sheet.write(section.title, x: 0, y: y, style: styles[.strong])
                y += 1
            }
            section.draw(&sheet, Rect(x: 0, y: y, width: area.width, height: section.height))
            y += section.height + 1
        }
        for row in 0..<area.height { for column in 0..<area.width { grid[area.x + column, area.y + row] = sheet[column, row + offset] } }
        if total - offset > area.height, area.height > 0 {
            let more = " ↓ \(total - offset - area.height) more lines "
            grid.write(more, x: max(area.x, area.maxX - more.columnWidth), y: area.maxY - 1, style: styles[.dim], within: area)
        }
    }

    /// Writes wrapped text. Returns the area below it.
    private func write(_ text: String, _ role: ThemeRole, into grid: inout CellGrid, area: Rect, _ styles: Styles) -> Rect {
        let lines = text.wrapped(area.width)
        for (index, line) in lines.enumerated() { grid.write(line, x: area.x, y: area.y + index, style: styles[role], within: area) }
        return area.split(top: lines.count).1
    }
}
