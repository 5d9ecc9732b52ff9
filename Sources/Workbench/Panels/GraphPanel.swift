import Charts
import Experiments
import Terminal

/// The newest graph of a name; the cursor walks over its nodes.
struct GraphPanel: PanelView {
    let graph: String
    var cursor: Int?

    init(graph: String) { self.graph = graph }

    func hasContent(in model: RunModel) -> Bool { model.graphs[graph] != nil }

    func status(of model: RunModel) -> String {
        model.graphs[graph].map { "\($0.nodes.count) nodes, \($0.edges.count) edges" } ?? ""
    }

    func actions(for model: RunModel) -> [ActionID] { ["chart.fit"] }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        guard let count = model.graphs[graph]?.nodes.count, count > 0 else { return false }
        let next: Int
        switch action {
        case "right", "down", "chart.cursorForward": next = (cursor ?? -1) + 1
        case "left", "up", "chart.cursorBack": next = (cursor ?? count) - 1
        case "first": next = 0
        case "last": next = count - 1
        case "chart.fit":
            cursor = nil
            return true
        default: return false
        }
        cursor = min(max(0, next), count - 1)
        return true
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        guard let newest = context.model.graphs[graph], !newest.nodes.isEmpty else {
            return drawWaiting(graph, into: &grid, area: area, context: context)
        }
        let nodes = newest.nodes.map { GraphChart.Node($0.label, group: $0.group, value: $0.value, x: $0.x, y: $0.y) }
        let edges = newest.edges.compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil }
        var chart = GraphChart(nodes: nodes, edges: edges, unit: newest.unit)
        chart.cursor = context.isFocused ? cursor.map { min($0, nodes.count - 1) } : nil
        chart.draw(into: &grid, area: area, palette: context.palette)
    }
}
