extension CellGrid {
    /// The picture as an SVG document: text in a monospaced font, one run of equal style an element, each held to its columns.
    /// - Parameters:
    ///   - foreground, background: what stands for the terminal's own colours, as CSS colours.
    ///   - cell: width and height of a cell in pixels.
    public func svg(foreground: String = "#222222", background: String = "#ffffff", cell: (width: Double, height: Double) = (8, 17)) -> String {
        func css(_ color: Color) -> String? {
            guard case .rgb(let red, let green, let blue) = color else { return nil }
            return "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        func number(_ value: Double) -> String { value == value.rounded() ? String(Int(value)) : String(value) }
        let width = Double(size.width) * cell.width, height = Double(size.height) * cell.height
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(number(width))\" height=\"\(number(height))\" viewBox=\"0 0 \(number(width)) \(number(height))\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"\(background)\"/>",
            "<g font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"\(number((cell.height * 0.8).rounded()))\" fill=\"\(foreground)\" xml:space=\"preserve\">",
        ]
        for y in 0..<size.height {
            var x = 0
            while x < size.width {
                let style = self[x, y].style
                var end = x, text = ""
                while end < size.width, self[end, y].style == style {
                    if !self[end, y].isContinuation { text.append(self[end, y].text) }
                    end += 1
                }
                let isReversed = style.attributes.contains(.reverse)
                let front = css(style.foreground) ?? foreground, back = css(style.background)
                let left = number(Double(x) * cell.width), across = number(Double(end - x) * cell.width)
                if isReversed || back != nil {
                    lines.append("<rect x=\"\(left)\" y=\"\(number(Double(y) * cell.height))\" width=\"\(across)\" height=\"\(number(cell.height))\" fill=\"\(isReversed ? front : back ?? background)\"/>")
                }
                if text.contains(where: { $0 != " " }) {
                    var attributes = isReversed ? " fill=\"\(back ?? background)\"" : css(style.foreground).map { " fill=\"\($0)\"" } ?? ""
                    if style.attributes.contains(.bold) { attributes += " font-weight=\"bold\"" }
                    if style.attributes.contains(.italic) { attributes += " font-style=\"italic\"" }
                    if style.attributes.contains(.dim) { attributes += " opacity=\"0.6\"" }
                    if style.attributes.contains(.underline) { attributes += " text-decoration=\"underline\"" }
                    lines.append("<text x=\"\(left)\" y=\"\(number((Double(y) + 0.78) * cell.height))\" textLength=\"\(across)\" lengthAdjust=\"spacingAndGlyphs\"\(attributes)>\(Self.escaped(text))</text>")
                }
                x = end
            }
        }
        return (lines + ["</g>", "</svg>"]).joined(separator: "\n") + "\n"
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { made, character in
            switch character {
            case "&": made += "&amp;"
            case "<": made += "&lt;"
            case ">": made += "&gt;"
            default: made.append(character)
            }
        }
    }
}
