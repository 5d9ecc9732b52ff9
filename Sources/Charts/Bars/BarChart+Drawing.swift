import Terminal

extension BarChart {
    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        let area = area.intersection(grid.bounds)
        guard !area.isEmpty else { return }
        let pen = Pen(area, palette)
        var rest = area
        if (!title.isEmpty || !unit.isEmpty), area.height >= 3 {
            let used = pen.write(title.middleTruncated(to: area.width), x: area.x, y: area.y, style: palette.emphasis, into: &grid)
            if !unit.isEmpty {
                let note = (used > 0 ? " " : "") + "(\(unit))"
                if used + note.columnWidth <= area.width { pen.write(note, x: area.x + used, y: area.y, style: palette.axis, into: &grid) }
            }
            rest = area.split(top: 1).1
        }
        guard !rest.isEmpty, !bars.isEmpty else { return }
        switch orientation {
        case .horizontal: drawRows(in: rest, pen: pen, into: &grid, palette: palette)
        case .vertical: drawColumns(in: rest, pen: pen, into: &grid, palette: palette)
        }
    }

    /// Indices into `bars` in the order they are drawn.
    package var shownOrder: [Int] {
        let indices = Array(bars.indices)
        if order == .given { return indices }
        return indices.sorted { left, right in
            let (a, b) = (bars[left].value, bars[right].value)
            if a.isFinite != b.isFinite { return a.isFinite }
            if a == b || !a.isFinite { return left < right }
            return order == .ascending ? a < b : a > b
        }
    }

    private func style(_ bar: Int, _ palette: ChartPalette) -> Style {
        let style = palette.style(ofSlot: bars[bar].slot ?? 0)
        return bar == cursor ? palette.emphasised(style) : style
    }

    // MARK: Horizontal

    private func drawRows(in area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let order = shownOrder
        let start = min(max(0, offset), max(0, order.count - 1))
        let overflows = order.count - start > area.height && area.height > 1
        let shown = Array(order[start...].prefix(overflows ? area.height - 1 : area.height))
        let labels = format.columnLabels(bars.map(\.value))
        let numberWidth = labels.map(\.columnWidth).max() ?? 0
        let longest = bars.map(\.name.columnWidth).max() ?? 0
        // The number is never cut: names give way first, then the bar.
        let least = min(10, max(0, area.width / 3))
        let nameWidth = min(longest, max(0, area.width - numberWidth - 2 - least))
        let showsNumbers = numberWidth <= area.width
        let nameColumns = nameWidth >= min(2, max(1, longest)) ? nameWidth + 1 : 0
        let barStart = area.x + nameColumns + (showsNumbers ? numberWidth + 1 : 0)
        let barWidth = area.maxX - barStart
        // A blank row between bars where all fit with it.
        let pitch = shown.count * 2 - 1 <= area.height ? 2 : 1
        let reach = BarReach(bars.lazy.map(\.value)), (low, high) = (reach.low, reach.high)
        let span = high / 2 - low / 2
        let negative = low < 0 ? (-low / 2 / span) * Double(max(0, barWidth - 1)) : 0
        let zero = barStart + (low < 0 ? min(max(0, barWidth - 1), Int(negative.rounded(.up))) : 0)
        for (row, bar) in shown.enumerated() {
            let y = area.y + row * pitch
            let style = style(bar, palette)
            let isCursor = bar == cursor
            if nameColumns > 0 {
                pen.write(bars[bar].name.middleTruncated(to: nameWidth), x: area.x, y: y, style: isCursor ? palette.emphasis : palette.label, into: &grid)
            }
            if showsNumbers {
                pen.write(labels[bar], endingAt: area.x + nameColumns + numberWidth, y: y, style: isCursor ? palette.emphasis : palette.label, into: &grid)
            }
            guard barWidth > 1 else { continue }
            pen.put("▏", x: zero, y: y, style: palette.axis, into: &grid)
            let value = bars[bar].value
            guard value.isFinite else {
                pen.put("✗", x: zero + 1, y: y, style: palette.warning, into: &grid)
                continue
            }
            let length = abs(value) / 2 / span * Double(barWidth - 1)
            if value > 0 {
                Eighths.drawRight(from: zero + 1, length: min(length, Double(area.maxX - zero - 1)), y: y, style: style, pen: pen, into: &grid)
            } else if value < 0 {
                Eighths.drawLeft(from: zero, length: min(length, Double(zero - barStart)), y: y, style: style, pen: pen, into: &grid)
            }
        }
        if overflows {
            pen.write("… \(order.count - start - shown.count) more", x: area.x, y: area.maxY - 1, style: palette.axis, into: &grid)
        }
    }

    // MARK: Vertical

    private func drawColumns(in area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let order = shownOrder
        let start = min(max(0, offset), max(0, order.count - 1))
        let hasNames = area.height >= 4 && bars.contains { !$0.name.isEmpty }
        let reach = BarReach(bars.lazy.map(\.value)), (low, high) = (reach.low, reach.high)
        let height = area.height - (hasNames ? 1 : 0)
        guard height > 0 else { return }
        // One row above for the numbers.
        let numberRow = height >= 4 ? 1 : 0
        let plotHeight = height - numberRow
        let share = -low / 2 / (high / 2 - low / 2)
        var rowsBelow = Int((share * Double(plotHeight)).rounded())
        if low < 0 { rowsBelow = max(1, rowsBelow) }
        if high > 0 { rowsBelow = min(rowsBelow, plotHeight - 1) }
        let rowsAbove = plotHeight - rowsBelow
        let scale = min(high > 0 ? Double(rowsAbove) / high : .infinity, low < 0 ? Double(rowsBelow) / -low : .infinity)
        let base = area.y + numberRow + rowsAbove - 1

        let ticks = AxisTicks(low...high, scale: .linear, format: format, cells: plotHeight, direction: .vertical)
        let axisWidth = BarReach.drawAxis(ticks, in: area, rows: area.y + numberRow..<area.y + height, pen: pen, into: &grid, palette: palette)
        let room = area.width - axisWidth
        let slot = max(1, min(12, room / max(1, order.count - start)))
        let bar = slot >= 3 ? slot - 1 : slot
        let shown = Array(order[start...].prefix(max(0, room / slot)))
        let labels = format.columnLabels(bars.map(\.value))
        for (position, index) in shown.enumerated() {
            let x = area.x + axisWidth + position * slot
            let value = bars[index].value
            let style = style(index, palette)
            var top = base
            if !value.isFinite {
                pen.put("✗", x: x, y: base, style: palette.warning, into: &grid)
            } else {
                let length = min(abs(value) * scale, Double(plotHeight))
                for column in 0..<bar {
                    if value >= 0 {
                        Eighths.drawUp(x: x + column, base: base, length: length, style: style, pen: pen, into: &grid)
                    } else {
                        Eighths.drawDown(x: x + column, top: base + 1, length: length, style: style, pen: pen, into: &grid)
                    }
                }
                top = value >= 0 ? base - Int((length * 8).rounded(.up) / 8 + 0.999) : base
            }
            if labels[index].columnWidth <= bar, top >= area.y {
                pen.write(labels[index], x: x + (bar - labels[index].columnWidth) / 2, y: top, style: index == cursor ? palette.emphasis : palette.label, into: &grid)
            }
            if hasNames, slot >= 2 {
                pen.write(bars[index].name.middleTruncated(to: bar), x: x, y: area.maxY - 1, style: index == cursor ? palette.emphasis : palette.label, into: &grid)
            }
        }
        if shown.count < order.count - start { pen.put("›", x: area.maxX - 1, y: area.maxY - 1, style: palette.axis, into: &grid) }
    }
}
