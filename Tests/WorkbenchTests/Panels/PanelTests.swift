import Catalogue
import Charts
import Experiments
import Terminal
import Testing
import Workbench

@Suite struct PanelTests {
    /// One of each kind over the sample run, and each kind over names that the run does not have.
    static let specs: [PanelSpec] = {
        let axis = PanelSpec.Axis("step")
        let kinds: [PanelSpec.Kind] = [
            .lines(series: ["loss/*"], x: axis, y: .init("loss", logarithmic: true)), .histogram(distribution: "gradient"),
            .sortedWeights(weights: "weight"), .sortedWeights(weights: "other"), .gallery(weights: "weight", images: "examples"),
            .gallery(weights: "other", images: "nothing"), .trajectories(weights: "weight"), .heatMap(matrix: "confusion"), .table("detection"),
            .bars(table: "detection", label: "method", value: "AUC"), .scatter(table: "detection", x: "AUC", y: "AUC"), .graph("neighbours"),
            .graph("neighbours", look: .init(groups: ["one", "two"], details: "detection", hasTiles: true)), .graph("no", look: .init(details: "no", hasTiles: true)),
            .images("examples"), .log,
            .groupedBars(table: "detection", label: "method", values: ["AUC", "F1"]), .inspector(items: "detection", details: "detection", key: "method"),
            .gauges(table: "detection", label: "method", value: "AUC", scales: [.init("diva", high: 2, marks: [0.5, 1])]),
            .groupedBars(table: "detection", label: "no", values: ["AUC"]), .groupedBars(table: "no", label: "method", values: []),
            .stackedBars(table: "detection", label: "method", part: "method", value: "AUC"), .stackedBars(table: "no", label: "a", part: "b", value: "c"),
            .inspector(items: "no", details: "detection", key: "method"), .gauges(table: "no", label: "a", value: "b", scales: []),
            .lines(series: ["no"], x: axis, y: axis), .histogram(distribution: "no"), .sortedWeights(weights: "no"), .gallery(weights: "no", images: "no"),
            .trajectories(weights: "no"), .heatMap(matrix: "no"), .table("no"), .bars(table: "detection", label: "no", value: "method"),
            .scatter(table: "no", x: "a", y: "b"), .graph("no"), .images("no"),
        ]
        let special = [
            PanelSpec("stems", title: "stems", help: "", kind: .lines(series: ["loss/*"], x: axis, y: .init("loss")), isStems: true),
            PanelSpec("cross", title: "scatter with a cross-hair", help: "", kind: .scatter(table: "detection", x: "AUC", y: "AUC"), marks: "detection"),
            PanelSpec("curves", title: "inspector with curves", help: "", kind: .inspector(items: "detection", details: "detection", key: "method"),
                      curves: .init(series: "loss", x: axis, y: axis, rug: "detection"), listShare: 0.2),
        ]
        return kinds.enumerated().map { PanelSpec("\($0)", title: "\($1)", help: "", kind: $1) } + special
    }()

    private static let actions: [ActionID] = ["down", "right", "panel.open", "panel.order", "chart.zoomIn", "chart.cursorForward", "last", "first", "left",
                                              "chart.cursorBack", "chart.logX", "chart.logY", "chart.smoothMore", "page.down", "up", "page.up",
                                              "panel.open", "chart.zoomOut", "chart.fit", "panel.close", "half.down", "half.up"]

    private func model() throws -> RunModel {
        var model = RunModel(identifier: "a1b2c3")
        model.fold(try SampleRun.events())
        return model
    }

    @Test(arguments: specs) func `a panel draws at every size, only inside, whatever was pressed`(_ spec: PanelSpec) throws {
        let model = try model()
        var view = panelView(for: spec)
        let sizes = (0...12).flatMap { width in (0...6).map { Size(width: width, height: $0) } }
            + [Size(width: 30, height: 8), Size(width: 78, height: 18), Size(width: 94, height: 36), Size(width: 5, height: 36), Size(width: 94, height: 2)]
        for (turn, action) in ([nil] + Self.actions.map(Optional.some)).enumerated() {
            if let action { _ = view.perform(action, model: model, size: Size(width: 78, height: 18)) }
            var palette = ChartPalette()
            palette.hasColor = turn % 2 == 0
            for size in sizes {
                let frame = Size(width: size.width + 6, height: size.height + 4)
                var grid = CellGrid(frame)
                grid.fill(grid.bounds, with: "~")
                let area = Rect(x: 3, y: 2, width: size.width, height: size.height)
                view.draw(into: &grid, area: area, context: PanelContext(model: model, palette: palette, isFocused: true, now: 0))
                for y in 0..<frame.height {
                    for x in 0..<frame.width where !area.contains(x: x, y: y) && grid[x, y].text != "~" {
                        Issue.record("\(spec.title) wrote outside of \(area) at \(x), \(y) after \(action?.rawValue ?? "nothing")")
                        return
                    }
                }
            }
            _ = view.status(of: model)
            _ = view.actions(for: model)
        }
    }

    @Test func `the best number of a column that says which way is better stands out, and only that`() {
        let columns: [RunEvent.Table.Column] = [.init("model"), .init("accuracy", digits: 1, better: .higher), .init("loss", digits: 1, better: .lower), .init("epochs", digits: 1)]
        let rows: [[RunEvent.Table.Cell]] = [[.text("a"), .number(10.5), .number(11.5), .number(19.5)], [.text("b"), .number(12.5), .number(13.5), .number(14.5)]]
        var grid = CellGrid(Size(width: 60, height: 3))
        TableView().draw(columns: columns, rows: rows, into: &grid, area: grid.bounds, palette: ChartPalette(), isFocused: false)
        func isBold(_ number: String) -> Bool? {
            for y in 1...2 {
                let line = String((0..<60).map { grid[$0, y].text })
                guard let range = line.range(of: number) else { continue }
                return grid[line.distance(from: line.startIndex, to: range.lowerBound), y].style.attributes.contains(.bold)
            }
            return nil
        }
        #expect(isBold("12.5") == true && isBold("11.5") == true)
        #expect(isBold("10.5") == false && isBold("13.5") == false && isBold("19.5") == false && isBold("14.5") == false)
    }

    @Test func `curves of one unit have it on the axis, curves of several with their names`() {
        func shown(_ units: [String]) -> String {
            var model = RunModel(identifier: "r", state: .finished)
            for (place, unit) in units.enumerated() {
                model.fold(RunEvent(sequence: place, time: 0, payload: .metric(.init(series: "embedding/curve \(place)", unit: unit, steps: [1, 2], values: [0.5, 0.25]))))
            }
            var grid = CellGrid(Size(width: 70, height: 14))
            let spec = PanelSpec("e", title: "", help: "", kind: .lines(series: ["embedding/*"], x: .init("step"), y: .init("")))
            panelView(for: spec).draw(into: &grid, area: grid.bounds, context: PanelContext(model: model, palette: ChartPalette(), isFocused: false, now: 0))
            return grid.text
        }
        let mixed = shown(["nats", ""]), one = shown(["nats", "nats"])
        #expect(mixed.contains("curve 0 (nats)") && mixed.contains("curve 1") && !mixed.contains("curve 1 ("), "\(mixed)")
        #expect(one.contains("nats") && !one.contains("(nats)"), "\(one)")
    }

    @Test func `what lies below the floor of an axis is drawn on it, and an arrow stands with the name`() {
        func shown(_ values: [Double]) -> String {
            var model = RunModel(identifier: "r", state: .finished)
            for (place, value) in values.enumerated() { model.fold(RunEvent(sequence: place, time: 0, payload: .metric(.init(series: "R²/curve \(place)", steps: [1, 2, 3], values: [0.5, value, 0.2])))) }
            var grid = CellGrid(Size(width: 70, height: 14))
            panelView(for: PanelSpec("e", title: "", help: "", kind: .lines(series: ["R²/*"], x: .init("step"), y: .init("R²", floor: -1)))).draw(into: &grid, area: grid.bounds, context: PanelContext(model: model, palette: ChartPalette(), isFocused: false, now: 0))
            return grid.text
        }
        let deep = shown([0.3, -250]), shallow = shown([0.3, -0.8])
        #expect(deep.contains("curve 1 ↓") && !deep.contains("curve 0 ↓") && deep.contains("−1") && !deep.contains("−200"), "\(deep)")
        #expect(!shallow.contains("↓"), "\(shallow)")
    }

    @Test func `up and down turn the pages of grouped bars`() {
        var model = RunModel(identifier: "r", state: .finished)
        let rows: [[RunEvent.Table.Cell]] = [[.text("a"), .text("first"), .number(1)], [.text("b"), .text("second"), .number(2)]]
        model.fold(RunEvent(sequence: 0, time: 0, payload: .table(.init(name: "t", columns: [.init("model"), .init("page"), .init("value")], rows: rows))))
        var view = panelView(for: PanelSpec("b", title: "", help: "", kind: .groupedBars(table: "t", label: "model", values: ["value"])))
        #expect(view.status(of: model) == "first · 1 of 2")
        let turned = view.perform("down", model: model, size: Size(width: 40, height: 10))
        #expect(turned && view.status(of: model) == "second · 2 of 2")
        _ = view.perform("down", model: model, size: Size(width: 40, height: 10))
        #expect(view.status(of: model) == "second · 2 of 2")
        _ = view.perform("up", model: model, size: Size(width: 40, height: 10))
        #expect(view.status(of: model) == "first · 1 of 2")
    }

    @Test func `a table's unit stands at the axes of a scatter`() {
        var model = RunModel(identifier: "r", state: .finished)
        model.fold(RunEvent(sequence: 0, time: 0, payload: .table(.init(name: "points", columns: [.init("x1", unit: "sd"), .init("x2", unit: "m")], rows: [[.number(1), .number(2)], [.number(2), .number(3)]]))))
        var grid = CellGrid(Size(width: 60, height: 14))
        panelView(for: PanelSpec("p", title: "", help: "", kind: .scatter(table: "points", x: "x1", y: "x2")))
            .draw(into: &grid, area: grid.bounds, context: PanelContext(model: model, palette: ChartPalette(), isFocused: false, now: 0))
        #expect(grid.text.contains("x1 (sd)"), "\(grid.text)")
    }

    @Test func `arrows walk over a graph by place, and what a table says of the node stands below`() {
        var model = RunModel(identifier: "r", state: .finished)
        model.fold(RunEvent(sequence: 0, time: 0, payload: .graph(.init(name: "g", unit: "%", nodes: [.init(label: "west", group: 0, value: 10, x: 0, y: 0.5), .init(label: "east", group: 1, value: 30, x: 1, y: 0.5),
                                                                                                    .init(label: "south", group: 1, value: 20, x: 0, y: 1)], edges: [[0, 1], [0, 2]]))))
        model.fold(RunEvent(sequence: 1, time: 0, payload: .table(.init(name: "d", columns: [.init("domain"), .init("hops", digits: 0), .init("error", unit: "sd²", digits: 1)],
                                                                        rows: [[.text("West"), .number(0), .number(1.5)], [.text("East"), .number(1), .empty], [.text("South"), .number(1), .number(2.5)]]))))
        for hasTiles in [false, true] {
            var view = panelView(for: PanelSpec("g", title: "", help: "", kind: .graph("g", look: .init(groups: ["source", "target"], details: "d", hasTiles: hasTiles))))
            func shown() -> String {
                var grid = CellGrid(Size(width: 60, height: 16))
                view.draw(into: &grid, area: grid.bounds, context: PanelContext(model: model, palette: ChartPalette(), isFocused: true, now: 0))
                return grid.text
            }
            #expect(shown().contains("source") && shown().contains("target") && shown().contains("30 %"), "\(shown())")
            _ = view.perform("right", model: model, size: Size(width: 60, height: 16))
            #expect(shown().contains("West · hops 0 · error 1.5 sd²"), "\(shown())")
            _ = view.perform("down", model: model, size: Size(width: 60, height: 16))
            #expect(shown().contains("South · hops 1 · error 2.5 sd²"), "\(shown())")
            _ = view.perform("chart.cursorBack", model: model, size: Size(width: 60, height: 16))
            #expect(shown().contains("East · hops 1"), "\(shown())")
            _ = view.perform("chart.fit", model: model, size: Size(width: 60, height: 16))
            #expect(!shown().contains("hops"))
        }
    }

    @Test func `the inspector draws the curves of the item under the cursor over its ticks`() {
        var model = RunModel(identifier: "a1b2c3"), count = 0
        func add(_ payload: RunEvent.Payload) {
            model.fold([RunEvent(sequence: count, time: 0, payload: payload)])
            count += 1
        }
        add(.table(.init(name: "users", columns: [.init("user")], rows: [[.text("ann")], [.text("bob")]])))
        add(.table(.init(name: "moments", columns: [.init("user"), .init("rug"), .init("time")], rows: [[.text("ann"), .text("came"), .number(2)], [.text("bob"), .text("went"), .number(3)]])))
        for (name, values) in [("ann", [1.0, 5]), ("bob", [2, 2])] { add(.metric(.init(series: "λ/\(name)/EMA", unit: "events", steps: [0, 4], values: values))) }
        let axis = PanelSpec.Axis("time")
        var view = panelView(for: PanelSpec("i", title: "", help: "", kind: .inspector(items: "users", details: "moments", key: "user"), curves: .init(series: "λ", x: axis, y: axis, rug: "moments")))
        func text() -> String {
            var grid = CellGrid(Size(width: 120, height: 24))
            view.draw(into: &grid, area: grid.bounds, context: PanelContext(model: model, palette: ChartPalette(), isFocused: true, now: 0))
            return grid.text
        }
        #expect(text().contains("moments of ann") && text().contains("came") && text().contains("╵") && !text().contains("went"))
        _ = view.perform("down", model: model, size: Size(width: 120, height: 24))
        #expect(text().contains("moments of bob") && text().contains("went") && !text().contains("came"))
    }

    @Test func `the inspector shows the rows of the other table that belong to the row under the cursor, in any order`() {
        var model = RunModel(identifier: "r", state: .finished)
        model.fold(RunEvent(sequence: 0, time: 0, payload: .table(.init(name: "nodes", columns: [.init("node"), .init("purity")],
                                                                        rows: [[.text("n1"), .number(0.5)], [.text("n2"), .number(0.25)]]))))
        model.fold(RunEvent(sequence: 1, time: 0, payload: .table(.init(name: "neighbours", columns: [.init("node"), .init("neighbour")],
                                                                        rows: [[.text("n1"), .text("first")], [.text("n2"), .text("second")], [.text("n1"), .text("third")]]))))
        var view = panelView(for: PanelSpec("i", title: "", help: "", kind: .inspector(items: "nodes", details: "neighbours", key: "node")))
        for size in [Size(width: 110, height: 10), Size(width: 70, height: 14)] {
            func shown() -> String {
                var grid = CellGrid(size)
                view.draw(into: &grid, area: grid.bounds, context: PanelContext(model: model, palette: ChartPalette(), isFocused: true, now: 0))
                return grid.text
            }
            _ = view.perform("first", model: model, size: size)
            #expect(shown().contains("neighbours of n1") && shown().contains("first") && shown().contains("third") && !shown().contains("second"))
            _ = view.perform("down", model: model, size: size)
            #expect(shown().contains("neighbours of n2") && shown().contains("second") && !shown().contains("third"))
        }
        // By purity rising, the second node comes first.
        _ = view.perform("first", model: model, size: Size(width: 110, height: 10))
        for _ in 0..<3 { _ = view.perform("panel.order", model: model, size: Size(width: 110, height: 10)) }
        var grid = CellGrid(Size(width: 110, height: 10))
        view.draw(into: &grid, area: grid.bounds, context: PanelContext(model: model, palette: ChartPalette(), isFocused: true, now: 0))
        #expect(grid.text.contains("neighbours of n2"))
    }

    @Test func `each kind says what it waits for, or that the run has none`() throws {
        let empty = RunModel(identifier: "r", state: .running)
        for spec in Self.specs {
            for (model, words) in [(empty, "waiting for"), (RunModel(identifier: "r", state: .finished), "this run has no")] {
                if case .log = spec.kind, words == "waiting for" { continue }
                var grid = CellGrid(Size(width: 100, height: 9))
                panelView(for: spec).draw(into: &grid, area: grid.bounds, context: PanelContext(model: model, palette: ChartPalette(), isFocused: false, now: 0))
                #expect(grid.text.contains(words), "\(spec.title): \(grid.text)")
            }
            #expect(!panelView(for: spec).hasContent(in: empty))
        }
    }

    @Test func `every panel of every method draws a run of its own smoke plan`() throws {
        // The names that a method gives its panels and those that it gives its events must be the same words.
        for method in methodCatalogue {
            guard let request = method.runs(for: .smoke, dataset: nil).first else { continue }
            let model = try SmokeRun.model(request, of: method)
            let filled = method.panels.filter { panelView(for: $0).hasContent(in: model) }
            #expect(filled.count >= 6, "\(method.description.identifier): \(filled.map(\.identifier))")
            for spec in filled {
                var grid = CellGrid(Size(width: 78, height: 18))
                panelView(for: spec).draw(into: &grid, area: grid.bounds, context: PanelContext(model: model, palette: ChartPalette(), isFocused: true, now: 0))
                #expect(!grid.text.contains("this run has no"), "\(spec.identifier)")
                #expect(grid.text.contains { $0 != " " && $0 != "\n" }, "\(spec.identifier)")
            }
        }
    }

    @Test func `the gallery of a real run shows pictures, labels, predictions and weights of the lowest and highest`() throws {
        guard let method = methodCatalogue.first(where: { $0.description.identifier == "diva" }),
              let request = method.runs(for: .smoke, dataset: "digits").first else { return }
        let model = try SmokeRun.model(request, of: method)
        let spec = PanelSpec("g", title: "", help: "", kind: .gallery(weights: "weight", images: "examples"))
        var view = panelView(for: spec)
        let history = try #require(model.weights["weight"])
        for isHighest in [false, true] {
            if isHighest { _ = view.perform("panel.order", model: model, size: Size(width: 78, height: 18)) }
            var grid = CellGrid(Size(width: 78, height: 18))
            view.draw(into: &grid, area: grid.bounds, context: PanelContext(model: model, palette: ChartPalette(), isFocused: true, now: 0))
            let position = try #require(isHighest ? history.ranking.last : history.ranking.first)
            #expect(grid.text.contains("▸#\(history.newest.identifiers[position])"))
            #expect(grid.text.contains("label ") && grid.text.contains("says ") && grid.text.contains("w "))
            #expect((0..<4).contains { y in (0..<8).contains { grid[$0, y].text != " " || grid[$0, y].style.background != .terminal } }, "a picture is drawn")
        }
    }
}
