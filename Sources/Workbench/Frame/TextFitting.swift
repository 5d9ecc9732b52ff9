import Terminal

extension String {
    /// The text in at most `width` columns, names cut in the middle with `…`.
    func cutInMiddle(_ width: Int) -> String {
        guard columnWidth > width else { return self }
        guard width > 1 else { return width == 1 ? "…" : "" }
        let head = width / 2
        return prefix(columns: head) + "…" + suffix(columns: width - 1 - head)
    }

    /// The text in at most `width` columns, cut at the end with `…`.
    func cutAtEnd(_ width: Int) -> String {
        guard columnWidth > width else { return self }
        return width > 0 ? prefix(columns: width - 1) + "…" : ""
    }

    /// As many characters from the start as fit in `columns`.
    func prefix(columns: Int) -> String {
        var taken = "", used = 0
        for character in self {
            let width = character.columnWidth
            guard used + width <= columns else { break }
            taken.append(character)
            used += width
        }
        return taken
    }

    /// As many characters from the end as fit in `columns`.
    func suffix(columns: Int) -> String {
        var taken: [Character] = [], used = 0
        for character in reversed() {
            let width = character.columnWidth
            guard used + width <= columns else { break }
            taken.append(character)
            used += width
        }
        return String(taken.reversed())
    }

    /// Blanks at the end up to `width` columns.
    func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - columnWidth)) }

    /// Blanks before up to `width` columns.
    func paddedLeft(_ width: Int) -> String { String(repeating: " ", count: max(0, width - columnWidth)) + self }

    /// Lines of at most `width` columns, broken at blanks; a longer word is broken where it must.
    func wrapped(_ width: Int) -> [String] {
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
                    let head = word.prefix(columns: width)
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
}
