import Terminal

/// A plane of dots over cells: 2 x 4 dots a cell in braille, 1 x 2 in half blocks, one in ASCII.
///
/// A dot belongs to a layer (a small number that the caller maps to a style). A braille or ASCII cell has one colour, so
/// the layer that draws later takes the whole cell; a half block keeps a layer for each half.
struct DotCanvas {
    let columns: Int
    let rows: Int
    let level: GlyphLevel
    /// Dots across and down.
    let width: Int
    let height: Int
    private let dotsAcross: Int
    private let dotsDown: Int
    private var bits: [UInt8]
    /// The layer of a cell; for half blocks that of its upper half.
    private var layers: [Int16]
    private var lowerLayers: [Int16]

    private static let noLayer: Int16 = -1

    init(columns: Int, rows: Int, level: GlyphLevel) {
        self.columns = max(0, columns)
        self.rows = max(0, rows)
        self.level = level
        dotsAcross = level == .braille ? 2 : 1
        dotsDown = level == .braille ? 4 : level == .block ? 2 : 1
        width = self.columns * dotsAcross
        height = self.rows * dotsDown
        let cells = self.columns * self.rows
        bits = Array(repeating: 0, count: cells)
        layers = Array(repeating: Self.noLayer, count: cells)
        lowerLayers = level == .block ? layers : []
    }

    /// The layer that owns a cell, nil where nothing is drawn.
    func layer(column: Int, row: Int) -> Int? {
        guard column >= 0, row >= 0, column < columns, row < rows else { return nil }
        let cell = row * columns + column
        if level == .block, layers[cell] < 0 { return lowerLayers[cell] < 0 ? nil : Int(lowerLayers[cell]) }
        return layers[cell] < 0 ? nil : Int(layers[cell])
    }

    /// Sets a dot; (0, 0) is the upper left. Dots outside are dropped.
    @inline(__always) mutating func set(_ x: Int, _ y: Int, layer: Int16) {
        guard x >= 0, y >= 0, x < width, y < height else { return }
        switch level {
        case .braille:
            let cell = (y >> 2) * columns + (x >> 1)
            if layers[cell] != layer {
                layers[cell] = layer
                bits[cell] = 0
            }
            bits[cell] |= Self.brailleBit(x & 1, y & 3)
        case .block:
            let cell = (y >> 1) * columns + x
            bits[cell] |= y & 1 == 0 ? 1 : 2
            if y & 1 == 0 { layers[cell] = layer } else { lowerLayers[cell] = layer }
        case .ascii:
            let cell = y * columns + x
            layers[cell] = layer
            bits[cell] = 1
        }
    }

    @inline(__always) private static func brailleBit(_ x: Int, _ y: Int) -> UInt8 {
        // Dots 1 2 3 7 down the left, 4 5 6 8 down the right.
        y == 3 ? (x == 0 ? 0x40 : 0x80) : UInt8(1) << UInt8(y + 3 * x)
    }

    /// A vertical run of dots.
    mutating func vertical(_ x: Int, from top: Int, to bottom: Int, layer: Int16) {
        guard x >= 0, x < width else { return }
        var y = max(0, min(top, bottom))
        let end = min(height - 1, max(top, bottom))
        while y <= end {
            set(x, y, layer: layer)
            y += 1
        }
    }

    /// A straight line between two points in dot coordinates, clipped to the plane.
    mutating func line(fromX x0: Double, y y0: Double, toX x1: Double, y y1: Double, layer: Int16, every stride: Int = 1) {
        guard let (ax, ay, bx, by) = Self.clip(x0, y0, x1, y1, Double(width) - 0.5, Double(height) - 0.5) else { return }
        let steps = Int(max(abs(bx - ax), abs(by - ay)).rounded(.up))
        guard steps > 0 else {
            set(Int(ax.rounded()), Int(ay.rounded()), layer: layer)
            return
        }
        let dx = (bx - ax) / Double(steps), dy = (by - ay) / Double(steps)
        for index in Swift.stride(from: 0, through: steps, by: max(1, stride)) {
            set(Int((ax + dx * Double(index)).rounded()), Int((ay + dy * Double(index)).rounded()), layer: layer)
        }
    }

    /// Liang and Barsky's clipping to −0.5 … right, −0.5 … bottom; nil where nothing is inside.
    private static func clip(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double, _ right: Double, _ bottom: Double)
        -> (Double, Double, Double, Double)? {
        let dx = x1 - x0, dy = y1 - y0
        var enter = 0.0, leave = 1.0
        for (direction, distance) in [(-dx, x0 + 0.5), (dx, right - x0), (-dy, y0 + 0.5), (dy, bottom - y0)] {
            if direction == 0 {
                if distance < 0 { return nil }
            } else if direction < 0 {
                enter = max(enter, distance / direction)
            } else {
                leave = min(leave, distance / direction)
            }
        }
        guard enter <= leave else { return nil }
        return (x0 + dx * enter, y0 + dy * enter, x0 + dx * leave, y0 + dy * leave)
    }

    /// Draws the cells that have dots. `style` and `glyph` (ASCII only) belong to a layer.
    func render(into grid: inout CellGrid, x: Int, y: Int, within area: Rect, style: (Int) -> Style, asciiGlyph: (Int) -> Character) {
        for row in 0..<rows where y + row >= area.y && y + row < area.maxY {
            for column in 0..<columns where x + column >= area.x && x + column < area.maxX {
                let cell = row * columns + column
                guard bits[cell] != 0 else { continue }
                switch level {
                case .braille:
                    let glyph = Unicode.Scalar(UInt32(0x2800) + UInt32(bits[cell])) ?? " "
                    grid.put(glyph, x: x + column, y: y + row, style: style(Int(layers[cell])))
                case .ascii:
                    grid[x + column, y + row] = .init(asciiGlyph(Int(layers[cell])), style(Int(layers[cell])))
                case .block:
                    grid[x + column, y + row] = blockCell(cell, style: style)
                }
            }
        }
    }

    private func blockCell(_ cell: Int, style: (Int) -> Style) -> CellGrid.Cell {
        if bits[cell] == 1 { return .init("▀", style(Int(layers[cell]))) }
        let lower = style(Int(lowerLayers[cell]))
        if bits[cell] == 2 { return .init("▄", lower) }
        if layers[cell] == lowerLayers[cell] { return .init("█", lower) }
        let upper = style(Int(layers[cell]))
        if upper.foreground == lower.foreground { return .init("█", upper) }
        return .init("▀", Style(foreground: upper.foreground, background: lower.foreground, upper.attributes))
    }
}
