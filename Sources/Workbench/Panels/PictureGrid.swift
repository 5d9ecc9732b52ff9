import Charts
import Datasets
import Experiments
import Terminal

/// Cards of pictures with lines beside them, as many as an area holds, scrolled by whole rows so that the cursor is in sight.
struct PictureGrid {
    struct Card {
        var thumbnail: Thumbnail?
        /// What stands in the picture's place where there is none.
        var caption: String
        var lines: [String]
    }

    /// Cells of a card's picture and of the whole card with its gap.
    let picture: Size
    let card: Size
    let columns: Int
    let rows: Int

    /// - Parameters:
    ///   - sample: a picture like those to come; nil for texts.
    ///   - lineCount, lineWidth: the room for the lines beside the picture.
    init(sample: Thumbnail?, lineCount: Int, lineWidth: Int, in area: Size) {
        guard let sample else {
            picture = Size(width: min(24, max(0, area.width - lineWidth - 1)), height: max(1, lineCount))
            card = Size(width: picture.width + lineWidth + 3, height: picture.height + 1)
            columns = max(1, area.width / max(1, card.width))
            rows = max(1, (area.height + 1) / card.height)
            return
        }
        // The largest picture that still leaves ten cards in sight, never below the smallest.
        let heights = Self.heights(sample)
        var best: (picture: Size, card: Size, columns: Int, rows: Int)?
        for height in heights {
            let width = (2 * height * sample.width + sample.height - 1) / max(1, sample.height)
            let picture = Size(width: max(1, width), height: height)
            let card = Size(width: picture.width + 1 + lineWidth + 2, height: max(height, lineCount) + 1)
            // The gap after the last card may be cut.
            let columns = max(1, (area.width + 2) / card.width), rows = max(1, (area.height + 1) / card.height)
            if best == nil || columns * rows >= 10 { best = (picture, card, columns, rows) }
        }
        let chosen = best ?? (Size(width: 1, height: 1), Size(width: lineWidth + 4, height: 2), 1, 1)
        (picture, card, columns, rows) = chosen
    }

    /// Heights in cells, two pixels each, at which a picture is sharp: its own size and multiples of it, or parts of a large one.
    private static func heights(_ sample: Thumbnail) -> [Int] {
        let own = max(1, (sample.height + 1) / 2)
        if own <= 6 { return [own, 2 * own, 3 * own] }
        return [max(4, own / 2), own, 2 * own].filter { $0 <= 32 }
    }

    var capacity: Int { columns * rows }

    /// The first card in sight, such that `cursor` is.
    func firstShown(cursor: Int, count: Int) -> Int {
        let row = max(0, cursor) / columns
        let lastRow = max(0, (count - 1) / columns)
        let first = min(max(0, row - (rows - 1) / 2), max(0, lastRow - rows + 1))
        return first * columns
    }

    func draw(_ card: Card, at slot: Int, isCursor: Bool, into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        let x = area.x + slot % columns * self.card.width, y = area.y + slot / columns * self.card.height
        let place = Rect(x: x, y: y, width: self.card.width - 2, height: self.card.height - 1).intersection(area)
        guard !place.isEmpty else { return }
        let (left, rest) = place.split(left: picture.width)
        Self.draw(card.thumbnail, caption: card.caption, into: &grid, area: left, palette: palette)
        let text = rest.inset(horizontal: 0, vertical: 0).split(left: 1).1
        for (row, line) in card.lines.enumerated() where row < text.height {
            let isMark = isCursor && row == 0
            let words = isMark ? "▸" + line : line
            let style = line.hasSuffix("✗") ? palette.warning : row == 0 ? palette.emphasis : palette.label
            grid.write(words.middleTruncated(to: text.width), x: text.x, y: text.y + row,
                       style: isCursor ? style.with(.reverse) : style, within: text)
        }
    }

    /// A picture, or its caption in words where there is none.
    static func draw(_ thumbnail: Thumbnail?, caption: String, into grid: inout CellGrid, area: Rect, palette: ChartPalette) {
        guard let thumbnail else {
            for (row, line) in caption.wrapped(area.width).enumerated() where row < area.height {
                grid.write(line, x: area.x, y: area.y + row, style: palette.label, within: area)
            }
            return
        }
        ImageChart(width: thumbnail.width, height: thumbnail.height, channels: thumbnail.channels == 3 ? .rgb : .gray,
                   bytes: thumbnail.pixels).draw(into: &grid, area: area, palette: palette)
    }
}

extension Style {
    /// The style with an attribute more.
    func with(_ attribute: Attributes) -> Style {
        Style(foreground: foreground, background: background, attributes.union(attribute))
    }
}
