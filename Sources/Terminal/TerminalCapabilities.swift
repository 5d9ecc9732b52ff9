/// What a terminal can do and the strings that make it do so: read from terminfo for a real one, `ansi` for exports.
package struct TerminalCapabilities: Sendable {
    /// `colors` of the description; 0 for none.
    package var colors = 0
    package var attributes: Style.Attributes = [.bold, .dim, .italic, .underline, .reverse]
    /// Alternate screen on, and off with everything as before.
    package var enterScreen = "\u{1B}[?1049h"
    package var leaveScreen = "\u{1B}[?1049l"
    package var hideCursor = "\u{1B}[?25l"
    package var showCursor = "\u{1B}[?25h"
    /// Keys send what the description says.
    package var enterKeypad = ""
    package var leaveKeypad = ""
    /// Whether a cursor at the right rim moves to the next row: off while the screen is up.
    package var disableWrap = ""
    package var enableWrap = ""
    /// Erases from the cursor to the end of the row, in the colours that are set.
    package var canEraseToEnd = true
    /// Frames appear at once (mode 2026).
    package var hasSynchronizedOutput = false
    /// Understands operating-system commands (title, clipboard, notification). The Linux console prints them.
    package var hasSystemCommands = true
    /// Shows Unicode; otherwise frames and charts are drawn with ASCII.
    package var isUnicode = true
    /// What keys send, beyond what the decoder knows.
    package var keys: [(sequence: [UInt8], key: KeyPress)] = []

    /// The common ground of all ANSI terminals, in which exports are written.
    package static let ansi = TerminalCapabilities()
}
