import CCrash
import CTerminal
import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The real terminal.
///
/// ncurses' terminfo says what the terminal is; drawing is our own, because ncurses knows no 24-bit colour under the
/// usual descriptions, no frames that appear at once, and waits for slow terminals. Frames are compared with what was
/// sent before, and only the difference is sent, from a queue of its own.
///
/// The terminal is given back after any end of the process: `stop()`, `exit`, signals that ask (the second one at once)
/// and crashes. One driver a process may be started at a time.
@MainActor public final class NcursesDriver: TerminalDriver {
    public private(set) var size: Size
    public let colorDepth: ColorDepth
    public var isUnicode: Bool { capabilities.isUnicode }
    public private(set) var hasMoreEvents = false
    public var onEvent: ((InputEvent) -> Void)?
    public var onTermination: ((Int32) -> Void)?
    public var isMouseEnabled: Bool {
        didSet {
            guard isMouseEnabled != oldValue, isRunning else { return }
            writer.send(isMouseEnabled ? ControlSequence.enableMouse : ControlSequence.disableMouse)
        }
    }

    private let capabilities: TerminalCapabilities
    private let notification: ControlSequence.Notification
    private let inputDescriptor: Int32
    private let outputDescriptor: Int32
    private let writer: FrameWriter
    private var decoder: InputDecoder
    private var inputSource: (any DispatchSourceRead)?
    private var signalSource: (any DispatchSourceRead)?
    private var isRunning = false
    /// The title that the program set; nil leaves the window's own.
    private var title: String?
    /// Counts reads, so that a flush that was set up before newer bytes does nothing.
    private var readCount = 0
    private var lastResume: ContinuousClock.Instant?

    /// Looks at the terminal of the process without changing it.
    /// - Parameters:
    ///   - color: what `--color` says.
    ///   - mouse: whether the mouse reports to the program (`--no-mouse`).
    /// - Throws: `TerminalError` where standard output is no terminal or one that cannot be drawn on.
    public convenience init(color: ColorDepth.Option = .auto, mouse: Bool = true) throws(TerminalError) {
        // Standard input may be a pipe (`xargs`): the keyboard is the controlling terminal then.
        var keyboard = isatty(STDIN_FILENO) == 1 ? STDIN_FILENO : -1
        if keyboard < 0 { keyboard = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY) }
        try self.init(color: color, mouse: mouse, input: keyboard, output: STDOUT_FILENO, environment: Self.processEnvironment)
    }

    /// As above, on any terminal.
    package init(color: ColorDepth.Option, mouse: Bool, input: Int32, output: Int32,
                 environment: [String: String]) throws(TerminalError) {
        guard isatty(output) == 1, isatty(input) == 1 else { throw .notATerminal }
        notification = ControlSequence.Notification(environment: environment)
        capabilities = try TerminalCapabilities.load(term: environment["TERM"], fd: output, environment: environment)
        colorDepth = ColorDepth.resolve(color, environment: environment, terminalColors: capabilities.colors)
        isMouseEnabled = mouse

        inputDescriptor = lathe_terminal_open(input)
        outputDescriptor = lathe_terminal_open(output)
        guard inputDescriptor >= 0, outputDescriptor >= 0 else { throw .system(doing: "opening it", reason: Self.systemReason) }
        guard lathe_terminal_remember(inputDescriptor) == 0 else {
            throw .system(doing: "reading its modes", reason: Self.systemReason)
        }
        let erase = lathe_terminal_erase_character()
        decoder = InputDecoder(eraseByte: erase > 0 ? UInt8(truncatingIfNeeded: erase) : nil, keys: capabilities.keys)
        writer = FrameWriter(fd: outputDescriptor, depth: colorDepth, capabilities: capabilities)
        size = Self.currentSize(outputDescriptor, environment)
    }

    private static var processEnvironment: [String: String] {
        ["TERM", "COLORTERM", "NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG", "COLUMNS", "LINES"].reduce(into: [:]) { result, name in
            if let value = getenv(name) { result[name] = String(cString: value) }
        }
    }

    private static var systemReason: String { String(cString: strerror(errno)) }

    /// What the terminal says, else the environment, else 80x24.
    private static func currentSize(_ fd: Int32, _ environment: [String: String]) -> Size {
        let answer = lathe_terminal_size(fd)
        let width = answer >> 16, height = answer & 0xFFFF
        let fallback = Size(width: Int(environment["COLUMNS"] ?? "") ?? 80, height: Int(environment["LINES"] ?? "") ?? 24)
        return Size(width: min(width > 0 ? width : fallback.width, Size.largestSide),
                    height: min(height > 0 ? height : fallback.height, Size.largestSide))
    }

    // MARK: Taking over and giving back

    public func start() throws {
        guard !isRunning else { return }
        let signals = lathe_terminal_catch_signals()
        guard signals >= 0 else { throw TerminalError.system(doing: "catching signals", reason: Self.systemReason) }
        guard enter() else { throw TerminalError.system(doing: "setting its modes", reason: Self.systemReason) }
        let input = DispatchSource.makeReadSource(fileDescriptor: inputDescriptor, queue: .main)
        input.setEventHandler { [weak self] in MainActor.assumeIsolated { self?.readInput() } }
        input.activate()
        inputSource = input
        let signal = DispatchSource.makeReadSource(fileDescriptor: signals, queue: .main)
        signal.setEventHandler { [weak self] in MainActor.assumeIsolated { self?.readSignals(signals) } }
        signal.activate()
        signalSource = signal
        refreshSize()
    }

    public func stop() {
        guard isRunning else { return }
        inputSource?.cancel()
        signalSource?.cancel()
        inputSource = nil
        signalSource = nil
        leave()
    }

    /// Everything that giving the terminal back takes; also what a crash writes.
    private var restoringSequence: String {
        ControlSequence.cancel + (capabilities.hasSynchronizedOutput ? ControlSequence.endFrame : "")
            + "\u{1B}[0m" + ControlSequence.disableMouse + ControlSequence.disablePasteAndFocus
            + capabilities.enableWrap + capabilities.leaveKeypad + capabilities.showCursor
            + (title == nil ? "" : ControlSequence.restoreTitle) + capabilities.leaveScreen
    }

    private func arm() {
        _ = Array(restoringSequence.utf8).withUnsafeBytes {
            lathe_terminal_arm(outputDescriptor, $0.baseAddress, Int32(clamping: $0.count))
        }
    }

    private func enter() -> Bool {
        arm()
        guard lathe_terminal_set_raw(inputDescriptor) == 0 else {
            lathe_terminal_disarm()
            return false
        }
        isRunning = true
        lathe_terminal_hold_standard_error(outputDescriptor)
        writer.invalidate()
        writer.send((title.map { ControlSequence.saveTitle + ControlSequence.title($0) } ?? "") + capabilities.enterScreen + capabilities.enterKeypad
            + capabilities.disableWrap + capabilities.hideCursor + ControlSequence.enablePasteAndFocus
            + (isMouseEnabled ? ControlSequence.enableMouse : ""))
        return true
    }

    private func leave() {
        // A terminal that takes nothing delays the end by this at most.
        writer.drain(milliseconds: 300)
        writer.sendNow(restoringSequence, milliseconds: 300)
        _ = lathe_terminal_set_remembered(inputDescriptor)
        lathe_terminal_disarm()
        lathe_terminal_release_standard_error()
        isRunning = false
    }

    public func suspend() {
        guard isRunning else { return }
        onEvent?(.suspended)
        guard isRunning else { return }
        leave()
        lathe_terminal_stop_process_group()
        resume()
    }

    /// Takes the terminal over again after a stop.
    private func resume() {
        lastResume = .now
        // The shell may have changed what the modes are now; ours to go back to stay those of the start.
        guard enter() else {
            onTermination?(SIGHUP)
            return
        }
        size = Self.currentSize(outputDescriptor, [:])
        onEvent?(.resumed)
    }

    // MARK: Coming in

    private func deliver(_ events: [InputEvent]) {
        for (index, event) in events.enumerated() where isRunning {
            hasMoreEvents = index + 1 < events.count
            onEvent?(event)
        }
        hasMoreEvents = false
    }

    /// Reads what the keyboard sent. At most some thousand bytes at a time: a long paste leaves room for signals.
    private func readInput() {
        lathe_crash_protect_thread()
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = bytes.withUnsafeMutableBytes { lathe_terminal_read(inputDescriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else {
            // The terminal is gone. Its SIGHUP may come too; the first of them ends the program.
            inputSource?.cancel()
            inputSource = nil
            onTermination?(SIGHUP)
            return
        }
        readCount += 1
        if count > 0 { deliver(decoder.decode(Array(bytes[..<count]))) }
        guard let timeout = decoder.timeout else { return }
        let expected = readCount
        DispatchQueue.main.asyncAfter(deadline: .now() + timeout.timeInterval) { [weak self] in
            MainActor.assumeIsolated { self?.flush(ifReadCountIs: expected) }
        }
    }

    private func flush(ifReadCountIs expected: Int) {
        guard isRunning, readCount == expected else { return }
        // On a busy machine the rest of the sequence may be here, only not read yet.
        if lathe_terminal_wait(inputDescriptor, 0, 0) == 1 {
            readInput()
        } else {
            deliver(decoder.flush())
        }
    }

    private func readSignals(_ fd: Int32) {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = bytes.withUnsafeMutableBytes { lathe_terminal_read(fd, $0.baseAddress, $0.count) }
        guard count > 0 else { return }
        let signals = Set(bytes[..<count].map(Int32.init))
        if signals.contains(SIGCONT), isRunning, lastResume.map({ .now - $0 > .milliseconds(300) }) ?? true {
            // Stopped from outside (SIGSTOP): the shell had the terminal in between.
            resume()
        }
        if signals.contains(SIGWINCH) { refreshSize() }
        if signals.contains(SIGTSTP) { suspend() }
        if signals.contains(SIGINT) {
            lathe_terminal_answered()
            deliver([.key("ctrl-c")])
        }
        for signal in [SIGTERM, SIGHUP] where signals.contains(signal) { onTermination?(signal) }
    }

    /// A storm of resizes is one here: all signals that came since the last look are read together.
    private func refreshSize() {
        let new = Self.currentSize(outputDescriptor, ["COLUMNS": "\(size.width)", "LINES": "\(size.height)"])
        guard new != size else { return }
        size = new
        writer.invalidate()
        deliver([.resize(new)])
    }

    // MARK: Going out

    public func present(_ frame: Frame) {
        guard isRunning else { return }
        writer.present(frame)
    }

    public func invalidate() { writer.invalidate() }

    @discardableResult public func copy(_ text: String) -> Bool {
        guard isRunning, capabilities.hasSystemCommands, let sequence = ControlSequence.copy(text) else { return false }
        writer.send(sequence)
        return true
    }

    public func notify(_ message: String) {
        guard isRunning, capabilities.hasSystemCommands else { return }
        writer.send(ControlSequence.notify(message, by: notification))
    }

    public func ringBell() {
        guard isRunning else { return }
        writer.send(ControlSequence.bell)
    }

    public func setTitle(_ title: String) {
        guard isRunning, capabilities.hasSystemCommands else { return }
        if self.title == nil { writer.send(ControlSequence.saveTitle) }
        self.title = title
        arm()
        writer.send(ControlSequence.title(title))
    }
}
