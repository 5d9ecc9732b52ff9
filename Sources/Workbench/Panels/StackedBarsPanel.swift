import Charts
import Experiments
import Terminal

/// The rows of a table as parts of bars: a bar for each text of the column `label`; the cursor walks over the bars and reads them off.
struct StackedBarsPanel: PanelView {
    let table: String
    let label: String, part: String, value: String
    var cursor: Int?

    init(table: String, label: String, part: String, value: String) { (self.table, self.label, self.part, self.value) = (table, label, part, value) }

    func hasContent(in model: RunModel) -> Bool { chart(model) != nil }

    func actions(for model: RunModel) -> [ActionID] { ["chart.cursorBack", "chart.cursorForward", "chart.fit"] }

    /// A part keeps its colour in all bars: that of the place in which its name first comes. "others" is what is gathered from the rest.
    private func chart(_ model: RunModel) -> StackedBarChart? {
        guard let newest = model.tables[table], !newest.rows.isEmpty else { return nil }
        func column(_ name: String) -> Int? { newest.columns.firstIndex { $0.name == name } }
        guard let labels = column(label), let parts = column(part), let values = column(value) else { return nil }
        var bars: [StackedBarChart.Bar] = [], slots: [String: Int] = [:]
        for row in newest.rows where row.indices.contains(labels) && row.indices.contains(parts) && row.indices.contains(values) {
            guard case .number(let number) = row[values] else { continue }
            let name = ExampleFacts.text(row[labels]), part = ExampleFacts.text(row[parts])
            if part != "others", slots[part] == nil { slots[part] = slots.count }
            let entry = StackedBarChart.Part(part, number, slot: slots[part])
            if let place = bars.firstIndex(where: { $0.name == name }) { bars[place].parts.append(entry) } else { bars.append(.init(name, parts: [entry])) }
        }
        return bars.isEmpty ? nil : StackedBarChart(bars: bars, unit: newest.columns[values].unit)
    }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        guard let count = chart(model)?.bars.count, count > 0 else { return false }
        if action == "chart.fit" {
            cursor = nil
            return true
        }
        guard let next = ReadingCursor.moved(cursor, by: action, count: count, page: 10) else { return false }
        cursor = next
        return true
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard var chart = chart(context.model) else { return drawWaiting("\(table) with \(label), \(part) and \(value)", into: &grid, area: area, context: context) }
        chart.cursor = context.isFocused ? cursor.map { min($0, chart.bars.count - 1) } : nil
        if let cursor { chart.offset = max(0, min(cursor, chart.bars.count - 1) - max(0, area.height - 3)) }
        chart.draw(into: &grid, area: area, palette: context.palette)
    }
}
