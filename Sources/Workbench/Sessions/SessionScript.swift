import Terminal

/// A user made of text: what is pressed, what is waited for, which moments get a name.
///
/// One step a line; blank lines and lines that start with `#` say nothing.
///
///     title Finding mislabelled digits
///     size 100x30
///     press n            # one or more keys by name
///     type diva          # the rest of the line, character by character
///     wait refit ✓       # until the screen shows the rest of the line; at most 120 s
///     pause 1.5          # seconds
///     bookmark started
///
/// Sessions that ship are made from such scripts (`sessions/*.script`), so that they can be made anew when screens change.
public struct SessionScript: Sendable, Equatable {
    public enum Step: Sendable, Equatable {
        case press(KeyPress)
        case type(String)
        case wait(String)
        /// Seconds.
        case pause(Double)
        case bookmark(String)
        case resize(Size)
    }

    public var title = ""
    /// The terminal's size at the start.
    public var size = Size(width: 100, height: 30)
    /// Each with its line, for what is said when it cannot be done.
    public var steps: [(line: Int, step: Step)] = []
    public let file: String

    public static func == (left: SessionScript, right: SessionScript) -> Bool {
        left.title == right.title && left.size == right.size && left.steps.map(\.step) == right.steps.map(\.step)
    }

    /// - Throws: `SessionError` with file and line.
    public init(text: String, file: String) throws(SessionError) {
        self.file = file
        for (number, content) in zip(1..., text.split(separator: "\n", omittingEmptySubsequences: false)) {
            let line = content.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
            let words = line.split(separator: " ", maxSplits: 1)
            guard let verb = words.first else { continue }
            let rest = words.count > 1 ? String(words[1]).trimmedAtEnds : ""
            switch verb {
            case "title": title = rest
            case "size":
                guard case .resize(let size)? = InputEvent("resize:" + rest) else {
                    throw SessionError(file: file, line: number, "“\(rest)” is no size; give columns x rows, such as 100x30")
                }
                if steps.isEmpty { self.size = size } else { steps.append((number, .resize(size))) }
            case "press":
                for name in rest.split(separator: " ") {
                    guard let key = KeyPress(String(name)) else { throw SessionError(file: file, line: number, "there is no key “\(name)”") }
                    steps.append((number, .press(key)))
                }
            case "type": steps.append((number, .type(rest)))
            case "wait":
                guard !rest.isEmpty else { throw SessionError(file: file, line: number, "wait needs the text that the screen will show") }
                steps.append((number, .wait(rest)))
            case "pause":
                guard let seconds = Double(rest), seconds >= 0, seconds <= 3600 else {
                    throw SessionError(file: file, line: number, "“\(rest)” is no number of seconds from 0 to 3600")
                }
                steps.append((number, .pause(seconds)))
            case "bookmark": steps.append((number, .bookmark(rest)))
            default: throw SessionError(file: file, line: number, "“\(verb)” is no step; there are title, size, press, type, wait, pause, bookmark")
            }
        }
    }
}

extension String {
    fileprivate var trimmedAtEnds: String {
        var text = Substring(self)
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
