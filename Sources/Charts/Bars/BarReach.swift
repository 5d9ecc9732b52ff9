import Terminal

/// What the axis of bars spans: from zero to the greatest value, or from the least where there are negative ones. Never empty.
struct BarReach {
    private(set) var low = 0.0, high = 0.0

    init(_ values: some Sequence<Double>) {
        for value in values where value.isFinite {
            low = min(low, value)
            high = max(high, value)
        }
        if low == high { high = 1 }
    }

    /// Draws the axis of upright bars at the left of an area, where it leaves them two thirds of the width.
    /// - Returns: the columns that it takes.
    static func drawAxis(_ ticks: AxisTicks, in area: Rect, rows: Range<Int>, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) -> Int {
        let width = ticks.labelWidth + 1, column = area.x + width - 1
        guard area.width >= 16, width <= area.width / 3 else { return 0 }
        for y in rows { pen.put("│", x: column, y: y, style: palette.axis, into: &grid) }
        for tick in ticks.ticks {
            pen.write(tick.label, endingAt: column, y: rows.upperBound - 1 - tick.cell, style: palette.label, into: &grid)
            pen.put("┤", x: column, y: rows.upperBound - 1 - tick.cell, style: palette.axis, into: &grid)
        }
        return width
    }
}
