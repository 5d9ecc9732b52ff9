import Charts
import Experiments
import Terminal

/// A numeric column of a table as bars, named by another.
struct BarsPanel: PanelView {
    let table: String
    let label: String
    let value: String
    var order = BarChart.Order.given
    var cursor = 0

    init(table: String, label: String, value: String) {
        self.table = table
        self.label = label
        self.value = value
    }

    func hasContent(in model: RunModel) -> Bool { model.tables[table] != nil }

    func status(of model: RunModel) -> String {
        switch order {
        case .given: ""
        case .ascending: "lowest first"
        case .descending: "highest first"
        }
    }

    func actions(for model: RunModel) -> [ActionID] { ["panel.order"] }

    private func bars(_ model: RunModel) -> (bars: [BarChart.Bar], unit: String)? {
        guard let newest = model.tables[table], let names = newest.columns.firstIndex(where: { $0.name == label }),
              let values = newest.columns.firstIndex(where: { $0.name == value }) else { return nil }
        let bars = newest.rows.compactMap { row -> BarChart.Bar? in
            guard row.indices.contains(names), row.indices.contains(values), case .number(let number) = row[values] else { return nil }
            return BarChart.Bar(ExampleFacts.text(row[names]), number)
        }
        return (bars, newest.columns[values].unit)
    }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        let count = bars(model)?.bars.count ?? 0
        switch action {
        case "panel.order":
            order = switch order {
            case .given: .descending
            case .descending: .ascending
            case .ascending: .given
            }
        case "down", "right": cursor += 1
        case "up", "left": cursor -= 1
        case "page.down", "half.down": cursor += max(1, size.height)
        case "page.up", "half.up": cursor -= max(1, size.height)
        case "first": cursor = 0
        case "last": cursor = count - 1
        default: return false
        }
        cursor = min(max(0, cursor), max(0, count - 1))
        return true
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard let (bars, unit) = bars(context.model), !bars.isEmpty else {
            return drawWaiting("\(table) with “\(label)” and “\(value)”", into: &grid, area: area, context: context)
        }
        var chart = BarChart(bars, order: order, unit: unit)
        chart.offset = min(max(0, cursor - max(1, area.height) / 2), max(0, bars.count - area.height))
        chart.draw(into: &grid, area: area, palette: context.palette)
    }
}
