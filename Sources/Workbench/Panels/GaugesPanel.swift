import Charts
import Experiments
import Terminal

/// Rows of a table as gauges, the rows without ends of their own as lines of text.
struct GaugesPanel: PanelView {
    let table: String
    let label: String
    let value: String
    let scales: [PanelSpec.GaugeScale]

    func hasContent(in model: RunModel) -> Bool { !rows(model).isEmpty }

    private struct Row {
        var name: String
        /// nil where the cell is no number: its text stands in `remark`.
        var value: Double?
        var unit: String
        var remark: String
    }

    private func rows(_ model: RunModel) -> [Row] {
        guard let newest = model.tables[table], let names = newest.columns.firstIndex(where: { $0.name == label }),
              let values = newest.columns.firstIndex(where: { $0.name == value }) else { return [] }
        return newest.rows.compactMap { row in
            guard row.indices.contains(names), row.indices.contains(values) else { return nil }
            var remarks = row.indices.filter { $0 != names && $0 != values }.map { ExampleFacts.text(row[$0]) }
            guard case .number(let number) = row[values] else {
                remarks.insert(ExampleFacts.text(row[values]), at: 0)
                return Row(name: ExampleFacts.text(row[names]), value: nil, unit: "", remark: remarks.joined(separator: ": "))
            }
            return Row(name: ExampleFacts.text(row[names]), value: number, unit: newest.columns[values].unit, remark: remarks.joined(separator: ", "))
        }
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        let rows = rows(context.model)
        guard !rows.isEmpty else { return drawWaiting(table, into: &grid, area: area, context: context) }
        var y = area.y
        let width = rows.map(\.name.columnWidth).max() ?? 0
        // Where there is room, gauges get their title, bar and scale, and a blank row; with less a bar and what it means; else bars alone.
        let scaled = rows.count { row in row.value != nil && scales.contains { $0.row == row.name } }
        let roomy = area.height >= rows.count + 3 * scaled, explains = !roomy && area.height >= rows.count + scaled
        for row in rows {
            guard y < area.maxY else { return }
            if let number = row.value, let scale = scales.first(where: { $0.row == row.name }), scale.low < scale.high {
                var gauge = Gauge(number, in: scale.low...scale.high, title: row.name, unit: row.unit)
                gauge.marks = scale.marks
                gauge.format = .fixed(1)
                if roomy, !row.remark.isEmpty { gauge.title += ": \(row.remark)" }
                let height = min(area.maxY - y, roomy ? (scale.marks.isEmpty ? 2 : 3) : 1)
                gauge.draw(into: &grid, area: Rect(x: area.x, y: y, width: area.width, height: height), palette: context.palette)
                y += height + (roomy ? 1 : 0)
                guard explains, y < area.maxY else { continue }
                grid.write("  \(row.remark)".truncated(to: area.width), x: area.x, y: y, style: context.palette.label, within: area)
                y += 1
                continue
            }
            let name = row.name + String(repeating: " ", count: max(0, width - row.name.columnWidth))
            let number = row.value.map { "\(NumberFormat.fixed(1).string($0))\(row.unit.isEmpty ? "" : " " + row.unit)" } ?? ""
            let text = [name, number, row.remark].filter { !$0.isEmpty }.joined(separator: "  ")
            grid.write(text.truncated(to: area.width), x: area.x, y: y, style: context.palette.label, within: area)
            y += 1
        }
    }
}
