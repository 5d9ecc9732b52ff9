import Augmentation
import Datasets
import Experiments
import Foundation

extension Trainer {
    /// The policy when it is found or given: layers, how far it is from others, and what it does to pictures.
    func reportPolicy(_ policy: AugmentationPolicy) {
        reportLayers(policy.layers, step: firstStep(ofLayer: state.search.done.count))
        let published = PublishedPolicies.deepAutoAugment
        table("layer summary", [.init("layer"), .init("entropy", unit: "nats", digits: 3), .init("most probable"), .init("J first", digits: 3), .init("J last", digits: 3, better: .higher), .init("distance to uniform", digits: 3), .init("distance to published", digits: 3)],
              policy.layers.enumerated().map { place, layer in
            let sums = AugmentationPolicy.transformSums(layer).sorted { $0.probability > $1.probability }.prefix(4)
            let cosines = state.search.cosines.indices.contains(place) ? state.search.cosines[place] : []
            func mean(_ part: ArraySlice<Double>) -> Cell { part.isEmpty ? .empty : .number(part.reduce(0, +) / Double(part.count)) }
            let uniform = Array(repeating: 1 / Double(layer.count), count: layer.count)
            return [.text("\(place + 1)"), .number(AugmentationPolicy.entropy(layer)), .text(sums.map { "\($0.transform.rawValue) \(String(format: "%.2f", $0.probability))" }.joined(separator: ", ")), mean(cosines.prefix(10)),
                    mean(cosines.suffix(10)), .number(AugmentationPolicy.totalVariation(layer, uniform)),
                    published.layers.indices.contains(place) ? .number(AugmentationPolicy.totalVariation(layer, published.layers[place])) : .empty]
        })
        reportChains(policy)
        guard settings.evaluationNetwork != .tiny else { return }
        table("reported", [.init("method"), .init("CIFAR-10", unit: "%", digits: 2, better: .higher), .init("CIFAR-100", unit: "%", digits: 2, better: .higher)], Self.reported.map { [.text($0.0), .number($0.1), $0.2.map { .number($0) } ?? .empty] })
    }

    /// Test accuracy of WRN-28-10 as papers report it, remembered and not read again; PBA to DADA were not run here.
    static let reported: [(String, Double, Double?)] = [
        ("baseline (reported)", 96.1, 81.2), ("AutoAugment (reported)", 97.4, 82.9), ("PBA (reported)", 97.4, 83.3), ("Fast AA (reported)", 97.3, 82.7), ("Faster AA (reported)", 97.4, 82.7), ("DADA (reported)", 97.3, 82.5),
        ("RandAugment (reported)", 97.3, 83.3), ("UniformAugment (reported)", 97.33, 82.82), ("TrivialAugment (reported)", 97.46, 83.54), ("TrivialAugment wide (reported)", 97.46, 84.33), ("DeepAA (reported, ±0.14, ±0.18)", 97.56, 84.02),
    ]

    /// A picture with twelve chains: before and after, and the same as text.
    private func reportChains(_ policy: AugmentationPolicy) {
        let pictures = material.training, chosen = pictures.count > 0 ? [0] : []
        var editor = PixelEditor(width: pictures.width, height: pictures.height), rows: [[Cell]] = [], items: [RunEvent.ImageSet.Item] = []
        func picture(_ row: Int, _ chain: [PixelOperation]) -> Thumbnail? {
            editor.load(pictures.pixels, at: row * pictures.pictureSize)
            editor.apply(chain)
            return Thumbnail(width: pictures.width, height: pictures.height, channels: 3, pixels: editor.pixels)
        }
        for (place, row) in chosen.enumerated() {
            var random = context.random.stream("chains", place)
            let name = pictures.classNames[Int(pictures.labels[row])]
            items.append(.init(identifier: 13 * place, caption: name, thumbnail: picture(row, [])))
            for draw in 0..<12 {
                var chain: [PixelOperation] = []
                Augmentation(automatic: .policy(policy, mirrorsSigns: false)).draw(width: pictures.width, height: pictures.height, into: &chain, &random)
                // What does nothing is left out of the text.
                let words = chain.filter { $0 != .identity }.map(\.label), text = words.isEmpty ? "unchanged" : words.joined(separator: " > ")
                items.append(.init(identifier: 13 * place + 1 + draw, caption: text, thumbnail: picture(row, chain)))
                rows.append([.text(name), .number(Double(draw + 1)), .text(text)])
            }
        }
        context.emit(.images(.init(name: "samples", items: items)))
        table("chains", [.init("picture"), .init("draw", digits: 0), .init("chain")], rows)
    }

    // MARK: - Evaluation

    /// The arms that are done, each against the default of the same seed.
    func reportArms() {
        let base = state.judged.first { $0.arm == "default" }
        table("arms", [.init("arm"), .init("test accuracy", unit: "%", digits: 1, better: .higher), .init("training accuracy, clean", unit: "%", digits: 1), .init("gap", unit: "points", digits: 1), .init("against default", unit: "points", digits: 1), .init("remark")],
              state.judged.map { arm in
            let difference = base.map { arm.test - $0.test }
            let remark = arm.clean < 70 ? "underfits: train longer or a wider network" : ""
            return [.text(arm.arm), .number(arm.test), .number(arm.clean), .number(arm.clean - arm.test), difference.map { .number($0) } ?? .empty, .text(remark)]
        })
    }

    mutating func report() throws {
        try context.proceed()
        reportArms()
        let base = state.judged.contains { $0.arm == "default" } ? "default" : nil
        // What the run is about stands first.
        var judged: [RunEvent.Result] = []
        for arm in state.judged.filter({ $0.arm == "deepaa" }) + state.judged.filter({ $0.arm != "deepaa" }) {
            judged.append(.init(name: "test accuracy", arm: arm.arm, unit: "%", value: arm.test, better: .higher, baseline: arm.arm == "default" || arm.arm == "none" ? nil : base))
            judged.append(.init(name: "training accuracy, clean", arm: arm.arm, unit: "%", value: arm.clean, better: .neither))
        }
        state.results = judged + state.results
        let epochs = settings.evaluation.epochs * settings.evaluation.copies
        let trained = [settings.pretraining.epochs * material.pretraining.count * (state.pretrained.isEmpty ? 0 : 1), 0, state.judged.count * epochs * material.training.count]
        table("processor seconds", [.init("phase"), .init("seconds", unit: "s of one core", digits: 1), .init("pictures trained on", digits: 0), .init("pictures a second", digits: 0)],
              zip(["pretraining", "search", "evaluation with its tests"], state.seconds).enumerated().map { place, phase in
            let rate: Cell = trained[place] > 0 && phase.1 > 0 ? .number(Double(trained[place]) / phase.1) : .empty
            return [.text(phase.0), .number(phase.1), trained[place] > 0 ? .number(Double(trained[place])) : .empty, rate]
        })
        guard let own = state.judged.first(where: { $0.arm == "deepaa" }) else { return }
        for other in state.judged where other.arm != "deepaa" && other.test >= own.test {
            context.warning("deepaa does not beat \(other.arm): \(short(own.test)) against \(short(other.test)) % (clean training accuracy \(short(own.clean)) %)" + (own.clean < 70 ? "; it underfits, so try more epochs or a wider network" : ""))
        }
    }
}
