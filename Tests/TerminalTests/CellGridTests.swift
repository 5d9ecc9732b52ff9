import Terminal
import Testing

/// What must hold in every grid: right halves follow left halves and nothing else.
func expectWholeGraphemes(_ grid: CellGrid, _ comment: @autoclosure () -> String = "") {
    for y in 0..<grid.size.height {
        for x in 0..<grid.size.width {
            let follows = x > 0 && grid[x - 1, y].columns == 2
            #expect(grid[x, y].isContinuation == follows, "\(x),\(y) \(comment())")
            if follows { #expect(grid[x, y].style == grid[x - 1, y].style) }
        }
        if grid.size.width > 0 { #expect(grid[grid.size.width - 1, y].columns != 2) }
    }
}

@Test func everyWriteAtEverySizeStaysInsideAndWhole() {
    let styles = [Style.plain, Style(foreground: .rgb(1, 2, 3), background: .rgb(4, 5, 6), [.bold, .reverse])]
    for width in 0...5 {
        for height in 0...5 {
            let size = Size(width: width, height: height)
            for x in -3...6 {
                for y in [-1, 0, height - 1, height] {
                    for text in ["abc", "漢字", "a漢", "e\u{301}👍🏽", "\u{301}", "\n\u{1B}"] {
                        var grid = CellGrid(size, style: styles[1])
                        grid.write("漢漢漢", x: 0, y: max(0, y))
                        grid.write(text, x: x, y: y, style: styles[0])
                        expectWholeGraphemes(grid, "\(text) at \(x),\(y) in \(size)")
                        grid.write(text, x: x, y: y, within: Rect(x: 1, y: 0, width: 2, height: 9))
                        grid[x, y] = CellGrid.Cell("漢", styles[0])
                        grid[x, y] = CellGrid.Cell(" ", isContinuation: true)
                        grid.put("字", x: x, y: y)
                        grid.put("\u{301}", x: x, y: y)
                        grid.fill(Rect(x: x, y: y, width: 3, height: 2), with: "漢")
                        expectWholeGraphemes(grid, "\(text) at \(x),\(y) in \(size)")
                        grid.restyle(Rect(x: x, y: y, width: 3, height: 2)) { $0.attributes.insert(.underline) }
                        grid.draw(grid, x: x, y: y)
                        grid.draw(grid, part: Rect(x: 1, y: 0, width: 3, height: 1), x: x, y: y, within: Rect(x: 0, y: 0, width: 2, height: 2))
                        expectWholeGraphemes(grid, "\(text) at \(x),\(y) in \(size)")
                        #expect(grid.text.split(separator: "\n", omittingEmptySubsequences: false).count == max(1, height))
                    }
                }
            }
        }
    }
}

@Test func writeAnswersTheColumnsItTook() {
    var grid = CellGrid(Size(width: 6, height: 1))
    #expect(grid.write("漢字漢字", x: 0, y: 0) == 6)
    #expect(grid.write("漢字漢字", x: 1, y: 0) == 4)
    #expect(grid.text == " 漢字")
    #expect(grid.write("abc", x: 9, y: 0) == 0)
    #expect(grid.write("abc", x: 0, y: 7) == 3)
}

@Test func overwritingHalfOfAWideGraphemeBlanksTheOther() {
    var grid = CellGrid(Size(width: 6, height: 1))
    grid.write("漢字", x: 0, y: 0)
    grid.write("x", x: 1, y: 0)
    #expect(grid.text == " x字")
    grid.write("漢", x: 1, y: 0)
    #expect(grid.text == " 漢")
    // Cut by the left and the right edge of a limit.
    grid.write("漢字", x: 0, y: 0, within: Rect(x: 1, y: 0, width: 2, height: 1))
    #expect(grid[1, 0].text == " " && grid[2, 0].text == " ")
}

@Test func cellsAreChangedOneByOneWithoutBreakingGraphemes() {
    var grid = CellGrid(Size(width: 5, height: 1))
    grid.write("a漢e\u{301}", x: 0, y: 0)
    for x in 0..<5 {
        var cell = grid[x, 0]
        cell.style.attributes.insert(.reverse)
        grid[x, 0] = cell
    }
    #expect(grid.text == "a漢e\u{301}")
    #expect((0..<5).allSatisfy { grid[$0, 0].style.attributes == .reverse })
    expectWholeGraphemes(grid)
}

@Test func gridsAreEqualWhereTheyLookTheSame() {
    var one = CellGrid(Size(width: 4, height: 1)), two = one
    one.write("👍🏽", x: 0, y: 0)
    one.write("e\u{301}", x: 0, y: 0)
    two.write("e\u{301}", x: 0, y: 0)
    #expect(one == two)
    two.write("e\u{300}", x: 0, y: 0)
    #expect(one != two)
}

@Test func absurdPositionsAndSizesAreHarmless() {
    var grid = CellGrid(Size(width: .max, height: 3))
    #expect(grid.size.width == Size.largestSide)
    grid.write("abc", x: .max, y: .max)
    grid.write("abc", x: .min, y: .min)
    grid.write("abc", x: .max - 1, y: 0, within: Rect(x: .max, y: .min, width: .max, height: .max))
    grid.fill(Rect(x: .max, y: .max, width: .max, height: .max))
    grid.fill(Rect(x: .min, y: .min, width: .max, height: .max), with: "x")
    grid[.max, .min] = .blank
    _ = Rect(x: .max, y: .min, width: .max, height: 1).inset(horizontal: .max, vertical: .min + 1).split(top: .max)
    #expect(grid.text == "\n\n")
}

@Test func aGridDrawnForeverDoesNotGrow() {
    var grid = CellGrid(Size(width: 2, height: 1))
    for value in 0..<3_000 {
        guard let base = Unicode.Scalar(UInt32(0x4E00 + value)) else { continue }
        grid.write(String(Character(base)) + "\u{301}", x: 0, y: 0)
    }
    #expect(grid.clusterCount <= 68)
    #expect(grid[0, 0].text == Character(String(Character(Unicode.Scalar(UInt32(0x4E00 + 2_999))!)) + "\u{301}"))
}
