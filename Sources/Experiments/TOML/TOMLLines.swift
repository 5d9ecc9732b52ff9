/// Where the keys of a TOML document stand: the parser gives values without their lines, and an error without a line is half
/// an error. Reads table headers and the keys at line starts; that is all that theme, configuration and sweep files have.
package struct TOMLLines {
    private var lines: [String: Int] = [:]

    package init(_ text: String) {
        var table: [String] = []
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = raw.drop { $0 == " " || $0 == "\t" }
            if line.first == "[" {
                table = Self.path(line.drop { $0 == "[" }, end: "]") ?? []
                note(table, index + 1)
            } else if let key = Self.path(line, end: "=") {
                note(table + key, index + 1)
            }
        }
    }

    /// The line of a key by its dotted path, 1 for the first.
    package subscript(path: String) -> Int? { lines[path] }

    private mutating func note(_ path: [String], _ line: Int) {
        let name = path.joined(separator: ".")
        if !name.isEmpty, lines[name] == nil { lines[name] = line }
    }

    /// The parts of a dotted key, quoted or bare, up to the character that ends it; nil where there is none.
    private static func path(_ text: Substring, end: Character) -> [String]? {
        var parts: [String] = [], part = "", quote: Character?
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { part.append(character) }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == end {
                parts.append(part)
                return parts.contains("") ? nil : parts
            } else if character == "." {
                parts.append(part)
                part = ""
            } else if character == "#" {
                return nil
            } else if character != " ", character != "\t" {
                part.append(character)
            }
        }
        return nil
    }
}
