import Terminal

/// One table from base16's sixteen slots to roles (the slots' meaning: https://github.com/tinted-theming/home, styling.md).
enum Base16 {
    static let slots: [String] = "0123456789ABCDEF".map { "base0\($0)" }

    private static let table: [(ThemeRole, foreground: String?, background: String?, Style.Attributes)] = [
        (.text, "base05", "base00", []), (.dim, "base04", nil, []), (.strong, "base06", nil, .bold), (.border, "base03", nil, []),
        (.borderFocused, "base0D", nil, .bold), (.title, "base05", nil, []), (.titleFocused, "base0D", nil, .bold),
        (.header, "base05", "base01", []), (.footer, "base04", nil, []), (.footerKey, "base0D", nil, .bold), (.disabled, "base03", nil, .dim),
        (.selection, "base07", "base02", .bold), (.selectionInactive, nil, "base01", []), (.mark, "base09", nil, .bold),
        (.match, "base0A", nil, .underline), (.input, "base06", "base01", []), (.cursor, nil, nil, .reverse), (.hint, "base04", nil, .italic),
        (.error, "base08", nil, .bold), (.popup, "base05", "base01", []), (.tab, "base04", nil, []), (.tabActive, "base0D", nil, .bold),
        (.running, "base0D", nil, .bold), (.done, "base0C", nil, []), (.failed, "base08", nil, .bold), (.paused, "base09", nil, []),
        (.waiting, "base04", nil, []), (.interrupted, "base09", nil, .bold), (.cancelled, "base04", nil, []), (.axis, "base03", nil, []),
        (.label, "base04", nil, []), (.emphasis, "base06", nil, .bold), (.positive, "base0D", nil, []), (.negative, "base09", nil, []),
        (.warning, "base08", nil, .bold), (.meterLow, "base0D", nil, []), (.meterMiddle, "base0C", nil, []), (.meterHigh, "base0A", nil, []),
        (.meterRest, "base03", nil, []),
    ]

    /// The roles whose slots are given.
    static func roles(_ palette: [String: Color]) -> [ThemeRole: Style] {
        var roles: [ThemeRole: Style] = [:]
        for (role, foreground, background, attributes) in table {
            guard foreground.map({ palette[$0] != nil }) ?? true else { continue }
            roles[role] = Style(foreground: foreground.flatMap { palette[$0] } ?? .terminal,
                                background: background.flatMap { palette[$0] } ?? .terminal, attributes)
        }
        return roles
    }

    /// Blue, orange, cyan, magenta, yellow, red, brown, green: neighbours that most eyes tell apart.
    static func series(_ palette: [String: Color]) -> [Style] {
        ["base0D", "base09", "base0C", "base0E", "base0A", "base08", "base0F", "base0B"].compactMap { palette[$0].map { Style(foreground: $0) } }
    }
}
