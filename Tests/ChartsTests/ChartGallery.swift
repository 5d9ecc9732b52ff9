import Charts
import Foundation
import Terminal

/// Every kind of chart with sample data, by name. A new chart takes one line here: the tests draw each entry at every small
/// size and compare it with its golden screens.
enum ChartGallery {
    static let charts: [(name: String, chart: any Chart & Sendable)] = [
        ("line", trainAndTest), ("line-smoothed-log", smoothed), ("line-log-log", gaps), ("line-bands", bands), ("line-many", manySeeds),
        ("line-empty", LineChart([], title: "loss")), ("line-single-point", LineChart([.init("loss", data: SeriesData(values: [0.5]))], title: "loss")),
        ("line-legend", longNames),
        ("bars", bars), ("bars-vertical", verticalBars), ("bars-sorted", sortedBars), ("bars-grouped", groupedBars),
        ("histogram", histogram), ("histogram-symmetric", symmetricHistogram),
        ("sorted-weights", weights),
        ("heat-map", policy), ("heat-map-diverging", correlations),
        ("graph-tiles", states), ("graph-tiles-crowded", ring),
        ("scatter", scatter), ("scatter-density", density), ("scatter-arrows", arrows), ("parallel", parallel),
        ("table", table), ("table-scrolled", scrolledTable),
        ("image", image(.gray)), ("image-threshold", thresholdImage), ("image-rgb", image(.rgb)),
        ("gauge", Gauge(0.71, target: 0.8, title: "AUC")), ("gauge-marks", markedGauge), ("gauge-duration", Gauge(95, in: 0...300, title: "elapsed", format: .duration)),
        ("sparkline", Sparkline(curve(60, from: 1, to: 0.2, noise: 0.1))), ("sparkline-line", Sparkline(curve(60, from: 1, to: 0.2, noise: 0.1), form: .line)),
        ("graph", graph), ("graph-values", valuedGraph),
        ("scene", scene(step: 12)), ("scene-past", scene(step: 3)),
        ("bars-whiskers", whiskers), ("bars-stacked", layers),
        ("text", log),
    ]

    /// A palette with colours, as a theme would make it.
    static func palette(_ glyphs: GlyphLevel = .braille, color: Bool = true) -> ChartPalette {
        var palette = ChartPalette()
        palette.series = [.rgb(95, 175, 255), .rgb(255, 175, 95), .rgb(135, 215, 135), .rgb(215, 135, 215), .rgb(255, 215, 95), .rgb(95, 215, 215)]
            .map { Style(foreground: $0) }
        palette.positive = Style(foreground: .rgb(95, 175, 255))
        palette.negative = Style(foreground: .rgb(255, 175, 95))
        palette.warning = Style(foreground: .rgb(255, 135, 95))
        palette.glyphs = glyphs
        palette.hasColor = color
        return palette
    }

    /// A number in −0.5 ..< 0.5 that depends on nothing but its index.
    static func noise(_ index: Int) -> Double {
        var bits = UInt64(bitPattern: Int64(index)) &* 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((bits ^ (bits >> 31)) >> 11) / Double(1 << 53) - 0.5
    }

    /// About normal, deviation 1: the sum of twelve.
    static func normal(_ index: Int) -> Double { (0..<12).reduce(0) { $0 + noise(index * 12 + $1) } }

    static func curve(_ count: Int, from: Double, to: Double, noise scale: Double, every: Int = 1, seed: Int = 0) -> SeriesData {
        SeriesData(steps: (0..<count).map { Double($0 * every) }, values: (0..<count).map {
            to + (from - to) * exp(-4 * Double($0) / Double(count)) + scale * noise($0 + seed * 100_003)
        })
    }

    static var trainAndTest: LineChart {
        var chart = LineChart([.init("train", data: curve(2000, from: 1.2, to: 0.15, noise: 0.08), slot: 0),
                               .init("test", data: curve(100, from: 1.2, to: 0.25, noise: 0.02, every: 20, seed: 1), slot: 1)],
                              title: "loss", unit: "nats")
        chart.cursor = 700
        return chart
    }

    static var smoothed: LineChart {
        var chart = LineChart([.init("train", data: curve(2000, from: 1.2, to: 0.02, noise: 0.02), slot: 0, smoothing: 0.97)], title: "loss", unit: "nats")
        chart.yScale = .logarithmic
        return chart
    }

    static var gaps: LineChart {
        let steps = (0..<1500).map(Double.init)
        var chart = LineChart([.init("gradient norm", data: SeriesData(steps: steps, values: steps.map {
            $0 > 90 && $0 < 140 ? .nan : 0.01 * exp($0 / 200)
        }), slot: 3)], title: "gradient norm")
        chart.xScale = .logarithmic
        chart.yScale = .logarithmic
        return chart
    }

    static var bands: LineChart {
        func arm(_ name: String, _ slot: Int, _ mean: [Double], _ spread: Double) -> LineChart.Series {
            .init(name, data: SeriesData(values: mean), slot: slot,
                  band: .init(lower: SeriesData(values: mean.map { $0 - spread }), upper: SeriesData(values: mean.map { $0 + spread })))
        }
        var chart = LineChart([arm("original", 1, [5.2, 5.2, 5.2, 5.2], 0.3), arm("reweighted", 0, [5.2, 3.9, 3.3, 3.1], 0.2)], title: "test error", unit: "%")
        chart.references = [.init(.level(3), label: "paper"), .init(.step(2), label: "prune")]
        chart.selected = 1
        return chart
    }

    static var manySeeds: LineChart {
        var chart = LineChart((0..<7).map { seed in
            .init("seed \(seed)", data: curve(300, from: 0, to: 0.9 + 0.01 * Double(seed), noise: 0.03, every: 100, seed: seed), slot: seed)
        }, title: "accuracy")
        chart.yFormat = .percent
        chart.cursor = 15_000
        return chart
    }

    static var longNames: LineChart {
        var chart = LineChart(["leave-one-out loss of the reweighted arm", "test loss of the reweighted arm", "original"].enumerated().map { slot, name in
            .init(name, data: curve(40, from: 3, to: Double(slot), noise: 0.1, seed: slot), slot: slot)
        }, unit: "nats")
        chart.xFormat = .duration
        chart.xTitle = "time"
        return chart
    }

    static var markedGauge: Gauge {
        var gauge = Gauge(63.4, in: 0...200, title: "FCR", unit: "%")
        gauge.marks = [50, 100]
        return gauge
    }

    static var groupedBars: GroupedBarChart {
        var chart = GroupedBarChart(groups: ["0", "1", "2", "3–4", "5–8", "9–16", ">16"], series: [
            .init("teacher", values: [54.8, 79.1, 82.4, 84, 85.5, 88, 90.2], slot: 0),
            .init("student", values: [59.3, 70.2, 72.8, 73.1, .nan, 76.4, -12], slot: 1),
            .init("MLP", values: [48.2, 55.1, 56, 58.2, 60.9, 61.1], slot: 2),
        ], unit: "%", groupTitle: "degree")
        chart.cursor = 1
        return chart
    }

    static var layers: StackedBarChart {
        var chart = StackedBarChart(bars: [
            .init("layer 1", parts: [.init("Rotate", 0.31, slot: 0), .init("Brightness", 0.28, slot: 1), .init("TranslateX", 0.2, slot: 2), .init("Crop", 0.05, slot: 3), .init("others", 0.16, slot: nil)]),
            .init("layer 2", parts: [.init("Cutout", 0.71, slot: 4), .init("Color", 0.19, slot: 5), .init("Crop", 0.04, slot: 3), .init("others", 0.06, slot: nil)]),
            .init("layer 3", parts: [.init("Identity", .nan, slot: 6), .init("Rotate", 0.5, slot: 0), .init("ShearX", -1, slot: 7), .init("TranslateX", 0.25, slot: 2)]),
        ])
        chart.cursor = 1
        return chart
    }

    static var whiskers: GroupedBarChart {
        var chart = GroupedBarChart(groups: ["LSTM", "Edge"], series: [
            .init("past", values: [4.1, 4.5], ranges: [3.9...4.4, 4.2...4.9], slot: 0), .init("interaction", values: [0, 0.19], ranges: [0...0, 0.1...0.3], slot: 1),
            .init("null", values: [0, -0.08], ranges: [nil, -0.2...0.05], slot: 2),
        ], unit: "nats", groupTitle: "model")
        chart.cursor = 1
        return chart
    }

    /// A walker who evades one from the right and hardly minds another.
    static func scene(step: Int) -> SceneChart {
        func path(_ from: SIMD2<Double>, _ move: SIMD2<Double>, _ count: Int) -> [SIMD2<Double>] { (0..<count).map { from + move * Double($0) } }
        return SceneChart([
            .init("7", role: .subject, points: path(SIMD2(-4, 0), SIMD2(0.5, 0), 8) + path(SIMD2(-0.1, 0.1), SIMD2(0.45, 0.15), 12)),
            .init("3", role: .other, points: path(SIMD2(4, 1), SIMD2(-0.5, -0.05), 20), value: 0.64),
            .init("9", role: .other, points: path(SIMD2(-2, -3), SIMD2(0.1, 0.2), 8), value: -0.07),
            .init("mode 1", role: .prediction, firstStep: 8, points: path(SIMD2(-0.1, 0.1), SIMD2(0.48, 0.1), 12), probability: 0.8),
            .init("mode 2", role: .prediction, firstStep: 8, points: path(SIMD2(-0.1, -0.1), SIMD2(0.48, -0.2), 12), probability: 0.2),
        ], step: step, present: 7, valueUnit: "nats")
    }

    static var bars: BarChart {
        BarChart([.init("Cutout", 0.71, slot: 0), .init("Color", 0.19, slot: 0), .init("Crop", 0.04, slot: 0), .init("Identity", 0.0125, slot: 0)], title: "policy", unit: "probability")
    }

    static var verticalBars: BarChart {
        BarChart((0..<10).map { .init("\($0)", 160 + 20 * noise($0).rounded() + Double($0), slot: 2) }, orientation: .vertical, title: "examples per class")
    }

    static var sortedBars: BarChart {
        BarChart([.init("learning rate", 2.1, slot: 1), .init("a parameter with a very long name", -0.4, slot: 1), .init("dropout", -1.35, slot: 1), .init("broken", .nan, slot: 1), .init("depth", 0.9, slot: 1)],
                 order: .descending, title: "effect")
    }

    static var histogram: HistogramChart {
        HistogramChart([.init("clean", values: (0..<1600).map { 1 + 0.3 * normal($0) }, slot: 0),
                        .init("mislabelled", values: (0..<500).map { 0.2 + 0.25 * normal($0 + 5000) }, slot: 1)],
                       markers: [.init(0.55, name: "threshold")], title: "weights")
    }

    static var symmetricHistogram: HistogramChart {
        var chart = HistogramChart([.init("gradient", values: (0..<4000).map { 0.4 + normal($0) } + [.nan, .infinity], slot: 2)], markers: [.init(0, name: "0")], title: "derivative")
        chart.isSymmetric = true
        chart.countScale = .logarithmic
        return chart
    }

    static var weights: SortedWeightsChart {
        let values = (0..<1437).map { index in index % 7 == 0 ? -0.3 + 0.2 * normal(index) : 0.8 + 0.5 * normal(index) }
        return SortedWeightsChart(values, flagged: values.indices.map { $0 % 7 == 0 }, flagName: "mislabelled", lowName: "hurts", highName: "helps", title: "weights")
    }

    static var policy: HeatMap {
        let rows = ["Cutout", "Color", "Crop", "Identity", "ShearX", "a transformation with a long name"], columns = (1...12).map { "\($0)" }
        return HeatMap(rows: rows, columns: columns, values: (0..<72).map { index -> Double in
            let distance = (Double(index % 12) - 8) / 3
            return index == 17 ? Double.nan : 0.11 * exp(-distance * distance) / Double(1 + index / 12)
        }, title: "policy, layer 2", unit: "probability")
    }

    static var correlations: HeatMap {
        let names = ["loss", "accuracy", "weight norm", "learning rate"]
        return HeatMap(rows: names, columns: names, values: (0..<16).map { $0 / 4 == $0 % 4 ? 1 : 1.6 * noise($0 / 4 * 100 + $0 % 4) }, title: "correlation")
    }

    static var scatter: ScatterChart {
        var chart = ScatterChart([.init("digits", points: (0..<60).map { .init(step: Double($0) / 60 + 0.2 * noise($0), value: Double($0) / 60 + 0.2 * noise($0 + 900)) }, slot: 0),
                                  .init("fashion", points: (0..<40).map { .init(step: 0.3 + 0.3 * noise($0 + 77), value: 0.9 + 0.2 * noise($0 + 99)) }, slot: 1)],
                                 title: "predicted", xTitle: "true", yTitle: "predicted")
        chart.showsDiagonal = true
        return chart
    }

    static var parallel: ParallelChart {
        var chart = ParallelChart([.init("method", names: ["cold-brew", "giant-xrt", "grda"]), .init("rate", range: 0.001...0.1), .init("layers", range: 2...8), .init("accuracy", range: 61.5...83.25)], lines: [
            .init([0, 0.2, 0, 0.3], slot: 0), .init([0.5, 0.9, 0.5, 1], slot: 1), .init([1, nil, 1, 0], slot: 2), .init([1, 0.1, 0.5, 0.6], slot: 3)])
        chart.selected = 1
        return chart
    }

    static var arrows: ScatterChart {
        let before = [(1.0, 2.0), (3.0, 2.2), (4.5, 5.0), (6.0, 3.0)], after = [(1.2, 5.5), (5.5, 2.4), (3.0, 3.5), (6.1, 3.0)]
        var chart = ScatterChart([.init("small", points: before.map { .init(step: $0.0, value: $0.1) }, slot: 0), .init("wide", points: after.map { .init(step: $0.0, value: $0.1) }, slot: 1)],
                                 title: "what became of it", xTitle: "ItemRec precision (%)", yTitle: "UserRec precision (%)")
        chart.form = .markers
        chart.arrows = zip(before, after).map { .init(from: .init(step: $0.0, value: $0.1), to: .init(step: $1.0, value: $1.1), slot: 1) }
        return chart
    }

    static var density: ScatterChart {
        ScatterChart([.init("embedding", points: (0..<30_000).map { .init(step: normal($0), value: 0.6 * normal($0 + 50_000) + 0.5 * normal($0)) })], title: "embedding")
    }

    static var table: TableChart {
        var table = TableChart(columns: [.init("method"), .init("error", unit: "%", digits: 1), .init("seconds", digits: 2), .init("parameters")], rows: [
            [.text("original"), .number(5.2), .number(1.2), .number(4810)], [.text("reweighted by leave-one-out"), .number(3.1), .number(12), .number(4810)],
            [.text("noise"), .number(-12.25), .number(0.004), .number(1_200_000)], [.text("failed"), .number(.nan), .empty, .number(3)],
        ])
        table.sort = (column: 1, ascending: true)
        table.cursor = 1
        table.marks = [0: .init(slot: 1), 1: .init(slot: 0)]
        table.warned = [.init(row: 3, column: 0)]
        return table
    }

    static var scrolledTable: TableChart {
        var table = TableChart(columns: [.init("run")] + (0..<12).map { .init("metric \($0)") },
                               rows: (0..<300).map { row in [.text("run \(row)")] + (0..<12).map { .number((noise(row * 12 + $0) * 1000).rounded() / 100) } }, title: "runs")
        table.firstRow = 120
        table.firstColumn = 4
        return table
    }

    static func image(_ channels: ImageChart.Channels) -> ImageChart {
        ImageChart(width: 28, height: 28, channels: channels, pixels: (0..<28 * 28).flatMap { index -> [Float] in
            let x = Double(index % 28) - 13.5, y = Double(index / 28) - 13.5, distance = (x * x + y * y).squareRoot()
            let ring = Float(exp(-pow((distance - 9) / 2, 2)))
            return channels == .gray ? [ring] : [ring, Float(index % 28) / 28, Float(index / 28) / 28]
        }, range: 0...1, caption: "#1204 label 8")
    }

    static var thresholdImage: ImageChart {
        var chart = image(.gray)
        chart.monochromeForm = .threshold
        return chart
    }

    static var states: GraphChart {
        let rows = ["WA ND MN WI", "OR WY IA IL", "CA NV CO MO"].map { $0.split(separator: " ").map(String.init) }
        var nodes: [GraphChart.Node] = [], edges: [(Int, Int)] = []
        for (y, row) in rows.enumerated() {
            for (x, name) in row.enumerated() {
                let index = y * 4 + x
                nodes.append(.init("\(name)[\(x)]", group: x == 0 ? 0 : 1, value: index == 6 ? nil : 0.2 + 0.11 * Double(index), x: Double(x) / 3, y: Double(y) / 2))
                if x > 0 { edges.append((index - 1, index)) }
                if y > 0 { edges.append((index - 4, index)) }
            }
        }
        var map = GraphChart(nodes: nodes, edges: edges, form: .tiles, groupNames: ["source", "target"], unit: "nats")
        map.cursor = 5
        return map
    }

    /// More nodes than a small area has tiles, without places of their own.
    static var ring: GraphChart {
        GraphChart(nodes: (0..<60).map { .init("\($0)", group: $0 % 10 == 0 ? 0 : 1, value: 50 + 50 * noise($0)) }, edges: (0..<60).map { ($0, ($0 + 1) % 60) }, form: .tiles, groupNames: ["source", "target"], unit: "%")
    }

    static var graph: GraphChart {
        // Three rings with a bridge between neighbours.
        var edges: [(Int, Int)] = [(0, 8), (8, 16)]
        for ring in 0..<3 { for node in 0..<8 { edges.append((ring * 8 + node, ring * 8 + (node + 1) % 8)) } }
        return GraphChart(nodes: (0..<24).map { .init("n\($0)", group: $0 / 8) }, edges: edges, title: "domains")
    }

    static var valuedGraph: GraphChart {
        let nodes = (0..<25).map { index -> GraphChart.Node in
            let row = index / 5, column = index % 5
            return .init("\(row),\(column)", value: Double(row * column), x: Double(column) / 4, y: Double(row) / 4)
        }
        var chart = GraphChart(nodes: nodes, edges: (0..<20).map { ($0, $0 + 5) }, title: "grid", unit: "K")
        chart.cursor = 12
        return chart
    }

    static var log: TextBlock {
        TextBlock([.init("Reading digits: 1,797 rows of 64 columns.", stamp: "0:00"),
                   .init("20 % of the labels were changed; the seed of that is 3.", kind: .note, stamp: "0:01"),
                   .init("The condition number of the Hessian is 2.1e7: a larger ridge makes the derivative more trustworthy.", kind: .warning, stamp: "0:04"),
                   .init("NaN in refit at step 12.", kind: .failure, stamp: "0:09")])
    }
}
