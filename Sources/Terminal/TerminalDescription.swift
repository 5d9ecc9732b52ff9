import CNcurses

/// Reading a terminal's description with ncurses' terminfo.
extension TerminalCapabilities {
    /// The capabilities of the terminal type `term`, which `fd` is.
    /// - Throws: `TerminalError` where the type is missing, unknown or cannot place the cursor.
    @MainActor package static func load(term: String?, fd: Int32,
                                        environment: [String: String]) throws(TerminalError) -> TerminalCapabilities {
        guard let term, !term.isEmpty, term != "dumb", term != "unknown" else { throw .noScreen(term: term?.isEmpty == true ? nil : term) }
        // initscr() would end the process where the type is unknown; this only says so.
        guard term.utf8.count < 128, lathe_terminfo_load(term, fd) == 1 else { throw .unknownTerminal(term: term) }
        guard string("cup").flatMap({ format($0, 4, 6) }) == "\u{1B}[5;7H" else {
            throw .incapable(term: term, missing: "place the cursor the ANSI way")
        }
        var result = TerminalCapabilities()
        result.colors = colorCount
        result.attributes = supportedAttributes
        result.enterScreen = string("smcup") ?? ""
        result.leaveScreen = string("rmcup") ?? "\u{1B}[2J\u{1B}[H"
        result.hideCursor = string("civis") ?? ""
        result.showCursor = string("cnorm") ?? ""
        result.enterKeypad = string("smkx") ?? ""
        result.leaveKeypad = string("rmkx") ?? ""
        result.disableWrap = string("rmam") ?? "\u{1B}[?7l"
        result.enableWrap = string("smam") ?? "\u{1B}[?7h"
        result.canEraseToEnd = string("el") == "\u{1B}[K"
        let isConsole = ["linux", "vt", "cons", "sun", "ansi"].contains { term.hasPrefix($0) }
        result.hasSystemCommands = !isConsole
        result.hasSynchronizedOutput = !isConsole && !term.hasPrefix("screen")
        result.isUnicode = isUnicode(environment)
        result.keys = describedKeys
        return result
    }

    /// 24-bit terminals say so by a flag or by the number; any other number counts as it is.
    private static var colorCount: Int {
        // A description whose colours are not set the ANSI way would be sent nonsense.
        let isANSI = string("setaf").flatMap { format($0, 1, 0) }.map { $0 == "\u{1B}[31m" || $0.hasPrefix("\u{1B}[38") } ?? false
        guard isANSI else { return 0 }
        return lathe_terminfo_flag("RGB") != 0 || lathe_terminfo_flag("Tc") != 0 ? 1 << 24 : max(0, Int(lathe_terminfo_number("colors")))
    }

    private static var supportedAttributes: Style.Attributes {
        let names: [(String, String, Style.Attributes)] = [
            ("bold", "\u{1B}[1m", .bold), ("dim", "\u{1B}[2m", .dim), ("sitm", "\u{1B}[3m", .italic),
            ("smul", "\u{1B}[4m", .underline), ("rev", "\u{1B}[7m", .reverse),
        ]
        return names.reduce(into: []) { attributes, entry in
            if string(entry.0) == entry.1 { attributes.insert(entry.2) }
        }
    }

    private static var describedKeys: [(sequence: [UInt8], key: KeyPress)] {
        var names: [(String, KeyPress)] = [
            ("kcuu1", KeyPress(.up)), ("kcud1", KeyPress(.down)), ("kcub1", KeyPress(.left)), ("kcuf1", KeyPress(.right)),
            ("khome", KeyPress(.home)), ("kend", KeyPress(.end)), ("kpp", KeyPress(.pageUp)), ("knp", KeyPress(.pageDown)),
            ("kdch1", KeyPress(.delete)), ("kich1", KeyPress(.insert)), ("kcbt", KeyPress(.tab, .shift)), ("kent", KeyPress(.enter)),
        ]
        for number in 1...12 { names.append(("kf\(number)", KeyPress(.function(number)))) }
        return names.compactMap { name, key in
            guard let sequence = string(name).map({ Array($0.utf8) }), sequence.count > 2, sequence[0] == 0x1B else { return nil }
            return (sequence, key)
        }
    }

    /// UTF-8 unless the locale names another character set. An unset or `C` locale is common in containers, whose
    /// terminals are UTF-8 all the same; only the text console is believed then.
    package static func isUnicode(_ environment: [String: String]) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C"
        if locale == "C" || locale == "POSIX" { return !(environment["TERM"] ?? "").hasPrefix("linux") }
        guard let dot = locale.firstIndex(of: ".") else { return true }
        let charset = locale[locale.index(after: dot)...].prefix { $0 != "@" }.lowercased()
        return charset == "utf-8" || charset == "utf8"
    }

    /// A string capability without its padding marks (`$<5>`), nil where the terminal has none.
    private static func string(_ name: String) -> String? {
        guard let pointer = lathe_terminfo_string(name) else { return nil }
        let text = String(cString: pointer)
        guard text.contains("$<") else { return text }
        var result = ""
        var rest = Substring(text)
        while let start = rest.range(of: "$<"), let end = rest[start.upperBound...].firstIndex(of: ">") {
            result += rest[..<start.lowerBound]
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func format(_ text: String, _ first: Int32, _ second: Int32) -> String? {
        lathe_terminfo_format(text, first, second).map { String(cString: $0) }
    }
}

extension Substring {
    /// The first place of a text in this one.
    fileprivate func range(of text: String) -> Range<Index>? {
        for start in indices where self[start...].hasPrefix(text) {
            return start..<index(start, offsetBy: text.count)
        }
        return nil
    }
}
