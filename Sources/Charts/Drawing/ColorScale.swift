import Terminal

/// Colours between stops, and shades where there is no colour.
struct ColorScale {
    private let stops: [(red: Double, green: Double, blue: Double)]

    /// - Parameter colors: at least one; the terminal's own colour counts as middle grey.
    init(_ colors: [Color]) {
        stops = colors.isEmpty ? [(0, 0, 0), (255, 255, 255)] : colors.map(Self.components)
    }

    /// The colour at a share of the scale; shares outside 0 … 1 take the ends.
    func components(at share: Double) -> (red: Double, green: Double, blue: Double) {
        guard stops.count > 1 else { return stops[0] }
        let place = (share.isNaN ? 0 : min(max(share, 0), 1)) * Double(stops.count - 1)
        let index = min(Int(place), stops.count - 2), rest = place - Double(index)
        let from = stops[index], to = stops[index + 1]
        return (from.red + (to.red - from.red) * rest, from.green + (to.green - from.green) * rest, from.blue + (to.blue - from.blue) * rest)
    }

    func color(at share: Double) -> Color { Self.color(components(at: share)) }

    /// Black or white, whichever can be read on the colour (ITU-R BT.601 luma).
    func textColor(at share: Double) -> Color {
        let color = components(at: share)
        return 0.299 * color.red + 0.587 * color.green + 0.114 * color.blue > 140 ? .rgb(0, 0, 0) : .rgb(255, 255, 255)
    }

    static func color(_ components: (red: Double, green: Double, blue: Double)) -> Color {
        func byte(_ number: Double) -> UInt8 { UInt8(min(max(number.isNaN ? 0 : number.rounded(), 0), 255)) }
        return .rgb(byte(components.red), byte(components.green), byte(components.blue))
    }

    private static func components(_ color: Color) -> (red: Double, green: Double, blue: Double) {
        switch color {
        case .rgb(let red, let green, let blue): (Double(red), Double(green), Double(blue))
        case .terminal: (128, 128, 128)
        }
    }
}

/// Glyphs of growing ink.
enum Shades {
    static func ramp(_ level: GlyphLevel) -> [Character] {
        level == .ascii ? [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"] : ["·", "░", "▒", "▓", "█"]
    }

    /// The glyph for a share 0 … 1.
    static func glyph(_ share: Double, _ level: GlyphLevel) -> Character {
        let ramp = ramp(level)
        return ramp[index(share, count: ramp.count)]
    }

    static func index(_ share: Double, count: Int) -> Int {
        let share = share.isNaN ? 0 : min(max(share, 0), 1)
        return min(count - 1, Int(share * Double(count)))
    }
}

/// Bars in eighths of a cell.
enum Eighths {
    static let horizontal: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
    static let vertical: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    /// Heights that ASCII can tell apart.
    static let ascii: [Character] = [" ", "_", "_", ".", "-", "-", "=", "#", "#"]

    /// A horizontal bar from column `start` over `length` columns to the right.
    static func drawRight(from start: Int, length: Double, y: Int, style: Style, pen: Pen, into grid: inout CellGrid) {
        let eighths = Int((min(max(length, 0), 1e6) * 8).rounded())
        for cell in 0..<(eighths / 8) { pen.put("█", x: start + cell, y: y, style: style, into: &grid) }
        if eighths % 8 > 0 {
            if pen.glyphs == .ascii {
                if eighths % 8 >= 4 { pen.put("#", x: start + eighths / 8, y: y, style: style, into: &grid) }
            } else {
                pen.put(horizontal[eighths % 8], x: start + eighths / 8, y: y, style: style, into: &grid)
            }
        }
    }

    /// A horizontal bar that ends before column `end` and reaches to the left. Fonts have no right-hand eighths but the
    /// half and the one: the rest is drawn as the complement in reversed colours.
    static func drawLeft(from end: Int, length: Double, y: Int, style: Style, pen: Pen, into grid: inout CellGrid) {
        let eighths = Int((min(max(length, 0), 1e6) * 8).rounded())
        let full = eighths / 8
        for cell in 0..<full { pen.put("█", x: end - 1 - cell, y: y, style: style, into: &grid) }
        let rest = eighths % 8
        guard rest > 0 else { return }
        if pen.glyphs == .ascii {
            if rest >= 4 { pen.put("#", x: end - 1 - full, y: y, style: style, into: &grid) }
        } else {
            pen.put(horizontal[8 - rest], x: end - 1 - full, y: y, style: reversed(style), into: &grid)
        }
    }

    /// A vertical bar that stands on row `base` (its lowest cell) and grows upwards.
    static func drawUp(x: Int, base: Int, length: Double, style: Style, pen: Pen, into grid: inout CellGrid) {
        let eighths = Int((min(max(length, 0), 1e6) * 8).rounded())
        for cell in 0..<(eighths / 8) { pen.put("█", x: x, y: base - cell, style: style, into: &grid) }
        let rest = eighths % 8
        if rest > 0 { pen.put(pen.glyphs == .ascii ? ascii[rest] : vertical[rest], x: x, y: base - eighths / 8, style: style, into: &grid) }
    }

    /// A vertical bar that hangs from row `top` (its highest cell) and grows downwards.
    static func drawDown(x: Int, top: Int, length: Double, style: Style, pen: Pen, into grid: inout CellGrid) {
        let eighths = Int((min(max(length, 0), 1e6) * 8).rounded())
        let full = eighths / 8
        for cell in 0..<full { pen.put("█", x: x, y: top + cell, style: style, into: &grid) }
        let rest = eighths % 8
        guard rest > 0 else { return }
        if pen.glyphs == .ascii {
            if rest >= 4 { pen.put("#", x: x, y: top + full, style: style, into: &grid) }
        } else {
            pen.put(vertical[8 - rest], x: x, y: top + full, style: reversed(style), into: &grid)
        }
    }

    static func reversed(_ style: Style) -> Style {
        var style = style
        style.attributes.formSymmetricDifference(.reverse)
        return style
    }
}
