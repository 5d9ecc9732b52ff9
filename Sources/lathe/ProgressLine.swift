import Experiments
import Foundation
import Synchronization
import Terminal

/// The progress of headless runs on standard error: one line that renews itself on a terminal, else a line each five seconds.
final class ProgressLine: Sendable {
    private struct State {
        var name = ""
        var stage = ""
        var part = ""
        var lastShown = ContinuousClock.now - .seconds(10)
        var isOpen = false
    }

    private let state = Mutex(State())
    private let isTerminal: Bool
    private let isSilent: Bool

    /// - Parameter renews: whether the line may renew itself; false where several runs report at once.
    init(isSilent: Bool, renews: Bool = true) {
        self.isSilent = isSilent
        isTerminal = renews && isatty(STDERR_FILENO) == 1 && (ProcessInfo.processInfo.environment["TERM"] ?? "dumb") != "dumb"
    }

    /// A run begins.
    func begin(_ request: RunRequest, index: Int, of count: Int) {
        let name = [count > 1 ? "[\(index)/\(count)]" : "", request.method, request.dataset, request.condition, "seed \(request.seed)"]
            .filter { !$0.isEmpty }.joined(separator: " ")
        state.withLock {
            $0.name = name
            $0.stage = ""
            $0.part = ""
            // In a log, a run that is over in seconds needs no line but its last.
            if !isTerminal { $0.lastShown = .now }
        }
    }

    /// Takes the run's events in and shows what is new.
    func receive(_ events: [RunEvent]) {
        guard !isSilent else { return }
        state.withLock { state in
            for event in events {
                switch event.payload {
                case .stage(let stage):
                    state.stage = "\(stage.name) \(stage.index)/\(stage.of)"
                    state.part = ""
                case .progress(let progress):
                    state.part = "\(Self.number(progress.done))/\(Self.number(progress.total)) \(progress.unit)"
                case .warning(let message):
                    Self.close(&state)
                    Talk.say("lathe: \(message.text.printable)")
                default: break
                }
            }
            let wait: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
            guard ContinuousClock.now - state.lastShown >= wait else { return }
            state.lastShown = .now
            let line = [state.name, state.stage, state.part].filter { !$0.isEmpty }.joined(separator: " · ").printable
            if isTerminal {
                state.isOpen = true
                Talk.write("\r\u{1B}[K\(line)", to: .standardError)
            } else {
                Talk.say(line)
            }
        }
    }

    /// The run ended: says how.
    func end(_ sentence: String) {
        guard !isSilent else { return }
        state.withLock {
            Self.close(&$0)
            Talk.say("\($0.name): \(sentence.printable)")
        }
    }

    private static func close(_ state: inout State) {
        if state.isOpen { Talk.write("\r\u{1B}[K", to: .standardError) }
        state.isOpen = false
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(format: "%.3g", value)
    }
}
