extension Place {
    static let data = Place("Data")
}

extension DataScreen {
    static let bindings: [Binding] = [
        Binding("n", action: "new", verb: "train on it", hint: "Shows the methods that can work on the data set.", place: .data),
        Binding("/", action: "filter", verb: "filter", hint: "Filters by words in name, title, kind and state while you type.", place: .data),
        Binding("y", action: "copy", verb: "copy",
            hint: "Copies the command that brings a missing set; of a present one the identifier.", place: .data),
        Binding("o", action: "order", verb: "order", hint: "Shows present sets first, or all by name.", place: .data),
        Binding("r", action: "refresh", verb: "look again", hint: "Looks again which sets are on this machine.", place: .data),
    ]
}
