import Terminal

/// A small terminal in the reading of which nothing of the encoder is used: it takes bytes and keeps cells.
struct ModelTerminal {
    struct Cell: Equatable {
        var text = " "
        var style = Style.plain
        /// The right half of a wide cell.
        var isContinuation = false
    }

    /// How it moves after clusters: terminals differ.
    enum Manner {
        /// By grapheme, as the grid counts.
        case graphemes
        /// Each scalar by its own, as most terminals with `wcwidth` do.
        case scalars
    }

    let size: Size
    let manner: Manner
    private(set) var rows: [[Cell]]
    private(set) var modes: Set<String> = []
    private(set) var systemCommands: [String] = []
    private(set) var unknown: [String] = []
    private var x = 0
    private var y = 0
    private var style = Style.plain
    private var pending: [Unicode.Scalar] = []

    init(size: Size, manner: Manner = .graphemes) {
        self.size = size
        self.manner = manner
        rows = Array(repeating: Array(repeating: Cell(text: "?"), count: size.width), count: size.height)
    }

    mutating func feed(_ text: String) {
        pending += Array(text.unicodeScalars)
        var run = ""
        var index = 0
        while index < pending.count {
            let scalar = pending[index]
            if scalar.value >= 0x20, scalar.value != 0x7F {
                run.unicodeScalars.append(scalar)
                index += 1
                continue
            }
            show(run)
            run = ""
            guard let next = obey(at: index) else { break }
            index = next
        }
        show(run)
        pending.removeFirst(index)
    }

    private mutating func obey(at start: Int) -> Int? {
        guard pending[start].value == 0x1B else { return start + 1 } // CAN, BEL alone
        guard start + 1 < pending.count else { return nil }
        var index = start + 2
        switch pending[start + 1] {
        case "[":
            var parameters = ""
            while index < pending.count, (0x20..<0x40).contains(pending[index].value) {
                parameters.unicodeScalars.append(pending[index])
                index += 1
            }
            guard index < pending.count else { return nil }
            control(parameters, pending[index])
            return index + 1
        case "]":
            var text = ""
            while index < pending.count, pending[index].value != 7 {
                text.unicodeScalars.append(pending[index])
                index += 1
            }
            guard index < pending.count else { return nil }
            systemCommands.append(text)
            return index + 1
        default:
            if !["\\", "=", ">"].contains(pending[start + 1]) { unknown.append("ESC \(pending[start + 1])") }
            return index
        }
    }

    private mutating func control(_ parameters: String, _ final: Unicode.Scalar) {
        let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        switch final {
        case "H":
            y = min(max(1, numbers.first ?? 1), max(1, size.height)) - 1
            x = min(max(1, numbers.count > 1 ? numbers[1] : 1), max(1, size.width)) - 1
        case "J" where parameters == "2":
            for row in rows.indices { for column in rows[row].indices { rows[row][column] = Cell(style: erased) } }
        case "K" where parameters.isEmpty:
            guard y < size.height else { return }
            for column in x..<size.width { put(Cell(style: erased), column) }
        case "m": select(numbers)
        case "h" where parameters.hasPrefix("?"): modes.insert(String(parameters.dropFirst()))
        case "l" where parameters.hasPrefix("?"): modes.remove(String(parameters.dropFirst()))
        case "t": break
        default: unknown.append("CSI \(parameters)\(final)")
        }
    }

    private var erased: Style { Style(foreground: .terminal, background: style.background, []) }

    private mutating func select(_ numbers: [Int]) {
        var index = 0
        while index < numbers.count {
            switch numbers[index] {
            case 0: style = .plain
            case 1: style.attributes.insert(.bold)
            case 2: style.attributes.insert(.dim)
            case 3: style.attributes.insert(.italic)
            case 4: style.attributes.insert(.underline)
            case 7: style.attributes.insert(.reverse)
            case 39: style.foreground = .terminal
            case 49: style.background = .terminal
            case 38 where index + 4 < numbers.count && numbers[index + 1] == 2:
                style.foreground = .rgb(UInt8(numbers[index + 2]), UInt8(numbers[index + 3]), UInt8(numbers[index + 4]))
                index += 4
            case 48 where index + 4 < numbers.count && numbers[index + 1] == 2:
                style.background = .rgb(UInt8(numbers[index + 2]), UInt8(numbers[index + 3]), UInt8(numbers[index + 4]))
                index += 4
            default: unknown.append("SGR \(numbers[index])")
            }
            index += 1
        }
    }

    private mutating func show(_ text: String) {
        switch manner {
        case .graphemes:
            for character in text { advance(String(character), character.columnWidth) }
        case .scalars:
            for scalar in text.unicodeScalars { advance(String(Character(scalar)), scalar.columnWidth) }
        }
    }

    private mutating func advance(_ text: String, _ width: Int) {
        guard y < size.height, size.width > 0 else { return }
        if width == 0 {
            if x > 0 { rows[y][x - 1].text += text }
            return
        }
        // Without wrapping the last column is written over.
        x = min(x, size.width - width)
        guard x >= 0 else { return }
        put(Cell(text: text, style: style), x)
        if width == 2 {
            put(Cell(style: style), x + 1)
            rows[y][x].text = text
            rows[y][x + 1].isContinuation = true
        }
        x += width
    }

    /// Writing over a half of a wide cell blanks the other.
    private mutating func put(_ cell: Cell, _ column: Int) {
        if rows[y][column].isContinuation, column > 0 { rows[y][column - 1].text = " " }
        if column + 1 < size.width, rows[y][column + 1].isContinuation {
            rows[y][column + 1].isContinuation = false
            rows[y][column + 1].text = " "
        }
        rows[y][column] = cell
    }

    /// The differences from a grid. Styles of blanks count only where they show.
    func differences(from grid: CellGrid) -> [String] {
        var differences: [String] = []
        var isInCluster = false
        for y in 0..<size.height {
            for x in 0..<size.width {
                let expected = grid[x, y], found = rows[y][x]
                // A terminal that counts scalars cannot show a cluster as the grid has it; all around it must be right.
                if !expected.isContinuation { isInCluster = expected.text.unicodeScalars.count > 1 }
                if manner == .scalars, isInCluster { continue }
                if expected.isContinuation ? !found.isContinuation : found.isContinuation || found.text != String(expected.text) {
                    differences.append("\(x),\(y): “\(found.text)” for “\(expected.text)”")
                }
                var a = expected.style, b = found.style
                if expected.text == " ", a.attributes.isDisjoint(with: [.reverse, .underline]),
                   b.attributes.isDisjoint(with: [.reverse, .underline]) {
                    a = Style(foreground: .terminal, background: a.background, [])
                    b = Style(foreground: .terminal, background: b.background, [])
                }
                if a != b { differences.append("\(x),\(y): style \(b) for \(a)") }
            }
        }
        return differences
    }
}
