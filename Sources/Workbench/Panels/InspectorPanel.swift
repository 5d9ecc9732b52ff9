import Charts
import Experiments
import Terminal

/// Items to walk over, and beside or below them what another table says of the one under the cursor.
struct InspectorPanel: PanelView {
    let items: String
    let details: String
    /// The column that both tables have.
    let key: String
    /// What is drawn of the item under the cursor above its details.
    let curves: PanelSpec.Curves?
    /// The part of the width that the list takes where both stand side by side.
    let listShare: Double
    var view = TableView()

    init(items: String, details: String, key: String, curves: PanelSpec.Curves? = nil, listShare: Double = 0.6) {
        self.items = items
        self.details = details
        self.key = key
        self.curves = curves
        self.listShare = min(max(listShare, 0.1), 0.9)
    }

    func hasContent(in model: RunModel) -> Bool { model.tables[items].map { !$0.rows.isEmpty } ?? false }

    func status(of model: RunModel) -> String {
        model.tables[items].map { $0.rows.isEmpty ? "" : "\(min(view.cursor, $0.rows.count - 1) + 1)/\($0.rows.count)" } ?? ""
    }

    func actions(for model: RunModel) -> [ActionID] { ["panel.order"] }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        guard let table = model.tables[items] else { return false }
        return view.perform(action, rowCount: table.rows.count, columnCount: table.columns.count, size: Size(width: size.width, height: listHeight(size.height)))
    }

    /// Rows of the list where it stands above the details.
    private func listHeight(_ height: Int) -> Int { height < 6 ? height : max(3, height * 2 / 5) }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard let table = context.model.tables[items], !table.columns.isEmpty, !table.rows.isEmpty else {
            return drawWaiting(items, into: &grid, area: area, context: context)
        }
        // Beside each other where both have room, else one below the other.
        let isBeside = area.width >= 100
        let (list, rest) = isBeside ? area.split(left: Int(Double(area.width) * listShare + 1e-9)) : area.split(top: listHeight(area.height))
        view.draw(columns: table.columns, rows: table.rows, into: &grid, area: isBeside ? Rect(x: list.x, y: list.y, width: list.width - 2, height: list.height) : list,
                  palette: context.palette, isFocused: true)
        guard rest.height >= 2, let row = view.row(underCursorIn: table.rows, columnCount: table.columns.count), let place = table.columns.firstIndex(where: { $0.name == key }), table.rows[row].indices.contains(place) else { return }
        let wanted = table.rows[row][place]
        let (head, below) = rest.split(top: 1)
        let body = drawCurves(of: ExampleFacts.text(wanted), wanted, into: &grid, area: below, context: context)
        grid.write("\(details) of \(ExampleFacts.text(wanted))".middleTruncated(to: head.width), x: head.x, y: head.y, style: context.palette.emphasis, within: head)
        guard let other = context.model.tables[details], let column = other.columns.firstIndex(where: { $0.name == key }) else { return }
        let found = other.rows.filter { $0.indices.contains(column) && $0[column] == wanted }.map { row in row.indices.filter { $0 != column }.map { row[$0] } }
        let columns = other.columns.indices.filter { $0 != column }.map { other.columns[$0] }
        guard !found.isEmpty, !columns.isEmpty else {
            grid.write("none", x: body.x, y: body.y, style: context.palette.axis, within: body)
            return
        }
        TableView().draw(columns: columns, rows: found, into: &grid, area: body, palette: context.palette, isFocused: false)
    }

    /// Draws the item's curves over its ticks, where there is room for both them and the details.
    /// - Returns: what is left for the details.
    private func drawCurves(of name: String, _ wanted: RunEvent.Table.Cell, into grid: inout CellGrid, area: Rect, context: PanelContext) -> Rect {
        guard let curves, area.height >= 9, area.width >= 20 else { return area }
        let found = context.model.matching(["\(curves.series)/\(name)/*"])
        guard found.contains(where: { !$0.data.isEmpty }) else { return area }
        let (above, below) = area.split(top: max(6, area.height / 2))
        var chart = LineChart(zip(SeriesNames.short(found.map(\.path)), found).map { LineChart.Series($0, data: $1.data, slot: context.model.slot(of: $1.path)) },
                              unit: curves.y.unit.isEmpty ? found.first?.unit ?? "" : curves.y.unit, xTitle: curves.x.unit.isEmpty ? curves.x.title : "\(curves.x.title) (\(curves.x.unit))")
        chart.xScale = curves.x.logarithmic ? .logarithmic : .linear
        chart.yScale = curves.y.logarithmic ? .logarithmic : .linear
        chart.rugs = rugs(curves.rug, wanted, context.model, first: found.count)
        chart.draw(into: &grid, area: above, palette: context.palette)
        return below
    }

    private func rugs(_ name: String, _ wanted: RunEvent.Table.Cell, _ model: RunModel, first slot: Int) -> [LineChart.Rug] {
        guard let table = model.tables[name], let keyColumn = table.columns.firstIndex(where: { $0.name == key }), let named = table.columns.firstIndex(where: { $0.name == "rug" }) else { return [] }
        var rugs: [LineChart.Rug] = []
        for row in table.rows where row.indices.contains(keyColumn) && row.indices.contains(named) && row[keyColumn] == wanted {
            guard case .text(let rug) = row[named], let place = row.lazy.compactMap({ cell -> Double? in if case .number(let number) = cell { number } else { nil } }).first else { continue }
            if let found = rugs.firstIndex(where: { $0.name == rug }) { rugs[found].places.append(place) } else { rugs.append(.init(rug, places: [place], slot: slot + rugs.count)) }
        }
        return rugs
    }
}
