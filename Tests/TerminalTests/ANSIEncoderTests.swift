import Terminal
import Testing

extension Style {
    /// Attributes alone.
    init(_ attributes: Attributes) { self.init(foreground: .terminal, background: .terminal, attributes) }
}

private let texts = [
    "a", "lathe ▸ runs", "⣀⣤⣶⣿⣿", "漢字", "e\u{301}o\u{308}", "👍🏽", "👩‍👩‍👧 x", "🇩🇪🇫🇷", "❤️!", "    ", "😀😀", "──┬──", "क्षि", "·",
]
private let styles = [
    Style.plain, Style(.bold), Style(foreground: .rgb(255, 135, 0)), Style(background: .rgb(38, 38, 38)), Style([.underline, .italic]),
    Style(foreground: .rgb(1, 2, 3), background: .rgb(200, 100, 0), [.dim, .reverse]), Style(foreground: .rgb(95, 175, 255), .bold),
]

private func disturb(_ grid: inout CellGrid) {
    let size = grid.size
    for _ in 0..<Int.random(in: 0...12) {
        let x = Int.random(in: -3...(size.width + 1)), y = Int.random(in: -1...(size.height))
        let style = styles.randomElement() ?? .plain
        switch Int.random(in: 0..<6) {
        case 0: grid.fill(Rect(x: x, y: y, width: Int.random(in: 0...30), height: Int.random(in: 0...4)), style: style)
        case 1: grid.restyle(Rect(x: x, y: y, width: 9, height: 1)) { $0.attributes.formSymmetricDifference(.reverse) }
        default: grid.write(texts.randomElement() ?? "", x: x, y: y, style: style)
        }
    }
}

@Test(arguments: [ModelTerminal.Manner.graphemes, .scalars])
func changesTurnTheOldScreenIntoTheNew(manner: ModelTerminal.Manner) {
    for width in [0, 1, 2, 3, 7, 20, 41] {
        for height in [0, 1, 2, 9] {
            let size = Size(width: width, height: height)
            for _ in 0..<12 {
                var encoder = ANSIEncoder(depth: .trueColor)
                var terminal = ModelTerminal(size: size, manner: manner)
                var grid = CellGrid(size)
                disturb(&grid)
                terminal.feed(encoder.encode(grid))
                #expect(terminal.differences(from: grid).isEmpty, "first frame, \(size)\n\(grid.styledText())")
                for step in 0..<12 {
                    let old = grid
                    if step == 6 { grid = CellGrid(size) }
                    disturb(&grid)
                    terminal.feed(encoder.encode(grid, after: old))
                    let differences = terminal.differences(from: grid)
                    #expect(differences.isEmpty, "\(size)\n\(old.styledText())\nto\n\(grid.styledText())\n\(differences)")
                }
                #expect(terminal.unknown.isEmpty)
            }
        }
    }
}

@Test func nothingIsSentWhereNothingChanged() {
    var encoder = ANSIEncoder(depth: .trueColor)
    var grid = CellGrid(Size(width: 20, height: 3))
    grid.write("漢 e\u{301} 👍🏽 text", x: 0, y: 1, style: styles[2])
    #expect(encoder.encode(grid, after: grid) == "")
    var changed = grid
    changed.write("x", x: 19, y: 2)
    #expect(encoder.encode(changed, after: grid) == "\u{1B}[3;20H\u{1B}[0mx")
}

@Test func coloursAreSentAsDeepAsTheTerminalGoes() {
    var grid = CellGrid(Size(width: 1, height: 1))
    grid.write("x", x: 0, y: 0, style: Style(foreground: .rgb(255, 135, 0), background: .rgb(0, 0, 95), .bold))
    func sent(_ depth: ColorDepth) -> String {
        var encoder = ANSIEncoder(depth: depth)
        return encoder.encode(grid, after: CellGrid(grid.size))
    }
    #expect(sent(.trueColor) == "\u{1B}[1;1H\u{1B}[0;1;38;2;255;135;0;48;2;0;0;95mx\u{1B}[0m")
    #expect(sent(.colors256) == "\u{1B}[1;1H\u{1B}[0;1;38;5;208;48;5;17mx\u{1B}[0m")
    #expect(sent(.none) == "\u{1B}[1;1H\u{1B}[0;1mx\u{1B}[0m")
    #expect(sent(.colors16).contains("\u{1B}[0;1;9") || sent(.colors16).contains("\u{1B}[0;1;3"))
    #expect(!sent(.colors8).contains(";38;"))
}

@Test func aTerminalWithoutUnicodeGetsASCII() {
    var capabilities = TerminalCapabilities.ansi
    capabilities.isUnicode = false
    var encoder = ANSIEncoder(depth: .none, capabilities: capabilities)
    var grid = CellGrid(Size(width: 12, height: 1))
    grid.write("┌─┐│▶é漢⣿█…", x: 0, y: 0)
    let text = encoder.encode(grid, after: CellGrid(grid.size))
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    #expect(text.contains("+-+|>?? *#."))
}

@Test func linesCanBePrintedBelowAPrompt() {
    var encoder = ANSIEncoder(depth: .colors256)
    var grid = CellGrid(Size(width: 8, height: 2))
    grid.write("漢 x", x: 0, y: 0, style: Style(.bold))
    #expect(encoder.encodeLines(grid) == "\u{1B}[1m漢 x\u{1B}[0m\n\n")
}

@Test func textInControlSequencesIsCleaned() {
    #expect(ControlSequence.title("a\u{1B}]0;b\u{07}c\n\u{9C}") == "\u{1B}]2;a·]0;b·c··\u{07}")
    #expect(ControlSequence.notify("4;1;50") == "\u{1B}]9; 4;1;50\u{07}")
    #expect(ControlSequence.notify("a; b", by: .titled) == "\u{1B}]777;notify;Lathe;a, b\u{07}")
    #expect(ControlSequence.notify("done", by: .throughTmux) == "\u{1B}Ptmux;\u{1B}\u{1B}]9;done\u{07}\u{1B}\\")
    #expect(ControlSequence.Notification(environment: ["TERM": "xterm-256color"]) == .text)
    #expect(ControlSequence.Notification(environment: ["TERM": "xterm-256color", "VTE_VERSION": "7600"]) == .titled)
    #expect(ControlSequence.Notification(environment: ["TERM": "screen", "TMUX": "/tmp/tmux-0/default,1,0", "VTE_VERSION": "7600"]) == .throughTmux)
    #expect(ControlSequence.copy("") == "\u{1B}]52;c;\u{07}")
    for (text, code) in [("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"), ("é\u{1B}", "w6kb")] {
        #expect(ControlSequence.copy(text) == "\u{1B}]52;c;\(code)\u{07}")
    }
    #expect(ControlSequence.copy(String(repeating: "x", count: 60_000)) == nil)
}
