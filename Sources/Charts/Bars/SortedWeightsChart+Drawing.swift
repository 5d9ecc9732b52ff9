import Terminal

extension SortedWeightsChart {
    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        let area = area.intersection(grid.bounds)
        guard !area.isEmpty else { return }
        let pen = Pen(area, palette)
        let least = order.first.map { weights[$0] } ?? 0, greatest = order.last.map { weights[$0] } ?? 0
        let range = AxisRange.fitting(min(least, 0)...max(greatest, 0), scale: .linear, padding: 0)
        var frame = PlotFrame(area, .init(hasTitle: !title.isEmpty, x: .init(range: 0...1), y: .init(range: range, format: format)))
        frame.xTicks = nil
        let names = frame.labelRow
        frame.labelRow = nil
        frame.drawAxes(into: &grid, pen: pen, xTitle: "", yUnit: unit, palette: palette)
        if let row = frame.titleRow {
            let used = pen.write(title.middleTruncated(to: area.width), x: area.x, y: row, style: palette.emphasis, into: &grid)
            let note = unit.isEmpty ? "" : " (\(unit))"
            if used + note.columnWidth <= area.width { pen.write(note, x: area.x + used, y: row, style: palette.axis, into: &grid) }
        }
        guard !frame.plot.isEmpty, !order.isEmpty else { return }
        let levels = drawArea(range: range, frame: frame, pen: pen, into: &grid, palette: palette)
        if let row = frame.axisRow { drawFlags(row: row, frame: frame, pen: pen, into: &grid, palette: palette) }
        if let row = names { drawEnds(row: row, area: area, pen: pen, into: &grid, palette: palette) }
        drawCounts(frame: frame, zeroRow: levels, pen: pen, into: &grid, palette: palette)
        if let cursor { drawCursor(cursor, frame: frame, pen: pen, into: &grid, palette: palette) }
    }

    /// The places in the order that fall into a plot column.
    private func ranks(column: Int, width: Int) -> Range<Int> {
        let low = column * order.count / width
        return low..<max(low + 1, (column + 1) * order.count / width)
    }

    /// - Returns: the row of the zero line.
    private func drawArea(range: ClosedRange<Double>, frame: PlotFrame, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) -> Int {
        let plot = frame.plot
        let half = range.upperBound / 2 - range.lowerBound / 2
        var below = Int((-range.lowerBound / 2 / half * Double(plot.height)).rounded())
        if range.lowerBound < 0 { below = max(below, min(1, plot.height - 1)) }
        if range.upperBound > 0 { below = min(below, plot.height - 1) }
        let above = plot.height - below
        let base = plot.y + above - 1
        let unitsUp = range.upperBound > 0 ? Double(above) / range.upperBound : 0
        let unitsDown = range.lowerBound < 0 ? Double(below) / -range.lowerBound : 0
        let positive = palette.hasColor ? palette.positive : Style(palette.positive.attributes)
        let negative = palette.hasColor ? palette.negative : palette.faint(Style(palette.negative.attributes))
        for column in 0..<plot.width {
            let ranks = ranks(column: column, width: plot.width)
            guard ranks.lowerBound < order.count else { continue }
            let low = weights[order[ranks.lowerBound]], high = weights[order[min(ranks.upperBound, order.count) - 1]]
            // Both signs in one column: the extremes are kept, so that no outlier hides.
            if high > 0 {
                Eighths.drawUp(x: plot.x + column, base: base, length: max(min(high * unitsUp, Double(above)), 0.125), style: positive, pen: pen, into: &grid)
            }
            if low < 0 {
                Eighths.drawDown(x: plot.x + column, top: base + 1, length: max(min(-low * unitsDown, Double(below)), 0.125), style: negative, pen: pen, into: &grid)
            }
            if low <= 0, high >= 0, high == 0 || low == 0 {
                if grid[plot.x + column, base].text == " " {
                    pen.put(pen.glyphs == .ascii ? "_" : "▁", x: plot.x + column, y: base, style: palette.axis, into: &grid)
                }
            }
        }
        return base
    }

    /// On the axis line: how dense the flagged examples lie.
    private func drawFlags(row: Int, frame: PlotFrame, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        guard flagged.contains(true) else { return }
        let ramp: [Character] = pen.glyphs == .ascii ? [".", ":", "=", "#"] : ["░", "▒", "▓", "█"]
        for column in 0..<frame.plot.width {
            let ranks = ranks(column: column, width: frame.plot.width)
            var count = 0
            for rank in ranks where rank < order.count && isFlagged(order[rank]) { count += 1 }
            guard count > 0 else { continue }
            let share = Double(count) / Double(ranks.count)
            pen.put(ramp[min(ramp.count - 1, Int(share * Double(ramp.count)))], x: frame.plot.x + column, y: row, style: palette.warning, into: &grid)
        }
    }

    private func isFlagged(_ index: Int) -> Bool { index < flagged.count && flagged[index] }

    private func drawEnds(row: Int, area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let low = "← " + lowName, high = highName + " →"
        pen.write(low.truncated(to: area.width), x: area.x, y: row, style: palette.axis, into: &grid)
        let flags = order.filter(isFlagged).count
        if low.columnWidth + high.columnWidth + 2 <= area.width { pen.write(high, endingAt: area.maxX, y: row, style: palette.axis, into: &grid) }
        guard flags > 0 else { return }
        let text = (pen.glyphs == .ascii ? "#" : "▓") + " \(Decimal.integer(flags)) \(flagName)"
        let room = area.width - low.columnWidth - high.columnWidth - 4
        if text.columnWidth <= room {
            pen.write(text, x: area.x + low.columnWidth + 2 + (room - text.columnWidth) / 2, y: row, style: palette.warning, into: &grid)
        }
    }

    /// "201 below 0", "1,236 above", in the corners that a sorted area leaves empty.
    private func drawCounts(frame: PlotFrame, zeroRow: Int, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let plot = frame.plot
        let below = order.filter { weights[$0] < 0 }.count, zero = order.filter { weights[$0] == 0 }.count
        let skipped = weights.count - order.count
        var parts = ["\(order.count - below - zero) above 0"]
        if zero > 0 { parts.append("\(zero) at 0") }
        if skipped > 0 { parts.append("✗\(skipped)") }
        let upper = parts.joined(separator: " · "), lower = "\(below) below 0"
        // The upper left is empty where weights rise to the right, the lower right where they are negative on the left.
        if plot.height >= 3, upper.columnWidth < plot.width {
            writeIfEmpty(upper, x: plot.x + 1, y: plot.y, pen: pen, into: &grid, palette: palette)
        }
        if below > 0, plot.height >= 3, lower.columnWidth < plot.width, zeroRow < plot.maxY - 1 {
            writeIfEmpty(lower, x: plot.maxX - lower.columnWidth, y: plot.maxY - 1, pen: pen, into: &grid, palette: palette)
        }
    }

    private func writeIfEmpty(_ text: String, x: Int, y: Int, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        for column in 0..<text.columnWidth where grid[x + column, y].text != " " { return }
        pen.write(text, x: x, y: y, style: palette.label, into: &grid)
    }

    private func drawCursor(_ index: Int, frame: PlotFrame, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        guard let rank = order.firstIndex(of: index) else { return }
        let plot = frame.plot
        let column = min(plot.width - 1, rank * plot.width / order.count)
        for y in plot.y..<plot.maxY where grid[plot.x + column, y].text == " " {
            pen.put("│", x: plot.x + column, y: y, style: palette.emphasis, into: &grid)
        }
        let text = "#\(index) \(format.string(weights[index]))"
        let x = min(plot.x + column + 1, plot.maxX - text.columnWidth)
        if x >= plot.x, plot.height >= 2 { pen.write(text, x: x, y: plot.y + min(1, plot.height - 1), style: palette.emphasis, into: &grid) }
    }
}
