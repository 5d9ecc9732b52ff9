import Charts
import Experiments
import Testing
import Workbench

@Suite struct RunModelTests {
    /// Everything that a screen can see of a model, as text.
    private func picture(_ model: RunModel) -> String {
        var lines = ["\(model.state) \(model.seriesOrder) \(String(describing: model.summary)) \(model.ending ?? "-")"]
        for path in model.seriesOrder {
            var points = ""
            model.series[path]?.data.forEach { points += "\($0.step):\($0.value) " }
            lines.append("\(path) [\(model.series[path]?.unit ?? "")] slot \(model.slot(of: path)) \(points)")
        }
        for name in model.tables.keys.sorted() { lines.append("\(String(describing: model.tables[name]))") }
        for name in model.distributions.keys.sorted() { lines.append("\(String(describing: model.distributions[name]))") }
        for name in model.weights.keys.sorted() {
            guard let history = model.weights[name] else { continue }
            lines.append("\(name) \(history.ranking) \(history.newest.identifiers.map { history.trajectory(of: $0).values })")
        }
        for name in model.images.keys.sorted() { lines.append("\(name) \(model.images[name]?.order ?? [])") }
        lines += model.log.entries.map { "\($0)" }
        lines.append("\(model.clock.stages) \(String(describing: model.clock.fraction))")
        return lines.joined(separator: "\n")
    }

    @Test func `a run that is read from the store is the same as one that was watched`() throws {
        let events = try SampleRun.events()
        var live = RunModel(identifier: "a1b2c3")
        for event in events { live.fold(event) }
        let opened = try SampleRun.opened()
        var stored = RunModel(identifier: "a1b2c3", state: opened.row.state)
        for series in opened.series { stored.adopt(path: series.name, unit: series.unit, steps: series.steps, values: series.values) }
        stored.fold(opened.events)
        #expect(picture(live) == picture(stored))
        #expect(live.nextSequence == stored.nextSequence)
    }

    @Test func `events that came already change nothing, wherever the stream is cut`() throws {
        let events = try SampleRun.events()
        var whole = RunModel(identifier: "r")
        whole.fold(events)
        for cut in events.indices {
            var model = RunModel(identifier: "r")
            model.fold(events[...cut])
            model.fold(events)
            #expect(picture(model) == picture(whole), "cut after event \(cut)")
        }
    }

    @Test func `unknown events are kept as they came`() throws {
        var model = RunModel(identifier: "r")
        model.fold(try SampleRun.events())
        let raw = model.log.entries.filter { $0.kind == .unknown("aura") }
        #expect(raw.map(\.text) == [#"{"v":9,"kind":"aura","hue":0.4}"#])
    }

    @Test func `patterns name paths and beginnings of paths, each series once`() throws {
        var model = RunModel(identifier: "r")
        model.fold(try SampleRun.events())
        #expect(model.matching(["loss/*"]).map(\.path) == ["loss/loo", "loss/test"])
        #expect(model.matching(["loss/test", "loss/*"]).map(\.path) == ["loss/test", "loss/loo"])
        #expect(model.matching(["loss"]).isEmpty)
        #expect(model.matching(["", "*"]).count == 2)
    }

    @Test func `weights rank from low to high with ties by identifier and what is no number last`() {
        var model = RunModel(identifier: "r")
        model.fold(RunEvent(sequence: 0, time: 0, payload: .weights(.init(name: "w", step: 0, identifiers: [9, 4, 7, 5, 1],
                                                                          values: [1, .nan, 0, 1, -.infinity]))))
        let history = model.weights["w"]
        #expect(history?.ranking.map { history?.newest.identifiers[$0] } == [7, 5, 9, 1, 4])
        // Lists of different lengths come from outside: the rest is left out.
        model.fold(RunEvent(sequence: 1, time: 0, payload: .weights(.init(name: "w", step: 0, identifiers: [1, 2, 3], values: [5]))))
        #expect(model.weights["w"]?.exampleCount == 1)
        #expect(model.weights["w"]?.trajectory(of: 3).values == [])
    }

    @Test func `a long history of weights keeps evenly spread snapshots and the newest`() throws {
        let count = 20_000
        let identifiers = Array(0..<count)
        var model = RunModel(identifier: "r")
        for step in 0..<500 {
            model.fold(RunEvent(sequence: step, time: Double(step), payload: .weights(
                .init(name: "w", step: Double(step), identifiers: identifiers, values: identifiers.map { Double($0) + Double(step) / 1000 }))))
        }
        let path = try #require(model.weights["w"]?.trajectory(of: 17))
        #expect(path.steps.count * count <= 2_000_000 + count)
        #expect(path.steps.count > 50)
        #expect(path.steps.last == 499)
        let gaps = zip(path.steps.dropFirst().dropLast(), path.steps.dropLast(2)).map { $0 - $1 }
        #expect(Set(gaps).count == 1, "snapshots are evenly spread: \(path.steps)")
    }

    @Test func `stages, progress and time left come from the events' own times`() {
        var model = RunModel(identifier: "r")
        var n = 0
        func event(_ time: Double, _ payload: RunEvent.Payload) -> RunEvent {
            defer { n += 1 }
            return RunEvent(sequence: n, time: time, payload: payload)
        }
        model.fold(event(0, .started(.init(request: SampleRun.request, values: [:], datasetChecksum: "", build: "", machine: ""))))
        #expect(model.clock.timeLeft(at: 1) == .unknown)
        model.fold(event(10, .stage(.init(name: "a", index: 1, of: 2))))
        for step in 1...50 { model.fold(event(10 + Double(step), .progress(.init(done: Double(step), total: 100, unit: "steps")))) }
        #expect(model.clock.fraction == 0.25)
        guard case .about(let seconds) = model.clock.timeLeft(at: 60) else { Issue.record("no time left"); return }
        #expect(abs(seconds - 50) < 0.5)
        guard case .stalled = model.clock.timeLeft(at: 80) else { Issue.record("twenty seconds of silence are a stall"); return }
        model.fold(event(81, .stage(.init(name: "b", index: 2, of: 2))))
        model.fold(event(82, .progress(.init(done: 1, total: 100, unit: "steps"))))
        guard case .between = model.clock.timeLeft(at: 82) else { Issue.record("a range until 5 % is done"); return }
        model.fold(event(90, .finished(.init(results: []))))
        #expect(model.clock.fraction == 1)
        #expect(model.clock.elapsed(at: 5_000) == 90)
        #expect(model.clock.stages.map(\.endedAt) == [81, 90])
    }

    @Test func `times, totals and sequence numbers from outside that make no sense do no harm`() {
        var model = RunModel(identifier: "r")
        let odd: [Double] = [.nan, .infinity, -.infinity, 0, -1, 1e308, -1e308]
        var sequence = 0
        for time in odd {
            for number in odd {
                model.fold(RunEvent(sequence: sequence, time: time, payload: .stage(.init(name: "s", index: sequence % 2 == 0 ? .max : .min,
                                                                                                            of: sequence % 2 == 0 ? .min : .max))))
                model.fold(RunEvent(sequence: sequence + 1, time: time, payload: .progress(.init(done: number, total: time, unit: "u"))))
                model.fold(RunEvent(sequence: sequence + 2, time: number, payload: .metric(.init(series: "x", steps: [number, time], values: [time]))))
                sequence += 3
                _ = model.clock.timeLeft(at: number).display
                _ = model.clock.elapsed(at: number)
            }
        }
        model.fold(RunEvent(sequence: .max, time: 0, payload: .note(.init("last"))))
        model.fold(RunEvent(sequence: .max, time: 0, payload: .note(.init("again"))))
        #expect(model.log.entries.count <= 2)
    }
}
