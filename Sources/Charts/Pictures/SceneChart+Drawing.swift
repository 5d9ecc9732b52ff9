import Terminal

extension SceneChart {
    /// How world places fall on dots: one scale for both axes, everything in sight.
    private struct Projection {
        let centre: SIMD2<Double>
        /// Dots a unit, across and down.
        let across: Double, down: Double
        let canvas: SIMD2<Double>

        init?(_ points: [SIMD2<Double>], width: Int, height: Int, dotsAcross: Double, dotsDown: Double) {
            guard let first = points.first, width > 0, height > 0 else { return nil }
            var low = first, high = first
            for point in points {
                low = SIMD2(min(low.x, point.x), min(low.y, point.y))
                high = SIMD2(max(high.x, point.x), max(high.y, point.y))
            }
            centre = (low + high) / 2
            // Cells to a unit across; a cell is twice as high as it is wide, so half as many down.
            let span = SIMD2(max(1e-6, high.x - low.x), max(1e-6, high.y - low.y))
            let cells = min(Double(max(1, width - 3)) / span.x, 2 * Double(max(1, height - 1)) / span.y)
            guard cells.isFinite, cells > 0 else { return nil }
            across = cells * dotsAcross
            down = cells / 2 * dotsDown
            canvas = SIMD2(Double(width) * dotsAcross, Double(height) * dotsDown)
        }

        func dot(_ point: SIMD2<Double>) -> SIMD2<Double> {
            let dot = SIMD2(canvas.x / 2 - 0.5 + (point.x - centre.x) * across, canvas.y / 2 - 0.5 - (point.y - centre.y) * down)
            return SIMD2(min(max(dot.x, -1e6), 1e6), min(max(dot.y, -1e6), 1e6))
        }
    }

    private var finite: [Track] { tracks.filter { $0.points.allSatisfy { $0.x.isFinite && $0.y.isFinite } } }

    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        var area = area.intersection(grid.bounds)
        guard !area.isEmpty else { return }
        let pen = Pen(area, palette)
        let tracks = finite
        if area.height >= 6 {
            let (map, row) = area.split(top: area.height - 1)
            pen.write(legend(map.width), x: row.x, y: row.y, style: palette.axis, into: &grid)
            area = map
        }
        var canvas = DotCanvas(columns: area.width, rows: area.height, level: palette.glyphs)
        let dots = (across: Double(canvas.width) / Double(area.width), down: Double(canvas.height) / Double(area.height))
        // The window holds all steps, so that nothing jumps while it plays.
        guard let projection = Projection(tracks.flatMap(\.points), width: area.width, height: area.height, dotsAcross: dots.across, dotsDown: dots.down) else { return }
        drawLinks(tracks, projection, &canvas)
        for (place, track) in tracks.enumerated() where track.role == .other { drawPath(track, projection, &canvas, layer: Self.firstAgent + place) }
        canvas.render(into: &grid, x: area.x, y: area.y, within: area, style: { layer in
            if layer == Self.positive { return palette.positive }
            if layer == Self.negative { return palette.negative }
            return palette.faint(palette.style(ofSlot: slot(layer - Self.firstAgent, tracks)))
        }, asciiGlyph: { $0 == Self.positive ? "=" : $0 == Self.negative ? "-" : "." })
        func cell(_ point: SIMD2<Double>) -> (x: Int, y: Int) {
            let dot = projection.dot(point)
            return (area.x + Int((dot.x / dots.across).rounded(.down)), area.y + Int((dot.y / dots.down).rounded(.down)))
        }
        func mark(_ glyph: Character, _ point: SIMD2<Double>, _ style: Style) {
            let place = cell(point)
            pen.put(glyph, x: place.x, y: place.y, style: style, into: &grid)
        }
        for track in tracks where track.role == .prediction {
            for (place, point) in track.points.enumerated() where track.firstStep + place <= step { mark("·", point, palette.style(ofSlot: 1)) }
        }
        for track in tracks where track.role == .subject {
            for (place, point) in track.points.enumerated() where track.firstStep + place <= step {
                let isFuture = track.firstStep + place > present
                mark(isFuture ? "*" : "o", point, isFuture ? palette.emphasis : palette.style(ofSlot: 0))
            }
        }
        drawNumbers(tracks, area, pen, cell, into: &grid, palette: palette)
        var agent = 0
        for (place, track) in tracks.enumerated() where track.role == .other {
            // Its last known place where it is not there any more.
            if let point = track.point(at: step) ?? (step >= track.firstStep ? track.points.last : nil) { mark(Self.sign(agent), point, palette.emphasised(palette.style(ofSlot: slot(place, tracks)))) }
            agent += 1
        }
        for track in tracks where track.role == .subject {
            if let point = track.point(at: step) { mark("@", point, palette.emphasised(palette.style(ofSlot: 0))) }
        }
        var labelled: Set<Int> = []
        for track in tracks.filter({ $0.role == .prediction }).sorted(by: { $0.probability ?? 0 > $1.probability ?? 0 }) {
            guard let probability = track.probability, step > present, let point = track.point(at: min(step, track.firstStep + track.points.count - 1)) else { continue }
            let place = cell(point), text = NumberFormat.percent.string(probability, significant: 2)
            // A cell apart, so that it does not read on from an agent's sign; where two would touch, the likelier one's stays.
            guard place.x + 2 + text.columnWidth <= area.maxX, labelled.isDisjoint(with: (place.x..<place.x + 12).map { place.y * 100_000 + $0 }) else { continue }
            pen.write(text, x: place.x + 2, y: place.y, style: palette.style(ofSlot: 1), into: &grid)
            labelled.formUnion((place.x..<place.x + 12).map { place.y * 100_000 + $0 })
        }
    }

    // MARK: - Parts

    private static let positive = 0, negative = 1, firstAgent = 2

    /// Colours of the others follow that of the subject and of the predictions.
    private func slot(_ place: Int, _ tracks: [Track]) -> Int { 2 + tracks.prefix(max(0, place)).count { $0.role == .other } }

    private func legend(_ width: Int) -> String {
        let worth = "lines: worth\(valueUnit.isEmpty ? "" : " in \(valueUnit)"), dotted below 0"
        return ["@ target  o its past  * true future  · predicted  1… others  \(worth)", "@ target  o past  * future  · predicted  \(worth)",
                "@ target  o past  * future  · predicted  1… others", "o past * future · predicted"].first { $0.columnWidth <= width } ?? ""
    }

    private var largest: Double { max(1e-12, thickest ?? tracks.compactMap(\.value).filter(\.isFinite).map(abs).max() ?? 0) }

    /// A line from each agent to the subject, one to five dots thick.
    private func drawLinks(_ tracks: [Track], _ projection: Projection, _ canvas: inout DotCanvas) {
        guard let subject = tracks.first(where: { $0.role == .subject }), let to = subject.point(at: min(step, present)) else { return }
        let end = projection.dot(to)
        for track in tracks where track.role == .other {
            guard let value = track.value, value.isFinite, let from = track.point(at: min(step, present)) else { continue }
            let start = projection.dot(from), share = min(1, abs(value) / largest)
            let thickness = share < 0.04 ? 0 : 1 + Int((share * 4).rounded())
            guard thickness > 0 else { continue }
            let way = end - start, length = (way * way).sum().squareRoot()
            guard length > 0 else { continue }
            let side = SIMD2(-way.y, way.x) / length
            for line in 0..<thickness {
                let shift = side * (Double(line) - Double(thickness - 1) / 2)
                canvas.line(fromX: start.x + shift.x, y: start.y + shift.y, toX: end.x + shift.x, y: end.y + shift.y, layer: Int16(value > 0 ? Self.positive : Self.negative), every: value > 0 ? 1 : 3)
            }
        }
    }

    private func drawPath(_ track: Track, _ projection: Projection, _ canvas: inout DotCanvas, layer: Int) {
        let shown = track.points.enumerated().filter { track.firstStep + $0.offset <= step }.map { projection.dot($0.element) }
        for (a, b) in zip(shown, shown.dropFirst()) { canvas.line(fromX: a.x, y: a.y, toX: b.x, y: b.y, layer: Int16(min(layer, Int(Int16.max)))) }
    }

    /// The number of each link, at its middle.
    private func drawNumbers(_ tracks: [Track], _ area: Rect, _ pen: Pen, _ cell: (SIMD2<Double>) -> (x: Int, y: Int), into grid: inout CellGrid, palette: ChartPalette) {
        guard let subject = tracks.first(where: { $0.role == .subject }), let to = subject.point(at: min(step, present)) else { return }
        var taken: Set<Int> = []
        for track in tracks.filter({ $0.role == .other }).sorted(by: { abs($0.value ?? 0) > abs($1.value ?? 0) }) {
            guard let value = track.value, value.isFinite, let from = track.point(at: min(step, present)) else { continue }
            let place = cell((from + to) / 2), text = (value > 0 ? "+" : "") + NumberFormat.automatic.string(value, significant: 2)
            let x = min(max(area.x, place.x - text.columnWidth / 2), area.maxX - text.columnWidth)
            guard x >= area.x, place.y >= area.y, place.y < area.maxY else { continue }
            let cells = (x - 1..<x + text.columnWidth + 1).map { place.y * 100_000 + $0 }
            guard taken.isDisjoint(with: cells) else { continue }
            taken.formUnion(cells)
            pen.write(text, x: x, y: place.y, style: palette.emphasised(value > 0 ? palette.positive : palette.negative), into: &grid)
        }
    }
}
