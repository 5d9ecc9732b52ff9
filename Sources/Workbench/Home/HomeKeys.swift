extension Place {
    static let runs = Place("Runs")
}

extension HomeScreen {
    static let bindings: [Binding] = [
        Binding("n", action: "new", verb: "new", hint: "Chooses a method and starts a run.", place: .runs),
        Binding("space", action: "mark", verb: "mark", hint: "Marks the run for comparison or deletion, with the marker of its curve.", place: .runs),
        Binding("c", action: "compare", verb: "compare", hint: "Compares the marked runs, or the seeds of a study.", place: .runs),
        Binding("/", action: "filter", verb: "filter",
            hint: "Filters while you type: words, state:done, method:diva, cfg.noise>=0.2, !failed.", place: .runs),
        Binding("p", action: "pause", verb: "pause", hint: "Pauses a running run; a paused one goes on.", place: .runs),
        Binding("s", action: "stop", verb: "stop", hint: "Stops a run with a checkpoint, from which it can go on.", place: .runs),
        Binding("r", action: "resume", verb: "resume",
            hint: "Goes on from the checkpoint of a stopped run; a failed one is tried again.", place: .runs),
        Binding("d", action: "delete", verb: "delete", hint: "Deletes the marked runs, or the one under the cursor, after a question.", place: .runs),
        Binding("y", action: "copy", verb: "copy", hint: "Copies the command that makes this run.", place: .runs),
        Binding("o", action: "order", verb: "order", hint: "Orders by age, state, method, data, result.", place: .runs),
        Binding("O", action: "reverse", verb: "reverse order", hint: "Turns the order around.", place: .runs),
        Binding("m", action: "unmark", verb: "unmark all", hint: "Takes all marks away.", place: .runs),
        Binding("D", action: "go.data", verb: "data", hint: "Shows the data sets.", place: .runs),
        Binding("!", action: "crash", verb: "crash report", hint: "Shows the report of a crash that an earlier start of the program left.", place: .runs),
        Binding("R", action: "go.sessions", verb: "sessions", hint: "Shows the saved sessions, to replay one.", place: .runs),
    ]
}
