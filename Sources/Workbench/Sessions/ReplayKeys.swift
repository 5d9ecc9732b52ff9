import Terminal

extension Place {
    public static let replay = Place("Replay")
    public static let sessions = Place("Sessions")
}

/// The keys of the player.
enum ReplayKeys {
    static let bindings: [Binding] = [
        Binding("space", action: "replay.pause", verb: "pause", hint: "Stops the time, or lets it run again.", place: .replay),
        Binding(".", action: "replay.step", verb: "step", hint: "Goes on to the next thing that happened.", place: .replay),
        Binding("]", action: "replay.nextMark", verb: "next bookmark", hint: "Goes to the next bookmark.", place: .replay),
        Binding("[", action: "replay.lastMark", verb: "bookmark before", hint: "Goes back to the bookmark before.", place: .replay),
        Binding("<", action: "replay.slower", verb: "slower", hint: "Halves the speed.", place: .replay),
        Binding(">", action: "replay.faster", verb: "faster", hint: "Doubles the speed.", place: .replay),
        Binding("h", "left", action: "replay.back", verb: "back 5 s", hint: "Goes back five seconds.", place: .replay),
        Binding("l", "right", action: "replay.forward", verb: "on 5 s", hint: "Goes on five seconds.", place: .replay),
        Binding("g", "home", action: "first", verb: "start", hint: "Goes to the start.", place: .replay),
        Binding("G", "end", action: "last", verb: "end", hint: "Goes to the end.", place: .replay),
        Binding("T", action: "replay.takeOver", verb: "take over", hint: "Ends the replay and leaves you in the program as it stands there.",
                place: .replay),
    ] + (0...9).map { tenth in
        Binding(KeyPress(stringLiteral: String(tenth)), action: ActionID(rawValue: "replay.tenth.\(tenth)"), verb: "\(tenth)0 %",
                hint: "Goes to \(tenth) tenths of the session.", place: .replay)
    }
}
