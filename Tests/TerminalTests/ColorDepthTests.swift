import Terminal
import Testing

@Test func theLadderOfColoursFollowsFlagThenEnvironment() {
    func depth(_ option: ColorDepth.Option, _ environment: [String: String], _ colors: Int) -> ColorDepth {
        ColorDepth.resolve(option, environment: environment, terminalColors: colors)
    }
    #expect(depth(.auto, [:], 256) == .colors256)
    #expect(depth(.auto, ["COLORTERM": "truecolor"], 256) == .trueColor)
    #expect(depth(.auto, ["COLORTERM": "24bit"], 8) == .trueColor)
    #expect(depth(.auto, ["COLORTERM": "yes"], 16) == .colors16)
    #expect(depth(.auto, [:], 88) == .colors16)
    #expect(depth(.auto, [:], 8) == .colors8)
    #expect(depth(.auto, [:], 1 << 24) == .trueColor)
    #expect(depth(.auto, [:], -1) == .none)
    #expect(depth(.auto, ["NO_COLOR": "1", "COLORTERM": "truecolor"], 256) == .none)
    #expect(depth(.auto, ["NO_COLOR": ""], 256) == .colors256)
    #expect(depth(.always, ["NO_COLOR": "1"], 256) == .colors256)
    #expect(depth(.always, [:], -1) == .colors8)
    #expect(depth(.never, ["COLORTERM": "truecolor"], 256) == .none)
    #expect(depth(.colors16, ["COLORTERM": "truecolor"], 256) == .colors16)
    #expect(depth(.colors256, ["NO_COLOR": "1"], 8) == .colors256)
    #expect(depth(.trueColor, [:], 8) == .trueColor)
}

@Test func exactEntriesOfThePaletteMapToThemselves() {
    for index in 16..<256 {
        let color = ColorPalette.colors[index]
        let nearest = ColorPalette.nearest(red: color.red, green: color.green, blue: color.blue, depth: .colors256)
        let found = ColorPalette.colors[Int(nearest)]
        #expect(found == color, "\(index)")
    }
    for index in 0..<16 {
        let color = ColorPalette.colors[index]
        #expect(Int(ColorPalette.nearest(red: color.red, green: color.green, blue: color.blue, depth: .colors16)) == index)
    }
}

@Test func huesSurviveFewColours() {
    func nearest(_ red: UInt8, _ green: UInt8, _ blue: UInt8, _ depth: ColorDepth) -> UInt8 {
        ColorPalette.nearest(red: red, green: green, blue: blue, depth: depth)
    }
    // The two hues that gains and losses are told apart by.
    #expect([4, 12, 6].contains(nearest(33, 102, 172, .colors16)))
    #expect([1, 3, 9].contains(nearest(217, 95, 2, .colors16)))
    #expect([4, 6].contains(nearest(33, 102, 172, .colors8)))
    #expect([1, 3].contains(nearest(217, 95, 2, .colors8)))
    #expect(nearest(0, 0, 0, .colors8) == 0 && nearest(255, 255, 255, .colors16) == 15)
    #expect(nearest(20, 20, 20, .colors16) == 0)
}

@Test func textNeverVanishesIntoItsBackground() {
    var grid = CellGrid(Size(width: 1, height: 1))
    for depth in [ColorDepth.colors8, .colors16, .colors256] {
        for value in stride(from: 0, to: 250, by: 5) {
            let level = UInt8(value)
            grid.write("x", x: 0, y: 0, style: Style(foreground: .rgb(level, level, level), background: .rgb(level + 2, level, level)))
            let words = grid.styledText(depth: depth).split(separator: "\n").last?.split(separator: " ").suffix(2) ?? []
            let numbers = words.compactMap { $0.split(separator: "=").last }
            #expect(numbers.count == 2 && numbers[0] != numbers[1], "\(words)")
        }
    }
}
