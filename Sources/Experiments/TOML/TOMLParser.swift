/// Reads a TOML document scalar by scalar.
struct TOMLParser {
    private static let deepest = 16
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var line = 1

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func document() throws(TOMLSyntaxError) -> TOMLTable {
        var root = TOMLTable(), current: [String] = []
        skipBlankLines()
        while let next = peek {
            let start = line
            if next == "[" {
                index += 1
                guard peek != "[" else { throw error("lists of tables ([[…]]) have no place here") }
                current = try keyPath()
                guard take("]") else { throw error("the name of a table ends with ]") }
                guard root.admitsTable(at: current[...]) else { throw TOMLSyntaxError(line: start, description: "“\(current.joined(separator: "."))” is a value already") }
            } else {
                let path = current + (try keyPath())
                guard take("=") else { throw error("after a key comes = and its value") }
                let value = try value(depth: 0)
                guard root.insert(value, at: path[...]) else {
                    throw TOMLSyntaxError(line: start, description: "“\(path.joined(separator: "."))” is there twice")
                }
            }
            skipBlanks()
            skipComment()
            guard peek == nil || isLineEnd else { throw error("nothing may follow on the same line") }
            skipBlankLines()
        }
        return root
    }

    // MARK: Pieces

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }
    private var isLineEnd: Bool { peek == "\n" || (peek == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n") }

    private func error(_ sentence: String) -> TOMLSyntaxError { TOMLSyntaxError(line: line, description: sentence) }

    private mutating func skipBlanks() { while peek == " " || peek == "\t" { index += 1 } }

    private mutating func skipComment() {
        guard peek == "#" else { return }
        while peek != nil, !isLineEnd { index += 1 }
    }

    private mutating func skipBlankLines() {
        while true {
            skipBlanks()
            skipComment()
            guard isLineEnd else { return }
            if peek == "\r" { index += 1 }
            index += 1
            line += 1
        }
    }

    /// Takes a mark, blanks around it included.
    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard peek == mark else { return false }
        index += 1
        skipBlanks()
        return true
    }

    private mutating func keyPath() throws(TOMLSyntaxError) -> [String] {
        var path = [try key()]
        while take(".") {
            guard path.count < Self.deepest else { throw error("the key has too many parts") }
            path.append(try key())
        }
        return path
    }

    private mutating func key() throws(TOMLSyntaxError) -> String {
        skipBlanks()
        if peek == "\"" || peek == "'" { return try text() }
        var name = ""
        while let next = peek, ("a"..."z").contains(next) || ("A"..."Z").contains(next) || ("0"..."9").contains(next) || next == "_" || next == "-" {
            name.unicodeScalars.append(next)
            index += 1
        }
        guard !name.isEmpty else { throw error("a key is expected: letters, digits, _ and -, or a text in quotes") }
        return name
    }

    private mutating func value(depth: Int) throws(TOMLSyntaxError) -> TOMLValue {
        guard depth < Self.deepest else { throw error("lists and tables lie too deep in each other") }
        skipBlanks()
        switch peek {
        case "\"", "'": return TOMLValue(kind: .text(try text()))
        case "[": return TOMLValue(kind: .list(try list(depth: depth)))
        case "{": return TOMLValue(kind: .table(try inlineTable(depth: depth)))
        default: return try word()
        }
    }

    private mutating func list(depth: Int) throws(TOMLSyntaxError) -> [TOMLValue] {
        index += 1
        var items: [TOMLValue] = []
        while true {
            skipBlankLines()
            if take("]") { return items }
            items.append(try value(depth: depth + 1))
            skipBlankLines()
            if take(",") { continue }
            guard take("]") else { throw error("the list is not closed with ]") }
            return items
        }
    }

    private mutating func inlineTable(depth: Int) throws(TOMLSyntaxError) -> TOMLTable {
        index += 1
        var table = TOMLTable()
        if take("}") { return table }
        while true {
            let path = try keyPath()
            guard take("=") else { throw error("after a key comes = and its value") }
            let value = try value(depth: depth + 1)
            guard table.insert(value, at: path[...]) else { throw error("“\(path.joined(separator: "."))” is there twice") }
            if take(",") { continue }
            guard take("}") else { throw error("the table is not closed with }") }
            return table
        }
    }

    /// true, false or a number.
    private mutating func word() throws(TOMLSyntaxError) -> TOMLValue {
        var word = ""
        while let next = peek, !",]}#= \t\n\r".unicodeScalars.contains(next) {
            word.unicodeScalars.append(next)
            index += 1
        }
        switch word {
        case "true": return TOMLValue(kind: .boolean(true))
        case "false": return TOMLValue(kind: .boolean(false))
        case "": throw error("a value is expected")
        default:
            guard let number = Double(word.filter { $0 != "_" }) else {
                throw error("“\(word.prefix(40))” is no value; texts stand in quotes")
            }
            return TOMLValue(kind: .number(number))
        }
    }

    /// A text in double quotes, with escapes, or in single quotes, without.
    private mutating func text() throws(TOMLSyntaxError) -> String {
        guard let quote = peek else { throw error("a text is expected") }
        index += 1
        var text = ""
        while let next = peek {
            if isLineEnd { break }
            index += 1
            if next == quote {
                guard !(text.isEmpty && peek == quote) else { throw error("texts of several lines have no place here") }
                return text
            }
            guard next == "\\", quote == "\"" else {
                text.unicodeScalars.append(next)
                continue
            }
            text.unicodeScalars.append(try escape())
        }
        throw error("the text is not closed with \(quote)")
    }

    private mutating func escape() throws(TOMLSyntaxError) -> Unicode.Scalar {
        guard let code = peek else { throw error("the text ends in the middle of an escape") }
        index += 1
        switch code {
        case "\"", "\\": return code
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "e": return "\u{1B}"
        case "u", "U":
            let count = code == "u" ? 4 : 8
            var digits = ""
            while digits.count < count, let next = peek, next.properties.isASCIIHexDigit {
                digits.unicodeScalars.append(next)
                index += 1
            }
            guard digits.count == count, let number = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(number) else {
                throw error("\\\(code) needs \(count) hexadecimal digits of a character")
            }
            return scalar
        default: throw error("there is no escape \\\(code)")
        }
    }
}
