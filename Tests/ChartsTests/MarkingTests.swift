import Charts
import Terminal
import Testing

/// Rugs, stems, markers and cross-hairs: what stands beside the points themselves.
@Suite struct MarkingTests {
    private func rows(_ chart: some Chart, _ width: Int = 60, _ height: Int = 14) -> [String] {
        var grid = CellGrid(Size(width: width, height: height))
        chart.draw(into: &grid, area: grid.bounds, palette: ChartGallery.palette())
        return grid.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func `a rug has a tick for each place, in a row of its own from the bottom`() {
        var chart = LineChart([.init("", data: SeriesData(steps: [0, 100], values: [5, 10]))])
        chart.rugs = [.init("first", places: [20, 40, 40, 400], slot: 1), .init("second", places: [80], slot: 2)]
        let found = rows(chart).filter { $0.contains("╵") }
        #expect(found.count == 2 && found[0].count { $0 == "╵" } == 1 && found[1].count { $0 == "╵" } == 2, "\(found)")
        #expect(found[0].contains("second") && found[1].contains("first"))
    }

    @Test func `stems reach from zero to their values and join nothing`() {
        var chart = LineChart([.init("", data: SeriesData(steps: [0, 50, 100], values: [0, 8, 0]))])
        let joined = rows(chart).joined()
        chart.series[0].isStems = true
        let stems = rows(chart), column = stems.compactMap { row in row.firstIndex { $0 == "⡇" || $0 == "⢸" }.map { row.distance(from: row.startIndex, to: $0) } }
        #expect(Set(column).count == 1 && column.count > 5, "\(stems.joined(separator: "\n"))")
        #expect(stems.joined() != joined)
    }

    @Test func `markers say one thing and colours another, with a legend of both, and a cross-hair through what is compared`() {
        var chart = ScatterChart([.init("cold", points: [.init(step: 1, value: 1), .init(step: 2, value: 2)], slot: 0), .init("warm", points: [.init(step: 3, value: 3)], slot: 1)])
        chart.form = .markers
        chart.groups[0].markers = [0, 1]
        chart.groups[1].markers = [1]
        chart.markerNames = [("round", 0), ("pointed", 1)]
        chart.crossHair = .init(x: 2, y: 2, label: "middle")
        let found = rows(chart), palette = ChartGallery.palette(), text = found.joined(separator: "\n")
        #expect(text.contains("cold") && text.contains("warm") && text.contains("round") && text.contains("pointed") && text.contains("middle"))
        // One marker each in the plot and one in the legend.
        #expect(text.count { $0 == palette.marker(ofSlot: 0) } == 2 && text.count { $0 == palette.marker(ofSlot: 1) } == 3)
        #expect(text.contains("╌╌╌") && found.count { $0.contains("╎") } > 5)
        // A cross-hair outside of what is shown is left out.
        chart.crossHair = .init(x: 900, y: 900)
        #expect(!rows(chart).joined().contains("╌"))
    }

    @Test func `an arrow points from where a row was to where it is, and a path has no heads`() {
        func chart(_ to: (Double, Double), hasHead: Bool = true) -> ScatterChart {
            var chart = ScatterChart([.init("", points: [.init(step: 0, value: 0), .init(step: 10, value: 10)])])
            chart.arrows = [.init(from: .init(step: 5, value: 5), to: .init(step: to.0, value: to.1), slot: 1, hasHead: hasHead)]
            return chart
        }
        for (to, head) in [((9.0, 5.0), "→"), ((1, 5), "←"), ((5, 9), "↑"), ((5, 1), "↓"), ((5, 5), "·")] as [((Double, Double), Character)] {
            #expect(rows(chart(to)).joined().contains(head), "\(to)")
        }
        #expect(rows(chart((6, 9))).joined().contains { "↑↗".contains($0) })
        #expect(!rows(chart((9, 5), hasHead: false)).joined().contains("→"))
        // What has no place on the scale is left out.
        var far = chart((9, 5))
        far.xScale = .logarithmic
        far.arrows[0].from.step = -1
        #expect(!rows(far).joined().contains("→"))
    }
}
