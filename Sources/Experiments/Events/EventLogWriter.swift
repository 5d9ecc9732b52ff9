import Foundation
import Synchronization
#if canImport(Glibc)
import Glibc
#endif

/// What goes wrong with an event log: one sentence with the file.
public struct EventLogError: Error, CustomStringConvertible, Sendable, Equatable {
    public var description: String
    public init(_ sentence: String) { description = sentence }
}

/// The first line of a log: whose events these are.
public struct EventLogHeader: Sendable, Equatable {
    /// The run's identifier, the same in the log and in every store that imports it.
    public var run: String
    public var study: String?
    public var host: String

    public init(run: String, study: String? = nil, host: String = RunOwner.current.host) {
        self.run = run
        self.study = study
        self.host = host
    }

    var line: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("v", RunEvent.version)
        writer.member("kind", "log")
        writer.member("run", run)
        if let study { writer.member("study", study) }
        writer.member("host", host)
        writer.endObject()
        return writer.text
    }
}

/// Writes a run's events to a file of JSON lines, only ever at its end.
///
/// Lines reach the kernel with each call, so a killed process loses none of them; they reach the disk at most a second later,
/// so a power cut loses at most that second. One writer at a time: a second one on the same file is refused. A last line that
/// an earlier writer left torn is closed and stays; readers name it and go on.
public final class EventLogWriter: Sendable {
    private struct State {
        var lastSynchronized: ContinuousClock.Instant
        var isDirty = false
        var lastLine: ContinuousClock.Instant
        /// A line was cut by an error: the next one begins on a line of its own.
        var isTorn = false
    }

    public let location: URL?
    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private let state: Mutex<State>

    /// Opens or makes the log (0600) and writes the header where the file is empty.
    /// - Throws: `EventLogError`.
    public init(at location: URL, header: EventLogHeader) throws {
        let path = location.path
        self.location = location
        descriptor = open(path, O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw EventLogError("event log \(path): it cannot be opened for writing (\(String(cString: strerror(errno)))); name another file")
        }
        ownsDescriptor = true
        state = Mutex(State(lastSynchronized: .now, lastLine: .now))
        // Some network file systems know no locks: there the one writer is a promise of whoever starts the runs.
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            Glibc.close(descriptor)
            throw EventLogError("event log \(path): another process is writing it; name another file")
        }
        let size = lseek(descriptor, 0, SEEK_END)
        var last: UInt8 = 0x0A
        if size > 0, pread(descriptor, &last, 1, size - 1) == 1, last != 0x0A { try writeAll([0x0A]) }
        if size <= 0 { try writeAll(Array("\(header.line)\n".utf8)) }
    }

    /// Writes to standard output, for `--events -`.
    public init(standardOutput header: EventLogHeader) throws {
        location = nil
        descriptor = STDOUT_FILENO
        ownsDescriptor = false
        state = Mutex(State(lastSynchronized: .now, lastLine: .now))
        try writeAll(Array("\(header.line)\n".utf8))
    }

    deinit { if ownsDescriptor { Glibc.close(descriptor) } }

    /// Appends events, whole lines only.
    /// - Throws: `EventLogError`, for instance when the disk is full; what was written before stays.
    public func append(_ events: [RunEvent]) throws {
        guard !events.isEmpty else { return }
        var bytes: [UInt8] = state.withLock { $0.isTorn } ? [0x0A] : []
        for event in events {
            bytes += event.jsonBytes
            bytes.append(0x0A)
        }
        try writeAll(bytes)
    }

    /// Call it now and then, at least once a second: brings lines to the disk and, after ten quiet seconds, writes a line that
    /// says that the run lives.
    public func tick() throws {
        let (isQuiet, isDue) = state.withLock { state in
            (state.lastLine.duration(to: .now) > .seconds(10), state.isDirty && state.lastSynchronized.duration(to: .now) > .milliseconds(800))
        }
        if isQuiet {
            var writer = JSONWriter()
            writer.beginObject()
            writer.member("v", RunEvent.version)
            writer.member("kind", "heartbeat")
            writer.member("t", Date().timeIntervalSince1970)
            writer.endObject()
            try writeAll(writer.bytes + [0x0A])
        }
        if isDue { synchronize() }
    }

    /// Brings everything to the disk.
    public func synchronize() {
        guard ownsDescriptor else { return }
        fdatasync(descriptor)
        state.withLock { state in
            state.lastSynchronized = .now
            state.isDirty = false
        }
    }

    private func writeAll(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let written = bytes[start...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                if start > 0 { state.withLock { $0.isTorn = true } }
                let reason = errno == ENOSPC ? "the disk is full; free some room" : errno == EDQUOT ? "your quota is used up; free some room" : String(cString: strerror(errno))
                throw EventLogError("event log \(location?.path ?? "standard output"): writing failed (\(reason))")
            }
            start += written
        }
        state.withLock { state in
            state.isDirty = true
            state.isTorn = false
            state.lastLine = .now
        }
    }
}
