/// The control sequences that carry text from the program. The only places where text meets escape codes, so each cleans it.
package enum ControlSequence {
    /// Beyond this, in bytes, terminals drop what is sent to the clipboard (xterm and tmux take about 75 kB of base64).
    package static let longestClipboardText = 50_000
    /// Titles and notifications are cut to this.
    private static let longestMessage = 200

    /// OSC 52: sets the clipboard. Nil where the text is too long.
    package static func copy(_ text: String) -> String? {
        guard text.utf8.count <= longestClipboardText else { return nil }
        return "\u{1B}]52;c;\(base64(Array(text.utf8)))\u{07}"
    }

    /// How a terminal shows a notification of the desktop.
    package enum Notification: Sendable, Equatable {
        /// OSC 9, of iTerm2, Windows Terminal, kitty, WezTerm, Ghostty, foot: a text.
        case text
        /// OSC 777, of rxvt and terminals on VTE: a title and a text.
        case titled
        /// OSC 9 through tmux, which else keeps it to itself (`allow-passthrough on`).
        case throughTmux

        package init(environment: [String: String]) {
            let name = environment["TERM"] ?? ""
            let isTmux = environment["TMUX"].map { !$0.isEmpty } ?? false
            self = isTmux ? .throughTmux : name.hasPrefix("rxvt") || environment["VTE_VERSION"] != nil ? .titled : .text
        }
    }

    /// A notification of the desktop.
    package static func notify(_ message: String, by way: Notification = .text) -> String {
        let text = message.printable.clipped(to: longestMessage)
        // A leading digit would make it one of ConEmu's commands.
        let plain = "\u{1B}]9;\(message.first?.isNumber == true ? " " : "")\(text)\u{07}"
        return switch way {
        case .text: plain
        // A semicolon would end the text.
        case .titled: "\u{1B}]777;notify;Lathe;\(text.replacing(";", with: ","))\u{07}"
        case .throughTmux: "\u{1B}Ptmux;\(plain.replacing("\u{1B}", with: "\u{1B}\u{1B}"))\u{1B}\\"
        }
    }

    /// OSC 2: the title of the window.
    package static func title(_ title: String) -> String { "\u{1B}]2;\(title.printable.clipped(to: longestMessage))\u{07}" }

    /// Keeps the present title, and brings it back (xterm's window operations 22 and 23).
    package static let saveTitle = "\u{1B}[22;2t"
    package static let restoreTitle = "\u{1B}[23;2t"
    package static let bell = "\u{07}"

    /// Mouse: presses, releases and drags, in the SGR form where the terminal knows it.
    package static let enableMouse = "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h"
    package static let disableMouse = "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l"
    package static let enablePasteAndFocus = "\u{1B}[?2004h\u{1B}[?1004h"
    package static let disablePasteAndFocus = "\u{1B}[?1004l\u{1B}[?2004l"
    package static let beginFrame = "\u{1B}[?2026h"
    package static let endFrame = "\u{1B}[?2026l"
    /// Ends whatever sequence or string was cut off: CAN, then ST.
    package static let cancel = "\u{18}\u{1B}\\"

    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func base64(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                result.append(place <= group.count ? digits[Int(bits >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension String {
    /// The text as a terminal may show it, on one line: control characters and line ends are `·`, invisible format
    /// characters (bidirectional overrides, zero-width spaces) are gone.
    public var printable: String {
        var result = ""
        forEachGlyph { glyph in
            guard glyph.width > 0 else { return true }
            if let cluster = glyph.cluster {
                result.append(cluster)
            } else if let scalar = Unicode.Scalar(glyph.scalar) {
                result.unicodeScalars.append(scalar)
            }
            return true
        }
        return result
    }
}
