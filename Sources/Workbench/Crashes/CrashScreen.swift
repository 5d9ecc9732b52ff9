import Experiments
import Terminal

/// The reports of crashes that nobody read yet: what, where, and the last events before it.
struct CrashScreen: Screen {
    /// The first line that shows.
    private var first = 0

    var isOverlay: Bool { true }
    func breadcrumb(_ workspace: Workspace) -> [String] { ["crash report"] }
    func places(_ workspace: Workspace) -> [Place] { [.lists] }
    func footer(_ workspace: Workspace) -> [ActionID] { ["down", "up", "page.down", "back"] }

    mutating func appear(_ workspace: inout Workspace) -> [Outcome] { [.effect(.markCrashesRead(workspace.crashes.map(\.path)))] }

    mutating func handle(_ action: ActionID, _ workspace: inout Workspace) -> [Outcome]? {
        let page = ScreenFrame.areas(workspace.size).body.height - 2
        let lines = Self.lines(workspace, width: max(1, workspace.size.width - 4)).count
        var cursor = ListCursor()
        cursor.index = first
        guard cursor.handle(action, count: max(1, lines - page + 1), page: page) else { return action == "open" ? [] : nil }
        first = cursor.index
        return []
    }

    /// All reports, one after another, each below where it is kept.
    private static func lines(_ workspace: Workspace, width: Int) -> [String] {
        var lines: [String] = []
        for report in workspace.crashes {
            lines += "\(NumberText.age(report.time, now: workspace.now)); kept in \(report.path)".wrapped(width) + [""]
            for line in report.text.split(separator: "\n") { lines += String(line).wrapped(width) }
            lines.append("")
        }
        return lines
    }

    func draw(into grid: inout CellGrid, area: Rect, _ workspace: Workspace) {
        let styles = workspace.styles
        let lines = Self.lines(workspace, width: max(1, area.width - 4))
        let inside = Panel("Crash report", isFocused: true, note: "\(workspace.crashes.count)").draw(into: &grid, area: area, styles: styles)
        for (offset, line) in lines.dropFirst(first).prefix(inside.height).enumerated() {
            grid.write(line, x: inside.x + 1, y: inside.y + offset, style: styles[.text], within: inside)
        }
    }
}
