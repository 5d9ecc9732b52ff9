import ArgumentParser
import Catalogue
import Datasets
import Experiments
import Foundation

/// Runs stored runs one after another on this thread, with progress and a clean stop.
struct HeadlessRuns {
    var library: DatasetLibrary
    var store: RunStore
    var progress: ProgressLine

    /// Where extracted features and the like are kept between runs.
    static var cacheFolder: URL {
        let environment = ProcessInfo.processInfo.environment
        let base = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: NSHomeDirectory()).appendingPathComponent(".cache")
        return base.appendingPathComponent("lathe")
    }

    /// - Returns: finished; failed when any run failed; cancelled when the user stopped it, the runs not reached stay waiting.
    func run(_ records: [RunRecord], log: EventLogWriter?) throws -> RunState {
        let control = ControlSlot()
        let interruption = Interruption { control.cancel() }
        return try withExtendedLifetime(interruption) {
            let executor = RunExecutor(library: library, cacheFolder: Self.cacheFolder)
            var anyFailed = false
            for (index, record) in records.enumerated() {
                guard let runControl = control.next() else { return .cancelled }
                let method = try MethodsCommand.find(record.request.method)
                progress.begin(record.request, index: index + 1, of: records.count)
                let outcome: RunOutcome
                do {
                    outcome = try executor.run(record.identifier, of: method, in: store, log: log, control: runControl) { progress.receive($0) }
                } catch let error as StoreError where error.kind == .conflict {
                    // Another process took it up while it waited here; the rest of the study is still ours.
                    progress.end("left to another process: \(error)")
                    continue
                }
                progress.end(Self.sentence(outcome))
                if !outcome.isWritten { Talk.say("lathe: the end of run \(outcome.identifier) could not be written to the store") }
                if outcome.state == .cancelled || outcome.state == .interrupted { return .cancelled }
                anyFailed = anyFailed || outcome.state == .failed
            }
            return anyFailed ? .failed : .finished
        }
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

/// The control of the run that works now; a stop also keeps later runs from starting.
private final class ControlSlot: @unchecked Sendable {
    private let lock = NSLock()
    private var current: RunControl?
    private var isStopped = false

    func next() -> RunControl? {
        lock.withLock {
            guard !isStopped else { return nil }
            let control = RunControl()
            current = control
            return control
        }
    }

    func cancel() {
        lock.withLock {
            isStopped = true
            current?.cancel()
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
