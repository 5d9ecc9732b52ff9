extension Place {
    /// Any panel of a run or of a comparison.
    public static let panels = Place("Panels")
    public static let run = Place("Run")
}

/// The keys of panels: moving inside, opening, order, zoom. They go before the keys of lists, whose `h` and `l` leave and open.
enum PanelKeys {
    static let bindings: [Binding] = [
        Binding("h", "left", action: "left", verb: "left", hint: "Moves left; on a zoomed chart pans.", place: .panels),
        Binding("l", "right", action: "right", verb: "right", hint: "Moves right; on a zoomed chart pans.", place: .panels),
        Binding("enter", action: "panel.open", verb: "inspect", hint: "Opens what is under the cursor large; once more closes it.",
                place: .panels),
        Binding("o", action: "panel.order", verb: "order", hint: "Changes the order: lowest or highest first, the next column.",
                place: .panels),
        Binding("P", action: "panel.play", verb: "play", hint: "Plays what moves, and stops it.", place: .panels),
        Binding("z", action: "panel.zoom", verb: "zoom", hint: "Gives the whole screen to the panel, and takes it back.", place: .panels),
    ]
}

/// The keys of the run screen.
enum RunKeys {
    static let bindings: [Binding] = [
        Binding("p", action: "run.pause", verb: "pause", hint: "Pauses the run, or lets it go on.", place: .run),
        Binding("C", action: "run.cancel", verb: "cancel", hint: "Stops the run with a checkpoint, after a question.", place: .run),
        Binding("r", action: "run.resume", verb: "resume", hint: "Lets a stopped run go on from its checkpoint.", place: .run),
        Binding("R", action: "run.retry", verb: "retry", hint: "Starts the run anew with the same settings.", place: .run),
        Binding("space", action: "run.mark", verb: "mark", hint: "Marks the run for a comparison, or takes the mark away.", place: .run),
        Binding("Y", action: "run.copy", verb: "copy as command", hint: "Copies the command that shows this run in a shell.", place: .run),
    ]
}
