/// Turns cells into the escape sequences that draw them: all of a grid, or only what changed since another.
///
/// Text that is sent is exactly what cells hold, so nothing from outside reaches the terminal raw. Used by the ncurses
/// driver, by session exports (asciinema) and by headless replays in colour.
public struct ANSIEncoder: Sendable {
    private let capabilities: TerminalCapabilities
    private var mapper: ColorMapper
    private var output: [UInt8] = []
    /// The style that the terminal has now, nil where unknown.
    private var pen: PackedStyle?
    /// Where the terminal's cursor is, nil where unknown.
    private var cursor: (x: Int, y: Int)?

    public init(depth: ColorDepth) { self.init(depth: depth, capabilities: .ansi) }

    package init(depth: ColorDepth, capabilities: TerminalCapabilities) {
        self.capabilities = capabilities
        mapper = ColorMapper(depth: depth)
    }

    /// The sequences that make a terminal showing `previous` show `grid`; from nothing (nil, or another size) the screen
    /// is cleared first. Empty where nothing changed.
    public mutating func encode(_ grid: CellGrid, after previous: CellGrid? = nil) -> String {
        String(decoding: encodeBytes(grid, after: previous), as: UTF8.self)
    }

    /// As `encode`, in bytes.
    package mutating func encodeBytes(_ grid: CellGrid, after previous: CellGrid?) -> [UInt8] {
        output.removeAll(keepingCapacity: true)
        pen = nil
        cursor = nil
        if let previous, previous.size == grid.size {
            drawChanges(from: previous, to: grid)
        } else {
            write("\u{1B}[0m\u{1B}[H\u{1B}[2J")
            pen = PackedStyle(.plain)
            drawChanges(from: CellGrid(grid.size), to: grid)
        }
        if let pen, pen != PackedStyle(.plain) { write("\u{1B}[0m") }
        return output
    }

    /// The grid as lines of text with colours and without cursor movements: for printing below a shell's prompt.
    public mutating func encodeLines(_ grid: CellGrid) -> String {
        output.removeAll(keepingCapacity: true)
        let plain = PackedStyle(.plain)
        for y in 0..<grid.size.height {
            pen = plain
            let row = grid.cells[(y * grid.size.width)..<((y + 1) * grid.size.width)]
            let end = row.lastIndex { $0.glyph != 0x20 || $0.style != plain || $0.kind != .narrow }.map { $0 + 1 } ?? row.startIndex
            for cell in row[row.startIndex..<end] where cell.kind != .continuation {
                setPen(cell.style)
                writeText(of: cell, in: grid)
            }
            setPen(plain)
            output.append(0x0A)
        }
        return String(decoding: output, as: UTF8.self)
    }

    // MARK: Changes

    private mutating func drawChanges(from old: CellGrid, to new: CellGrid) {
        let width = new.size.width
        for y in 0..<new.size.height {
            let row = y * width
            var x = 0
            // Cells that a wide grapheme may have spilled over are sent even where they look the same.
            var spillEnd = 0
            var tail: Int?
            while x < width {
                let cell = new.cells[row + x]
                let isChanged = x < spillEnd || !new.isSame(cell, as: old.cells[row + x], of: old)
                guard isChanged, cell.kind != .continuation else {
                    x += 1
                    continue
                }
                move(to: x, y: y, in: new)
                setPen(cell.style)
                if cell.glyph == 0x20 {
                    let start = tail ?? erasableTail(new, y: y)
                    tail = start
                    if x >= start, isWorthErasing(new, after: old, from: x, y: y) {
                        write("\u{1B}[K")
                        break
                    }
                }
                let step = cell.kind == .wide ? 2 : 1
                if cell.kind == .narrow, cell.clusterIndex == nil {
                    writeText(of: cell, in: new)
                    cursor = x + 1 < width ? (x + 1, y) : nil
                } else {
                    spillEnd = max(spillEnd, drawCarefully(cell, in: new, x: x, y: y))
                }
                x += step
            }
        }
    }

    /// Draws a wide grapheme or a cluster. Terminals disagree on the columns of some: then the columns are blanked first,
    /// and the cursor is placed anew afterwards.
    /// - Returns: the column up to which the terminal may have drawn.
    private mutating func drawCarefully(_ cell: PackedCell, in grid: CellGrid, x: Int, y: Int) -> Int {
        let columns = cell.kind == .wide ? 2 : 1
        let loose = grid.cluster(of: cell).map { Glyph($0).looseWidth } ?? columns
        if loose != columns {
            for _ in 0..<columns { output.append(0x20) }
            cursor = nil
            move(to: x, y: y, in: grid)
        }
        writeText(of: cell, in: grid)
        // Ideographs and Hangul are two columns everywhere; newer pictures are not known to every terminal.
        let isCertain = loose == columns && (columns == 1 || (0x3041..<0xD7A4).contains(cell.glyph))
        cursor = isCertain && x + columns < grid.size.width ? (x + columns, y) : nil
        return loose != columns ? x + loose : 0
    }

    /// The column from which the row is only blanks that erasing gives too: one style, without decoration.
    private func erasableTail(_ grid: CellGrid, y: Int) -> Int {
        let row = y * grid.size.width
        guard capabilities.canEraseToEnd, let style = grid.cells[row..<(row + grid.size.width)].last?.style,
              style.background == .terminal, style.attributes.isDisjoint(with: [.underline, .reverse]) else {
            return grid.size.width
        }
        let blank = PackedCell.blank(style)
        var x = grid.size.width
        while x > 0, grid.cells[row + x - 1] == blank { x -= 1 }
        return x
    }

    /// Whether enough of the row's tail changed for erasing it to be shorter than drawing it.
    private func isWorthErasing(_ grid: CellGrid, after old: CellGrid, from x: Int, y: Int) -> Bool {
        let row = y * grid.size.width
        var changes = 0
        for index in (row + x)..<(row + grid.size.width) where !grid.isSame(grid.cells[index], as: old.cells[index], of: old) {
            changes += 1
            if changes > 4 { return true }
        }
        return false
    }

    private mutating func move(to x: Int, y: Int, in grid: CellGrid) {
        if let cursor, cursor.y == y, cursor.x <= x {
            if cursor.x == x { return }
            // A short gap is cheaper to draw again than to jump over.
            let row = y * grid.size.width
            let gap = grid.cells[(row + cursor.x)..<(row + x)]
            if gap.count <= 4, gap.allSatisfy({ $0.kind == .narrow && $0.glyph < 0x80 && $0.style == pen }) {
                for cell in gap { output.append(UInt8(truncatingIfNeeded: cell.glyph)) }
                self.cursor = (x, y)
                return
            }
        }
        write("\u{1B}[")
        writeNumber(y + 1)
        output.append(0x3B)
        writeNumber(x + 1)
        output.append(0x48)
        cursor = (x, y)
    }

    // MARK: Styles

    private mutating func setPen(_ style: PackedStyle) {
        guard pen != style else { return }
        let old = pen
        pen = style
        write("\u{1B}[")
        let start = output.count
        let attributes = style.attributes.intersection(capabilities.attributes)
        let oldAttributes = (old?.attributes ?? []).intersection(capabilities.attributes)
        let isFresh = old == nil || !oldAttributes.isSubset(of: attributes)
        if isFresh { output.append(0x30) }
        for (attribute, code) in Self.attributeCodes
        where attributes.contains(attribute) && (isFresh || !oldAttributes.contains(attribute)) {
            separate(start)
            output.append(code)
        }
        let (foreground, background) = mapper.map(foreground: style.foreground, background: style.background)
        let before = isFresh ? (ColorMapper.Mapped.terminal, ColorMapper.Mapped.terminal)
            : old.map { mapper.map(foreground: $0.foreground, background: $0.background) } ?? (.terminal, .terminal)
        if foreground != before.0 { writeColor(foreground, base: 30, start) }
        if background != before.1 { writeColor(background, base: 40, start) }
        if output.count == start {
            // The difference is one that this terminal does not show.
            output.removeLast(2)
        } else {
            output.append(0x6D)
        }
    }

    private static let attributeCodes: [(Style.Attributes, UInt8)] = [
        (.bold, 0x31), (.dim, 0x32), (.italic, 0x33), (.underline, 0x34), (.reverse, 0x37),
    ]

    private mutating func writeColor(_ color: ColorMapper.Mapped, base: Int, _ start: Int) {
        separate(start)
        switch color {
        case .terminal:
            writeNumber(base + 9)
        case .indexed(let index) where mapper.depth <= .colors16:
            writeNumber(index < 8 ? base + Int(index) : base + 52 + Int(index))
        case .indexed(let index):
            writeNumber(base + 8)
            write(";5;")
            writeNumber(Int(index))
        case .rgb(let red, let green, let blue):
            writeNumber(base + 8)
            write(";2;")
            writeNumber(Int(red))
            output.append(0x3B)
            writeNumber(Int(green))
            output.append(0x3B)
            writeNumber(Int(blue))
        }
    }

    private mutating func separate(_ start: Int) {
        if output.count > start { output.append(0x3B) }
    }

    // MARK: Bytes

    private mutating func writeText(of cell: PackedCell, in grid: CellGrid) {
        guard capabilities.isUnicode else {
            let substitute = ASCIISubstitute.character(for: cell.clusterIndex == nil ? cell.glyph : 0)
            output.append(substitute)
            if cell.kind == .wide { output.append(0x20) }
            return
        }
        if let cluster = grid.cluster(of: cell) {
            output.append(contentsOf: cluster.utf8)
        } else if cell.glyph < 0x80 {
            output.append(UInt8(truncatingIfNeeded: cell.glyph))
        } else if cell.glyph < 0x800 {
            output.append(0xC0 | UInt8(truncatingIfNeeded: cell.glyph >> 6))
            output.append(0x80 | UInt8(truncatingIfNeeded: cell.glyph & 0x3F))
        } else if cell.glyph < 0x1_0000 {
            output.append(0xE0 | UInt8(truncatingIfNeeded: cell.glyph >> 12))
            output.append(0x80 | UInt8(truncatingIfNeeded: cell.glyph >> 6 & 0x3F))
            output.append(0x80 | UInt8(truncatingIfNeeded: cell.glyph & 0x3F))
        } else {
            output.append(0xF0 | UInt8(truncatingIfNeeded: cell.glyph >> 18))
            output.append(0x80 | UInt8(truncatingIfNeeded: cell.glyph >> 12 & 0x3F))
            output.append(0x80 | UInt8(truncatingIfNeeded: cell.glyph >> 6 & 0x3F))
            output.append(0x80 | UInt8(truncatingIfNeeded: cell.glyph & 0x3F))
        }
    }

    private mutating func write(_ text: String) { output.append(contentsOf: text.utf8) }

    private mutating func writeNumber(_ number: Int) {
        if number >= 1000 { output.append(0x30 + UInt8(number / 1000 % 10)) }
        if number >= 100 { output.append(0x30 + UInt8(number / 100 % 10)) }
        if number >= 10 { output.append(0x30 + UInt8(number / 10 % 10)) }
        output.append(0x30 + UInt8(number % 10))
    }
}
