import Experiments
import Foundation

/// `config.toml`: the few things that a user sets once.
///
///     theme = "light"
///     mouse = false
///     notify = true
struct WorkbenchConfiguration: Sendable, Equatable {
    var theme: String?
    /// False leaves the mouse to the terminal.
    var mouse: Bool?
    /// Rings the bell and names finished and failed runs where the terminal can.
    var notify = false

    init() {}

    /// Reads the file's text.
    /// - Throws: `ThemeError` with the file and the line of what is wrong.
    init(text: String, file: String) throws(ThemeError) {
        let root: TOMLTable
        do { root = try TOMLTable(string: text) } catch {
            throw ThemeError(file: file, line: error.line, "is not TOML: \(error.description)")
        }
        let lines = TOMLLines(text)
        for key in root.keys.sorted() {
            guard let value = root[key] else { continue }
            switch key {
            case "theme":
                guard let name = value.string else { throw ThemeError(file: file, line: lines[key], "theme must be a name in quotes") }
                theme = name
            case "mouse", "notify":
                guard let isOn = value.bool else { throw ThemeError(file: file, line: lines[key], "\(key) must be true or false") }
                if key == "mouse" { mouse = isOn } else { notify = isOn }
            default: throw ThemeError(file: file, line: lines[key], "there is no key “\(key)”; there are theme, mouse and notify")
            }
        }
    }

    /// Reads the file of a folder; a missing one is empty, a broken one is empty with a sentence.
    static func load(_ folder: URL) -> (configuration: WorkbenchConfiguration, problem: String?) {
        let url = folder.appendingPathComponent("config.toml")
        guard let data = try? Data(contentsOf: url) else { return (WorkbenchConfiguration(), nil) }
        guard data.count < 1 << 20, let text = String(data: data, encoding: .utf8) else {
            return (WorkbenchConfiguration(), "\(url.path) is not UTF-8 text; lathe goes on with its defaults")
        }
        do { return (try WorkbenchConfiguration(text: text, file: url.path), nil) } catch {
            return (WorkbenchConfiguration(), "\(error.description); lathe goes on with its defaults")
        }
    }

    /// What a file says that was not there before.
    static let beginning = """
        # Settings of Lathe's workbench; a line that begins with # is a comment. docs/themes.md has more.
        # The name of a theme, as :theme lists them, or of a file in the folder themes beside this one.
        theme = "dark"

        # false leaves the mouse to the terminal.
        # mouse = false

        # true rings the bell, and tells the desktop, when a run has finished or failed.
        # notify = true

        """

    /// Writes the theme into the file, which is made where it is missing, and leaves every other line as it is.
    static func remember(theme: String, in folder: URL) throws {
        let url = folder.appendingPathComponent("config.toml")
        var lines = ((try? String(contentsOf: url, encoding: .utf8)) ?? Self.beginning).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last == "" { lines.removeLast() }
        let line = "theme = \"\(theme.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline })\""
        let isThemeLine: (String) -> Bool = { $0.drop { $0 == " " }.hasPrefix("theme") && $0.contains("=") }
        if let index = lines.firstIndex(where: isThemeLine) { lines[index] = line } else { lines.insert(line, at: 0) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url, options: .atomic)
    }
}
