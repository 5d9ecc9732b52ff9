import Terminal

/// Rows and columns of text and numbers, scrolled both ways.
///
/// Numbers stand right with their points lined up and are never cut: where a number does not fit, its column is left out
/// and `›` says that there is more. Names are cut in the middle. Every column except the first `frozenColumns` scrolls.
public struct TableChart: Chart, Sendable {
    public enum Cell: Sendable, Hashable {
        case text(String)
        case number(Double)
        case empty
    }

    public struct Column: Sendable, Hashable {
        public var name: String
        public var unit: String
        /// Digits after the point; nil: as many as the column's numbers need, at most four significant.
        public var digits: Int?
        public var format: NumberFormat?
        /// The least width that text is cut to.
        public var minimumWidth: Int

        public init(_ name: String, unit: String = "", digits: Int? = nil, format: NumberFormat? = nil, minimumWidth: Int = 6) {
            self.name = name
            self.unit = unit
            self.digits = digits
            self.format = format
            self.minimumWidth = minimumWidth
        }
    }

    /// What stands before a row.
    public struct RowMark: Sendable, Hashable {
        /// The palette slot whose marker and colour the row carries.
        public var slot: Int
        public init(slot: Int) { self.slot = slot }
    }

    public var columns: [Column]
    public var rows: [[Cell]]
    /// The column whose order the rows have and its direction: drawn as ▲ or ▼, the rows are taken as given.
    public var sort: (column: Int, ascending: Bool)?
    /// The row under the cursor.
    public var cursor: Int?
    /// A cell by row and column.
    public struct Place: Sendable, Hashable {
        public var row: Int, column: Int
        public init(row: Int, column: Int) {
            self.row = row
            self.column = column
        }
    }

    /// Cells that stand out, such as the best number of a column.
    public var emphasised: Set<Place> = []
    /// Cells that say that something is wrong.
    public var warned: Set<Place> = []
    /// Marked rows by index.
    public var marks: [Int: RowMark] = [:]
    public var firstRow = 0
    public var firstColumn = 0
    public var frozenColumns = 1
    public var title: String

    public init(columns: [Column], rows: [[Cell]], title: String = "") {
        self.columns = columns
        self.rows = rows
        self.title = title
    }
}
