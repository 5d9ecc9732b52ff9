/// A screen with a keyboard: the ncurses driver for a real terminal, the in-memory driver for tests and replays.
///
/// Between `start()` and `stop()` events come in through `onEvent`, on the main actor and in order, and frames go out
/// through `present(_:)`. A driver copes with every size, 0 x 0 included.
@MainActor public protocol TerminalDriver: AnyObject {
    /// The present size in cells.
    var size: Size { get }
    /// What the screen can show; a theme picks shades and glyphs by it.
    var colorDepth: ColorDepth { get }
    /// Whether the screen can show more than ASCII; otherwise charts use ASCII glyphs and frames become `+`, `-` and `|`.
    var isUnicode: Bool { get }
    /// True while `onEvent` is called and more events of the same moment follow: drawing can wait for the last of them.
    var hasMoreEvents: Bool { get }
    /// Receives everything that the user does.
    var onEvent: ((InputEvent) -> Void)? { get set }
    /// Receives the signal (SIGTERM, SIGHUP) that asks the program to end. SIGINT comes as the key `ctrl-c`.
    var onTermination: ((Int32) -> Void)? { get set }
    /// Whether the mouse reports to the program; off leaves it to the terminal's own selection.
    var isMouseEnabled: Bool { get set }

    /// Takes the terminal over.
    /// - Throws: `TerminalError` where there is none or it cannot do what is needed.
    func start() throws
    /// Gives the terminal back as it was. May be called more than once.
    func stop()
    /// Shows a frame. Returns at once: the newest frame wins where the terminal is slower than the program.
    func present(_ frame: Frame)
    /// Forgets what the screen shows, so that the next frame is sent whole (`ctrl-l`; multiplexers lose cells).
    func invalidate()
    /// Stops the program by job control (`ctrl-z`) and takes the terminal over again when it goes on: `suspended`, then `resumed`.
    func suspend()

    /// Puts text on the user's clipboard through the terminal (OSC 52), across ssh too.
    /// - Returns: false where the text is too long for that; write a file then.
    @discardableResult func copy(_ text: String) -> Bool
    /// Shows a notification of the desktop (OSC 9), where the terminal knows how.
    func notify(_ message: String)
    func ringBell()
    /// Sets the title of the terminal's window.
    func setTitle(_ title: String)
}
