import Terminal

extension Gauge {
    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        let area = area.intersection(grid.bounds)
        guard !area.isEmpty else { return }
        let pen = Pen(area, palette)
        let ownRow = area.height >= 2 && !title.isEmpty
        let y = area.y + (ownRow ? 1 : 0)
        var number = format.string(value) + (unit.isEmpty ? "" : " " + unit)
        if !value.isFinite { number = "✗ " + number }
        var left = area.x
        if !title.isEmpty {
            if ownRow {
                pen.write(title.middleTruncated(to: area.width), x: area.x, y: area.y, style: palette.emphasis, into: &grid)
            } else {
                let room = area.width - number.columnWidth - 8
                if room >= 3 { left += pen.write(title.middleTruncated(to: room) + " ", x: area.x, y: y, style: palette.label, into: &grid) }
            }
        }
        guard number.columnWidth <= area.maxX - left else { return }
        pen.write(number, endingAt: area.maxX, y: y, style: palette.emphasis, into: &grid)
        let width = area.maxX - left - number.columnWidth - 1
        guard width >= 3 else { return }
        let mapping = AxisMapping(AxisRange.usable(range, scale: .linear, fallback: 0...1), scale: .linear, dots: 2)
        let style = palette.style(ofSlot: slot)
        for x in left..<(left + width) { pen.put(pen.glyphs == .ascii ? "." : "░", x: x, y: y, style: palette.axis, into: &grid) }
        if value.isFinite {
            let share = min(max(mapping.fraction(ofPosition: value), 0), 1)
            Eighths.drawRight(from: left, length: share * Double(width), y: y, style: style, pen: pen, into: &grid)
        }
        func column(_ value: Double) -> Int {
            left + Int((min(max(mapping.fraction(ofPosition: value), 0), 1) * Double(width - 1)).rounded())
        }
        for mark in marks where mark.isFinite { pen.put("┊", x: column(mark), y: y, style: palette.emphasis, into: &grid) }
        if !marks.isEmpty, y + 1 < area.maxY { drawMarkLabels(row: y + 1, left: left, width: width, column: column, pen: pen, into: &grid, palette: palette) }
        if let target, target.isFinite { pen.put("│", x: column(target), y: y, style: palette.emphasis, into: &grid) }
    }

    /// The numbers of ends and marks under their places; a mark whose number would touch another's has none.
    private func drawMarkLabels(row: Int, left: Int, width: Int, column: (Double) -> Int, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        var taken: [Range<Int>] = []
        for value in [range.lowerBound, range.upperBound] + marks where value.isFinite {
            let text = format.string(value)
            let start = min(max(left, column(value) - text.columnWidth / 2), left + width - text.columnWidth)
            let place = start..<start + text.columnWidth
            guard start >= left, taken.allSatisfy({ $0.upperBound < place.lowerBound || place.upperBound < $0.lowerBound }) else { continue }
            taken.append(place)
            pen.write(text, x: start, y: row, style: palette.label, into: &grid)
        }
    }
}
