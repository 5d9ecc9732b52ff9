import Experiments
import Foundation
import Testing
import TrialMethod

@Suite struct ImportTests {
    static func start(_ time: Double = 0) -> RunEvent {
        RunEvent(sequence: 0, time: time, payload: .started(.init(request: DartsMethod.request(), values: [:], datasetChecksum: "", build: "", machine: "")))
    }

    /// Notes and metrics by turns, at times that begin at `time`.
    static func events(_ range: Range<Int>, time: Double) -> [RunEvent] {
        range.map { sequence in
            let payload: RunEvent.Payload = sequence.isMultiple(of: 3) ? .note(.init("\(sequence) at \(time)"))
                : .metric(.init(series: "loss", steps: [Double(sequence)], values: [time + Double(sequence)]))
            return RunEvent(sequence: sequence, time: time + Double(sequence), payload: payload)
        }
    }

    static func append(_ events: [RunEvent], to log: URL) throws {
        try EventLogWriter(at: log, header: EventLogHeader(run: "rlog", study: "slog")).append(events)
    }

    @Test func `a log may be imported again and again, whole and as it grows`() throws {
        let folder = try TemporaryFolder(), log = folder.file("a.jsonl")
        let store = try RunStore(at: folder.file("store.sqlite"))
        var follower = EventLogImport(of: log, into: store)
        var all = [Self.start()]
        try Self.append(all, to: log)
        #expect(try follower.update()?.added == 1)
        #expect(try follower.update() == nil)
        for round in 0..<5 {
            let events = Self.events(1 + round * 20..<21 + round * 20, time: 10)
            all += events
            try Self.append(events, to: log)
            #expect(try follower.update()?.added == 20)
            let again = try store.importEventLog(log)
            #expect(again.added == 0 && again.known == all.count)
            #expect(try store.events(of: "rlog", after: -1) == all)
        }
        let record = try store.run("rlog")
        #expect(record.study == "slog" && record.origin == log.path && record.pointCount == all.filter { $0.payload.kind == "metric" }.count)
        #expect(try store.markOrphans().isEmpty)
    }

    @Test func `a run that went on from a checkpoint replaces what it dropped`() throws {
        let old = [Self.start()] + Self.events(1..<80, time: 10), new = Self.events(51..<70, time: 1000)
        let expected = Array(old.prefix(51)) + new
        let folder = try TemporaryFolder(), log = folder.file("a.jsonl")
        try Self.append(old, to: log)
        let followed = try RunStore(at: folder.file("followed.sqlite")), whole = try RunStore(at: folder.file("whole.sqlite"))
        var follower = EventLogImport(of: log, into: followed)
        _ = try follower.update()
        try whole.importEventLog(log)
        #expect(try whole.events(of: "rlog", after: -1) == old)
        try Self.append(new, to: log)
        _ = try follower.update()
        #expect(try followed.events(of: "rlog", after: -1) == expected)
        for _ in 0..<2 {
            try whole.importEventLog(log)
            #expect(try whole.events(of: "rlog", after: -1) == expected)
        }
        // A clock that was set back between the parts does not hide the second part from one who follows.
        let earlier = Self.events(61..<66, time: -500)
        try Self.append(earlier, to: log)
        _ = try follower.update()
        #expect(try followed.events(of: "rlog", after: -1) == expected.prefix(61) + earlier)
        // An older copy of the log changes nothing.
        let copy = folder.file("copy.jsonl")
        try Self.append(old, to: copy)
        #expect(try whole.importEventLog(copy).added == 10)
    }

    @Test func `lines that were missing are filled in later, in their place`() throws {
        let all = [Self.start()] + Self.events(1..<40, time: 10)
        let folder = try TemporaryFolder(), holes = folder.file("holes.jsonl"), whole = folder.file("whole.jsonl")
        try Self.append(all.filter { !(10..<20).contains($0.sequence) }, to: holes)
        try Self.append(all, to: whole)
        let store = try RunStore(at: folder.file("store.sqlite"))
        try store.importEventLog(holes)
        #expect(try store.importEventLog(whole).added == 10)
        #expect(try store.events(of: "rlog", after: -1) == all)
        #expect(try store.openRun("rlog").series[0].steps == all.compactMap { event in
            if case .metric(let batch) = event.payload { batch.steps[0] } else { nil }
        })
    }

    @Test func `a torn and spoilt log imports what is whole and names the rest`() throws {
        let folder = try TemporaryFolder(), log = folder.file("a.jsonl")
        try Self.append([Self.start()] + Self.events(1..<5, time: 10), to: log)
        let handle = try FileHandle(forWritingTo: log)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("oops\n{\"v\":1,\"n\":5,\"t\":1,\"kind\":\"no".utf8))
        let store = try RunStore(at: folder.file("store.sqlite"))
        let report = try store.importEventLog(log)
        #expect(report.added == 5 && report.problems.map(\.line) == [7, 8])
        try handle.write(contentsOf: Data("te\",\"text\":\"whole now\"}\n".utf8))
        #expect(try store.importEventLog(log).added == 1)
        try Data("nothing\n".utf8).write(to: folder.file("b.jsonl"))
        let error = #expect(throws: EventLogError.self) { try store.importEventLog(folder.file("b.jsonl")) }
        #expect(error?.description.contains("line 1") == true)
    }

    @Test func `several processes may import the same log at once`() async throws {
        let folder = try TemporaryFolder(), log = folder.file("a.jsonl")
        let all = [Self.start()] + Self.events(1..<500, time: 10)
        try Self.append(all, to: log)
        let location = folder.file("store.sqlite")
        _ = try RunStore(at: location)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try RunStore(at: location).importEventLog(log) } }
            try await group.waitForAll()
        }
        #expect(try RunStore(at: location).events(of: "rlog", after: -1) == all)
    }
}
