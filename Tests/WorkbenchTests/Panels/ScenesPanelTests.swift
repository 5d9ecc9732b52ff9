import Charts
import Experiments
import Terminal
import Testing
import Workbench

/// Scenes that are stepped and played.
@Suite struct ScenesPanelTests {
    private let spec = PanelSpec("scenes", title: "Scenes", help: "", kind: .scenes("scenes"), isWide: true)

    private func model(_ scenes: [RunEvent.SceneSet.Scene]? = nil) -> RunModel {
        func scene(_ name: String) -> RunEvent.SceneSet.Scene {
            .init(caption: name, present: 2, tracks: [
                .init(name: "target", role: .subject, x: [0, 1, 2, 3, 4, 5], y: [0, 0, 0, 0.5, 1, 1.5], values: [.nan, 4.5]),
                .init(name: "12", role: .other, x: [6, 5, 4, 3], y: [2, 2, 2, 2], values: [0.31, 0.2]),
                .init(name: "13", role: .other, firstStep: 1, x: [1, 1], y: [-3, -2], values: [-0.02, -0.1]),
                .init(name: "mode 1", role: .prediction, firstStep: 3, x: [3, 4, 5], y: [0, 0, 0], probability: 0.75),
            ])
        }
        var model = RunModel(identifier: "a1")
        model.fold(RunEvent(sequence: 0, time: 0, payload: .scenes(.init(name: "scenes", unit: "m", step: 0.4, columns: [.init("ψ", unit: "nats", digits: 3), .init("φ", unit: "nats", digits: 3)],
                                                                           scenes: scenes ?? [scene("first"), scene("second")]))))
        return model
    }

    private func text(_ view: any PanelView, _ model: RunModel, _ size: Size = Size(width: 100, height: 24)) -> String {
        var grid = CellGrid(size)
        view.draw(into: &grid, area: grid.bounds, context: PanelContext(model: model, palette: ChartPalette(), isFocused: true, now: 0))
        return (0..<size.height).map { y in String((0..<size.width).map { grid[$0, y].text }) }.joined(separator: "\n")
    }

    private func press(_ actions: [ActionID], _ view: inout any PanelView, _ model: RunModel) {
        for action in actions {
            let isKnown = view.perform(action, model: model, size: Size(width: 100, height: 24))
            #expect(isKnown, "\(action.rawValue)")
        }
    }

    @Test func `now shows the past, the agents and their numbers; the future comes step by step`() {
        let model = model()
        var view = panelView(for: spec)
        let now = text(view, model)
        #expect(view.status(of: model) == "1/2 · now · thickness ψ")
        #expect(now.contains("first") && now.contains("@") && now.contains("+0.31") && now.contains("1 12") && now.contains("0.310"))
        let map = { (text: String) in text.split(separator: "\n").dropFirst().dropLast().map { $0.prefix(60) }.joined() }
        #expect(!map(now).contains("*") && !map(now).contains("·"))
        press(["right", "chart.cursorForward"], &view, model)
        #expect(view.status(of: model).contains("+0.8 s"))
        #expect(map(text(view, model)).contains("*") && map(text(view, model)).contains("75 %"))
        press(["left", "left", "left"], &view, model)
        #expect(view.status(of: model).contains("−0.4 s"))
        press(["panel.order"], &view, model)
        #expect(view.status(of: model).contains("thickness φ") && text(view, model).contains("+0.2"))
        press(["down"], &view, model)
        #expect(view.status(of: model).hasPrefix("2/2 · now") && text(view, model).contains("second"))
        press(["panel.open"], &view, model)
        #expect(text(view, model).contains("▸ 2  second"))
    }

    @Test func `playing advances with the ticks, stops at the end, and begins anew`() {
        let model = model()
        var view = panelView(for: spec)
        press(["panel.play"], &view, model)
        #expect(view.isPlaying && view.status(of: model).contains("playing"))
        for _ in 0..<2 { view.advance(model: model) }
        #expect(view.status(of: model).contains("+0.4 s"))
        for _ in 0..<6 { view.advance(model: model) }
        #expect(!view.isPlaying && view.status(of: model).contains("+1.2 s"))
        press(["panel.play"], &view, model)
        #expect(view.isPlaying && view.status(of: model).contains("−0.8 s"))
        press(["back"], &view, model)
        #expect(!view.isPlaying)
    }

    @Test func `it draws at every size, only inside, whatever a file holds`() {
        let odd: [RunEvent.SceneSet.Scene] = [
            .init(caption: "", present: 0, tracks: []), .init(caption: "far", present: 9, tracks: [.init(name: "a", role: .subject, x: [1e300, -1e300], y: [0, 1e300]), .init(name: "b", role: .other, x: [.nan], y: [0], values: [.infinity, 1])]),
            .init(caption: "one place", present: 0, tracks: [.init(name: "a", role: .subject, x: [2], y: [2]), .init(name: "b", role: .other, x: [2], y: [2], values: [1, 1])]),
        ]
        for model in [model(), model(odd), RunModel(identifier: "none"), self.model([])] {
            var view = panelView(for: spec)
            for action in [nil, "right", "last", "panel.order", "panel.open", "down", "panel.open", "left", "page.up"] as [ActionID?] {
                if let action { _ = view.perform(action, model: model, size: Size(width: 40, height: 10)) }
                for size in (0...12).flatMap({ width in (0...9).map { Size(width: width, height: $0) } }) + [Size(width: 80, height: 20), Size(width: 200, height: 50)] {
                    var grid = CellGrid(Size(width: size.width + 4, height: size.height + 2))
                    grid.fill(grid.bounds, with: "~")
                    let area = Rect(x: 2, y: 1, width: size.width, height: size.height)
                    view.draw(into: &grid, area: area, context: PanelContext(model: model, palette: ChartPalette(), isFocused: true, now: 0))
                    for y in 0..<grid.size.height { for x in 0..<grid.size.width where !area.contains(x: x, y: y) && grid[x, y].text != "~" { Issue.record("outside at \(x), \(y) of \(size)"); return } }
                }
            }
        }
    }
}
