/// How a table of text is written; nil parts are found out from the text.
public struct DelimitedFormat: Sendable, Hashable {
    public enum Quoting: Sendable, Hashable {
        /// Fields may stand in double quotes, doubled inside (RFC 4180).
        case doubled
        /// A quote is an ordinary character.
        case none
    }
    public enum Header: Sendable, Hashable {
        case present, absent, automatic
    }
    public enum Encoding: Sendable, Hashable {
        case utf8, latin1
    }

    /// The byte between two fields; nil: found out among tab, comma, semicolon, bar and space. With a space, runs count as one.
    public var delimiter: UInt8?
    /// nil: found out.
    public var quoting: Quoting?
    public var header: Header
    public var encoding: Encoding
    /// Column names where the text has no header.
    public var columnNames: [String]
    /// Whether rows may have fewer or more fields than the first; missing ones are empty, further ones make further columns.
    public var allowsRaggedRows: Bool

    public init(delimiter: Character? = nil, quoting: Quoting? = nil, header: Header = .automatic, encoding: Encoding = .utf8,
                columnNames: [String] = [], allowsRaggedRows: Bool = false) {
        self.delimiter = delimiter?.asciiValue
        self.quoting = quoting
        self.header = header
        self.encoding = encoding
        self.columnNames = columnNames
        self.allowsRaggedRows = allowsRaggedRows
    }
}

/// A table of text cut into fields (comma, tab or otherwise separated), one pass, fields kept as places in the bytes.
struct DelimitedText {
    let file: String
    let bytes: [UInt8]
    let delimiter: UInt8
    let quoting: DelimitedFormat.Quoting
    let encoding: DelimitedFormat.Encoding
    /// Names from the header, or nil when the first row is data.
    private(set) var header: [String]?
    /// First byte of the data rows and the number of the line that starts there.
    private var start: Int
    private var startLine: Int

    /// A field's place: the bytes between the quotes when it is quoted.
    struct Field {
        var start: Int
        var end: Int
        var isQuoted = false
        /// Whether doubled quotes stand inside.
        var hasEscapes = false
    }

    /// One row; `line` counts from 1, line feeds inside quotes included.
    struct Row {
        var line = 0
        var fields: [Field] = []
    }

    /// Finds the delimiter, the quoting and the header, and tests the encoding of the whole text.
    init(file: String, bytes: [UInt8], format: DelimitedFormat) throws {
        self.file = file
        self.bytes = bytes
        encoding = format.encoding
        let first = try Self.checkEncoding(file: file, bytes: bytes, encoding: format.encoding)
        let delimiter = format.delimiter ?? Self.findDelimiter(bytes, from: first)
        self.delimiter = delimiter
        quoting = format.quoting ?? Self.findQuoting(bytes, from: first, delimiter: delimiter)
        start = first
        startLine = 1
        header = nil
        guard format.header != .absent else { return }

        var reader = rows()
        guard let row = try reader.next() else { return }
        // A first line that starts with "#" is a header in the plain graph layout.
        let isComment = !row.fields[0].isQuoted && row.fields[0].start < bytes.count && bytes[row.fields[0].start] == UInt8(ascii: "#")
        guard try isComment || format.header == .present || looksLikeHeader(row) else { return }
        var names = row.fields.map { text($0) }
        if isComment { names[0] = String(names[0].drop { $0 == "#" || $0 == " " }) }
        (header, start, startLine) = (names, reader.position, reader.line)
    }

    /// The data rows from the first on. Blank lines are left out.
    func rows() -> RowReader { RowReader(text: self, position: start, line: startLine) }

    /// A field's text, doubled quotes undone.
    func text(_ field: Field) -> String {
        let slice = bytes[field.start..<field.end]
        let content = field.hasEscapes ? Self.undoubled(slice) : Array(slice)
        if encoding == .latin1 { return String(String.UnicodeScalarView(content.map { Unicode.Scalar($0) })) }
        return String(decoding: content, as: UTF8.self)
    }

    /// A field's number, nil when it is none. "nan", "inf" and their kin are numbers.
    func number(_ field: Field) -> Double? { parseDecimal(bytes, field.start, field.end) }

    /// Whether a field stands for "no value": empty, or NA, N/A, NULL, None, ? or . without quotes.
    func isMissing(_ field: Field) -> Bool {
        var (start, end) = (field.start, field.end)
        while start < end, bytes[start] == 0x20 { start += 1 }
        while end > start, bytes[end - 1] == 0x20 { end -= 1 }
        if start == end { return true }
        if field.isQuoted || end - start > 4 { return false }
        return Self.missingMarks.contains(Array(bytes[start..<end]))
    }

    private static let missingMarks: Set<[UInt8]> = Set(["NA", "N/A", "NULL", "null", "None", "?", "."].map { Array($0.utf8) })

    private static func undoubled(_ slice: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var isSecond = false
        for byte in slice {
            if byte == UInt8(ascii: "\"") {
                isSecond.toggle()
                if !isSecond { continue }
            } else {
                isSecond = false
            }
            result.append(byte)
        }
        return result
    }

    // MARK: - Header

    /// A header is a row of names: no field is a number, and either some column below it is numeric, or all fields are
    /// different, filled, and none comes again in its column.
    private func looksLikeHeader(_ first: Row) throws -> Bool {
        let isName = first.fields.map { !isMissing($0) && number($0) == nil }
        guard isName.contains(true) else { return false }
        var reader = rows()
        _ = try reader.next()
        var isNumeric = first.fields.map { _ in true }
        var hasRepeat = false
        var sampled = 0
        let names = first.fields.map { text($0) }
        while sampled < 100, let row = try? reader.next() {
            sampled += 1
            for (column, field) in row.fields.enumerated() where column < isNumeric.count {
                if !isMissing(field), number(field) == nil { isNumeric[column] = false }
                if names[column] == text(field) { hasRepeat = true }
            }
        }
        guard sampled > 0 else { return !isName.contains(false) && Set(names).count == names.count && names.count > 1 }
        for column in isName.indices where isName[column] && isNumeric[column] { return true }
        return !isName.contains(false) && Set(names).count == names.count && !hasRepeat && sampled > 1
    }
}

/// Cuts rows one after another.
struct RowReader {
    let text: DelimitedText
    private(set) var position: Int
    private(set) var line: Int

    init(text: DelimitedText, position: Int, line: Int) {
        self.text = text
        self.position = position
        self.line = line
    }

    /// The next row, nil at the end.
    /// - Throws: `DatasetError` with the line when a quoted field has no end or is followed by text.
    mutating func next() throws -> DelimitedText.Row? {
        let bytes = text.bytes
        while position < bytes.count, bytes[position] == 0x0A || bytes[position] == 0x0D {
            if bytes[position] == 0x0A { line += 1 }
            position += 1
        }
        guard position < bytes.count else { return nil }
        var row = DelimitedText.Row(line: line)
        let isSpaced = text.delimiter == 0x20
        if isSpaced { skipSpaces() }
        while true {
            var field: DelimitedText.Field
            if text.quoting == .doubled, position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
                field = try quotedField()
            } else {
                field = DelimitedText.Field(start: position, end: position)
                while position < bytes.count, bytes[position] != text.delimiter, bytes[position] != 0x0A { position += 1 }
                field.end = position
                // A carriage return before the line feed (or the end) belongs to the line's end.
                if field.end > field.start, bytes[field.end - 1] == 0x0D, position >= bytes.count || bytes[position] == 0x0A { field.end -= 1 }
            }
            row.fields.append(field)
            if isSpaced { skipSpaces() }
            guard position < bytes.count else { break }
            if bytes[position] == 0x0A {
                position += 1
                line += 1
                break
            }
            if isSpaced { continue }
            position += 1
        }
        return row
    }

    private mutating func skipSpaces() {
        while position < text.bytes.count, text.bytes[position] == 0x20 { position += 1 }
        if position < text.bytes.count, text.bytes[position] == 0x0D,
           position + 1 == text.bytes.count || text.bytes[position + 1] == 0x0A { position += 1 }
    }

    private mutating func quotedField() throws -> DelimitedText.Field {
        let bytes = text.bytes
        let opening = line
        position += 1
        var field = DelimitedText.Field(start: position, end: position, isQuoted: true)
        while true {
            guard position < bytes.count else {
                throw DatasetError(file: text.file, place: "line \(opening)", "a quoted field has no closing quote; close it, or double the quotes inside")
            }
            if bytes[position] == 0x0A { line += 1 }
            if bytes[position] == UInt8(ascii: "\"") {
                guard position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\"") else { break }
                field.hasEscapes = true
                position += 1
            }
            position += 1
        }
        field.end = position
        position += 1
        if position + 1 < bytes.count, bytes[position] == 0x0D, bytes[position + 1] == 0x0A { position += 1 }
        if position + 1 == bytes.count, bytes[position] == 0x0D { position += 1 }
        guard position >= bytes.count || bytes[position] == text.delimiter || bytes[position] == 0x0A else {
            throw DatasetError(file: text.file, place: "line \(line)", "text follows a closing quote; double the quotes inside the field")
        }
        return field
    }
}
