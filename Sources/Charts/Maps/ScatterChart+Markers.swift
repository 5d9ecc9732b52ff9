import Terminal

extension ScatterChart {
    /// A marker a point in its group's colour; where two share a cell the later one is seen.
    func drawMarkers(x: AxisMapping, y: AxisMapping, across: Int, down: Int, frame: PlotFrame, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        for group in groups {
            for (place, point) in group.points.enumerated() {
                guard let column = x.index(of: point.step), let row = y.index(of: point.value) else { continue }
                let marker = group.markers.indices.contains(place) ? group.markers[place] : group.slot
                pen.put(palette.marker(ofSlot: marker), x: frame.plot.x + column / across, y: frame.plot.maxY - 1 - row / down, style: palette.style(ofSlot: group.slot), into: &grid)
            }
        }
    }

    /// Dashed lines through a point, and its name beside them.
    func draw(_ crossHair: CrossHair, x: AxisMapping, y: AxisMapping, across: Int, down: Int, frame: PlotFrame, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let plot = frame.plot
        let column = x.index(of: crossHair.x).map { plot.x + $0 / across }, row = y.index(of: crossHair.y).map { plot.maxY - 1 - $0 / down }
        if let row { for x in plot.x..<plot.maxX { pen.put("╌", x: x, y: row, style: palette.axis, into: &grid) } }
        if let column { for y in plot.y..<plot.maxY { pen.put("╎", x: column, y: y, style: palette.axis, into: &grid) } }
        if let row, !crossHair.label.isEmpty {
            let text = crossHair.label.middleTruncated(to: max(0, plot.width - 1))
            pen.write(text, endingAt: plot.maxX, y: row > plot.y ? row - 1 : row, style: palette.label, into: &grid)
        }
    }

    /// The end of an arrow in cells.
    struct ArrowHead {
        var glyph: Character, x: Int, y: Int, slot: Int
    }

    /// Dotted lines from where points were.
    /// - Returns: the heads, which say which way a point went; they stand in the place of its marker and are drawn after the markers.
    func drawArrows(x: AxisMapping, y: AxisMapping, across: Int, down: Int, frame: PlotFrame, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) -> [ArrowHead] {
        let plot = frame.plot
        var lines = DotCanvas(columns: plot.width, rows: plot.height, level: palette.glyphs)
        let bottom = Double(lines.height - 1)
        var heads: [ArrowHead] = []
        for (index, arrow) in arrows.enumerated() {
            guard let x0 = x.dot(of: arrow.from.step), let y0 = y.dot(of: arrow.from.value), let x1 = x.dot(of: arrow.to.step), let y1 = y.dot(of: arrow.to.value) else { continue }
            lines.line(fromX: x0, y: bottom - y0, toX: x1, y: bottom - y1, layer: Int16(min(index, Int(Int16.max))), every: palette.glyphs == .braille ? 2 : 1)
            guard arrow.hasHead, let column = x.index(of: arrow.to.step), let row = y.index(of: arrow.to.value) else { continue }
            heads.append(ArrowHead(glyph: Self.head(right: (x1 - x0) / Double(across), up: (y1 - y0) / Double(down), isPlain: palette.glyphs == .ascii), x: plot.x + column / across, y: plot.maxY - 1 - row / down, slot: arrow.slot))
        }
        lines.render(into: &grid, x: plot.x, y: plot.y, within: frame.area, style: { palette.style(ofSlot: arrows[$0].slot) }, asciiGlyph: { _ in "." })
        return heads
    }

    func drawHeads(_ heads: [ArrowHead], pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        for head in heads { pen.put(head.glyph, x: head.x, y: head.y, style: palette.style(ofSlot: head.slot), into: &grid) }
    }

    /// The arrow for a direction in cells; a move of less than half a cell is a point.
    private static func head(right: Double, up: Double, isPlain: Bool) -> Character {
        guard max(abs(right), abs(up)) >= 0.5 else { return isPlain ? "." : "·" }
        if isPlain { return abs(right) >= abs(up) ? (right > 0 ? ">" : "<") : (up > 0 ? "^" : "v") }
        let straight = 2.414
        if abs(right) > straight * abs(up) { return right > 0 ? "→" : "←" }
        if abs(up) > straight * abs(right) { return up > 0 ? "↑" : "↓" }
        return right > 0 ? (up > 0 ? "↗" : "↘") : (up > 0 ? "↖" : "↙")
    }
}
