import Charts
import Experiments
import Terminal

/// A graph as a map of tiles; the arrows walk over it, and what a table says of the node stands below.
struct MapPanel: PanelView {
    let graph: String
    let groups: [String]
    let details: String
    var cursor: Int?

    init(graph: String, groups: [String], details: String) {
        self.graph = graph
        self.groups = groups
        self.details = details
    }

    func hasContent(in model: RunModel) -> Bool { model.graphs[graph] != nil }

    func status(of model: RunModel) -> String {
        model.graphs[graph].map { "\($0.nodes.count) nodes, \($0.edges.count) edges" } ?? ""
    }

    func actions(for model: RunModel) -> [ActionID] { ["chart.fit"] }

    private func map(_ model: RunModel) -> NodeMap? {
        guard let newest = model.graphs[graph], !newest.nodes.isEmpty else { return nil }
        return NodeMap(nodes: newest.nodes.map { .init($0.label, group: $0.group, value: $0.value, x: $0.x, y: $0.y) },
                       edges: newest.edges.compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil }, groupNames: groups, unit: newest.unit)
    }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        guard let map = map(model) else { return false }
        guard let place = cursor.map({ min($0, map.nodes.count - 1) }) else {
            guard ["right", "down", "left", "up", "first", "chart.cursorForward"].contains(action) else { return false }
            cursor = 0
            return true
        }
        switch action {
        case "right": cursor = map.next(from: place, .right) ?? place
        case "left": cursor = map.next(from: place, .left) ?? place
        case "up": cursor = map.next(from: place, .up) ?? place
        case "down": cursor = map.next(from: place, .down) ?? place
        case "chart.cursorForward": cursor = min(place + 1, map.nodes.count - 1)
        case "chart.cursorBack": cursor = max(0, place - 1)
        case "first": cursor = 0
        case "last": cursor = map.nodes.count - 1
        case "chart.fit": cursor = nil
        default: return false
        }
        return true
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard var map = map(context.model) else { return drawWaiting(graph, into: &grid, area: area, context: context) }
        map.cursor = context.isFocused ? cursor.map { min($0, map.nodes.count - 1) } : nil
        var area = area
        if let node = map.cursor {
            let lines = Self.wrapped(facts(node, context.model), width: area.width).prefix(max(0, min(4, area.height / 4)))
            let (upper, lower) = area.split(top: area.height - lines.count)
            for (place, line) in lines.enumerated() {
                grid.write(line, x: lower.x, y: lower.y + place, style: place == 0 ? context.palette.emphasis : context.palette.label, within: lower)
            }
            area = upper
        }
        map.draw(into: &grid, area: area, palette: context.palette)
    }

    /// What the table says of a node: texts as they are, numbers with their column's name.
    private func facts(_ node: Int, _ model: RunModel) -> [String] {
        guard let table = model.tables[details], table.rows.indices.contains(node) else { return [] }
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
