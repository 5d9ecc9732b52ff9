import Experiments

extension DeepAutoAugmentMethod {
    public var panels: [PanelSpec] {
        let step = PanelSpec.Axis("step"), epoch = PanelSpec.Axis("epoch")
        return [
            PanelSpec("policy", title: "Policy", help: "Probability of all 139 operations of the layer at work, changing while it is searched: a transform a row with its sum, the most probable first; a magnitude a column, m6 for what has none.", kind: .heatMap(matrix: "policy"), isWide: true),
            PanelSpec("cosine", title: "Gradient match", help: "Cosine between the gradients of augmented copies and of unseen pictures of the class; it should rise within a layer.", kind: .lines(series: ["cosine/*"], x: step, y: .init("J")), marks: "layer starts", dimmed: ["cosine/mean J"]),
            PanelSpec("probability", title: "Largest probabilities", help: "The eight most probable transforms, and Identity, which each layer begins with.", kind: .lines(series: ["probability/*"], x: step, y: .init("probability")), marks: "layer starts"),
            PanelSpec("arms", title: "Arms", help: "One protocol for all; differences are to the default of the same seed.", kind: .table("arms"), isWide: true),
            PanelSpec("shares", title: "Layers", help: "What each layer does: transforms above 2 %, the rest together.", kind: .stackedBars(table: "shares", label: "layer", part: "transform", value: "probability"), isWide: true),
            PanelSpec("test", title: "Test accuracy", help: "While training, a line an arm; the last epoch counts.", kind: .lines(series: ["test accuracy/*"], x: epoch, y: .init("accuracy", unit: "%"))),
            PanelSpec("samples", title: "What it does to pictures", help: "Pictures before, and after chains that the policy drew.", kind: .images("samples"), isWide: true),
            PanelSpec("chains", title: "Chains", help: "The same chains as text.", kind: .table("chains"), isWide: true),
            PanelSpec("layers", title: "Layer by layer", help: "Probability of each transform in each layer.", kind: .heatMap(matrix: "layers")),
            PanelSpec("layer summary", title: "Layers in numbers", help: "Entropy 4.934 is uniform; distance is total variation, 0 equal to 1 nothing in common.", kind: .table("layer summary"), isWide: true),
            PanelSpec("entropy", title: "Entropy", help: "How undecided the layer is; it begins near zero, as Identity.", kind: .lines(series: ["entropy/*"], x: step, y: .init("entropy", unit: "nats")), marks: "layer starts", dimmed: ["entropy/uniform, ln 139"]),
            PanelSpec("operations", title: "Most probable operations", help: "Magnitude, value and probability, and the reward of the last 50 steps.", kind: .table("operations"), isWide: true),
            PanelSpec("importance", title: "What helps and what hurts", help: "Reward of each operation when nothing is done yet: answers without a search.", kind: .table("importance"), isWide: true),
            PanelSpec("importance by transform", title: "Importance by transform", help: "The best operation of each transform.", kind: .bars(table: "importance by transform", label: "transform", value: "best c")),
            PanelSpec("rewards", title: "Rewards of the step", help: "What turning up each operation would do to the match, as the step's images say together.", kind: .heatMap(matrix: "rewards"), isWide: true),
            PanelSpec("magnitudes", title: "Magnitudes", help: "Probability by magnitude, over the transforms that have one: both ends are strong.", kind: .groupedBars(table: "magnitudes", label: "magnitude", values: (1...6).map { "layer \($0)" }), isWide: true),
            PanelSpec("strip", title: "This step's picture", help: "The picture as it is, then with one operation more a layer.", kind: .images("strip")),
            PanelSpec("cosines", title: "Match of the step's images", help: "The cosine of each image.", kind: .histogram(distribution: "cosines")),
            PanelSpec("training", title: "Training accuracy", help: "On augmented pictures: stronger augmentation lies lower.", kind: .lines(series: ["training accuracy/*"], x: epoch, y: .init("accuracy", unit: "%"))),
            PanelSpec("loss", title: "Training loss", help: "On augmented pictures.", kind: .lines(series: ["training loss/*"], x: epoch, y: .init("loss", unit: "nats", logarithmic: true))),
            PanelSpec("seconds", title: "Processor time", help: "Of one core.", kind: .table("processor seconds")),
            PanelSpec("parts", title: "Parts", help: "Which pictures play which role.", kind: .table("parts")),
            PanelSpec("reported", title: "Reported elsewhere", help: "WRN-28-10 as papers report it, remembered and not read again.", kind: .table("reported"), isWide: true),
            PanelSpec("log", title: "Notes", help: "What the run has to say about itself.", kind: .log),
        ]
    }
}
