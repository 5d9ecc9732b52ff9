/// The value of a parameter.
public enum ParameterValue: Sendable, Hashable, Codable {
    case integer(Int)
    case real(Double)
    case boolean(Bool)
    case text(String)

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) { self = .boolean(value)
        } else if let value = try? container.decode(Int.self) { self = .integer(value)
        } else if let value = try? container.decode(Double.self) { self = .real(value)
        } else { self = .text(try container.decode(String.self)) }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .integer(let value): try container.encode(value)
        case .real(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        }
    }
}

/// One setting of a method: its form field, its `--set` name, its row in the parameter diff.
public struct ParameterSpec: Sendable, Codable, Hashable {
    public enum Kind: Sendable, Codable, Hashable {
        case integer(minimum: Int, maximum: Int)
        /// `logarithmic`: the form steps by factors.
        case real(minimum: Double, maximum: Double, logarithmic: Bool)
        case boolean
        case choice([Choice])
        /// Free text, such as a path.
        case text
    }

    public struct Choice: Sendable, Codable, Hashable {
        public var value: String
        public var help: String
        public init(_ value: String, _ help: String) {
            self.value = value
            self.help = help
        }
    }

    /// The name in `--set name=value`: lower case, words joined by hyphens.
    public var name: String
    /// The words in the form.
    public var title: String
    /// One or two sentences.
    public var help: String
    /// "%", "steps", …; "" where there is none.
    public var unit: String
    public var kind: Kind
    /// The value for plans that `defaults` does not name.
    public var standard: ParameterValue
    /// Values for single plans.
    public var defaults: [Plan: ParameterValue]

    public init(name: String, title: String, help: String, unit: String = "", kind: Kind, default standard: ParameterValue,
                defaults: [Plan: ParameterValue] = [:]) {
        self.name = name
        self.title = title
        self.help = help
        self.unit = unit
        self.kind = kind
        self.standard = standard
        self.defaults = defaults
    }

    public func defaultValue(for plan: Plan) -> ParameterValue { defaults[plan] ?? standard }

    /// Reads what a user typed.
    /// - Throws: `ParameterError` that names the parameter and the allowed range or choices.
    public func parse(_ text: String) throws -> ParameterValue {
        let trimmed = text.filter { $0 != " " }
        switch kind {
        case .integer:
            guard let value = Int(trimmed) else { throw ParameterError(self, got: text) }
            return try check(.integer(value))
        case .real:
            guard let value = Double(trimmed) else { throw ParameterError(self, got: text) }
            return try check(.real(value))
        case .boolean:
            switch trimmed.lowercased() {
            case "true", "yes", "on", "1": return .boolean(true)
            case "false", "no", "off", "0": return .boolean(false)
            default: throw ParameterError(self, got: text)
            }
        case .choice: return try check(.text(trimmed))
        case .text: return .text(text)
        }
    }

    /// Brings a value to the parameter's type and checks its range.
    /// - Throws: `ParameterError`.
    public func check(_ value: ParameterValue) throws -> ParameterValue {
        switch (kind, value) {
        case (.integer(let low, let high), .integer(let number)) where number >= low && number <= high: return value
        case (.real(let low, let high, _), .real(let number)) where number >= low && number <= high: return value
        case (.real, .integer(let number)): return try check(.real(Double(number)))
        case (.boolean, .boolean), (.text, .text): return value
        case (.choice(let choices), .text(let word)) where choices.contains { $0.value == word }: return value
        default: throw ParameterError(self, got: "\(value.display)")
        }
    }

    /// What may be entered, in words: "0 … 0.5", "ce, sq".
    public var range: String {
        switch kind {
        case .integer(let low, let high): "\(low) … \(high)"
        case .real(let low, let high, _): "\(ParameterValue.real(low).display) … \(ParameterValue.real(high).display)"
        case .boolean: "yes, no"
        case .choice(let choices): choices.map(\.value).joined(separator: ", ")
        case .text: "text"
        }
    }
}

extension ParameterValue {
    /// The value as the form and `--set` write it.
    public var display: String {
        switch self {
        case .integer(let value): String(value)
        case .real(let value): Self.short(value)
        case .boolean(let value): value ? "yes" : "no"
        case .text(let value): value
        }
    }
}

extension ParameterValue {
    /// The shortest text that reads back as the number: 0.3, 42, 1e15.
    private static func short(_ value: Double) -> String {
        guard value == value.rounded(), abs(value) < 1e18 else { return String(value) }
        let digits = String(Int(value)), zeros = digits.reversed().prefix { $0 == "0" }.count
        return zeros >= 6 && digits.count > zeros ? "\(digits.dropLast(zeros))e\(zeros)" : digits
    }
}

/// A setting that cannot be: names the parameter, what was given and what may be given.
public struct ParameterError: Error, CustomStringConvertible, Sendable {
    public var description: String

    init(_ spec: ParameterSpec, got text: String) {
        description = "parameter \(spec.name): “\(text)” is not in its range; give \(spec.range)\(spec.unit.isEmpty ? "" : " (\(spec.unit))")"
    }

    public init(_ sentence: String) { description = sentence }
}

/// The values of all of a run's parameters: the plan's defaults with the request's values over them.
public struct ParameterValues: Sendable {
    private let values: [String: ParameterValue]

    /// - Throws: `ParameterError` for an unknown name or a value out of range.
    public init(_ specs: [ParameterSpec], request: RunRequest) throws {
        var merged: [String: ParameterValue] = [:]
        for spec in specs { merged[spec.name] = try spec.check(spec.defaultValue(for: request.plan)) }
        for (name, value) in request.values {
            guard let spec = specs.first(where: { $0.name == name }) else {
                throw ParameterError("\(request.method) has no parameter “\(name)”; it has \(specs.map(\.name).joined(separator: ", "))")
            }
            merged[name] = try spec.check(value)
        }
        values = merged
    }

    public var all: [String: ParameterValue] { values }

    /// The value of an integer parameter. Asking for a name or a type that `parameters` does not list is our own mistake.
    public func integer(_ name: String) -> Int {
        guard case .integer(let value)? = values[name] else { preconditionFailure("no integer parameter \(name)") }
        return value
    }
    public func real(_ name: String) -> Double {
        guard case .real(let value)? = values[name] else { preconditionFailure("no real parameter \(name)") }
        return value
    }
    public func boolean(_ name: String) -> Bool {
        guard case .boolean(let value)? = values[name] else { preconditionFailure("no boolean parameter \(name)") }
        return value
    }
    public func text(_ name: String) -> String {
        guard case .text(let value)? = values[name] else { preconditionFailure("no text parameter \(name)") }
        return value
    }

    /// The value of a choice as the case of an enumeration whose raw values are the parameter's choices.
    /// - Throws: `ParameterError` for a choice without a case.
    public func choice<Choice: RawRepresentable>(_ name: String, as: Choice.Type = Choice.self) throws(ParameterError) -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: text(name)) else { throw ParameterError("parameter \(name): “\(text(name))” is none of its choices") }
        return choice
    }
}
