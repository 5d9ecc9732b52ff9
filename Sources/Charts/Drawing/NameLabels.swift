import Terminal

/// Puts names beside the ends of lines so that none lies over another.
enum NameLabels {
    /// Rows for labels that each want to be near a row: in the same order, one a row, inside of `rows`, moved as little as a
    /// push down and a push up need. Nil for labels that have no row left, the last in order.
    static func rows(wanted: [Int], in rows: Range<Int>) -> [Int?] {
        let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
        let shown = Array(order.prefix(rows.count))
        var result = [Int?](repeating: nil, count: wanted.count)
        var placed: [Int] = []
        for index in shown { placed.append(max(wanted[index], (placed.last ?? rows.lowerBound - 1) + 1)) }
        var limit = rows.upperBound - 1
        for position in placed.indices.reversed() {
            placed[position] = max(rows.lowerBound, min(placed[position], limit))
            limit = placed[position] - 1
        }
        for (index, row) in zip(shown, placed) { result[index] = row }
        return result
    }

    /// What a row of names shows: as many as fit, and how many are left.
    struct Legend {
        /// Draws the names from column `x` on, each with its marker in its style.
        func draw(x: Int, y: Int, pen: Pen, into grid: inout CellGrid, palette: ChartPalette, look: (Int) -> (marker: Character, style: Style)) {
            for entry in entries {
                let (marker, style) = look(entry.index)
                pen.put(marker, x: x + entry.column, y: y, style: style, into: &grid)
                pen.write(entry.text, x: x + entry.column + 2, y: y, style: style, into: &grid)
            }
            if rest > 0 { pen.write("+\(rest)", x: x + restColumn, y: y, style: palette.label, into: &grid) }
        }

        struct Entry {
            var index: Int
            var text: String
            var column: Int
        }
        var entries: [Entry] = []
        var rest: Int = 0
        /// The column where "+3" stands.
        var restColumn: Int = 0
    }

    /// Names without the words that all of them begin or end with: "R² test/MLP" and "R² iid/MLP" are told apart by "test" and "iid".
    static func withoutCommonParts(_ names: [String]) -> [String] {
        guard names.count > 1, let first = names.first else { return names }
        let isBreak: (Character) -> Bool = { $0 == " " || $0 == "/" }
        var head = Substring(first), tail = Substring(first)
        for name in names.dropFirst() {
            head = head.prefix(zip(head, name).prefix { $0 == $1 }.count)
            tail = tail.suffix(zip(tail.reversed(), name.reversed()).prefix { $0 == $1 }.count)
        }
        // Whole words only, and something of each name stays.
        head = head[..<(head.lastIndex(where: isBreak).map(head.index(after:)) ?? head.startIndex)]
        tail = tail.firstIndex(where: isBreak).map { tail[$0...] } ?? ""
        guard names.allSatisfy({ $0.count > head.count + tail.count }) else { return names }
        return names.map { String($0.dropFirst(head.count).dropLast(tail.count)) }
    }

    /// Lays names with a marker before them out in a row of `width` columns.
    static func legend(_ names: [String], width: Int, separation: Int = 3) -> Legend {
        var legend = Legend()
        var column = 0
        // Where not all fit, long names give way to an equal share of the row before any is left out.
        let whole = names.reduce(-separation) { $0 + $1.columnWidth + 2 + separation }
        let share = names.isEmpty ? 0 : (width + separation) / names.count - separation - 2
        let names = whole > width ? withoutCommonParts(names).map { share >= 5 ? $0.middleTruncated(to: share) : $0 } : names
        for (index, name) in names.enumerated() {
            let size = name.columnWidth + (name.isEmpty ? 1 : 2)
            let left = names.count - index - 1
            let reserve = left > 0 ? separation + 1 + String(left).count : 0
            if column + size + reserve > width {
                // One name alone is cut, further ones are counted.
                if index == 0, width >= 3 + reserve {
                    legend.entries.append(.init(index: 0, text: name.middleTruncated(to: width - 2 - reserve), column: 0))
                    column = width - reserve + separation
                    legend.rest = names.count - 1
                } else {
                    legend.rest = names.count - index
                }
                legend.restColumn = column
                return legend
            }
            legend.entries.append(.init(index: index, text: name, column: column))
            column += size + separation
        }
        return legend
    }
}
