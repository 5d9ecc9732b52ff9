import Datasets
import Terminal

/// Texts of some nodes: a line that names the node, its class and degree, and the beginning of its text, wrapped.
struct TextSamples {
    /// The names of the columns; the last is the text.
    var names: [String]
    var rows: [[String]]
    private static let textLines = 3

    /// nil where the preview has no texts of nodes.
    init?(_ preview: DatasetPreview) {
        guard preview.nodeCount > 0, preview.columns.last?.name == "text", preview.rows.allSatisfy({ $0.count == preview.columns.count }) else { return nil }
        names = preview.columns.map(\.name)
        rows = preview.rows
    }

    /// The rows of a screen that all samples take at a width.
    func height(width: Int) -> Int { rows.reduce(0) { $0 + 1 + lines($1, width).count } }

    func draw(into grid: inout CellGrid, area: Rect, styles: Styles) {
        var y = area.y
        for row in rows {
            let facts = zip(names, row).dropLast().map { "\($0) \($1)" }.joined(separator: " · ")
            grid.write(facts.truncated(to: area.width), x: area.x, y: y, style: styles[.dim], within: area)
            y += 1
            for line in lines(row, area.width) {
                grid.write(line, x: area.x + 2, y: y, style: styles[.text], within: area)
                y += 1
            }
        }
    }

    private func lines(_ row: [String], _ width: Int) -> [String] {
        let text = row.last ?? ""
        let all = (text.isEmpty ? "(no text)" : text).wrapped(max(8, width - 2))
        return Array(all.prefix(Self.textLines))
    }
}
