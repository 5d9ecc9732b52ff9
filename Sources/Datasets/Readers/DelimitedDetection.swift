/// What a table of text does not say of itself: its encoding, its delimiter, whether quotes mean anything.
extension DelimitedText {
    /// Tests the encoding of the whole text.
    /// - Returns: where the text starts (behind a byte-order mark).
    /// - Throws: `DatasetError` with the line of the first byte that is not UTF-8, and the likely encoding.
    static func checkEncoding(file: String, bytes: [UInt8], encoding: DelimitedFormat.Encoding) throws -> Int {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw DatasetError(file: file, place: "line 1", "is UTF-16; convert it with `iconv -f UTF-16 -t UTF-8`")
        }
        if let zero = bytes.firstIndex(of: 0) {
            throw DatasetError(file: file, place: "line \(lineNumber(of: zero, in: bytes))",
                               "holds a zero byte, so it is not a table of text; give the format with --as, or convert it to UTF-8")
        }
        if encoding == .utf8, let place = firstInvalidUTF8(bytes) {
            let code = String(bytes[place], radix: 16)
            throw DatasetError(file: file, place: "line \(lineNumber(of: place, in: bytes))",
                               "byte \(place) (0x\(code)) is not UTF-8; if the file is Latin-1, convert it with `iconv -f ISO-8859-1 -t UTF-8`")
        }
        return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The line (from 1) on which a byte stands.
    static func lineNumber(of index: Int, in bytes: [UInt8]) -> Int {
        var line = 1
        for byte in bytes.prefix(index) where byte == 0x0A { line += 1 }
        return line
    }

    /// The place of the first byte that breaks UTF-8 (Unicode 15, table 3-7), nil when all is well.
    static func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
        var i = 0
        while i < bytes.count {
            let lead = bytes[i]
            if lead < 0x80 { i += 1; continue }
            let count: Int
            var low: UInt8 = 0x80, high: UInt8 = 0xBF
            switch lead {
            case 0xC2...0xDF: count = 1
            case 0xE0: (count, low) = (2, 0xA0)
            case 0xED: (count, high) = (2, 0x9F)
            case 0xE1...0xEF: count = 2
            case 0xF0: (count, low) = (3, 0x90)
            case 0xF4: (count, high) = (3, 0x8F)
            case 0xF1...0xF3: count = 3
            default: return i
            }
            guard count < bytes.count - i else { return i }
            for k in 1...count {
                guard bytes[i + k] >= low, bytes[i + k] <= high else { return i }
                (low, high) = (0x80, 0xBF)
            }
            i += count + 1
        }
        return nil
    }

    /// The delimiter that cuts the first lines most evenly: tab, comma, semicolon, bar, then space. A comma (and a table of one
    /// column) where none does.
    static func findDelimiter(_ bytes: [UInt8], from start: Int) -> UInt8 {
        let candidates: [UInt8] = [0x09, 0x2C, 0x3B, 0x7C, 0x20]
        // At most 50 lines and 256 KiB tell enough.
        let lines = bytes[start...].prefix(1 << 18).split(separator: 0x0A, maxSplits: 51, omittingEmptySubsequences: true).prefix(50)
        var best: (delimiter: UInt8, share: Double) = (0x2C, 0)
        for candidate in candidates {
            var counts: [Int: Int] = [:]
            for line in lines { counts[separators(candidate, in: line), default: 0] += 1 }
            // The commonest positive count, and the share of lines that have it.
            guard let mode = counts.filter({ $0.key > 0 }).max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { continue }
            let share = Double(mode.value) / Double(lines.count)
            if share > best.share + 0.05 { best = (candidate, share) }
        }
        return best.share >= 0.5 ? best.delimiter : 0x2C
    }

    private static func separators(_ delimiter: UInt8, in line: ArraySlice<UInt8>) -> Int {
        var count = 0
        var isQuoted = false
        var previous: UInt8 = 0x20
        for byte in line {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            // A run of spaces is one separator, and none at the line's start.
            if byte == delimiter, !isQuoted, delimiter != 0x20 || previous != 0x20 { count += 1 }
            previous = byte
        }
        return count
    }

    /// Quotes mean something in tables separated by anything but tabs. In tab-separated text they do only where every field that
    /// begins with a quote also ends with one: texts with loose quotes are common there.
    static func findQuoting(_ bytes: [UInt8], from start: Int, delimiter: UInt8) -> DelimitedFormat.Quoting {
        guard delimiter == 0x09 else { return .doubled }
        var isFieldStart = true
        var sawQuotedField = false
        var i = start
        while i < bytes.count {
            if isFieldStart, bytes[i] == UInt8(ascii: "\"") {
                i += 1
                while i < bytes.count {
                    if bytes[i] == UInt8(ascii: "\"") {
                        guard i + 1 < bytes.count, bytes[i + 1] == UInt8(ascii: "\"") else { break }
                        i += 1
                    }
                    i += 1
                }
                guard i < bytes.count else { return .none }
                i += 1
                guard i == bytes.count || bytes[i] == delimiter || bytes[i] == 0x0A || bytes[i] == 0x0D else { return .none }
                sawQuotedField = true
                isFieldStart = false
                continue
            }
            isFieldStart = bytes[i] == delimiter || bytes[i] == 0x0A
            i += 1
        }
        return sawQuotedField ? .doubled : .none
    }
}
