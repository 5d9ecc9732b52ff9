import Terminal

extension NodeMap {
    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        var area = area.intersection(grid.bounds)
        guard !area.isEmpty, !nodes.isEmpty else { return }
        let pen = Pen(area, palette)
        let tones = tones
        if area.height >= 3 {
            drawLegend(tones, in: area, pen: pen, into: &grid, palette: palette)
            area = area.split(top: 1).1
        }
        let map = placed(), numbers = nodes.map { number($0.value) }
        let layout = Tiles(map.nodes, numbers: numbers, in: area)
        let near = Set(cursor.map { neighbours(of: $0) } ?? [])
        let scale = ColorScale(palette.sequential)
        for (index, node) in nodes.enumerated() {
            guard let place = layout.places[index] else { continue }
            let share = node.value.flatMap { value in value.isFinite ? tones.map { $0.fraction(ofPosition: value) } : nil }
            // From a quarter up: the dark end of the scale is not to be seen on a dark screen.
            var style = share.map { palette.hasColor ? Style(foreground: scale.color(at: 0.25 + 0.75 * $0)) : palette.label } ?? palette.axis
            if index == cursor { style.attributes.insert(.reverse) } else if near.contains(index) { style.attributes.formUnion([.bold, .underline]) }
            let marker = layout.form.hasMarker ? String(palette.marker(ofSlot: node.group)) : "", name = marker + node.label
            let text = layout.form.number == .beside ? "\(name) \(numbers[index])" : name
            pen.write(text.truncated(to: layout.form.width), x: place.x, y: place.y, style: style, into: &grid)
            if layout.form.number == .below { pen.write(numbers[index].truncated(to: layout.form.width), x: place.x + marker.columnWidth, y: place.y + 1, style: style, into: &grid) }
        }
        if layout.missing > 0 {
            pen.write("+\(layout.missing) that do not fit".truncated(to: area.width), x: area.x, y: area.maxY - 1, style: palette.warning, into: &grid)
        }
    }

    private func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "–" }
        return NumberFormat.automatic.string(value, significant: 2)
    }

    private var tones: AxisMapping? {
        var extent = Extent()
        for node in nodes { if let value = node.value, value.isFinite { extent.add(value) } }
        return extent.positions(on: .linear).map { AxisMapping(AxisRange.fitting($0, scale: .linear, padding: 0), scale: .linear, dots: 2) }
    }

    /// Groups with their markers, then the colours from the least to the greatest value.
    private func drawLegend(_ tones: AxisMapping?, in area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        var x = area.x
        for (group, name) in groupNames.enumerated() where nodes.contains(where: { $0.group == group }) {
            let text = "\(palette.marker(ofSlot: group)) \(name)"
            guard x + text.columnWidth <= area.maxX else { return }
            x += pen.write(text, x: x, y: area.y, style: palette.label, into: &grid) + 2
        }
        let values = nodes.compactMap(\.value).filter(\.isFinite)
        guard tones != nil, let low = values.min(), let high = values.max() else { return }
        let ends = (number(low), number(high) + (unit.isEmpty ? "" : " \(unit)")), ramp = 8
        guard x + ends.0.columnWidth + ends.1.columnWidth + ramp + 2 <= area.maxX else { return }
        x += pen.write(ends.0 + " ", x: x, y: area.y, style: palette.label, into: &grid)
        let scale = ColorScale(palette.sequential)
        for step in 0..<ramp {
            let share = Double(step) / Double(ramp - 1)
            let style = palette.hasColor ? Style(foreground: scale.color(at: 0.25 + 0.75 * share)) : palette.label
            pen.put(palette.hasColor ? "█" : Shades.glyph(share, palette.glyphs), x: x + step, y: area.y, style: style, into: &grid)
        }
        pen.write(" " + ends.1, x: x + ramp, y: area.y, style: palette.label, into: &grid)
    }
}

/// Where each tile of a map goes: its own cell of a coarse grid, or the nearest free one.
private struct Tiles {
    struct Form {
        enum Number { case below, beside, none }
        /// Columns, without the gap after it.
        var width: Int
        var hasMarker: Bool
        var number: Number
        var height: Int { number == .below ? 2 : 1 }
    }

    let form: Form
    let places: [(x: Int, y: Int)?]
    var missing: Int { places.count { $0 == nil } }

    /// Chooses the fullest form that gives every node a cell of its own and keeps places that differ apart.
    init(_ nodes: [NodeMap.Node], numbers: [String], in area: Rect) {
        let name = min(12, nodes.map(\.label.columnWidth).max() ?? 1), number = numbers.map(\.columnWidth).max() ?? 1
        let forms: [Form] = [
            .init(width: max(name, number) + 1, hasMarker: true, number: .below), .init(width: max(name, number), hasMarker: false, number: .below),
            .init(width: name + number + 2, hasMarker: true, number: .beside), .init(width: name + number + 1, hasMarker: false, number: .beside),
            .init(width: name + 1, hasMarker: true, number: .none), .init(width: name, hasMarker: false, number: .none),
        ]
        func cells(_ form: Form) -> (columns: Int, rows: Int) { (max(0, (area.width + 1) / (form.width + 1)), max(0, area.height / form.height)) }
        let xs = Set(nodes.map { Int((min(max($0.x ?? 0, 0), 1) * 1000).rounded()) }).count, ys = Set(nodes.map { Int((min(max($0.y ?? 0, 0), 1) * 1000).rounded()) }).count
        let fitting = forms.filter { cells($0).columns * cells($0).rows >= nodes.count }
        form = fitting.first { cells($0).columns >= min(xs, 20) && cells($0).rows >= min(ys, 8) } ?? fitting.first { $0.number == .beside } ?? fitting.first
            ?? Form(width: min(name, 3), hasMarker: false, number: .none)
        let form = form, tileHeight = form.height, (columns, rows) = cells(form)
        var taken = Set<Int>(), places = [(x: Int, y: Int)?](repeating: nil, count: nodes.count)
        // What is left over is shared out between the columns and rows.
        func origin(_ column: Int, _ row: Int) -> (x: Int, y: Int) {
            let spareX = columns > 1 ? column * (area.width - columns * (form.width + 1) + 1) / (columns - 1) : 0
            let spareY = rows > 1 ? row * (area.height - rows * tileHeight) / (rows - 1) : 0
            return (area.x + column * (form.width + 1) + max(0, spareX), area.y + row * tileHeight + max(0, spareY))
        }
        guard columns > 0, rows > 0 else {
            self.places = places
            return
        }
        func cell(_ node: NodeMap.Node) -> (column: Int, row: Int) {
            let x = min(max(node.x ?? 0.5, 0), 1), y = min(max(node.y ?? 0.5, 0), 1)
            return (Int((x * Double(columns - 1)).rounded()), Int((y * Double(rows - 1)).rounded()))
        }
        for (index, node) in nodes.enumerated() where taken.count < columns * rows {
            let wish = cell(node)
            var best: (distance: Int, column: Int, row: Int)?
            for ring in 0...max(columns, rows) {
                // Rows are twice as high as columns are wide, tiles the other way round: a step down counts a little more.
                for row in max(0, wish.row - ring)...min(rows - 1, wish.row + ring) {
                    for column in max(0, wish.column - ring)...min(columns - 1, wish.column + ring) where !taken.contains(row * columns + column) {
                        let (a, b) = (column - wish.column, row - wish.row), distance = 2 * a * a + 3 * b * b
                        if best.map({ distance < $0.distance }) ?? true { best = (distance, column, row) }
                    }
                }
                if best != nil { break }
            }
            guard let best else { continue }
            taken.insert(best.row * columns + best.column)
            places[index] = origin(best.column, best.row)
        }
        self.places = places
    }
}
