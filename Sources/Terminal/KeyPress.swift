/// One key press: what was struck and what was held with it.
///
/// Its text form is what the key map, the footer, sessions and the documents call the key: `j`, `G`, `ctrl-c`, `alt-x`,
/// `shift-tab`, `enter`, `space`, `page-up`, `f1`. `description` and `init(_:)` are inverse to each other.
public struct KeyPress: Hashable, Sendable, LosslessStringConvertible {
    /// What was struck.
    public enum Key: Hashable, Sendable {
        /// A character as the keyboard layout gives it: an upper-case letter carries no shift of its own.
        case character(Character)
        case enter, tab, escape, backspace, delete, insert
        case up, down, left, right, home, end, pageUp, pageDown
        /// A function key, 1 … 35.
        case function(Int)
    }

    public struct Modifiers: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let control = Modifiers(rawValue: 1)
        public static let alt = Modifiers(rawValue: 2)
        public static let shift = Modifiers(rawValue: 4)

        /// `ctrl-`, `alt-` and `shift-` in this order.
        var prefix: String {
            (contains(.control) ? "ctrl-" : "") + (contains(.alt) ? "alt-" : "") + (contains(.shift) ? "shift-" : "")
        }
    }

    public let key: Key
    public let modifiers: Modifiers

    /// Forms that terminals cannot tell apart become one: with ctrl a letter is lower-case, and shift is part of a
    /// character already (`shift` and `g` is `G`).
    public init(_ key: Key, _ modifiers: Modifiers = []) {
        var key = key
        var modifiers = modifiers
        if case .character(let character) = key {
            let changed = modifiers.contains(.control) ? character.lowercased()
                : modifiers.contains(.shift) ? character.uppercased() : ""
            if changed.count == 1, let first = changed.first { key = .character(first) }
            modifiers.remove(.shift)
        }
        self.key = key
        self.modifiers = modifiers
    }

    public init(_ character: Character) { self.init(.character(character)) }

    /// The character that a text field takes from this key, nil for commands.
    public var insertedText: String? {
        guard case .character(let character) = key, modifiers.isEmpty else { return nil }
        return String(character)
    }

    // MARK: Text form

    public var description: String { modifiers.prefix + Self.name(of: key) }

    /// Reads a text form; nil where it names no key. Names may be in any case, a single character is taken as it is.
    public init?(_ text: String) {
        var rest = Substring(text)
        var modifiers: Modifiers = []
        let prefixes: [(String, Modifiers)] = [("ctrl-", .control), ("alt-", .alt), ("shift-", .shift)]
        search: while true {
            for (prefix, modifier) in prefixes {
                guard let after = rest.after(prefix: prefix, inAnyCase: true), !after.isEmpty else { continue }
                modifiers.insert(modifier)
                rest = after
                continue search
            }
            break
        }
        guard let key = Self.key(named: rest) else { return nil }
        self.init(key, modifiers)
    }

    private static let names: [(Key, String)] = [
        (.character(" "), "space"), (.enter, "enter"), (.tab, "tab"), (.escape, "esc"), (.backspace, "backspace"),
        (.delete, "delete"), (.insert, "insert"), (.up, "up"), (.down, "down"), (.left, "left"), (.right, "right"),
        (.home, "home"), (.end, "end"), (.pageUp, "page-up"), (.pageDown, "page-down"),
    ]
    private static let nameOfKey = Dictionary(uniqueKeysWithValues: names)
    private static let keyOfName = Dictionary(uniqueKeysWithValues: names.map { ($1, $0) })
        .merging([("escape", .escape), ("return", .enter), ("pgup", .pageUp), ("pgdn", .pageDown)]) { first, _ in first }

    private static func name(of key: Key) -> String {
        switch key {
        case .character(let character): nameOfKey[key] ?? String(character)
        case .function(let number): "f\(number)"
        default: nameOfKey[key] ?? ""
        }
    }

    private static func key(named text: Substring) -> Key? {
        if text.count == 1, let character = text.first {
            return character.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } ? nil : .character(character)
        }
        let name = text.lowercased()
        if let key = keyOfName[name] { return key }
        if name.first == "f", let number = Int(name.dropFirst()), (1...35).contains(number), name == "f\(number)" {
            return .function(number)
        }
        return nil
    }
}

extension KeyPress: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let key = KeyPress(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "“\(text)” names no key")
        }
        self = key
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension KeyPress: ExpressibleByStringLiteral {
    /// A key written in the source, `"ctrl-c"`. A literal that names no key is a mistake of ours and stops the program.
    public init(stringLiteral text: String) {
        guard let key = KeyPress(text) else { preconditionFailure("“\(text)” names no key") }
        self = key
    }
}

extension StringProtocol where SubSequence == Substring {
    /// What follows a prefix of ASCII; nil where the text does not begin with it. Bytes are compared, as a mark after the
    /// prefix would be one grapheme with its last letter.
    func after(prefix: String, inAnyCase: Bool = false) -> Substring? {
        var index = utf8.startIndex
        for expected in prefix.utf8 {
            guard index != utf8.endIndex else { return nil }
            let byte = utf8[index]
            let isLetter = (0x41...0x5A).contains(byte)
            guard (inAnyCase && isLetter ? byte + 0x20 : byte) == expected else { return nil }
            index = utf8.index(after: index)
        }
        return self[index...]
    }
}
