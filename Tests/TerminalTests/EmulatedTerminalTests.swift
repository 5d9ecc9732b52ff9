import Terminal
import Testing

@Suite struct EmulatedTerminalTests {
    private func shown(_ text: String, width: Int = 10, height: Int = 4) -> [String] {
        var terminal = EmulatedTerminal(size: Size(width: width, height: height))
        terminal.feed(text)
        return (0..<height).map(terminal.grid.rowText)
    }

    @Test func `what the encoder draws is what the emulated terminal shows, however the bytes are cut`() {
        var grid = CellGrid(Size(width: 30, height: 8)), seed: UInt64 = 3
        func random(_ count: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(count))
        }
        var encoder = ANSIEncoder(depth: .trueColor), terminal = EmulatedTerminal(size: grid.size), before: CellGrid?
        for round in 0..<200 {
            let style = Style(foreground: random(2) == 0 ? .terminal : .rgb(UInt8(random(256)), 9, 200), background: random(3) == 0 ? .rgb(1, UInt8(random(256)), 3) : .terminal, random(2) == 0 ? .bold : [.underline, .italic])
            grid.write(["abc", "日本語", "e\u{301}x", "⣿⡇▁", "   "][random(5)], x: random(32) - 1, y: random(8), style: style)
            if round % 7 == 0 { grid.fill(Rect(x: random(20), y: random(8), width: 9, height: 2), style: style) }
            var text = Array(encoder.encode(grid, after: before).unicodeScalars)[...]
            while !text.isEmpty {
                var piece = String.UnicodeScalarView()
                // A cluster comes in one piece, as one write of a program.
                var count = 1 + random(9)
                while count < text.count, text[text.startIndex + count].properties.isGraphemeExtend { count += 1 }
                piece.append(contentsOf: text.prefix(count))
                text = text.dropFirst(count)
                terminal.feed(String(piece))
            }
            before = grid
            for y in 0..<8 { for x in 0..<30 {
                let wanted = grid[x, y], found = terminal.grid[x, y]
                #expect(wanted.text == found.text && wanted.isContinuation == found.isContinuation, "\(round): \(x), \(y)")
                if wanted.text != " " { #expect(wanted.style == found.style, "\(round): \(x), \(y)") }
            } }
        }
    }

    @Test func `lines wrap at the edge, and the screen scrolls`() {
        #expect(shown("0123456789ab\r\ncd") == ["0123456789", "ab", "cd", ""])
        #expect(shown("a\r\nb\r\nc\r\nd\r\ne") == ["b", "c", "d", "e"])
        #expect(shown("0123456789\u{8}X") == ["01234567X9", "", "", ""])
        #expect(shown("\u{1B}[?7l0123456789ab") == ["012345678b", "", "", ""])
        #expect(shown("a\tb") == ["a       b", "", "", ""])
    }

    @Test func `regions scroll alone; lines and characters are put in and taken out`() {
        let four = "1\r\n2\r\n3\r\n4"
        #expect(shown(four + "\u{1B}[2;3r\u{1B}[3;1H\n") == ["1", "3", "", "4"])
        #expect(shown(four + "\u{1B}[2;3r\u{1B}[2;1H\u{1B}M") == ["1", "", "2", "4"])
        #expect(shown(four + "\u{1B}[2;1H\u{1B}[L") == ["1", "", "2", "3"])
        #expect(shown(four + "\u{1B}[2;1H\u{1B}[2M") == ["1", "4", "", ""])
        #expect(shown("abcdef\u{1B}[3G\u{1B}[2P") == ["abef", "", "", ""])
        #expect(shown("abcdef\u{1B}[3G\u{1B}[2@") == ["ab  cdef", "", "", ""])
        #expect(shown("abcdef\u{1B}[3G\u{1B}[X") == ["ab def", "", "", ""])
        #expect(shown("abcdef\u{1B}[3G\u{1B}[1K") == ["   def", "", "", ""])
        #expect(shown("a\u{1B}[5b") == ["aaaaaa", "", "", ""])
    }

    @Test func `the second screen leaves the first as it was, and strings and unknown sequences are read over`() {
        #expect(shown("one\u{1B}[?1049h\u{1B}[Htwo\u{1B}[?1049lX") == ["oneX", "", "", ""])
        #expect(shown("a\u{1B}]0;title\u{07}b\u{1B}]8;;http://x\u{1B}\\c\u{1B}Pq#0\u{1B}\\d\u{1B}[>4;1me\u{1B}[99zf") == ["abcdef", "", "", ""])
        #expect(shown("\u{1B}(0lqk\u{1B}(Bx") == ["┌─┐x", "", "", ""])
        #expect(shown("\u{1B}[31;1m\u{1B}[38;5;208m\u{1B}[48;2;1;2;3mx\u{1B}[m") == ["x", "", "", ""])
    }

    @Test func `no text traps, at any size`() {
        var seed: UInt64 = 17
        func random(_ count: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(count))
        }
        let parts = ["\u{1B}[", "\u{1B}", "1", "99999999999999999999", ";", "?", "h", "l", "m", "J", "K", "L", "M", "P", "@", "r", "S", "T", "X", "b", "A", "B", "d", "G", "H", "\n", "\r", "\u{8}", "\t", "]", "\u{07}", "(0", "x", "日", "e\u{301}", "\u{1B}M", "\u{1B}D", "\u{1B}7", "\u{1B}8", "1049", "38;5;300", "48;2;900;1"]
        for round in 0..<300 {
            var terminal = EmulatedTerminal(size: Size(width: round % 7 == 0 ? 0 : random(12), height: round % 5 == 0 ? 0 : random(6)))
            for _ in 0..<120 {
                terminal.feed(parts[random(parts.count)])
                if random(40) == 0 { terminal.resize(Size(width: random(14), height: random(7))) }
            }
        }
    }
}
