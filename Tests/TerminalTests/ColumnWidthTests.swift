import Terminal
import Testing

/// Texts and the columns that terminals give them. The figures follow wcwidth 0.9.4 (Unicode 18), looked at by hand.
@Test(arguments: [
    ("a", 1), ("~", 1), ("é", 1), ("e\u{301}", 1), ("ß", 1), ("Ω", 1), ("─", 1), ("⣿", 1), ("█", 1), ("…", 1), ("·", 1),
    ("\u{E0B0}", 1), ("ﷺ", 1), ("x\u{336}\u{327}\u{316}", 1),
    ("漢", 2), ("あ", 2), ("ア", 2), ("ｱ", 1), ("Ａ", 2), ("한", 2), ("\u{1112}\u{1161}\u{11AB}", 2), ("　", 2),
    ("😀", 2), ("👍🏽", 2), ("👩‍👩‍👧", 2), ("🏴‍☠️", 2), ("👩🏽‍❤️‍💋‍👨🏿", 2), ("🇩🇪", 2), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2), ("☹", 1), ("❤", 1), ("❤️", 2), ("1️⃣", 2), ("⌚", 2),
    ("a\u{FE0F}", 1), ("क्षि", 2), ("กำ", 2), ("ก็", 1),
    ("\u{301}", 0), ("\u{200B}", 0), ("\u{200D}", 0), ("\u{FEFF}", 0), ("\u{202E}", 0), ("\u{2066}", 0), ("\u{AD}", 0), ("\u{2028}", 0),
    ("\n", 1), ("\r\n", 1), ("\t", 1), ("\u{1B}", 1), ("\u{7F}", 1), ("\u{9B}", 1), ("\0", 1),
    ("", 0), ("abc", 3), ("naïve", 5), ("日本 ok", 7), ("a\u{301}b", 2), ("──⣿漢é", 6),
] as [(String, Int)])
func textTakesItsColumns(text: String, columns: Int) {
    #expect(text.columnWidth == columns, "\(text.unicodeScalars.map { String($0.value, radix: 16) })")
    #expect(text.reduce(0) { $0 + $1.columnWidth } == columns)
}

@Test func fastWayAndSegmentationAgreeOnEveryScalarInEveryNeighbourhood() {
    // What stands before or after a scalar must not change how it is counted, unless they are one grapheme.
    for value in UInt32(0)..<0x1_1000 {
        guard let scalar = Unicode.Scalar(value) else { continue }
        for neighbour in ["", "a", "─", "漢"] {
            let text = neighbour + String(Character(scalar)) + neighbour
            #expect(text.columnWidth == text.reduce(0) { $0 + $1.columnWidth }, "U+\(String(value, radix: 16)) beside \(neighbour)")
        }
    }
}

@Test func nothingThatSteersATerminalReachesACell() {
    let hostile = [
        "\u{1B}[31mred", "\u{1B}]0;title\u{07}", "\u{9B}2J", "a\r\nb", "\u{202E}gnp.exe", "\u{2067}x\u{2069}", "zero\u{200B}width",
        "\u{7F}\u{0}\u{85}", "x\u{200D}\u{202E}y", "e\u{301}\u{200E}", "\u{FEFF}bom", "👩\u{200D}\u{1B}[2J", "soft\u{AD}hyphen",
        "tag\u{E0041}\u{E007F}", "👩‍👩‍👧\u{2066}",
    ]
    var grid = CellGrid(Size(width: 40, height: hostile.count))
    for (y, text) in hostile.enumerated() { grid.write(text, x: 0, y: y) }
    for scalar in grid.text.unicodeScalars where scalar != "\n" {
        let category = scalar.properties.generalCategory
        #expect(category != .control)
        // Joiners are left inside joined emoji only.
        #expect(category != .format || scalar == "\u{200D}", "U+\(String(scalar.value, radix: 16))")
    }
    #expect(grid.rowText(0) == "·[31mred")
    #expect(grid.rowText(4) == "gnp.exe")
    #expect(grid.rowText(14) == "👩‍👩‍👧")
    #expect("\u{1B}[31m\u{202E}red\r\n".printable == "·[31mred·")
}

@Test func aHeapOfMarksKeepsItsBase() {
    let zalgo = "z" + String(repeating: "\u{301}\u{323}", count: 5_000)
    var grid = CellGrid(Size(width: 3, height: 1))
    #expect(grid.write(zalgo, x: 0, y: 0) == 1)
    #expect(grid[0, 0].text.unicodeScalars.first == "z")
    #expect(grid[0, 0].text.unicodeScalars.count <= 16)
}
