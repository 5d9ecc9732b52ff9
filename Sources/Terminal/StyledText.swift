extension CellGrid {
    /// The grid as text with its styles, stable: what golden screens with colour compare.
    ///
    /// Each row is a line beginning with `|`; a row that is not plain is followed by a line beginning with `:` that lists
    /// its runs as `first-last style`, columns counted from 0. Trailing plain blanks are cut.
    ///
    ///     | lathe ▸ runs      ▶ diva
    ///     :1-5 bold; 19-24 fg=#ff8700 bg=#262626
    ///
    /// - Parameter depth: what the screen can show; colours are written as it would send them (`fg=#ff8700`, `fg=208`,
    ///   with `none` not at all).
    public func styledText(depth: ColorDepth = .trueColor) -> String {
        var mapper = ColorMapper(depth: depth)
        var lines: [String] = []
        for y in 0..<size.height {
            lines.append("|" + rowText(y))
            var runs: [String] = []
            var x = 0
            while x < size.width {
                let style = cells[y * size.width + x].style
                var end = x + 1
                while end < size.width, cells[y * size.width + end].style == style { end += 1 }
                let words = Self.words(for: style.style, &mapper)
                if !words.isEmpty { runs.append("\(x)-\(end - 1) \(words.joined(separator: " "))") }
                x = end
            }
            if !runs.isEmpty { lines.append(":" + runs.joined(separator: "; ")) }
        }
        return lines.joined(separator: "\n")
    }

    private static func words(for style: Style, _ mapper: inout ColorMapper) -> [String] {
        var words = Style.Attributes.names.filter { style.attributes.contains($0.0) }.map(\.1)
        let (foreground, background) = mapper.map(foreground: style.foreground, background: style.background)
        for (name, color) in [("fg", foreground), ("bg", background)] {
            switch color {
            case .terminal: break
            case .indexed(let index): words.append("\(name)=\(index)")
            case .rgb(let red, let green, let blue): words.append("\(name)=#" + [red, green, blue].map(\.hexadecimal).joined())
            }
        }
        return words
    }
}

extension Style.Attributes {
    static let names: [(Style.Attributes, String)] = [
        (.bold, "bold"), (.dim, "dim"), (.italic, "italic"), (.underline, "underline"), (.reverse, "reverse"),
    ]
}

extension UInt8 {
    /// Two hexadecimal digits.
    fileprivate var hexadecimal: String { (self < 16 ? "0" : "") + String(self, radix: 16) }
}
