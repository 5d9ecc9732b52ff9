import Charts
import Foundation
import Terminal
import Testing

@Suite struct AxisTests {
    private func labels(_ range: ClosedRange<Double>, _ scale: AxisScale = .linear, _ format: NumberFormat = .automatic, cells: Int = 60, _ direction: AxisTicks.Direction = .horizontal) -> [String] {
        AxisTicks(range, scale: scale, format: format, cells: cells, direction: direction).ticks.map(\.label)
    }

    @Test("Linear ticks are round numbers with the same digits after the point")
    func linear() {
        #expect(labels(0...1) == ["0.00", "0.25", "0.50", "0.75", "1.00"] || labels(0...1) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(labels(0...1999) == ["0", "500", "1000", "1500"])
        #expect(labels(-1...1, cells: 20, .vertical).contains("0.0"))
        #expect(labels(0...30_000, cells: 40) == ["0", "10k", "20k", "30k"])
    }

    @Test func `an axis that counts has no ticks between whole numbers`() {
        func rows(_ steps: [Double]) -> String {
            var chart = LineChart([.init("a", data: SeriesData(steps: steps, values: steps.map { $0 * $0 }))])
            chart.xTitle = "phase"
            var grid = CellGrid(Size(width: 60, height: 12))
            chart.draw(into: &grid, area: grid.bounds, palette: ChartGallery.palette())
            return String(grid.text.split(separator: "\n").last ?? "")
        }
        #expect(rows([0, 1, 2]).split(separator: " ") == ["0", "1", "2"])
        #expect(rows([0, 0.5, 2]).contains("0.5"), "an axis with places between them keeps its ticks")
        #expect(AxisTicks(0...1, scale: .linear, format: .automatic, cells: 60, direction: .horizontal, isWhole: true).ticks.map(\.label) == ["0", "1"])
    }

    @Test func `a legend without room drops the words that all of its names share`() {
        let names = ["R² test/MLP", "R² iid/MLP", "R² out of domain/MLP"]
        func legend(_ names: [String], width: Int) -> String {
            var chart = LineChart(names.enumerated().map { .init($1, data: SeriesData(steps: [0, 1], values: [0, Double($0)]), slot: $0) })
            chart.names = .legend
            var grid = CellGrid(Size(width: width, height: 12))
            chart.draw(into: &grid, area: grid.bounds, palette: ChartGallery.palette())
            return String(grid.text.split(separator: "\n").first ?? "")
        }
        #expect(names.allSatisfy(legend(names, width: 80).contains))
        let short = legend(names, width: 52)
        #expect(short.contains(" test ") && short.contains(" iid ") && short.contains("out of domain") && !short.contains("MLP"), "\(short)")
        #expect(legend(["train loss", "test loss", "x"], width: 30).contains("x"), "names that share nothing stay")
    }

    @Test("Log ticks are decades, with 2 and 5 where there is room")
    func logarithmic() {
        #expect(labels(1e-5...1, .logarithmic, cells: 24, .vertical) == ["1e−5", "1e−4", "0.001", "0.01", "0.1", "1"]
            || labels(1e-5...1, .logarithmic, cells: 24, .vertical) == ["1e−5", "1e−4", "1e−3", "1e−2", "1e−1", "1e0"])
        #expect(labels(1...1000, .logarithmic, cells: 80) == ["1", "2", "5", "10", "20", "50", "100", "200", "500", "1k"])
        #expect(labels(1...1000, .logarithmic, cells: 30) == ["1", "10", "100", "1k"])
        let short = AxisTicks(20...90, scale: .logarithmic, format: .automatic, cells: 60, direction: .horizontal).ticks
        let steps = zip(short, short.dropFirst()).map { $1.value - $0.value }
        #expect(short.count >= 3 && steps.allSatisfy { abs($0 - steps[0]) < 1e-9 }, "evenly spaced values in a short range")
        // Positions are those of the logarithm.
        let ticks = AxisTicks(1...1000, scale: .logarithmic, format: .automatic, cells: 31, direction: .horizontal).ticks
        #expect(ticks.map(\.cell) == [0, 10, 20, 30])
    }

    @Test("Ticks lie inside, rise, and their labels neither touch nor repeat, for ranges of every size")
    func legible() {
        var ranges: [ClosedRange<Double>] = [0...1, -1...1, 0...1e300, -1e300...1e300, 1e-300...1e300, Double.leastNonzeroMagnitude...Double.leastNonzeroMagnitude * 2000, 1...1.000001, 1e15...1e15 + 8, -3e-7...2e-9]
        for index in 0..<80 {
            let low = ChartGallery.noise(index) * pow(10, Double(index % 40) - 20)
            ranges.append(low...(low + abs(ChartGallery.noise(index + 1000)) * pow(10, Double(index % 37) - 18) + 1e-25))
        }
        for range in ranges {
            for scale in AxisScale.allCases where scale == .linear || range.lowerBound > 0 {
                for format in [NumberFormat.automatic, .si, .percent, .duration, .bytes, .fixed(2)] {
                    for cells in [0, 1, 2, 3, 5, 10, 40, 200] {
                        let across = AxisTicks(range, scale: scale, format: format, cells: cells, direction: .horizontal).ticks
                        var end = Int.min
                        for tick in across {
                            let start = tick.cell - (tick.label.columnWidth - 1) / 2
                            if tick.cell < 0 || tick.cell >= cells || !range.contains(tick.value) || start <= end {
                                Issue.record("\(range) \(scale) \(format) \(cells) \(across)")
                            }
                            end = start + tick.label.columnWidth
                        }
                        let up = AxisTicks(range, scale: scale, format: format, cells: cells, direction: .vertical).ticks
                        if !zip(up, up.dropFirst()).allSatisfy({ $1.cell - $0.cell >= 2 && $0.label != $1.label }) {
                            Issue.record("\(range) \(scale) \(format) \(cells) \(up)")
                        }
                    }
                }
            }
        }
    }

    @Test("A range is padded, a constant gets a band, nothing overflows", arguments: [
        (0.0, 0.0), (5, 5), (-1e-300, -1e-300), (Double.leastNonzeroMagnitude, Double.leastNonzeroMagnitude), (1e300, 1e300), (-1.7e308, 1.7e308), (1e-300, 1e300), (0, 1), (3, 3.0000000000000004),
    ] as [(Double, Double)])
    func ranges(low: Double, high: Double) {
        let range = AxisRange.fitting(low...high, scale: .linear)
        #expect(range.lowerBound <= low && range.upperBound >= high && range.lowerBound < range.upperBound)
        #expect(range.lowerBound.isFinite && range.upperBound.isFinite)
        if low >= 0, low < high - 1e-9 { #expect(range.lowerBound >= 0) }
    }

    @Test("Numbers are written short, with a true minus sign, and never trap", arguments: [
        (NumberFormat.automatic, 0.1 + 0.2, "0.3"), (.automatic, -2.5, "−2.5"), (.automatic, 1_234_567, "1234567"), (.automatic, 1.25e-7, "1.25e−7"), (.automatic, 1e300, "1e300"),
        (.automatic, Double.leastNonzeroMagnitude, "4.941e−324"), (.automatic, .nan, "NaN"), (.automatic, -.infinity, "−∞"), (.automatic, 99.996, "100"), (.automatic, 0, "0"),
        (.si, 12_300, "12.3k"), (.si, 0.04, "40m"), (.si, 999_999, "1M"), (.si, -1500, "−1.5k"), (.percent, 0.25, "25 %"),
        (.duration, 0.35, "350 ms"), (.duration, 12, "12 s"), (.duration, 245, "4:05"), (.duration, 7800, "2:10:00"), (.duration, 3.2 * 86_400, "3 d 5 h"), (.duration, 1e300, "1e300 s"),
        (.bytes, 512, "512 B"), (.bytes, 1536, "1.5 KiB"), (.bytes, 5e9, "4.66 GiB"), (.fixed(2), 1.005, "1.00"), (.fixed(99), 0.5, "0.500000000000000"), (.fixed(3), -0.0001, "0.000"),
    ] as [(NumberFormat, Double, String)])
    func numbers(format: NumberFormat, value: Double, text: String) {
        #expect(format.string(value) == text)
    }

    @Test("Every double can be written in every format")
    func total() {
        for value in [0.0, -0.0, Double.leastNonzeroMagnitude, Double.leastNormalMagnitude / 3, 1e-24, 9.9995, 999.9999, 1e15, 9.007e15, 1e22, 1e308, .greatestFiniteMagnitude, .nan, .infinity] {
            for value in [value, -value] {
                for format in [NumberFormat.automatic, .si, .percent, .duration, .bytes, .fixed(-3), .fixed(4)] { #expect(!format.string(value).isEmpty) }
            }
        }
    }

    @Test("Charts of extreme and odd values draw and do not hang", arguments: [
        [1e300, -1e300], [1e-300, 2e-300], [Double.leastNonzeroMagnitude, 2 * Double.leastNonzeroMagnitude], [.nan], [.infinity, 1], [1e308, -1e308, 0], [7, 7, 7], [0, 0], [1e-300, 1e300], [-5, -1], [1e16, 1e16 + 2],
    ] as [[Double]])
    func extremes(values: [Double]) {
        for scale in AxisScale.allCases {
            for steps in [[0.0, 1, 2], [-1e308, 0, 1e308], [Double.leastNonzeroMagnitude, 2 * Double.leastNonzeroMagnitude, 1e300], [3, 3, 3]] {
                var line = LineChart([.init("a", data: SeriesData(steps: steps, values: values), smoothing: 0.5), .init("b", data: SeriesData(values: values), slot: 1)], title: "t")
                line.xScale = scale
                line.yScale = scale
                line.cursor = steps[1]
                line.references = [.init(.level(1e10), label: "far"), .init(.step(1), label: "step")]
                let points = zip(steps, values).map { SeriesPoint(step: $0, value: $1) }
                let charts: [any Chart] = [line, BarChart(values.map { .init("a", $0) }), BarChart(values.map { .init("a", $0) }, orientation: .vertical),
                    HistogramChart([.init("a", values: values), .init("b", values: values)], markers: [.init(0, name: "zero"), .init(.nan)]), SortedWeightsChart(values),
                    HeatMap(rows: ["r"], columns: values.map { "\($0)" }, values: values), ScatterChart([.init("a", points: points)]), Sparkline(SeriesData(values: values)),
                    Gauge(values[0], in: 0...1), TableChart(columns: [.init("v")], rows: values.map { [.number($0)] })]
                for chart in charts {
                    var grid = CellGrid(Size(width: 50, height: 14))
                    chart.draw(into: &grid, area: grid.bounds, palette: ChartGallery.palette())
                    #expect(!grid.text.isEmpty)
                }
            }
        }
    }
}
