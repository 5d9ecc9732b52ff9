import Experiments

extension GIANTMethod {
    public var panels: [PanelSpec] {
        let step = PanelSpec.Axis("step"), percent = PanelSpec.Axis("recall", unit: "%")
        return [
            PanelSpec("accuracy", title: "Accuracy by features and model", help: "The best of each model is bold. Without pre-trained weights compare GIANT‖LSA with LSA, and GIANT with its ablations.",
                      kind: .table("accuracy"), isWide: true),
            PanelSpec("loss", title: "Loss by step", help: "Levels begin at the marked steps: heads and rate begin anew, the encoder goes on.",
                      kind: .lines(series: ["loss/GIANT*"], x: step, y: .init("loss", logarithmic: true)), marks: "levels", dimmed: ["loss/GIANT, *"]),
            PanelSpec("rate", title: "Learning rate", help: "Warm-up and linear decay, anew at each level.", kind: .lines(series: ["rate/GIANT"], x: step, y: .init("rate")), marks: "levels"),
            PanelSpec("recall", title: "Recall of clusters by level", help: "Of the clusters of a node's neighbours, how many are among the model's best k. It should lie well above the guess; held-out edges show memorising.",
                      kind: .groupedBars(table: "cluster recall", label: "level", values: ["training edges", "held-out edges", "random guess"])),
            PanelSpec("recall-steps", title: "Recall while training", help: "When recall on held-out edges falls, the level trains too long.",
                      kind: .lines(series: ["held-out recall/GIANT, K*", "recall/GIANT, K*"], x: step, y: percent), marks: "levels", dimmed: ["recall/*"]),
            PanelSpec("active", title: "Active clusters", help: "Clusters in a row's loss, mean over the batch.", kind: .lines(series: ["active clusters/*"], x: step, y: .init("clusters")), marks: "levels"),
            PanelSpec("man", title: "Matcher-aware negatives", help: "The share of active clusters that come from the model's own predictions alone.",
                      kind: .lines(series: ["share of man negatives/*"], x: step, y: .init("share", unit: "%")), marks: "levels"),
            PanelSpec("phases", title: "Phases", help: "Time, rate and memory of what is done.", kind: .table("phases")),
            PanelSpec("degree", title: "Gain over LSA by degree", help: "Points of accuracy: where neighbours are many, the text encoder had most to learn from.",
                      kind: .groupedBars(table: "gain by degree", label: "degree", values: ["GIANT − LSA", "GIANT‖LSA − LSA"])),
            PanelSpec("rates", title: "Accuracy by label rate", help: "An MLP on the same test nodes as labels grow.",
                      kind: .lines(series: ["learning curve/*"], x: .init("labelled", unit: "%", logarithmic: true), y: .init("accuracy", unit: "%"))),
            PanelSpec("tree", title: "Label tree", help: "Walk down the clusters: terms, classes, members. Pure clusters are what GIANT learns from.",
                      kind: .inspector(items: "cluster tree", details: "cluster members", key: "cluster"), isWide: true),
            PanelSpec("nodes", title: "Nodes", help: "Text, true and predicted neighbours, and the nearest nodes before and after training.",
                      kind: .inspector(items: "nodes", details: "node relations", key: "node"), isWide: true),
            PanelSpec("ranking", title: "Held-out neighbours", help: "Precision and recall of held-out neighbours among all nodes, training neighbours left out: by the heads and the cosine inside the leaves, and by XR-Linear.",
                      kind: .table("held-out neighbours")),
            PanelSpec("log", title: "Notes", help: "What the run found worth saying.", kind: .log),
        ]
    }
}
