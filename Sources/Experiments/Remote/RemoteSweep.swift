import Foundation

/// A study whose runs are tasks of a cluster: handed in, watched, and taken into the store as their event logs grow.
///
/// Keep one and call `update()` every second or two; it is not for several threads at once.
public struct RemoteSweep: Sendable {
    /// How the tasks stand.
    public struct Status: Sendable, Equatable {
        public init() {}
        public var finished = 0
        public var failed = 0
        /// With Slurm, by its word: pending, running, …
        public var queued: [String: Int] = [:]
        /// Neither finished nor in the queue: handed in again they go on.
        public var missing = 0
        public var total = 0
        /// Why pending tasks wait, the most frequent reason.
        public var reason = ""

        public var isOver: Bool { queued.isEmpty }
    }

    public let study: String
    public let tasks: TaskList
    private let store: RunStore
    private let queue: SlurmQueue
    private var imports: [String: EventLogImport] = [:]
    private var sizes: [String: UInt64] = [:]
    private var lastAsked: ContinuousClock.Instant?
    /// The folder took nothing when it was last tried.
    private var isRefused = false
    private var known: [String: SlurmQueue.Task] = [:]
    /// Lines of logs that could not be read and other things that a user must know, one sentence each, since they were last taken.
    public private(set) var problems: [String] = []

    private static let largestArray = 1000

    private init(_ study: String, _ tasks: TaskList, _ store: RunStore, _ queue: SlurmQueue) {
        self.study = study
        self.tasks = tasks
        self.store = store
        self.queue = queue
    }

    /// Hands in what a study has left: everything at first, later what neither finished nor is in the queue.
    /// - Parameters:
    ///   - folder: where tasks and logs are; the nodes must see it under the same path. Made at the first time.
    ///   - program: the path of `lathe` on the nodes.
    ///   - options: of `sbatch`, such as --partition=….
    /// - Returns: the sweep, and how many tasks were handed in.
    /// - Throws: `RemoteError`, `StoreError`.
    public static func submit(_ study: StudyRecord, in store: RunStore, folder: URL, program: String, options: [String], queue: SlurmQueue = SlurmQueue()) throws -> (RemoteSweep, Int) {
        var filter = RunFilter()
        filter.study = study.identifier
        filter.order = .oldestFirst
        var sweep: RemoteSweep
        if study.remote.isEmpty {
            let runs = try store.runs(filter).filter { $0.state == .waiting || $0.isResumable }
            let tasks = try TaskList(creating: folder, runs: runs, study: study.identifier, program: program, name: study.title)
            try store.moveToCluster(study.identifier, folder: folder.path, logs: Dictionary(runs.map { ($0.identifier, tasks.log(of: $0.identifier).path) }) { $1 })
            sweep = RemoteSweep(study.identifier, tasks, store, queue)
        } else {
            sweep = try open(study, in: store, queue: queue)
        }
        _ = try sweep.update(asksQueue: true)
        let states = Dictionary(try store.runs(filter).map { ($0.identifier, $0.state) }) { $1 }
        let missing = sweep.tasks.entries.indices.filter { place in
            let run = sweep.tasks.entries[place].run
            return states[run] != .finished && states[run] != nil && sweep.known[run] == nil
        }
        for start in stride(from: 0, to: sweep.tasks.entries.count, by: Self.largestArray) {
            let indices = missing.filter { $0 >= start && $0 < start + Self.largestArray }.map { $0 - start }
            guard !indices.isEmpty else { continue }
            let output = "--output=\(sweep.tasks.folder.appendingPathComponent("out/%A_%a.txt").path)"
            let job = try queue.submit(sweep.tasks.script, arguments: [String(start)], indices: indices, options: [output] + options)
            try sweep.tasks.remember(.init(job: job, offset: start, indices: indices))
        }
        sweep.lastAsked = nil
        return (sweep, missing.count)
    }

    /// Opens a study that was handed in before.
    public static func open(_ study: StudyRecord, in store: RunStore, queue: SlurmQueue = SlurmQueue()) throws -> RemoteSweep {
        guard !study.remote.isEmpty else { throw RemoteError("study \(study.identifier) was never handed in to a cluster") }
        return RemoteSweep(study.identifier, try TaskList(opening: URL(fileURLWithPath: study.remote)), store, queue)
    }

    /// Takes in what the logs have that is new, and asks the queue every five seconds.
    /// - Throws: `RemoteError`, `StoreError`; what was taken in stays.
    public mutating func update(asksQueue: Bool = false) throws -> Status {
        for entry in tasks.entries {
            let log = tasks.log(of: entry.run)
            // A look at the size is cheap even for thousands of logs; only those that grew are opened.
            guard let size = (try? FileManager.default.attributesOfItem(atPath: log.path))?[.size] as? UInt64, size > 0, size != sizes[entry.run] else { continue }
            var follower = imports[entry.run] ?? EventLogImport(of: log, into: store)
            defer { imports[entry.run] = follower }
            for problem in try follower.update()?.problems ?? [] { problems.append("\(log.path), \(problem)") }
            sizes[entry.run] = size
        }
        let asksNow = asksQueue || lastAsked.map { $0.duration(to: .now) > .seconds(5) } ?? true
        if asksNow {
            known = try inQueue()
            lastAsked = .now
        }
        var filter = RunFilter()
        filter.study = study
        let names = Set(tasks.entries.map(\.run)), runs = try store.runs(filter).filter { names.contains($0.identifier) }
        try store.setQueueStates(of: runs.filter { $0.state != .finished && $0.state != .failed }.map { run in
            (run.identifier, known[run.identifier].map { "\($0.state) in the queue\($0.reason.isEmpty || $0.reason == "None" ? "" : ": \($0.reason)")" }, known[run.identifier] == nil)
        })
        var status = Status()
        status.total = tasks.entries.count
        var reasons: [String: Int] = [:]
        for run in runs {
            if run.state == .finished {
                status.finished += 1
            } else if let task = known[run.identifier] {
                status.queued[task.state, default: 0] += 1
                if task.state == "pending" { reasons[task.reason, default: 0] += 1 }
            } else if run.state == .failed {
                status.failed += 1
            } else {
                status.missing += 1
            }
        }
        // A task that cannot write cannot say so either: its log and its output lie in the same folder.
        if asksNow, status.missing > 0 {
            let reason = tasks.refusal()
            if let reason, !isRefused { problems.append("the folder \(tasks.folder.path) takes nothing more (\(reason)): free some room; what was stopped goes on when it is handed in again") }
            isRefused = reason != nil
        }
        status.reason = reasons.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
        return status
    }

    /// Takes the tasks out of the queue; those that run stop with a checkpoint.
    public func cancel() throws { try queue.cancel(tasks.jobs().map(\.job)) }

    /// Hands out the sentences about unreadable lines, once.
    public mutating func takeProblems() -> [String] {
        defer { problems = [] }
        return problems
    }

    private func inQueue() throws -> [String: SlurmQueue.Task] {
        let jobs = try tasks.jobs(), states = try queue.tasks(of: jobs.map(\.job))
        var known: [String: SlurmQueue.Task] = [:]
        for job in jobs {
            for (index, task) in states[job.job] ?? [:] where tasks.entries.indices.contains(index + job.offset) { known[tasks.entries[index + job.offset].run] = task }
        }
        return known
    }
}
