import Terminal

/// A line of text under the keyboard.
public struct TextField: Sendable, Equatable {
    public private(set) var text: String
    /// Characters before the cursor.
    public private(set) var cursor: Int
    /// Longer text is cut: nobody types more, a paste may.
    public static let limit = 2000

    public init(_ text: String = "") {
        self.text = String(text.prefix(Self.limit))
        cursor = self.text.count
    }

    /// Takes a key of text or editing.
    /// - Returns: false for keys that are not the field's.
    public mutating func type(_ key: KeyPress) -> Bool {
        if let inserted = key.insertedText {
            insert(inserted)
            return true
        }
        switch key {
        case "backspace": if cursor > 0 { remove(at: cursor - 1); cursor -= 1 }
        case "delete": if cursor < text.count { remove(at: cursor) }
        case "left": cursor = max(0, cursor - 1)
        case "right": cursor = min(text.count, cursor + 1)
        case "home", "ctrl-a": cursor = 0
        case "end", "ctrl-e": cursor = text.count
        case "ctrl-u":
            text = String(text.dropFirst(cursor))
            cursor = 0
        case "ctrl-k": text = String(text.prefix(cursor))
        case "ctrl-w":
            var head = Array(text.prefix(cursor))
            while head.last == " " { head.removeLast() }
            while let last = head.last, last != " " { head.removeLast() }
            text = String(head) + text.dropFirst(cursor)
            cursor = head.count
        default: return false
        }
        return true
    }

    /// Inserts text at the cursor; line ends and other control characters become blanks.
    public mutating func insert(_ inserted: String) {
        let clean = String(inserted.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } ? " " : $0 })
        text = String((text.prefix(cursor) + clean + text.dropFirst(cursor)).prefix(Self.limit))
        cursor = min(cursor + clean.count, text.count)
    }

    private mutating func remove(at index: Int) {
        text.remove(at: text.index(text.startIndex, offsetBy: index))
    }

    /// Draws the text with its cursor, scrolled so that the cursor shows.
    public func draw(into grid: inout CellGrid, x: Int, y: Int, width: Int, styles: Styles) {
        guard width > 0 else { return }
        let before = String(text.prefix(cursor))
        let shown = before.columnWidth < width ? before : before.clippedAtStart(to: width - 1)
        let area = Rect(x: x, y: y, width: width, height: 1)
        grid.fill(area, with: " ", style: styles[.input])
        let column = x + grid.write(shown, x: x, y: y, style: styles[.input], within: area)
        let rest = String(text.dropFirst(cursor))
        grid.write(rest, x: column, y: y, style: styles[.input], within: area)
        grid.write(rest.first.map(String.init) ?? " ", x: column, y: y, style: styles[.cursor], within: area)
    }
}
