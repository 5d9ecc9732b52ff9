import Dispatch
import Foundation
import Synchronization

/// Follows all logs of other programs below a folder into a store, as long as it lives: new runs are found, growing ones grow.
package final class ForeignFollower: Sendable {
    private struct State {
        var imports: [String: ForeignImport] = [:]
        var order: [String] = []
        var lastSearch = DispatchTime(uptimeNanoseconds: 0)
        var complaints: Set<String> = []
        var isStopped = false
    }

    private let folder: URL
    private let store: RunStore
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "lathe.watch", qos: .userInitiated)
    private let complain: @Sendable (String) -> Void
    /// Told after each look that found something.
    private let onChange: @Sendable () -> Void

    /// How often is looked for news, and for new runs.
    private static let pause = DispatchTimeInterval.milliseconds(100), search = 1_000_000_000 as UInt64

    package init(_ folder: URL, into store: RunStore, onChange: @escaping @Sendable () -> Void = {}, complain: @escaping @Sendable (String) -> Void) {
        self.folder = folder
        self.store = store
        self.onChange = onChange
        self.complain = complain
    }

    package func start() { queue.async { [weak self] in self?.step() } }
    package func stop() { state.withLock { $0.isStopped = true } }

    private func step() {
        guard !state.withLock({ $0.isStopped }) else { return }
        if look() > 0 { onChange() }
        queue.asyncAfter(deadline: .now() + Self.pause) { [weak self] in self?.step() }
    }

    /// Looks once, on the caller's thread.
    /// - Parameter seconds: as long as there is more, looks go on for so long.
    /// - Returns: how many events came.
    @discardableResult
    package func look(forUpTo seconds: Double = 0) -> Int {
        find()
        var count = 0
        let start = ContinuousClock.now
        while true {
            let added = lookOnce()
            count += added
            if added == 0 || start.duration(to: .now) >= .seconds(seconds) { return count }
        }
    }

    /// The runs that were made so far, in the order in which their logs were found.
    package var runs: [String] { state.withLock { state in state.order.compactMap { state.imports[$0] }.filter(\.isMade).map(\.identifier) } }

    private func lookOnce() -> Int {
        var count = 0
        let now = Date().timeIntervalSince1970
        for key in state.withLock({ $0.order }) {
            // Taken out for the time of the look: a copy that is kept beside would make every growing array a new one.
            guard var follower = state.withLock({ $0.imports.removeValue(forKey: key) }) else { continue }
            do {
                count += try follower.update(heartbeat: now)
                for problem in follower.takeProblems() { say(problem) }
            } catch { say("\(error)") }
            state.withLock { $0.imports[key] = follower }
        }
        return count
    }

    private func find() {
        let now = DispatchTime.now()
        guard state.withLock({ state in
            guard now.uptimeNanoseconds - state.lastSearch.uptimeNanoseconds >= Self.search else { return false }
            state.lastSearch = now
            return true
        }) else { return }
        do {
            for log in try ForeignLogs.find(at: folder) {
                let key = log.location.path
                state.withLock { state in
                    guard !state.order.contains(key) else { return }
                    state.imports[key] = ForeignImport(log, into: store)
                    state.order.append(key)
                }
            }
        } catch { say("\(error)") }
    }

    private func say(_ sentence: String) {
        if state.withLock({ $0.complaints.insert(sentence).inserted }) { complain(sentence) }
    }
}
