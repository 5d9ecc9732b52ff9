import Terminal

/// The keys that mean the same on every screen.
enum EverywhereKeys {
    static let bindings: [Binding] = [
        Binding("?", "f1", action: "help", verb: "keys", hint: "Lists every key of this place; type to filter, Enter does it.",
                place: .everywhere),
        Binding(":", action: "palette", verb: "commands", hint: "Opens the command palette.", place: .everywhere),
        Binding("tab", action: "panel.next", verb: "next panel", hint: "Moves the focus to the next panel.", place: .everywhere),
        Binding("shift-tab", action: "panel.previous", verb: "previous panel", hint: "Moves the focus to the panel before.",
                place: .everywhere),
        Binding("u", action: "undo", verb: "undo", hint: "Takes back the last mark, filter or deletion.", place: .everywhere),
        Binding("ctrl-r", action: "redo", verb: "redo", hint: "Does again what was taken back.", place: .everywhere),
        Binding("esc", action: "back", verb: "back", hint: "Goes back one level.", place: .everywhere),
        Binding("q", action: "leave", verb: "back", hint: "Goes back one level; at the top leaves the program.", place: .everywhere),
        Binding("ctrl-c", action: "interrupt", verb: "stop",
                hint: "Stops what goes on here; a second time within two seconds leaves the program.", place: .everywhere),
        Binding("ctrl-z", action: "suspend", verb: "suspend", hint: "Gives the terminal back to the shell; `fg` returns.",
                place: .everywhere),
        Binding("ctrl-l", action: "redraw", verb: "redraw", hint: "Draws the whole screen afresh.", place: .everywhere),
    ] + (1...9).map { number in
        Binding(KeyPress(stringLiteral: String(number)), action: ActionID(rawValue: "panel.\(number)"), verb: "panel \(number)",
                hint: "Moves the focus to panel \(number).", place: .everywhere)
    }
}

/// The keys of every list and table.
enum ListKeys {
    static let bindings: [Binding] = [
        Binding("j", "down", action: "down", verb: "down", hint: "Moves the cursor down.", place: .lists),
        Binding("k", "up", action: "up", verb: "up", hint: "Moves the cursor up.", place: .lists),
        Binding("g", "home", action: "first", verb: "first", hint: "Goes to the first row.", place: .lists),
        Binding("G", "end", action: "last", verb: "last", hint: "Goes to the last row.", place: .lists),
        Binding("pgdn", action: "page.down", verb: "page down", hint: "Moves a page down.", place: .lists),
        Binding("pgup", action: "page.up", verb: "page up", hint: "Moves a page up.", place: .lists),
        Binding("ctrl-d", action: "half.down", verb: "half a page down", hint: "Moves half a page down.", place: .lists),
        Binding("ctrl-u", action: "half.up", verb: "half a page up", hint: "Moves half a page up.", place: .lists),
        Binding("enter", "l", "right", action: "open", verb: "open", hint: "Opens what is under the cursor.", place: .lists),
        Binding("h", "left", action: "back", verb: "back", hint: "Goes back one level.", place: .lists),
    ]
}

/// The keys of every chart.
enum ChartKeys {
    static let bindings: [Binding] = [
        Binding("x", action: "chart.logX", verb: "log x", hint: "Switches the x axis between linear and logarithmic.", place: .charts),
        Binding("y", action: "chart.logY", verb: "log y", hint: "Switches the y axis between linear and logarithmic.", place: .charts),
        Binding("s", action: "chart.smoothLess", verb: "less smoothing", hint: "Smooths the curves less.", place: .charts),
        Binding("S", action: "chart.smoothMore", verb: "more smoothing", hint: "Smooths the curves more.", place: .charts),
        Binding("+", "=", action: "chart.zoomIn", verb: "zoom in", hint: "Shows a narrower range around the cursor.", place: .charts),
        Binding("-", action: "chart.zoomOut", verb: "zoom out", hint: "Shows a wider range.", place: .charts),
        Binding("0", action: "chart.fit", verb: "fit", hint: "Shows everything and follows the newest point.", place: .charts),
        Binding(",", action: "chart.cursorBack", verb: "cursor back", hint: "Moves the reading cursor to the point before.", place: .charts),
        Binding(".", action: "chart.cursorForward", verb: "cursor on", hint: "Moves the reading cursor to the next point.", place: .charts),
    ]
}

/// The keys of a line of text, of a question and of a menu.
enum TypingKeys {
    static let bindings: [Binding] = [
        Binding("enter", action: "accept", verb: "accept", hint: "Takes what was typed or chosen.", place: .typing),
        Binding("esc", action: "cancel", verb: "cancel", hint: "Leaves everything as it was.", place: .typing),
        Binding("up", action: "up", verb: "up", hint: "Moves to the entry above.", place: .typing),
        Binding("down", action: "down", verb: "down", hint: "Moves to the entry below.", place: .typing),
        Binding("tab", action: "complete", verb: "complete", hint: "Completes the word.", place: .typing),
        Binding("enter", "l", action: "accept", verb: "choose", hint: "Does what is chosen.", place: .dialogs),
        Binding("esc", "q", "h", action: "cancel", verb: "cancel", hint: "Leaves everything as it was.", place: .dialogs),
        Binding("j", "down", "tab", "right", action: "down", verb: "next", hint: "Moves to the next answer.", place: .dialogs),
        Binding("k", "up", "shift-tab", "left", action: "up", verb: "previous", hint: "Moves to the answer before.", place: .dialogs),
        Binding("g", "home", action: "first", verb: "first", hint: "Goes to the first answer.", place: .dialogs),
        Binding("G", "end", action: "last", verb: "last", hint: "Goes to the last answer.", place: .dialogs),
        Binding("page-down", action: "page.down", verb: "page down", hint: "Moves a page down.", place: .dialogs),
        Binding("page-up", action: "page.up", verb: "page up", hint: "Moves a page up.", place: .dialogs),
    ]
}
