import Charts
import Experiments
import Terminal

/// Two numeric columns of a table against each other.
struct ScatterPanel: PanelView {
    let table: String
    let x: String
    let y: String
    var view = CurveView()

    init(table: String, x: String, y: String) {
        self.table = table
        self.x = x
        self.y = y
    }

    func hasContent(in model: RunModel) -> Bool { model.tables[table] != nil }

    func status(of model: RunModel) -> String { view.status }

    func actions(for model: RunModel) -> [ActionID] { ["chart.logX", "chart.logY", "chart.zoomIn", "chart.zoomOut", "chart.fit"] }

    private func points(_ model: RunModel) -> [SeriesPoint]? {
        guard let newest = model.tables[table], let xColumn = newest.columns.firstIndex(where: { $0.name == x }),
              let yColumn = newest.columns.firstIndex(where: { $0.name == y }) else { return nil }
        return newest.rows.compactMap { row in
            guard row.indices.contains(xColumn), row.indices.contains(yColumn), case .number(let a) = row[xColumn],
                  case .number(let b) = row[yColumn] else { return nil }
            return SeriesPoint(step: a, value: b)
        }
    }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        guard let points = points(model) else { return false }
        let data = SeriesData(steps: points.map(\.step), values: points.map(\.value))
        return view.perform(action, curves: [(y, data)])
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard let points = points(context.model), !points.isEmpty else {
            return drawWaiting("\(table) with “\(x)” and “\(y)”", into: &grid, area: area, context: context)
        }
        var chart = ScatterChart([.init("", points: points)], xTitle: x, yTitle: y)
        chart.xScale = view.xScale
        chart.yScale = view.yScale
        chart.view = ViewWindow(x: view.xRange)
        chart.draw(into: &grid, area: area, palette: context.palette)
    }
}
