/// A value of a TOML document.
package struct TOMLValue: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case text(String)
        case number(Double)
        case boolean(Bool)
        case list([TOMLValue])
        case table(TOMLTable)
    }

    package var kind: Kind

    package var string: String? { if case .text(let text) = kind { text } else { nil } }
    // Inlined into a loop, this stops the optimiser of Swift 6.3.1.
    @inline(never) package var number: Double? { if case .number(let number) = kind { number } else { nil } }
    package var bool: Bool? { if case .boolean(let isOn) = kind { isOn } else { nil } }
    package var array: [TOMLValue]? { if case .list(let items) = kind { items } else { nil } }
    package var table: TOMLTable? { if case .table(let table) = kind { table } else { nil } }
}

/// What a TOML document cannot be, and where.
package struct TOMLSyntaxError: Error, Equatable {
    /// 1 for the first.
    package var line: Int
    package var description: String
}

/// A table of a TOML document; the document itself is one.
///
/// It reads what theme, configuration and sweep files need: tables, dotted and quoted keys, texts, numbers, booleans, lists and inline
/// tables. Lists of tables, dates and texts of several lines are refused with a sentence. Any text is safe: nothing traps, and
/// nesting has a limit.
package struct TOMLTable: Sendable, Equatable {
    private var entries: [String: TOMLValue] = [:]

    package init() {}

    package init(string: String) throws(TOMLSyntaxError) {
        var parser = TOMLParser(string)
        self = try parser.document()
    }

    package var keys: [String] { Array(entries.keys) }
    package subscript(key: String) -> TOMLValue? { entries[key] }

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
