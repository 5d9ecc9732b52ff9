import Foundation
import Synchronization

/// What a running method is asked to do, from any thread or signal handler: every function is one atomic store.
public final class RunControl: Sendable {
    enum Order: UInt8 { case go, pause, cancel, release }

    private let order = Atomic<UInt8>(Order.go.rawValue)
    private let clock = WorkClock()

    public init() {}

    public func pause() { _ = order.compareExchange(expected: Order.go.rawValue, desired: Order.pause.rawValue, ordering: .sequentiallyConsistent) }
    public func resume() { _ = order.compareExchange(expected: Order.pause.rawValue, desired: Order.go.rawValue, ordering: .sequentiallyConsistent) }
    /// Stops the run for good; a paused one too.
    public func cancel() { order.store(Order.cancel.rawValue, ordering: .sequentiallyConsistent) }
    /// Stops the run and leaves it interrupted, for another process to go on with.
    public func release() { order.store(Order.release.rawValue, ordering: .sequentiallyConsistent) }

    public var isPaused: Bool { current == .pause }
    /// Whether the run was asked to stop.
    public var isStopped: Bool { current == .cancel || current == .release }
    var current: Order { Order(rawValue: order.load(ordering: .relaxed)) ?? .go }

    /// Seconds of work so far in this process, without pauses.
    var seconds: Double { clock.seconds }
    func startClock() { clock.start() }
    func stopClock() { clock.stop() }

    /// Waits while paused.
    /// - Throws: `RunCancelled` when the run is asked to stop.
    func proceed() throws {
        switch current {
        case .go: return
        case .cancel, .release: throw RunCancelled()
        case .pause:
            clock.stop()
            defer { clock.start() }
            // Waking every 10 ms costs nothing and lets a signal handler end the pause, which may not touch a lock.
            while current == .pause { Thread.sleep(forTimeInterval: 0.01) }
            if isStopped { throw RunCancelled() }
        }
    }
}

/// A stopwatch on the monotonic clock, which a changed time of day does not disturb.
final class WorkClock: Sendable {
    private struct State {
        var total = Duration.zero
        var started: ContinuousClock.Instant?
    }
    private let state = Mutex(State())

    func start() { state.withLock { if $0.started == nil { $0.started = .now } } }

    func stop() {
        state.withLock { state in
            if let started = state.started { state.total += started.duration(to: .now) }
            state.started = nil
        }
    }

    var seconds: Double {
        state.withLock { state in (state.total + (state.started.map { $0.duration(to: .now) } ?? .zero)) / .seconds(1) }
    }
}
