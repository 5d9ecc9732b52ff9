import Terminal

/// The parts of an area that a plot with axes takes: title row, tick labels, axis lines, and the plot itself.
///
/// What does not fit goes in this order: title, x labels, the x axis line, y labels. The plot keeps at least one cell.
struct PlotFrame {
    var area: Rect
    /// Where data are drawn.
    var plot: Rect
    var titleRow: Int?
    /// A row between the title and the plot, for names.
    var legendRow: Int?
    var axisRow: Int?
    var labelRow: Int?
    var readoutRow: Int?
    /// The column of the y axis line.
    var axisColumn: Int?
    var xTicks: AxisTicks?
    var yTicks: AxisTicks?

    struct Request {
        var hasTitle = false
        var hasLegend = false
        var hasReadout = false
        /// Columns at the right for names at the lines' ends.
        var gutter = 0
        var x: Axis
        var y: Axis
    }

    struct Axis {
        var range: ClosedRange<Double>
        var scale: AxisScale = .linear
        var format: NumberFormat = .automatic
        /// Written once at the end of the x labels.
        var title = ""
        /// Whether it counts: no ticks between whole numbers.
        var isWhole = false
    }

    init(_ area: Rect, _ request: Request) {
        self.area = area
        var top = area.y, bottom = area.maxY
        func rows() -> Int { bottom - top }
        if request.hasReadout, rows() >= 4 { bottom -= 1; readoutRow = bottom }
        if request.hasTitle, rows() >= 5 { titleRow = top; top += 1 }
        if rows() >= 4 { bottom -= 1; labelRow = bottom }
        if rows() >= 3 { bottom -= 1; axisRow = bottom }
        if request.hasLegend, rows() >= 3 { legendRow = top; top += 1 }
        plot = Rect(x: area.x, y: top, width: area.width, height: max(0, bottom - top))
        guard area.width >= 4 else { return }

        let ticks = AxisTicks(request.y.range, scale: request.y.scale, format: request.y.format, cells: plot.height, direction: .vertical)
        let labels = ticks.labelWidth + 1
        // Labels may take up to half; a plot of a few cells without numbers still shows a shape.
        let left = area.width >= 8 && labels <= area.width / 2 ? labels : 1
        if left > 1 || area.width >= 4 {
            yTicks = left > 1 ? ticks : nil
            axisColumn = area.x + left - 1
            plot = Rect(x: area.x + left, y: plot.y, width: area.width - left - request.gutter, height: plot.height)
        }
        guard labelRow != nil, plot.width > 0 else { return }
        xTicks = AxisTicks(request.x.range, scale: request.x.scale, format: request.x.format, cells: plot.width, direction: .horizontal, isWhole: request.x.isWhole)
    }

    /// The row of a place on the y axis counted from its lower end.
    func row(ofCell cell: Int) -> Int { plot.maxY - 1 - cell }

    /// Draws axis lines, ticks, labels, the y axis' unit (left of the corner) and the x axis' title.
    func drawAxes(into grid: inout CellGrid, pen: Pen, xTitle: String, yUnit: String = "", palette: ChartPalette) {
        if let axisColumn {
            for y in plot.y..<plot.maxY { pen.put("│", x: axisColumn, y: y, style: palette.axis, into: &grid) }
            for tick in yTicks?.ticks ?? [] {
                pen.write(tick.label, endingAt: axisColumn, y: row(ofCell: tick.cell), style: palette.label, into: &grid)
                pen.put("┤", x: axisColumn, y: row(ofCell: tick.cell), style: palette.axis, into: &grid)
            }
        }
        if let axisRow {
            for x in plot.x..<plot.maxX { pen.put("─", x: x, y: axisRow, style: palette.axis, into: &grid) }
            if let axisColumn {
                pen.put("└", x: axisColumn, y: axisRow, style: palette.axis, into: &grid)
            }
            for tick in xTicks?.ticks ?? [] { pen.put("┬", x: plot.x + tick.cell, y: axisRow, style: palette.axis, into: &grid) }
            if let axisColumn, titleRow == nil {
                // Left of the corner, or right of it where the labels are narrower.
                let unit = (yTicks?.prefix ?? "") + yUnit
                if unit.columnWidth <= axisColumn - area.x {
                    pen.write(unit, endingAt: axisColumn, y: axisRow, style: palette.axis, into: &grid)
                } else if yTicks != nil, unit.columnWidth + 8 <= plot.width {
                    pen.write(unit + " ", x: plot.x, y: axisRow, style: palette.axis, into: &grid)
                }
            }
        }
        if let labelRow { drawXLabels(row: labelRow, into: &grid, pen: pen, title: xTitle, palette: palette) }
    }

    private func drawXLabels(row: Int, into grid: inout CellGrid, pen: Pen, title: String, palette: ChartPalette) {
        var start = area.maxX, end = area.x
        for tick in xTicks?.ticks ?? [] {
            let width = tick.label.columnWidth
            // The first and the last label may hang over the plot's ends, not over the area's.
            let column = max(end, min(plot.x + TickLayout.labelStart(cell: tick.cell, width: width), area.maxX - width))
            guard column >= area.x else { continue }
            pen.write(tick.label, x: column, y: row, style: palette.label, into: &grid)
            start = min(start, column)
            end = column + width + 1
        }
        let prefix = xTicks?.prefix ?? ""
        let text = prefix.isEmpty ? title : title.isEmpty ? prefix : "\(title) (\(prefix))"
        let width = text.columnWidth
        if width == 0 { return }
        // Behind the last label, before the first, or at the end of the axis line: wherever it fits first.
        if end + 1 + width <= area.maxX {
            pen.write(text, endingAt: area.maxX, y: row, style: palette.axis, into: &grid)
        } else if area.x + width + 1 < start {
            pen.write(text, x: area.x, y: row, style: palette.axis, into: &grid)
        } else if let axisRow, width + 6 <= plot.width {
            pen.write(" " + text, endingAt: plot.maxX, y: axisRow, style: palette.axis, into: &grid)
        }
    }
}
