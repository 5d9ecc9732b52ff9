import Terminal
import Testing

@Test func stylesAreDumpedAsRuns() {
    var grid = CellGrid(Size(width: 12, height: 3))
    grid.write("ok", x: 1, y: 0, style: Style(foreground: .rgb(255, 135, 0), .bold))
    grid.write("漢", x: 4, y: 0, style: Style(background: .rgb(0, 0, 95), [.underline, .reverse]))
    grid.write("plain", x: 0, y: 2)
    #expect(grid.styledText() == """
        | ok 漢
        :1-2 bold fg=#ff8700; 4-5 underline reverse bg=#00005f
        |
        |plain
        """)
    #expect(grid.styledText(depth: .colors256).contains(":1-2 bold fg=208; 4-5 underline reverse bg=17\n"))
    #expect(grid.styledText(depth: .none).contains(":1-2 bold; 4-5 underline reverse\n"))
    #expect(CellGrid(Size(width: 0, height: 0)).styledText() == "")
}
