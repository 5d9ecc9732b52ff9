import Datasets
import Experiments
import Foundation
import Testing
import TrialMethod

@Suite(.serialized) struct RunnerTests {
    /// What an uninterrupted run of a request says, without times.
    static func reference(_ request: RunRequest) throws -> [RunEvent] {
        let folder = try TemporaryFolder()
        let runner = try makeRunner(folder)
        let run = try runner.start(request)
        #expect(runner.waitUntilIdle(seconds: 60))
        return try runner.store.events(of: run, after: -1).withoutTiming()
    }

    /// What decides numbers is compared; the pause of a round is not.
    static func comparable(_ events: [RunEvent]) -> [String] {
        text(events.withoutTiming().map { event in
            guard case .started(var start) = event.payload else { return event }
            start.request.values["pause"] = nil
            start.values["pause"] = nil
            return RunEvent(sequence: event.sequence, time: 0, payload: .started(start))
        })
    }

    @Test func `a run goes from its request to stored results, and the mailbox hears all of it`() throws {
        let folder = try TemporaryFolder()
        let runner = try makeRunner(folder)
        let mailbox = runner.subscribe()
        let run = try runner.start(DartsMethod.request())
        #expect(runner.waitUntilIdle(seconds: 20))
        let stored = try runner.store.openRun(run)
        #expect(stored.record.state == .finished && stored.results.count == 1 && stored.record.pointCount == 400)
        #expect(stored.series.map(\.path) == ["π/estimate", "inside/all"])
        #expect(stored.series[0].steps == (1...200).map(Double.init))
        #expect(stored.events.first?.payload.kind == "started" && stored.events.last?.payload.kind == "finished")
        let all = try runner.store.events(of: run, after: -1)
        #expect(all.map(\.sequence) == Array(0..<all.count))
        let delivered = mailbox.drain()
        #expect(delivered.map(\.run) == [run] && delivered.first?.state == .finished && delivered.first?.events == all)
        #expect(mailbox.drain().isEmpty)
    }

    @Test func `cancel answers within 200 ms and leaves the run resumable, each time`() throws {
        let folder = try TemporaryFolder()
        let runner = try makeRunner(folder)
        var answers: [Double] = []
        for _ in 0..<9 {
            let mailbox = runner.subscribe()
            let run = try runner.start(DartsMethod.request(rounds: 1000, pause: 0.05))
            _ = try #require(waited { mailbox.drain().contains { $0.events.contains { $0.payload.kind == "checkpoint" } } })
            try runner.cancel(run)
            answers.append(try #require(try waited { try runner.store.run(run).state == .cancelled }))
            #expect(try runner.store.checkpoint(of: run) != nil)
            #expect(try runner.store.run(run).isResumable)
            runner.unsubscribe(mailbox)
        }
        // The median: a machine that does something else for a moment is not the runner's fault.
        #expect(answers.sorted()[4] < 0.2, "\(answers)")
    }

    @Test func `a paused run stands still, its clock too, and goes on to the same numbers`() throws {
        let folder = try TemporaryFolder()
        let turnstile = Turnstile(openTo: 20), runner = try makeRunner(folder, turnstile: turnstile), begin = ContinuousClock.now
        let run = try runner.start(DartsMethod.request(rounds: 60, pause: 0.01))
        _ = try #require(try waited { try runner.store.run(run).pointCount == 40 })
        try runner.pause(run)
        _ = try #require(try waited { try runner.store.run(run).state == .paused })
        turnstile.open(to: .max)
        Thread.sleep(forTimeInterval: 0.5)
        let before = try runner.store.run(run)
        Thread.sleep(forTimeInterval: 1)
        let after = try runner.store.run(run)
        #expect(after.pointCount == before.pointCount && after.nextSequence == before.nextSequence)
        #expect(after.seconds - before.seconds < 0.1)
        try runner.resume(run)
        #expect(runner.waitUntilIdle(seconds: 20))
        let record = try runner.store.run(run)
        #expect(record.state == .finished && record.seconds > 0.6 && record.seconds < begin.duration(to: .now) / .seconds(1) - 1.4)
        #expect(try Self.comparable(runner.store.events(of: run, after: -1)) == Self.comparable(Self.reference(DartsMethod.request(rounds: 60))))
    }

    @Test func `a paused run can be cancelled`() throws {
        let folder = try TemporaryFolder()
        let runner = try makeRunner(folder)
        let run = try runner.start(DartsMethod.request(rounds: 1000, pause: 0.01))
        _ = try #require(try waited { try runner.store.run(run).state == .running })
        try runner.pause(run)
        try runner.cancel(run)
        #expect(try waited { try runner.store.run(run).state == .cancelled } != nil)
    }

    @Test func `a cancelled and resumed run tells the same stream as one that was never stopped`() throws {
        let folder = try TemporaryFolder()
        let turnstile = Turnstile(openTo: 0), runner = try makeRunner(folder, turnstile: turnstile)
        let run = try runner.start(DartsMethod.request(rounds: 120, pause: 0.004))
        for stop in [15, 60, 110] {
            turnstile.open(to: stop)
            let wait = try waited { try runner.store.run(run).pointCount == 2 * stop }
            let record = try runner.store.run(run)
            try #require(wait != nil, "\(record)")
            try runner.cancel(run)
            #expect(runner.waitUntilIdle(seconds: 10))
            let stopped = try runner.store.run(run)
            #expect(stopped.state == .cancelled && stopped.seconds > 0.004 * Double(stop))
            if stop == 110 { turnstile.open(to: .max) }
            try runner.resume(run)
        }
        #expect(runner.waitUntilIdle(seconds: 20))
        let stored = try runner.store.openRun(run), events = try runner.store.events(of: run, after: -1)
        #expect(events.map(\.sequence) == Array(0..<events.count))
        #expect(try Self.comparable(events) == Self.comparable(Self.reference(DartsMethod.request(rounds: 120))))
        #expect(stored.record.seconds > 0.48 && stored.record.pointCount == 240)
        #expect(throws: StoreError.self) { try runner.resume(run) }
    }

    @Test func `large checkpoints are files beside the store, two are kept, and a lost one is no loss`() throws {
        let folder = try TemporaryFolder()
        let turnstile = Turnstile(openTo: 25), runner = try makeRunner(folder, turnstile: turnstile)
        let request = DartsMethod.request(rounds: 40, pause: 0.01, checkpointBytes: 7 << 20)
        let run = try runner.start(request)
        _ = try #require(try waited(30) { try runner.store.run(run).pointCount == 50 })
        try runner.cancel(run)
        #expect(runner.waitUntilIdle(seconds: 20))
        let files = folder.file("store.sqlite.checkpoints")
        let names = try FileManager.default.contentsOfDirectory(atPath: files.path)
        #expect((1...2).contains(names.count) && names.allSatisfy { $0.hasSuffix(".checkpoint") })
        let newest = try #require(try runner.store.checkpoint(of: run)).sequence
        try FileManager.default.removeItem(at: files.appendingPathComponent("\(run)-\(newest).checkpoint"))
        turnstile.open(to: .max)
        try runner.resume(run)
        #expect(runner.waitUntilIdle(seconds: 60))
        #expect(try runner.store.run(run).state == .finished)
        #expect(try Self.comparable(runner.store.events(of: run, after: -1)) == Self.comparable(Self.reference(request)))
        try runner.store.delete([run])
        #expect(try FileManager.default.contentsOfDirectory(atPath: files.path).isEmpty)
    }

    @Test func `runs wait their turn, some at once, and a waiting one can be taken back`() throws {
        let folder = try TemporaryFolder()
        let runner = try makeRunner(folder, maximumRunning: 2)
        let runs = try (1...6).map { try runner.start(DartsMethod.request(rounds: 30, pause: 0.01, seed: UInt64($0))) }
        #expect(runner.running.count == 2 && runner.waiting.count == 4)
        try runner.cancel(runs[5])
        #expect(try runner.store.run(runs[5]).state == .cancelled)
        #expect(runner.waitUntilIdle(seconds: 30))
        for run in runs[..<5] { #expect(try runner.store.run(run).state == .finished) }
        #expect(Set(try runs[..<5].map { try runner.store.results(of: $0)[0].value }).count > 1)
        try runner.resume(runs[5])
        #expect(runner.waitUntilIdle(seconds: 30))
        #expect(try runner.store.run(runs[5]).state == .finished)
    }

    @Test func `a failure is an event with the error's sentence, retry is a new run, resume goes on before it`() throws {
        let folder = try TemporaryFolder()
        let runner = try makeRunner(folder)
        let run = try runner.start(DartsMethod.request(failAt: 30))
        #expect(runner.waitUntilIdle(seconds: 20))
        let stored = try runner.store.openRun(run)
        #expect(stored.record.state == .failed && stored.record.sentence == "the dart broke in round 30")
        #expect(stored.events.last?.payload == .failed(.init("the dart broke in round 30")))
        let again = try runner.retry(run)
        #expect(again != run)
        #expect(runner.waitUntilIdle(seconds: 20))
        #expect(try Self.comparable(runner.store.events(of: again, after: -1)) == Self.comparable(runner.store.events(of: run, after: -1)))
        #expect(throws: ParameterError.self) { try runner.start(RunRequest(method: "none", dataset: "d", plan: .smoke)) }
        #expect(throws: ParameterError.self) { try runner.start(DartsMethod.request(rounds: -1)) }
        #expect(try runner.store.runs().count == 2)
    }

    @Test func `another workbench sees the run live, and its wishes reach the one that runs it`() throws {
        let folder = try TemporaryFolder()
        let runner = try makeRunner(folder), other = try makeRunner(folder)
        let run = try runner.start(DartsMethod.request(rounds: 5000, pause: 0.01))
        _ = try #require(try waited { try other.store.run(run).pointCount > 0 })
        #expect(throws: StoreError.self) { try other.resume(run) }
        #expect(throws: StoreError.self) { try other.store.delete([run]) }
        #expect(try other.store.markOrphans().isEmpty)
        var last = -1, seen = 0
        _ = waited(1) {
            for event in (try? other.store.events(of: run, after: last)) ?? [] {
                if event.sequence != last + 1 { Issue.record("gap before \(event.sequence)") }
                last = event.sequence
                seen += 1
            }
            return false
        }
        #expect(seen > 5)
        try other.pause(run)
        _ = try #require(try waited { try other.store.run(run).state == .paused })
        try other.resume(run)
        _ = try #require(try waited { try other.store.run(run).state == .running })
        try other.release(run)
        _ = try #require(try waited { try other.store.run(run).state == .interrupted })
        try other.resume(run)
        _ = try #require(try waited { try other.store.run(run).state == .running })
        #expect(runner.waitUntilIdle(seconds: 5) && other.running == [run])
        other.shutDown(releasing: false)
        #expect(try runner.store.run(run).state == .cancelled)
    }

    @Test func `a slow screen never holds up training, and learns what it missed`() throws {
        let folder = try TemporaryFolder()
        let runner = try makeRunner(folder)
        let mailbox = runner.subscribe(limit: 50)
        let run = try runner.start(DartsMethod.request())
        #expect(runner.waitUntilIdle(seconds: 20))
        let delivered = mailbox.drain()
        #expect(delivered.first?.isIncomplete == true && delivered.first?.state == .finished)
        #expect(try runner.store.run(run).pointCount == 400)
    }

    @Test func `committed events are at most a second behind`() throws {
        let folder = try TemporaryFolder()
        let runner = try makeRunner(folder, minimumCheckpointInterval: .seconds(100))
        let mailbox = runner.subscribe()
        let run = try runner.start(DartsMethod.request(rounds: 300, pause: 0.01))
        var newest = -1, worst = 0.0, times: [Int: Double] = [:]
        while !runner.running.isEmpty || !runner.waiting.isEmpty {
            for event in mailbox.drain().flatMap(\.events) { times[event.sequence] = event.time }
            let next = try runner.store.run(run).nextSequence
            let now = Date().timeIntervalSince1970
            for (sequence, time) in times where sequence >= next { worst = max(worst, now - time) }
            newest = max(newest, next)
            Thread.sleep(forTimeInterval: 0.02)
        }
        #expect(newest > 20 && worst < 1)
    }

    @Test func `with an event log and no store a stopped run goes on, and the log imports as one run`() throws {
        let folder = try TemporaryFolder(), log = folder.file("run.jsonl")
        var executor = makeExecutor(folder)
        executor.minimumCheckpointInterval = .milliseconds(20)
        let request = DartsMethod.request(rounds: 80, pause: 0.005)
        for stop in [20, 50] {
            let control = RunControl(), held = DartsMethod(turnstile: Turnstile(openTo: stop))
            let outcome = try executor.run(request, identifier: "rnode", of: held, log: log, control: control) { events in
                for case .metric(let batch) in events.map(\.payload) where batch.steps.last == Double(stop) { control.cancel() }
            }
            #expect(outcome.state == .cancelled)
        }
        let outcome = try executor.run(request, identifier: "rnode", of: DartsMethod(), log: log)
        #expect(outcome.state == .finished && outcome.isWritten)
        let expected = try Self.comparable(Self.reference(DartsMethod.request(rounds: 80)))
        #expect(try Self.comparable(EventLog(readingFrom: log).events) == expected)
        let store = try RunStore(at: folder.file("store.sqlite"))
        #expect(try store.importEventLog(log).problems.isEmpty)
        #expect(try Self.comparable(store.events(of: "rnode", after: -1)) == expected)
        #expect(throws: EventLogError.self) { try executor.run(request, identifier: "rother", of: DartsMethod(), log: log) }
    }

    @Test func `the recording sink keeps what a method says`() throws {
        let folder = try TemporaryFolder()
        let request = DartsMethod.request(rounds: 10), method = DartsMethod()
        func context(_ sink: RecordingSink, _ state: Data?) throws -> RunContext {
            RunContext(request: request, parameters: try ParameterValues(method.parameters, request: request), library: DatasetLibrary(folders: []),
                       cacheFolder: folder.location, restoredState: state, sink: sink)
        }
        let whole = RecordingSink()
        try method.train(context(whole, nil))
        #expect(whole.points("π/estimate").values.count == 10 && whole.checkpoints.count == 10 && whole.result("error", arm: "darts") != nil)
        let rest = RecordingSink()
        try method.train(context(rest, whole.checkpoints[3].state))
        #expect(rest.points("π/estimate").values == Array(whole.points("π/estimate").values[4...]))
        let stopped = RecordingSink(stopsAfter: 3)
        #expect(throws: RunCancelled.self) { try method.train(context(stopped, nil)) }
        #expect(stopped.proceedCount == 3)
    }
}
