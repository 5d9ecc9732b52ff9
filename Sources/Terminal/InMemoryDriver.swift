/// A screen without a terminal: tests and replays feed it events and read what it shows.
@MainActor public final class InMemoryDriver: TerminalDriver {
    public private(set) var size: Size
    public let colorDepth: ColorDepth
    public let isUnicode: Bool
    public private(set) var hasMoreEvents = false
    public var onEvent: ((InputEvent) -> Void)?
    public var onTermination: ((Int32) -> Void)?
    public var isMouseEnabled = true

    public private(set) var isStarted = false
    /// The last frame presented.
    public private(set) var frame: Frame?
    /// The number of frames presented so far.
    public private(set) var frameCount = 0
    /// What went to the clipboard, oldest first.
    public private(set) var copiedTexts: [String] = []
    public private(set) var notifications: [String] = []
    public private(set) var bellCount = 0
    public private(set) var title = ""

    public init(size: Size, colorDepth: ColorDepth = .trueColor, isUnicode: Bool = true) {
        self.size = size
        self.colorDepth = colorDepth
        self.isUnicode = isUnicode
    }

    /// The last frame's cells; blank before the first.
    public var grid: CellGrid { frame?.grid ?? CellGrid(size) }

    /// Delivers an event as if the user had caused it. A resize changes `size` first.
    public func feed(_ event: InputEvent) {
        if case .resize(let newSize) = event { size = newSize }
        onEvent?(event)
    }

    /// Delivers key presses by name, one after the other.
    public func feed(keys: KeyPress...) {
        for key in keys { feed(.key(key)) }
    }

    /// Delivers events that happened at the same moment, as a fast typist's or a pasted text's do.
    public func feed(together events: [InputEvent]) {
        for (index, event) in events.enumerated() {
            hasMoreEvents = index + 1 < events.count
            feed(event)
        }
    }

    /// Delivers the request to end.
    public func terminate(signal: Int32) { onTermination?(signal) }

    public func start() throws { isStarted = true }
    public func stop() { isStarted = false }

    public func present(_ frame: Frame) {
        self.frame = frame
        frameCount += 1
    }

    public func invalidate() {}

    public func suspend() {
        onEvent?(.suspended)
        onEvent?(.resumed)
    }

    @discardableResult public func copy(_ text: String) -> Bool {
        guard text.utf8.count <= ControlSequence.longestClipboardText else { return false }
        copiedTexts.append(text)
        return true
    }

    public func notify(_ message: String) { notifications.append(message.printable) }
    public func ringBell() { bellCount += 1 }
    public func setTitle(_ title: String) { self.title = title.printable }
}
