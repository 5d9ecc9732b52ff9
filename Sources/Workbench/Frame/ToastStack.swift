import Terminal

/// The newest toasts, at the lower right of the body.
enum ToastStack {
    static func draw(_ workspace: Workspace, into grid: inout CellGrid, area: Rect) {
        let styles = workspace.styles
        var y = area.maxY - 2
        for toast in workspace.toasts.reversed() where y > area.y {
            // A sentence is shown whole: it says what to do at its end.
            let lines = Array("\(toast.glyph) \(toast.text)".wrapped(max(1, min(96, area.width - 6))).prefix(4))
            let width = lines.map(\.columnWidth).max() ?? 0
            let role: ThemeRole = switch toast.kind {
            case .information: .popup
            case .success: .done
            case .warning: .interrupted
            case .failure: .failed
            }
            var style = styles[role]
            style.attributes.insert(.reverse)
            for line in lines.reversed() where y > area.y {
                grid.write(" \(line.padded(to: width)) ", x: max(area.x, area.maxX - 4 - width), y: y, style: style, within: area)
                y -= 1
            }
        }
    }
}
