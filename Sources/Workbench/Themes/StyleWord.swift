import Terminal

/// A style and a colour as one word of text: `#5fafff/terminal bold underline`. Sessions carry themes in this form.
enum StyleWord {
    static let modifiers: [(name: String, attribute: Style.Attributes)] = [
        ("bold", .bold), ("dim", .dim), ("italic", .italic), ("underline", .underline), ("reverse", .reverse),
    ]

    static func text(_ color: Color) -> String {
        switch color {
        case .terminal: return "terminal"
        case .rgb(let red, let green, let blue):
            return "#" + [red, green, blue].map { String(UInt16($0) + 256, radix: 16).suffix(2) }.joined()
        }
    }

    static func text(_ style: Style) -> String {
        ([text(style.foreground) + "/" + text(style.background)]
            + modifiers.filter { style.attributes.contains($0.attribute) }.map(\.name)).joined(separator: " ")
    }

    /// `terminal` or `#rrggbb`.
    static func color(_ word: some StringProtocol) -> Color? {
        if word == "terminal" { return .terminal }
        guard word.count == 7, word.first == "#", let value = UInt32(word.dropFirst(), radix: 16) else { return nil }
        return .rgb(UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255))
    }

    static func style(_ word: String) -> Style? {
        let words = word.split(separator: " ")
        guard let colors = words.first?.split(separator: "/"), colors.count == 2, let foreground = color(colors[0]),
              let background = color(colors[1]) else { return nil }
        var attributes: Style.Attributes = []
        for name in words.dropFirst() {
            guard let modifier = modifiers.first(where: { $0.name == name }) else { return nil }
            attributes.insert(modifier.attribute)
        }
        return Style(foreground: foreground, background: background, attributes)
    }
}
