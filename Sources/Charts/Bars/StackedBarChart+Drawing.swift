import Terminal

extension StackedBarChart {
    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        let area = area.intersection(grid.bounds)
        guard !area.isEmpty, !bars.isEmpty else { return }
        let pen = Pen(area, palette)
        var top = area.y, bottom = area.maxY
        if area.height >= 4 {
            drawLegend(row: top, area: area, pen: pen, into: &grid, palette: palette)
            top += 1
        }
        if let cursor, bars.indices.contains(cursor), bottom - top >= 2 {
            bottom -= 1
            pen.write(readout(cursor).truncated(to: area.width), x: area.x, y: bottom, style: palette.emphasis, into: &grid)
        }
        let first = min(max(0, offset), bars.count - 1), left = bars.count - first, rows = bottom - top
        guard rows > 0 else { return }
        // Up to two rows a bar and a blank one behind, as far as all fit.
        let height = left * 3 - 1 <= rows ? 2 : 1, pitch = height + (left * (height + 1) - 1 <= rows ? 1 : 0)
        let shown = min(left, max(1, (rows + pitch - height) / pitch))
        let longest = bars.map(\.name.columnWidth).max() ?? 0, nameWidth = min(longest, max(0, area.width / 3))
        let plot = area.x + (nameWidth > 0 ? nameWidth + 1 : 0), width = area.maxX - plot
        let total = bars.map { $0.parts.reduce(0) { $0 + Self.size($1) } }.max() ?? 0
        for place in 0..<shown {
            let bar = first + place, y = top + place * pitch
            pen.write(bars[bar].name.middleTruncated(to: nameWidth), x: area.x, y: y, style: bar == cursor ? palette.emphasis : palette.label, into: &grid)
            guard total > 0, width > 0 else { continue }
            drawBar(bar, Rect(x: plot, y: y, width: width, height: min(height, bottom - y)), total: total, pen: pen, into: &grid, palette: palette)
        }
        if first + shown < bars.count { pen.put("↓", x: area.maxX - 1, y: bottom - 1, style: palette.axis, into: &grid) }
    }

    private static func size(_ part: Part) -> Double { part.value.isFinite && part.value > 0 ? part.value : 0 }

    private func readout(_ bar: Int) -> String {
        "\(bars[bar].name): " + bars[bar].parts.map { "\($0.name) \(format.string($0.value))" }.joined(separator: " · ") + (unit.isEmpty ? "" : " \(unit)")
    }

    /// Each part once, in the order in which they come.
    private func drawLegend(row: Int, area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        var seen: Set<String> = []
        let parts = bars.flatMap(\.parts).filter { seen.insert($0.name).inserted }
        NameLabels.legend(parts.map(\.name), width: area.width, separation: 2).draw(x: area.x, y: row, pen: pen, into: &grid, palette: palette) { index in
            guard let slot = parts[index].slot else { return ("·", palette.axis) }
            return (palette.marker(ofSlot: slot), palette.style(ofSlot: slot))
        }
    }

    private func drawBar(_ bar: Int, _ area: Rect, total: Double, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        var sum = 0.0
        // Neighbours without colour differ by shade.
        let shades: [Character] = ["▓", "░", "▒"]
        for (place, part) in bars[bar].parts.enumerated() {
            let start = area.x + Int((sum / total * Double(area.width)).rounded())
            sum += Self.size(part)
            let end = min(area.maxX, area.x + Int((sum / total * Double(area.width)).rounded()))
            guard end > start else { continue }
            let own = part.slot.map { palette.style(ofSlot: $0) } ?? palette.axis
            // A colour as background, so that names can stand on it; the terminal's own colours cannot be told apart there.
            let isFilled = palette.hasColor && own.foreground != .terminal
            let ground = isFilled ? Style(foreground: .rgb(0, 0, 0), background: own.foreground) : own
            for y in area.y..<area.maxY {
                for x in start..<end { pen.put(isFilled ? " " : part.slot == nil ? "·" : shades[place % shades.count], x: x, y: y, style: ground, into: &grid) }
            }
            // A cell between two parts of the same colour.
            let room = end - start - (end < area.maxX ? 1 : 0), number = NumberFormat.automatic.string(part.value, significant: 2)
            let marker = isFilled ? "" : part.slot.map { String(palette.marker(ofSlot: $0)) + " " } ?? ""
            if area.height >= 2 {
                if (marker + part.name).columnWidth <= room { pen.write(marker + part.name, x: start, y: area.y, style: ground, into: &grid) } else if part.name.columnWidth > 3, room >= 4 { pen.write(part.name.truncated(to: room), x: start, y: area.y, style: ground, into: &grid) }
                if number.columnWidth <= room { pen.write(number, x: start, y: area.y + 1, style: ground, into: &grid) }
            } else if (marker + part.name + " " + number).columnWidth <= room {
                pen.write(marker + part.name + " " + number, x: start, y: area.y, style: ground, into: &grid)
            } else if (marker + part.name).columnWidth <= room {
                pen.write(marker + part.name, x: start, y: area.y, style: ground, into: &grid)
            }
        }
    }
}
