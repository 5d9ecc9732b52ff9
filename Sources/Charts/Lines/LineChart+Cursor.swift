import Terminal

extension LineChart {
    /// What a curve says at the cursor.
    public struct Reading: Sendable, Hashable {
        /// The index into `series`.
        public var series: Int
        /// The step of the point that is nearest to the cursor.
        public var step: Double
        /// The value drawn there: the average's where the curve is smoothed; NaN for a gap.
        public var value: Double
    }

    /// Each curve's value at a step, the curve with the nearest point first; equally near ones with the selected first,
    /// then in their order. Curves without points are left out.
    public func readings(at step: Double) -> [Reading] {
        let readings = series.indices.compactMap { index -> Reading? in
            let line = series[index]
            guard let place = line.data.place(nearest: step) else { return nil }
            let smoothed = line.smoothing > 0 ? line.data.smoothing(factor: line.smoothing, scale: yScale) : nil
            let point = line.data.chunks[place.chunk].points[place.index]
            let position = line.data.position(at: place, yScale: yScale, smoothed: smoothed)
            let value = smoothed == nil ? point.value : position.isFinite ? yScale.value(at: position) : .nan
            return Reading(series: index, step: point.step, value: value)
        }
        return readings.sorted { left, right in
            let distances = (abs(left.step - step), abs(right.step - step))
            if distances.0 != distances.1 { return distances.0 < distances.1 }
            if (left.series == selected) != (right.series == selected) { return left.series == selected }
            return left.series < right.series
        }
    }

    /// The next step to the right or left at which any curve (or the selected one) has a point inside of the shown range:
    /// where `,` and `.` move the cursor. Without a cursor, the end that the movement starts from.
    public func cursorStep(from step: Double?, forward: Bool) -> Double? {
        let lines = selected.flatMap { series.indices.contains($0) ? [series[$0]] : nil } ?? series
        let window = shownWindow.x
        guard let step else {
            return lines.compactMap { $0.data.nearest(to: forward ? window.lowerBound : window.upperBound)?.step }
                .min { forward ? $0 < $1 : $0 > $1 }
        }
        return lines.compactMap { $0.data.neighbour(of: step, forward: forward) }.min { forward ? $0 < $1 : $0 > $1 }
    }

    func drawCursor(at step: Double, frame: PlotFrame, plotting: LinePlotting, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let readings = readings(at: step)
        if let dot = plotting.x.index(of: step) {
            let cell = dot / plotting.dotsPerColumn, x = frame.plot.x + cell
            for y in frame.plot.y..<frame.plot.maxY where plotting.canvas.layer(column: cell, row: y - frame.plot.y) == nil {
                pen.put("│", x: x, y: y, style: palette.emphasis, into: &grid)
            }
            if let row = frame.axisRow { pen.put("┴", x: x, y: row, style: palette.emphasis, into: &grid) }
            // The nearest on top.
            for reading in readings.reversed() {
                guard let position = yScale.position(of: reading.value), let row = plotting.row(ofPosition: position),
                      let dot = plotting.x.index(of: reading.step), dot / plotting.dotsPerColumn == cell else { continue }
                pen.put(palette.marker(ofSlot: series[reading.series].slot), x: x, y: row,
                        style: palette.emphasised(palette.style(ofSlot: series[reading.series].slot)), into: &grid)
            }
        }
        if let row = frame.readoutRow { drawReadout(readings, at: step, row: row, area: frame.area, pen: pen, into: &grid, palette: palette) }
    }

    /// "step 1200   ● loo 0.412   ▲ test 0.395   +3": at most five curves, fewer where the row is short.
    private func drawReadout(_ readings: [Reading], at step: Double, row: Int, area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let head = (xTitle.isEmpty ? "" : xTitle + " ") + xFormat.string(step, significant: 6)
        var x = area.x + pen.write(head.truncated(to: area.width), x: area.x, y: row, style: palette.emphasis, into: &grid)
        for (count, reading) in readings.enumerated() {
            let line = series[reading.series]
            let number = yFormat.string(reading.value)
            let left = readings.count - count
            let reserve = left > 1 ? 3 + String(left).count : 0
            var name = line.name.isEmpty || line.name == title ? "" : line.name + " "
            // A long name is cut before a value is left out.
            let room = area.maxX - x - 2 - 2 - number.columnWidth - reserve
            if name.columnWidth > room, room >= 4 { name = line.name.middleTruncated(to: room - 1) + " " }
            guard count < 5, name.columnWidth <= room else {
                pen.write("  +\(left)", x: x, y: row, style: palette.label, into: &grid)
                return
            }
            let style = palette.style(ofSlot: line.slot)
            pen.put(palette.marker(ofSlot: line.slot), x: x + 2, y: row, style: style, into: &grid)
            x += 4
            x += pen.write(name, x: x, y: row, style: style, into: &grid)
            x += pen.write(number, x: x, y: row, style: palette.emphasis, into: &grid)
        }
    }
}
