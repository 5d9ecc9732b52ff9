import Datasets
import Foundation
import Synchronization

/// Runs runs on background queues: some at once, the others wait. Everything it is asked answers at once; what happens shows in
/// the mailboxes and in the store.
///
///     let runner = Runner(store: store, methods: { catalogue[$0] }, executor: executor)
///     let mailbox = runner.subscribe { wakeScreen() }
///     let run = try runner.start(request)
///     runner.pause(run)
public final class Runner: Sendable {
    private struct State {
        var queue: [(claim: RunClaim, method: any Method)] = []
        var running: [String: RunControl] = [:]
        var mailboxes: [(number: Int, mailbox: RunMailbox)] = []
        var nextMailbox = 0
        var maximumRunning: Int
        var isClosing = false
    }

    public let store: RunStore
    private let methods: @Sendable (String) -> (any Method)?
    private let executor: RunExecutor
    private let state: Mutex<State>
    // Below the screen's and the journals' quality of service, so that neither stutters.
    private let workers = DispatchQueue(label: "lathe.run", qos: .utility, attributes: .concurrent)
    private let group = DispatchGroup()

    /// - Parameters:
    ///   - methods: finds a method by its identifier.
    ///   - maximumRunning: how many runs work at once; they share the cores' threads evenly.
    public init(store: RunStore, methods: @escaping @Sendable (String) -> (any Method)?, executor: RunExecutor, maximumRunning: Int = 1) {
        self.store = store
        self.methods = methods
        var shared = executor
        shared.maximumThreads = max(1, executor.maximumThreads / max(1, maximumRunning))
        self.executor = shared
        state = Mutex(State(maximumRunning: max(1, maximumRunning)))
    }

    // MARK: Starting

    /// Makes a run and queues it.
    /// - Returns: its identifier.
    /// - Throws: `ParameterError`, `StoreError`.
    @discardableResult
    public func start(_ request: RunRequest, study: String? = nil) throws -> String {
        let method = try method(request.method)
        _ = try ParameterValues(method.parameters, request: request)
        let run = try store.createRun(request, study: study)
        try enqueue(run.identifier, method)
        return run.identifier
    }

    /// Makes a study with its runs and queues them.
    /// - Throws: `ParameterError` before anything is made, `StoreError`.
    public func startStudy(_ plan: StudyPlan) throws -> (study: StudyRecord, runs: [RunRecord]) {
        let method = try method(plan.method)
        for request in plan.requests { _ = try ParameterValues(method.parameters, request: request) }
        let made = try store.createStudy(method: plan.method, dataset: plan.dataset, plan: plan.plan, requests: plan.requests, absent: plan.absent)
        for run in made.runs { try enqueue(run.identifier, method) }
        return made
    }

    /// Goes on with a paused, interrupted, cancelled or failed run, from its newest checkpoint or else from its beginning; takes up a
    /// waiting one that nobody has.
    /// - Throws: `StoreError` when it is finished or a living process has it and it is not paused.
    public func resume(_ identifier: String) throws {
        if let control = control(of: identifier) {
            return control.resume()
        }
        let record = try store.run(identifier)
        if record.state == .paused, record.owner?.isAlive != false { return try store.wish(.resume, of: identifier) }
        try enqueue(identifier, try method(record.request.method))
    }

    /// Starts a new run with the same request, in the same study.
    /// - Returns: its identifier.
    @discardableResult
    public func retry(_ identifier: String) throws -> String {
        let record = try store.run(identifier)
        return try start(record.request, study: record.study)
    }

    private func method(_ identifier: String) throws -> any Method {
        guard let method = methods(identifier) else {
            throw ParameterError("there is no method “\(identifier)”; “lathe methods” lists them")
        }
        return method
    }

    private func enqueue(_ identifier: String, _ method: any Method) throws {
        let claim = try store.claim(identifier)
        state.withLock { $0.queue.append((claim, method)) }
        announce(identifier, .waiting)
        schedule()
    }

    // MARK: Steering

    public func pause(_ identifier: String) throws {
        if let control = control(of: identifier) {
            control.pause()
        } else {
            try wishOfOther(.pause, identifier)
        }
    }

    /// Stops a run within 200 ms; where its method saved a checkpoint it can be resumed.
    public func cancel(_ identifier: String) throws { try stop(identifier, .cancel, RunState.cancelled) { $0.cancel() } }

    /// Stops a run and leaves it interrupted, for another process to go on with (“hand over”).
    public func release(_ identifier: String) throws { try stop(identifier, .release, RunState.interrupted) { $0.release() } }

    private func stop(_ identifier: String, _ wish: RunWish, _ ending: RunState, _ order: (RunControl) -> Void) throws {
        if let control = control(of: identifier) { return order(control) }
        let waiting = state.withLock { state in
            let index = state.queue.firstIndex { $0.claim.identifier == identifier }
            return index.map { state.queue.remove(at: $0).claim }
        }
        guard let waiting else { return try wishOfOther(wish, identifier) }
        try store.setState(ending, sentence: "before it began", claim: waiting)
        announce(identifier, ending)
    }

    private func wishOfOther(_ wish: RunWish, _ identifier: String) throws {
        let record = try store.run(identifier)
        guard record.state == .running || record.state == .paused else {
            throw StoreError(.conflict, "run \(identifier) is \(record.state.rawValue), not running")
        }
        try store.wish(wish, of: identifier)
    }

    private func control(of identifier: String) -> RunControl? { state.withLock { $0.running[identifier] } }

    /// Runs that work in this process.
    public var running: [String] { state.withLock { $0.running.keys.sorted() } }
    /// Runs that wait in this process, in their order.
    public var waiting: [String] { state.withLock { $0.queue.map(\.claim.identifier) } }

    /// How many runs work at once from now on; running ones go on.
    public func setMaximumRunning(_ count: Int) {
        state.withLock { $0.maximumRunning = max(1, count) }
        schedule()
    }

    // MARK: Listening

    /// A mailbox that gets every run's events and states from now on.
    /// - Parameter onArrival: called on a foreign thread when the empty mailbox gets something; it must not block.
    public func subscribe(limit: Int = 500_000, onArrival: @escaping @Sendable () -> Void = {}) -> RunMailbox {
        let mailbox = RunMailbox(limit: limit, onArrival: onArrival)
        state.withLock { state in
            state.mailboxes.append((state.nextMailbox, mailbox))
            state.nextMailbox += 1
        }
        return mailbox
    }

    public func unsubscribe(_ mailbox: RunMailbox) {
        state.withLock { state in state.mailboxes.removeAll { $0.mailbox === mailbox } }
    }

    private func announce(_ identifier: String, _ newState: RunState?, _ events: [RunEvent] = []) {
        for (_, mailbox) in state.withLock({ $0.mailboxes }) { mailbox.put(run: identifier, events: events, state: newState) }
    }

    // MARK: Working

    private func schedule() {
        while true {
            let next = state.withLock { state -> (claim: RunClaim, method: any Method, control: RunControl)? in
                guard !state.isClosing, state.running.count < state.maximumRunning, !state.queue.isEmpty else { return nil }
                let (claim, method) = state.queue.removeFirst()
                let control = RunControl()
                state.running[claim.identifier] = control
                return (claim, method, control)
            }
            guard let next else { return }
            workers.async(group: group) { [self] in
                work(next.claim, next.method, next.control)
                schedule()
            }
        }
    }

    private func work(_ claim: RunClaim, _ method: any Method, _ control: RunControl) {
        let identifier = claim.identifier
        let mailboxes: @Sendable ([RunEvent]) -> Void = { [weak self] events in
            guard let self else { return }
            for (_, mailbox) in state.withLock({ $0.mailboxes }) { mailbox.put(run: identifier, events: events) }
        }
        var ending = RunState.failed
        do {
            announce(identifier, .running)
            let outcome = try executor.run(claim, of: method, in: store, log: nil, control: control, onState: { [weak self] in self?.announce(identifier, $0) }, onEvents: mailboxes)
            ending = outcome.state
        } catch {
            // The run could not begin: the store was taken away or another process has it.
            try? store.setState(.failed, sentence: "\(error)", claim: claim)
        }
        _ = state.withLock { $0.running.removeValue(forKey: identifier) }
        announce(identifier, ending)
    }

    // MARK: Ending

    /// Waits until nothing runs and nothing waits.
    /// - Returns: false when the time ran out before.
    @discardableResult
    public func waitUntilIdle(seconds: Double = .infinity) -> Bool {
        let deadline = seconds.isFinite ? DispatchTime.now() + seconds : .distantFuture
        while group.wait(timeout: deadline) == .success {
            if state.withLock({ $0.running.isEmpty && ($0.queue.isEmpty || $0.isClosing) }) { return true }
        }
        return false
    }

    /// Stops everything, each run resumable, waiting ones left waiting for the next workbench.
    /// - Parameter releasing: true leaves running ones interrupted for another process, false cancels them.
    public func shutDown(releasing: Bool, seconds: Double = 10) {
        let (controls, waiting) = state.withLock { state in
            state.isClosing = true
            defer { state.queue = [] }
            return (Array(state.running.values), state.queue.map(\.claim))
        }
        for control in controls { releasing ? control.release() : control.cancel() }
        for claim in waiting { try? store.setState(releasing ? .interrupted : .cancelled, sentence: "before it began", claim: claim) }
        waitUntilIdle(seconds: seconds)
    }
}
