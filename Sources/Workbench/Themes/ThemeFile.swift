import Experiments
import Terminal

/// One theme file, read but not yet joined with what it inherits.
///
///     inherits = "default"
///     series = ["sky", "#ffaf00"]
///     [palette]
///     sky = "#5fafff"
///     [ui]
///     "border.focused" = { fg = "sky", modifiers = ["bold"] }
///     text = "terminal"
struct ThemeFile {
    let name: String
    let file: String
    private(set) var inherits: String?
    private(set) var summary: String?
    private var roles: [ThemeRole: Style] = [:]
    private var series: [Style]?
    private var sequential: [Color]?
    private var diverging: [Color]?

    /// - Throws: `ThemeError` with the file and the line of the first mistake.
    init(name: String, file: String, text: String) throws(ThemeError) {
        self.name = name
        self.file = file
        let root: TOMLTable
        do { root = try TOMLTable(string: text) } catch {
            throw ThemeError(file: file, line: error.line, "is not TOML: \(error.description)")
        }
        var reader = Reader(file: file, lines: TOMLLines(text))
        try reader.readPalette(root["palette"])
        try reader.readBase16(root["base16"])
        roles = reader.base16Roles
        for key in root.keys.sorted() {
            guard let value = root[key] else { continue }
            switch key {
            case "palette", "base16": break
            case "inherits": inherits = try reader.text(value, key)
            case "summary": summary = try reader.text(value, key)
            case "series": series = try reader.list(value, key) { reader, item, key throws(ThemeError) in try reader.style(item, key) }
            case "sequential": sequential = try reader.colors(value, key)
            case "diverging": diverging = try reader.colors(value, key)
            default: try reader.readRoles(value, key, into: &roles)
            }
        }
        if series == nil, !reader.base16Series.isEmpty { series = reader.base16Series }
    }

    /// The theme over the one that it inherits.
    func theme(over base: Theme) -> Theme {
        var theme = base
        theme.name = name
        theme.summary = summary ?? (inherits == nil ? "" : "\(base.name), changed")
        theme.roles.merge(roles) { _, own in own }
        theme.series = series ?? base.series
        theme.sequential = sequential ?? base.sequential
        theme.diverging = diverging ?? base.diverging
        return theme
    }
}

/// Reads values and names the line of what is wrong with them.
private struct Reader {
    let file: String
    let lines: TOMLLines
    var palette: [String: Color] = ["terminal": .terminal]
    var base16Roles: [ThemeRole: Style] = [:]
    var base16Series: [Style] = []

    init(file: String, lines: TOMLLines) {
        self.file = file
        self.lines = lines
    }

    func error(_ key: String, _ sentence: String) -> ThemeError { ThemeError(file: file, line: lines[key], sentence) }

    mutating func readPalette(_ value: TOMLValue?) throws(ThemeError) {
        guard let value else { return }
        guard let table = value.table else { throw error("palette", "palette must be a table of names and colours") }
        for key in table.keys.sorted() {
            guard let word = table[key]?.string, let color = StyleWord.color(word.lowercased()) else {
                throw error("palette.\(key)", "palette.\(key) must be a colour such as \"#5fafff\"")
            }
            palette[key] = color
        }
    }

    /// The sixteen slots of a base16 scheme: the colours become palette names and roles.
    mutating func readBase16(_ value: TOMLValue?) throws(ThemeError) {
        guard let value else { return }
        guard let table = value.table else { throw error("base16", "base16 must be a table with base00 … base0F") }
        for key in table.keys.sorted() {
            guard Base16.slots.contains(key) else { throw error("base16.\(key)", "“\(key)” is no base16 slot; they are base00 … base0F") }
            guard let word = table[key]?.string, let color = StyleWord.color(word.hasPrefix("#") ? word.lowercased() : "#" + word.lowercased()) else {
                throw error("base16.\(key)", "base16.\(key) must be a colour such as \"#5fafff\"")
            }
            palette[key] = color
        }
        base16Roles = Base16.roles(palette)
        base16Series = Base16.series(palette)
    }

    mutating func readRoles(_ value: TOMLValue, _ path: String, into roles: inout [ThemeRole: Style]) throws(ThemeError) {
        if let role = ThemeRole(rawValue: path), !(value.table.map { Self.holdsRoles($0, path) } ?? false) {
            roles[role] = try style(value, path)
            return
        }
        guard let table = value.table, ThemeRole.allCases.contains(where: { $0.rawValue.hasPrefix(path + ".") }) else {
            let near = Self.nearest(path)
            throw error(path, "there is no key “\(path)”\(near.map { "; did you mean \($0)?" } ?? "; docs/themes.md lists the keys")")
        }
        for key in table.keys.sorted() { if let inner = table[key] { try readRoles(inner, "\(path).\(key)", into: &roles) } }
    }

    /// Whether a table holds deeper keys, not a style's parts.
    private static func holdsRoles(_ table: TOMLTable, _ path: String) -> Bool {
        table.keys.contains { key in ThemeRole.allCases.contains { $0.rawValue == "\(path).\(key)" || $0.rawValue.hasPrefix("\(path).\(key).") } }
    }

    /// The known key with the fewest different letters, where it is near enough.
    private static func nearest(_ path: String) -> String? {
        let known = ThemeRole.allCases.map(\.rawValue) + ["inherits", "summary", "series", "sequential", "diverging", "palette", "base16"]
        let best = known.map { ($0, EditDistance.between($0, path)) }.min { $0.1 < $1.1 }
        return best.flatMap { $0.1 <= 3 ? $0.0 : nil }
    }

    func text(_ value: TOMLValue, _ key: String) throws(ThemeError) -> String {
        guard let text = value.string else { throw error(key, "\(key) must be a text in quotes") }
        return text
    }

    func color(_ word: String, _ key: String) throws(ThemeError) -> Color {
        if let color = palette[word] ?? StyleWord.color(word.lowercased()) { return color }
        throw error(key, "“\(word)” is no colour: give \"#rrggbb\", \"terminal\" or a name of [palette]")
    }

    func style(_ value: TOMLValue, _ key: String) throws(ThemeError) -> Style {
        if let word = value.string { return Style(foreground: try color(word, key)) }
        guard let table = value.table else { throw error(key, "\(key) must be a colour or { fg = …, bg = …, modifiers = […] }") }
        var style = Style.plain
        for part in table.keys.sorted() {
            guard let inner = table[part] else { continue }
            switch part {
            case "fg": style.foreground = try color(try text(inner, key), key)
            case "bg": style.background = try color(try text(inner, key), key)
            case "modifiers":
                let words = try list(inner, key) { reader, item, key throws(ThemeError) in try reader.text(item, key) }
                for word in words {
                    guard let modifier = StyleWord.modifiers.first(where: { $0.name == word }) else {
                        throw error(key, "“\(word)” is no modifier; they are \(StyleWord.modifiers.map(\.name).joined(separator: ", "))")
                    }
                    style.attributes.insert(modifier.attribute)
                }
            default: throw error(key, "a style has fg, bg and modifiers, not “\(part)”")
            }
        }
        return style
    }

    func list<Item>(_ value: TOMLValue, _ key: String,
                    _ read: (Reader, TOMLValue, String) throws(ThemeError) -> Item) throws(ThemeError) -> [Item] {
        guard let array = value.array else { throw error(key, "\(key) must be a list in [ ]") }
        var items: [Item] = []
        for index in 0..<array.count { items.append(try read(self, array[index], key)) }
        return items
    }

    func colors(_ value: TOMLValue, _ key: String) throws(ThemeError) -> [Color] {
        let colors = try list(value, key) { reader, item, key throws(ThemeError) in try reader.color(try reader.text(item, key), key) }
        guard colors.count >= 2 else { throw error(key, "\(key) needs at least two colours") }
        return colors
    }
}
