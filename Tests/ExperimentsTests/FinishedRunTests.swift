import Experiments
import Foundation
import Testing
import TrialMethod

/// What a run leaves in the store when it is done.
@Suite struct FinishedRunTests {
    @Test(arguments: [1000, 9 << 20]) func `a finished run keeps its artifacts and no checkpoint, whether it lies in the store or beside it`(bytes: Int) throws {
        let folder = try TemporaryFolder(), store = try RunStore(at: folder.file("store.sqlite"))
        var executor = makeExecutor(folder)
        executor.minimumCheckpointInterval = .zero
        let run = try store.createRun(DartsMethod.request(rounds: 3, checkpointBytes: bytes)).identifier
        let outcome = try executor.run(run, of: DartsMethod(), in: store)
        #expect(outcome.state == .finished && outcome.isWritten)
        #expect(try store.openRun(run).events.contains { $0.payload.kind == "checkpoint" }, "there was one")
        #expect(try store.checkpoint(of: run) == nil && store.run(run).checkpointSequence == nil)
        #expect(try store.artifact("estimate.txt", of: run).count > bytes)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.file("store.sqlite.checkpoints").path)) ?? []
        #expect(files.allSatisfy { $0.hasSuffix(".artifact") } && files.count == (bytes > 8 << 20 ? 1 : 0), "\(files)")
    }

    @Test func `a stopped run keeps its checkpoint`() throws {
        let folder = try TemporaryFolder(), store = try RunStore(at: folder.file("store.sqlite"))
        var executor = makeExecutor(folder)
        executor.minimumCheckpointInterval = .zero
        let run = try store.createRun(DartsMethod.request(rounds: 30, failAt: 20)).identifier
        #expect(try executor.run(run, of: DartsMethod(), in: store).state == .failed)
        #expect(try store.checkpoint(of: run) != nil)
    }

    @Test(arguments: [3, 40]) func `the results of many runs are those of each`(count: Int) throws {
        let folder = try TemporaryFolder(), store = try RunStore(at: folder.file("store.sqlite"))
        let runs = try store.createRuns((0..<count).map { DartsMethod.request(seed: UInt64($0)) }).map(\.identifier)
        for (number, run) in runs.enumerated() where number % 3 != 2 {
            let results = (0...number % 3).map { RunEvent.Result(name: "error \($0)", arm: "darts", unit: "%", value: number == 1 ? .nan : Double(number), better: .lower, baseline: "none") }
            try store.append([RunEvent(sequence: 0, time: 1, payload: .finished(.init(results: results)))], to: run)
        }
        let all = try store.results(of: runs + ["nobody"])
        #expect(all.count == runs.enumerated().count { $0.offset % 3 != 2 })
        for run in runs { #expect(try "\(all[run] ?? [])" == "\(store.results(of: run))") }
    }
}
