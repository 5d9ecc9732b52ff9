import Foundation

/// A child process on a pseudo-terminal of its own: what a person at a terminal would see of it, with the times.
final class PseudoTerminal {
    let process: pid_t
    private let master: Int32
    /// Everything that the child wrote so far.
    private(set) var output: [UInt8] = []
    private(set) var isClosed = false

    // The ioctl requests TIOCSPTLCK and TIOCGPTN of Linux, macros that Swift does not see.
    private static let unlock: UInt = 0x4004_5431
    private static let number: UInt = 0x8004_5430

    struct Failure: Error, CustomStringConvertible { var description: String }

    /// Starts `path` with its output and input on a new terminal of the given size.
    /// - Throws: `Failure` where the system has no terminal left or the program cannot be started.
    init(_ path: String, _ arguments: [String], columns: Int, rows: Int, environment: [String: String]) throws {
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var locked: Int32 = 0, number: Int32 = 0
        guard master >= 0, ioctl(master, Self.unlock, &locked) == 0, ioctl(master, Self.number, &number) == 0 else {
            throw Failure(description: "no pseudo-terminal: \(String(cString: strerror(errno)))")
        }
        let slave = "/dev/pts/\(number)"
        var size = winsize(ws_row: UInt16(clamping: rows), ws_col: UInt16(clamping: columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // A session leader that opens a terminal gets it as its controlling one.
        posix_spawn_file_actions_addopen(&actions, 0, slave, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(0x80 /* POSIX_SPAWN_SETSID, which Glibc's module hides */))

        var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            argv.forEach { free($0) }
            envp.forEach { free($0) }
        }
        var child = pid_t()
        let status = posix_spawn(&child, path, &actions, &attributes, &argv, &envp)
        guard status == 0 else {
            close(master)
            throw Failure(description: "\(path) did not start: \(String(cString: strerror(status)))")
        }
        process = child
    }

    deinit { close(master) }

    /// Types bytes.
    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
    }

    /// Reads what has come, waiting at most so long for the first byte.
    /// - Returns: false when nothing came or the child closed its side.
    func read(within milliseconds: Int32) -> Bool {
        var request = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard !isClosed, poll(&request, 1, milliseconds) > 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Foundation.read(master, &buffer, buffer.count)
        guard count > 0 else {
            isClosed = true
            return false
        }
        output.append(contentsOf: buffer[..<count])
        return true
    }

    /// Reads until `condition` holds of the output or the time is over.
    func read(until condition: ([UInt8]) -> Bool, seconds: Double) -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while !condition(output) {
            guard ContinuousClock.now < end, !isClosed else { return condition(output) }
            _ = read(within: 50)
        }
        return true
    }

    /// Forgets the output so far.
    func forget() { output.removeAll(keepingCapacity: true) }

    /// Waits for the end.
    /// - Returns: the exit status and the largest resident memory in bytes.
    func wait() -> (status: Int32, peakBytes: Int) {
        var status: Int32 = 0
        var usage = rusage()
        while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
        let exitStatus = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        return (exitStatus, usage.ru_maxrss * 1024)
    }

    func kill() { _ = Foundation.kill(process, SIGKILL) }
}

/// Whether a text stands somewhere in bytes.
func contains(_ bytes: [UInt8], _ text: String) -> Bool { Data(bytes).range(of: Data(text.utf8)) != nil }
