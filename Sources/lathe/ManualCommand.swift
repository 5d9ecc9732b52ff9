import ArgumentParser
import Experiments

/// The manual page, made from the commands themselves: `make install` and the Debian package write it.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "manual", abstract: "Prints the manual page (roff), for man.", shouldDisplay: false)

    func run() throws {
        guard let help = try? JSONValue(parsing: Lathe._dumpHelp()), let command = help["command"] else { throw UsageError("the commands cannot be described") }
        Talk.print(Manual(command).page)
    }
}

/// A page in the macros of man(7).
struct Manual {
    private var lines: [String] = []

    var page: String { lines.joined(separator: "\n") }

    init(_ command: JSONValue) {
        lines = [".TH LATHE 1 \"\" \"\(Self.escaped(Build.version))\" \"User Commands\"", ".SH NAME", "lathe \\- \(Self.escaped(Self.text(command, "abstract")))", ".SH SYNOPSIS", ".B lathe", "[\\fIcommand\\fR] [\\fIoptions\\fR]",
                 ".SH DESCRIPTION", Self.escaped(Self.text(command, "discussion"))]
        lines.append(".SH COMMANDS")
        for inner in command["subcommands"]?.elements ?? [] where inner["shouldDisplay"] != .boolean(false) && Self.text(inner, "commandName") != "help" { add(inner) }
        lines += [
            ".SH ENVIRONMENT", ".TP", ".B LATHE_STORE", "The store's file, instead of $XDG_DATA_HOME/lathe.", ".TP", ".B LATHE_DATA", "Folders in which data sets are looked for, separated by colons.", ".TP",
            ".B LATHE_SHARE", "The folder with the themes and sessions that ship.", ".TP", ".B NO_COLOR", "No colours when it is set; shapes and words say the same.", ".TP", ".B XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_CACHE_HOME", "Where settings, the store, sessions and features are.",
            ".SH EXIT STATUS", "0 done; 1 a run failed; 2 bad usage or bad input; 130 interrupted.", ".SH FILES", ".TP", ".I ~/.config/lathe/config.toml", "Settings: theme, mouse, notify. The first :theme writes it with a comment for each.", ".TP", ".I ~/.config/lathe/themes", "Themes of your own.",
        ]
    }

    private mutating func add(_ command: JSONValue) {
        let arguments = (command["arguments"]?.elements ?? []).filter { $0["shouldDisplay"] != .boolean(false) && !Self.names($0).contains("--help") && !Self.names($0).contains("--version") }
        let positional = arguments.filter { Self.text($0, "kind") == "positional" }.map { Self.text($0, "valueName") }
        lines += [".SS lathe \(Self.escaped(Self.text(command, "commandName")))" + positional.map { " \\fI\(Self.escaped($0))\\fR" }.joined(), Self.escaped(Self.text(command, "abstract"))]
        let discussion = Self.text(command, "discussion")
        if !discussion.isEmpty { lines += [".PP", Self.escaped(discussion)] }
        for argument in arguments {
            let value = Self.text(argument, "valueName"), kind = Self.text(argument, "kind")
            let head = kind == "positional" ? "\\fI\(Self.escaped(value))\\fR" : Self.names(argument).map { "\\fB\(Self.escaped($0))\\fR" }.joined(separator: ", ") + (kind == "option" ? " \\fI\(Self.escaped(value))\\fR" : "")
            let standard = Self.text(argument, "defaultValue")
            lines += [".TP", head, Self.escaped(Self.text(argument, "abstract")) + (standard.isEmpty ? "" : " (default: \(Self.escaped(standard)))")]
        }
    }

    private static func text(_ value: JSONValue, _ key: String) -> String { value[key]?.string ?? "" }

    private static func names(_ argument: JSONValue) -> [String] {
        (argument["names"]?.elements ?? []).map { (text($0, "kind") == "long" ? "--" : "-") + text($0, "name") }
    }

    /// Text that roff takes as it stands: no line begins with a control character.
    private static func escaped(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let plain = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
            return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : String(plain)
        }.joined(separator: "\n")
    }
}
