/// The control sequences that carry text from the program: the only places where text meets escape codes, so each cleans it.
package enum ControlSequence {
    /// Beyond this terminals drop what is sent to the clipboard (xterm and tmux take about 75 kB of base64).
    package static let longestClipboardText = 50_000
}

extension String {
    /// The text with everything that could steer a terminal replaced by `·`, on one line.
    public var printable: String {
        var result = ""
        for scalar in unicodeScalars {
            result.unicodeScalars.append(scalar.value < 32 || (127..<160).contains(scalar.value) ? "·" : scalar)
        }
        return result
    }
}
