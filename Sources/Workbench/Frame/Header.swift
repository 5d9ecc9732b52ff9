import Experiments
import Terminal

/// The first line: where I am, and what runs with stage, per cent and time left, and how many wait.
enum Header {
    static func draw(_ app: App, into grid: inout CellGrid, area: Rect) {
        let styles = app.workspace.styles
        grid.fill(area, with: " ", style: styles[.header])
        let running = jobs(app.workspace)
        let room = area.width - 2
        let runningWidth = min(running.columnWidth, max(0, room / 2))
        let arrow = styles.glyphs == .ascii ? " > " : " ▸ "
        let base = app.stack.lastIndex { !$0.isOverlay } ?? 0
        let crumbs = ["lathe"] + (app.stack.indices.contains(base) ? app.stack[base].breadcrumb(app.workspace) : [])
        let path = crumbs.joined(separator: arrow).middleTruncated(to: room - (runningWidth > 0 ? runningWidth + 2 : 0))
        grid.write(path, x: area.x + 1, y: area.y, style: styles[.header], within: area)
        if runningWidth > 0 {
            let text = running.truncated(to: runningWidth)
            grid.write(text, x: area.maxX - 1 - text.columnWidth, y: area.y, style: styles[.header], within: area)
        }
    }

    /// "▶ diva digits  refit 2/3  64 % · 0:21 left   2 queued"; "" when nothing runs.
    static func jobs(_ workspace: Workspace) -> String {
        let active = workspace.runs.filter { $0.state == .running || $0.state == .paused }
        let waiting = workspace.runs.count { $0.state == .waiting }
        var parts: [String] = []
        if let run = active.last {
            var text = "\(run.state.glyph) \(run.request.method) \(run.request.dataset)"
            if run.stageCount > 1 { text += "  \(run.stage) \(run.stageIndex)/\(run.stageCount)" }
            if run.state == .paused {
                text += "  paused"
            } else if let fraction = run.fraction {
                text += "  \(Int((min(max(fraction, 0), 1) * 100).rounded(.down))) %"
                if let left = run.secondsLeft { text += " · \(NumberText.duration(left)) left" }
            }
            parts.append(text)
            if active.count > 1 { parts.append("+\(active.count - 1) more") }
        }
        if waiting > 0 { parts.append("\(waiting) queued") }
        return parts.joined(separator: "   ")
    }
}
