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

    private func places() -> [GraphLayout.Place] {
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
        let pen = Pen(area, palette)
        if !title.isEmpty, area.height >= 4 {
            drawTitle(in: area, pen: pen, into: &grid, palette: palette)
            area = area.split(top: 1).1
        }
        guard !nodes.isEmpty else { return }
        let places = places()
        var canvas = DotCanvas(columns: area.width, rows: area.height, level: palette.glyphs)
        func dot(_ place: GraphLayout.Place) -> (Double, Double) {
            (place.x * Double(max(0, canvas.width - 1)), place.y * Double(max(0, canvas.height - 1)))
        }
        let isCrowded = validEdges.count > 4 * area.width
        for (from, to) in validEdges where from != to {
            let isNear = from == cursor || to == cursor
            if isNear { continue }
            let (start, end) = (dot(places[from]), dot(places[to]))
            canvas.line(fromX: start.0, y: start.1, toX: end.0, y: end.1, layer: 0, every: isCrowded ? 3 : 1)
        }
        for (from, to) in validEdges where from != to && (from == cursor || to == cursor) {
            let (start, end) = (dot(places[from]), dot(places[to]))
            canvas.line(fromX: start.0, y: start.1, toX: end.0, y: end.1, layer: 1)
        }
        canvas.render(into: &grid, x: area.x, y: area.y, within: area, style: { $0 == 0 ? palette.axis : palette.emphasis }, asciiGlyph: { $0 == 0 ? "." : "o" })
        drawNodes(places, in: area, pen: pen, into: &grid, palette: palette)
    }

    private func drawTitle(in area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let used = pen.write(title.middleTruncated(to: area.width), x: area.x, y: area.y, style: palette.emphasis, into: &grid)
        let left = edges.count - validEdges.count
        var note = "  \(nodes.count) nodes · \(validEdges.count) edges" + (left > 0 ? " (\(left) not drawn)" : "")
        if let range = valueRange {
            note += "  " + NumberFormat.automatic.string(range.lowerBound) + "…" + NumberFormat.automatic.string(range.upperBound) + (unit.isEmpty ? "" : " " + unit)
        }
        if used + note.columnWidth <= area.width { pen.write(note, x: area.x + used, y: area.y, style: palette.axis, into: &grid) }
    }

    private var valueRange: ClosedRange<Double>? {
        var extent = Extent()
        for node in nodes { if let value = node.value { extent.add(value) } }
        return extent.positions(on: .linear)
    }

    private func drawNodes(_ places: [GraphLayout.Place], in area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let tones = valueRange.map { AxisMapping(AxisRange.fitting($0, scale: .linear, padding: 0), scale: .linear, dots: 2) }
        let scale = ColorScale(palette.sequential)
        func cell(_ place: GraphLayout.Place) -> (x: Int, y: Int) {
            (area.x + Int((place.x * Double(area.width - 1)).rounded()), area.y + Int((place.y * Double(area.height - 1)).rounded()))
        }
        func style(_ node: Node) -> Style {
            guard let tones else { return palette.style(ofSlot: node.group) }
            guard let value = node.value, value.isFinite else { return palette.axis }
            // From a quarter up: the dark end of the scale is not to be seen on a dark screen.
            return palette.hasColor ? Style(foreground: scale.color(at: 0.25 + 0.75 * tones.fraction(ofPosition: value))) : palette.label
        }
        var taken = Set<Int>()
        for (index, node) in nodes.enumerated() {
            let place = cell(places[index])
            pen.put(palette.marker(ofSlot: node.group), x: place.x, y: place.y, style: index == cursor ? palette.emphasised(style(node)) : style(node), into: &grid)
            taken.insert(place.y * grid.size.width + place.x)
        }
        // The cursor's label first, then those that find empty cells.
        let order = (cursor.flatMap { nodes.indices.contains($0) ? [$0] : nil } ?? []) + (nodes.count <= 200 ? Array(nodes.indices) : [])
        var labelled = Set<Int>()
        for index in order where !nodes[index].label.isEmpty && labelled.insert(index).inserted {
            let place = cell(places[index])
            var text = nodes[index].label.middleTruncated(to: 16)
            if index == cursor, let value = nodes[index].value { text += " " + NumberFormat.automatic.string(value) }
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
