import Experiments
import Foundation
import Testing
import Workbench

/// The list's rows, made of a store's records.
@Suite struct RunRowsTests {
    @Test func `results of a run that was opened while it ran come into the list when it ends`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-rows-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try RunStore(at: folder.appendingPathComponent("store.sqlite"))
        let run = try store.createRun(SampleRun.row().request).identifier
        let claim = try store.claim(run)
        try store.setState(.running, claim: claim)
        var rows = RunRows()
        #expect(try rows.apply(store.changes(since: 0)) == [])
        // The run is opened: what is stored has no results yet.
        let opened = try store.openRun(run)
        rows.set(opened.results, of: run, state: opened.record.state)
        let result = RunEvent.Result(name: "error", arm: "", unit: "%", value: 3.1, better: .lower)
        try store.append([RunEvent(sequence: 0, time: 1, payload: .finished(.init(results: [result])))], to: run, claim: claim)
        try store.setState(.finished, claim: claim)
        let wanted = try rows.apply(store.changes(since: rows.revision))
        #expect(wanted == [run])
        for run in wanted { rows.set(try store.results(of: run), of: run, state: .finished) }
        #expect(rows.rows(here: [], now: 2).first?.results == [result])
    }
}
