import Experiments

extension DeepAutoAugmentMethod {
    /// The sheet's acceptance rows (section 6) for what the study holds.
    public func acceptance(for study: StudySummary) -> [AcceptanceRow] {
        switch study.plan {
        case .smoke: smokeRows(study)
        case .standard: shapeRows(study) + pictureRows(study)
        case .paper: []
        }
    }

    /// The runs of one data set and condition; nil when none was asked for.
    private struct Part {
        let study: StudySummary
        let dataset: String, condition: String

        init?(_ study: StudySummary, _ dataset: String, _ condition: String) {
            guard study.runs.contains(where: { $0.request.dataset == dataset && $0.request.condition == condition }) else { return nil }
            (self.study, self.dataset, self.condition) = (study, dataset, condition)
        }

        func values(_ name: String, _ arm: String = "deepaa") -> [UInt64: Double] { study.values(name, arm: arm, dataset: dataset, condition: condition) }
        /// How much J rises in a layer.
        func rise(_ layer: Int) -> [UInt64: Double] { values("layer \(layer): J, last ten steps").differences(to: values("layer \(layer): J, first ten steps")) }
        /// Test accuracy of one arm less another's, by seed, in points.
        func gain(_ arm: String, over other: String) -> [UInt64: Double] { values("test accuracy", arm).differences(to: values("test accuracy", other)) }
    }

    private func smokeRows(_ study: StudySummary) -> [AcceptanceRow] {
        guard let run = study.runs.first(where: { $0.state == .finished }) else { return [] }
        let entropy = run.results.first { $0.name == "layer 1: entropy" }?.value, identity = run.results.first { $0.name == "layer 1: p of Identity" }?.value
        return [.above(0.3, name: "entropy of the layer after its first steps, nats (0.42 at the start)", measured: entropy), .below(1, name: "p of Identity", measured: identity)]
    }

    private func shapeRows(_ study: StudySummary) -> [AcceptanceRow] {
        guard let part = Part(study, "shapes32", Self.shapes) else { return [] }
        // The sheet's prototype had 52 and 59 % without augmentation; here it is 80 to 90 %, and PyTorch with the same network, generator and
        // schedule gives 80.5 and 81.4 %, so the distance of 20 points to it is out of reach for any arm.
        let harmful = ["Flip", "Invert", "Color m0"].flatMap { part.values("layer 1: p of \($0)").values }
        return [
            .atLeast(0.8, name: "shapes32, layer 1: p of moves, Brightness and Crop, least seed", measured: part.values("layer 1: p of moves, Brightness and Crop").values.min()),
            .atMost(0.01, name: "shapes32, layer 1: largest of p(Flip), p(Invert), p(Color m0), all seeds", measured: harmful.max()),
            .atLeast(0.04, name: "shapes32, layer 1: rise of J, least seed", measured: part.rise(1).values.min()),
            .atLeast(20, name: "shapes32: deepaa less none, points, least seed", measured: part.gain("deepaa", over: "none").values.min()),
            .atLeast(10, name: "shapes32: deepaa less default, points, least seed", measured: part.gain("deepaa", over: "default").values.min()),
            .above(0, name: "shapes32: deepaa less uniform139, points, mean", measured: part.gain("deepaa", over: "uniform139").mean),
            .above(0, name: "shapes32: rise of J in layer 2, mean (target)", measured: part.rise(2).mean),
            .above(0, name: "shapes32: deepaa less trivial alone, points, mean (target; the sheet's was −3)", measured: part.gain("deepaa", over: "trivial alone").mean),
        ]
    }

    private func pictureRows(_ study: StudySummary) -> [AcceptanceRow] {
        guard let part = Part(study, "cifar10-subset", Self.pictures) else { return [] }
        let leads = part.values("layer 2: Cutout leads"), identity = part.values("layer 2: p of Identity")
        // Seeds in which both hold.
        let both = leads.keys.count { leads[$0] == 1 && (identity[$0] ?? 1) < 0.1 }
        return [
            .atLeast(0.02, name: "CIFAR, layer 1: rise of J, least seed", measured: part.rise(1).values.min()),
            .atLeast(leads.count >= 3 ? 2 : Double(max(1, leads.count)), name: "CIFAR, layer 2: seeds in which Cutout leads and p(Identity) < 0.1", measured: leads.isEmpty ? nil : Double(both)),
            .atLeast(2, name: "CIFAR: default less none, points, mean", measured: part.gain("default", over: "none").mean),
            .above(0, name: "CIFAR: deepaa less default, points, mean (target; the sheet's was −8)", measured: part.gain("deepaa", over: "default").mean),
        ]
    }
}
