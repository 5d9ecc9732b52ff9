import Foundation

/// Why a line is not an event: one sentence that names the key.
public struct RunEventError: Error, CustomStringConvertible, Sendable, Equatable {
    public var description: String
    init(_ sentence: String) { description = sentence }
}

extension RunEvent {
    /// The event as one JSON object on one line, without the line's end; see `docs/events.md`.
    public var jsonLine: String { String(decoding: jsonBytes, as: UTF8.self) }

    public var jsonBytes: [UInt8] {
        if case .unknown(_, let json) = payload { return Array(unknownLine(json).utf8) }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("v", Self.version)
        writer.member("n", sequence)
        writer.key("t")
        writer.raw(time.isFinite ? time.description : "0")
        payload.write(to: &writer)
        writer.endObject()
        return writer.bytes
    }

    /// The text as it came, with the sequence and time set anew only where they were changed since.
    private func unknownLine(_ json: String) -> String {
        guard case .object(var members)? = try? JSONValue(parsing: json) else { return json }
        let object = JSONValue.object(members)
        if object["n"]?.int == sequence, object["t"]?.double == time { return json }
        members.removeAll { $0.key == "n" || $0.key == "t" }
        members.insert(contentsOf: [.init("n", .integer(sequence)), .init("t", .number(time))], at: 0)
        var writer = JSONWriter()
        writer.value(.object(members))
        return writer.text
    }

    /// Reads one line of an event log.
    /// - Throws: `JSONError` or `RunEventError`, one sentence that names the byte or the key.
    public init(jsonLine bytes: some Sequence<UInt8>) throws {
        let line = Array(bytes)
        try self.init(json: try JSONValue(parsing: line), text: { String(decoding: line, as: UTF8.self) })
    }

    public init(jsonLine: String) throws { try self.init(jsonLine: jsonLine.utf8) }

    /// - Parameter text: the object's own text, asked for only when it must be kept as it is.
    init(json: JSONValue, text: () -> String) throws {
        guard case .object = json else { throw RunEventError("an event is a JSON object, this is something else") }
        let object = JSONFields(json)
        let kind = try object.string("kind")
        let version = try object.integer("v")
        let sequence = try object.integer("n")
        guard sequence >= 0 else { throw RunEventError("key “n” is \(sequence), it counts from 0") }
        let payload = version > Self.version ? nil : try Payload(kind: kind, object)
        self.init(sequence: sequence, time: try object.double("t"), payload: payload ?? .unknown(kind: kind, json: text()))
    }
}

extension RunEvent: Codable {
    public init(from decoder: any Decoder) throws {
        let json = try JSONValue(from: decoder)
        try self.init(json: json) {
            var writer = JSONWriter()
            writer.value(json)
            return writer.text
        }
    }

    public func encode(to encoder: any Encoder) throws {
        try JSONValue(parsing: jsonBytes).encode(to: encoder)
    }
}

/// An object whose members are asked for by name and type; what is missing or wrong is named.
struct JSONFields {
    let json: JSONValue
    init(_ json: JSONValue) { self.json = json }

    private func require<Value>(_ key: String, _ expected: String, _ read: (JSONValue) -> Value?) throws(RunEventError) -> Value {
        guard let value = json[key] else { throw RunEventError("key “\(key)” is missing") }
        guard let result = read(value) else { throw RunEventError("key “\(key)” is not \(expected)") }
        return result
    }

    func string(_ key: String) throws(RunEventError) -> String { try require(key, "a text", \.string) }
    func string(_ key: String, default value: String) throws(RunEventError) -> String { json[key] == nil ? value : try string(key) }
    func integer(_ key: String) throws(RunEventError) -> Int { try require(key, "a whole number", \.int) }
    func double(_ key: String) throws(RunEventError) -> Double { try require(key, "a number", \.double) }
    func double(_ key: String, default value: Double) throws(RunEventError) -> Double { json[key] == nil ? value : try double(key) }
    func optionalDouble(_ key: String) throws(RunEventError) -> Double? {
        json[key] == nil || json[key] == .null ? nil : try double(key)
    }

    func doubles(_ key: String) throws(RunEventError) -> [Double] {
        try require(key, "an array of numbers") { value in Self.all(value.elements, \.double) }
    }
    func integers(_ key: String) throws(RunEventError) -> [Int] {
        try require(key, "an array of whole numbers") { value in Self.all(value.elements, \.int) }
    }
    func strings(_ key: String) throws(RunEventError) -> [String] {
        try require(key, "an array of texts") { value in Self.all(value.elements, \.string) }
    }
    func array(_ key: String) throws(RunEventError) -> [JSONValue] { try require(key, "an array", \.elements) }
    func object(_ key: String) throws(RunEventError) -> JSONFields {
        JSONFields(try require(key, "an object") { $0.members == nil ? nil : $0 })
    }

    private static func all<Value>(_ elements: [JSONValue]?, _ read: (JSONValue) -> Value?) -> [Value]? {
        guard let elements else { return nil }
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        for element in elements {
            guard let value = read(element) else { return nil }
            values.append(value)
        }
        return values
    }
}
