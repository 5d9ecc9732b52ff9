/// Walks over the fields of a message of Protocol Buffers' wire format without knowing its schema.
struct ProtobufFields {
    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        /// A range of the bytes: a text, bytes, a message or packed numbers.
        case bytes(Range<Int>)
    }

    private(set) var position: Int
    let end: Int

    init(_ range: Range<Int>) { (position, end) = (range.lowerBound, range.upperBound) }

    /// The next field; nil at the end.
    /// - Throws: `ProtobufError` where the bytes are no message.
    mutating func next(_ bytes: Span<UInt8>) throws(ProtobufError) -> (number: Int, value: Value)? {
        guard position < end else { return nil }
        let tag = try varint(bytes)
        let number = Int(truncatingIfNeeded: tag >> 3)
        guard number > 0 else { throw ProtobufError() }
        switch tag & 7 {
        case 0: return (number, .varint(try varint(bytes)))
        case 1: return (number, .fixed64(try fixed(bytes, as: UInt64.self)))
        case 2:
            let count = try varint(bytes)
            guard count <= UInt64(end - position) else { throw ProtobufError() }
            let range = position..<position + Int(count)
            position = range.upperBound
            return (number, .bytes(range))
        case 5: return (number, .fixed32(try fixed(bytes, as: UInt32.self)))
        default: throw ProtobufError()
        }
    }

    private mutating func varint(_ bytes: Span<UInt8>) throws(ProtobufError) -> UInt64 {
        guard position < end else { throw ProtobufError() }
        // Most are below 128.
        let first = bytes[position]
        position += 1
        if first < 0x80 { return UInt64(first) }
        var value = UInt64(first & 0x7F), shift: UInt64 = 7
        while position < end, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw ProtobufError()
    }

    private mutating func fixed<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(_ bytes: Span<UInt8>, as type: Word.Type) throws(ProtobufError) -> Word {
        guard end - position >= MemoryLayout<Word>.size else { throw ProtobufError() }
        defer { position += MemoryLayout<Word>.size }
        return bytes.littleEndian(position, as: type)
    }

    /// Packed doubles, or floats.
    static func numbers(_ bytes: Span<UInt8>, _ range: Range<Int>, isDouble: Bool) throws(ProtobufError) -> [Double] {
        var fields = ProtobufFields(range), numbers: [Double] = []
        let size = isDouble ? 8 : 4
        guard range.count.isMultiple(of: size) else { throw ProtobufError() }
        numbers.reserveCapacity(range.count / size)
        while fields.position < fields.end {
            numbers.append(isDouble ? Double(bitPattern: try fields.fixed(bytes, as: UInt64.self)) : Double(Float(bitPattern: try fields.fixed(bytes, as: UInt32.self))))
        }
        return numbers
    }

    static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        String(decoding: range.map { bytes[$0] }, as: UTF8.self)
    }
}

extension Span<UInt8> {
    /// The number that begins at a place, in the order of bytes that all these formats have. Whoever asks made sure that it is there.
    func littleEndian<Word: FixedWidthInteger & BitwiseCopyable>(_ place: Int, as type: Word.Type) -> Word {
        Word(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: place, as: type))
    }
}

/// The bytes are no message of Protocol Buffers.
struct ProtobufError: Error {}

/// Writes fields of Protocol Buffers' wire format.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    mutating func varint(_ number: Int, _ value: UInt64) {
        tag(number, 0)
        raw(value)
    }

    mutating func double(_ number: Int, _ value: Double) {
        tag(number, 1)
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * shift))) }
    }

    mutating func float(_ number: Int, _ value: Float) {
        tag(number, 5)
        for shift in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * shift))) }
    }

    mutating func data(_ number: Int, _ value: some Collection<UInt8>) {
        tag(number, 2)
        raw(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func text(_ number: Int, _ value: String) { data(number, Array(value.utf8)) }

    mutating func message(_ number: Int, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        data(number, inner.bytes)
    }

    mutating func packedDoubles(_ number: Int, _ values: [Double]) {
        var packed: [UInt8] = []
        for value in values { for shift in 0..<8 { packed.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * shift))) } }
        data(number, packed)
    }

    private mutating func tag(_ number: Int, _ kind: UInt64) { raw(UInt64(number) << 3 | kind) }

    private mutating func raw(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
