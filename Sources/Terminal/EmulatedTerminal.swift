/// A terminal that keeps what is written to it as cells: how a recording of another program's screen is looked at.
///
/// It knows what programs with a screen use of xterm and ECMA-48: movement, erasing, scrolling, insertion, colours, the second screen,
/// line drawing. Everything else is read over, so any text gives some picture; it answers nothing and changes nothing outside.
public struct EmulatedTerminal: Sendable {
    public private(set) var grid: CellGrid
    /// The first screen while a program shows the second.
    private var first: CellGrid?
    var x = 0, y = 0
    /// The last column was written: the next character goes to the next line.
    private var isWrapDue = false
    var style = Style.plain
    private var saved: (x: Int, y: Int, style: Style) = (0, 0, .plain)
    /// The rows that scroll.
    private var region: Range<Int>
    private var drawsLines = false, wraps = true
    private var lastGlyph: Character = " "
    /// A sequence of which the end did not come yet.
    private var pending: [Unicode.Scalar] = []
    /// A sequence that goes on for longer is given up.
    private static let longestSequence = 1 << 16

    public init(size: Size) {
        grid = CellGrid(size)
        region = 0..<grid.size.height
    }

    public var size: Size { grid.size }

    /// Writes text as a program would.
    public mutating func feed(_ text: String) {
        let scalars = pending + Array(text.unicodeScalars)
        pending = []
        var index = 0, run = String.UnicodeScalarView()
        func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 || scalar.value == 0x7F }
        while index < scalars.count {
            let scalar = scalars[index]
            guard isControl(scalar) else {
                run.append(scalar)
                index += 1
                continue
            }
            show(String(run))
            run = .init()
            if scalar.value == 0x1B {
                guard let next = sequence(scalars, index) else {
                    if scalars.count - index < Self.longestSequence { pending = Array(scalars[index...]) }
                    return
                }
                index = next
            } else {
                control(scalar)
                index += 1
            }
        }
        show(String(run))
    }

    /// The window has another size: what fits stays.
    public mutating func resize(_ size: Size) {
        func resized(_ old: CellGrid) -> CellGrid {
            var new = CellGrid(size)
            new.draw(old, x: 0, y: 0)
            return new
        }
        grid = resized(grid)
        first = first.map(resized)
        region = 0..<grid.size.height
        move(x, y)
    }

    // MARK: Text

    private mutating func show(_ text: String) {
        guard !text.isEmpty else { return }
        text.forEachGlyph { glyph in
            if glyph.width > 0 { show(glyph) }
            return true
        }
    }

    private mutating func show(_ glyph: Glyph) {
        guard size.width > 0, size.height > 0 else { return }
        var cell = CellGrid.Cell(glyph, PackedStyle(style))
        if drawsLines, let line = Self.lines[cell.text] { cell.text = line }
        if isWrapDue || x + glyph.width > size.width {
            if wraps {
                x = 0
                lineFeed()
            } else {
                x = max(0, size.width - glyph.width)
            }
            isWrapDue = false
        }
        grid[x, y] = cell
        lastGlyph = cell.text
        x += glyph.width
        if x >= size.width {
            x = size.width - 1
            isWrapDue = true
        }
    }

    /// DEC's line drawing, by the letters that stand for it.
    private static let lines: [Character: Character] = [
        "j": "┘", "k": "┐", "l": "┌", "m": "└", "n": "┼", "q": "─", "t": "├", "u": "┤", "v": "┴", "w": "┬", "x": "│", "a": "▒", "`": "◆", "~": "·", "f": "°", "g": "±", "o": "⎺", "s": "⎽", "0": "█",
    ]

    private mutating func control(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 8: move(x - 1, y)
        case 9: move(min(size.width - 1, (x / 8 + 1) * 8), y)
        case 10, 11, 12: lineFeed()
        case 13: move(0, y)
        case 14: drawsLines = true
        case 15: drawsLines = false
        default: break
        }
    }

    mutating func move(_ column: Int, _ row: Int) {
        x = min(max(0, column), max(0, size.width - 1))
        y = min(max(0, row), max(0, size.height - 1))
        isWrapDue = false
    }

    private mutating func lineFeed() {
        isWrapDue = false
        if y == region.upperBound - 1 { scroll(region, by: 1) } else { y = min(y + 1, max(0, size.height - 1)) }
    }

    /// Moves rows up, or down where `count` is negative; what is left is blank.
    private mutating func scroll(_ rows: Range<Int>, by count: Int) {
        let count = min(max(-rows.count, count), rows.count), before = grid
        let kept = rows.count - abs(count)
        grid.draw(before, part: Rect(x: 0, y: rows.lowerBound + max(0, count), width: size.width, height: kept), x: 0, y: rows.lowerBound + max(0, -count))
        grid.fill(Rect(x: 0, y: count > 0 ? rows.lowerBound + kept : rows.lowerBound, width: size.width, height: abs(count)), style: blank)
    }

    /// Erased cells keep the background.
    private var blank: Style { Style(foreground: .terminal, background: style.background) }

    // MARK: Sequences

    /// - Returns: the place behind the sequence that begins at `start`; nil where its end did not come yet.
    private mutating func sequence(_ scalars: [Unicode.Scalar], _ start: Int) -> Int? {
        guard start + 1 < scalars.count else { return nil }
        var index = start + 2
        switch scalars[start + 1] {
        case "[":
            var parameters = ""
            while index < scalars.count, (0x20..<0x40).contains(scalars[index].value) {
                parameters.unicodeScalars.append(scalars[index])
                index += 1
            }
            guard index < scalars.count else { return nil }
            obey(parameters, scalars[index])
            return index + 1
        case "]", "P", "X", "^", "_":
            // A string, up to BEL or ST.
            while index < scalars.count {
                if scalars[index].value == 7 { return index + 1 }
                if scalars[index].value == 0x1B {
                    guard index + 1 < scalars.count else { return nil }
                    return scalars[index + 1] == "\\" ? index + 2 : index
                }
                index += 1
            }
            return nil
        case "(", ")", "*", "+":
            guard index < scalars.count else { return nil }
            if scalars[start + 1] == "(" { drawsLines = scalars[index] == "0" }
            return index + 1
        case "#", "%", " ": return index < scalars.count ? index + 1 : nil
        case "7": saved = (x, y, style)
        case "8": restore()
        case "D": lineFeed()
        case "E":
            move(0, y)
            lineFeed()
        case "M": if y == region.lowerBound { scroll(region, by: -1) } else { move(x, y - 1) }
        case "c": self = EmulatedTerminal(size: size)
        default: break
        }
        return index
    }

    private mutating func restore() {
        style = saved.style
        move(saved.x, saved.y)
    }

    private mutating func obey(_ parameters: String, _ final: Unicode.Scalar) {
        let isPrivate = parameters.first.map { "?>=<".contains($0) } ?? false
        if isPrivate {
            let modes = parameters.dropFirst().split(separator: ";").compactMap { Int($0) }
            if parameters.hasPrefix("?"), final == "h" || final == "l" { for mode in modes { set(mode, final == "h") } }
            return
        }
        let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0.prefix { $0 != ":" }) ?? 0 }
        // 0 and nothing mean 1 here.
        func number(_ place: Int) -> Int { numbers.indices.contains(place) ? min(max(1, numbers[place]), 100_000) : 1 }
        let line = Rect(x: 0, y: y, width: size.width, height: 1), rest = y..<max(y, region.upperBound)
        switch final {
        case "A": move(x, max(y - number(0), y >= region.lowerBound ? region.lowerBound : 0))
        case "B", "e": move(x, min(y + number(0), y < region.upperBound ? region.upperBound - 1 : size.height))
        case "C", "a": move(x + number(0), y)
        case "D": move(x - number(0), y)
        case "E": move(0, y + number(0))
        case "F": move(0, y - number(0))
        case "G", "`": move(number(0) - 1, y)
        case "H", "f": move(number(1) - 1, number(0) - 1)
        case "d": move(x, number(0) - 1)
        case "J":
            let from = numbers.first == 1 || numbers.first == 2 || numbers.first == 3 ? 0 : y + 1, to = numbers.first == 1 ? y : size.height
            grid.fill(Rect(x: 0, y: from, width: size.width, height: max(0, to - from)), style: blank)
            if numbers.first != 2, numbers.first != 3 { erase(line, numbers.first ?? 0) }
        case "K": erase(line, numbers.first ?? 0)
        case "X": grid.fill(Rect(x: x, y: y, width: number(0), height: 1), style: blank)
        case "L": if region.contains(y) { scroll(rest, by: -number(0)) }
        case "M": if region.contains(y) { scroll(rest, by: number(0)) }
        case "S": scroll(region, by: number(0))
        case "T": scroll(region, by: -number(0))
        case "P", "@":
            let before = grid, count = min(number(0), size.width - x), kept = size.width - x - count, isDeletion = final == "P"
            grid.draw(before, part: Rect(x: isDeletion ? x + count : x, y: y, width: kept, height: 1), x: isDeletion ? x : x + count, y: y)
            grid.fill(Rect(x: isDeletion ? x + kept : x, y: y, width: count, height: 1), style: blank)
        case "b": for _ in 0..<min(number(0), size.width * size.height) { show(Glyph(lastGlyph)) }
        case "m": select(numbers)
        case "r":
            let top = number(0) - 1, bottom = numbers.count > 1 && numbers[1] > 0 ? min(numbers[1], size.height) : size.height
            region = top < bottom - 1 ? top..<bottom : 0..<size.height
            move(0, 0)
        case "s": saved = (x, y, style)
        case "u": restore()
        default: break
        }
    }

    private mutating func erase(_ line: Rect, _ how: Int) {
        let from = how == 1 || how == 2 ? 0 : x, to = how == 1 ? x + 1 : size.width
        grid.fill(Rect(x: from, y: line.y, width: max(0, to - from), height: 1), style: blank)
    }

    private mutating func set(_ mode: Int, _ isOn: Bool) {
        switch mode {
        case 7: wraps = isOn
        case 47, 1047, 1049:
            if isOn, first == nil {
                saved = (x, y, style)
                first = grid
                grid = CellGrid(size)
            } else if !isOn, let first {
                grid = first
                self.first = nil
                restore()
            }
            region = 0..<size.height
        default: break
        }
    }
}
