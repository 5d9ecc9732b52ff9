import Terminal

extension TableChart {
    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        let area = area.intersection(grid.bounds)
        guard !area.isEmpty, !columns.isEmpty else { return }
        let pen = Pen(area, palette)
        var rest = area
        if !title.isEmpty, rest.height >= 4 {
            pen.write(title.middleTruncated(to: area.width), x: area.x, y: area.y, style: palette.emphasis, into: &grid)
            rest = rest.split(top: 1).1
        }
        let hasHeader = rest.height >= 2
        let (header, body) = rest.split(top: hasHeader ? 1 : 0)
        let shown = visibleRows(height: body.height)
        let markWidth = (marks.isEmpty && cursor == nil) || area.width < 10 ? 0 : 2
        let layout = Layout(table: self, area: body, rows: shown, markWidth: markWidth)
        if hasHeader { drawHeader(layout, row: header.y, area: area, pen: pen, into: &grid, palette: palette) }
        for (place, row) in shown.enumerated() {
            drawRow(row, place: place, y: body.y + place, layout: layout, area: area, markWidth: markWidth, pen: pen, into: &grid, palette: palette)
        }
        drawScrollMarks(shown, body: body, pen: pen, into: &grid, palette: palette)
    }

    /// The rows in sight in a body of `height` rows: from `firstRow` on, moved so that the cursor is among them.
    public func visibleRows(height: Int) -> Range<Int> {
        guard height > 0, !rows.isEmpty else { return 0..<0 }
        var first = min(max(0, firstRow), max(0, rows.count - height))
        if let cursor, cursor >= 0, cursor < rows.count {
            first = min(first, cursor)
            first = max(first, cursor - height + 1)
        }
        return first..<min(rows.count, first + height)
    }

    private func drawHeader(_ layout: Layout, row: Int, area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        for column in layout.columns {
            let definition = columns[column.index]
            let arrow = sort?.column == column.index ? (sort?.ascending == true ? " ▲" : " ▼") : ""
            let room = column.width - arrow.columnWidth
            // Where both have no room the name is cut, not the unit.
            let fits = definition.unit.columnWidth + 1 + min(definition.name.columnWidth, 3) <= room
            let unit = definition.unit.isEmpty || !fits ? "" : " " + definition.unit
            let name = definition.name.middleTruncated(to: max(0, room - unit.columnWidth)) + unit + arrow
            let x = column.isNumeric ? column.x + column.width - name.columnWidth : column.x
            pen.write(name, x: x, y: row, style: palette.emphasis, into: &grid)
        }
        let frozen = min(max(0, frozenColumns), columns.count)
        if layout.hasLess, let first = layout.columns.first(where: { $0.index >= frozen }) {
            pen.put("‹", x: max(area.x, first.x - 1), y: row, style: palette.axis, into: &grid)
        }
        if layout.hasMore { pen.put("›", x: area.maxX - 1, y: row, style: palette.axis, into: &grid) }
    }

    private func drawRow(_ row: Int, place: Int, y: Int, layout: Layout, area: Rect, markWidth: Int, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let isCursor = row == cursor
        let style = isCursor ? Eighths.reversed(palette.label) : palette.label
        if isCursor { for x in area.x..<area.maxX { pen.put(" ", x: x, y: y, style: style, into: &grid) } }
        if markWidth > 0 {
            if let mark = marks[row] {
                let own = palette.style(ofSlot: mark.slot)
                pen.put(palette.marker(ofSlot: mark.slot), x: area.x, y: y, style: isCursor ? Eighths.reversed(own) : own, into: &grid)
            } else if isCursor {
                pen.put("▸", x: area.x, y: y, style: style, into: &grid)
            }
        }
        for column in layout.columns where place < column.texts.count {
            let text = column.texts[place]
            let cell = Place(row: row, column: column.index)
            let style = warned.contains(cell) ? palette.emphasised(isCursor ? Eighths.reversed(palette.negative) : palette.negative)
                : emphasised.contains(cell) ? palette.emphasised(style) : style
            if column.isNumeric {
                pen.write(text, endingAt: column.x + column.width, y: y, style: style, into: &grid)
            } else {
                pen.write(text.middleTruncated(to: column.width), x: column.x, y: y, style: style, into: &grid)
            }
        }
    }

    /// A thumb on the right edge where rows are out of sight.
    private func drawScrollMarks(_ shown: Range<Int>, body: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        guard shown.count < rows.count, body.height >= 3, body.width >= 12 else { return }
        let length = max(1, body.height * body.height / rows.count)
        let start = (body.height - length) * shown.lowerBound / max(1, rows.count - shown.count)
        for y in start..<min(body.height, start + length) where grid[body.maxX - 1, body.y + y].text == " " {
            pen.put("▐", x: body.maxX - 1, y: body.y + y, style: palette.axis, into: &grid)
        }
    }
}
