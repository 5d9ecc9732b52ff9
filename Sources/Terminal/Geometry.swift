/// A size in cells: `width` columns by `height` rows, never negative.
public struct Size: Hashable, Sendable, Codable {
    public var width: Int
    public var height: Int
    public init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
    }
}

/// A rectangle of cells; its origin is the upper left, rows grow downwards. Width and height are never negative.
public struct Rect: Hashable, Sendable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    public init(_ size: Size) { self.init(x: 0, y: 0, width: size.width, height: size.height) }

    public var size: Size { Size(width: width, height: height) }
    public var isEmpty: Bool { width == 0 || height == 0 }
    /// The column after the last and the row after the last; at the end of the numbers they stop there.
    public var maxX: Int { x.plus(width) }
    public var maxY: Int { y.plus(height) }

    public func contains(x column: Int, y row: Int) -> Bool {
        column >= x && column < maxX && row >= y && row < maxY
    }

    /// The rectangle without a border of the given thickness.
    public func inset(horizontal: Int = 1, vertical: Int = 1) -> Rect {
        Rect(x: x.plus(horizontal), y: y.plus(vertical),
             width: width.plus(-horizontal).plus(-horizontal), height: height.plus(-vertical).plus(-vertical))
    }

    /// The part that both rectangles share, empty where they share none.
    public func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x), top = max(y, other.y)
        return Rect(x: left, y: top, width: min(maxX, other.maxX).minus(left), height: min(maxY, other.maxY).minus(top))
    }

    /// The upper `rows` rows and the rest.
    public func split(top rows: Int) -> (Rect, Rect) {
        let cut = min(max(0, rows), height)
        return (Rect(x: x, y: y, width: width, height: cut),
                Rect(x: x, y: y.plus(cut), width: width, height: height - cut))
    }

    /// The left `columns` columns and the rest.
    public func split(left columns: Int) -> (Rect, Rect) {
        let cut = min(max(0, columns), width)
        return (Rect(x: x, y: y, width: cut, height: height),
                Rect(x: x.plus(cut), y: y, width: width - cut, height: height))
    }
}

extension Int {
    /// Sums and differences that stop at the end of the numbers: positions may come from outside.
    func plus(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    func minus(_ other: Int) -> Int {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }
}
