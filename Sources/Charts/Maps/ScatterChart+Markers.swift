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
}
