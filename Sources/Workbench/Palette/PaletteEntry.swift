import Terminal

/// One line of the palette: a screen to open, a command of the program, or an action of the key map at this place.
struct PaletteEntry: Sendable {
    var name: String
    var usage = ""
    var summary: String
    var keys = ""
    /// Why it cannot be done now.
    var reason: String?
    var needsArguments = false
    var completions: @Sendable (Workspace) -> [String] = { _ in [] }
    var perform: @Sendable ([String], Workspace) -> [Outcome]

    /// Everything that can be done here, screens first.
    static func all(_ app: App) -> [PaletteEntry] {
        var entries = ScreenCatalogue.all.map { screen in
            PaletteEntry(name: screen.name, usage: screen.usage, summary: screen.summary, needsArguments: screen.usage.first?.isUppercase ?? false,
                         completions: screen.completions, perform: { arguments, _ in [.open(screen.name, arguments)] })
        }
        entries += programCommands
        let names = Set(entries.map(\.name))
        let movement: Set<ActionID> = ["up", "down", "first", "last", "page.up", "page.down", "half.up", "half.down", "palette",
            "help", "back", "leave", "interrupt"]
        for binding in app.bindings where !movement.contains(binding.action) && !binding.action.rawValue.hasPrefix("panel.")
            && !names.contains(binding.verb) {
            entries.append(PaletteEntry(name: binding.verb, summary: binding.hint, keys: binding.keyText, reason: app.disabledReason(binding.action),
                                        perform: { _, _ in [.perform(binding.action)] }))
        }
        return entries
    }

    private static func annotation(_ workspace: Workspace, adding: [String], removing: [String], note: String?) -> [Outcome] {
        guard !workspace.marks.isEmpty else { return [.toast(.failure, "mark runs with space first; tags and notes go to the marked ones")] }
        let runs = workspace.marks
        return [.effect(.annotate(runs: runs, adding: adding, removing: removing, note: note)), .toast(.information, "\(runs.count) run\(runs.count == 1 ? "" : "s") annotated")]
    }

    /// Commands that no screen owns.
    private static let programCommands: [PaletteEntry] = [
        PaletteEntry(name: "theme", usage: "NAME", summary: "Uses a theme from now on; without a name shows them.",
            completions: { $0.themes.map(\.name) },
                     perform: { arguments, _ in arguments.first.map { [.useTheme($0)] } ?? [.push(ThemePicker())] }),
        PaletteEntry(name: "tag", usage: "WORD … -WORD …", summary: "Tags the marked runs; a word with - before it is taken away. Filter by tag:WORD.", needsArguments: true,
                     completions: { Array(Set($0.runs.flatMap { $0.tags ?? [] })).sorted() },
                     perform: { arguments, workspace in
                         let removed = arguments.filter { $0.hasPrefix("-") && $0.count > 1 }.map { String($0.dropFirst()) }
                         return annotation(workspace, adding: arguments.filter { !$0.hasPrefix("-") }, removing: removed, note: nil)
                     }),
        PaletteEntry(name: "note", usage: "[TEXT]", summary: "Writes a note to the marked runs; without a text takes it away.", perform: { arguments, workspace in
            annotation(workspace, adding: [], removing: [], note: arguments.joined(separator: " "))
        }),
        PaletteEntry(name: "messages", summary: "Lists everything that was said.", perform: { _, _ in [.push(MessagesScreen())] }),
        PaletteEntry(name: "crash", summary: "Shows the report of a crash that an earlier start of the program left.", perform: { _, workspace in
            workspace.crashes.isEmpty ? [.toast(.information, "no crash was reported")] : [.push(CrashScreen())]
        }),
        PaletteEntry(name: "save", usage: "[FILE]", summary: "Saves this session for replay.", perform: { arguments,
            _ in [.effect(.saveSession(path: arguments.first))] }),
        PaletteEntry(name: "bookmark", usage: "NAME", summary: "Names this moment in the session; a replay jumps to it.", perform: { arguments, _ in
            let name = arguments.joined(separator: " ")
            return name.isEmpty ? [.toast(.failure, "bookmark: give it a name")] : [.effect(.bookmark(name)), .toast(.information, "◆ \(name)")]
        }),
        PaletteEntry(name: "mouse", usage: "on|off", summary: "Gives the mouse to lathe or to the terminal.", completions: { _ in ["on", "off"] },
                     perform: { arguments, _ in
                         switch arguments.first {
                         case "on", nil: [.effect(.setMouse(true)), .toast(.information, "the mouse works here; shift-drag selects text")]
                         case "off": [.effect(.setMouse(false)), .toast(.information, "the mouse is the terminal's")]
                         case let word?: [.toast(.failure, "mouse: “\(word)” is neither on nor off")]
                         }
                     }),
        PaletteEntry(name: "keys", summary: "Lists every key of this place.", perform: { _, _ in [.perform("help")] }),
        PaletteEntry(name: "quit", summary: "Leaves lathe.", perform: { _, _ in [.askToQuit] }),
    ]
}
