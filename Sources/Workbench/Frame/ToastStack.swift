import Terminal

/// The newest toasts, at the lower right of the body.
enum ToastStack {
    static func draw(_ workspace: Workspace, into grid: inout CellGrid, area: Rect) {
        let styles = workspace.styles
        var y = area.maxY - 2
        for toast in workspace.toasts.reversed() where y > area.y {
            let text = " \(toast.glyph) \(toast.text) ".cutAtEnd(max(0, area.width - 4))
            let role: ThemeRole = switch toast.kind {
            case .information: .popup
            case .success: .done
            case .warning: .interrupted
            case .failure: .failed
            }
            var style = styles[role]
            style.attributes.insert(.reverse)
            grid.write(text, x: max(area.x, area.maxX - 2 - text.columnWidth), y: y, style: style, within: area)
            y -= 1
        }
    }
}
