extension EmulatedTerminal {
    /// SGR: what the text that follows looks like.
    mutating func select(_ numbers: [Int]) {
        var index = 0
        let numbers = numbers.isEmpty ? [0] : numbers
        /// The colour after 38 or 48: 5 and a number, or 2 and red, green, blue.
        func color() -> Color? {
            guard numbers.indices.contains(index + 1) else { return nil }
            if numbers[index + 1] == 5, numbers.indices.contains(index + 2) {
                index += 2
                return Self.color(numbers[index])
            }
            guard numbers[index + 1] == 2, numbers.indices.contains(index + 4) else { return nil }
            index += 4
            return .rgb(UInt8(clamping: numbers[index - 2]), UInt8(clamping: numbers[index - 1]), UInt8(clamping: numbers[index]))
        }
        while index < numbers.count {
            switch numbers[index] {
            case 0: style = .plain
            case 1: style.attributes.insert(.bold)
            case 2: style.attributes.insert(.dim)
            case 3: style.attributes.insert(.italic)
            case 4: style.attributes.insert(.underline)
            case 7: style.attributes.insert(.reverse)
            case 22: style.attributes.subtract([.bold, .dim])
            case 23: style.attributes.remove(.italic)
            case 24: style.attributes.remove(.underline)
            case 27: style.attributes.remove(.reverse)
            case 30...37: style.foreground = Self.color(numbers[index] - 30)
            case 38: if let color = color() { style.foreground = color }
            case 39: style.foreground = .terminal
            case 40...47: style.background = Self.color(numbers[index] - 40)
            case 48: if let color = color() { style.background = color }
            case 49: style.background = .terminal
            case 90...97: style.foreground = Self.color(numbers[index] - 82)
            case 100...107: style.background = Self.color(numbers[index] - 92)
            default: break
            }
            index += 1
        }
    }

    private static func color(_ number: Int) -> Color {
        guard ColorPalette.colors.indices.contains(number) else { return .terminal }
        let found = ColorPalette.colors[number]
        return .rgb(found.red, found.green, found.blue)
    }
}
