import Experiments

extension ColdBrewMethod {
    public var panels: [PanelSpec] {
        let epoch = PanelSpec.Axis("epoch"), percent = PanelSpec.Axis("accuracy", unit: "%")
        return [
            PanelSpec("accuracy", title: "Accuracy by model and group", help: "The best of each group is bold; the last column is the gain over MLP 256 on isolated nodes. Compare the student with and without virtual neighbours.",
                      kind: .table("accuracy"), isWide: true),
            PanelSpec("links", title: "Removed edges by model", help: "How far up an isolated node's true neighbours come among nodes that are not joined to it: the mean of 1 / rank. The last column is the gain over MLP 256.",
                      kind: .table("link ranking"), isWide: true),
            PanelSpec("isolation ranks", title: "Removed edges while training", help: "Mean reciprocal rank of edges of isolated nodes, which no model has seen.",
                      kind: .lines(series: ["isolation MRR/*"], x: epoch, y: .init("MRR", unit: "%"))),
            PanelSpec("connected ranks", title: "Held-out edges while training", help: "The same for edges between nodes that have other neighbours: here a graph network should be ahead.",
                      kind: .lines(series: ["connected MRR/*"], x: epoch, y: .init("MRR", unit: "%"))),
            PanelSpec("teacher", title: "Teacher by group", help: "Tail and head learn from their edges; isolation has none. Validation, which chooses the epoch, is dim.",
                      kind: .lines(series: ["teacher accuracy/*"], x: epoch, y: percent), dimmed: ["teacher accuracy/validation"]),
            PanelSpec("student", title: "Student by group", help: "Isolation should lie well above the MLP's. Validation, which chooses the epoch, is dim.",
                      kind: .lines(series: ["student accuracy/*"], x: epoch, y: percent), dimmed: ["student accuracy/validation"]),
            PanelSpec("loss", title: "Loss by stage", help: "Every classifier's loss should fall. The teacher's is its cross-entropy; its penalty has a panel of its own.",
                      kind: .lines(series: ["loss/*"], x: epoch, y: .init("loss", logarithmic: true))),
            PanelSpec("penalty", title: "Embedding penalty", help: "η R(E): with a strong η it should fall to nearly nothing.",
                      kind: .lines(series: ["penalty/*"], x: epoch, y: .init("penalty", logarithmic: true))),
            PanelSpec("guess", title: "Guess of the embedding", help: "Squared error of the first network, while training and held out, the embedding's deviation being 1; over the variance, 1 means that nothing was learnt.",
                      kind: .lines(series: ["guess error/*"], x: epoch, y: .init("error"))),
            PanelSpec("isolation", title: "Isolation by model", help: "Accuracy on isolated nodes while each model trains.",
                      kind: .lines(series: ["isolation accuracy/*"], x: epoch, y: percent)),
            PanelSpec("degree", title: "Accuracy by degree", help: "Degrees of the reduced graph. The student should lose least at degree 0; the MLP sees no edges, so its bars should be level.",
                      kind: .groupedBars(table: "accuracy by degree", label: "degree", values: ["GCN", "teacher", "student", "MLP 256"])),
            PanelSpec("contribution", title: "Features or edges", help: "FCR below 50 %: edges carry the task; 50 to 100 %: features do; above: aggregation hurts.",
                      kind: .gauges(table: "feature contribution", label: "figure", value: "value",
                                    scales: [.init("FCR", high: 200, marks: [50, 100]), .init("homophily β", high: 100)])),
            PanelSpec("purity", title: "Neighbour purity", help: "The weight of a node's virtual neighbours that share its class, over isolated nodes, beside that of random nodes.",
                      kind: .histogram(distribution: "neighbour purity")),
            PanelSpec("degrees", title: "Degrees", help: "Nodes by degree + 1 in the whole graph, with the limits of the groups.",
                      kind: .lines(series: ["degrees/nodes"], x: .init("degree + 1", logarithmic: true), y: .init("nodes", logarithmic: true)), marks: "group limits"),
            PanelSpec("inspector", title: "Virtual neighbours", help: "Walk over the isolated nodes: do the neighbours that the student was given share the node's class?",
                      kind: .inspector(items: "isolated nodes", details: "virtual neighbours", key: "node"), isWide: true),
            PanelSpec("log", title: "Notes", help: "What the run found worth saying.", kind: .log),
        ]
    }
}
