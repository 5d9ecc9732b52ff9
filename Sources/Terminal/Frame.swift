/// What a screen shows at one moment: its cells and, in a text field, the cursor.
public struct Frame: Sendable, Equatable {
    /// A cell, counted from the upper left.
    public struct Position: Hashable, Sendable {
        public var x: Int
        public var y: Int
        public init(x: Int, y: Int) {
            self.x = x
            self.y = y
        }
    }

    public var grid: CellGrid
    /// Where the terminal's cursor blinks; nil hides it.
    public var cursor: Position?

    public init(_ grid: CellGrid, cursor: Position? = nil) {
        self.grid = grid
        self.cursor = cursor
    }
}
