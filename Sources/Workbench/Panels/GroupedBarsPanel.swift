import Charts
import Experiments
import Terminal

/// Several numeric columns of a table as bars side by side; the cursor walks over the rows and reads them off. Where a text column `page` divides the rows, up and
/// down turn them.
struct GroupedBarsPanel: PanelView {
    let table: String
    let label: String
    let values: [String]
    /// The row under the cursor; nil without one.
    var cursor: Int?
    /// Which page is shown, in the order in which pages first come.
    var page = 0

    init(table: String, label: String, values: [String]) {
        self.table = table
        self.label = label
        self.values = values
    }

    func hasContent(in model: RunModel) -> Bool { chart(model) != nil }

    func status(of model: RunModel) -> String { model.tables[table].flatMap(pages)?.status(at: page) ?? "" }

    private func pages(_ table: RunEvent.Table) -> TableParts? { TableParts(table) { $0 == "page" } }

    /// The table with the rows of the page alone.
    private func shown(_ model: RunModel) -> RunEvent.Table? {
        guard var newest = model.tables[table], let pages = pages(newest), let wanted = pages.name(at: page) else { return model.tables[table] }
        newest.rows = newest.rows.filter { TableParts.text($0, pages.column) == wanted }
        return newest
    }

    func actions(for model: RunModel) -> [ActionID] { ["chart.cursorBack", "chart.cursorForward", "chart.fit"] }

    /// The chart with the columns that the table has; nil where it has none of them.
    private func chart(_ model: RunModel) -> GroupedBarChart? {
        guard let newest = shown(model), !newest.rows.isEmpty, let names = newest.columns.firstIndex(where: { $0.name == label }) else { return nil }
        let columns = values.compactMap { value in newest.columns.firstIndex { $0.name == value } }
        guard let first = columns.first else { return nil }
        func number(_ row: [RunEvent.Table.Cell], _ column: Int) -> Double? {
            guard row.indices.contains(column), case .number(let number) = row[column] else { return nil }
            return number
        }
        let series = columns.enumerated().map { place, column in
            // Columns of the same name with "low" and "high" behind are the ends of an interval.
            let name = newest.columns[column].name
            let low = newest.columns.firstIndex { $0.name == "\(name) low" }, high = newest.columns.firstIndex { $0.name == "\(name) high" }
            let ranges = newest.rows.map { row -> ClosedRange<Double>? in
                guard let low = low.flatMap({ number(row, $0) }), let high = high.flatMap({ number(row, $0) }), low <= high else { return nil }
                return low...high
            }
            return GroupedBarChart.Series(name, values: newest.rows.map { number($0, column) ?? .nan }, ranges: ranges.contains { $0 != nil } ? ranges : [], slot: place)
        }
        let groups = newest.rows.map { $0.indices.contains(names) ? ExampleFacts.text($0[names]) : "" }
        return GroupedBarChart(groups: groups, series: series, unit: newest.columns[first].unit, groupTitle: label)
    }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        guard let count = chart(model)?.groups.count, count > 0 else { return false }
        if action == "chart.fit" {
            cursor = nil
            return true
        }
        if let pages = model.tables[table].flatMap(pages), action == "up" || action == "down" {
            page = pages.moved(page, forward: action == "down")
            return true
        }
        guard let next = ReadingCursor.moved(cursor, by: action, count: count, page: 10) else { return false }
        cursor = next
        return true
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard var chart = chart(context.model) else {
            return drawWaiting("\(table) with \(values.joined(separator: ", "))", into: &grid, area: area, context: context)
        }
        chart.cursor = context.isFocused ? cursor.map { min($0, chart.groups.count - 1) } : nil
        // Bars of one cell each, and a blank: what does not fit is scrolled to.
        let fitting = max(1, (area.width - 6) / (chart.series.count + 1))
        if let cursor, chart.groups.count > fitting { chart.offset = min(max(0, cursor - fitting / 2), chart.groups.count - fitting) }
        chart.draw(into: &grid, area: area, palette: context.palette)
    }
}
