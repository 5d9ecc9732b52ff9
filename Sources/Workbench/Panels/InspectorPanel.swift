import Charts
import Experiments
import Terminal

/// Items to walk over, and beside or below them what another table says of the one under the cursor.
struct InspectorPanel: PanelView {
    let items: String
    let details: String
    /// The column that both tables have.
    let key: String
    var view = TableView()

    init(items: String, details: String, key: String) {
        self.items = items
        self.details = details
        self.key = key
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
        let (list, rest) = isBeside ? area.split(left: area.width * 3 / 5) : area.split(top: listHeight(area.height))
        view.draw(columns: table.columns, rows: table.rows, into: &grid, area: isBeside ? Rect(x: list.x, y: list.y, width: list.width - 2, height: list.height) : list,
                  palette: context.palette, isFocused: true)
        guard rest.height >= 2, let row = view.row(underCursorIn: table.rows, columnCount: table.columns.count), let place = table.columns.firstIndex(where: { $0.name == key }), table.rows[row].indices.contains(place) else { return }
        let wanted = table.rows[row][place]
        let (head, body) = rest.split(top: 1)
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
}
