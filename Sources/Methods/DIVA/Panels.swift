import Experiments

extension DIVAMethod {
    public var panels: [PanelSpec] {
        [
            PanelSpec("loss", title: "Outer loss", help: "The leave-one-out loss should fall with the first steps, and the test loss with it; where they part, the steps overfit.",
                      kind: .lines(series: ["loss/*"], x: .init("step"), y: .init("mean loss"))),
            PanelSpec("derivative", title: "Derivative per example", help: "Above zero, more weight on the example raises the error on unseen ones: it hurts.",
                      kind: .sortedWeights(weights: "derivative")),
            PanelSpec("gallery", title: "Examples by weight", help: "The lowest weights are the examples that reweighting distrusts: look whether label and picture fit.",
                      kind: .gallery(weights: "weight", images: "examples"), isWide: true),
            PanelSpec("error", title: "Error", help: "Test error after a refit at each step; the flat lines are training on everything and on the clean examples alone.",
                      kind: .lines(series: ["test error/*"], x: .init("step"), y: .init("test error", unit: "%"))),
            PanelSpec("roc", title: "Mislabel detection", help: "The share of bad examples found over the share of good ones flagged by mistake; the nearer to the upper left the better.",
                      kind: .lines(series: ["roc/*"], x: .init("false positive rate"), y: .init("true positive rate"))),
            PanelSpec("histogram", title: "Derivative", help: "Clean and mislabelled examples should fall to different sides of the mark.",
                      kind: .histogram(distribution: "derivative")),
            PanelSpec("detection", title: "Detection", help: "DIVA beside its baselines, which are strong.", kind: .table("detection")),
            PanelSpec("suspects", title: "Examples by derivative", help: "The highest derivatives hurt most; press o for them.",
                      kind: .gallery(weights: "derivative", images: "examples"), isWide: true),
            PanelSpec("weights", title: "Weight histogram", help: "How far the steps moved the weights, clean and mislabelled examples apart.",
                      kind: .histogram(distribution: "weights")),
            PanelSpec("trajectories", title: "Weights by step", help: "How the weight of examples changes from 1.", kind: .trajectories(weights: "weight")),
            PanelSpec("leave-one-out error", title: "Leave-one-out error", help: "Measured against the labels as given: what the wrong ones among them cost is in it.",
                      kind: .lines(series: ["leave-one-out error/*"], x: .init("step"), y: .init("error", unit: "%"))),
            PanelSpec("arms", title: "Test error by arm", help: "A refit at the same lambda with each arm's weights.", kind: .table("arms")),
            PanelSpec("classes", title: "Classes", help: "A class whose mean weight sinks far below the others is being starved.", kind: .table("classes")),
            PanelSpec("lambda", title: "Lambda sweep", help: "Mean squared leave-one-out loss over the ridge strength; the least is chosen.",
                      kind: .lines(series: ["lambda sweep/leave-one-out"], x: .init("log10 lambda"), y: .init("mean squared loss"))),
            PanelSpec("extension", title: "Extend: error", help: "Test error over the number of added examples, DIVA's choice against a uniform one and the full pool.",
                      kind: .lines(series: ["extension error/*"], x: .init("added", unit: "examples"), y: .init("test error", unit: "%"))),
            PanelSpec("bad share", title: "Extend: bad share", help: "The share of mislabelled examples among those added.",
                      kind: .lines(series: ["bad share/*"], x: .init("added", unit: "examples"), y: .init("bad share"))),
            PanelSpec("picks", title: "Extend: picks", help: "How many of each class were added.", kind: .bars(table: "picks", label: "class", value: "picked")),
            PanelSpec("augmentation", title: "Augment: probabilities", help: "A transform that deserves less than the even share changes the class of what it is applied to.",
                      kind: .bars(table: "augmentation", label: "transform", value: "probability")),
            PanelSpec("gradient baselines", title: "Gradient baselines", help: "Weightings of the literature, trained by stochastic gradients on the same features.",
                      kind: .table("gradient baselines")),
            PanelSpec("log", title: "Notes", help: "What the run has to say about itself.", kind: .log),
        ]
    }
}
