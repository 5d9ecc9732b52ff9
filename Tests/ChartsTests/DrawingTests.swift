import Charts
import Foundation
import Terminal
import Testing

@Suite struct DrawingTests {
    private func draw(_ chart: some Chart, _ width: Int = 60, _ height: Int = 14, _ palette: ChartPalette = ChartGallery.palette()) -> CellGrid {
        var grid = CellGrid(Size(width: width, height: height))
        chart.draw(into: &grid, area: grid.bounds, palette: palette)
        return grid
    }

    private func lines(_ grid: CellGrid) -> [String] { grid.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

    @Test("Names at lines' ends never share a row")
    func names() {
        for count in 1...9 {
            let series = (0..<count).map { LineChart.Series("name\($0)", data: SeriesData(values: [0, 1 + Double($0) * 1e-6]), slot: $0) }
            let text = draw(LineChart(series, title: "t"), 60, 16).text
            for index in 0..<count {
                #expect(lines(draw(LineChart(series, title: "t"), 60, 16)).filter { $0.contains("name\(index)") }.count == 1, "\(text)")
            }
        }
    }

    @Test("Where curves cross, the selected one wins the cell")
    func selected() {
        let flat = SeriesData(values: [1, 1])
        var chart = LineChart([.init("a", data: flat, slot: 0), .init("b", data: flat, slot: 1)])
        chart.names = .none
        let palette = ChartGallery.palette()
        #expect(draw(chart)[30, 6].style.foreground == palette.series[1].foreground)
        chart.selected = 0
        #expect(draw(chart)[30, 6].style.foreground == palette.series[0].foreground)
    }

    @Test("The readout lists at most five curves, the nearest first, and counts the rest")
    func readout() {
        var chart = LineChart((0..<8).map { .init("s\($0)", data: SeriesData(steps: [Double(10 - $0)], values: [Double($0)]), slot: $0) })
        chart.cursor = 3
        let row = lines(draw(chart, 120, 12)).last ?? ""
        #expect(row.hasPrefix("step 3  ◆ s7 7") || row.contains("s7 7"), "\(row)")
        #expect(chart.readings(at: 3).map(\.series) == [7, 6, 5, 4, 3, 2, 1, 0])
        #expect(row.hasSuffix("+3"), "\(row)")
    }

    @Test("Values without a place on a log axis are counted, and zero steps do not spoil a log x axis")
    func placeless() {
        var chart = LineChart([.init("a", data: SeriesData(steps: [0, 1, 10, 100, 1000], values: [1, 0, -3, 10, 100]))])
        chart.yScale = .logarithmic
        chart.xScale = .logarithmic
        #expect(draw(chart).text.contains("✗2"))
        #expect(chart.shownWindow.x == 1...1000 && chart.shownWindow.y.lowerBound > 0)
    }

    @Test("A view window shows that part, and zoom and pan keep it finite")
    func window() {
        var chart = LineChart([.init("a", data: SeriesData(values: (0..<1000).map(Double.init)))])
        chart.view.x = 100...200
        #expect(chart.shownWindow.y.lowerBound <= 100 && chart.shownWindow.y.upperBound < 220)
        #expect((100.0...200).zoomed(by: 0.5) == 125...175 && (100.0...200).zoomed(by: 0.5, around: 100) == 100...150)
        #expect((100.0...200).panned(by: 0.25) == 125...225)
        #expect((-1e308...1e308).zoomed(by: 1e10) == -1e308...1e308 && (1.0...2).zoomed(by: .nan) == 1...2)
        let log = (1.0...100).zoomed(by: 0.5, scale: .logarithmic)
        #expect(abs(log.lowerBound - pow(10, 0.5)) < 1e-9)
    }

    @Test("Sorted bars stand in order, with numbers that are not finite last")
    func sortedBars() {
        let order = lines(draw(ChartGallery.sortedBars)).dropFirst().filter { !$0.isEmpty }.map { $0.split(separator: " ")[0] }
        #expect(order == ["learning", "depth", "a", "dropout", "broken"])
    }

    @Test("Numbers of a table are never cut and their points stand in one column")
    func tableNumbers() {
        for width in 1...80 {
            let text = draw(ChartGallery.table, width, 8).text
            if text.contains("error") {
                let rows = text.split(separator: "\n").filter { $0.contains("5.2") || $0.contains("3.1") }
                let columns = rows.compactMap { row in row.firstIndex(of: ".").map { row.distance(from: row.startIndex, to: $0) } }
                #expect(Set(columns).count == 1, "\(text)")
            }
            for fragment in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) where fragment.hasPrefix("12000") { #expect(fragment == "1200000") }
        }
    }

    @Test("The cursor's row is in sight whatever the offset")
    func tableCursor() {
        var table = ChartGallery.scrolledTable
        for cursor in [0, 50, 299] {
            table.cursor = cursor
            #expect(table.visibleRows(height: 10).contains(cursor) && draw(table, 60, 12).text.contains("run \(cursor) "))
        }
    }

    @Test("A histogram counts every finite value once, and zero splits the bins of a symmetric one")
    func binning() {
        let values = (0..<3000).map(ChartGallery.normal)
        for columns in [1, 2, 7, 40, 90] {
            for symmetric in [true, false] {
                let bins = Binning([values, [.nan, 1]], columns: columns, isSymmetric: symmetric)
                #expect(bins.counts[0].reduce(0, +) == 3000 && bins.counts[1].reduce(0, +) == 1 && bins.skipped == 1)
                #expect(bins.binCount <= columns)
                if symmetric, columns > 1 { #expect(bins.range.lowerBound == -bins.range.upperBound && bins.binCount % 2 == 0) }
            }
        }
        #expect(Binning([[0, 1, 1, 9]], columns: 40, isSymmetric: false).counts[0] == [1, 2, 0, 0, 0, 0, 0, 0, 0, 1])
    }

    @Test("A picture made smaller keeps its mean, made larger its pixels")
    func scaling() {
        let plane = PixelPlane(width: 7, height: 5, channels: 1, values: (0..<35).map { Float($0) })
        let small = plane.scaled(toWidth: 3, height: 2)
        #expect(abs(small.values.reduce(0, +) / 6 - 17) < 1e-3)
        let large = plane.scaled(toWidth: 14, height: 10)
        #expect((0..<10).allSatisfy { y in (0..<14).allSatisfy { large.values[y * 14 + $0] == Float(y / 2 * 7 + $0 / 2) } })
        #expect(plane.fittingSize(width: 20, height: 100) == (14, 10) && plane.fittingSize(width: 3, height: 100) == (3, 2))
    }

    @Test("Graphs are laid out the same way every time, inside of the unit square, neighbours closer than strangers")
    func graphs() {
        let first = ChartGallery.graph.laidOut(), second = ChartGallery.graph.laidOut()
        #expect(first.nodes == second.nodes)
        #expect(first.nodes.allSatisfy { (0...1).contains($0.x ?? -1) && (0...1).contains($0.y ?? -1) })
        func distance(_ a: Int, _ b: Int) -> Double {
            let a = first.nodes[a], b = first.nodes[b]
            return hypot((a.x ?? 0) - (b.x ?? 0), (a.y ?? 0) - (b.y ?? 0))
        }
        let near = first.edges.map { distance($0.0, $0.1) }.reduce(0, +) / Double(first.edges.count)
        let far = (0..<8).map { distance($0, $0 + 16) }.reduce(0, +) / 8
        #expect(near * 2 < far)
        var broken = GraphChart(nodes: [.init("a", x: .nan, y: 1e300), .init("b")], edges: [(0, 7), (-1, 0), (0, 0), (0, 1)])
        broken.cursor = 99
        #expect(!draw(broken).text.isEmpty)
    }

    @Test("Text is wrapped at words and loses nothing")
    func wrapping() {
        let text = "The condition number of the Hessian is 2.1e7 incomprehensibilities"
        for width in 1...70 {
            let rows = TextBlock.wrap(text, width: width)
            #expect(rows.allSatisfy { $0.columnWidth <= width })
            #expect(rows.joined().filter { $0 != " " } == text.filter { $0 != " " })
        }
        #expect(TextBlock.wrap("", width: 5) == [""] && TextBlock.wrap("a\nb", width: 5) == ["a", "b"])
    }

    @Test("A log follows its end, and scrolls back")
    func followsEnd() {
        var block = TextBlock((0..<100).map { .init("line \($0)") })
        #expect(lines(draw(block, 20, 3)) == ["line 97", "line 98", "line 99"])
        block.offset = 10
        #expect(lines(draw(block, 20, 3)) == ["line 87", "line 88", "line 89"])
        block.offset = 1000
        #expect(lines(draw(block, 20, 3)) == ["line 0", "line 1", "line 2"])
    }
}
