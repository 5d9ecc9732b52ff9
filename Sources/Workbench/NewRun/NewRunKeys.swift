extension Place {
    static let form = Place("New run")
}

extension NewRunScreen {
    static let bindings: [Binding] = [
        Binding("enter", action: "start", verb: "start", hint: "Starts what the form says.", place: .form),
        Binding("left", "h", action: "less", verb: "less", hint: "Takes the value before, or a smaller one.", place: .form),
        Binding("right", "l", action: "more", verb: "more", hint: "Takes the next value, or a larger one.", place: .form),
        Binding("space", "e", action: "edit", verb: "choose or type",
            hint: "Opens the list of choices, or the field for typing; digits type at once.", place: .form),
        Binding("backspace", "delete", action: "reset", verb: "default", hint: "Takes the plan's own value again.", place: .form),
        Binding("y", action: "copy", verb: "copy as command", hint: "Copies the command that does the same in a shell.", place: .form),
    ]
}
