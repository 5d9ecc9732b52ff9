/// How a text becomes tokens (section 2.2 of the sheet).
package enum Tokenisation: String, Sendable, Codable {
    /// Whatever stands between single spaces; capitals count.
    case spaces
    /// Single characters of each word, which is padded with one space on both sides; n-grams stay inside a word.
    case characters
    /// Runs of two or more of `a-z`, `0-9`, `+` and `#`, capitals made small.
    case words

    /// The bits that a token's number takes in the key of an n-gram, and so the longest n-gram.
    var bits: UInt64 { self == .characters ? 21 : 32 }
    var longest: Int { self == .characters ? 3 : 2 }

    /// Calls `token` for each token and `end` where no n-gram may run across.
    func forEach(in text: ArraySlice<UInt8>, token: (ArraySlice<UInt8>) -> Void, end: () -> Void) {
        switch self {
        case .spaces:
            for word in text.split(separator: 0x20) { token(word) }
        case .characters:
            let space = ArraySlice([UInt8(0x20)])
            for word in text.split(separator: 0x20) {
                token(space)
                var position = word.startIndex
                while position < word.endIndex {
                    var next = position + 1
                    while next < word.endIndex, word[next] & 0xC0 == 0x80 { next += 1 }
                    token(word[position..<next])
                    position = next
                }
                token(space)
                end()
            }
        case .words:
            let small = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }[...]
            var position = 0
            while position < small.count {
                let first = position
                while position < small.count, Self.isWordByte(small[position]) { position += 1 }
                if position - first >= 2 { token(small[first..<position]) }
                position = max(position, first + 1)
            }
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "#"): true
        default: false
        }
    }
}
