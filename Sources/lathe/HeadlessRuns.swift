import ArgumentParser
import Catalogue
import Datasets
import Experiments
import Foundation
import Synchronization

/// Runs stored runs, one or several at once, with progress and a clean stop.
struct HeadlessRuns {
    var library: DatasetLibrary
    var store: RunStore
    var isSilent: Bool
    /// How many runs work at once; they share the cores.
    var jobs = 1

    /// Where extracted features and the like are kept between runs.
    static var cacheFolder: URL {
        let environment = ProcessInfo.processInfo.environment
        let base = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: NSHomeDirectory()).appendingPathComponent(".cache")
        return base.appendingPathComponent("lathe")
    }

    /// A run that fails does not stop the others.
    /// - Returns: finished; failed when any run failed; cancelled when the user stopped it, the runs not reached stay waiting.
    func run(_ records: [RunRecord], log: EventLogWriter?) throws -> RunState {
        // A method that is not there is said before the first of hours of work.
        let methods = try records.map { try MethodsCommand.find($0.request.method) }
        let controls = Controls(), workers = max(1, min(jobs, records.count))
        let interruption = Interruption { controls.cancel() }
        let states = Mutex<[RunState]>([]), next = Mutex(0)
        withExtendedLifetime(interruption) {
            var executor = RunExecutor(library: library, cacheFolder: Self.cacheFolder)
            executor.maximumThreads = max(1, executor.maximumThreads / workers)
            DispatchQueue.concurrentPerform(iterations: workers) { [executor] _ in
                let progress = ProgressLine(isSilent: isSilent, renews: workers == 1)
                while let control = controls.next() {
                    let place = next.withLock { place in
                        defer { place += 1 }
                        return place
                    }
                    guard place < records.count else { return controls.end(control) }
                    let state = one(records[place], methods[place], place, of: records.count, executor, control, progress, log)
                    controls.end(control)
                    states.withLock { $0.append(state) }
                    if state == .cancelled || state == .interrupted { return controls.cancel() }
                }
            }
        }
        let all = states.withLock { $0 }
        if controls.isStopped || all.contains(where: { $0 == .cancelled || $0 == .interrupted }) { return .cancelled }
        return all.contains(.failed) ? .failed : .finished
    }

    private func one(_ record: RunRecord, _ method: any Experiments.Method, _ place: Int, of count: Int, _ executor: RunExecutor, _ control: RunControl,
                     _ progress: ProgressLine, _ log: EventLogWriter?) -> RunState {
        progress.begin(record.request, index: place + 1, of: count)
        do {
            let outcome = try executor.run(record.identifier, of: method, in: store, log: log, control: control) { progress.receive($0) }
            progress.end(Self.sentence(outcome))
            if !outcome.isWritten { Talk.say("lathe: the end of run \(outcome.identifier) could not be written to the store") }
            return outcome.state
        } catch let error as StoreError where error.kind == .conflict {
            // Another process took it up while it waited here; the rest of the study is still ours.
            progress.end("left to another process: \(error)")
            return .finished
        } catch {
            progress.end("not started: \(error)")
            return .failed
        }
    }

    /// Runs one run that is kept in an event log alone: a node of a cluster never writes a store.
    static func run(_ request: RunRequest, identifier: String, study: String?, of method: any Experiments.Method, library: DatasetLibrary, log: URL, isSilent: Bool) throws -> RunOutcome {
        let progress = ProgressLine(isSilent: isSilent), control = RunControl()
        let interruption = Interruption { control.cancel() }
        progress.begin(request, index: 1, of: 1)
        let outcome = try withExtendedLifetime(interruption) {
            try RunExecutor(library: library, cacheFolder: cacheFolder).run(request, identifier: identifier, study: study, of: method, log: log, control: control) { progress.receive($0) }
        }
        progress.end(sentence(outcome))
        return outcome
    }

    static func sentence(_ outcome: RunOutcome) -> String {
        let seconds = String(format: "%.1f s", outcome.seconds)
        switch outcome.state {
        case .finished: return "done in \(seconds)"
        case .failed: return "failed after \(seconds): \(outcome.sentence)"
        default: return "stopped after \(seconds); lathe resume \(outcome.identifier) goes on"
        }
    }

    static func throwExitCode(_ state: RunState) throws {
        switch state {
        case .finished: return
        case .failed: throw ExitCode(1)
        default: throw ExitCode(130)
        }
    }
}

/// The controls of the runs that work now; a stop also keeps later runs from starting.
private final class Controls: Sendable {
    private let state = Mutex((current: [ObjectIdentifier: RunControl](), isStopped: false))

    func next() -> RunControl? {
        state.withLock { state in
            guard !state.isStopped else { return nil }
            let control = RunControl()
            state.current[ObjectIdentifier(control)] = control
            return control
        }
    }

    func end(_ control: RunControl) { state.withLock { $0.current[ObjectIdentifier(control)] = nil } }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    func cancel() {
        state.withLock { state in
            state.isStopped = true
            for control in state.current.values { control.cancel() }
        }
    }
}

extension EventLogWriter {
    /// `-` is standard output.
    static func opened(_ path: String, run: String, study: String?) throws -> EventLogWriter {
        let header = EventLogHeader(run: run, study: study)
        return path == "-" ? try EventLogWriter(standardOutput: header) : try EventLogWriter(at: URL(fileURLWithPath: path), header: header)
    }
}

extension RunStore {
    /// The runs of a study, or the one run, whose identifier begins with `name`.
    func runs(named name: String) throws -> [RunRecord] {
        if let study = try studies().first(where: { $0.identifier.hasPrefix(name) }) {
            var filter = RunFilter()
            filter.study = study.identifier
            filter.order = .oldestFirst
            return try runs(filter)
        }
        return [try run(resolve(name))]
    }
}
