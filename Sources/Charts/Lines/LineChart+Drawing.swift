import Terminal

extension LineChart {
    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        let area = area.intersection(grid.bounds)
        guard !area.isEmpty else { return }
        let window = shownWindow
        let names = namesPlan(width: area.width, height: area.height)
        var request = PlotFrame.Request(
            hasTitle: !title.isEmpty, hasLegend: names == .legend, hasReadout: cursor != nil,
            gutter: names == .lineEnds ? gutterWidth(in: area.width) : 0,
            x: .init(range: window.x, scale: xScale, format: xFormat, title: xTitle, isWhole: counts(window.x)),
            y: .init(range: window.y, scale: yScale, format: yFormat))
        if area.width < 8 { request.gutter = 0 }
        let frame = PlotFrame(area, request)
        let pen = Pen(area, palette)
        frame.drawAxes(into: &grid, pen: pen, xTitle: xTitle, yUnit: unit, palette: palette)
        drawTitle(frame: frame, pen: pen, into: &grid, palette: palette)
        guard !frame.plot.isEmpty else { return }

        var plotting = LinePlotting(chart: self, window: window, plot: frame.plot, palette: palette)
        plotting.drawAll()
        drawReferences(frame: frame, plotting: plotting, pen: pen, into: &grid, palette: palette)
        plotting.canvas.render(into: &grid, x: frame.plot.x, y: frame.plot.y, within: area,
                               style: { plotting.layers[$0].style }, asciiGlyph: { plotting.layers[$0].asciiGlyph })
        if !palette.hasColor, series.count > 1, palette.glyphs != .ascii { drawMarkersAlong(plotting, frame: frame, pen: pen, into: &grid, palette: palette) }
        drawRugs(frame: frame, plotting: plotting, pen: pen, into: &grid, palette: palette)
        drawReferenceLabels(frame: frame, plotting: plotting, pen: pen, into: &grid, palette: palette)
        drawRim(frame: frame, plotting: plotting, pen: pen, into: &grid, palette: palette)
        switch names {
        case .lineEnds: drawLineEnds(frame: frame, plotting: plotting, pen: pen, into: &grid, palette: palette)
        case .legend: drawLegend(row: frame.legendRow, area: area, pen: pen, into: &grid, palette: palette)
        default: break
        }
        if let cursor { drawCursor(at: cursor, frame: frame, plotting: plotting, pen: pen, into: &grid, palette: palette) }
    }

    /// Whether the steps are few whole numbers, such as phases: then no tick lies between them. More of them have round ticks anyway.
    private func counts(_ range: ClosedRange<Double>) -> Bool {
        range.upperBound - range.lowerBound <= 16 && series.allSatisfy { line in
            line.data.count <= 1000 && line.data.chunks.allSatisfy { $0.points.allSatisfy { $0.step == $0.step.rounded() } }
        }
    }

    // MARK: Title

    private func drawTitle(frame: PlotFrame, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        guard let row = frame.titleRow else { return }
        let area = frame.area
        var end = area.maxX
        // The newest value of a single curve, where a glance looks for it.
        if series.count == 1, let last = series[0].data.last {
            let text = yFormat.string(last.value)
            if title.columnWidth + text.columnWidth + 2 <= area.width {
                pen.write(text, endingAt: end, y: row, style: palette.emphasised(palette.style(ofSlot: series[0].slot)), into: &grid)
                end -= text.columnWidth + 1
            }
        }
        let shown = title.middleTruncated(to: end - area.x)
        let used = pen.write(shown, x: area.x, y: row, style: palette.emphasis, into: &grid)
        let note = note(unitPrefix: frame.yTicks?.prefix ?? "")
        if !note.isEmpty, area.x + used + 1 < end {
            pen.write(note.truncated(to: end - area.x - used - 1), x: area.x + used + 1, y: row, style: palette.axis, into: &grid)
        }
    }

    // MARK: Names

    private func namesPlan(width: Int, height: Int) -> NamePlace {
        guard !series.isEmpty else { return .none }
        guard names == .automatic else { return names }
        if series.count == 1, series[0].name.isEmpty || series[0].name == title { return .none }
        if series.allSatisfy(\.name.isEmpty) { return .none }
        let longest = series.map(\.name.columnWidth).max() ?? 0
        if width >= 30, longest + 3 <= width / 3, series.count <= max(1, height - 4) { return .lineEnds }
        // The title says enough for one curve; a row is worth more as plot.
        if series.count == 1, !title.isEmpty { return .none }
        return height >= 4 && width >= 8 ? .legend : .none
    }

    private func gutterWidth(in width: Int) -> Int {
        min((series.map(\.name.columnWidth).max() ?? 0) + 3, width / 3)
    }

    private func drawLegend(row: Int?, area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        guard let row else { return }
        NameLabels.legend(series.map(\.name), width: area.width).draw(x: area.x, y: row, pen: pen, into: &grid, palette: palette) {
            (palette.marker(ofSlot: series[$0].slot), nameStyle($0, palette))
        }
    }

    private func drawLineEnds(frame: PlotFrame, plotting: LinePlotting, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let shown = series.indices.filter { plotting.ends[$0] != nil }
        let rows = NameLabels.rows(wanted: shown.map { plotting.ends[$0]?.row ?? 0 }, in: frame.plot.y..<frame.plot.maxY)
        let x = frame.plot.maxX + 1
        for (index, row) in zip(shown, rows) {
            guard let row else { continue }
            let style = nameStyle(index, palette)
            pen.put(palette.marker(ofSlot: series[index].slot), x: x, y: row, style: style, into: &grid)
            pen.write(series[index].name.middleTruncated(to: frame.area.maxX - x - 2), x: x + 2, y: row, style: style, into: &grid)
        }
        let left = rows.filter { $0 == nil }.count
        if left > 0 { pen.write("+\(left)", x: x, y: frame.plot.maxY, style: palette.label, into: &grid) }
    }

    private func nameStyle(_ index: Int, _ palette: ChartPalette) -> Style {
        let style = palette.style(ofSlot: series[index].slot)
        return index == selected ? palette.emphasised(style) : style
    }

    /// Without colour, a marker now and then tells crossing curves apart.
    private func drawMarkersAlong(_ plotting: LinePlotting, frame: PlotFrame, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let distance = 14
        for index in series.indices {
            for column in stride(from: 3 + index * 5 % distance, to: frame.plot.width, by: distance) {
                guard let row = plotting.row(ofSeries: index, cell: column),
                      plotting.owner(column: column, row: row - frame.plot.y) == index else { continue }
                pen.put(palette.marker(ofSlot: series[index].slot), x: frame.plot.x + column, y: row,
                        style: palette.style(ofSlot: series[index].slot), into: &grid)
            }
        }
    }

    // MARK: Rim and references

    /// `✗` on the axis line below values that have no place, and their number at its end.
    private func drawRim(frame: PlotFrame, plotting: LinePlotting, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let missing = plotting.placelessCount
        guard missing > 0 else { return }
        let row = frame.axisRow ?? frame.plot.maxY - 1
        for cell in plotting.placelessCells { pen.put("✗", x: frame.plot.x + cell, y: row, style: palette.warning, into: &grid) }
        let text = " ✗\(missing)"
        if frame.plot.width > text.columnWidth + 2 {
            pen.write(text, endingAt: frame.plot.maxX, y: row, style: palette.warning, into: &grid)
        }
    }

    private func drawReferences(frame: PlotFrame, plotting: LinePlotting, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let plot = frame.plot
        for reference in references {
            switch reference.place {
            case .level(let value):
                guard let row = plotting.levelRow(value), row.isInside else { continue }
                for x in plot.x..<plot.maxX { pen.put("╌", x: x, y: row.row, style: palette.axis, into: &grid) }
            case .step(let step):
                guard let dot = plotting.x.index(of: step) else { continue }
                for y in plot.y..<plot.maxY { pen.put("╎", x: plot.x + dot / plotting.dotsPerColumn, y: y, style: palette.axis, into: &grid) }
            }
        }
    }

    /// Labels go where no curve is: beside their line, at one end or the other.
    private func drawReferenceLabels(frame: PlotFrame, plotting: LinePlotting, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let plot = frame.plot
        var taken: [Rect] = []
        for reference in references {
            var places: [(x: Int, y: Int)] = []
            var text = reference.label
            switch reference.place {
            case .level(let value):
                guard let row = plotting.levelRow(value) else { continue }
                if !row.isInside { text += (text.isEmpty ? "" : " ") + yFormat.string(value) + (row.row == plot.y ? " ↑" : " ↓") }
                text = text.middleTruncated(to: max(0, plot.width - 2))
                let rows = row.isInside ? [row.row - 1, row.row + 1, row.row] : [row.row]
                for y in rows where y >= plot.y && y < plot.maxY {
                    places += [(plot.maxX - text.columnWidth, y), (plot.x + 1, y), (plot.x + (plot.width - text.columnWidth) / 2, y)]
                }
            case .step(let step):
                guard let dot = plotting.x.index(of: step) else { continue }
                let x = plot.x + dot / plotting.dotsPerColumn
                text = text.middleTruncated(to: max(0, plot.width / 2 - 1))
                for y in [plot.y, plot.maxY - 1] + Array(plot.y..<plot.maxY) { places += [(x + 1, y), (x - text.columnWidth, y)] }
            }
            let width = text.columnWidth
            guard width > 0, let place = places.first(where: { place in
                place.x >= plot.x && place.x + width <= plot.maxX
                    && (0..<width).allSatisfy { plotting.canvas.layer(column: place.x - plot.x + $0, row: place.y - plot.y) == nil }
                    && taken.allSatisfy { $0.y != place.y || $0.maxX < place.x || place.x + width < $0.x }
            }) else { continue }
            taken.append(Rect(x: place.x, y: place.y, width: width, height: 1))
            pen.write(text, x: place.x, y: place.y, style: palette.label, into: &grid)
        }
    }
}
