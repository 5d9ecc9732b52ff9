import Terminal

/// How far something is: a bar whose colour runs through the theme's three stops.
struct Meter {
    var fraction: Double

    init(_ fraction: Double) { self.fraction = fraction.isFinite ? min(max(fraction, 0), 1) : 0 }

    func draw(into grid: inout CellGrid, area: Rect, styles: Styles) {
        guard !area.isEmpty else { return }
        let filled = Int((fraction * Double(area.width)).rounded())
        let full: Character = styles.glyphs == .ascii ? "#" : "━", rest: Character = styles.glyphs == .ascii ? "." : "─"
        for column in 0..<area.width {
            let position = Double(column) / Double(area.width)
            let role: ThemeRole = column >= filled ? .meterRest : position < 1 / 3.0 ? .meterLow : position < 2 / 3.0 ? .meterMiddle : .meterHigh
            grid[area.x + column, area.y] = .init(column < filled ? full : rest, styles[role])
        }
    }
}
