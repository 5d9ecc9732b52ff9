import Terminal

extension TextBlock {
    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        let area = area.intersection(grid.bounds)
        guard !area.isEmpty else { return }
        let pen = Pen(area, palette)
        let longest = lines.suffix(200).map(\.stamp.columnWidth).max() ?? 0
        let stampWidth = longest > 0 && area.width >= longest + 16 ? longest + 1 : 0
        let width = area.width - stampWidth - 2
        let hasMarks = width >= 8 && lines.contains { $0.kind != .plain }
        let indent = stampWidth + (hasMarks ? 2 : 0)
        let rows = visibleRows(width: max(1, area.width - indent), height: area.height)
        for (place, row) in rows.enumerated() {
            let line = lines[row.line], y = area.y + place
            if row.isFirst {
                if stampWidth > 0 { pen.write(line.stamp, x: area.x, y: y, style: palette.axis, into: &grid) }
                if hasMarks, line.kind != .plain { pen.put(mark(line.kind), x: area.x + stampWidth, y: y, style: style(line.kind, palette), into: &grid) }
            }
            pen.write(row.text, x: area.x + indent, y: y, style: style(line.kind, palette), into: &grid)
        }
    }

    private struct Row {
        var line: Int
        var text: String
        var isFirst: Bool
    }

    /// Wraps only what can be in sight: from the end backwards for a log, from the start for a text.
    private func visibleRows(width: Int, height: Int) -> [Row] {
        let offset = max(0, min(self.offset, 1_000_000))
        var rows: [Row] = []
        if followsEnd {
            for line in lines.indices.reversed() {
                let wrapped = Self.wrap(lines[line].text, width: width)
                for (index, text) in wrapped.enumerated().reversed() { rows.append(Row(line: line, text: text, isFirst: index == 0)) }
                if rows.count >= height + offset { break }
            }
            // Scrolled back further than there are lines: the first ones.
            let skipped = min(offset, max(0, rows.count - height))
            return Array(rows.dropFirst(skipped).prefix(height).reversed())
        }
        for line in lines.indices {
            for (index, text) in Self.wrap(lines[line].text, width: width).enumerated() { rows.append(Row(line: line, text: text, isFirst: index == 0)) }
            if rows.count >= height + offset { break }
        }
        return Array(rows.dropFirst(min(offset, max(0, rows.count - height))).prefix(height))
    }

    /// Breaks at blanks; a word longer than a row is broken where the row ends. At least one row.
    package static func wrap(_ text: String, width: Int) -> [String] {
        let width = max(1, width)
        var rows: [String] = [], row = "", columns = 0
        func finish() {
            rows.append(row)
            row = ""
            columns = 0
        }
        for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
            for word in part.split(separator: " ", omittingEmptySubsequences: false) {
                let size = String(word).columnWidth
                if columns > 0, columns + 1 + size > width { finish() }
                if columns > 0 || !row.isEmpty {
                    row.append(" ")
                    columns += 1
                }
                for character in word {
                    if columns + character.columnWidth > width, columns > 0 { finish() }
                    row.append(character)
                    columns += character.columnWidth
                }
            }
            finish()
        }
        return rows
    }

    private func mark(_ kind: Line.Kind) -> Character {
        switch kind {
        case .plain: " "
        case .note: "·"
        case .warning: "!"
        case .failure: "✗"
        }
    }

    private func style(_ kind: Line.Kind, _ palette: ChartPalette) -> Style {
        switch kind {
        case .plain, .note: palette.label
        case .warning: palette.warning
        case .failure: palette.emphasised(palette.negative)
        }
    }
}
