import Terminal

extension HistogramChart {
    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        let area = area.intersection(grid.bounds)
        guard !area.isEmpty, !groups.isEmpty else { return }
        let pen = Pen(area, palette)
        let named = groups.contains { !$0.name.isEmpty }
        // The widest possible plot first: the counts fix the width of their labels.
        let rough = Binning(groups.map(\.values), columns: max(1, area.width - 6), isSymmetric: isSymmetric)
        let peak = rough.counts.flatMap { $0 }.max() ?? 0
        let countRange = countScale == .linear ? 0...Double(max(1, peak)) : 0.5...Double(max(2, peak))
        var frame = PlotFrame(area, .init(hasTitle: !title.isEmpty, hasLegend: named && (groups.count > 1 || title.isEmpty),
                                          x: .init(range: rough.range), y: .init(range: countRange, scale: countScale)))
        guard !frame.plot.isEmpty else { return }
        let bins = Binning(groups.map(\.values), columns: frame.plot.width, isSymmetric: isSymmetric)
        let cells = max(1, frame.plot.width / max(1, bins.binCount))
        let used = min(frame.plot.width, cells * bins.binCount)
        frame.plot.width = used
        let highest = bins.counts.flatMap { $0 }.max() ?? 0
        let shownCounts = countScale == .linear ? 0...Double(max(1, highest)) : 0.5...Double(max(2, highest))
        if frame.yTicks != nil {
            // Counts of the final bins: labels of the same or a smaller width.
            frame.yTicks = AxisTicks(shownCounts, scale: countScale, format: .automatic, cells: frame.plot.height, direction: .vertical)
            frame.yTicks?.ticks.removeAll { $0.label.columnWidth > (frame.axisColumn ?? area.x) - area.x }
        }
        frame.xTicks = frame.xTicks == nil ? nil : AxisTicks(bins.range, scale: .linear, format: format, cells: used, direction: .horizontal)
        frame.drawAxes(into: &grid, pen: pen, xTitle: unit, palette: palette)
        drawHead(frame: frame, skipped: bins.skipped, pen: pen, into: &grid, palette: palette)

        let height = AxisMapping(shownCounts, scale: countScale, dots: 2)
        func length(_ count: Int) -> Double {
            guard count > 0, let position = countScale.position(of: Double(count)) else { return 0 }
            return max(height.fraction(ofPosition: position) * Double(frame.plot.height), 0.125)
        }
        drawFilled(bins.counts[0].map(length), cells: cells, frame: frame, pen: pen, into: &grid, palette: palette)
        for group in groups.indices.dropFirst() {
            drawOutline(bins.counts[group].map(length), group: group, cells: cells, frame: frame, pen: pen, into: &grid, palette: palette)
        }
        for marker in markers { draw(marker, range: bins.range, frame: frame, pen: pen, into: &grid, palette: palette) }
    }

    private func drawHead(frame: PlotFrame, skipped: Int, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let area = frame.area
        if let row = frame.titleRow { pen.write(title.middleTruncated(to: area.width), x: area.x, y: row, style: palette.emphasis, into: &grid) }
        if let row = frame.legendRow {
            let names = groups.map { $0.name + " " + Decimal.integer($0.values.count) }
            NameLabels.legend(names, width: area.width).draw(x: area.x, y: row, pen: pen, into: &grid, palette: palette) {
                ($0 == 0 ? "█" : palette.glyphs == .ascii ? "o" : "╌", palette.style(ofSlot: groups[$0].slot))
            }
        }
        let text = "✗\(skipped)"
        if skipped > 0, let row = frame.axisRow, text.columnWidth < frame.plot.width {
            pen.write(text, endingAt: frame.plot.maxX, y: row, style: palette.warning, into: &grid)
        }
    }

    private func drawFilled(_ lengths: [Double], cells: Int, frame: PlotFrame, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let style = palette.style(ofSlot: groups[0].slot)
        for (bin, length) in lengths.enumerated() {
            for cell in 0..<cells where bin * cells + cell < frame.plot.width {
                Eighths.drawUp(x: frame.plot.x + bin * cells + cell, base: frame.plot.maxY - 1, length: length, style: style, pen: pen, into: &grid)
            }
        }
    }

    /// The upper edge as a stair of dots; over the filled bars the dots stand on the bars' colour.
    private func drawOutline(_ lengths: [Double], group: Int, cells: Int, frame: PlotFrame, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let plot = frame.plot
        var canvas = DotCanvas(columns: plot.width, rows: plot.height, level: palette.glyphs)
        let perRow = Double(canvas.height) / Double(max(1, plot.height)), perCell = canvas.width / max(1, plot.width)
        var previous = canvas.height - 1
        for (bin, length) in lengths.enumerated() {
            let row = min(canvas.height - 1, max(0, canvas.height - Int((length * perRow).rounded(.up))))
            let left = bin * cells * perCell
            canvas.vertical(left, from: previous, to: row, layer: 0)
            if length > 0 { for x in left..<(left + cells * perCell) { canvas.set(x, row, layer: 0) } }
            previous = row
        }
        if let last = lengths.last, last > 0 { canvas.vertical(lengths.count * cells * perCell - 1, from: previous, to: canvas.height - 1, layer: 0) }
        let style = palette.style(ofSlot: groups[group].slot), filled = palette.style(ofSlot: groups[0].slot)
        var picture = CellGrid(Size(width: plot.width, height: plot.height))
        canvas.render(into: &picture, x: 0, y: 0, within: picture.bounds, style: { _ in style }, asciiGlyph: { _ in "o" })
        for y in 0..<plot.height {
            for x in 0..<plot.width where canvas.layer(column: x, row: y) != nil {
                var cell = picture[x, y]
                if grid[plot.x + x, plot.y + y].text == "█" {
                    if case .rgb = filled.foreground, palette.hasColor { cell.style.background = filled.foreground } else { cell.style = Eighths.reversed(cell.style) }
                }
                grid[plot.x + x, plot.y + y] = cell
            }
        }
    }

    private func draw(_ marker: Marker, range: ClosedRange<Double>, frame: PlotFrame, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let plot = frame.plot
        guard marker.value.isFinite, plot.width > 0 else { return }
        let mapping = AxisMapping(range, scale: .linear, dots: plot.width)
        let text = marker.name.middleTruncated(to: max(0, plot.width - 2))
        guard let cell = mapping.index(of: marker.value) else {
            // Beyond the data: the name with an arrow at the side where it lies.
            let arrow = marker.value < range.lowerBound ? "← " + text : text + " →"
            if marker.value < range.lowerBound { pen.write(arrow, x: plot.x, y: plot.y, style: palette.emphasis, into: &grid) }
            else { pen.write(arrow, endingAt: plot.maxX, y: plot.y, style: palette.emphasis, into: &grid) }
            return
        }
        let x = plot.x + cell
        for y in plot.y..<plot.maxY { pen.put("│", x: x, y: y, style: palette.emphasis, into: &grid) }
        if let row = frame.axisRow { pen.put("┴", x: x, y: row, style: palette.emphasis, into: &grid) }
        if x + 1 + text.columnWidth <= plot.maxX {
            pen.write(text, x: x + 1, y: plot.y, style: palette.emphasis, into: &grid)
        } else if x - text.columnWidth >= plot.x {
            pen.write(text, endingAt: x, y: plot.y, style: palette.emphasis, into: &grid)
        }
    }
}
