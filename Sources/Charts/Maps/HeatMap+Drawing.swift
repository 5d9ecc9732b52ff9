import Terminal

extension HeatMap {
    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        let area = area.intersection(grid.bounds)
        guard !area.isEmpty else { return }
        let pen = Pen(area, palette)
        var rest = area
        if !title.isEmpty, rest.height >= 4 {
            let used = pen.write(title.middleTruncated(to: area.width), x: area.x, y: area.y, style: palette.emphasis, into: &grid)
            let note = unit.isEmpty ? "" : " (\(unit))"
            if used + note.columnWidth <= area.width { pen.write(note, x: area.x + used, y: area.y, style: palette.axis, into: &grid) }
            rest = rest.split(top: 1).1
        }
        guard !rows.isEmpty, !columns.isEmpty else { return }
        let tones = Tones(map: self, palette: palette)
        if rest.height >= 4 {
            let (upper, legend) = rest.split(top: rest.height - 1)
            drawLegend(tones, in: legend, pen: pen, into: &grid, palette: palette)
            rest = upper
        }
        let layout = Layout(map: self, area: rest, tones: tones)
        drawLabels(layout, pen: pen, into: &grid, palette: palette)
        drawCells(layout, tones: tones, pen: pen, into: &grid, palette: palette)
    }

    /// The value of a cell, NaN for a hole and for places outside.
    func value(_ row: Int, _ column: Int) -> Double {
        guard row >= 0, column >= 0, row < rows.count, column < columns.count else { return .nan }
        let index = row * columns.count + column
        return index < values.count ? values[index] : .nan
    }

    /// Where the cells and their labels lie.
    struct Layout {
        var area: Rect
        var labelWidth: Int
        var hasColumnLabels: Bool
        var cellWidth: Int
        var cellHeight: Int
        var shownRows: Range<Int>
        var shownColumns: Range<Int>
        /// One text a value where numbers are printed, else nil.
        var numbers: [String]?

        var origin: (x: Int, y: Int) { (area.x + labelWidth, area.y + (hasColumnLabels ? 1 : 0)) }

        init(map: HeatMap, area: Rect, tones: Tones) {
            self.area = area
            let longest = map.rows.map(\.columnWidth).max() ?? 0
            labelWidth = longest > 0 && area.width >= 8 ? min(longest, area.width / 3) + 1 : 0
            hasColumnLabels = area.height >= 3 && map.columns.contains { !$0.isEmpty }
            let width = max(0, area.width - labelWidth), height = max(0, area.height - (hasColumnLabels ? 1 : 0))
            let firstRow = min(max(0, map.rowOffset), map.rows.count - 1), firstColumn = min(max(0, map.columnOffset), map.columns.count - 1)
            let longestName = map.columns.map(\.columnWidth).max() ?? 0
            let texts = tones.numberTexts
            let numberWidth = texts.map(\.columnWidth).max() ?? 0
            // As wide as the room allows, not wider than a name or a number needs with space around it.
            let wish = max(2, min(12, max(longestName, numberWidth) + 2))
            cellWidth = max(1, min(wish, width / max(1, map.columns.count - firstColumn)))
            cellHeight = max(1, min(height / max(1, map.rows.count - firstRow), max(1, cellWidth / 3)))
            shownColumns = firstColumn..<min(map.columns.count, firstColumn + width / cellWidth)
            shownRows = firstRow..<min(map.rows.count, firstRow + height / cellHeight)
            guard !texts.isEmpty else { return }
            let needed = numberWidth + (tones.hasColor ? 0 : 2)
            if cellWidth > needed || cellWidth == needed && tones.hasColor { numbers = texts; return }
            // Shares without their leading zero: ".71".
            let short = texts.map { $0.hasPrefix("0.") ? String($0.dropFirst()) : $0.hasPrefix("−0.") ? "−" + $0.dropFirst(2) : $0 }
            let shortWidth = short.map(\.columnWidth).max() ?? 0
            numbers = cellWidth > shortWidth + (tones.hasColor ? 0 : 2) ? short : nil
        }
    }

    // MARK: Parts

    private func drawLabels(_ layout: Layout, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let origin = layout.origin
        if layout.labelWidth > 1 {
            for (place, row) in layout.shownRows.enumerated() {
                let style = row == cursor?.row ? palette.emphasis : palette.label
                pen.write(rows[row].middleTruncated(to: layout.labelWidth - 1), x: layout.area.x, y: origin.y + place * layout.cellHeight, style: style, into: &grid)
            }
        }
        if layout.hasColumnLabels { drawColumnLabels(layout, pen: pen, into: &grid, palette: palette) }
        if layout.shownRows.upperBound < rows.count, let last = layout.shownRows.last {
            pen.put("▼", x: layout.area.maxX - 1, y: origin.y + (last - layout.shownRows.lowerBound) * layout.cellHeight, style: palette.axis, into: &grid)
        }
    }

    private func drawColumnLabels(_ layout: Layout, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let origin = layout.origin
        // Where names are wider than cells, every n-th name stands over its column and takes its neighbours' room.
        let longest = layout.shownColumns.map { columns[$0].columnWidth }.max() ?? 1
        let every = layout.cellWidth >= min(longest + 1, 5) ? 1 : (min(longest, 6) + layout.cellWidth) / layout.cellWidth
        for (place, column) in layout.shownColumns.enumerated() where place % every == 0 {
            let width = min(layout.cellWidth * every, layout.area.maxX - origin.x - place * layout.cellWidth)
            let text = columns[column].middleTruncated(to: max(1, width - (width > 1 ? 1 : 0)))
            let shift = every == 1 ? max(0, (layout.cellWidth - text.columnWidth) / 2) : 0
            let style = column == cursor?.column ? palette.emphasis : palette.label
            pen.write(text, x: origin.x + place * layout.cellWidth + shift, y: layout.area.y, style: style, into: &grid)
        }
        if layout.shownColumns.upperBound < columns.count { pen.put("›", x: layout.area.maxX - 1, y: layout.area.y, style: palette.axis, into: &grid) }
    }

    private func drawCells(_ layout: Layout, tones: Tones, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let origin = layout.origin
        for (placeY, row) in layout.shownRows.enumerated() {
            for (placeX, column) in layout.shownColumns.enumerated() {
                let cell = Rect(x: origin.x + placeX * layout.cellWidth, y: origin.y + placeY * layout.cellHeight, width: layout.cellWidth, height: layout.cellHeight)
                let value = value(row, column)
                let isCursor = cursor.map { $0.row == row && $0.column == column } ?? false
                let index = row * columns.count + column
                let text = layout.numbers.flatMap { index < $0.count && value.isFinite ? $0[index] : nil }
                draw(value, text: text, isCursor: isCursor, in: cell, tones: tones, pen: pen, into: &grid, palette: palette)
            }
        }
    }

    private func draw(_ value: Double, text: String?, isCursor: Bool, in cell: Rect, tones: Tones, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        guard value.isFinite else {
            // A hole keeps the background; an infinity is no hole.
            let glyph: Character = value.isNaN ? (cell.width > 1 ? " " : "·") : "✗"
            pen.put(glyph, x: cell.x + (cell.width - 1) / 2, y: cell.y + (cell.height - 1) / 2, style: isCursor ? Eighths.reversed(palette.emphasis) : palette.axis, into: &grid)
            return
        }
        let share = tones.share(value)
        if tones.hasColor {
            var style = Style(foreground: tones.scale.textColor(at: share), background: tones.scale.color(at: share))
            if isCursor { style = Style(foreground: style.background, background: style.foreground, .bold) }
            for y in cell.y..<cell.maxY { for x in cell.x..<cell.maxX { pen.put(" ", x: x, y: y, style: style, into: &grid) } }
            if let text { pen.write(text, x: cell.x + (cell.width - text.columnWidth) / 2, y: cell.y + (cell.height - 1) / 2, style: style, into: &grid) }
            return
        }
        let style = isCursor ? Eighths.reversed(palette.emphasis) : palette.label
        let glyph = tones.glyph(share, isBesideNumber: text != nil)
        // Without colour a number stands beside its shade.
        let inked = text == nil ? max(1, cell.width - (cell.width > 2 ? 1 : 0)) : 1
        for y in cell.y..<cell.maxY { for x in cell.x..<(cell.x + inked) { pen.put(glyph, x: x, y: y, style: style, into: &grid) } }
        if let text { pen.write(text, x: cell.x + 1 + max(0, cell.width - 2 - text.columnWidth), y: cell.y + (cell.height - 1) / 2, style: style, into: &grid) }
    }

    /// Low end, middle and high end of the scale over a strip of its tones; the value under the cursor at the right.
    private func drawLegend(_ tones: Tones, in area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let low = tones.range.lowerBound, high = tones.range.upperBound
        let texts = [low, tones.value(atShare: 0.5), high].map { format.string($0, significant: 3) }
        let textWidth = texts.reduce(0) { $0 + $1.columnWidth }
        var x = area.x
        let strip = min(24, area.width - textWidth - 4)
        if strip >= 4 {
            let half = strip / 2
            x += pen.write(texts[0] + " ", x: x, y: area.y, style: palette.label, into: &grid)
            for part in 0..<2 {
                for cell in 0..<half {
                    let share = (Double(part * half + cell) + 0.5) / Double(2 * half)
                    let color = tones.hasColor ? Style(background: tones.scale.color(at: share)) : palette.label
                    pen.put(tones.hasColor ? " " : tones.glyph(share), x: x, y: area.y, style: color, into: &grid)
                    x += 1
                }
                x += pen.write(part == 0 ? " \(texts[1]) " : " \(texts[2])", x: x, y: area.y, style: palette.label, into: &grid)
            }
        } else if textWidth + 2 <= area.width {
            x += pen.write(texts.joined(separator: " "), x: x, y: area.y, style: palette.label, into: &grid)
        }
        if title.isEmpty, !unit.isEmpty, x + 1 + unit.columnWidth <= area.maxX { x += 1 + pen.write(unit, x: x + 1, y: area.y, style: palette.axis, into: &grid) }
        guard let cursor, cursor.row >= 0, cursor.row < rows.count, cursor.column >= 0, cursor.column < columns.count else { return }
        let value = value(cursor.row, cursor.column)
        let text = "\(rows[cursor.row]) · \(columns[cursor.column])  " + (value.isNaN ? "no value" : format.string(value))
        let room = area.maxX - x - 2
        if room >= 8 { pen.write(text.middleTruncated(to: room), endingAt: area.maxX, y: area.y, style: palette.emphasis, into: &grid) }
    }
}
