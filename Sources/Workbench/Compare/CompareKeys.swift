extension Place {
    public static let compare = Place("Compare")
}

/// The keys of the comparison.
enum CompareKeys {
    static let bindings: [Binding] = [
        Binding("b", action: "compare.baseline", verb: "baseline", hint: "Chooses the side that the others are measured against.", place: .compare),
        Binding("r", action: "compare.group", verb: "regroup", hint: "Chooses what makes runs a group: everything but the seed, or one setting; groups then pair up over all else.", place: .compare),
        Binding("/", action: "compare.filter", verb: "filter", hint: "Filters while you type: the runs as the list does (cfg.noise>=0.2, tag:good), on the second panel the results by their names.", place: .compare),
        Binding("m", action: "compare.metric", verb: "metric", hint: "Chooses the series that is drawn.", place: .compare),
        Binding("X", action: "compare.axis", verb: "x-axis", hint: "Chooses what the curves are drawn over: the step or another series.", place: .compare),
        Binding("c", action: "compare.draw", verb: "draw", hint: "Chooses what is drawn: curves, the result under the cursor against a setting, what matters most, a pivot of two settings, parallel axes, a table in the plane with arrows.", place: .compare),
        Binding("a", action: "compare.arms", verb: "arms", hint: "Compares the arms inside of the runs, or the groups of runs.", place: .compare),
        Binding("i", action: "compare.each", verb: "each run", hint: "Draws each run, or the mean over seeds with its range.", place: .compare),
        Binding("f", action: "compare.unfold", verb: "all parameters", hint: "Shows all parameters, or only those that differ.", place: .compare),
        Binding("e", action: "compare.export", verb: "export", hint: "Writes the comparison to a file: the table as Markdown, LaTeX, CSV or JSON, the drawing as text or SVG.", place: .compare),
    ]
}
