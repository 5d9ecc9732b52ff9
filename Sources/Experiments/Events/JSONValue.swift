/// A JSON value that keeps what matters for records of numbers: whole numbers stay apart from reals, members keep their order,
/// and every Double comes back bit for bit. NaN and infinities, which JSON lacks, are the texts "nan", "inf" and "-inf".
public enum JSONValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// A whole number above `Int.max`, such as a seed.
    case unsigned(UInt64)
    case number(Double)
    case text(String)
    case array([JSONValue])
    case object([Member])

    public struct Member: Sendable, Equatable {
        public var key: String
        public var value: JSONValue
        public init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value of a member; nil where this is no object or has no such member.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The number, where this is one; the texts "nan", "inf" and "-inf" are numbers as well.
    public var double: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .text("nan"): .nan
        case .text("inf"): .infinity
        case .text("-inf"): -.infinity
        default: nil
        }
    }

    public var int: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    public var uint64: UInt64? {
        switch self {
        case .integer(let value): UInt64(exactly: value)
        case .unsigned(let value): value
        case .number(let value): UInt64(exactly: value)
        default: nil
        }
    }

    public var string: String? {
        guard case .text(let value) = self else { return nil }
        return value
    }

    public var bool: Bool? {
        guard case .boolean(let value) = self else { return nil }
        return value
    }

    public var elements: [JSONValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    public var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}

extension JSONValue: Codable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Key.self) {
            self = .object(try container.allKeys.map { Member($0.stringValue, try container.decode(JSONValue.self, forKey: $0)) })
        } else if var container = try? decoder.unkeyedContainer() {
            var values: [JSONValue] = []
            while !container.isAtEnd { values.append(try container.decode(JSONValue.self)) }
            self = .array(values)
        } else {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() { self = .null
            } else if let value = try? container.decode(Bool.self) { self = .boolean(value)
            } else if let value = try? container.decode(Int.self) {
                // Foundation writes -0.0 as -0.
                let real = value == 0 ? try? container.decode(Double.self) : nil
                self = real?.sign == .minus ? .number(-0.0) : .integer(value)
            } else if let value = try? container.decode(UInt64.self) { self = .unsigned(value)
            } else if let value = try? container.decode(Double.self) { self = .number(value)
            } else { self = .text(try container.decode(String.self)) }
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let members):
            var container = encoder.container(keyedBy: Key.self)
            for member in members { try container.encode(member.value, forKey: Key(stringValue: member.key)) }
        case .array(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(value) }
        default:
            var container = encoder.singleValueContainer()
            switch self {
            case .boolean(let value): try container.encode(value)
            case .integer(let value): try container.encode(value)
            case .unsigned(let value): try container.encode(value)
            case .number(let value) where value.isFinite: try container.encode(value)
            case .number(let value): try container.encode(JSONWriter.name(ofNonFinite: value))
            case .text(let value): try container.encode(value)
            default: try container.encodeNil()
            }
        }
    }
}
