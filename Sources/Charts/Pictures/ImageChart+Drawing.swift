import Terminal

extension ImageChart {
    public func draw(into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        var area = area.intersection(grid.bounds)
        guard !area.isEmpty else { return }
        let pen = Pen(area, palette)
        if !caption.isEmpty, area.height >= 3 {
            let (upper, row) = area.split(top: area.height - 1)
            pen.write(caption.middleTruncated(to: area.width), x: row.x, y: row.y, style: palette.label, into: &grid)
            area = upper
        }
        guard width > 0, height > 0, width <= 1 << 14, height <= 1 << 14 else { return }
        let plane = PixelPlane(width: width, height: height, channels: channels.rawValue, values: pixels)
        if palette.hasColor, palette.glyphs != .ascii {
            drawHalves(plane, in: area, pen: pen, into: &grid, palette: palette)
        } else if monochromeForm == .threshold, palette.glyphs != .ascii {
            drawThreshold(plane, in: area, into: &grid, palette: palette)
        } else {
            drawShades(plane, in: area, pen: pen, into: &grid, palette: palette)
        }
    }

    /// The cells that the picture takes in an area at the given glyph level: for placing captions and rows of pictures.
    public func cells(in size: Size) -> Size {
        let fit = PixelPlane(width: width, height: height, channels: 1, values: []).fittingSize(width: size.width, height: size.height * 2)
        return Size(width: fit.width, height: (fit.height + 1) / 2)
    }

    private var blackAndWhite: (black: Float, span: Float) {
        if let range, range.lowerBound.isFinite, range.upperBound.isFinite, range.upperBound > range.lowerBound {
            return (range.lowerBound, max(range.upperBound / 2 - range.lowerBound / 2, .leastNonzeroMagnitude))
        }
        var low = Float.infinity, high = -Float.infinity
        for value in pixels where value.isFinite {
            low = min(low, value)
            high = max(high, value)
        }
        guard low < high else { return (low.isFinite ? low : 0, 0.5) }
        return (low, max(high / 2 - low / 2, .leastNonzeroMagnitude))
    }

    /// A pixel's channel between 0 (black) and 1 (white).
    private func share(_ value: Float, _ ends: (black: Float, span: Float)) -> Double {
        let share = Double((value / 2 - ends.black / 2) / ends.span)
        let clamped = share.isNaN ? 0 : min(max(share, 0), 1)
        return isInverted ? 1 - clamped : clamped
    }

    private func color(_ plane: PixelPlane, x: Int, y: Int, ends: (black: Float, span: Float), scale: ColorScale?) -> Color {
        if plane.channels == 3 {
            return ColorScale.color((255 * share(plane.value(x: x, y: y, channel: 0), ends), 255 * share(plane.value(x: x, y: y, channel: 1), ends),
                                     255 * share(plane.value(x: x, y: y, channel: 2), ends)))
        }
        let gray = share(plane.value(x: x, y: y, channel: 0), ends)
        return scale.map { $0.color(at: gray) } ?? ColorScale.color((255 * gray, 255 * gray, 255 * gray))
    }

    /// Light as the eye weighs the channels (ITU-R BT.601).
    private func light(_ plane: PixelPlane, x: Int, y: Int, ends: (black: Float, span: Float)) -> Double {
        guard plane.channels == 3 else { return share(plane.value(x: x, y: y, channel: 0), ends) }
        return 0.299 * share(plane.value(x: x, y: y, channel: 0), ends) + 0.587 * share(plane.value(x: x, y: y, channel: 1), ends)
            + 0.114 * share(plane.value(x: x, y: y, channel: 2), ends)
    }

    private func drawHalves(_ plane: PixelPlane, in area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let size = plane.fittingSize(width: area.width, height: area.height * 2)
        let picture = plane.scaled(toWidth: size.width, height: size.height)
        let ends = blackAndWhite
        let scale = mapping == .sequential ? ColorScale(palette.sequential) : nil
        for y in stride(from: 0, to: picture.height, by: 2) {
            for x in 0..<picture.width {
                let upper = color(picture, x: x, y: y, ends: ends, scale: scale)
                guard y + 1 < picture.height else {
                    pen.put("▀", x: area.x + x, y: area.y + y / 2, style: Style(foreground: upper), into: &grid)
                    continue
                }
                let lower = color(picture, x: x, y: y + 1, ends: ends, scale: scale)
                pen.put("▀", x: area.x + x, y: area.y + y / 2, style: Style(foreground: upper, background: lower), into: &grid)
            }
        }
    }

    /// One shade a cell: cells are twice as high as wide, so the picture is half as high in cells.
    private func drawShades(_ plane: PixelPlane, in area: Rect, pen: Pen, into grid: inout CellGrid, palette: ChartPalette) {
        let size = plane.fittingSize(width: area.width, height: area.height * 2)
        let picture = plane.scaled(toWidth: size.width, height: (size.height + 1) / 2)
        let ends = blackAndWhite
        let ramp: [Character] = palette.glyphs == .ascii ? Shades.ramp(.ascii) : [" ", "░", "▒", "▓", "█"]
        for y in 0..<picture.height {
            for x in 0..<picture.width {
                let share = light(picture, x: x, y: y, ends: ends)
                pen.put(ramp[Shades.index(share, count: ramp.count)], x: area.x + x, y: area.y + y, style: palette.label, into: &grid)
            }
        }
    }

    private func drawThreshold(_ plane: PixelPlane, in area: Rect, into grid: inout CellGrid, palette: ChartPalette) {
        let isBraille = palette.glyphs == .braille
        let size = plane.fittingSize(width: area.width * 2, height: area.height * (isBraille ? 4 : 2))
        let picture = plane.scaled(toWidth: size.width, height: size.height)
        let ends = blackAndWhite
        if isBraille {
            var canvas = DotCanvas(columns: area.width, rows: area.height, level: .braille)
            for y in 0..<picture.height {
                for x in 0..<picture.width where light(picture, x: x, y: y, ends: ends) >= 0.5 { canvas.set(x, y, layer: 0) }
            }
            canvas.render(into: &grid, x: area.x, y: area.y, within: area, style: { _ in palette.label }, asciiGlyph: { _ in "*" })
            return
        }
        for row in 0..<((picture.height + 1) / 2) {
            for column in 0..<((picture.width + 1) / 2) {
                var bits = 0
                for (bit, offset) in [(0, 0), (1, 0), (0, 1), (1, 1)].enumerated() {
                    let x = column * 2 + offset.0, y = row * 2 + offset.1
                    if x < picture.width, y < picture.height, light(picture, x: x, y: y, ends: ends) >= 0.5 { bits |= 1 << bit }
                }
                grid[area.x + column, area.y + row] = .init(Self.quarters[bits], palette.label)
            }
        }
    }

    /// By bits: upper left 1, upper right 2, lower left 4, lower right 8.
    private static let quarters: [Character] = [" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█"]
}
