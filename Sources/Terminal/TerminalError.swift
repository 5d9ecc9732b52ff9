/// Why a terminal cannot be used: one sentence with what to do.
public enum TerminalError: Error, Equatable, CustomStringConvertible {
    /// Standard output (or input, with no controlling terminal) is a file or a pipe.
    case notATerminal
    /// `TERM` is not set, or `dumb`.
    case noScreen(term: String?)
    /// terminfo does not describe `TERM`.
    case unknownTerminal(term: String)
    /// The description lacks something without which no screen can be drawn.
    case incapable(term: String, missing: String)
    /// The operating system refused.
    case system(doing: String, reason: String)

    public var description: String {
        switch self {
        case .notATerminal:
            "The workbench needs a terminal, and this is a file or a pipe: start it in a terminal, or use the commands that need none (`lathe run …`, `lathe show …`)."
        case .noScreen(let term):
            "The workbench cannot draw on a terminal whose TERM is \(term.map { "“\($0.printable)”" } ?? "not set"): set TERM to what the terminal is (often xterm-256color), or use the commands that need no screen (`lathe run …`)."
        case .unknownTerminal(let term):
            "The terminal description of TERM “\(term.printable)” is not installed here: install it (Debian: ncurses-term) or set TERM to a known one such as xterm-256color."
        case .incapable(let term, let missing):
            "The terminal “\(term.printable)” cannot \(missing), which the workbench needs: set TERM to what the terminal really is, or use the commands that need no screen (`lathe run …`)."
        case .system(let doing, let reason):
            "The terminal refused while \(doing): \(reason)."
        }
    }
}
