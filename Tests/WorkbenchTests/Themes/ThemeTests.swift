import Foundation
import Terminal
import Testing
import Workbench

@Suite("Themes")
struct ThemeTests {
    static let shipped = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("themes")

    /// A folder with files, gone when the body has ended.
    private func withFolder(_ files: [String: String], _ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-themes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        try body(folder)
    }

    @Test("all shipped themes read without an error")
    func shippedThemes() {
        let library = ThemeLibrary(folders: [Self.shipped])
        #expect(library.errors == [])
        #expect(library.themes.map(\.name) == ["default", "colour-blind", "high-contrast", "light", "monochrome"])
        for theme in library.themes { #expect(theme.series.count >= 8 && theme.roles.count == ThemeRole.allCases.count, "\(theme.name)") }
    }

    @Test("the default's file says what the copy in the program says")
    func defaultTheme() { #expect(ThemeLibrary(folders: [Self.shipped])["default"] == .standard) }

    @Test("docs/themes.md explains every key")
    func reference() throws {
        let text = try String(contentsOf: Self.shipped.deletingLastPathComponent().appendingPathComponent("docs/themes.md"), encoding: .utf8)
        for role in ThemeRole.allCases { #expect(text.contains("| `\(role.rawValue)` |"), "\(role.rawValue)") }
    }

    @Test("no piece of a theme file stops the program", arguments: ["default", "high-contrast"])
    func truncated(_ name: String) throws {
        let text = Array(try String(contentsOf: Self.shipped.appendingPathComponent("\(name).toml"), encoding: .utf8).unicodeScalars)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lathe-themes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for length in stride(from: 0, to: text.count, by: 7) {
            for extra in ["", "[", "\"", "=", "{", "\u{0}", "."] {
                var piece = String.UnicodeScalarView()
                piece.append(contentsOf: text[..<length])
                try Data((String(piece) + extra).utf8).write(to: folder.appendingPathComponent("cut.toml"))
                let library = ThemeLibrary(folders: [folder])
                #expect(library.errors.count + library.themes.count == 2)
            }
        }
    }

    @Test("without any folder there is the default")
    func nothing() { #expect(ThemeLibrary(folders: [URL(fileURLWithPath: "/nonexistent")]).themes == [.standard]) }

    @Test("a partial file of the user's changes only what it names, over the shipped one of its name")
    func partial() throws {
        try withFolder(["light.toml": "[ui]\nborder = \"#ff0000\"\n", "mine.toml": "inherits = \"light\"\n[status]\ndone = { fg = \"terminal\", modifiers = [\"bold\"] }\n"]) { folder in
            let library = ThemeLibrary(folders: [folder, Self.shipped]), light = ThemeLibrary(folders: [Self.shipped])["light"]
            #expect(library.errors == [])
            #expect(library["light"]?.roles[.border]?.foreground == .rgb(255, 0, 0))
            #expect(library["light"]?.roles[.hint] == light?.roles[.hint])
            #expect(library["mine"]?.roles[.border]?.foreground == .rgb(255, 0, 0))
            #expect(library["mine"]?.roles[.done]?.attributes == .bold)
        }
    }

    @Test("what is wrong is named with file and line", arguments: [
        ("[ui]\nborder = \"blau\"\n", "line 2", "“blau” is no colour"),
        ("\n[ui]\nbordr = \"#ffffff\"\n", "line 3", "there is no key “ui.bordr”; did you mean ui.border?"),
        ("[ui]\ntext = 3\n", "line 2", "must be a colour"),
        ("[ui]\ntext = { fg = \"#ffffff\", blink = true }\n", "line 2", "not “blink”"),
        ("[ui]\ntext = { modifiers = [\"shiny\"] }\n", "line 2", "“shiny” is no modifier"),
        ("sequential = [\"#ffffff\"]\n", "line 1", "at least two"),
        ("[palette]\nred = \"red\"\n", "line 2", "palette.red must be a colour"),
        ("[base16]\nbase0G = \"ffffff\"\n", "line 2", "no base16 slot"),
        ("series = \"red\"\n", "line 1", "must be a list"),
        ("[ui\n", "line", "is not TOML"),
        ("inherits = \"nobody\"\n", "bad.toml", "there is no such theme"),
        ("\u{0}\u{1}\u{2}", "bad.toml", "is not TOML"),
        ("x = 99999999999999999999999999\n", "line 1", "there is no key “x”"),
        ("[[[", "line 1", "lists of tables"),
        ("a.\n", "line 1", "a key is expected"),
        ("\nseries = [[[[[[[[[[[[[[[[[[[[[[[[", "line 2", "too deep"),
        ("summary = \"half", "line 1", "is not closed"),
        ("summary = \"\"\"x\"\"\"\n", "line 1", "several lines"),
        ("summary = \"\\uD800\"\n", "line 1", "hexadecimal digits of a character"),
        ("[ui]\n[ui.text]\nfg = 1\n[ui.text.fg]\n", "line 4", "is a value already"),
        ("summary = 1 2\n", "line 1", "nothing may follow"),
        ("summary = \"a\"\r\nsummary = \"b\"\r\n", "line 2", "there twice"),
    ])
    func errors(_ text: String, _ place: String, _ words: String) throws {
        try withFolder(["bad.toml": text]) { folder in
            let library = ThemeLibrary(folders: [folder, Self.shipped])
            #expect(library.errors.count == 1 && library.themes.count == 5)
            let sentence = library.errors.first?.description ?? ""
            #expect(sentence.contains("bad.toml") && sentence.contains(place) && sentence.contains(words), "\(sentence)")
        }
    }

    @Test("themes that inherit each other in a ring are an error, not an endless loop")
    func ring() throws {
        try withFolder(["a.toml": "inherits = \"b\"\n", "b.toml": "inherits = \"a\"\n"]) { folder in
            #expect(ThemeLibrary(folders: [folder]).errors.count == 2)
        }
    }

    @Test("a broken file of the user's leaves the shipped theme of its name in place")
    func broken() throws {
        try withFolder(["light.toml": "[ui]\nborder = 1\n"]) { folder in
            let library = ThemeLibrary(folders: [folder, Self.shipped])
            #expect(library["light"] == ThemeLibrary(folders: [Self.shipped])["light"] && library.errors.count == 1)
        }
    }

    @Test("base16's sixteen colours make a theme")
    func base16() throws {
        let slots = "0123456789ABCDEF".map { "base0\($0) = \"\(String(repeating: String($0), count: 6))\"" }.joined(separator: "\n")
        try withFolder(["sixteen.toml": "[base16]\n\(slots)\n[ui]\nborder = \"base08\"\n"]) { folder in
            let library = ThemeLibrary(folders: [folder])
            #expect(library.errors == [])
            #expect(library["sixteen"]?.roles[.text]?.background == .rgb(0, 0, 0))
            #expect(library["sixteen"]?.roles[.border]?.foreground == .rgb(0x88, 0x88, 0x88))
            #expect(library["sixteen"]?.series.first?.foreground == .rgb(0xDD, 0xDD, 0xDD))
        }
    }

    @Test("a theme survives its way through a session")
    func coding() throws {
        for theme in ThemeLibrary(folders: [Self.shipped]).themes {
            #expect(try JSONDecoder().decode(Theme.self, from: JSONEncoder().encode(theme)) == theme)
        }
    }

    @Test("a run keeps its colour for life, and neighbours do not share one")
    func series() {
        var register = SeriesRegister()
        register.register(["a", "b", "c", "d", "e", "f", "g", "h"])
        let slots = "abcdefgh".map { register.slot(String($0)) }
        #expect(Set(slots).count == 8)
        register.register(["h", "i", "a", "j"])
        #expect("abcdefgh".map { register.slot(String($0)) } == slots)
        #expect(Set(["a", "b"].map { SeriesRegister().slot($0) }).count <= 2)
    }
}
