import Terminal

/// Writes text and single glyphs into one area of a grid, in what the glyph level has.
struct Pen {
    let area: Rect
    let glyphs: GlyphLevel

    init(_ area: Rect, _ palette: ChartPalette) {
        self.area = area
        glyphs = palette.glyphs
    }

    /// - Returns: the columns written.
    @discardableResult
    func write(_ text: String, x: Int, y: Int, style: Style, into grid: inout CellGrid) -> Int {
        guard y >= area.y, y < area.maxY else { return 0 }
        return grid.write(glyphs == .ascii ? Self.ascii(text) : text, x: x, y: y, style: style, within: area)
    }

    func put(_ glyph: Character, x: Int, y: Int, style: Style, into grid: inout CellGrid) {
        guard area.contains(x: x, y: y) else { return }
        grid[x, y] = CellGrid.Cell(glyphs == .ascii ? Self.ascii(glyph) : glyph, style)
    }

    /// Writes so that the text ends before column `end`.
    func write(_ text: String, endingAt end: Int, y: Int, style: Style, into grid: inout CellGrid) {
        write(text, x: end - text.columnWidth, y: y, style: style, into: &grid)
    }

    private static func ascii(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 128 } ? text : String(text.map(ascii))
    }

    /// The ASCII glyph that stands for one of ours; other text (names in any script) stays.
    static func ascii(_ glyph: Character) -> Character {
        switch glyph {
        case "−", "–", "─", "━", "┈", "╌", "╍": "-"
        case "│", "┃", "┊", "╎", "▏", "▎", "▍", "▕": "|"
        case "┤", "├", "┼", "┬", "┴", "└", "┌", "┐", "┘", "◆": "+"
        case "…": "~"
        case "✗", "×": "x"
        case "·", "•": "."
        case "∞": "I"
        case "µ": "u"
        case "▲", "↑", "△": "^"
        case "▼", "↓": "v"
        case "›", "▸", "→": ">"
        case "‹", "←": "<"
        case "±": "~"
        case "●", "○": "*"
        case "■", "█", "▉", "▊", "▋", "▌", "▐", "▓": "#"
        case "▒": "="
        case "░": "-"
        case "▀": "\""
        case "▄": "_"
        default: glyph
        }
    }
}

extension ChartPalette {
    /// The style of something that stays behind: the same colour, dim.
    func faint(_ style: Style) -> Style {
        var style = style
        style.attributes.remove(.bold)
        style.attributes.insert(.dim)
        return style
    }

    /// The style of a cursor or a selected name.
    func emphasised(_ style: Style) -> Style {
        var style = style
        style.attributes.formUnion(emphasis.attributes.isEmpty ? .bold : emphasis.attributes)
        return style
    }
}
