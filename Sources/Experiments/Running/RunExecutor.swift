import Datasets
import Foundation
import Tensors

/// How a run ended.
public struct RunOutcome: Sendable, Equatable {
    public var identifier: String
    /// finished, failed, cancelled, or interrupted when it was released for another process.
    public var state: RunState
    /// Why it failed; "" otherwise.
    public var sentence: String
    /// Seconds of work, pauses not counted, earlier parts included.
    public var seconds: Double
    public var results: [RunEvent.Result]
    /// False when the journal could not be written to the end; what is missing is lost with the process.
    public var isWritten: Bool
}

/// Runs one run on the calling thread, to its end: what `lathe run` and a detached process do. The `Runner` does the same on
/// background queues.
///
///     let control = RunControl()
///     signal source: control.cancel()
///     let outcome = try RunExecutor(library: library, cacheFolder: cache).run(identifier, of: method, in: store, control: control) { events in … }
public struct RunExecutor: Sendable {
    public var library: DatasetLibrary
    public var cacheFolder: URL
    /// Checkpoints that follow one another more closely are skipped, unless they are forced.
    public var minimumCheckpointInterval = Duration.seconds(1)
    /// Threads of the linear algebra are never more than this.
    public var maximumThreads: Int

    public init(library: DatasetLibrary, cacheFolder: URL, maximumThreads: Int = ProcessInfo.processInfo.activeProcessorCount) {
        self.library = library
        self.cacheFolder = cacheFolder
        self.maximumThreads = maximumThreads
    }

    /// Starts or goes on with a stored run.
    /// - Parameters:
    ///   - log: an event log that is written as well.
    ///   - onEvents: called with each batch, on foreign threads, in order; it must not block.
    /// - Throws: `StoreError` when the run is not there or another process has it. Whatever happens after the start is an outcome.
    public func run(_ identifier: String, of method: any Method, in store: RunStore, log: EventLogWriter? = nil, control: RunControl = RunControl(),
                    onEvents: @escaping @Sendable ([RunEvent]) -> Void = { _ in }) throws -> RunOutcome {
        try run(store.claim(identifier), of: method, in: store, log: log, control: control, onState: { _ in }, onEvents: onEvents)
    }

    /// - Parameter onState: hears when the run pauses and goes on.
    func run(_ claim: RunClaim, of method: any Method, in store: RunStore, log: EventLogWriter?, control: RunControl,
             onState: @escaping @Sendable (RunState) -> Void, onEvents: @escaping @Sendable ([RunEvent]) -> Void) throws -> RunOutcome {
        let checkpoint = try store.rewind(claim)
        let record = try store.run(claim.identifier)
        try store.setState(.running, claim: claim)
        var journals: [any RunJournal] = [StoreJournal(store: store, claim: claim)]
        if let log { journals.append(LogJournal(log: log, run: claim.identifier)) }
        return execute(method, record.request, identifier: claim.identifier, nextSequence: record.nextSequence, priorSeconds: record.seconds,
                       restored: checkpoint.map { Data($0.state) }, journals: journals, control: control, onState: onState, onEvents: onEvents)
    }

    /// Runs with an event log and no store, as on a node of a cluster. A log whose run was stopped goes on from the checkpoint
    /// beside it; a log that tells of another run is refused.
    /// - Throws: `EventLogError`.
    public func run(_ request: RunRequest, identifier: String, study: String? = nil, of method: any Method, log location: URL,
                    control: RunControl = RunControl(), onEvents: @escaping @Sendable ([RunEvent]) -> Void = { _ in }) throws -> RunOutcome {
        var reader = EventLogReader(at: location)
        if FileManager.default.fileExists(atPath: location.path), try reader.next() != nil, let header = reader.header, header.run != identifier {
            throw EventLogError("event log \(location.path): it tells of run \(header.run), not of \(identifier); name another file")
        }
        let log = try EventLogWriter(at: location, header: EventLogHeader(run: identifier, study: study))
        let checkpoint = LogCheckpoint.newest(beside: location, run: identifier)
        return execute(method, request, identifier: identifier, nextSequence: checkpoint.map { $0.sequence + 1 } ?? 0,
                       priorSeconds: checkpoint?.seconds ?? 0, restored: checkpoint?.state, journals: [LogJournal(log: log, run: identifier)],
                       control: control, onState: { _ in }, onEvents: onEvents)
    }

    private func execute(_ method: any Method, _ request: RunRequest, identifier: String, nextSequence: Int, priorSeconds: Double,
                         restored: Data?, journals: [any RunJournal], control: RunControl,
                         onState: @escaping @Sendable (RunState) -> Void, onEvents: @escaping @Sendable ([RunEvent]) -> Void) -> RunOutcome {
        let sink = JournalingSink(run: identifier, nextSequence: nextSequence, priorSeconds: priorSeconds, control: control, journals: journals,
                                  minimumCheckpointInterval: minimumCheckpointInterval, onState: onState, deliver: onEvents)
        CrashReports.protectThread()
        CrashReports.note("run \(identifier): \(restored == nil ? "begins" : "goes on"), \(request.method) on \(request.dataset), seed \(request.seed)")
        sink.startTicking()
        control.startClock()
        let threads = max(1, min(request.threads, maximumThreads))
        BLAS.threads = threads
        Parallel.threads = threads
        var state = RunState.finished, sentence = ""
        do {
            let values = try ParameterValues(method.parameters, request: request)
            if restored == nil {
                sink.emit(.started(.init(request: request, values: values.all, datasetChecksum: (try? library.open(request.dataset))?.checksum ?? "",
                                         build: Build.identifier, machine: Build.machine)))
            }
            // A shortage of memory in an earlier run is no error of this one, and one that can be foreseen is told before anything is built.
            BufferPool.settle()
            if let entry = library.entry(request.dataset) {
                try BufferPool.require(method.estimate(request, dataset: entry).bytes, for: "The run")
            }
            let context = RunContext(request: request, parameters: values, library: library, cacheFolder: cacheFolder, restoredState: restored, sink: sink)
            try method.train(context)
        } catch is RunCancelled {
            state = control.current == .release ? .interrupted : .cancelled
        } catch {
            state = .failed
            sentence = "\(error)"
        }
        control.stopClock()
        let results = state == .finished ? sink.results : []
        let last: RunEvent.Payload? = switch state {
        case .finished: .finished(.init(results: results, seconds: sink.seconds))
        case .failed: .failed(.init(sentence))
        case .cancelled: .cancelled(.init("stopped on request"))
        default: nil
        }
        let isWritten = sink.close(last: last, state: last == nil ? .interrupted : nil, sentence: last == nil ? "handed over" : "", within: .seconds(15))
        return RunOutcome(identifier: identifier, state: state, sentence: sentence, seconds: sink.seconds, results: results, isWritten: isWritten)
    }
}
