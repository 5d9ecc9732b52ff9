import Terminal

/// The grammar of every screen: a header line, the body, a footer line.
enum ScreenFrame {
    static let smallest = Size(width: 60, height: 16)

    static func areas(_ size: Size) -> (header: Rect, body: Rect, footer: Rect) {
        let (header, rest) = Rect(size).split(top: 1)
        let (body, footer) = rest.split(top: rest.height - 1)
        return (header, body, footer)
    }

    static func draw(_ app: App, size: Size) -> CellGrid {
        let styles = app.workspace.styles
        var grid = CellGrid(size, style: styles[.text])
        guard size.width > 0, size.height > 0 else { return grid }
        let isTooSmall = size.width < smallest.width || size.height < smallest.height
        if isTooSmall, !(app.stack.last?.isOverlay ?? false) {
            drawTooSmall(into: &grid, styles: styles)
            return grid
        }
        let (header, body, footer) = areas(size)
        let base = app.stack.lastIndex { !$0.isOverlay } ?? 0
        for index in app.stack.indices where index >= base && !(isTooSmall && index == base) {
            app.stack[index].draw(into: &grid, area: body, app.workspace)
        }
        Header.draw(app, into: &grid, area: header)
        ToastStack.draw(app.workspace, into: &grid, area: body)
        Footer.draw(app, into: &grid, area: footer)
        return grid
    }

    /// One centred sentence that names the needed and the present size.
    private static func drawTooSmall(into grid: inout CellGrid, styles: Styles) {
        let size = grid.size
        let sentence = "Lathe needs \(smallest.width) x \(smallest.height) cells; this terminal has \(size.width) x \(size.height)."
        let lines = sentence.wrapped(max(1, size.width - 2))
        let top = max(0, (size.height - lines.count) / 2)
        for (index, line) in lines.enumerated() {
            grid.write(line, x: max(0, (size.width - line.columnWidth) / 2), y: top + index, style: styles[.strong])
        }
    }
}
