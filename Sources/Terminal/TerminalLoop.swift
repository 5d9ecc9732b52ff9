import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The life of a program on a terminal: events in, frames out, the main actor free in between.
///
/// After each event (or several that came together) a frame is drawn at once. Data that flow in call `setNeedsRedraw()`, from any thread, as often as
/// they like: at most `framesPerSecond` frames a second come of it. An idle program draws nothing.
///
///     let loop = TerminalLoop(driver: try NcursesDriver())
///     loop.onEvent = { application.handle($0) }
///     loop.onDraw = { size in Frame(application.draw(size)) }
///     try loop.run()
@MainActor public final class TerminalLoop {
    public let driver: any TerminalDriver
    /// Receives every event before the frame that shows its effect.
    public var onEvent: ((InputEvent) -> Void)?
    /// Makes the frame for a size; nil where nothing has changed.
    public var onDraw: ((Size) -> Frame?)?
    /// Asked to end by a signal. Unless set, the loop stops with status 128 + signal.
    public var onTermination: ((Int32) -> Void)?

    private let interval: Duration
    private var lastDraw: ContinuousClock.Instant?
    private var isDrawScheduled = false
    private nonisolated let isRedrawWanted = Atomic<Bool>(false)
    private var endings: [CheckedContinuation<Int32, Never>] = []
    private var exitsProcess = false
    /// The status that `stop(exitStatus:)` gave; nil while the loop runs.
    public private(set) var exitStatus: Int32?

    public init(driver: any TerminalDriver, framesPerSecond: Int = 10) {
        self.driver = driver
        interval = .seconds(1) / max(1, framesPerSecond)
    }

    /// Takes the terminal over and draws the first frame.
    public func start() throws {
        driver.onEvent = { [weak self] event in self?.receive(event) }
        driver.onTermination = { [weak self] signal in
            guard let self else { return }
            if let onTermination { onTermination(signal) } else { stop(exitStatus: 128 &+ signal) }
        }
        try driver.start()
        draw()
    }

    /// Gives the terminal back and ends `run()` or `finished()`.
    public func stop(exitStatus status: Int32 = 0) {
        guard exitStatus == nil else { return }
        exitStatus = status
        driver.stop()
        driver.onEvent = nil
        driver.onTermination = nil
        let waiting = endings
        endings = []
        for ending in waiting { ending.resume(returning: status) }
        if exitsProcess { exit(status) }
    }

    /// Runs until `stop(exitStatus:)`, then ends the process with that status. For a synchronous `main`.
    public func run() throws -> Never {
        try start()
        if let exitStatus { exit(exitStatus) }
        exitsProcess = true
        dispatchMain()
    }

    /// Waits for `stop(exitStatus:)`. For an asynchronous `main`, after `start()`.
    public func finished() async -> Int32 {
        if let exitStatus { return exitStatus }
        return await withCheckedContinuation { endings.append($0) }
    }

    /// Says that data have changed what the screen shows. From any thread, cheap, coalesced.
    public nonisolated func setNeedsRedraw() {
        guard !isRedrawWanted.exchange(true, ordering: .acquiringAndReleasing) else { return }
        DispatchQueue.main.async { MainActor.assumeIsolated { self.scheduleDraw() } }
    }

    /// Asks for a frame after a while: a message that fades, a list that opens late, a spinner's next step.
    public func redraw(after delay: Duration) {
        DispatchQueue.main.asyncAfter(deadline: .now() + delay.timeInterval) {
            MainActor.assumeIsolated { self.setNeedsRedraw() }
        }
    }

    /// Draws now.
    public func draw() {
        guard exitStatus == nil else { return }
        isRedrawWanted.store(false, ordering: .releasing)
        lastDraw = .now
        if let frame = onDraw?(driver.size) { driver.present(frame) }
    }

    private func receive(_ event: InputEvent) {
        guard exitStatus == nil else { return }
        onEvent?(event)
        if event != .suspended, !driver.hasMoreEvents { draw() }
    }

    private func scheduleDraw() {
        guard exitStatus == nil, !isDrawScheduled, isRedrawWanted.load(ordering: .acquiring) else { return }
        let wait = lastDraw.map { interval - (.now - $0) } ?? .zero
        guard wait > .zero else { return draw() }
        isDrawScheduled = true
        DispatchQueue.main.asyncAfter(deadline: .now() + wait.timeInterval) {
            MainActor.assumeIsolated {
                self.isDrawScheduled = false
                if self.isRedrawWanted.load(ordering: .acquiring) { self.draw() }
            }
        }
    }
}

extension Duration {
    /// In seconds.
    var timeInterval: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
