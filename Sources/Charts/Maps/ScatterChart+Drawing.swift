import Terminal

extension ScatterChart {
    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        let area = area.intersection(grid.bounds)
        guard !area.isEmpty else { return }
        let pen = Pen(area, palette)
        let fitted = fittingWindow
        let xRange = AxisRange.usable(view.x, scale: xScale, fallback: fitted.x)
        let yRange = AxisRange.usable(view.y, scale: yScale, fallback: fitted.y)
        let named = groups.contains { !$0.name.isEmpty }
        let frame = PlotFrame(area, .init(hasTitle: !title.isEmpty, hasLegend: named && (groups.count > 1 || title.isEmpty),
                                          x: .init(range: xRange, scale: xScale, format: xFormat),
                                          y: .init(range: yRange, scale: yScale, format: yFormat)))
        frame.drawAxes(into: &grid, pen: pen, xTitle: xTitle, yUnit: "", palette: palette)
        drawHead(frame: frame, pen: pen, into: &grid, palette: palette)
        guard !frame.plot.isEmpty else { return }

        var canvas = DotCanvas(columns: frame.plot.width, rows: frame.plot.height, level: palette.glyphs)
        let x = AxisMapping(xRange, scale: xScale, dots: canvas.width), y = AxisMapping(yRange, scale: yScale, dots: canvas.height)
        let across = max(1, canvas.width / frame.plot.width), down = max(1, canvas.height / frame.plot.height)
        var counts = [Int](repeating: 0, count: frame.plot.width * frame.plot.height * across * down)
        var shown = 0, placeless = 0
        for (index, group) in groups.enumerated() {
            for point in group.points {
                guard xScale.position(of: point.step) != nil, yScale.position(of: point.value) != nil else { placeless += 1; continue }
                guard let column = x.index(of: point.step), let row = y.index(of: point.value) else { continue }
                let line = canvas.height - 1 - row
                canvas.set(column, line, layer: Int16(min(index, Int(Int16.max))))
                counts[line * canvas.width + column] += 1
                shown += 1
            }
        }
        if let crossHair { draw(crossHair, x: x, y: y, across: across, down: down, frame: frame, pen: pen, into: &grid, palette: palette) }
        let heads = arrows.isEmpty ? [] : drawArrows(x: x, y: y, across: across, down: down, frame: frame, pen: pen, into: &grid, palette: palette)
        if showsDiagonal { drawDiagonal(x: x, y: y, frame: frame, into: &grid, palette: palette) }
        let taken = counts.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
        let crowded = shown > 2 * taken && taken > 12
        if form == .markers {
            drawMarkers(x: x, y: y, across: across, down: down, frame: frame, pen: pen, into: &grid, palette: palette)
        } else if form == .density || form == .automatic && crowded {
            drawDensity(counts, canvas: canvas, frame: frame, pen: pen, into: &grid, palette: palette)
        } else {
            canvas.render(into: &grid, x: frame.plot.x, y: frame.plot.y, within: area,
                          style: { palette.style(ofSlot: groups[$0].slot) },
                          asciiGlyph: { groups.count == 1 ? "*" : palette.marker(ofSlot: groups[$0].slot) })
        }
        drawHeads(heads, pen: pen, into: &grid, palette: palette)
        if placeless > 0, let row = frame.axisRow {
            pen.write(" ✗\(placeless)", endingAt: frame.plot.maxX, y: row, style: palette.warning, into: &grid)
        }
    }

    /// The ranges that hold every point.
    public var fittingWindow: (x: ClosedRange<Double>, y: ClosedRange<Double>) {
        var x = Extent(), y = Extent()
        for group in groups {
            for point in group.points where xScale.position(of: point.step) != nil && yScale.position(of: point.value) != nil {
                x.add(point.step)
                y.add(point.value)
            }
        }
        return (AxisRange.fitting(x.positions(on: xScale), scale: xScale), AxisRange.fitting(y.positions(on: yScale), scale: yScale))
    }

    private func drawHead(frame: PlotFrame, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let area = frame.area
        if let row = frame.titleRow {
            let used = pen.write(title.middleTruncated(to: area.width), x: area.x, y: row, style: palette.emphasis, into: &grid)
            let note = yTitle.isEmpty ? "" : "  ↑ " + yTitle
            if used + note.columnWidth <= area.width { pen.write(note, x: area.x + used, y: row, style: palette.axis, into: &grid) }
        }
        if let row = frame.legendRow {
            guard form == .markers, !markerNames.isEmpty else {
                return NameLabels.legend(groups.map(\.name), width: area.width).draw(x: area.x, y: row, pen: pen, into: &grid, palette: palette) {
                    (palette.marker(ofSlot: groups[$0].slot), palette.style(ofSlot: groups[$0].slot))
                }
            }
            // Colours first, then markers: two things that a point says.
            let names = groups.map(\.name) + markerNames.map(\.name)
            NameLabels.legend(names, width: area.width).draw(x: area.x, y: row, pen: pen, into: &grid, palette: palette) {
                $0 < groups.count ? ("█", palette.style(ofSlot: groups[$0].slot)) : (palette.marker(ofSlot: markerNames[$0 - groups.count].marker), palette.label)
            }
        }
    }

    private func drawDiagonal(x: AxisMapping, y: AxisMapping, frame: PlotFrame, into grid: inout CellGrid, palette: ChartPalette) {
        let low = max(x.range.lowerBound, y.range.lowerBound), high = min(x.range.upperBound, y.range.upperBound)
        guard low < high, let x0 = x.dot(of: low), let x1 = x.dot(of: high), let y0 = y.dot(of: low), let y1 = y.dot(of: high) else { return }
        var line = DotCanvas(columns: frame.plot.width, rows: frame.plot.height, level: palette.glyphs)
        let bottom = Double(line.height - 1)
        line.line(fromX: x0, y: bottom - y0, toX: x1, y: bottom - y1, layer: 0, every: palette.glyphs == .braille ? 3 : 2)
        line.render(into: &grid, x: frame.plot.x, y: frame.plot.y, within: frame.area, style: { _ in palette.axis }, asciiGlyph: { _ in "." })
    }

    /// Counts a cell as shades on a log scale; with colour also along the sequential scale.
    private func drawDensity(_ counts: [Int], canvas: DotCanvas, frame: PlotFrame, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let plot = frame.plot
        let across = max(1, canvas.width / plot.width), down = max(1, canvas.height / plot.height)
        var cells = [Int](repeating: 0, count: plot.width * plot.height)
        for row in 0..<canvas.height {
            for column in 0..<canvas.width { cells[(row / down) * plot.width + column / across] += counts[row * canvas.width + column] }
        }
        let most = Double(cells.max() ?? 1)
        let log = AxisMapping(1...max(2, most), scale: .logarithmic, dots: 2)
        let scale = ColorScale(palette.sequential)
        let ramp: [Character] = palette.glyphs == .ascii ? Array(Shades.ramp(.ascii).dropFirst()) : ["░", "▒", "▓", "█"]
        for row in 0..<plot.height {
            for column in 0..<plot.width where cells[row * plot.width + column] > 0 {
                let share = log.fraction(ofPosition: AxisScale.logarithmic.position(of: Double(cells[row * plot.width + column])) ?? 0)
                let glyph = ramp[Shades.index(share, count: ramp.count)]
                // Colour carries the scale on its own; shades are for screens without it.
                let style = palette.hasColor ? Style(foreground: scale.color(at: 0.15 + 0.85 * share)) : palette.label
                pen.put(palette.hasColor && palette.glyphs != .ascii ? "█" : glyph, x: plot.x + column, y: plot.y + row, style: style, into: &grid)
            }
        }
        let text = "1 to \(Decimal.integer(Int(most))) a cell"
        let row = frame.titleRow ?? frame.legendRow
        if let row, text.columnWidth + title.columnWidth + 4 + (yTitle.isEmpty ? 0 : yTitle.columnWidth + 4) <= frame.area.width, frame.titleRow != nil || groups.count == 1 {
            pen.write(text, endingAt: frame.area.maxX, y: row, style: palette.axis, into: &grid)
        }
    }
}
