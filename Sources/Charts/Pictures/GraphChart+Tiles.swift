import Terminal

extension GraphChart {
    func drawTiles(_ tones: AxisMapping?, in area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let numbers = nodes.map { tones == nil ? "" : number($0.value) }
        let layout = Tiles(places(), names: nodes.map(\.label), numbers: numbers, in: area)
        let near = Set(cursor.map { neighbours(of: $0) } ?? [])
        for (index, node) in nodes.enumerated() {
            guard let place = layout.places[index] else { continue }
            var style = style(node, tones, palette)
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
    /// - Parameter numbers: one a node; all empty where nodes have none.
    init(_ nodes: [GraphLayout.Place], names: [String], numbers: [String], in area: Rect) {
        let name = min(12, names.map(\.columnWidth).max() ?? 1), number = numbers.map(\.columnWidth).max() ?? 0
        let forms: [Form] = (number == 0 ? [] : [
            .init(width: max(name, number) + 1, hasMarker: true, number: .below), .init(width: max(name, number), hasMarker: false, number: .below),
            .init(width: name + number + 2, hasMarker: true, number: .beside), .init(width: name + number + 1, hasMarker: false, number: .beside),
        ]) + [.init(width: name + 1, hasMarker: true, number: .none), .init(width: name, hasMarker: false, number: .none)]
        func cells(_ form: Form) -> (columns: Int, rows: Int) { (max(0, (area.width + 1) / (form.width + 1)), max(0, area.height / form.height)) }
        let xs = Set(nodes.map { Int(($0.x * 1000).rounded()) }).count, ys = Set(nodes.map { Int(($0.y * 1000).rounded()) }).count
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
        for (index, node) in nodes.enumerated() where taken.count < columns * rows {
            let wish = (column: Int((node.x * Double(columns - 1)).rounded()), row: Int((node.y * Double(rows - 1)).rounded()))
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
