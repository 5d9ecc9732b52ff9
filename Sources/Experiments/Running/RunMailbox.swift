import Synchronization

/// Where a screen finds what the runs said since it last looked. Putting something in takes a short lock and never waits, so a
/// slow screen cannot hold up training.
public final class RunMailbox: Sendable {
    /// What one run said.
    public struct Delivery: Sendable {
        public var run: String
        /// In their order; may be empty when only the state changed.
        public var events: [RunEvent] = []
        /// The newest state, where it changed.
        public var state: RunState?
        /// True when the mailbox ran over: events are missing before these, read them from the store.
        public var isIncomplete = false
    }

    private struct State {
        var deliveries: [Delivery] = []
        var index: [String: Int] = [:]
        var load = 0
    }

    private let state = Mutex(State())
    private let limit: Int
    private let onArrival: @Sendable () -> Void

    /// - Parameters:
    ///   - limit: how many events and points wait at most, before the oldest are left to the store.
    ///   - onArrival: called on a foreign thread when an empty mailbox gets something; it must not block.
    public init(limit: Int = 500_000, onArrival: @escaping @Sendable () -> Void = {}) {
        self.limit = limit
        self.onArrival = onArrival
    }

    /// Takes everything out, one delivery a run, in the order in which the runs first spoke.
    public func drain() -> [Delivery] {
        state.withLock { state in
            defer { state = State() }
            return state.deliveries
        }
    }

    func put(run: String, events: [RunEvent], state newState: RunState? = nil) {
        let wasEmpty = state.withLock { state in
            let wasEmpty = state.deliveries.isEmpty
            let index = state.index[run] ?? state.deliveries.count
            if index == state.deliveries.count {
                state.index[run] = index
                state.deliveries.append(Delivery(run: run))
            }
            state.deliveries[index].events += events
            if let newState { state.deliveries[index].state = newState }
            state.load += events.reduce(0) { $0 + $1.weight }
            if state.load > limit {
                for index in state.deliveries.indices where !state.deliveries[index].events.isEmpty {
                    state.deliveries[index].events = []
                    state.deliveries[index].isIncomplete = true
                }
                state.load = 0
            }
            return wasEmpty
        }
        if wasEmpty { onArrival() }
    }
}

extension RunEvent {
    /// Roughly how many numbers an event holds.
    fileprivate var weight: Int {
        switch payload {
        case .metric(let batch): 1 + batch.values.count
        case .weights(let weights): 1 + weights.values.count
        case .matrix(let matrix): 1 + matrix.values.count
        case .distribution(let distribution): 1 + distribution.groups.reduce(0) { $0 + $1.values.count }
        case .images(let images): 1 + images.items.count * 100
        default: 1
        }
    }
}
