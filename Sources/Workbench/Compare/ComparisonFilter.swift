import Experiments
import Terminal

/// What `/` leaves of a comparison: of its runs, in the words in which the list of runs is filtered, or of its results, by their names.
struct ComparisonFilter: Sendable {
    enum Part: Sendable { case runs, results }

    private var fields: [Part: TextField] = [:]
    /// What is being typed, and what stood there before.
    private var typing: (part: Part, before: String)?

    var isTyping: Bool { typing != nil }
    func text(_ part: Part) -> String { fields[part]?.text ?? "" }

    mutating func begin(_ part: Part) {
        typing = (part, text(part))
        fields[part] = TextField(text(part))
    }

    mutating func end(keeping: Bool) {
        guard let (part, before) = typing else { return }
        if !keeping { fields[part] = TextField(before) }
        typing = nil
    }

    mutating func clear() {
        fields = [:]
        typing = nil
    }

    mutating func type(_ key: KeyPress) -> Bool { typing.map { fields[$0.part]?.type(key) ?? false } ?? false }
    mutating func paste(_ text: String) { if let part = typing?.part { fields[part]?.insert(text) } }

    /// Completes the last word to the name of a field of runs.
    mutating func complete() {
        guard typing?.part == .runs else { return }
        let words = text(.runs).split(separator: " ", omittingEmptySubsequences: false)
        guard let last = words.last, !last.isEmpty, let field = RunQuery.fields.first(where: { $0.hasPrefix(last.lowercased()) }) else { return }
        fields[.runs] = TextField((words.dropLast().map(String.init) + [field]).joined(separator: " "))
    }

    /// The runs that are left; nil where nothing is left out.
    func runs(_ rows: [RunRow]) -> Set<String>? {
        let query = RunQuery(text(.runs))
        return query.isEmpty ? nil : Set(rows.filter(query.matches).map(\.identifier))
    }

    func results(_ table: ComparisonTable) -> ComparisonTable {
        let words = text(.results).split(separator: " ").map { TextPattern(String($0)) }
        return words.isEmpty ? table : table.filtered { row in words.allSatisfy { $0.matches("\(row.name) \(row.unit)") } }
    }

    /// "/ noise  ·  results / error": what is filtered by, for the line above the panels.
    var words: String {
        [(Part.runs, "runs"), (.results, "results")].compactMap { part, name in text(part).isEmpty ? nil : "\(name) / \(text(part))" }.joined(separator: "  ")
    }

    /// The line under the keyboard while it is typed.
    func draw(into grid: inout CellGrid, area: Rect, styles: Styles) {
        guard let part = typing?.part, let field = fields[part] else { return }
        let x = area.x + 1 + grid.write(part == .runs ? "runs / " : "results / ", x: area.x + 1, y: area.y, style: styles[.strong], within: area)
        field.draw(into: &grid, x: x, y: area.y, width: max(1, area.maxX - x - 1), styles: styles)
    }
}
