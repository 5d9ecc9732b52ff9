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

    /// The end of the text, at most `columns` wide.
    public func clippedAtStart(to columns: Int) -> String {
        var taken: [Character] = []
        var used = 0
        for character in reversed() {
            let width = character.columnWidth
            guard used + width <= columns else { break }
            taken.append(character)
            used += width
        }
        return String(taken.reversed())
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
        return head + "…" + clippedAtStart(to: columns - 1 - head.columnWidth)
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

    /// Lines of at most `width` columns, broken at blanks; a longer word is broken where it must.
    public func wrapped(_ width: Int) -> [String] {
        guard width > 0 else { return [] }
        var lines: [String] = []
        for paragraph in split(separator: "\n", omittingEmptySubsequences: false) {
            var line = ""
            for word in paragraph.split(separator: " ") {
                var word = String(word)
                if !line.isEmpty, line.columnWidth + 1 + word.columnWidth <= width {
                    line += " " + word
                    continue
                }
                if !line.isEmpty { lines.append(line) }
                while word.columnWidth > width {
                    let head = word.clipped(to: width)
                    guard !head.isEmpty else { break }
                    lines.append(head)
                    word.removeFirst(head.count)
                }
                line = word
            }
            lines.append(line)
        }
        return lines
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
