import Experiments
import Foundation
import Testing
import TrialMethod

/// Processes that are killed and processes that write at once.
@Suite(.serialized) struct CrashTests {
    @Test func `killed at 20 random moments, a run keeps what was committed and goes on to the same result`() throws {
        let request = DartsMethod.request(rounds: 300, pause: 0.004)
        let expected = try RunnerTests.comparable(RunnerTests.reference(DartsMethod.request(rounds: 300)))
        for trial in 0..<20 {
            let folder = try TemporaryFolder(), location = folder.file("store.sqlite")
            let run = try RunStore(at: location).createRun(request).identifier
            let writer = try Writer(["run", location.path, run])
            Thread.sleep(forTimeInterval: .random(in: 0.05...1.5))
            let killed = Date().timeIntervalSince1970
            writer.kill()
            let said = writer.output()
            let store = try RunStore(at: location)
            #expect(try store.integrityCheck() == "ok")
            let events = try store.events(of: run, after: -1)
            #expect(events.map(\.sequence) == Array(0..<events.count))
            // Every event that was a second old when the process died is there.
            for line in said.split(separator: "\n") {
                let words = line.split(separator: " ").compactMap { Double($0) }
                if words.count == 2, words[1] < killed - 1 { #expect(Int(words[0]) < events.count, "trial \(trial): event \(words[0]) is missing") }
            }
            // Killed after its last commit: there is nothing left to resume, and nothing may be missing.
            if try store.run(run).state == .finished {
                #expect(RunnerTests.comparable(events) == expected, "trial \(trial)")
                continue
            }
            let runner = try makeRunner(folder)
            let orphans = try store.markOrphans()
            #expect(try store.run(run).state == (orphans.isEmpty ? .waiting : .interrupted))
            try runner.resume(run)
            #expect(runner.waitUntilIdle(seconds: 60))
            #expect(try store.run(run).state == .finished)
            #expect(try RunnerTests.comparable(store.events(of: run, after: -1)) == expected, "trial \(trial)")
            #expect(try store.integrityCheck() == "ok")
        }
    }

    @Test func `three processes and this one write one store at once, and nothing is lost`() throws {
        let folder = try TemporaryFolder(), location = folder.file("store.sqlite")
        let store = try RunStore(at: location)
        let runs = try (1...4).map { try store.createRun(DartsMethod.request(seed: UInt64($0))).identifier }
        let writers = try runs[..<3].map { try Writer(["append", location.path, $0, "300"]) }
        for sequence in 0..<300 { try store.append([RunEvent(sequence: sequence, time: 0, payload: .note(.init("note \(sequence)")))], to: runs[3]) }
        for writer in writers { #expect(writer.output() == "done\n") }
        for run in runs {
            let events = try store.events(of: run, after: -1)
            #expect(events.map(\.sequence) == Array(0..<300))
            #expect(events.map(\.payload) == (0..<300).map { .note(.init("note \($0)")) })
        }
        #expect(try store.integrityCheck() == "ok")
    }

    @Test func `a headless run and two workbenches share one store`() throws {
        let folder = try TemporaryFolder(), location = folder.file("store.sqlite")
        let first = try makeRunner(folder), second = try makeRunner(folder)
        let headless = try first.store.createRun(DartsMethod.request(rounds: 150, pause: 0.004, seed: 3)).identifier
        let writer = try Writer(["run", location.path, headless])
        let runs = [try first.start(DartsMethod.request(rounds: 150, pause: 0.004, seed: 1)), try second.start(DartsMethod.request(rounds: 150, pause: 0.004, seed: 2))]
        #expect(first.waitUntilIdle(seconds: 60) && second.waitUntilIdle(seconds: 60))
        #expect(writer.output().contains("ended finished"))
        for run in runs + [headless] {
            let events = try first.store.events(of: run, after: -1)
            let record = try second.store.run(run)
            #expect(record.state == .finished && record.pointCount == 300, "\(record)")
            #expect(events.map(\.sequence) == Array(0..<events.count))
        }
    }

    @Test func `only one of two that want an orphan gets it, and the one that lost it stops writing`() throws {
        let folder = try TemporaryFolder(), location = folder.file("store.sqlite")
        let store = try RunStore(at: location), other = try RunStore(at: location)
        // Long enough that it still runs when it is killed: without a pause it is over in a few milliseconds.
        let run = try store.createRun(DartsMethod.request(rounds: 100_000, pause: 0.004)).identifier
        let writer = try Writer(["run", location.path, run])
        _ = try #require(try waited { try store.run(run).state == .running })
        #expect(throws: StoreError.self) { try store.claim(run) }
        writer.kill()
        _ = writer.output()
        #expect(try store.markOrphans() == [run])
        let claim = try store.claim(run)
        try store.setState(.running, claim: claim)
        #expect(throws: StoreError.self) { try other.claim(run) }
        try store.setState(.interrupted, claim: claim)
        let next = try other.claim(run)
        let error = #expect(throws: StoreError.self) { try store.append(EventLogTests.events(1, from: 10_000), to: run, claim: claim) }
        #expect(error?.kind == .conflict)
        try other.append(EventLogTests.events(1, from: 10_000), to: run, claim: next)
    }
}
