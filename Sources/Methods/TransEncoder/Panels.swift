import Experiments

extension TransEncoderMethod {
    public var panels: [PanelSpec] {
        let step = PanelSpec.Axis("step"), hundredths = PanelSpec.Axis("Spearman", unit: "/100")
        return [
            PanelSpec("cross loss", title: "Cross-encoder: loss above its floor", help: "Cross-entropy less the entropy of the targets, which no model can go below; cycle and phase are in the name.",
                      kind: .lines(series: ["cross loss above floor/*"], x: step, y: .init("nats above floor", unit: "nats", logarithmic: true))),
            PanelSpec("bi loss", title: "Bi-encoder: loss", help: "Squared error between cosines and the cross-encoder's scores, beside the controls.", kind: .lines(series: ["bi loss/*"], x: step, y: .init("squared error", logarithmic: true))),
            PanelSpec("dev", title: "Dev set in training", help: "Spearman's correlation with the dev set's labels, which only choose; flat lines are each phase's teacher.",
                      kind: .lines(series: ["dev Spearman/*"], x: step, y: hundredths), dimmed: ["dev Spearman/teacher of *"]),
            PanelSpec("ladder", title: "Cycle ladder", help: "Each model in the order of teaching, a line a test set: the method helps where lines rise from bi0.", kind: .lines(series: ["ladder/*"], x: .init("phase"), y: hundredths), marks: "phases"),
            PanelSpec("models", title: "Models by test set", help: "Spearman's correlation with people's scores, all pairs of a set ranked together, times 100.", kind: .table("models"), isWide: true),
            PanelSpec("changes", title: "Change from the start", help: "The same less the start's. A method that helps is above the controls, not only above 0.", kind: .table("changes"), isWide: true),
            PanelSpec("agreement", title: "Agreement with the teacher", help: "Teacher's score across, student's up, on the training pairs; left and right walk over the phases.", kind: .scatter(table: "agreement", x: "teacher", y: "student")),
            PanelSpec("labels", title: "Pseudo-labels", help: "Scores of the training pairs by each model: they gather near their mean from phase to phase.", kind: .histogram(distribution: "pseudo-labels")),
            PanelSpec("pairs", title: "Pairs that changed most", help: "Score of the last bi-encoder less that of the start; apart is how far it is from the cross-encoder. The order key sorts by fall, rise and disagreement.",
                      kind: .inspector(items: "pairs", details: "sentences", key: "pair"), isWide: true, listShare: 0.5),
            PanelSpec("training", title: "Phases", help: "What each model learnt from and how far it agrees with it; below 0.7 a cross-encoder has learnt too little to teach.", kind: .table("training"), isWide: true),
            PanelSpec("starts", title: "Starts", help: "The encoder as it comes, by layers and pooling.", kind: .table("starts"), isWide: true),
            PanelSpec("contrastive", title: "Unsupervised steps", help: "Cross-entropy of finding the other view of a sentence in the batch.", kind: .lines(series: ["contrastive loss/*"], x: step, y: .init("loss", unit: "nats"))),
            PanelSpec("whole loss", title: "Cross-encoder: whole loss", help: "Cross-entropy with the floor in it.", kind: .lines(series: ["cross loss/*"], x: step, y: .init("loss", unit: "nats"))),
            PanelSpec("log", title: "Notes", help: "What the run has to say about itself.", kind: .log),
        ]
    }
}
