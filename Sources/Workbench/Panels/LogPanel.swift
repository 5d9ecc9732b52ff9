import Charts
import Experiments
import Terminal

/// Notes, warnings and events of kinds that this version does not know, the newest at the end.
struct LogPanel: PanelView {
    /// Lines scrolled back from the end.
    var offset = 0

    func hasContent(in model: RunModel) -> Bool { !model.log.entries.isEmpty }

    func status(of model: RunModel) -> String {
        let warnings = model.log.entries.reduce(0) { $0 + ($1.kind == .warning ? 1 : 0) }
        var parts = warnings > 0 ? ["\(warnings) warning\(warnings == 1 ? "" : "s")"] : []
        if model.log.dropped > 0 { parts.append("\(model.log.dropped) older lines dropped") }
        if offset > 0 { parts.append("\(offset) back") }
        return parts.joined(separator: " · ")
    }

    func actions(for model: RunModel) -> [ActionID] { ["last"] }

    mutating func perform(_ action: ActionID, model: RunModel, size: Size) -> Bool {
        switch action {
        case "up": offset += 1
        case "down": offset -= 1
        case "page.up", "half.up": offset += max(1, size.height)
        case "page.down", "half.down": offset -= max(1, size.height)
        case "first": offset = model.log.entries.count
        case "last", "chart.fit": offset = 0
        default: return false
        }
        offset = min(max(0, offset), max(0, model.log.entries.count - 1))
        return true
    }

    func draw(into grid: inout CellGrid, area: Rect, context: PanelContext) {
        let entries = context.model.log.entries
        guard !entries.isEmpty else {
            return drawWaiting("notes", into: &grid, area: area, context: context)
        }
        // Only what can be in sight is wrapped and drawn: a line takes at least one row.
        let end = max(0, entries.count - offset)
        let shown = entries[max(0, end - max(1, area.height))..<end]
        let begin = context.model.clock.startedAt ?? entries.first?.time ?? 0
        let lines = shown.map { entry -> TextBlock.Line in
            let stamp = NumberText.duration(max(0, entry.time - begin))
            return switch entry.kind {
            case .note: TextBlock.Line(entry.text, kind: .note, stamp: stamp)
            case .warning: TextBlock.Line(entry.text, kind: .warning, stamp: stamp)
            case .failure: TextBlock.Line(entry.text, kind: .failure, stamp: stamp)
            case .unknown(let kind): TextBlock.Line("event “\(kind)” of a later version: \(entry.text)", stamp: stamp)
            }
        }
        TextBlock(Array(lines)).draw(into: &grid, area: area, palette: context.palette)
    }
}
