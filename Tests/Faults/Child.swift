import CFaults
import Foundation
#if canImport(Glibc)
import Glibc
#endif

/// A program that was started: its number and, where it has one, the other end of its terminal.
final class Child {
    let process: Int32
    private(set) var master: Int32 = -1
    /// What it wrote to its terminal so far.
    private(set) var screen: [UInt8] = []
    /// The modes of the terminal before the program changed them.
    private let firstModes: UInt

    /// - Parameter output: the file that its output is appended to.
    init(_ arguments: [String], environment: [String: String], output: URL) throws {
        process = faults_start(arguments.joined(separator: "\n"), Self.lines(environment), output.path)
        firstModes = 0
        guard process > 0 else { throw FaultError("\(arguments[0]) cannot be started (\(String(cString: strerror(errno))))") }
    }

    init(inTerminal arguments: [String], environment: [String: String]) throws {
        process = faults_start_in_terminal(arguments.joined(separator: "\n"), Self.lines(environment), &master)
        guard process > 0 else { throw FaultError("\(arguments[0]) cannot be started in a terminal (\(String(cString: strerror(errno))))") }
        firstModes = faults_terminal_modes(master)
    }

    deinit { close() }

    private static func lines(_ environment: [String: String]) -> String { environment.map { "\($0)=\($1)" }.joined(separator: "\n") }

    func send(_ signal: Int32) { kill(process, signal) }

    /// Closes the terminal, as a window that is closed.
    func close() {
        if master >= 0 { Glibc.close(master) }
        master = -1
    }

    func type(_ keys: String) { _ = write(master, keys, keys.utf8.count) }

    /// Takes what the program wrote, so that it never waits for its terminal.
    func drain() {
        guard master >= 0 else { return }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(master, &bytes, bytes.count), count > 0 { screen += bytes[..<count] }
    }

    /// Goes on for some seconds, draining.
    func pass(_ seconds: Double) {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            drain()
            usleep(UInt32(max(200, min(5000, (end - .now) / .microseconds(1)))))
        }
    }

    /// Waits until the screen's bytes hold a text.
    func see(_ text: String, within seconds: Double = 30) throws {
        let wanted = Array(text.utf8), end = ContinuousClock.now + .seconds(seconds)
        while !screen.contains(subsequence: wanted) {
            guard ContinuousClock.now < end else { throw FaultError("“\(text)” never came to the screen") }
            pass(0.01)
        }
    }

    /// - Parameter patience: after so many seconds `onWait` is called once.
    /// - Returns: the exit status, 128 and more for a signal; nil when it did not end in time, and was killed.
    func end(within seconds: Double, after patience: Double = .infinity, onWait: () -> Void = {}) -> Int32? {
        let begin = ContinuousClock.now
        var hasWaited = false
        var status: Int32 = 0
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            drain()
            if waitpid(process, &status, WNOHANG) == process {
                drain()
                return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
            }
            if !hasWaited, begin.duration(to: .now) / .seconds(1) > patience {
                hasWaited = true
                onWait()
            }
            usleep(2000)
        }
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
        return nil
    }

    /// What of the terminal is not as it was before the program; nil where all is.
    var terminalDamage: String? {
        guard master >= 0 else { return nil }
        if faults_terminal_modes(master) != firstModes { return "the modes of the terminal are not those of before" }
        for (taken, given, words) in [("\u{1B}[?1049h", "\u{1B}[?1049l", "the other screen stays"), ("\u{1B}[?25l", "\u{1B}[?25h", "the cursor stays hidden"),
                                      ("\u{1B}[?1006h", "\u{1B}[?1006l", "the mouse goes on reporting"), ("\u{1B}[?2004h", "\u{1B}[?2004l", "pastes stay bracketed")] {
            guard let last = screen.lastIndex(of: Array(taken.utf8)) else { continue }
            if (screen.lastIndex(of: Array(given.utf8)) ?? -1) < last { return words }
        }
        return nil
    }
}

/// Why the harness itself cannot go on.
struct FaultError: Error, CustomStringConvertible {
    var description: String
    init(_ sentence: String) { description = sentence }
}

extension [UInt8] {
    func contains(subsequence wanted: [UInt8]) -> Bool { lastIndex(of: wanted) != nil }

    /// Where the last of the places begins at which the bytes stand.
    func lastIndex(of wanted: [UInt8]) -> Int? {
        guard !wanted.isEmpty, count >= wanted.count else { return nil }
        return stride(from: count - wanted.count, through: 0, by: -1).first { start in
            self[start] == wanted[0] && self[start..<start + wanted.count].elementsEqual(wanted)
        }
    }
}
