import Datasets
import Experiments
import Foundation
import Testing
import TrialMethod

/// Sweeps on a cluster, with a queue of shell scripts in Slurm's place: what is handed in, what comes back, what goes wrong.
@Suite(.serialized) struct RemoteSweepTests {
    let folder: TemporaryFolder
    let store: RunStore
    let study: StudyRecord

    init() throws {
        folder = try TemporaryFolder()
        store = try RunStore(at: folder.file("store.sqlite"))
        let plan = try SweepTests.plan(SweepTests.head + "seeds = \"1..4\"\nthreads = 1\n[set]\nrounds = 20\n")
        study = try store.createStudy(plan).study
        try script("sbatch", "echo \"$@\" >> '\(folder.file("handed.txt").path)'; echo 41")
        try script("squeue", "cat '\(folder.file("queue.txt").path)' 2>/dev/null")
        try script("scancel", "echo \"$@\" >> '\(folder.file("cancelled.txt").path)'")
    }

    var queue: SlurmQueue { SlurmQueue(path: folder.file("bin").path) }
    var tasks: URL { folder.file("it's shared") }

    func script(_ name: String, _ body: String) throws {
        try FileManager.default.createDirectory(at: folder.file("bin"), withIntermediateDirectories: true)
        let file = folder.file("bin").appendingPathComponent(name)
        try Data("#!/bin/sh\n\(body)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }

    func queued(_ lines: String) throws { try Data(lines.utf8).write(to: folder.file("queue.txt")) }

    func submit() throws -> (RemoteSweep, Int) {
        try RemoteSweep.submit(store.study(study.identifier), in: store, folder: tasks, program: "/opt/lathe", options: ["--partition=short"], queue: queue)
    }

    /// What a node does with a task.
    func work(_ index: Int, until stop: RunControl = RunControl()) throws -> RunState {
        let list = try TaskList(opening: tasks), entry = list.entries[index]
        return try RunExecutor(library: .init(folders: []), cacheFolder: folder.location)
            .run(entry.request, identifier: entry.run, study: entry.study, of: DartsMethod(), log: list.log(of: entry.run), control: stop).state
    }

    @Test func `tasks are handed in once, their logs become runs of the store, and the rest is handed in again`() throws {
        var (sweep, count) = try submit()
        #expect(count == 4)
        let handed = try String(contentsOf: folder.file("handed.txt"), encoding: .utf8)
        #expect(handed.contains("--array=0-3") && handed.contains("--partition=short") && handed.contains("job.sh 0"))
        let text = try String(contentsOf: tasks.appendingPathComponent("job.sh"), encoding: .utf8)
        #expect(text.contains("exec '/opt/lathe' task '\(folder.location.path)/it'\\''s shared'"))
        try queued("41|0|RUNNING|None\n41|1|PENDING|Resources\n41|2|PENDING|Resources\n41|3|PENDING|Priority\n")
        #expect(try sweep.update(asksQueue: true) == RemoteSweep.Status.with(queued: ["running": 1, "pending": 3], total: 4, reason: "Resources"))
        let waiting = try store.runs().first { $0.request.seed == 2 }
        #expect(waiting?.state == .waiting && waiting?.sentence == "pending in the queue: Resources")
        // What is in the queue is not handed in twice.
        #expect(try submit().1 == 0)

        #expect(try work(0) == .finished)
        let stop = RunControl()
        stop.cancel()
        #expect(try work(1, until: stop) == .cancelled)
        try queued("41|2|PENDING|Resources\n41|3|PENDING|Resources\n")
        let status = try sweep.update(asksQueue: true)
        #expect(status.finished == 1 && status.missing == 1 && status.queued == ["pending": 2] && !status.isOver)
        #expect(try store.runs().map(\.state).sorted { $0.rawValue < $1.rawValue } == [.cancelled, .finished, .waiting, .waiting])

        try queued("")
        let again = try submit()
        #expect(again.1 == 3)
        #expect(try String(contentsOf: folder.file("handed.txt"), encoding: .utf8).contains("--array=1-3"))
        for index in 1...3 { #expect(try work(index) == .finished) }
        let end = try sweep.update(asksQueue: true)
        #expect(end.finished == 4 && end.isOver && end.missing == 0)
        #expect(try store.runs().allSatisfy { $0.state == .finished && !$0.request.values.isEmpty } && sweep.takeProblems().isEmpty)
        // The stopped and resumed task found what one that was left alone finds.
        #expect(try store.events(of: sweep.tasks.entries[1].run, after: -1).last?.payload.kind == "finished")
        #expect(try submit().1 == 0)
    }

    @Test func `a task that died without a word is interrupted, and a torn line is left until it is whole`() throws {
        var (sweep, _) = try submit()
        let run = sweep.tasks.entries[0].run, log = sweep.tasks.log(of: run)
        _ = try work(0)
        // Half of the log, its last line torn, as a killed node leaves it.
        let whole = try Data(contentsOf: log)
        try whole.prefix(whole.count / 2).write(to: log)
        try queued("41|0|RUNNING|None\n")
        #expect(try sweep.update(asksQueue: true).queued == ["running": 1])
        #expect(try store.run(run).state == .running)
        try queued("")
        #expect(try sweep.update(asksQueue: true).missing == 4)
        #expect(try store.run(run).state == .interrupted && store.run(run).sentence.contains("handed in again"))
        try whole.write(to: log)
        #expect(try sweep.update(asksQueue: true).finished == 1)
        #expect(try store.run(run).state == .finished && sweep.takeProblems().isEmpty)
    }

    @Test func `what goes wrong is one sentence`() throws {
        try script("sbatch", "echo 'sbatch: error: invalid partition specified: short' >&2; exit 1")
        let refused = #expect(throws: RemoteError.self) { try submit() }
        #expect(refused?.description.contains("invalid partition") == true)
        try script("squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1")
        try script("sbatch", "echo 41")
        _ = try? submit()
        try Data("{\"job\":41,\"offset\":0,\"indices\":[0]}\n".utf8).write(to: tasks.appendingPathComponent("jobs.jsonl"))
        let down = #expect(throws: RemoteError.self) { try submit() }
        #expect(down?.description.contains("Unable to contact") == true)
        let absent = #expect(throws: RemoteError.self) { try RemoteSweep.open(store.study(study.identifier), in: store, queue: SlurmQueue(path: "/nowhere")).cancel() }
        #expect(absent?.description.contains("no scancel") == true)
        try Data("{\"run\":\n".utf8).write(to: tasks.appendingPathComponent("tasks.jsonl"))
        let spoilt = #expect(throws: RemoteError.self) { try TaskList(opening: tasks) }
        #expect(spoilt?.description.contains("line 1") == true)
        #expect(throws: RemoteError.self) { try TaskList(opening: folder.file("nothing")) }
    }

    @Test func `a folder that takes nothing more is said once, since its tasks cannot say it`() throws {
        var (sweep, _) = try submit()
        try queued("")
        _ = try sweep.update(asksQueue: true)
        #expect(sweep.takeProblems().isEmpty, "there is room")
        // Full disks and quotas are refusals of the same call.
        try FileManager.default.removeItem(at: tasks)
        #expect(try sweep.update(asksQueue: true).missing == 4)
        #expect(sweep.takeProblems().filter { $0.contains("takes nothing more") }.count == 1)
        _ = try sweep.update(asksQueue: true)
        #expect(sweep.takeProblems().isEmpty, "once")
    }

    @Test func `jobs are cancelled with time for a checkpoint`() throws {
        let (sweep, _) = try submit()
        try sweep.cancel()
        #expect(try String(contentsOf: folder.file("cancelled.txt"), encoding: .utf8) == "--batch --signal=TERM 41\n--state=PENDING 41\n")
    }
}

private extension RemoteSweep.Status {
    static func with(queued: [String: Int], total: Int, reason: String) -> Self {
        var status = Self()
        (status.queued, status.total, status.reason) = (queued, total, reason)
        return status
    }
}
