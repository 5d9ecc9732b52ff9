import Experiments

/// The parts of a table whose rows a text column divides: pages that are turned, or groups that can be shown alone.
struct TableParts {
    let column: Int
    /// What the column is called.
    let title: String
    /// Its texts, in the order in which they first come.
    let names: [String]

    /// - Parameter isMeant: whether a column of that name may divide; the first text column of these does.
    /// - Returns: nil where no column divides.
    init?(_ table: RunEvent.Table, where isMeant: (String) -> Bool) {
        guard let column = table.columns.indices.first(where: { place in isMeant(table.columns[place].name) && table.rows.first.flatMap { Self.text($0, place) } != nil }) else { return nil }
        self.column = column
        title = table.columns[column].name
        var seen: Set<String> = []
        names = table.rows.compactMap { Self.text($0, column) }.filter { seen.insert($0).inserted }
    }

    /// The text of a cell; nil where there is none.
    static func text(_ row: [RunEvent.Table.Cell], _ column: Int) -> String? {
        if row.indices.contains(column), case .text(let text) = row[column] { text } else { nil }
    }

    /// The name at a place, the last where the place is beyond; nil without any.
    func name(at place: Int) -> String? { names.isEmpty ? nil : names[min(max(0, place), names.count - 1)] }

    /// The place after a step to the right or left, within the names.
    func moved(_ place: Int, forward: Bool) -> Int { forward ? min(max(0, names.count - 1), place + 1) : max(0, min(max(0, names.count - 1), place) - 1) }

    /// "second · 2 of 5".
    func status(at place: Int) -> String {
        guard let name = name(at: place) else { return "" }
        return names.count > 1 ? "\(name) · \(min(max(0, place), names.count - 1) + 1) of \(names.count)" : name
    }
}
