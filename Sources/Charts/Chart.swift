import Terminal

// The room by folder: `Scales` (axes, ticks, number formats), `Series` (points and their pyramid, smoothing), `Drawing` (dots,
// frames with axes, names, colour scales), then the charts: `Lines`, `Bars`, `Maps`, `Tables`, `Pictures`. A chart's type and
// its drawing are two files. A new chart takes one line in `Tests/ChartsTests/ChartGallery.swift`, which tests it.

/// A picture of data in cells: a pure function of the data it holds, the area and the palette.
///
/// The area may have any size, 0 x 0 included; a chart that does not fit draws what it can and never outside.
public protocol Chart {
    func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette)
}

/// The styles and glyphs that charts draw with. The workbench makes one from the theme.
public struct ChartPalette: Sendable {
    /// Axes, ticks and grid lines.
    public var axis: Style = Style(.dim)
    /// Tick labels and legends.
    public var label: Style = .plain
    /// Titles, the cursor, emphasised numbers.
    public var emphasis: Style = Style(.bold)
    /// One style a series; the workbench maps a series to a slot for life.
    public var series: [Style] = [.plain]
    /// One marker a series slot: colour is never the only signal.
    public var markers: [Character] = ["●", "▲", "■", "◆", "○", "△"]
    /// Colours of a sequential scale from low to high, at least two.
    public var sequential: [Color] = [.rgb(68, 1, 84), .rgb(33, 145, 140), .rgb(253, 231, 37)]
    /// Colours of a diverging scale: negative, middle, positive.
    public var diverging: [Color] = [.rgb(33, 102, 172), .rgb(247, 247, 247), .rgb(217, 95, 2)]
    /// Styles for good, bad and warning marks.
    public var positive: Style = .plain
    public var negative: Style = .plain
    public var warning: Style = .plain
    /// How fine the terminal's glyphs are.
    public var glyphs: GlyphLevel = .braille
    /// False where no colour may be used: pictures then use shades and digits.
    public var hasColor = true

    public init() {}

    /// The style of a series slot; slots beyond the list start over, negative ones take the first.
    public func style(ofSlot slot: Int) -> Style {
        guard !series.isEmpty else { return .plain }
        return hasColor ? series[max(0, slot) % series.count] : Style(series[max(0, slot) % series.count].attributes)
    }

    /// The marker of a series slot, drawable at the palette's glyph level.
    public func marker(ofSlot slot: Int) -> Character {
        let ascii: [Character] = ["*", "+", "o", "x", "#", "@"]
        let list = glyphs == .ascii || markers.isEmpty ? ascii : markers
        return list[max(0, slot) % list.count]
    }
}

/// The ladder of glyphs: what the terminal's font can draw.
public enum GlyphLevel: String, Sendable, CaseIterable, Codable {
    case ascii, block, braille
}

extension Style {
    package init(_ attributes: Attributes) { self.init(foreground: .terminal, background: .terminal, attributes) }
}
