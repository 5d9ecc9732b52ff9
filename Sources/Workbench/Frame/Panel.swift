import Charts
import Terminal

/// A framed part of a screen. The one with the focus has a heavy border and `▸` before its title; colour comes third.
public struct Panel: Sendable {
    public var title: String
    public var isFocused: Bool
    /// Small text at the right end of the upper border, such as `[5/212]`.
    public var note: String

    public init(_ title: String, isFocused: Bool, note: String = "") {
        self.title = title
        self.isFocused = isFocused
        self.note = note
    }

    /// Draws the frame and clears its inside.
    /// - Returns: the inside, empty where there is none.
    @discardableResult
    public func draw(into grid: inout CellGrid, area: Rect, styles: Styles) -> Rect {
        guard area.width >= 2, area.height >= 2 else { return Rect(x: area.x, y: area.y, width: 0, height: 0) }
        drawBorder(into: &grid, area: area, styles: styles)
        let rim = Rect(x: area.x + 1, y: area.y, width: area.width - 2, height: 1)
        let marker = isFocused ? (styles.glyphs == .ascii ? "> " : "▸ ") : ""
        var noteWidth = note.isEmpty ? 0 : note.columnWidth + 2
        if noteWidth + marker.columnWidth + 6 > rim.width { noteWidth = 0 }
        let words = (marker + title).truncated(to: rim.width - noteWidth - 2)
        if !words.isEmpty {
            grid.write(" \(words) ", x: rim.x, y: rim.y, style: styles[isFocused ? .titleFocused : .title], within: rim)
        }
        if noteWidth > 0 {
            grid.write(" \(note) ", x: rim.maxX - noteWidth, y: rim.y, style: styles[.dim], within: rim)
        }
        return area.inset()
    }

    private func drawBorder(into grid: inout CellGrid, area: Rect, styles: Styles) {
        let marks: [Character] = switch (styles.glyphs, isFocused) {
        case (.ascii, true): Array("=#####")
        case (.ascii, false): Array("-|++++")
        case (_, true): Array("━┃┏┓┗┛")
        case (_, false): Array("─│┌┐└┘")
        }
        let border = styles[isFocused ? .borderFocused : .border]
        grid.fill(area, with: " ", style: styles[.text])
        for x in area.x..<area.maxX {
            grid[x, area.y] = .init(marks[0], border)
            grid[x, area.maxY - 1] = .init(marks[0], border)
        }
        for y in area.y..<area.maxY {
            grid[area.x, y] = .init(marks[1], border)
            grid[area.maxX - 1, y] = .init(marks[1], border)
        }
        grid[area.x, area.y] = .init(marks[2], border)
        grid[area.maxX - 1, area.y] = .init(marks[3], border)
        grid[area.x, area.maxY - 1] = .init(marks[4], border)
        grid[area.maxX - 1, area.maxY - 1] = .init(marks[5], border)
    }
}
