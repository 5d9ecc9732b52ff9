import Terminal

/// Parallel coordinates (Inselberg 1985): an upright axis a quantity, a line through all of them an object.
public struct ParallelChart: Chart, Sendable {
    public struct Axis: Sendable, Hashable {
        public var title: String
        /// The numbers at the lower and the upper end; nil for an axis of names.
        public var range: ClosedRange<Double>?
        /// Names at even distances from the lower end upwards.
        public var names: [String]

        public init(_ title: String, range: ClosedRange<Double>) { (self.title, self.range, names) = (title, range, []) }
        public init(_ title: String, names: [String]) { (self.title, range, self.names) = (title, nil, names) }
    }

    public struct Line: Sendable, Hashable {
        /// Where the line crosses each axis: 0 at the lower end, 1 at the upper; nil leaves a gap.
        public var positions: [Double?]
        public var slot: Int

        public init(_ positions: [Double?], slot: Int) { (self.positions, self.slot) = (positions, slot) }
    }

    public var axes: [Axis]
    public var lines: [Line]
    /// A line that is drawn last and bright; the others are dim then.
    public var selected: Int?

    public init(_ axes: [Axis], lines: [Line]) {
        self.axes = axes
        self.lines = lines
    }

    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        let area = area.intersection(grid.bounds)
        guard !axes.isEmpty, area.width >= 4, area.height >= 4 else { return }
        let pen = Pen(area, palette)
        let plot = Rect(x: area.x, y: area.y + 1, width: area.width, height: area.height - 1)
        // As many axes as stand apart far enough to be read.
        let count = min(axes.count, max(1, area.width / 8))
        let shown = count == axes.count ? Array(axes.indices) : Array(axes.indices.prefix(count - 1)) + [axes.count - 1]
        func column(_ place: Int) -> Int { shown.count < 2 ? plot.x : plot.x + place * (plot.width - 1) / (shown.count - 1) }
        var canvas = DotCanvas(columns: plot.width, rows: plot.height, level: palette.glyphs)
        let across = Double(canvas.width) / Double(plot.width), top = Double(canvas.height - 1)
        let order = lines.indices.filter { $0 != selected } + (selected.map { lines.indices.contains($0) ? [$0] : [] } ?? [])
        for index in order {
            for place in shown.indices.dropFirst() {
                guard let from = position(lines[index], shown[place - 1]), let to = position(lines[index], shown[place]) else { continue }
                canvas.line(fromX: Double(column(place - 1) - plot.x) * across, y: top * (1 - from), toX: Double(column(place) - plot.x) * across, y: top * (1 - to), layer: Int16(min(index, Int(Int16.max))))
            }
        }
        for place in shown.indices { for y in plot.y..<plot.maxY { pen.put("│", x: column(place), y: y, style: palette.axis, into: &grid) } }
        canvas.render(into: &grid, x: plot.x, y: plot.y, within: area, style: { index in
            let style = palette.style(ofSlot: lines[index].slot)
            return selected == nil || selected == index ? style : palette.axis
        }, asciiGlyph: { palette.marker(ofSlot: lines[$0].slot) })
        for place in shown.indices { drawLabels(axes[shown[place]], at: column(place), isLast: place == shown.count - 1 && place > 0, room: max(4, plot.width / max(1, shown.count - 1) - 1), plot: plot, pen: pen, into: &grid, palette: palette) }
        if shown.count < axes.count { pen.write("+\(axes.count - shown.count) axes", endingAt: area.maxX, y: area.y, style: palette.axis, into: &grid) }
    }

    private func position(_ line: Line, _ axis: Int) -> Double? {
        guard line.positions.indices.contains(axis), let position = line.positions[axis], position.isFinite else { return nil }
        return min(1, max(0, position))
    }

    private func drawLabels(_ axis: Axis, at column: Int, isLast: Bool, room: Int, plot: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        func write(_ text: String, y: Int, style: Style, beside: Int) {
            let text = text.middleTruncated(to: room)
            if isLast { pen.write(text, endingAt: column + 1 - beside, y: y, style: style, into: &grid) } else { pen.write(text, x: column + beside, y: y, style: style, into: &grid) }
        }
        write(axis.title.middleTruncated(to: max(3, room - 1)), y: plot.y - 1, style: palette.emphasis, beside: 0)
        if let range = axis.range {
            write(NumberFormat.automatic.string(range.upperBound, significant: 4), y: plot.y, style: palette.label, beside: 1)
            write(NumberFormat.automatic.string(range.lowerBound, significant: 4), y: plot.maxY - 1, style: palette.label, beside: 1)
        } else {
            var last = Int.max
            for (index, name) in axis.names.enumerated() {
                let y = plot.maxY - 1 - Int((Double(index) / Double(max(1, axis.names.count - 1)) * Double(plot.height - 1)).rounded())
                guard y < last else { continue }
                last = y
                write(name, y: y, style: palette.label, beside: 1)
            }
        }
    }
}
