import Experiments

extension GraphRelationalDAMethod {
    private static let roles = ["source", "target"]

    public var panels: [PanelSpec] {
        let epoch = PanelSpec.Axis("epoch")
        return [
            PanelSpec("prediction", title: "Prediction loss", help: "L_f on the sources should fall for every method.", kind: .lines(series: ["L_f/*"], x: epoch, y: .init("L_f"))),
            PanelSpec("graph loss", title: "Graph loss", help: "L_D beside N ln 2, what a discriminator has that knows nothing: at the line the graph is hidden.",
                      kind: .lines(series: ["L_D/*"], x: epoch, y: .init("L_D", unit: "nats"))),
            PanelSpec("levels", title: "GRDA by hops", help: "Sources, and targets one, two, three or more hops away: the far ones are the test.",
                      kind: .lines(series: ["GRDA slot by level/*", "GRDA all by level/*", "GRDA slot-shared by level/*"], x: epoch, y: .init("metric"))),
            PanelSpec("base levels", title: "Source-only by hops", help: "The same network and embedding without an adversary.", kind: .lines(series: ["source-only by level/*"], x: epoch, y: .init("metric"))),
            PanelSpec("area", title: "Discriminator AUC", help: "How well the discriminator ranks edges before non-edges; at 0.5 the graph is hidden.",
                      kind: .lines(series: ["discriminator AUC/*"], x: epoch, y: .init("AUC"))),
            PanelSpec("map", title: "Domains", help: "Sources and targets by their place; colour and number are the metric. Walk with the arrows: neighbours light up and each method's figure is shown.",
                      kind: .graph("domain map", look: .init(groups: Self.roles, details: "domains", hasTiles: true)), isWide: true),
            PanelSpec("targets", title: "Targets by method", help: "The mean over target domains; no method is chosen by it.", kind: .lines(series: ["targets/*"], x: epoch, y: .init("metric"))),
            PanelSpec("facts", title: "Graph and pairs", help: "What the equilibrium leaves free, hops, and whether a pairing sees the classes of targets.", kind: .table("facts")),
            PanelSpec("by level", title: "Metric by level", help: "The paper's claim is a gain far from the sources.", kind: .table("by level"), isWide: true),
            PanelSpec("hops", title: "Metric by hops", help: "One group of bars a method.", kind: .groupedBars(table: "by level", label: "method", values: ["L1", "L2", "L3+"]), isWide: true),
            PanelSpec("differences", title: "Difference to source-only", help: "Mean ± standard error, paired over target domains: both have the embedding, so the rest is the adversary's share.",
                      kind: .table("difference to source-only"), isWide: true),
            PanelSpec("points", title: "Points and predictions", help: "Inputs with the class that is predicted; left and right show one domain alone.", kind: .scatter(table: "points", x: "x1", y: "x2")),
            PanelSpec("cycle", title: "A year of one domain", help: "Given and true months, and what each method says of the second half.",
                      kind: .lines(series: ["months of one domain/*", "years of one domain/*"], x: .init("step of the cycle"), y: .init("value"))),
            PanelSpec("embedding", title: "Embedding z", help: "Domains that are joined should point the same way.", kind: .graph("embedding z", look: .init(groups: Self.roles, details: "domains"))),
            PanelSpec("reconstruction graph", title: "Reconstructed embedding", help: "What the discriminator makes of encodings, on the scale of z; a heap means that the graph is hidden.",
                      kind: .graph("mean reconstruction", look: .init(groups: Self.roles, details: "domains"))),
            PanelSpec("adjacency", title: "Graph", help: "Which domains are joined.", kind: .heatMap(matrix: "adjacency")),
            PanelSpec("reconstruction", title: "Reconstructed graph", help: "The probability of an edge from mean encodings; without structure the graph is hidden.", kind: .heatMap(matrix: "reconstruction")),
            PanelSpec("domains", title: "Every domain", help: "Role, hops and each method's figure.", kind: .table("domains"), isWide: true),
            PanelSpec("classes", title: "Predicted classes", help: "A method that gives all targets one class has an accuracy near one half for a poor reason.", kind: .table("predicted classes on targets")),
            PanelSpec("embed loss", title: "Embedding loss", help: "L_g and AUC while z is made.", kind: .lines(series: ["embedding/*"], x: .init("step"), y: .init("L_g, AUC"))),
            PanelSpec("adversary", title: "Baselines' adversaries", help: "Each has a chance level of its own.", kind: .lines(series: ["adversary loss/*"], x: epoch, y: .init("loss"))),
            PanelSpec("log", title: "Notes", help: "What the run has to say about itself.", kind: .log),
        ]
    }
}
