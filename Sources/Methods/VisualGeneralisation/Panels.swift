import Experiments

extension VisualGeneralisationMethod {
    public var panels: [PanelSpec] {
        let step = PanelSpec.Axis("step")
        return [
            PanelSpec("scores", title: "R² by model", help: "Mean over factors, iid beside test, the best first. “clamp” says the nearest seen value, “mean” the training mean: above clamp a model extrapolates. ○ latent, ■ architecture, ▲ transfer, × not in the study. Up and down: the mean over which factors.",
                      kind: .groupedBars(table: "scores", label: "model", values: ["iid", "test"]), isWide: true),
            PanelSpec("queue", title: "Queue", help: "Every model with its state, its time and its R² so far.", kind: .table("queue"), isWide: true),
            PanelSpec("r2", title: "R² while training", help: "Of unseen images of the training part (iid) and of the test part. For looking alone: nothing is chosen by it.",
                      kind: .lines(series: ["R² test/*", "R² iid/*"], x: step, y: .init("R²", floor: -1)), dimmed: ["R² iid/*"]),
            PanelSpec("loss", title: "Loss", help: "Sum over factors of squared errors, mean over the batch.", kind: .lines(series: ["loss/*", "pretraining loss/*"], x: step, y: .init("loss", logarithmic: true)), dimmed: ["pretraining loss/*"]),
            PanelSpec("factors", title: "R² by factor, test", help: "▲: on the images in which this factor alone is out of distribution the model beats clamp.", kind: .table("factors"), isWide: true),
            PanelSpec("modularity", title: "Modularity", help: "Where one factor alone is out of distribution: R² of the others to the right, of the factor itself upwards. Right and low: errors are modular. Left and right: one factor at a time.",
                      kind: .scatter(table: "modularity", x: "R² of the others", y: "R² of the factor")),
            PanelSpec("one-factor", title: "One factor alone", help: "R² of the factor that is out of distribution, of the others, how far predictions go from the training mean (1: as far as they should), and how often a seen value is said.", kind: .table("one factor"), isWide: true),
            PanelSpec("predictions", title: "Predictions by true value", help: "Median and the middle eight tenths. Unseen values have a line of their own; clamp and the training mean stand beside. Left and right: model and factor.",
                      kind: .curves(table: "predictions", x: "true value", y: "predicted")),
            PanelSpec("ratio", title: "Tendency to the mean", help: "|prediction − m| / |target − m| with m the training mean: below 1 is drawn to the mean. Ratios above 2 are counted at 2.", kind: .histogram(distribution: "ratio")),
            PanelSpec("representation", title: "Reconstruction and KL", help: "Of latent kinds, in nats an image.", kind: .lines(series: ["reconstruction/*", "KL/*"], x: step, y: .init("nats an image", unit: "nats", logarithmic: true))),
            PanelSpec("pairs", title: "Pairs told right", help: "PCL: true pairs told from false ones; chance is 0.5.", kind: .lines(series: ["pair accuracy/*"], x: step, y: .init("accuracy"))),
            PanelSpec("disentanglement", title: "Disentanglement", help: "Mutual information gap, and DCI with boosted trees, on the training part.", kind: .table("disentanglement")),
            PanelSpec("importance", title: "Importance of latents for factors", help: "Share of the squared error that a latent's splits take away; columns sum to 1 for each model.", kind: .heatMap(matrix: "importance")),
            PanelSpec("dci", title: "Disentanglement and generalisation", help: "DCI-D against R² on test, a point a latent model.", kind: .scatter(table: "disentanglement", x: "DCI-D", y: "R² test")),
            PanelSpec("correlation", title: "Rank correlations", help: "Over the latent models of this run; fewer than 8 say little.", kind: .table("correlation")),
            PanelSpec("errors", title: "Squared error by factor, test", help: "Of targets from 0 to 1.", kind: .table("errors"), isWide: true),
            PanelSpec("heat", title: "R² by factor, as a map", help: "One row a model.", kind: .heatMap(matrix: "R² by factor")),
            PanelSpec("division", title: "Division", help: "Factors, their values, and what is held out; the number of images in which each is out of distribution alone.", kind: .table("division"), isWide: true),
            PanelSpec("examples", title: "Images", help: "Of each part, with their factor values.", kind: .images("examples"), isWide: true),
            PanelSpec("log", title: "Notes", help: "What the run says about itself.", kind: .log),
        ]
    }
}
