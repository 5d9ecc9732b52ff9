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
        case 1: return (number, .fixed64(try fixed(bytes, 8)))
        case 2:
            let count = try varint(bytes)
            guard count <= UInt64(end - position) else { throw ProtobufError() }
            let range = position..<position + Int(count)
            position = range.upperBound
            return (number, .bytes(range))
        case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try fixed(bytes, 4))))
        default: throw ProtobufError()
        }
    }

    private mutating func varint(_ bytes: Span<UInt8>) throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0, shift: UInt64 = 0
        while position < end, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw ProtobufError()
    }

    private mutating func fixed(_ bytes: Span<UInt8>, _ count: Int) throws(ProtobufError) -> UInt64 {
        guard end - position >= count else { throw ProtobufError() }
        var value: UInt64 = 0
        for index in 0..<count { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
        position += count
        return value
    }

    /// Packed doubles, or floats.
    static func numbers(_ bytes: Span<UInt8>, _ range: Range<Int>, isDouble: Bool) throws(ProtobufError) -> [Double] {
        var fields = ProtobufFields(range), numbers: [Double] = []
        let size = isDouble ? 8 : 4
        guard range.count.isMultiple(of: size) else { throw ProtobufError() }
        numbers.reserveCapacity(range.count / size)
        while fields.position < fields.end {
            let bits = try fields.fixed(bytes, size)
            numbers.append(isDouble ? Double(bitPattern: bits) : Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
        }
        return numbers
    }

    static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        String(decoding: range.map { bytes[$0] }, as: UTF8.self)
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
