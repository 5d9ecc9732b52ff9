/// Writes JSON as UTF-8 bytes on one line, without a tree in between.
///
///     var writer = JSONWriter()
///     writer.beginObject()
///     writer.member("n", 3)
///     writer.endObject()
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init() {}

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    public mutating func beginObject() { open("{") }
    public mutating func endObject() { close("}") }
    public mutating func beginArray() { open("[") }
    public mutating func endArray() { close("]") }

    public mutating func key(_ key: String) {
        separate()
        appendQuoted(key)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func value(_ value: String) {
        separate()
        appendQuoted(value)
    }

    public mutating func value(_ value: Bool) { raw(value ? "true" : "false") }
    public mutating func value(_ value: Int) { raw(String(value)) }
    public mutating func value(_ value: UInt64) { raw(String(value)) }
    public mutating func null() { raw("null") }

    /// The shortest digits that give the same Double again; whole numbers without a point, NaN and infinities as texts.
    public mutating func value(_ value: Double) {
        guard value.isFinite else { return self.value(Self.name(ofNonFinite: value)) }
        if value == value.rounded(), abs(value) < 1e15, !(value == 0 && value.sign == .minus) {
            raw(String(Int(value)))
        } else {
            raw(value.description)
        }
    }

    public mutating func value(_ values: [Double]) {
        beginArray()
        for item in values { value(item) }
        endArray()
    }

    public mutating func value(_ json: JSONValue) {
        switch json {
        case .null: null()
        case .boolean(let item): value(item)
        case .integer(let item): value(item)
        case .unsigned(let item): value(item)
        case .number(let item): item.isFinite ? raw(item.description) : value(item)
        case .text(let item): value(item)
        case .array(let items):
            beginArray()
            for item in items { value(item) }
            endArray()
        case .object(let members):
            beginObject()
            for member in members { self.member(member.key, member.value) }
            endObject()
        }
    }

    public mutating func member(_ key: String, _ value: String) { self.key(key); self.value(value) }
    public mutating func member(_ key: String, _ value: Bool) { self.key(key); self.value(value) }
    public mutating func member(_ key: String, _ value: Int) { self.key(key); self.value(value) }
    public mutating func member(_ key: String, _ value: UInt64) { self.key(key); self.value(value) }
    public mutating func member(_ key: String, _ value: Double) { self.key(key); self.value(value) }
    public mutating func member(_ key: String, _ value: [Double]) { self.key(key); self.value(value) }
    public mutating func member(_ key: String, _ value: JSONValue) { self.key(key); self.value(value) }

    /// Appends text that is JSON already.
    public mutating func raw(_ json: String) {
        separate()
        bytes.append(contentsOf: json.utf8)
    }

    static func name(ofNonFinite value: Double) -> String {
        value.isNaN ? "nan" : value > 0 ? "inf" : "-inf"
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func open(_ character: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(ascii: character))
        needsComma = false
    }

    private mutating func close(_ character: Unicode.Scalar) {
        bytes.append(UInt8(ascii: character))
        needsComma = true
    }

    private mutating func appendQuoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                bytes.append(contentsOf: "\\u00\(digits.count < 2 ? "0" : "")\(digits)".utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
