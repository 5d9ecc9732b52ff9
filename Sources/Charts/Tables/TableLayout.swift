import Terminal

extension TableChart {
    /// The texts of the rows in sight and the columns that have room for them.
    struct Layout {
        struct ShownColumn {
            var index: Int
            var x: Int
            var width: Int
            /// What it keeps where the table has no room for all that it would like.
            var least: Int
            var isNumeric: Bool
            /// Texts of the rows in sight.
            var texts: [String]
        }

        var columns: [ShownColumn] = []
        /// Columns to the right that have no room.
        var hasMore = false
        var hasLess = false
        var rows: Range<Int>

        /// Widths are taken from up to this many rows, those in sight among them, so that scrolling does not jump.
        private static let sampledRows = 120

        init(table: TableChart, area: Rect, rows: Range<Int>, markWidth: Int) {
            self.rows = rows
            let frozen = min(max(0, table.frozenColumns), table.columns.count)
            let first = min(max(0, table.firstColumn), max(0, table.columns.count - frozen - 1))
            let order = Array(0..<frozen) + Array((frozen + first)..<max(frozen + first, table.columns.count))
            hasLess = first > 0
            var x = area.x + markWidth
            let end = area.maxX
            // The widths that all columns would like, then what text columns must give back.
            var wishes = order.map { Self.column($0, of: table, rows: rows) }
            // Columns beyond the width are left out from the right; the others are narrowed to their least width first.
            var count = 0, needed = 0
            while count < wishes.count {
                let step = wishes[count].least + (count > 0 ? 2 : 0)
                if needed + step > end - x { break }
                needed += step
                count += 1
            }
            hasMore = count < wishes.count
            wishes = Array(wishes.prefix(count))
            var spare = end - x - needed
            for position in wishes.indices {
                let extra = max(0, min(spare, wishes[position].width - wishes[position].least))
                wishes[position].width = wishes[position].least + extra
                spare -= extra
                wishes[position].x = x
                x += wishes[position].width + 2
            }
            // A single text column with no room at all is still cut and shown; a number never is.
            if wishes.isEmpty, let index = order.first, end > area.x + markWidth {
                var only = Self.column(index, of: table, rows: rows)
                if !only.isNumeric {
                    only.x = area.x + markWidth
                    only.width = end - only.x
                    wishes = [only]
                }
            }
            columns = wishes
        }

        private static func column(_ index: Int, of table: TableChart, rows: Range<Int>) -> ShownColumn {
            let column = table.columns[index]
            let stride = max(1, table.rows.count / sampledRows)
            var sample = Array(Swift.stride(from: 0, to: table.rows.count, by: stride))
            sample.append(contentsOf: rows)
            var numbers = 0, texts = 0
            for row in sample {
                switch table.cell(row, index) {
                case .number: numbers += 1
                case .text: texts += 1
                case .empty: break
                }
            }
            // A word such as n/a among many numbers does not make them text.
            let isNumeric = numbers > 4 * texts
            let labels = table.texts(sample, column: index)
            let shown = Array(labels.suffix(rows.count))
            let behind = (column.unit.isEmpty ? 0 : column.unit.columnWidth + 1) + (table.sort?.column == index ? 2 : 0)
            // Names of numeric columns may be cut; numbers may not.
            let widest = labels.map(\.columnWidth).max() ?? 0, width = max(widest, column.name.columnWidth + behind, 1)
            let least = isNumeric ? max(widest, min(column.name.columnWidth, 10) + behind, 1) : min(width, max(1, column.minimumWidth))
            return ShownColumn(index: index, x: 0, width: width, least: least, isNumeric: isNumeric, texts: shown)
        }
    }

    func cell(_ row: Int, _ column: Int) -> Cell {
        row >= 0 && row < rows.count && column < rows[row].count ? rows[row][column] : .empty
    }

    /// The texts of a column's cells, numbers with the same digits after the point.
    func texts(_ rows: [Int], column: Int) -> [String] {
        let numbers = rows.compactMap { row -> Double? in
            if case .number(let value) = cell(row, column) { value } else { nil }
        }
        let definition = columns[column]
        var labels = (definition.format ?? .automatic).columnLabels(numbers, digits: definition.digits)[...]
        return rows.map { row in
            switch cell(row, column) {
            case .number: labels.popFirst() ?? ""
            case .text(let text): text
            case .empty: ""
            }
        }
    }
}
