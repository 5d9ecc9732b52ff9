import Terminal

extension Sparkline {
    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        let area = area.intersection(grid.bounds)
        guard !area.isEmpty, let steps = data.stepRange else { return }
        let fitted = AxisRange.fitting(data.extent(in: nil).positions(on: scale), scale: scale, padding: 0)
        let range = AxisRange.usable(self.range, scale: scale, fallback: fitted)
        let style = palette.style(ofSlot: slot)
        let row = Rect(x: area.x, y: area.y, width: area.width, height: 1)
        let isLine = form == .line && palette.glyphs == .braille
        // A short series takes a cell a point, flush right, so that it does not jump as it grows.
        let dots = isLine ? row.width * 2 : row.width
        let shown = min(dots, max(1, data.count))
        let window = steps.lowerBound < steps.upperBound ? steps : steps.lowerBound...max(steps.lowerBound.nextUp, steps.lowerBound + 1)
        let x = AxisMapping(window, scale: .linear, dots: shown)
        let reduced = data.dotColumns(over: x, yScale: scale).columns
        if isLine {
            drawLine(reduced, from: dots - shown, range: range, row: row, style: style, into: &grid)
        } else {
            drawBlocks(reduced, range: range, row: row, style: style, pen: Pen(row, palette), into: &grid)
        }
    }

    private func drawBlocks(_ columns: [DotColumn], range: ClosedRange<Double>, row: Rect, style: Style, pen: Pen, into grid: inout CellGrid) {
        let y = AxisMapping(range, scale: scale, dots: 8)
        var previous = y.fraction(ofPosition: columns.first(where: \.hasValue)?.greatest ?? 0)
        for (index, column) in columns.enumerated() where column.hasValue {
            // Of several values the one that differs most from the last: spikes stay.
            let low = min(max(y.fraction(ofPosition: column.least), 0), 1), high = min(max(y.fraction(ofPosition: column.greatest), 0), 1)
            let share = abs(low - previous) > abs(high - previous) ? low : high
            previous = share
            let level = 1 + min(7, Int(share * 8))
            pen.put(pen.glyphs == .ascii ? Eighths.ascii[level] : Eighths.vertical[level], x: row.maxX - columns.count + index, y: row.y, style: style, into: &grid)
        }
    }

    private func drawLine(_ columns: [DotColumn], from offset: Int, range: ClosedRange<Double>, row: Rect, style: Style, into grid: inout CellGrid) {
        var canvas = DotCanvas(columns: row.width, rows: 1, level: .braille)
        let y = AxisMapping(range, scale: scale, dots: 4)
        func height(_ position: Double) -> Int { 3 - Int(min(max(y.dot(ofPosition: position), 0), 3).rounded()) }
        for (index, column) in columns.enumerated() where column.hasValue {
            canvas.vertical(offset + index, from: height(column.greatest), to: height(column.least), layer: 0)
        }
        canvas.render(into: &grid, x: row.x, y: row.y, within: row, style: { _ in style }, asciiGlyph: { _ in "*" })
    }
}
