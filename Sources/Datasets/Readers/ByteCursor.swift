/// Walks over bytes from outside with every step checked: the base of all binary readers.
struct ByteCursor {
    let file: String
    let bytes: [UInt8]
    private(set) var position: Int
    /// Where the part that may be read ends.
    let end: Int

    init(file: String, bytes: [UInt8], from position: Int = 0) {
        self.file = file
        self.bytes = bytes
        self.position = min(max(0, position), bytes.count)
        end = bytes.count
    }

    var remaining: Int { end - position }

    /// An error at the present place.
    func failure(_ sentence: String) -> DatasetError { DatasetError(file: file, place: "byte \(position)", sentence) }

    private func require(_ count: Int) throws {
        guard count >= 0, count <= remaining else {
            throw failure("\(count) bytes are announced and \(remaining) are left; the file is cut short or damaged, fetch it again")
        }
    }

    mutating func byte() throws -> UInt8 {
        try require(1)
        position += 1
        return bytes[position - 1]
    }

    mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        try require(count)
        position += count
        return bytes[(position - count)..<position]
    }

    mutating func skip(_ count: Int) throws {
        try require(count)
        position += count
    }

    /// A whole number of `T`'s size, least significant byte first.
    mutating func littleEndian<T: FixedWidthInteger>(_: T.Type) throws -> T {
        T(littleEndianBytes: try take(MemoryLayout<T>.size))
    }

    /// A whole number of `T`'s size, most significant byte first.
    mutating func bigEndian<T: FixedWidthInteger>(_: T.Type) throws -> T {
        T(littleEndianBytes: try take(MemoryLayout<T>.size)).byteSwapped
    }

    /// Text up to a line feed, which is taken too.
    mutating func line(limit: Int = 4096) throws -> String {
        var index = position
        while index < end, bytes[index] != 0x0A, index - position <= limit { index += 1 }
        guard index < end, bytes[index] == 0x0A else { throw failure("a line has no end here; the file is cut short or damaged") }
        guard let text = String(validating: bytes[position..<index], as: UTF8.self) else {
            throw failure("text is not UTF-8; the file is damaged")
        }
        position = index + 1
        return text
    }
}

extension FixedWidthInteger {
    /// Builds a number from its bytes, least significant first; bytes beyond the width are ignored.
    init(littleEndianBytes bytes: ArraySlice<UInt8>) {
        var value: Self = 0
        var shift = 0
        for byte in bytes {
            value |= Self(truncatingIfNeeded: byte) << shift
            shift += 8
        }
        self = value
    }
}

/// The product of sizes from outside, nil when negative or above `limit`: asked before anything is allocated.
func elementCount(_ shape: [Int], limit: Int = Limits.elements) -> Int? {
    var product = 1
    for size in shape {
        guard size >= 0 else { return nil }
        let (next, overflow) = product.multipliedReportingOverflow(by: size)
        guard !overflow else { return nil }
        product = next
    }
    return product <= limit ? product : nil
}
