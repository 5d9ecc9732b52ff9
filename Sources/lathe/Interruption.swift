import Dispatch
import Experiments
import Foundation

/// Turns ctrl-c, SIGTERM and SIGHUP into a stop with a checkpoint. A second one ends the program at once.
final class Interruption {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter onSignal: called once, on a background queue.
    init(onSignal: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "lathe.signals")
        let count = SignalCount()
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if count.increment() > 1 { _exit(130) }
                onSignal()
            }
            source.resume()
            // Only now: where the queue cannot be made for want of memory, the signal ends the program as ever.
            signal(number, SIG_IGN)
            return source
        }
    }

    deinit { sources.forEach { $0.cancel() } }
}

/// How many signals came; touched on the signal queue alone.
private final class SignalCount: @unchecked Sendable {
    private var value = 0
    func increment() -> Int {
        value += 1
        return value
    }
}
