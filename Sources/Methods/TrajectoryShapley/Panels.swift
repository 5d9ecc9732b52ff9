import Experiments

extension TrajectoryShapleyMethod {
    public var panels: [PanelSpec] {
        let step = PanelSpec.Axis("step"), targets = PanelSpec.Axis("targets")
        let bars = ["past", "interaction", "random", "null"]
        return [
            PanelSpec("loss", title: "Loss", help: "Training and validation likelihood a step; the best validation is kept.", kind: .lines(series: ["validation/*", "training/*"], x: step, y: .init("loss", unit: "nats")), dimmed: ["training/*"]),
            PanelSpec("error", title: "Validation ADE", help: "Mean displacement of the likeliest mode, beside constant velocity.", kind: .lines(series: ["validation ADE/*"], x: step, y: .init("ADE", unit: "m")), dimmed: ["validation ADE/CV"]),
            PanelSpec("scenes", title: "Scenes", help: "Targets with the most interaction first: past, truth and predictions, and each neighbour's worth as thickness and number. Arrows step, P plays.", kind: .scenes("scenes"), isWide: true),
            PanelSpec("contributions", title: "Contributions", help: "The paper's picture: what the past, the most useful neighbour, a stranger, and the most useful of another's neighbours add.", kind: .groupedBars(table: "contributions", label: "model", values: bars), isWide: true),
            PanelSpec("neighbours", title: "Contributions without the past", help: "The past dwarfs the rest.", kind: .groupedBars(table: "contributions", label: "model", values: Array(bars.dropFirst())), isWide: true),
            PanelSpec("contributions in metres", title: "Contributions in metres", help: "The same for the mean displacement: the two measures disagree.", kind: .groupedBars(table: "contributions, ADE", label: "model", values: bars), isWide: true),
            PanelSpec("exchange", title: "Real, exchanged and no neighbours", help: "Error with real neighbours (R), with another target's (W) and with none (0): W − R is what their behaviour tells, 0 − W that somebody is there.", kind: .groupedBars(table: "exchange", label: "model", values: ["R", "W", "0"]), isWide: true),
            PanelSpec("exchange in metres", title: "The same in metres", help: "R, W and 0 as mean displacement.", kind: .groupedBars(table: "exchange, ADE", label: "model", values: ["R", "W", "0"]), isWide: true),
            PanelSpec("exchange table", title: "Content and presence", help: "Means with 95 % intervals over scenes. Only differences to the null are evidence.", kind: .table("exchange"), isWide: true),
            PanelSpec("exchange table in metres", title: "Content and presence in metres", help: "The same for the mean displacement.", kind: .table("exchange, ADE"), isWide: true),
            PanelSpec("models", title: "Models", help: "Errors on the test targets, with and without neighbours.", kind: .table("models"), isWide: true),
            PanelSpec("moments", title: "Moments with the most interaction", help: "The same scenes as rows: their numbers lead there.", kind: .table("moments"), isWide: true),
            PanelSpec("local", title: "Local social score", help: "max φ_j of each target beside its null.", kind: .histogram(distribution: "local social score")),
            PanelSpec("distance", title: "ψ by distance", help: "What a neighbour is worth when the past is known, by its distance at the last step.", kind: .bars(table: "ψ by distance", label: "distance", value: "mean ψ")),
            PanelSpec("distance table", title: "ψ by distance, with errors", help: "Mean ± standard error over pairs.", kind: .table("ψ by distance")),
            PanelSpec("hits", title: "Who moves whom", help: "How often the largest value is the neighbour that truly has the largest influence; generated scenes only.", kind: .groupedBars(table: "hits by influence", label: "influence C", values: ["ψ", "φ", "nearest", "chance"])),
            PanelSpec("estimators", title: "Estimators", help: "Error of sampled values against exact ones.", kind: .lines(series: ["rmse of φ_j/*"], x: .init("walks", logarithmic: true), y: .init("rmse", unit: "nats", logarithmic: true))),
            PanelSpec("estimator table", title: "Estimators, in numbers", help: "Noise alone raises the maximum; the published code's estimator is a Banzhaf value.", kind: .table("estimators"), isWide: true),
            PanelSpec("running", title: "Attribution so far", help: "Running means over targets: the social score is a maximum, so it means nothing without its null.", kind: .lines(series: ["social so far/*", "null so far/*"], x: targets, y: .init("value"))),
            PanelSpec("running table", title: "Attribution so far, with errors", help: "Running means ± standard errors over the targets that are done.", kind: .table("attribution so far"), isWide: true),
            PanelSpec("running past", title: "Past so far", help: "Running mean of the past's share.", kind: .lines(series: ["past so far/*"], x: targets, y: .init("φ past"))),
            PanelSpec("endpoint", title: "Endpoint model", help: "PECNet has no likelihood: its own loss, and the least displacement of its samples on validation targets.", kind: .lines(series: ["training loss/*", "validation minADE/*"], x: step, y: .init("loss"))),
            PanelSpec("log", title: "Notes", help: "What the run has to say about itself.", kind: .log),
        ]
    }
}
