/// Walks over the lines of a text in bytes without copying them; LF and CRLF end a line.
struct TextLines {
    let file: String
    let bytes: [UInt8]
    private(set) var line = 0
    /// Where the present line begins and ends, its line break left out.
    private(set) var start = 0, end = 0
    /// What of the present line was not taken yet.
    var position = 0
    private var next = 0

    init(_ file: DatasetFiles.File) {
        self.file = file.name
        bytes = file.bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { next = 3 }
    }

    /// Steps to the next line; false at the end.
    mutating func advance() -> Bool {
        guard next < bytes.count else { return false }
        start = next
        var index = next
        while index < bytes.count, bytes[index] != 0x0A { index += 1 }
        next = index + 1
        end = index > start && bytes[index - 1] == 0x0D ? index - 1 : index
        position = start
        line += 1
        return true
    }

    func failure(_ sentence: String) -> DatasetError { DatasetError(file: file, place: "line \(line)", sentence) }

    var isComment: Bool { start < end && bytes[start] == UInt8(ascii: "#") }
    var isBlank: Bool { start == end }
    var isAtEnd: Bool { position >= end }

    /// Takes a whole number that is not negative; nil when there is none here or it has more than nine digits.
    mutating func number() -> Int? {
        var value = 0
        let first = position
        while position < end, bytes[position] >= 0x30, bytes[position] <= 0x39 {
            guard position - first < 9 else { return nil }
            value = value * 10 + Int(bytes[position] - 0x30)
            position += 1
        }
        return position > first ? value : nil
    }

    /// Takes one byte if it is the next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard position < end, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// Takes the spaces and tabs that stand here; false when there are none.
    mutating func takeSpace() -> Bool {
        let first = position
        while position < end, bytes[position] == 0x09 || bytes[position] == 0x20 { position += 1 }
        return position > first
    }

    /// Takes what stands before the next `separator`, and the separator.
    mutating func field(separator: UInt8 = 0x09) -> Range<Int> {
        let first = position
        while position < end, bytes[position] != separator { position += 1 }
        let range = first..<position
        if position < end { position += 1 }
        return range
    }

    /// Bytes of the present line as text; nil when they are not UTF-8.
    func text(_ range: Range<Int>) -> String? { String(validating: bytes[range], as: UTF8.self) }
}

extension UTF8Span {
    /// Whether bytes are UTF-8, found without a copy.
    static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
        (try? UTF8Span(validating: bytes.span)) != nil
    }
}
