/// The picture of one screen: `size.width` x `size.height` cells, each one grapheme with a style.
///
/// A value: charts and screens draw into it, the drivers compare it with the one before and send what changed.
/// Every write is clipped to the grid; nothing traps, at any position and size.
///
/// Wide graphemes stay whole: a grapheme of two columns is followed by a continuation; writing over either half blanks
/// the other, and one that would be cut by the right rim becomes a blank.
public struct CellGrid: Sendable {
    public let size: Size
    /// Row by row, `size.width * size.height` of them.
    private(set) var cells: [PackedCell]
    private var clusters = ClusterTable()

    /// A blank grid. Sides beyond `Size.largestSide` are cut to it.
    public init(_ size: Size, style: Style = .plain) {
        self.size = Size(width: min(max(0, size.width), Size.largestSide), height: min(max(0, size.height), Size.largestSide))
        cells = Array(repeating: .blank(PackedStyle(style)), count: self.size.width * self.size.height)
    }

    public var bounds: Rect { Rect(size) }

    /// The cell at a column and row; outside the grid it reads as blank and a write is dropped.
    /// Writing a continuation only keeps the right half of the wide cell that is there already; elsewhere it blanks.
    public subscript(x: Int, y: Int) -> Cell {
        get {
            guard x >= 0, y >= 0, x < size.width, y < size.height else { return .blank }
            let packed = cells[y * size.width + x]
            return Cell(packed: packed, cluster: packed.clusterIndex.map { clusters[$0] })
        }
        set { store(newValue, x, y) }
    }

    /// Writes one scalar: the fast way for charts and frames. Control characters become `·`; scalars of no column are dropped.
    public mutating func put(_ scalar: Unicode.Scalar, x: Int, y: Int, style: Style = .plain) {
        let glyph = Glyph(scalar)
        guard glyph.width > 0 else { return }
        store(PackedCell(glyph, PackedStyle(style)), x, y)
    }

    /// Writes `text` from (`x`, `y`) to the right, clipped to `limit` (the grid where nil). Control characters become `·`.
    /// A wide grapheme cut by an edge leaves a blank.
    /// - Returns: the number of columns that the text takes, clipped.
    @discardableResult
    public mutating func write(_ text: String, x: Int, y: Int, style: Style = .plain, within limit: Rect? = nil) -> Int {
        let area = limit.map { $0.intersection(bounds) } ?? bounds
        guard x < area.maxX else { return 0 }
        let isRowVisible = y >= area.y && y < area.maxY
        let packedStyle = PackedStyle(style)
        var column = x
        text.forEachGlyph { glyph in
            guard glyph.width > 0 else { return true }
            let end = column.plus(glyph.width)
            if end > area.maxX {
                if isRowVisible, column < area.maxX, column >= area.x { store(.blank(packedStyle), column, y) }
                return false
            }
            if isRowVisible {
                if column >= area.x {
                    var packed = PackedCell(glyph, packedStyle)
                    if let cluster = glyph.cluster { packed.glyph = clusters.index(of: cluster, live: cells) }
                    store(packed, column, y)
                } else if end > area.x {
                    store(.blank(packedStyle), end - 1, y)
                }
            }
            column = end
            return true
        }
        return column - x
    }

    /// Fills a rectangle with one character; a wide one fills pairs of columns.
    public mutating func fill(_ rect: Rect, with character: Character = " ", style: Style = .plain) {
        let area = rect.intersection(bounds)
        let cell = Cell(character, style)
        for y in area.y..<area.maxY {
            for x in stride(from: area.x, to: area.maxX, by: max(1, cell.columns)) {
                let fits = x + cell.columns <= area.maxX
                store(fits ? cell : Cell(" ", style), x, y)
            }
        }
    }

    /// Changes the styles of a rectangle and leaves its text: a cursor row, a selection, a dimmed background.
    public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
        let area = rect.intersection(bounds)
        var last: (from: PackedStyle, to: PackedStyle)?
        for y in area.y..<area.maxY {
            for x in area.x..<area.maxX {
                let index = y * size.width + x
                let old = cells[index]
                // The halves of a wide grapheme change together; the left one decides.
                guard old.kind != .continuation else { continue }
                let new: PackedStyle
                if let last, last.from == old.style {
                    new = last.to
                } else {
                    var style = old.style.style
                    change(&style)
                    new = PackedStyle(style)
                    last = (old.style, new)
                }
                cells[index].style = new
                if old.kind == .wide { cells[index + 1].style = new }
            }
        }
    }

    /// Draws a part of another grid with its upper left at (`x`, `y`), clipped to `limit` (this grid where nil).
    public mutating func draw(_ other: CellGrid, part: Rect? = nil, x: Int, y: Int, within limit: Rect? = nil) {
        let source = (part ?? other.bounds).intersection(other.bounds)
        let area = limit.map { $0.intersection(bounds) } ?? bounds
        let target = Rect(x: x, y: y, width: source.width, height: source.height).intersection(area)
        for row in target.y..<target.maxY {
            for column in target.x..<target.maxX {
                let cell = other[source.x + (column - x), source.y + (row - y)]
                let isCut = cell.columns == 2 && column + 1 >= target.maxX || cell.isContinuation && column == target.x
                store(isCut ? Cell(" ", cell.style) : cell, column, row)
            }
        }
    }

    // MARK: Storage

    private mutating func store(_ cell: Cell, _ x: Int, _ y: Int) {
        var packed = cell.packed
        if let cluster = cell.cluster { packed.glyph = clusters.index(of: cluster, live: cells) }
        store(packed, x, y)
    }

    /// The one place that changes cells: keeps wide graphemes whole.
    private mutating func store(_ cell: PackedCell, _ x: Int, _ y: Int) {
        guard x >= 0, y >= 0, x < size.width, y < size.height else { return }
        let index = y * size.width + x
        if cell.kind == .narrow, cells[index].kind == .narrow {
            cells[index] = cell
            return
        }
        switch cell.kind {
        case .continuation:
            if cells[index].kind != .continuation { store(.blank(cell.style), x, y) }
        case .narrow:
            separate(index)
            cells[index] = cell
        case .wide where x + 1 < size.width:
            separate(index)
            separate(index + 1)
            cells[index] = cell
            cells[index + 1] = PackedCell(glyph: 0x20, kind: .continuation, style: cell.style)
        case .wide:
            separate(index)
            cells[index] = .blank(cell.style)
        }
    }

    /// Blanks the other half of the wide grapheme that the cell belongs to, if it does.
    private mutating func separate(_ index: Int) {
        switch cells[index].kind {
        case .narrow: break
        case .wide: cells[index + 1] = .blank(cells[index + 1].style)
        case .continuation: cells[index - 1] = .blank(cells[index - 1].style)
        }
        cells[index].kind = .narrow
    }

    // MARK: Reading

    /// The clusters that the grid remembers, for tests.
    package var clusterCount: Int { clusters.count }

    /// The cluster of a cell, nil for a single scalar.
    func cluster(of cell: PackedCell) -> Character? { cell.clusterIndex.map { clusters[$0] } }

    /// Whether a cell of this grid looks the same as one of another.
    func isSame(_ cell: PackedCell, as otherCell: PackedCell, of other: CellGrid) -> Bool {
        guard cell.glyph | otherCell.glyph >= PackedCell.clusterFlag else { return cell == otherCell }
        return cell.style == otherCell.style && cluster(of: cell) == other.cluster(of: otherCell)
    }

    /// One row's text, trailing blanks cut.
    public func rowText(_ y: Int) -> String {
        guard y >= 0, y < size.height else { return "" }
        var line = ""
        var blanks = 0
        for cell in cells[(y * size.width)..<((y + 1) * size.width)] where cell.kind != .continuation {
            if cell.glyph == 0x20 {
                blanks += 1
                continue
            }
            while blanks > 0 {
                line.append(" ")
                blanks -= 1
            }
            if let cluster = cluster(of: cell) { line.append(cluster) } else { line.unicodeScalars.append(cell.scalar) }
        }
        return line
    }

    /// The grid's text, one line a row, trailing blanks cut: what golden screens compare.
    public var text: String { (0..<size.height).map(rowText).joined(separator: "\n") }
}

extension CellGrid: Equatable {
    /// Equal where they look the same.
    public static func == (left: CellGrid, right: CellGrid) -> Bool {
        guard left.size == right.size else { return false }
        if left.clusters.isEmpty, right.clusters.isEmpty { return left.cells == right.cells }
        return left.cells.indices.allSatisfy { left.isSame(left.cells[$0], as: right.cells[$0], of: right) }
    }
}

/// The graphemes of more than one scalar in a grid. Cells name them by number.
struct ClusterTable: Sendable {
    private var characters: [Character] = []
    private var numbers: [Character: UInt32] = [:]

    var isEmpty: Bool { characters.isEmpty }
    var count: Int { characters.count }

    subscript(index: Int) -> Character { index < characters.count ? characters[index] : " " }

    /// The number of a cluster with the cluster flag, entering it if it is new.
    ///
    /// `live` are the cells of the grid: where a grid is drawn over and over, numbers that no cell names are used again,
    /// so that the table never holds more than about twice the cells.
    mutating func index(of cluster: Character, live: [PackedCell]) -> UInt32 {
        if let number = numbers[cluster] { return number | PackedCell.clusterFlag }
        if characters.count >= 2 * live.count + 64, let free = firstFree(live) {
            numbers[characters[free]] = nil
            characters[free] = cluster
            numbers[cluster] = UInt32(free)
            return UInt32(free) | PackedCell.clusterFlag
        }
        let number = UInt32(characters.count)
        characters.append(cluster)
        numbers[cluster] = number
        return number | PackedCell.clusterFlag
    }

    private func firstFree(_ live: [PackedCell]) -> Int? {
        var isUsed = Array(repeating: false, count: characters.count)
        for cell in live { if let index = cell.clusterIndex, index < isUsed.count { isUsed[index] = true } }
        return isUsed.firstIndex(of: false)
    }
}
