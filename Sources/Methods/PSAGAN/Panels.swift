import Experiments

extension PSAGANMethod {
    public var panels: [PanelSpec] {
        let step = PanelSpec.Axis("step")
        return [
            PanelSpec("losses", title: "Adversarial losses", help: "L_D at 0.25 and L_adv at 0.125 mean that the discriminator cannot tell real from synthetic; a collapsed generator shows that too. Lines mark new blocks.",
                      kind: .lines(series: ["L_D/*", "L_adv/*"], x: step, y: .init("loss")), isWide: true, marks: "growth", dimmed: ["L_D/cannot tell 0.25", "L_adv/cannot tell 0.125"]),
            PanelSpec("moments", title: "Moment loss", help: "How far means and deviations of synthetic windows are from those of real ones; it should fall.",
                      kind: .lines(series: ["λ·ML/*"], x: step, y: .init("λ·ML")), marks: "growth"),
            PanelSpec("resolution", title: "Resolution", help: "Blocks by the length of their windows: grown, fading in, or to come.",
                      kind: .gauges(table: "resolution", label: "length", value: "share", scales: [8, 16, 32, 64, 128, 256, 512, 1024].map { .init("\($0)", high: 100) })),
            PanelSpec("windows now", title: "Real and synthetic", help: "A real window and two synthetic ones of the same series and time, at the resolution in training.", kind: .curves(table: "windows now", x: "hour", y: "scaled value")),
            PanelSpec("distance", title: "Context-FD in training", help: "The embedder's distance on 512 windows at the last resolution. The floor is real against real; the bootstrap is real data out of order.",
                      kind: .lines(series: ["FD/*"], x: step, y: .init("FD", logarithmic: true)), dimmed: ["FD/floor", "FD/seasonal bootstrap"]),
            PanelSpec("diversity", title: "Diversity δ", help: "The spread of draws over the spread of a window: at 0 the generator ignores its noise and repeats one profile.",
                      kind: .lines(series: ["δ/*"], x: step, y: .init("δ")), dimmed: ["δ/seasonal bootstrap"]),
            PanelSpec("gains", title: "Attention gains γ", help: "γ starts at 0; while it stays there, a block without attention is nearly the same.", kind: .lines(series: ["γ/*"], x: step, y: .init("γ"))),
            PanelSpec("triplet", title: "Embedder", help: "The triplet loss of the ruler; embeddings of zeros have 2 ln 2.", kind: .lines(series: ["triplet loss/*"], x: step, y: .init("loss", unit: "nats")), dimmed: ["triplet loss/chance 2 ln 2"]),
            PanelSpec("fidelity", title: "Generators and controls", help: "Distances on fresh windows of the training range (fit) and after it (hold), beside the floor and generators that learn nothing. A small FD with δ near 0 is a profile, not a sampler; a wrong phase shows in cRMSE alone.",
                      kind: .table("fidelity"), isWide: true),
            PanelSpec("hold", title: "The same on the hold-out", help: "Read it against the bootstrap: what has drifted is not the generator's fault.", kind: .table("fidelity, hold-out"), isWide: true),
            PanelSpec("autocorrelation", title: "Autocorrelation", help: "Mean over windows, each less its mean. Synthetic curves should follow the real one.", kind: .lines(series: ["autocorrelation/*"], x: .init("lag", unit: "h"), y: .init("autocorrelation"))),
            PanelSpec("values", title: "Values", help: "Scaled values, real against synthetic: the marginal distribution.", kind: .histogram(distribution: "values")),
            PanelSpec("profile", title: "By hour of day", help: "Mean and the middle eight tenths of the values.", kind: .lines(series: ["profile/*"], x: .init("hour"), y: .init("scaled value")), dimmed: ["profile/real 10 %", "profile/real 90 %"]),
            PanelSpec("samples", title: "Samples", help: "Left and right walk over windows: the real one, two draws, and the training window that is nearest to the first draw.", kind: .curves(table: "samples", x: "hour", y: "value"), isWide: true),
            PanelSpec("embeddings", title: "Embeddings", help: "Real and synthetic windows on the two main axes of the real ones: clouds should cover each other.", kind: .scatter(table: "embeddings", x: "first axis", y: "second axis")),
            PanelSpec("attention", title: "Attention of a block", help: "How much each hour (row) looks at each other in the generator's block that shown-block names, else in the finest.", kind: .heatMap(matrix: "attention")),
            PanelSpec("forecasts", title: "Forecasts", help: "Each way of filling, with its standard error over forecasts; the difference is to the first row. Without headroom (the truth no better than rolling through) fillings cannot be ranked.",
                      kind: .table("forecasts"), isWide: true),
            PanelSpec("forecast bars", title: "Forecasts by filling", help: "Lower is better.", kind: .groupedBars(table: "forecast bars", label: "filling", values: ["ND", "NRMSE"]), isWide: true),
            PanelSpec("by stretch", title: "NRMSE by missing data", help: "A generator helps where its curve lies below that of no filling.",
                      kind: .lines(series: ["NRMSE by stretch/*", "NRMSE by cold/*", "NRMSE by share/*"], x: .init("missing"), y: .init("NRMSE"))),
            PanelSpec("baselines", title: "Baselines' losses", help: "Each has a scale of its own.", kind: .lines(series: ["baseline loss/*"], x: step, y: .init("loss", logarithmic: true))),
            PanelSpec("end", title: "End of training", help: "Means over the last 50 steps.", kind: .table("end of training")),
            PanelSpec("log", title: "Notes", help: "What the run found worth saying.", kind: .log),
        ]
    }
}
