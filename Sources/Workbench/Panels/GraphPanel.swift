import Charts
import Experiments
import Terminal

/// The newest graph of a name; the arrows walk over its nodes by their places, and what a table says of the node stands below.
struct GraphPanel: PanelView {
    let graph: String
    let look: PanelSpec.GraphLook
    var cursor: Int?

    init(graph: String, look: PanelSpec.GraphLook) {
        self.graph = graph
        self.look = look
    }

    func hasContent(in model: RunModel) -> Bool { model.graphs[graph] != nil }

    func status(of model: RunModel) -> String {
        model.graphs[graph].map { "\($0.nodes.count) nodes, \($0.edges.count) edges" } ?? ""
    }

    func actions(for model: RunModel) -> [ActionID] { ["chart.cursorBack", "chart.cursorForward", "chart.fit"] }

    private func chart(_ model: RunModel) -> GraphChart? {
        guard let newest = model.graphs[graph], !newest.nodes.isEmpty else { return nil }
        return GraphChart(nodes: newest.nodes.map { .init($0.label, group: $0.group, value: $0.value, x: $0.x, y: $0.y) },
                          edges: newest.edges.compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil }, form: look.hasTiles ? .tiles : .markers, groupNames: look.groups, unit: newest.unit)
    }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        guard let chart = chart(model) else { return false }
        if action == "chart.fit" {
            cursor = nil
            return true
        }
        let directions: [ActionID: GraphChart.Direction] = ["right": .right, "left": .left, "up": .up, "down": .down]
        if let place = cursor.map({ min($0, chart.nodes.count - 1) }), let direction = directions[action] {
            cursor = chart.next(from: place, direction) ?? place
            return true
        }
        guard let next = ReadingCursor.moved(cursor, by: action, count: chart.nodes.count, page: 10) else { return false }
        cursor = next
        return true
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard var chart = chart(context.model) else { return drawWaiting(graph, into: &grid, area: area, context: context) }
        chart.cursor = context.isFocused ? cursor.map { min($0, chart.nodes.count - 1) } : nil
        var area = area
        if let node = chart.cursor {
            let lines = Self.wrapped(facts(node, context.model), width: area.width).prefix(max(0, min(4, area.height / 4)))
            let (upper, lower) = area.split(top: area.height - lines.count)
            for (place, line) in lines.enumerated() {
                grid.write(line, x: lower.x, y: lower.y + place, style: place == 0 ? context.palette.emphasis : context.palette.label, within: lower)
            }
            area = upper
        }
        chart.draw(into: &grid, area: area, palette: context.palette)
    }

    /// What the table says of a node: texts as they are, numbers with their column's name.
    private func facts(_ node: Int, _ model: RunModel) -> [String] {
        guard let table = model.tables[look.details], table.rows.indices.contains(node) else { return [] }
        return zip(table.columns, table.rows[node]).compactMap { column, cell in
            switch cell {
            case .empty: return nil
            case .text(let text): return text.isEmpty ? nil : column.name == table.columns[0].name ? text : "\(column.name) \(text)"
            case .number(let value): return "\(column.name) \((column.digits.map { NumberFormat.fixed($0) } ?? .automatic).string(value))\(column.unit.isEmpty ? "" : " \(column.unit)")"
            }
        }
    }

    /// Facts on as few lines as they need, none cut in two unless it is wider than a line.
    private static func wrapped(_ facts: [String], width: Int) -> [String] {
        var lines: [String] = []
        for fact in facts {
            if let last = lines.last, last.columnWidth + 3 + fact.columnWidth <= width { lines[lines.count - 1] = last + " · " + fact } else { lines.append(fact.truncated(to: max(0, width))) }
        }
        return lines
    }
}
