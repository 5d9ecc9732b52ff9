import Experiments
import Foundation
import Testing
import TrialMethod

@Suite struct RunStoreTests {
    static func metrics(_ series: String, _ count: Int, from sequence: Int, step: Int = 0, size: Int = 1) -> [RunEvent] {
        (0..<count).map { index in
            let steps = (0..<size).map { Double(step + index * size + $0) }
            return RunEvent(sequence: sequence + index, time: Double(sequence + index), payload: .metric(.init(
                series: series, unit: "u", steps: steps, values: steps.map { ($0 * 0.7).rounded() - 3 })))
        }
    }

    @Test func `events of every kind come back as they went, in any portions`() throws {
        let events = everyKind.filter { if case .metric(let batch) = $0 { !batch.values.isEmpty } else { true } }
            .enumerated().map { RunEvent(sequence: $0.offset, time: 0.1 * Double($0.offset), payload: $0.element) }
        for size in [1, 3, 100] {
            let folder = try TemporaryFolder()
            let store = try RunStore(at: folder.file("store.sqlite"))
            let run = try store.createRun(DartsMethod.request()).identifier
            for start in stride(from: 0, to: events.count, by: size) { try store.append(Array(events[start..<min(start + size, events.count)]), to: run) }
            #expect(text(try store.events(of: run, after: -1)) == text(events))
            for sequence in [0, 5, events.count - 2, events.count] {
                #expect(text(try store.events(of: run, after: sequence)) == text(events.filter { $0.sequence > sequence }))
            }
            let results = try store.results(of: run)
            #expect(results.count == 2 && results[0].value.isNaN && results[0].baseline == "plain" && results[1].better == .higher)
        }
    }

    @Test func `points that come in drops end in few blocks and in order, and any sequence can be asked for`() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore(at: folder.file("store.sqlite"))
        let run = try store.createRun(DartsMethod.request()).identifier
        var all: [RunEvent] = []
        for round in 0..<700 {
            let events = Self.metrics("a", 1, from: round * 3, step: round * 40, size: 40) + Self.metrics("b/x", 2, from: round * 3 + 1, step: round * 7)
            all += events
            try store.append(events, to: run)
        }
        let stored = try store.openRun(run)
        #expect(stored.series.map(\.path) == ["a", "b/x"])
        #expect(stored.series[0].steps == (0..<28_000).map(Double.init))
        #expect(stored.record.pointCount == 28_000 + 1400)
        #expect(stored.series[1].values.count == 1400)
        #expect(try store.blockCount(of: run) < 30)
        for sequence in [-1, 0, 1, 1000, 2097, 2098, 2099] { #expect(try store.events(of: run, after: sequence) == all.filter { $0.sequence > sequence }) }
        #expect(try store.series("b/x", of: run) == stored.series[1])
        #expect(try store.series("none", of: run) == nil)
    }

    @Test func `repeating an append does no harm`() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore(at: folder.file("store.sqlite"))
        let run = try store.createRun(DartsMethod.request()).identifier
        let events = EventLogTests.events(3) + Self.metrics("a", 3, from: 3)
        for _ in 0..<3 { try store.append(events, to: run) }
        #expect(try store.events(of: run, after: -1) == events)
        #expect(try store.run(run).pointCount == 3)
    }

    @Test func `the header follows the events`() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore(at: folder.file("store.sqlite"))
        let run = try store.createRun(DartsMethod.request(seed: .max)).identifier
        #expect(try store.run(run).state == .waiting)
        #expect(try store.run(run).request == DartsMethod.request(seed: .max))
        let payloads: [RunEvent.Payload] = [
            .started(.init(request: DartsMethod.request(), values: [:], datasetChecksum: "", build: "", machine: "")),
            .stage(.init(name: "one", index: 1, of: 2)), .progress(.init(done: 3, total: 9, unit: "steps")),
        ]
        try store.append(payloads.enumerated().map { RunEvent(sequence: $0.offset, time: 50, payload: $0.element) }, to: run)
        var record = try store.run(run)
        #expect(record.state == .running && record.started == 50 && record.stage?.name == "one" && record.progress?.done == 3)
        try store.append([RunEvent(sequence: 3, time: 60, payload: .failed(.init("no luck")))], to: run)
        record = try store.run(run)
        #expect(record.state == .failed && record.sentence == "no luck" && record.ended == 60)
    }

    @Test func `lists filter by everything a screen asks for`() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore(at: folder.file("store.sqlite"))
        for seed in 1...6 {
            try store.createRun(RunRequest(method: seed < 4 ? "diva" : "giant", dataset: seed.isMultiple(of: 2) ? "digits" : "cora", plan: seed == 1 ? .paper : .smoke,
                                           seed: UInt64(seed), condition: "noise \(seed)0 %"))
        }
        let runs = try store.runs()
        #expect(runs.map(\.request.seed) == [6, 5, 4, 3, 2, 1])
        try store.setTags(["good", "a\nb"], of: runs[0].identifier)
        try store.setNotes("look at the Tail", of: runs[1].identifier)
        func seeds(_ change: (inout RunFilter) -> Void) throws -> [UInt64] {
            var filter = RunFilter()
            change(&filter)
            return try store.runs(filter).map(\.request.seed)
        }
        #expect(try seeds { $0.method = "diva" } == [3, 2, 1])
        #expect(try seeds { $0.dataset = "digits"; $0.order = .oldestFirst } == [2, 4, 6])
        #expect(try seeds { $0.plan = .paper } == [1])
        #expect(try seeds { $0.tag = "good" } == [6])
        #expect(try seeds { $0.tag = "goo" } == [])
        #expect(try seeds { $0.text = "TAIL giant" } == [5])
        #expect(try seeds { $0.text = "noise 30" } == [3])
        #expect(try seeds { $0.text = String(runs[1].identifier.prefix(9)) } == [5])
        #expect(try seeds { $0.text = String(runs[1].identifier.dropFirst()) } == [])
        #expect(try seeds { $0.text = "'; DROP TABLE runs; --" } == [])
        #expect(try seeds { $0.limit = 2; $0.offset = 1 } == [5, 4])
        #expect(try seeds { $0.states = [.finished, .failed] } == [])
        #expect(try store.counts() == [.waiting: 6])
        #expect(try store.run(runs[0].identifier).tags == ["good", "ab"])
    }

    @Test func `a run is found by the beginning of its name`() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore(at: folder.file("store.sqlite"))
        for name in ["rabc", "rabd", "rx*y"] { try store.createRun(DartsMethod.request(), identifier: name) }
        #expect(try store.resolve("rabc") == "rabc")
        #expect(try store.resolve("rx") == "rx*y")
        let ambiguous = #expect(throws: StoreError.self) { try store.resolve("ra") }
        #expect(ambiguous?.description.contains("rabc, rabd") == true)
        for bad in ["", "q", "*", "?"] { #expect(throws: StoreError.self) { try store.resolve(bad) } }
        #expect(throws: StoreError.self) { try store.createRun(DartsMethod.request(), identifier: "rabc") }
    }

    @Test func `changes tell a second workbench what is new and what is gone`() throws {
        let folder = try TemporaryFolder()
        let store = try RunStore(at: folder.file("store.sqlite")), other = try RunStore(at: folder.file("store.sqlite"))
        let first = try store.createRun(DartsMethod.request()).identifier, second = try store.createRun(DartsMethod.request(seed: 2)).identifier
        let start = try other.changes(since: 0)
        #expect(Set(start.changed.map(\.identifier)) == [first, second])
        #expect(try other.changes(since: start.revision).changed.isEmpty)
        try store.append(EventLogTests.events(2), to: second)
        try store.delete([first])
        let changes = try other.changes(since: start.revision)
        #expect(changes.changed.map(\.identifier) == [second] && changes.removed == [first])
        #expect(throws: StoreError.self) { try other.openRun(first) }
        #expect(throws: StoreError.self) { try other.delete([first]) }
    }

    @Test func `exports hold the run, and the exported log imports as the same run`() throws {
        let folder = try TemporaryFolder()
        let runner = try makeRunner(folder)
        let run = try runner.start(DartsMethod.request(rounds: 60))
        #expect(runner.waitUntilIdle(seconds: 20))
        let store = runner.store
        let csv = String(decoding: try store.export(run, as: .csv), as: UTF8.self).split(separator: "\n")
        #expect(csv.count == 1 + 120 + 1 && csv[0] == "kind,series,unit,step,value" && csv[1].hasPrefix("metric,π/estimate,,1,"))
        let json = try JSONValue(parsing: store.export(run, as: .json))
        #expect(json["run"]?.string == run && json["series"]?.elements?.count == 2 && json["state"]?.string == "finished")
        let markdown = String(decoding: try store.export(run, as: .markdown), as: UTF8.self)
        #expect(markdown.contains("| error | darts |") && markdown.contains("## π"))
        let log = folder.file("export.jsonl")
        try store.export(run, as: .events).write(to: log)
        let second = try RunStore(at: folder.file("second.sqlite"))
        let report = try second.importEventLog(log)
        #expect(report.run == run && report.problems.isEmpty)
        #expect(text(try second.events(of: run, after: -1)) == text(try store.events(of: run, after: -1)))
        #expect(try second.run(run).state == .finished)
        #expect(try second.results(of: run) == store.results(of: run))
    }
}
