import Terminal

/// Where the panels of a screen stand in an area of any size.
///
/// Small screens show the focused panel alone under a line of tabs; from 100 columns (or in tall, narrow terminals) panels stand
/// in rows, and where not all rows fit, the page that holds the focus is shown.
package struct RunLayout: Equatable {
    package struct Spot: Equatable {
        /// The panel's number.
        package var panel: Int
        /// Its frame.
        package var frame: Rect
    }

    /// The line of tabs; nil where all panels are in sight.
    package var tabs: Rect?
    package var spots: [Spot] = []

    /// Rows that a panel wants at least, frame included.
    static let leastHeight = 9
    static let leastWidth = 46

    /// - Parameter wide: for each panel, whether it asks for the whole width.
    package init(wide: [Bool], focus: Int, isZoomed: Bool, in area: Rect) {
        guard !wide.isEmpty, !area.isEmpty else { return }
        let focus = min(max(0, focus), wide.count - 1)
        let columns = min(3, area.width / Self.leastWidth)
        let isGrid = area.width >= 100 && area.height >= 2 * Self.leastHeight || area.width >= 60 && area.height >= 40
        guard isGrid, !isZoomed, wide.count > 1 else {
            let (line, rest) = area.split(top: wide.count > 1 && area.height > 4 ? 1 : 0)
            tabs = line.isEmpty ? nil : line
            spots = [Spot(panel: focus, frame: rest)]
            return
        }
        let rows = Self.rows(wide, columns: max(1, columns))
        let fitting = max(1, area.height / Self.leastHeight)
        var shown = rows[...]
        var body = area
        if rows.count > fitting {
            let room = max(1, (area.height - 1) / Self.leastHeight)
            let row = rows.firstIndex { $0.contains(focus) } ?? 0
            let page = row / room
            shown = rows[(page * room)..<min(rows.count, (page + 1) * room)]
            let (line, rest) = area.split(top: 1)
            tabs = line
            body = rest
        }
        place(Array(shown), in: body)
    }

    /// Panels in their order, row by row; one that is wide has a row of its own.
    private static func rows(_ wide: [Bool], columns: Int) -> [[Int]] {
        var rows: [[Int]] = [[]]
        for (panel, isWide) in wide.enumerated() {
            let last = rows[rows.count - 1]
            let isFull = last.count >= columns || last.first.map { wide[$0] } ?? false || isWide && !last.isEmpty
            if isFull { rows.append([panel]) } else { rows[rows.count - 1].append(panel) }
        }
        return rows
    }

    private mutating func place(_ rows: [[Int]], in area: Rect) {
        for (r, row) in rows.enumerated() {
            let top = area.height * r / rows.count, bottom = area.height * (r + 1) / rows.count
            for (c, panel) in row.enumerated() {
                let left = area.width * c / row.count, right = area.width * (c + 1) / row.count
                spots.append(Spot(panel: panel, frame: Rect(x: area.x + left, y: area.y + top, width: right - left,
                                                               height: bottom - top)))
            }
        }
    }

    /// The frame of a panel, where it is in sight.
    package func frame(of panel: Int) -> Rect? { spots.first { $0.panel == panel }?.frame }
}
