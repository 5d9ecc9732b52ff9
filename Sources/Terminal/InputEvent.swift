/// What a user does to the screen: the only way into the program besides data. Sessions record exactly these.
///
/// Each has one line of text, which is also how it is coded in JSON (a single string):
/// a key as its name (`ctrl-c`, `enter`, `j`), `paste:some text`, `mouse:press-left@12,3`, `resize:80x24`,
/// `focus:in`, `focus:out`, `suspended`, `resumed`.
public enum InputEvent: Hashable, Sendable, LosslessStringConvertible {
    case key(KeyPress)
    /// Text from the clipboard, as one piece; line ends are `\n`. It may hold control characters: it is text, not keys.
    case paste(String)
    case mouse(MouseEvent)
    /// The terminal has a new size.
    case resize(Size)
    /// The terminal's window got (true) or lost the keyboard.
    case focus(Bool)
    /// The program is about to be stopped by job control.
    case suspended
    /// The program goes on after a stop; the whole screen is drawn afresh.
    case resumed

    public var description: String {
        switch self {
        case .key(let key): key.description
        case .paste(let text): "paste:" + text
        case .mouse(let event): "mouse:\(event)"
        case .resize(let size): "resize:\(size.width)x\(size.height)"
        case .focus(let isIn): isIn ? "focus:in" : "focus:out"
        case .suspended: "suspended"
        case .resumed: "resumed"
        }
    }

    /// Reads the text form; nil where it is none. Total: any text is safe.
    public init?(_ text: String) {
        switch text {
        case "suspended": self = .suspended
        case "resumed": self = .resumed
        case "focus:in": self = .focus(true)
        case "focus:out": self = .focus(false)
        default:
            if let rest = text.after(prefix: "paste:") {
                self = .paste(String(rest))
            } else if let rest = text.after(prefix: "mouse:") {
                guard let event = MouseEvent(String(rest)) else { return nil }
                self = .mouse(event)
            } else if let rest = text.after(prefix: "resize:") {
                let sides = rest.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
                guard sides.count == 2, let width = sides[0], let height = sides[1],
                      let size = Size(validWidth: width, height: height) else { return nil }
                self = .resize(size)
            } else {
                guard let key = KeyPress(text) else { return nil }
                self = .key(key)
            }
        }
    }
}

extension InputEvent: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let event = InputEvent(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "“\(text)” is no input event")
        }
        self = event
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Size {
    /// The largest width or height of a screen that is believed: what a file or a terminal claims beyond it is refused.
    public static let largestSide = 1_000

    /// A size from outside; nil unless both sides are in 0 … `largestSide`.
    init?(validWidth width: Int, height: Int) {
        guard (0...Self.largestSide).contains(width), (0...Self.largestSide).contains(height) else { return nil }
        self.init(width: width, height: height)
    }
}
