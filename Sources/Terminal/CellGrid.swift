/// The picture of one screen: `size.width` x `size.height` cells, each one grapheme with a style.
///
/// A value: charts and screens draw into it, the drivers compare it with the one before and send what changed.
/// Every write is clipped to the grid; nothing traps.
public struct CellGrid: Sendable, Equatable {
    /// One cell. A grapheme of two columns is followed by a `continuation` cell.
    public struct Cell: Hashable, Sendable {
        public var text: Character
        public var style: Style
        /// The right half of a wide grapheme: it has no text of its own.
        public var isContinuation: Bool

        public init(_ text: Character, _ style: Style = .plain, isContinuation: Bool = false) {
            self.text = text
            self.style = style
            self.isContinuation = isContinuation
        }

        public static let blank = Cell(" ")
    }

    public let size: Size
    private var cells: [Cell]

    public init(_ size: Size, style: Style = .plain) {
        self.size = size
        cells = Array(repeating: Cell(" ", style), count: size.width * size.height)
    }

    public var bounds: Rect { Rect(size) }

    /// The cell at a column and row; outside the grid it reads as blank and a write is dropped.
    public subscript(x: Int, y: Int) -> Cell {
        get { x >= 0 && y >= 0 && x < size.width && y < size.height ? cells[y * size.width + x] : .blank }
        set {
            guard x >= 0, y >= 0, x < size.width, y < size.height else { return }
            cells[y * size.width + x] = newValue
        }
    }

    /// Writes `text` from (`x`, `y`) to the right, clipped to `limit` (the grid where nil). Control characters become `·`.
    /// - Returns: the number of columns that the text takes, clipped.
    @discardableResult
    public mutating func write(_ text: String, x: Int, y: Int, style: Style = .plain, within limit: Rect? = nil) -> Int {
        let area = limit.map { $0.intersection(bounds) } ?? bounds
        var column = x
        for character in text {
            let width = character.columnWidth
            guard column + width <= area.maxX else { break }
            if column >= area.x, y >= area.y, y < area.maxY {
                self[column, y] = Cell(character, style)
                if width == 2 { self[column + 1, y] = Cell(" ", style, isContinuation: true) }
            }
            column += width
        }
        return column - x
    }

    /// Fills a rectangle with one narrow character.
    public mutating func fill(_ rect: Rect, with character: Character = " ", style: Style = .plain) {
        let area = rect.intersection(bounds)
        for y in area.y..<area.maxY { for x in area.x..<area.maxX { self[x, y] = Cell(character, style) } }
    }

    /// The grid's text, one line a row, trailing blanks cut: what golden screens compare.
    public var text: String {
        (0..<size.height).map { y in
            var line = ""
            for x in 0..<size.width where !self[x, y].isContinuation { line.append(self[x, y].text) }
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}

extension Character {
    /// The columns that a terminal gives the grapheme: 0 (combining alone), 1 or 2.
    public var columnWidth: Int { 1 }
}

extension String {
    /// The columns that a terminal gives the text.
    public var columnWidth: Int { reduce(0) { $0 + $1.columnWidth } }
}
