/// Where a text stands in the columns that it is given.
public enum TextAlignment: Sendable { case left, right, center }

/// Fitting text into columns. All count columns as the terminal does, and never cut a grapheme.
extension String {
    /// The beginning of the text, at most `columns` wide.
    public func clipped(to columns: Int) -> String {
        var result = ""
        var used = 0
        for character in self {
            let width = character.columnWidth
            guard used + width <= columns else { break }
            result.append(character)
            used += width
        }
        return result
    }

    /// The text where it fits, else its beginning with `…` at the end: for prose.
    public func truncated(to columns: Int) -> String {
        guard exceeds(columns) else { return self }
        return columns < 1 ? "" : clipped(to: columns - 1) + "…"
    }

    /// The text where it fits, else its beginning and its end with `…` in between: for names, whose ends tell them apart.
    public func middleTruncated(to columns: Int) -> String {
        guard exceeds(columns) else { return self }
        guard columns >= 1 else { return "" }
        let head = clipped(to: columns / 2)
        let room = columns - 1 - head.columnWidth
        var tail: [Character] = []
        var used = 0
        for character in reversed() {
            let width = character.columnWidth
            guard used + width <= room else { break }
            tail.append(character)
            used += width
        }
        return head + "…" + String(tail.reversed())
    }

    /// The text with blanks around it so that it takes exactly `columns`; too long a text is cut in the middle.
    public func padded(to columns: Int, _ alignment: TextAlignment = .left) -> String {
        let text = middleTruncated(to: columns)
        let blanks = Swift.max(0, columns - text.columnWidth)
        let before = switch alignment {
        case .left: 0
        case .right: blanks
        case .center: blanks / 2
        }
        return String(repeating: " ", count: before) + text + String(repeating: " ", count: blanks - before)
    }

    /// Whether the text is wider than `columns`, without measuring what is beyond.
    private func exceeds(_ columns: Int) -> Bool {
        var used = 0
        forEachGlyph { glyph in
            used += glyph.width
            return used <= columns
        }
        return used > columns
    }
}
