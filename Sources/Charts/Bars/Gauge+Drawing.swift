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
        if let target, target.isFinite {
            let share = min(max(mapping.fraction(ofPosition: target), 0), 1)
            pen.put("│", x: left + Int((share * Double(width - 1)).rounded()), y: y, style: palette.emphasis, into: &grid)
        }
    }
}
