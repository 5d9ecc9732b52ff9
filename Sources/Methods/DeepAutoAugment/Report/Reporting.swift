import Augmentation
import Datasets
import Experiments
import Foundation

extension Trainer {
    typealias Cell = RunEvent.Table.Cell

    func table(_ name: String, _ columns: [RunEvent.Table.Column], _ rows: [[Cell]]) { context.emit(.table(.init(name: name, columns: columns, rows: rows))) }

    /// Before the first stage: what is looked at.
    func reportMaterial() {
        let rows: [(String, Int)] = [("pretraining", material.pretraining.count), ("search", material.search.count), ("validation", material.validation.count), ("evaluation", material.training.count), ("test", material.test.count)]
        table("parts", [.init("part"), .init("pictures", digits: 0)], rows.map { [.text($0.0), .number(Double($0.1))] })
        context.note("\(settings.network.name) searches and \(settings.evaluationNetwork.name) is trained with each arm; signs of shear, translation and rotation are \(settings.choices.mirrorsSigns ? "mirrored at random" : "kept") in the evaluation")
    }

    // MARK: - Importance

    /// Operations sorted by their reward at "do nothing".
    func reportImportance(_ summary: PolicySearch.RewardSummary, images: Int) {
        let order = summary.mean.indices.sorted { (-summary.mean[$0], $0) < (-summary.mean[$1], $1) }
        table("importance", [.init("operation"), .init("value"), .init("mean c", better: .higher), .init("deviation", digits: nil), .init("verdict")], order.map { index in
            let operation = PolicyOperation.all[index], mean = summary.mean[index], deviation = summary.deviation[index]
            let error = deviation / Double(max(1, images)).squareRoot()
            let verdict = index == 0 ? "–" : mean > 2 * error ? "helps" : mean < -2 * error ? "! hurts" : "unclear"
            return [.text(operation.label), operation.value.map { .number($0) } ?? .empty, .number(mean), .number(deviation), .text(verdict)]
        })
        let sums = PixelTransform.allCases.map { transform -> [Cell] in
            let own = PolicyOperation.all.indices.filter { PolicyOperation.all[$0].transform == transform }
            let best = own.max { summary.mean[$0] < summary.mean[$1] } ?? 0
            return [.text(transform.rawValue), .number(own.reduce(0) { $0 + summary.mean[$1] } / Double(own.count)), .number(summary.mean[best]), .text(PolicyOperation.all[best].label)]
        }
        table("importance by transform", [.init("transform"), .init("mean c"), .init("best c", better: .higher), .init("best operation")], sums)
    }

    // MARK: - Search

    func reportLayerStart(_ layer: Int, _ start: Int) {
        table("layer starts", [.init("layer"), .init("step")], (0...layer).map { [.text("layer \($0 + 1)"), .number(Double(firstStep(ofLayer: $0)))] })
        reportHeatMap(state.search.layer.probabilities, layer, step: start)
        reportLayers(state.search.done + [state.search.layer.probabilities], step: start)
    }

    /// How often the larger pictures of a step are sent.
    private var thinning: Int { max(1, settings.steps / 100) }

    func reportStep(_ layer: Int, _ step: Int, _ outcomes: [GradientMatching.Outcome], _ matching: GradientMatching) {
        let search = state.search, probabilities = search.layer.probabilities, x = Double(step), recent = search.cosines.joined().suffix(20)
        context.metric("cosine/mean J", step: x, value: search.cosines.last?.last ?? .nan)
        context.metric("cosine/20 steps", step: x, value: recent.reduce(0, +) / Double(max(1, recent.count)))
        context.metric("entropy/layer at work", step: x, value: AugmentationPolicy.entropy(probabilities), unit: "nats")
        context.metric("entropy/uniform, ln 139", step: x, value: log(139), unit: "nats")
        let sums = AugmentationPolicy.transformSums(probabilities), order = sums.indices.sorted { (-sums[$0].probability, $0) < (-sums[$1].probability, $1) }
        for place in Set(order.prefix(8) + [0]).sorted() { context.metric("probability/\(sums[place].transform.rawValue)", step: x, value: sums[place].probability) }
        let own = search.layer.steps, isLast = own == settings.steps
        guard own % thinning == 0 || isLast else { return }
        reportHeatMap(probabilities, layer, step: step)
        // What changes less to look at comes more seldom.
        guard own % (5 * thinning) == 0 || isLast else { return }
        reportLayers(search.done + [probabilities], step: step)
        context.emit(.distribution(.init(name: "cosines", groups: [.init(name: "images of the step", values: outcomes.map(\.cosine))], step: x)))
        reportOperations(layer, probabilities, .init(search.recent))
        let rewards = outcomes.count > 1 ? settings.rule.combined(outcomes.map(\.rewards), layer: layer) : outcomes[0].rewards
        context.emit(.matrix(.init(name: "rewards", rows: Self.heatRows, columns: Self.heatColumns, values: Self.heatValues(rewards).map(Self.rounded), step: x)))
        if let first = outcomes.first { reportStrip(layer, step, first, matching) }
    }

    /// This step's first image, and one augmented copy of it a layer.
    private func reportStrip(_ layer: Int, _ step: Int, _ outcome: GradientMatching.Outcome, _ matching: GradientMatching) {
        var random = context.random.stream("strip", step), chain: [PixelOperation] = []
        guard let policy = try? AugmentationPolicy(layers: state.search.done + [state.search.layer.probabilities]) else { return }
        var items = [item(0, "\(material.search.classNames[outcome.label]), step \(step)", matching.picture(outcome.row, []))]
        for place in policy.layers.indices {
            let operation = PolicyOperation.all[policy.draw(layer: place, &random)]
            chain.append(operation.drawn(width: material.search.width, height: material.search.height, &random))
            items.append(item(place + 1, "layer \(place + 1): \(chain[place].label)", matching.picture(outcome.row, chain)))
        }
        context.emit(.images(.init(name: "strip", items: items)))
    }

    /// A picture of a strip, at half its size.
    private func item(_ number: Int, _ caption: String, _ bytes: [UInt8]) -> RunEvent.ImageSet.Item {
        let (width, height) = (material.search.width / 2, material.search.height / 2)
        var pixels: [UInt8] = []
        for y in 0..<height { for x in 0..<width { for channel in 0..<3 { pixels.append(bytes[3 * (2 * y * material.search.width + 2 * x) + channel]) } } }
        return .init(identifier: number, caption: caption, thumbnail: Thumbnail(width: width, height: height, channels: 3, pixels: pixels))
    }

    static let heatRows = PixelTransform.allCases.map(\.rawValue)
    static let heatColumns = (0...12).map { "m\($0)" }

    /// Four digits: what a screen shows and a log keeps.
    static func rounded(_ value: Double) -> Double { value.isFinite && value != 0 ? Double(String(format: "%.3e", value)) ?? value : value }

    /// A transform a row, a magnitude a column; what is no operation is a hole. Transforms without magnitude stand at m6.
    static func heatValues(_ numbers: [Double]) -> [Double] {
        var values = [Double](repeating: .nan, count: heatRows.count * heatColumns.count)
        for (index, operation) in PolicyOperation.all.enumerated() where index < numbers.count {
            values[(PixelTransform.allCases.firstIndex(of: operation.transform) ?? 0) * 13 + operation.magnitude] = numbers[index]
        }
        return values
    }

    private func reportHeatMap(_ probabilities: [Double], _ layer: Int, step: Int) {
        // The most probable transforms stand first, each with its sum: a panel shows as many as it has rows for.
        let sums = AugmentationPolicy.transformSums(probabilities).map(\.probability), values = Self.heatValues(probabilities)
        let order = sums.indices.sorted { (-sums[$0], $0) < (-sums[$1], $1) }
        context.emit(.matrix(.init(name: "policy", rows: order.map { "\(Self.heatRows[$0]) \(String(format: "%.3f", sums[$0]))" }, columns: Self.heatColumns,
                                   values: order.flatMap { values[13 * $0..<13 * ($0 + 1)].map(Self.rounded) }, step: Double(step))))
    }

    /// The layers beside each other: as a map, as shares of a whole, and by magnitude.
    func reportLayers(_ layers: [[Double]], step: Int) {
        let sums = layers.map(AugmentationPolicy.transformSums)
        context.emit(.matrix(.init(name: "layers", rows: Self.heatRows, columns: layers.indices.map { "layer \($0 + 1)" }, values: PixelTransform.allCases.indices.flatMap { transform in sums.map { $0[transform].probability } }, step: Double(step))))
        var rows: [[Cell]] = []
        for (place, layer) in sums.enumerated() {
            var rest = 0.0
            for entry in layer.sorted(by: { $0.probability > $1.probability }) {
                if entry.probability >= 0.02 { rows.append([.text("layer \(place + 1)"), .text(entry.transform.rawValue), .number(entry.probability)]) } else { rest += entry.probability }
            }
            if rest > 0 { rows.append([.text("layer \(place + 1)"), .text("others"), .number(rest)]) }
        }
        table("shares", [.init("layer"), .init("transform"), .init("probability", digits: 3)], rows)
        table("magnitudes", [.init("magnitude")] + layers.indices.map { .init("layer \($0 + 1)", digits: 3) }, (0...12).map { magnitude in
            [.text("\(magnitude)")] + layers.map { layer in
                .number(zip(PolicyOperation.all, layer).reduce(0) { $0 + ($1.0.magnitude == magnitude && $1.0.value != nil ? $1.1 : 0) })
            }
        })
    }

    /// The twenty most probable operations of a layer, with what the last steps said of them.
    private func reportOperations(_ layer: Int, _ probabilities: [Double], _ rewards: PolicySearch.RewardSummary) {
        let order = probabilities.indices.sorted { (-probabilities[$0], $0) < (-probabilities[$1], $1) }.prefix(20)
        table("operations", [.init("operation"), .init("value"), .init("p", digits: 4, better: .higher), .init("mean c, 50 steps"), .init("deviation")], order.map { index in
            let operation = PolicyOperation.all[index]
            return [.text(operation.label), operation.value.map { .number($0) } ?? .empty, .number(probabilities[index]), .number(rewards.mean[index]), .number(rewards.deviation[index])]
        })
    }

    /// Transforms that the sheet's acceptance asks about.
    static let moves: Set<PixelTransform> = [.translateX, .translateY, .rotate, .shearX, .shearY, .brightness, .crop]

    mutating func reportLayerEnd(_ layer: Int) {
        let probabilities = state.search.done[layer], cosines = state.search.cosines[layer], name = "layer \(layer + 1)"
        let sums = Dictionary(uniqueKeysWithValues: AugmentationPolicy.transformSums(probabilities).map { ($0.transform, $0.probability) })
        func add(_ result: String, _ value: Double, unit: String = "") { state.results.append(.init(name: "\(name): \(result)", arm: "deepaa", unit: unit, value: value, better: .neither)) }
        add("entropy", AugmentationPolicy.entropy(probabilities), unit: "nats")
        add("J, first ten steps", cosines.prefix(10).reduce(0, +) / Double(max(1, cosines.prefix(10).count)))
        add("J, last ten steps", cosines.suffix(10).reduce(0, +) / Double(max(1, cosines.suffix(10).count)))
        add("p of moves, Brightness and Crop", Self.moves.reduce(0) { $0 + (sums[$1] ?? 0) })
        for transform in [PixelTransform.identity, .flip, .invert, .cutout, .crop] { add("p of \(transform.rawValue)", sums[transform] ?? 0) }
        add("p of Color m0", PolicyOperation.index(.color, 0).map { probabilities[$0] } ?? 0)
        add("Cutout leads", PixelTransform.allCases.allSatisfy { $0 == .cutout || (sums[$0] ?? 0) < (sums[.cutout] ?? 0) } ? 1 : 0)
    }
}
