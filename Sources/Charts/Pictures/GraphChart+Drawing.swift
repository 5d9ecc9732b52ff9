import Terminal

extension GraphChart {
    /// The graph with every node in a place: laid out once, for a caller that draws it again and again.
    ///
    /// About n rounds of forces over all nodes and edges: some milliseconds for a hundred nodes, under a second for two thousand.
    public func laidOut() -> GraphChart {
        var graph = self
        for (index, place) in places().enumerated() {
            graph.nodes[index].x = place.x
            graph.nodes[index].y = place.y
        }
        return graph
    }

    /// Where each node stands, inside of the unit square.
    func places() -> [GraphLayout.Place] {
        let fixed = nodes.map { node -> GraphLayout.Place? in
            guard let x = node.x, let y = node.y, x.isFinite, y.isFinite else { return nil }
            return .init(x: min(max(x, 0), 1), y: min(max(y, 0), 1))
        }
        return GraphLayout.rememberedPlaces(fixed: fixed, edges: validEdges)
    }

    private var validEdges: [(Int, Int)] {
        Array(edges.lazy.filter { nodes.indices.contains($0.0) && nodes.indices.contains($0.1) }.prefix(Self.edgeLimit))
    }

    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        var area = area.intersection(grid.bounds)
        guard !area.isEmpty else { return }
        let pen = Pen(area, palette), tones = tones
        if !title.isEmpty, area.height >= 4 {
            drawTitle(in: area, pen: pen, into: &grid, palette: palette)
            area = area.split(top: 1).1
        }
        guard !nodes.isEmpty else { return }
        if !groupNames.isEmpty || tones != nil, area.height >= 3 {
            drawLegend(tones, in: area, pen: pen, into: &grid, palette: palette)
            area = area.split(top: 1).1
        }
        switch form {
        case .markers:
            let places = places()
            drawEdges(places, in: area, into: &grid, palette: palette)
            drawNodes(places, tones, in: area, pen: pen, into: &grid, palette: palette)
        case .tiles: drawTiles(tones, in: area, pen: pen, into: &grid, palette: palette)
        }
    }

    // MARK: - What both forms share

    private func drawTitle(in area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let used = pen.write(title.middleTruncated(to: area.width), x: area.x, y: area.y, style: palette.emphasis, into: &grid)
        let left = edges.count - validEdges.count
        let note = "  \(nodes.count) nodes · \(validEdges.count) edges" + (left > 0 ? " (\(left) not drawn)" : "")
        if used + note.columnWidth <= area.width { pen.write(note, x: area.x + used, y: area.y, style: palette.axis, into: &grid) }
    }

    /// Groups with their markers, then the colours from the least to the greatest value.
    private func drawLegend(_ tones: AxisMapping?, in area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        var x = area.x
        for (group, name) in groupNames.enumerated() where nodes.contains(where: { $0.group == group }) {
            let text = "\(palette.marker(ofSlot: group)) \(name)"
            guard x + text.columnWidth <= area.maxX else { return }
            x += pen.write(text, x: x, y: area.y, style: tones == nil ? palette.style(ofSlot: group) : palette.label, into: &grid) + 2
        }
        guard tones != nil, let range = valueRange else { return }
        let low = number(range.lowerBound), high = withUnit(number(range.upperBound)), ramp = 8
        guard x + low.columnWidth + high.columnWidth + ramp + 2 <= area.maxX else {
            // Without room for the colours, the numbers keep at least their unit.
            let note = ["\(low)…\(high)", unit].first { !$0.isEmpty && x + $0.columnWidth <= area.maxX } ?? ""
            pen.write(note, x: x, y: area.y, style: palette.label, into: &grid)
            return
        }
        x += pen.write(low + " ", x: x, y: area.y, style: palette.label, into: &grid)
        let scale = ColorScale(palette.sequential)
        for step in 0..<ramp {
            let share = Double(step) / Double(ramp - 1)
            let style = palette.hasColor ? Style(foreground: Self.tone(share, scale)) : palette.label
            pen.put(palette.hasColor ? "█" : Shades.glyph(share, palette.glyphs), x: x + step, y: area.y, style: style, into: &grid)
        }
        pen.write(" " + high, x: x + ramp, y: area.y, style: palette.label, into: &grid)
    }

    private var valueRange: ClosedRange<Double>? {
        var extent = Extent()
        for node in nodes { if let value = node.value { extent.add(value) } }
        return extent.positions(on: .linear)
    }

    private var tones: AxisMapping? {
        valueRange.map { AxisMapping(AxisRange.fitting($0, scale: .linear, padding: 0), scale: .linear, dots: 2) }
    }

    /// From a quarter up: the dark end of the scale is not to be seen on a dark screen.
    private static func tone(_ share: Double, _ scale: ColorScale) -> Color { scale.color(at: 0.25 + 0.75 * share) }

    func style(_ node: Node, _ tones: AxisMapping?, _ palette: ChartPalette) -> Style {
        guard let tones else { return palette.style(ofSlot: node.group) }
        guard let value = node.value, value.isFinite else { return palette.axis }
        return palette.hasColor ? Style(foreground: Self.tone(tones.fraction(ofPosition: value), ColorScale(palette.sequential))) : palette.label
    }

    /// A node's number; a dash where it has none.
    func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "–" }
        return NumberFormat.automatic.string(value, significant: 2)
    }

    private func withUnit(_ number: String) -> String { unit.isEmpty ? number : "\(number) \(unit)" }

    // MARK: - Markers

    private func drawEdges(_ places: [GraphLayout.Place], in area: Rect, into grid: inout CellGrid, palette: ChartPalette) {
        var canvas = DotCanvas(columns: area.width, rows: area.height, level: palette.glyphs)
        func dot(_ place: GraphLayout.Place) -> (Double, Double) {
            (place.x * Double(max(0, canvas.width - 1)), place.y * Double(max(0, canvas.height - 1)))
        }
        let edges = validEdges.filter { $0.0 != $0.1 }, isCrowded = edges.count > 4 * area.width
        func isNear(_ edge: (Int, Int)) -> Bool { edge.0 == cursor || edge.1 == cursor }
        for edge in edges.filter({ !isNear($0) }) + edges.filter(isNear) {
            let (start, end) = (dot(places[edge.0]), dot(places[edge.1]))
            canvas.line(fromX: start.0, y: start.1, toX: end.0, y: end.1, layer: isNear(edge) ? 1 : 0, every: isCrowded && !isNear(edge) ? 3 : 1)
        }
        canvas.render(into: &grid, x: area.x, y: area.y, within: area, style: { $0 == 0 ? palette.axis : palette.emphasis }, asciiGlyph: { $0 == 0 ? "." : "o" })
    }

    private func drawNodes(_ places: [GraphLayout.Place], _ tones: AxisMapping?, in area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        func cell(_ place: GraphLayout.Place) -> (x: Int, y: Int) {
            (area.x + Int((place.x * Double(area.width - 1)).rounded()), area.y + Int((place.y * Double(area.height - 1)).rounded()))
        }
        var taken = Set<Int>()
        for (index, node) in nodes.enumerated() {
            let place = cell(places[index]), style = style(node, tones, palette)
            pen.put(palette.marker(ofSlot: node.group), x: place.x, y: place.y, style: index == cursor ? palette.emphasised(style) : style, into: &grid)
            taken.insert(place.y * grid.size.width + place.x)
        }
        // The cursor's label first, then those that find empty cells.
        let order = (cursor.flatMap { nodes.indices.contains($0) ? [$0] : nil } ?? []) + (nodes.count <= 200 ? Array(nodes.indices) : [])
        var labelled = Set<Int>()
        for index in order where !nodes[index].label.isEmpty && labelled.insert(index).inserted {
            let place = cell(places[index])
            var text = nodes[index].label.middleTruncated(to: 16)
            if index == cursor, let value = nodes[index].value { text += " " + withUnit(NumberFormat.automatic.string(value)) }
            let x = place.x + 2 + text.columnWidth <= area.maxX ? place.x + 2 : place.x - 1 - text.columnWidth
            guard x >= area.x else { continue }
            let cells = (x - 1)..<(x + text.columnWidth + 1)
            let isFree = cells.allSatisfy { !taken.contains(place.y * grid.size.width + $0) || $0 == place.x }
            guard isFree || index == cursor else { continue }
            for column in cells { taken.insert(place.y * grid.size.width + column) }
            pen.write(text, x: x, y: place.y, style: index == cursor ? palette.emphasis : palette.label, into: &grid)
        }
    }
}
