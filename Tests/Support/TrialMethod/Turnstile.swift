import Synchronization

/// Lets a run's rounds through up to a number and holds it there, so that a test which stops a run in its middle finds it in
/// its middle on any machine, however fast and however loaded.
public final class Turnstile: Sendable {
    private let limit: Mutex<Int>

    public init(openTo round: Int) { limit = Mutex(round) }

    /// Lets rounds before this one through; those that stand at it wait.
    public func open(to round: Int) { limit.withLock { $0 = round } }

    func admits(_ round: Int) -> Bool { limit.withLock { round < $0 } }
}
