import Dispatch
import Experiments
import Synchronization

/// Takes in what the tasks of clusters write while the workbench is open: their event logs grow into the store, from which every
/// screen reads, and waiting runs say what the queue says of them.
final class ClusterFollower: Sendable {
    private struct State {
        var sweeps: [String: RemoteSweep] = [:]
        /// Studies whose tasks are all done.
        var done: Set<String> = []
        var complaints: Set<String> = []
        var isStopped = false
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "lathe.clusters", qos: .utility)
    private let store: RunStore
    private let clusterQueue: SlurmQueue
    private let complain: @Sendable (String) -> Void

    /// - Parameter complain: hears each sentence about a queue or a log once.
    init(store: RunStore, queue: SlurmQueue, complain: @escaping @Sendable (String) -> Void) {
        self.store = store
        clusterQueue = queue
        self.complain = complain
    }

    func start() { step() }
    func stop() { state.withLock { $0.isStopped = true } }

    private func step() {
        queue.asyncAfter(deadline: .now() + .milliseconds(500)) { [weak self] in
            guard let self, !state.withLock({ $0.isStopped }) else { return }
            do {
                for study in try store.studies() where !study.remote.isEmpty && !state.withLock({ $0.done.contains(study.identifier) }) { follow(study) }
            } catch { say("\(error)") }
            step()
        }
    }

    private func follow(_ study: StudyRecord) {
        do {
            var sweep = try state.withLock({ $0.sweeps[study.identifier] }) ?? RemoteSweep.open(study, in: store, queue: clusterQueue)
            defer { state.withLock { $0.sweeps[study.identifier] = sweep } }
            let status = try sweep.update()
            for problem in sweep.takeProblems() { say(problem) }
            // What is failed or missing may be handed in again by a command; only a whole sweep needs no more looks.
            if status.finished == status.total { state.withLock { _ = $0.done.insert(study.identifier) } }
        } catch { say("sweep \(study.title): \(error)") }
    }

    private func say(_ sentence: String) {
        let isNew = state.withLock { $0.complaints.insert(sentence).inserted }
        if isNew { complain(sentence) }
    }
}
