import Charts
import Foundation
import Terminal
import Testing

@Suite struct ChartGalleryTests {
    /// What an untouched cell looks like.
    private static let untouched = CellGrid.Cell("?", Style(foreground: .rgb(1, 2, 3)))

    private func touchesOnlyItsArea(_ chart: any Chart, _ area: Rect, _ palette: ChartPalette) -> Bool {
        var grid = CellGrid(Size(width: 22, height: 14))
        grid.fill(grid.bounds, with: Self.untouched.text, style: Self.untouched.style)
        chart.draw(into: &grid, area: area, palette: palette)
        for y in 0..<grid.size.height {
            for x in 0..<grid.size.width where !area.contains(x: x, y: y) && grid[x, y] != Self.untouched { return false }
        }
        return true
    }

    @Test("Every chart stays inside of its area at every small size, glyph level and colour", arguments: ChartGallery.charts.map(\.name))
    func staysInside(name: String) throws {
        let chart = try #require(ChartGallery.charts.first { $0.name == name }).chart
        for glyphs in GlyphLevel.allCases {
            for color in [true, false] {
                let palette = ChartGallery.palette(glyphs, color: color)
                for width in 0...12 {
                    for height in 0...6 {
                        let area = Rect(x: 4, y: 3, width: width, height: height)
                        #expect(touchesOnlyItsArea(chart, area, palette), "\(name) \(width)x\(height) \(glyphs) color \(color)")
                    }
                }
            }
        }
    }

    @Test("A chart whose area lies outside of the grid draws what is inside and does not trap", arguments: ChartGallery.charts.map(\.name))
    func clipped(name: String) throws {
        let chart = try #require(ChartGallery.charts.first { $0.name == name }).chart
        for area in [Rect(x: -5, y: -3, width: 20, height: 10), Rect(x: 15, y: 9, width: 40, height: 20), Rect(x: 100, y: 100, width: 10, height: 5)] {
            let inside = area.intersection(Rect(x: 0, y: 0, width: 22, height: 14))
            #expect(touchesOnlyItsArea(chart, inside, ChartGallery.palette()) && touchesOnlyItsArea(chart, area, ChartGallery.palette()))
        }
    }

    @Test("At the ASCII level every glyph of ours is ASCII", arguments: ChartGallery.charts.map(\.name))
    func isASCII(name: String) throws {
        let chart = try #require(ChartGallery.charts.first { $0.name == name }).chart
        var grid = CellGrid(Size(width: 80, height: 24))
        chart.draw(into: &grid, area: grid.bounds, palette: ChartGallery.palette(.ascii, color: false))
        #expect(grid.text.unicodeScalars.filter { $0.value > 127 }.map(String.init).joined() == "")
    }

    @Test("Without colour nothing is coloured", arguments: ChartGallery.charts.map(\.name))
    func hasNoColor(name: String) throws {
        let chart = try #require(ChartGallery.charts.first { $0.name == name }).chart
        var palette = ChartGallery.palette(.braille, color: false)
        palette.warning = Style(.bold)
        palette.positive = Style(.bold)
        palette.negative = .plain
        var grid = CellGrid(Size(width: 80, height: 24))
        chart.draw(into: &grid, area: grid.bounds, palette: palette)
        for y in 0..<24 {
            for x in 0..<80 where grid[x, y].style.foreground != .terminal || grid[x, y].style.background != .terminal {
                Issue.record("colour at \(x), \(y)")
            }
        }
    }

    /// Golden screens: `LATHE_UPDATE_GOLDEN=1 swift test -c release --filter ChartGalleryTests` writes them anew.
    @Test("Every chart looks as its golden screens show", arguments: ChartGallery.charts.map(\.name))
    func golden(name: String) throws {
        let chart = try #require(ChartGallery.charts.first { $0.name == name }).chart
        var pictures: [String] = []
        for (size, glyphs) in [(Size(width: 40, height: 12), GlyphLevel.braille), (Size(width: 80, height: 24), .braille), (Size(width: 40, height: 12), .ascii)] {
            var grid = CellGrid(size)
            chart.draw(into: &grid, area: grid.bounds, palette: ChartGallery.palette(glyphs, color: false))
            pictures.append("\(size.width)x\(size.height) \(glyphs.rawValue)\n" + grid.text)
        }
        let drawn = pictures.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["LATHE_UPDATE_GOLDEN"] == "1" {
            let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/golden")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try drawn.write(to: folder.appendingPathComponent(name + ".txt"), atomically: true, encoding: .utf8)
            return
        }
        let file = try #require(Bundle.module.url(forResource: "Fixtures/golden/\(name)", withExtension: "txt"),
                                "No golden screen for \(name): run with LATHE_UPDATE_GOLDEN=1.")
        #expect(drawn == (try String(contentsOf: file, encoding: .utf8)))
    }
}
