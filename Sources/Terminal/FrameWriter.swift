import CTerminal
import Dispatch
import Synchronization

/// Sends frames to a terminal from a queue of its own, so that a slow terminal keeps nobody waiting: while one frame is
/// on its way, newer ones replace each other, and the newest is compared with what was really sent.
final class FrameWriter: Sendable {
    /// What waits to be sent.
    private struct Mailbox {
        var frame: Frame?
        /// Sequences besides frames, sent before the frame.
        var control: [UInt8] = []
        var isScheduled = false
        /// What the screen shows is not known any more.
        var isInvalid = false
        /// The terminal is gone: nothing is sent any more.
        var isBroken = false
    }

    /// What was sent; only the queue uses it.
    private struct Sent {
        var encoder: ANSIEncoder
        var grid: CellGrid?
        var cursor: Frame.Position?
        var isCursorShown = false
    }

    private let fd: Int32
    private let capabilities: TerminalCapabilities
    private let mailbox = Mutex(Mailbox())
    private let sent: Mutex<Sent>
    private let isCancelled = Atomic<Bool>(false)
    private let queue = DispatchQueue(label: "lathe.terminal.output", qos: .userInteractive)

    /// Sequences that pile up beyond this before a stuck terminal are dropped.
    private static let longestControl = 1 << 20

    init(fd: Int32, depth: ColorDepth, capabilities: TerminalCapabilities) {
        self.fd = fd
        self.capabilities = capabilities
        sent = Mutex(Sent(encoder: ANSIEncoder(depth: depth, capabilities: capabilities)))
    }

    func present(_ frame: Frame) {
        post { $0.frame = frame }
    }

    func send(_ control: String) {
        post { if $0.control.count < Self.longestControl { $0.control += control.utf8 } }
    }

    /// The next frame is sent whole.
    func invalidate() {
        mailbox.withLock { $0.isInvalid = true }
    }

    /// Waits until everything is sent, at most `milliseconds`; then gives the rest up. Afterwards the writer may be used again.
    func drain(milliseconds: Int) {
        let done = DispatchSemaphore(value: 0)
        queue.async { done.signal() }
        if done.wait(timeout: .now() + .milliseconds(milliseconds)) == .timedOut {
            isCancelled.store(true, ordering: .releasing)
            _ = done.wait(timeout: .now() + .milliseconds(500))
            isCancelled.store(false, ordering: .releasing)
        }
        mailbox.withLock {
            $0.frame = nil
            $0.control = []
            $0.isInvalid = true
        }
    }

    /// Sends at once from the calling thread, at most `milliseconds`; only when drained.
    func sendNow(_ control: String, milliseconds: Int) {
        _ = write(Array(control.utf8), patience: milliseconds)
    }

    private func post(_ change: (inout Mailbox) -> Void) {
        let mustSchedule = mailbox.withLock { box in
            guard !box.isBroken else { return false }
            change(&box)
            defer { box.isScheduled = true }
            return !box.isScheduled
        }
        if mustSchedule { queue.async { self.sendAll() } }
    }

    private func sendAll() {
        while true {
            let next: Mailbox? = mailbox.withLock { box in
                guard box.frame != nil || !box.control.isEmpty, !isCancelled.load(ordering: .acquiring) else {
                    box.isScheduled = false
                    return nil
                }
                let taken = box
                box.frame = nil
                box.control = []
                box.isInvalid = false
                return taken
            }
            guard let next else { return }
            let isComplete = sent.withLock { sent in
                if next.isInvalid { sent.grid = nil }
                let bytes = next.control + (next.frame.map { encode($0, &sent) } ?? [])
                if bytes.isEmpty || write(bytes, patience: nil) { return true }
                sent.grid = nil
                return false
            }
            if !isComplete {
                mailbox.withLock {
                    $0.isScheduled = false
                    $0.isInvalid = true
                }
                return
            }
        }
    }

    /// The bytes that turn what was sent into the frame.
    private func encode(_ frame: Frame, _ sent: inout Sent) -> [UInt8] {
        let cells = sent.encoder.encodeBytes(frame.grid, after: sent.grid)
        let isFirst = sent.grid == nil
        sent.grid = frame.grid
        let cursor = frame.cursor.flatMap { frame.grid.bounds.contains(x: $0.x, y: $0.y) ? $0 : nil }
        guard !cells.isEmpty || isFirst || cursor != sent.cursor else { return [] }

        var bytes: [UInt8] = []
        bytes.reserveCapacity(cells.count + 64)
        if capabilities.hasSynchronizedOutput { bytes += ControlSequence.beginFrame.utf8 }
        if sent.isCursorShown || isFirst { bytes += capabilities.hideCursor.utf8 }
        bytes += cells
        if let cursor {
            bytes += "\u{1B}[\(cursor.y + 1);\(cursor.x + 1)H".utf8
            bytes += capabilities.showCursor.utf8
        }
        sent.cursor = cursor
        sent.isCursorShown = cursor != nil
        if capabilities.hasSynchronizedOutput { bytes += ControlSequence.endFrame.utf8 }
        return bytes
    }

    /// Writes all, waiting for the terminal in short steps. False where it was given up or the terminal is gone.
    /// - Parameter patience: milliseconds of waiting in all; nil waits until cancelled.
    private func write(_ bytes: [UInt8], patience: Int?) -> Bool {
        var done = 0
        var waited = 0
        let step = 50
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { lathe_terminal_write(fd, $0.baseAddress, $0.count) }
            if count < 0 {
                mailbox.withLock { $0.isBroken = true }
                return false
            }
            done += count
            guard count == 0 else { continue }
            if isCancelled.load(ordering: .acquiring) || patience.map({ waited >= $0 }) ?? false { return false }
            _ = lathe_terminal_wait(fd, 1, Int32(step))
            waited += step
        }
        return true
    }
}
