/// Asked when the program is left while it works on runs.
enum QuitDialog {
    static func make(_ workspace: Workspace) -> ChoiceDialog {
        let active = workspace.runs.filter(\.isActiveHere)
        let running = active.filter { $0.state != .waiting }
        let names = running.prefix(3).map(\.shortName).joined(separator: ", ")
        let waiting = active.count - running.count
        var question = running.isEmpty ? "" : "\(names)\(running.count > 3 ? " and \(running.count - 3) more" : "") \(running.count == 1 ? "is" : "are") in progress."
        if waiting > 0 { question += " \(waiting) \(waiting == 1 ? "run waits" : "runs wait") in the queue." }
        question += " A stopped run goes on later from its checkpoint: `r` here, or `lathe resume`."
        let handOver: [ChoiceDialog.Answer] = workspace.canHandOver
            ? [.init("leave now, and let it go on without a screen", [.effect(.quit(.handOver))])] : []
        return ChoiceDialog(title: "Leave lathe?", question: question.trimmingPrefix(" ").description, answers: [
            .init("stay", []),
            .init("stop with a checkpoint, then leave", [.effect(.quit(.checkpoint))]),
            .init("leave when everything is done", [.effect(.quit(.whenDone))]),
        ] + handOver)
    }
}
