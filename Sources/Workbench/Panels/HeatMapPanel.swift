import Charts
import Experiments
import Terminal

/// The newest matrix of a name; the cursor reads off a cell and scrolls what is larger than the panel.
struct HeatMapPanel: PanelView {
    let matrix: String
    var cursor: (row: Int, column: Int)?

    init(matrix: String) { self.matrix = matrix }

    func hasContent(in model: RunModel) -> Bool { model.matrices[matrix] != nil }

    func status(of model: RunModel) -> String {
        guard let newest = model.matrices[matrix] else { return "" }
        return "\(newest.rows.count) x \(newest.columns.count) · step \(NumberText.short(newest.step))"
    }

    func actions(for model: RunModel) -> [ActionID] { ["chart.fit"] }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        guard let newest = model.matrices[matrix], !newest.rows.isEmpty, !newest.columns.isEmpty else { return false }
        var (row, column) = cursor ?? (0, 0)
        switch action {
        case "chart.fit":
            cursor = nil
            return true
        case "up": row -= 1
        case "down": row += cursor == nil ? 0 : 1
        case "left", "chart.cursorBack": column -= 1
        case "right", "chart.cursorForward": column += cursor == nil ? 0 : 1
        case "page.up", "half.up": row -= max(1, size.height - 3)
        case "page.down", "half.down": row += max(1, size.height - 3)
        case "first": (row, column) = (0, 0)
        case "last": (row, column) = (newest.rows.count - 1, newest.columns.count - 1)
        default: return false
        }
        cursor = (min(max(0, row), newest.rows.count - 1), min(max(0, column), newest.columns.count - 1))
        return true
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard let newest = context.model.matrices[matrix], !newest.rows.isEmpty, !newest.columns.isEmpty else {
            return drawWaiting(matrix, into: &grid, area: area, context: context)
        }
        var chart = HeatMap(rows: newest.rows, columns: newest.columns, values: newest.values, unit: newest.unit)
        if let cursor {
            let row = min(cursor.row, newest.rows.count - 1), column = min(cursor.column, newest.columns.count - 1)
            if context.isFocused { chart.cursor = (row, column) }
            // The part around the cursor, where the matrix is larger than the panel.
            chart.rowOffset = max(0, row - max(0, area.height - 5))
            chart.columnOffset = max(0, column - max(0, area.width / 8))
        }
        chart.draw(into: &grid, area: area, palette: context.palette)
    }
}
