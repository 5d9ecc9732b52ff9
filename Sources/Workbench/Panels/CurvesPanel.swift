import Charts
import Experiments
import Terminal

/// Rows of a table as curves, one for each text of its column `group`; where another text column divides the rows, left and right walk
/// over its values.
struct CurvesPanel: PanelView {
    let table: String
    let x: String
    let y: String
    var view = CurveView()
    /// Which page is shown, in the order in which pages first come.
    var page = 0

    init(table: String, x: String, y: String) {
        self.table = table
        self.x = x
        self.y = y
    }

    func hasContent(in model: RunModel) -> Bool { model.tables[table] != nil }

    func status(of model: RunModel) -> String {
        guard let newest = model.tables[table], let pages = pages(newest), !pages.names.isEmpty else { return view.status }
        let place = pages.status(at: page)
        return view.status.isEmpty ? place : "\(place) · \(view.status)"
    }

    func actions(for model: RunModel) -> [ActionID] { CurveView.actions }

    private func pages(_ table: RunEvent.Table) -> TableParts? { TableParts(table) { $0 != "group" } }

    /// The curves of the page, in the order in which groups first come in the whole table, so that colours stay.
    private func curves(_ model: RunModel) -> [(name: String, data: SeriesData)] {
        guard let newest = model.tables[table], let xColumn = newest.columns.firstIndex(where: { $0.name == x }), let yColumn = newest.columns.firstIndex(where: { $0.name == y }) else { return [] }
        let groupColumn = newest.columns.firstIndex { $0.name == "group" }, pages = pages(newest), wanted = pages?.name(at: page)
        var order: [String] = [], steps: [String: [Double]] = [:], values: [String: [Double]] = [:]
        for row in newest.rows {
            guard row.indices.contains(xColumn), row.indices.contains(yColumn), case .number(let a) = row[xColumn], case .number(let b) = row[yColumn] else { continue }
            let group = groupColumn.flatMap { TableParts.text(row, $0) } ?? ""
            if steps[group] == nil {
                order.append(group)
                (steps[group], values[group]) = ([], [])
            }
            if let wanted, let pages, TableParts.text(row, pages.column) != wanted { continue }
            steps[group]?.append(a)
            values[group]?.append(b)
        }
        return order.map { ($0, SeriesData(steps: steps[$0] ?? [], values: values[$0] ?? [])) }
    }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        if let newest = model.tables[table], let pages = pages(newest), action == "left" || action == "right" {
            page = pages.moved(page, forward: action == "right")
            return true
        }
        return view.perform(action, curves: curves(model))
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        let curves = curves(context.model)
        guard curves.contains(where: { !$0.data.isEmpty }) else {
            return drawWaiting("\(table) with “\(x)” and “\(y)”", into: &grid, area: area, context: context)
        }
        func unit(_ column: String) -> String { context.model.tables[table]?.columns.first { $0.name == column }?.unit ?? "" }
        var chart = LineChart(curves.enumerated().map { .init($1.name, data: $1.data, slot: $0) }, unit: unit(y), xTitle: unit(x).isEmpty ? x : "\(x) (\(unit(x)))")
        view.apply(to: &chart, isFocused: context.isFocused)
        chart.draw(into: &grid, area: area, palette: context.palette)
    }
}
