import Terminal

extension GroupedBarChart {
    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        let area = area.intersection(grid.bounds)
        guard !area.isEmpty, !groups.isEmpty, !series.isEmpty else { return }
        let pen = Pen(area, palette)
        var top = area.y, bottom = area.maxY
        if area.height >= 5 {
            drawLegend(row: top, area: area, pen: pen, into: &grid, palette: palette)
            top += 1
        }
        if let cursor, groups.indices.contains(cursor), bottom - top >= 4 {
            bottom -= 1
            pen.write(readout(cursor).truncated(to: area.width), x: area.x, y: bottom, style: palette.emphasis, into: &grid)
        }
        let nameRow = bottom - top >= 3 ? bottom - 1 : nil
        if nameRow != nil { bottom -= 1 }
        // Where colour does not tell the series apart, its marker stands at each foot.
        let footRow = !palette.hasColor && series.count > 1 && bottom - top >= 3 ? bottom - 1 : nil
        if footRow != nil { bottom -= 1 }
        let ends = series.flatMap { series in zip(series.values, series.ranges).filter { $0.0.isFinite }.flatMap { $0.1.map { [$0.lowerBound, $0.upperBound] } ?? [] } }
        let range = BarReach(series.flatMap(\.values) + ends), height = bottom - top
        guard height > 0 else { return }
        let ticks = AxisTicks(range.low...range.high, scale: .linear, format: format, cells: height, direction: .vertical)
        let axisWidth = height >= 2 ? BarReach.drawAxis(ticks, in: area, rows: top..<bottom, pen: pen, into: &grid, palette: palette) : 0
        let plot = Rect(x: area.x + axisWidth, y: top, width: area.width - axisWidth, height: height)
        drawGroups(in: plot, range: range, nameRow: nameRow, footRow: footRow, pen: pen, into: &grid, palette: palette)
    }

    private func value(_ series: Int, _ group: Int) -> Double? {
        self.series[series].values.indices.contains(group) ? self.series[series].values[group] : nil
    }

    private func reach(_ series: Int, _ group: Int) -> ClosedRange<Double>? {
        guard self.series[series].ranges.indices.contains(group), let range = self.series[series].ranges[group], range.lowerBound.isFinite, range.upperBound.isFinite else { return nil }
        return range
    }

    private func readout(_ group: Int) -> String {
        let numbers = series.indices.map { place in
            let reach = reach(place, group).map { " (\(format.string($0.lowerBound)) … \(format.string($0.upperBound)))" } ?? ""
            return "\(series[place].name) \(value(place, group).map { format.string($0) } ?? "–")\(reach)"
        }
        return (["\(groupTitle.isEmpty ? "" : groupTitle + " ")\(groups[group])"] + numbers).joined(separator: " · ") + (unit.isEmpty ? "" : " \(unit)")
    }

    private func drawLegend(row: Int, area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let note = unit.isEmpty ? "" : "(\(unit)) "
        let start = area.x + (note.columnWidth < area.width / 2 ? pen.write(note, x: area.x, y: row, style: palette.axis, into: &grid) : 0)
        NameLabels.legend(series.map(\.name), width: area.maxX - start).draw(x: start, y: row, pen: pen, into: &grid, palette: palette) {
            (palette.marker(ofSlot: series[$0].slot), palette.style(ofSlot: series[$0].slot))
        }
    }

    private func drawGroups(in plot: Rect, range: BarReach, nameRow: Int?, footRow: Int?, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        guard plot.width > 0 else { return }
        let first = min(max(0, offset), groups.count - 1), left = groups.count - first
        // A bar is as wide as all groups allow, at least one cell; a blank cell parts two groups.
        let bar = max(1, min(6, (plot.width / left - 1) / series.count)), pitch = bar * series.count + 1
        let shown = min(left, max(1, (plot.width + 1) / pitch))
        let below = range.low < 0 ? min(plot.height - 1, max(1, Int((-range.low / (range.high - range.low) * Double(plot.height)).rounded()))) : 0
        // A row above the tallest bar for its number.
        let above = plot.height - below, numberRows = above >= 4 ? 1 : 0
        let scale = min(range.high > 0 ? Double(above - numberRows) / range.high : .infinity, range.low < 0 ? Double(below) / -range.low : .infinity)
        let base = plot.maxY - 1 - below
        for group in first..<first + shown {
            let start = plot.x + (group - first) * pitch
            for place in series.indices {
                let x = start + place * bar, style = palette.style(ofSlot: series[place].slot)
                if let footRow { pen.put(palette.marker(ofSlot: series[place].slot), x: x + (bar - 1) / 2, y: footRow, style: style, into: &grid) }
                guard let value = value(place, group) else { continue }
                guard value.isFinite, scale.isFinite else {
                    pen.put("✗", x: x, y: base, style: palette.warning, into: &grid)
                    continue
                }
                let length = abs(value) * scale
                for column in x..<x + bar {
                    if value >= 0 { Eighths.drawUp(x: column, base: base, length: length, style: style, pen: pen, into: &grid)
                    } else { Eighths.drawDown(x: column, top: base + 1, length: length, style: style, pen: pen, into: &grid) }
                }
                if let reach = reach(place, group) {
                    // The whisker goes through the middle of its bar, from the cell of its low end to that of its high end.
                    func row(_ value: Double) -> Int { base - Int((min(max(value * scale, -1e6), 1e6)).rounded(.down)) }
                    let top = max(plot.y, row(reach.upperBound)), bottom = min(plot.maxY - 1, row(reach.lowerBound)), column = x + (bar - 1) / 2
                    for y in top...max(top, bottom) {
                        let glyph: Character = bottom <= top ? "┼" : y == top ? "┬" : y == bottom ? "┴" : "│"
                        pen.put(glyph, x: column, y: y, style: palette.emphasis, into: &grid)
                    }
                }
                let number = NumberFormat.automatic.string(value, significant: 2), row = base - Int((max(length, reach(place, group).map { $0.upperBound * scale } ?? 0) * 8).rounded() / 8 + 0.999)
                if value >= 0, numberRows > 0, number.columnWidth < bar || number.columnWidth == bar && bar >= 3, row >= plot.y {
                    pen.write(number, x: x, y: row, style: palette.label, into: &grid)
                }
            }
            if let nameRow {
                let style = group == cursor ? palette.emphasis : palette.label
                let room = group == first + shown - 1 ? max(pitch - 1, min(plot.maxX - start, groups[group].columnWidth)) : pitch - 1
                let used = pen.write(groups[group].middleTruncated(to: min(room, max(0, plot.maxX - start))), x: start, y: nameRow, style: style, into: &grid)
                if group == groups.count - 1, !groupTitle.isEmpty {
                    let at = max(start + used, start + pitch - 1) + 1
                    if at + groupTitle.columnWidth <= plot.maxX { pen.write(groupTitle, x: at, y: nameRow, style: palette.axis, into: &grid) }
                }
            }
        }
        if first + shown < groups.count { pen.put("›", x: plot.maxX - 1, y: nameRow ?? plot.maxY - 1, style: palette.axis, into: &grid) }
    }
}
