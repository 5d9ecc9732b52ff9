import Terminal

/// Draws the curves of one chart into a dot canvas, the part of a line chart that the size of its data touches.
struct LinePlotting {
    struct Layer {
        var style: Style
        var asciiGlyph: Character
        /// The series a full curve belongs to; bands and raw curves belong to none.
        var series: Int?
    }
    struct End {
        var row: Int
        var position: Double
    }

    let chart: LineChart
    let plot: Rect
    let palette: ChartPalette
    let x: AxisMapping
    let y: AxisMapping
    var canvas: DotCanvas
    private(set) var layers: [Layer] = []
    /// Where each series' curve ends, nil where none of it is shown.
    private(set) var ends: [End?]
    private(set) var placelessCount = 0
    private(set) var placelessCells: Set<Int> = []
    /// The reduced curve of each series as it is drawn.
    private var curves: [DotColumns?]

    init(chart: LineChart, window: (x: ClosedRange<Double>, y: ClosedRange<Double>), plot: Rect, palette: ChartPalette) {
        self.chart = chart
        self.plot = plot
        self.palette = palette
        canvas = DotCanvas(columns: plot.width, rows: plot.height, level: palette.glyphs)
        x = AxisMapping(window.x, scale: chart.xScale, dots: canvas.width)
        y = AxisMapping(window.y, scale: chart.yScale, dots: canvas.height)
        ends = Array(repeating: nil, count: chart.series.count)
        curves = Array(repeating: nil, count: chart.series.count)
    }

    var dotsPerColumn: Int { max(1, canvas.width / max(1, plot.width)) }
    var dotsPerRow: Int { max(1, canvas.height / max(1, plot.height)) }

    mutating func drawAll() {
        var order = Array(chart.series.indices)
        if let selected = chart.selected, order.indices.contains(selected) {
            order.remove(at: selected)
            order.append(selected)
        }
        for index in order { drawBand(index) }
        for index in order where chart.series[index].smoothing > 0 { drawRaw(index) }
        for index in order { drawCurve(index) }
    }

    /// The series whose curve owns a cell.
    func owner(column: Int, row: Int) -> Int? { canvas.layer(column: column, row: row).flatMap { layers[$0].series } }

    /// The grid row of a series' curve in a cell column.
    func row(ofSeries index: Int, cell: Int) -> Int? {
        guard let columns = curves[index]?.columns else { return nil }
        for dot in (cell * dotsPerColumn)..<((cell + 1) * dotsPerColumn) where dot < columns.count && columns[dot].last.isFinite {
            return row(ofPosition: columns[dot].last)
        }
        return nil
    }

    /// The grid row of a position, nil outside of the plot.
    func row(ofPosition position: Double) -> Int? {
        let dot = y.dot(ofPosition: position).rounded()
        guard dot >= 0, dot < Double(y.dots) else { return nil }
        return plot.y + (y.dots - 1 - Int(dot)) / dotsPerRow
    }

    /// The grid row of a level and whether it is inside of the range; a level beyond stands on the rim where it lies.
    func levelRow(_ value: Double) -> (row: Int, isInside: Bool)? {
        guard let position = chart.yScale.position(of: value) else { return nil }
        if value >= y.range.lowerBound, value <= y.range.upperBound, let row = row(ofPosition: position) { return (row, true) }
        return (y.dot(ofPosition: position) < 0 ? plot.maxY - 1 : plot.y, false)
    }

    private mutating func addLayer(_ style: Style, _ glyph: Character, series: Int? = nil) -> Int16 {
        guard layers.count < Int(Int16.max) else { return Int16.max - 1 }
        layers.append(Layer(style: style, asciiGlyph: glyph, series: series))
        return Int16(layers.count - 1)
    }

    private mutating func drawCurve(_ index: Int) {
        let line = chart.series[index]
        let smoothed = line.smoothing > 0 ? line.data.smoothing(factor: line.smoothing, scale: chart.yScale) : nil
        let reduced = line.data.dotColumns(over: x, yScale: chart.yScale, smoothed: smoothed)
        curves[index] = reduced
        if smoothed == nil { countPlaceless(reduced.columns) }
        let style = line.isFaint ? palette.faint(palette.style(ofSlot: line.slot)) : palette.style(ofSlot: line.slot)
        let glyph = chart.series.count == 1 ? "*" : palette.marker(ofSlot: line.slot)
        let layer = addLayer(index == chart.selected ? palette.emphasised(style) : style, glyph, series: index)
        if line.isStems { drawStems(reduced, layer: layer) } else { draw(reduced, layer: layer) }
        if let end = reduced.columns.last(where: { $0.last.isFinite }) {
            let row = row(ofPosition: end.last) ?? (y.dot(ofPosition: end.last) < 0 ? plot.maxY - 1 : plot.y)
            ends[index] = End(row: row, position: end.last)
        }
    }

    private mutating func drawRaw(_ index: Int) {
        let line = chart.series[index]
        let reduced = line.data.dotColumns(over: x, yScale: chart.yScale)
        countPlaceless(reduced.columns)
        draw(reduced, layer: addLayer(palette.faint(palette.style(ofSlot: line.slot)), "."))
    }

    private mutating func countPlaceless(_ columns: [DotColumn]) {
        for (dot, column) in columns.enumerated() where column.placeless > 0 {
            placelessCount += column.placeless
            placelessCells.insert(dot / dotsPerColumn)
        }
    }

    private mutating func draw(_ reduced: DotColumns, layer: Int16) {
        var pen: (x: Double, position: Double)?
        if let before = reduced.before, before.position.isFinite { pen = (before.dot, before.position) }
        let bottom = Double(y.dots - 1)
        func height(_ position: Double) -> Double { bottom - y.dot(ofPosition: position) }
        for (dot, column) in reduced.columns.enumerated() {
            guard column.hasValue else {
                if column.placeless > 0 { pen = nil }
                continue
            }
            if let from = pen, column.first.isFinite {
                canvas.line(fromX: from.x, y: height(from.position), toX: Double(dot), y: height(column.first), layer: layer)
            }
            let top = height(column.greatest), low = height(column.least)
            if low >= -0.5, top < bottom + 0.5 {
                canvas.vertical(dot, from: Int(max(top, -1).rounded()), to: Int(min(low, bottom + 1).rounded()), layer: layer)
            }
            pen = column.last.isFinite ? (Double(dot), column.last) : nil
        }
        if let after = reduced.after, after.position.isFinite, let from = pen {
            canvas.line(fromX: from.x, y: height(from.position), toX: after.dot, y: height(after.position), layer: layer)
        }
    }

    /// From zero, or from the rim where that is not shown, to the values of each dot column.
    private mutating func drawStems(_ reduced: DotColumns, layer: Int16) {
        let bottom = Double(y.dots - 1)
        func height(_ position: Double) -> Int { Int(min(bottom + 1, max(-1, bottom - y.dot(ofPosition: position))).rounded()) }
        let zero = chart.yScale.position(of: 0).map(height) ?? y.dots
        for (dot, column) in reduced.columns.enumerated() where column.hasValue {
            for position in [column.greatest, column.least] where position.isFinite {
                canvas.vertical(dot, from: min(zero, height(position)), to: max(zero, height(position)), layer: layer)
            }
        }
    }

    // MARK: Bands

    /// Fills between the ends of a series' band with a sparse pattern, and draws nothing where either end is missing.
    private mutating func drawBand(_ index: Int) {
        guard let band = chart.series[index].band else { return }
        let lower = heights(band.lower), upper = heights(band.upper)
        let layer = addLayer(palette.faint(palette.style(ofSlot: chart.series[index].slot)), ":")
        for dot in 0..<canvas.width {
            guard let low = lower[dot], let high = upper[dot] else { continue }
            let top = max(0, min(low, high)), end = min(canvas.height - 1, max(low, high))
            guard top <= end else { continue }
            for row in top...end where isBandDot(dot, row, isEdge: row == low || row == high) { canvas.set(dot, row, layer: layer) }
        }
    }

    private func isBandDot(_ x: Int, _ y: Int, isEdge: Bool) -> Bool {
        switch canvas.level {
        case .braille: isEdge ? x % 2 == 0 : x % 2 == 0 && (y + x / 2) % 2 == 0
        case .block: (x + y) % 2 == 0
        case .ascii: true
        }
    }

    /// The dot row of a curve at each dot column, joined by straight lines.
    private func heights(_ data: SeriesData) -> [Int?] {
        let reduced = data.dotColumns(over: x, yScale: chart.yScale)
        var heights = [Int?](repeating: nil, count: canvas.width)
        let bottom = Double(y.dots - 1)
        func row(_ position: Double) -> Int { Int((bottom - y.dot(ofPosition: position)).rounded()) }
        var previous: (dot: Double, position: Double)?
        if let before = reduced.before, before.position.isFinite { previous = (before.dot, before.position) }
        func join(to dot: Double, _ position: Double) {
            guard let from = previous, dot > from.dot else { return }
            let first = max(0, Int(from.dot.rounded(.up))), last = min(canvas.width - 1, Int(dot.rounded(.down)))
            guard first <= last else { return }
            for column in first...last {
                let share = (Double(column) - from.dot) / (dot - from.dot)
                heights[column] = row(from.position + (position - from.position) * share)
            }
        }
        for (dot, column) in reduced.columns.enumerated() {
            guard column.hasValue else {
                if column.placeless > 0 { previous = nil }
                continue
            }
            let position = column.last.isFinite ? column.last : column.greatest
            join(to: Double(dot), position)
            heights[dot] = row(position)
            previous = column.last.isFinite ? (Double(dot), position) : nil
        }
        if let after = reduced.after, after.position.isFinite { join(to: after.dot, after.position) }
        return heights
    }
}
