import Charts
import Experiments
import Terminal

/// The newest table of a name: scrolled both ways, sorted by any column.
struct TablePanel: PanelView {
    let table: String
    var view = TableView()

    init(table: String) { self.table = table }

    func hasContent(in model: RunModel) -> Bool { model.tables[table] != nil }

    func status(of model: RunModel) -> String { model.tables[table].map { "\($0.rows.count) rows" } ?? "" }

    func actions(for model: RunModel) -> [ActionID] { ["panel.order"] }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        guard let newest = model.tables[table] else { return false }
        return view.perform(action, rowCount: newest.rows.count, columnCount: newest.columns.count, size: size)
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard let newest = context.model.tables[table], !newest.columns.isEmpty else {
            return drawWaiting(table, into: &grid, area: area, context: context)
        }
        view.draw(columns: newest.columns, rows: newest.rows, into: &grid, area: area, palette: context.palette,
                  isFocused: context.isFocused)
    }
}

/// How a table is looked at: cursor, first column, order. Tables of runs, results and comparisons share it.
package struct TableView: Sendable, Equatable {
    package var cursor = 0
    package var firstColumn = 0
    /// The column that rows are ordered by, and the direction; nil keeps the order in which they came.
    package var sort: Sort?

    package struct Sort: Sendable, Equatable {
        package var column: Int
        package var ascending: Bool
    }

    package init() {}

    package mutating func perform(_ action: ActionID, rowCount: Int, columnCount: Int, size: Size) -> Bool {
        let page = max(1, size.height - 2)
        switch action {
        case "down": cursor += 1
        case "up": cursor -= 1
        case "page.down": cursor += page
        case "page.up": cursor -= page
        case "half.down": cursor += max(1, page / 2)
        case "half.up": cursor -= max(1, page / 2)
        case "first": cursor = 0
        case "last": cursor = rowCount - 1
        case "right": firstColumn += 1
        case "left": firstColumn -= 1
        case "panel.order": sort = next(columnCount)
        default: return false
        }
        cursor = min(max(0, cursor), max(0, rowCount - 1))
        firstColumn = min(max(0, firstColumn), max(0, columnCount - 1))
        return true
    }

    /// As it came → first column up, down → second column up, … → as it came.
    private func next(_ columnCount: Int) -> Sort? {
        guard columnCount > 0 else { return nil }
        guard let sort else { return Sort(column: 0, ascending: true) }
        if sort.ascending { return Sort(column: sort.column, ascending: false) }
        return sort.column + 1 < columnCount ? Sort(column: sort.column + 1, ascending: true) : nil
    }

    /// The rows as they are shown, by their places in `rows`.
    private func order(of rows: [[RunEvent.Table.Cell]], columnCount: Int) -> [Int] {
        var order = Array(rows.indices)
        guard let sort, sort.column < columnCount else { return order }
        order.sort { a, b in
            let left = rows[a].indices.contains(sort.column) ? rows[a][sort.column] : .empty
            let right = rows[b].indices.contains(sort.column) ? rows[b][sort.column] : .empty
            switch Self.compare(left, right) {
            case .some(let isBefore): return isBefore == sort.ascending
            case .none: return a < b
            }
        }
        return order
    }

    /// The place in `rows` of the row under the cursor; nil where there is none.
    package func row(underCursorIn rows: [[RunEvent.Table.Cell]], columnCount: Int) -> Int? {
        guard !rows.isEmpty else { return nil }
        return order(of: rows, columnCount: columnCount)[min(max(0, cursor), rows.count - 1)]
    }

    package func draw(columns: [RunEvent.Table.Column], rows: [[RunEvent.Table.Cell]], into grid: inout CellGrid, area: Rect,
                      palette: ChartPalette, isFocused: Bool, marks: [Int: TableChart.RowMark] = [:]) {
        let order = order(of: rows, columnCount: columns.count)
        let cells = order.map { row in
            columns.indices.map { rows[row].indices.contains($0) ? Self.cell(rows[row][$0]) : .empty }
        }
        var chart = TableChart(columns: columns.indices.map { column in
            // Short texts stay whole; only long ones give way where the table is wide.
            let widest = cells.prefix(200).reduce(columns[column].name.columnWidth) { width, row in
                if case .text(let text) = row[column] { max(width, text.columnWidth) } else { width }
            }
            return TableChart.Column(columns[column].name, unit: columns[column].unit, digits: columns[column].digits, minimumWidth: min(widest, column == 0 ? 28 : 18))
        }, rows: cells)
        if let sort { chart.sort = (sort.column, sort.ascending) }
        for column in columns.indices { chart.emphasised.formUnion(Self.best(columns[column], at: column, in: cells)) }
        for (row, cells) in cells.enumerated() {
            for (column, cell) in cells.enumerated() { if case .text(let text) = cell, text.hasPrefix("! ") { chart.warned.insert(.init(row: row, column: column)) } }
        }
        let cursor = min(max(0, self.cursor), max(0, rows.count - 1))
        chart.cursor = isFocused && !rows.isEmpty ? cursor : nil
        let page = max(1, area.height - 1)
        chart.firstRow = min(max(0, cursor - page / 2), max(0, rows.count - page))
        chart.firstColumn = firstColumn
        for (place, row) in order.enumerated() { chart.marks[place] = marks[row] }
        chart.draw(into: &grid, area: area, palette: palette)
    }

    /// The best numbers of a column that says which way is better; several where they are equal, none where all are.
    private static func best(_ definition: RunEvent.Table.Column, at column: Int, in rows: [[TableChart.Cell]]) -> [TableChart.Place] {
        guard let better = definition.better, better != .neither else { return [] }
        let numbers = rows.indices.compactMap { row -> (row: Int, value: Double)? in
            guard case .number(let value) = rows[row][column], !value.isNaN else { return nil }
            return (row, value)
        }
        let best = better == .higher ? numbers.map(\.value).max() : numbers.map(\.value).min()
        guard let best, numbers.contains(where: { $0.value != best }) else { return [] }
        return numbers.filter { $0.value == best }.map { TableChart.Place(row: $0.row, column: column) }
    }

    /// Whether the left cell stands before the right one in ascending order; nil where they are equal. Empty cells and NaN stand last
    /// going up.
    private static func compare(_ left: RunEvent.Table.Cell, _ right: RunEvent.Table.Cell) -> Bool? {
        switch (left, right) {
        case (.number(let a), .number(let b)) where a.isNaN || b.isNaN: a.isNaN == b.isNaN ? nil : b.isNaN
        case (.number(let a), .number(let b)): a == b ? nil : a < b
        case (.text(let a), .text(let b)): a == b ? nil : a < b
        case (.empty, .empty): nil
        case (.empty, _): false
        case (_, .empty): true
        case (.number, .text): true
        case (.text, .number): false
        }
    }

    static func cell(_ cell: RunEvent.Table.Cell) -> TableChart.Cell {
        switch cell {
        case .text(let text): .text(text)
        case .number(let number): .number(number)
        case .empty: .empty
        }
    }
}
