import Experiments

extension ColdBrewMethod {
    public var panels: [PanelSpec] {
        let epoch = PanelSpec.Axis("epoch"), percent = PanelSpec.Axis("accuracy", unit: "%")
        return [
            PanelSpec("teacher", title: "Teacher by group", help: "Tail and head learn from their edges; isolation has none.", kind: .lines(series: ["teacher*"], x: epoch, y: percent)),
            PanelSpec("student", title: "Student by group", help: "Isolation should lie well above the MLP's.", kind: .lines(series: ["student accuracy/*"], x: epoch, y: percent)),
            PanelSpec("loss", title: "Loss by stage", help: "Every stage's loss should fall.", kind: .lines(series: ["loss/*"], x: epoch, y: .init("loss", logarithmic: true))),
            PanelSpec("penalty", title: "Embedding penalty", help: "η R(E): with a strong η it should fall to nearly nothing.", kind: .lines(series: ["penalty/*"], x: epoch, y: .init("penalty", logarithmic: true))),
            PanelSpec("guess", title: "Guess of the embedding", help: "Held-out error over the variance of the embedding: 1 means nothing was learnt.", kind: .lines(series: ["held-out error/*"], x: epoch, y: .init("ratio"))),
            PanelSpec("accuracy", title: "Accuracy by model and group", help: "Compare student and MLP 256 on isolation, and the student with and without virtual neighbours.", kind: .table("accuracy"), isWide: true),
            PanelSpec("degrees-teacher", title: "Teacher by degree", help: "Accuracy by degree in the reduced graph.", kind: .bars(table: "accuracy by degree", label: "degree", value: "teacher")),
            PanelSpec("degrees-student", title: "Student by degree", help: "It should lose least at degree 0.", kind: .bars(table: "accuracy by degree", label: "degree", value: "student")),
            PanelSpec("degrees-mlp", title: "MLP by degree", help: "It sees no edges, so degree should matter little.", kind: .bars(table: "accuracy by degree", label: "degree", value: "MLP 256")),
            PanelSpec("purity", title: "Purity of virtual neighbours", help: "The weight of neighbours that share the node's class, beside random nodes.", kind: .histogram(distribution: "neighbour purity")),
            PanelSpec("neighbours", title: "Virtual neighbours of isolated nodes", help: "Do class and neighbours' classes agree?", kind: .table("virtual neighbours"), isWide: true),
            PanelSpec("contribution", title: "Features or edges", help: "FCR below 50 %: edges carry the task; 50 to 100 %: features; above: aggregation hurts.", kind: .table("feature contribution")),
            PanelSpec("degrees", title: "Degrees", help: "Degree + 1 against the number of nodes.", kind: .lines(series: ["degrees/*"], x: .init("degree + 1", logarithmic: true), y: .init("nodes", logarithmic: true))),
            PanelSpec("log", title: "Notes", help: "What the run found worth saying.", kind: .log),
        ]
    }
}
