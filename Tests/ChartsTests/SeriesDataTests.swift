import Charts
import Foundation
import Terminal
import Testing

@Suite struct SeriesDataTests {
    @Test("A spike in one of a million points is drawn at any width", arguments: [1, 3, 10, 37, 80, 200, 400])
    func spike(width: Int) {
        for place in [0, 1, 499_999, 654_321, 999_999] {
            var data = SeriesData()
            for step in 0..<1_000_000 { data.append(step: Double(step), value: step == place ? 1 : 0) }
            var chart = LineChart([.init("", data: data)])
            chart.view.y = 0...1
            var grid = CellGrid(Size(width: width, height: 8))
            chart.draw(into: &grid, area: grid.bounds, palette: ChartGallery.palette())
            // Only a value of 1 reaches the plot's upper row.
            let top = (0..<width).contains { ("\u{2801}"..."\u{28FF}").contains(grid[$0, 0].text) }
            #expect(top, "spike at \(place) in \(width) columns")
        }
    }

    @Test("A copy is independent of its original, before and after smoothing")
    func copies() {
        var original = SeriesData(values: (0..<3000).map(Double.init))
        draw(original, smoothing: 0.9)
        var copy = original
        original.append(step: 3000, value: -1)
        copy.append(step: 3000, value: 7)
        copy.append(step: 3001, value: 8)
        #expect(original.count == 3001 && copy.count == 3002)
        #expect(original.last == SeriesPoint(step: 3000, value: -1) && copy.last == SeriesPoint(step: 3001, value: 8))
        #expect(smoothedEnd(original) == smoothedEnd(SeriesData(values: (0..<3000).map(Double.init) + [-1])))
        #expect(smoothedEnd(copy) == smoothedEnd(SeriesData(values: (0..<3000).map(Double.init) + [7, 8])))
    }

    @Test("Steps in any order end up sorted, equal ones in order of arrival")
    func unsorted() {
        let count = 5000
        let steps = (0..<count).map { Double(($0 * 2_654_435) % count / 2) }
        let data = SeriesData(steps: steps, values: (0..<count).map(Double.init))
        var found: [SeriesPoint] = []
        data.forEach { found.append($0) }
        let expected = zip(steps, 0..<count).sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { SeriesPoint(step: $0.0, value: Double($0.1)) }
        #expect(found == expected)
        #expect(data.stepRange == 0...(steps.max() ?? 0))
    }

    @Test("Smoothing after out-of-order points equals smoothing of the sorted series")
    func smoothedUnsorted() {
        var data = SeriesData()
        for index in 0..<4000 where index != 1500 { data.append(step: Double(index), value: ChartGallery.noise(index)) }
        _ = smoothedEnd(data)
        data.append(step: 1500, value: ChartGallery.noise(1500))
        #expect(smoothedEnd(data) == smoothedEnd(SeriesData(values: (0..<4000).map(ChartGallery.noise))))
    }

    @Test("The exponential average is bias-corrected and skips gaps")
    func average() {
        // One value: itself. Two: (f(1 − f)a + (1 − f)b) / (1 − f²).
        #expect(smoothedEnd(SeriesData(values: [5]), factor: 0.9) == 5)
        let two = smoothedEnd(SeriesData(values: [1, 3]), factor: 0.5)
        #expect(abs(two - (0.25 * 1 + 0.5 * 3) / 0.75) < 1e-12)
        #expect(smoothedEnd(SeriesData(values: [1, .nan, 3]), factor: 0.5) == two)
        // On a log axis the average is geometric.
        let log = smoothedEnd(SeriesData(values: [1, 100]), factor: 0.5, scale: .logarithmic)
        #expect(abs(log - pow(10, 0.5 * 2 / 0.75)) < 1e-9)
    }

    @Test("The average is the same whether it grows with the series or is computed at once")
    func grows() {
        var growing = SeriesData()
        for index in 0..<2600 {
            growing.append(step: Double(index), value: ChartGallery.noise(index))
            if index % 97 == 0 { _ = smoothedEnd(growing) }
        }
        #expect(smoothedEnd(growing) == smoothedEnd(SeriesData(values: (0..<2600).map(ChartGallery.noise))))
    }

    @Test("Values that are not finite are counted gaps and leave the range alone; steps that are not finite are dropped")
    func gaps() {
        let data = SeriesData(steps: [0, 1, .nan, 2, 3, .infinity], values: [1, .nan, 9, .infinity, 2, 9])
        #expect(data.count == 4 && data.droppedCount == 2 && data.nonFiniteCount == 2)
        #expect(data.valueRange == 1...2)
        var grid = CellGrid(Size(width: 40, height: 10))
        LineChart([.init("", data: data)]).draw(into: &grid, area: grid.bounds, palette: ChartGallery.palette())
        #expect(grid.text.contains("✗2"))
    }

    @Test("The nearest point and the neighbours of a step are found across chunks")
    func neighbours() {
        let data = SeriesData(steps: (0..<5000).map { Double($0 * 10) }, values: (0..<5000).map(Double.init))
        #expect(data.nearest(to: 10_244)?.step == 10_240 && data.nearest(to: -5)?.step == 0 && data.nearest(to: 1e9)?.step == 49_990)
        #expect(data.neighbour(of: 10_230, forward: true) == 10_240 && data.neighbour(of: 10_240, forward: false) == 10_230)
        #expect(data.neighbour(of: 49_990, forward: true) == nil && data.neighbour(of: 0, forward: false) == nil)
    }

    @discardableResult
    private func draw(_ data: SeriesData, smoothing: Double) -> String {
        var grid = CellGrid(Size(width: 40, height: 10))
        LineChart([.init("a", data: data, smoothing: smoothing)]).draw(into: &grid, area: grid.bounds, palette: ChartGallery.palette())
        return grid.text
    }

    private func smoothedEnd(_ data: SeriesData, factor: Double = 0.9, scale: AxisScale = .linear) -> Double {
        var chart = LineChart([.init("a", data: data, smoothing: factor)])
        chart.yScale = scale
        return chart.readings(at: .greatestFiniteMagnitude).first?.value ?? .nan
    }
}
