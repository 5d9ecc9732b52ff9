/// A value of a TOML document.
struct TOMLValue: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case text(String)
        case number(Double)
        case boolean(Bool)
        case list([TOMLValue])
        case table(TOMLTable)
    }

    var kind: Kind

    var string: String? { if case .text(let text) = kind { text } else { nil } }
    var bool: Bool? { if case .boolean(let isOn) = kind { isOn } else { nil } }
    var array: [TOMLValue]? { if case .list(let items) = kind { items } else { nil } }
    var table: TOMLTable? { if case .table(let table) = kind { table } else { nil } }
}

/// What a TOML document cannot be, and where.
struct TOMLSyntaxError: Error, Equatable {
    /// 1 for the first.
    var line: Int
    var description: String
}

/// A table of a TOML document; the document itself is one.
///
/// It reads what theme and configuration files need: tables, dotted and quoted keys, texts, numbers, booleans, lists and inline
/// tables. Lists of tables, dates and texts of several lines are refused with a sentence. Any text is safe: nothing traps, and
/// nesting has a limit.
struct TOMLTable: Sendable, Equatable {
    private var entries: [String: TOMLValue] = [:]

    init() {}

    init(string: String) throws(TOMLSyntaxError) {
        var parser = TOMLParser(string)
        self = try parser.document()
    }

    var keys: [String] { Array(entries.keys) }
    subscript(key: String) -> TOMLValue? { entries[key] }

    /// Puts a value at a path, making the tables on the way.
    /// - Returns: false where something is there already.
    mutating func insert(_ value: TOMLValue, at path: ArraySlice<String>) -> Bool {
        guard let key = path.first else { return false }
        if path.count == 1 {
            guard entries[key] == nil else { return false }
            entries[key] = value
            return true
        }
        var inner = TOMLTable()
        if let there = entries[key] {
            guard let table = there.table else { return false }
            inner = table
        }
        guard inner.insert(value, at: path.dropFirst()) else { return false }
        entries[key] = TOMLValue(kind: .table(inner))
        return true
    }

    /// Whether the path is free for a table, or one is there already.
    func admitsTable(at path: ArraySlice<String>) -> Bool {
        guard let key = path.first, let there = entries[key] else { return true }
        return there.table?.admitsTable(at: path.dropFirst()) ?? false
    }
}
