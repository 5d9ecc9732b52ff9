import Datasets
import Experiments
import Foundation
import Tensors

/// What a run says: the panel at its start, tables and curves at its end, and its results. Names are shared with `PSAGANMethod.panels`.
extension Trainer {
    typealias Cell = RunEvent.Table.Cell

    func reportPanel() {
        let panel = material.panel
        for note in panel.notes { context.note(note) }
        for warning in panel.warnings { context.warning(warning) }
        let hold = panel.values[0].count - panel.training[0].upperBound
        context.note("\(panel.count) series scaled to 0 … 1 by what trains; the last \(hold) h of each are held out; distances are measured with the ruler \(rulerName) on \(material.fit.keys.count) windows (fit) and \(material.hold.keys.count) (hold)")
        if material.fit.keys.count < 50 * settings.embedder.shape.output { context.warning("\(material.fit.keys.count) windows are fewer than 50 for each of the \(settings.embedder.shape.output) numbers of an embedding: distances are biased upwards, compare them with the floor alone") }
    }

    /// The short name of what distances are measured with.
    var rulerName: String { settings.ruler(dataset: context.request.dataset) }

    /// Measures every generator and control against real windows, and says what came out.
    mutating func measure() throws {
        let ruler = try needRuler(), generators = try generators()
        let meters = try [material.fit, material.hold].map { try FidelityMeter(ruler, $0, length: material.length, proceed: context.proceed) }
        if meters[0].trace < 1e-6 { context.warning("the embedder has collapsed: the embeddings of real windows have a variance of \(short(meters[0].trace)); its distances mean nothing, take more encoder-steps or another encoder-seed") }
        let random = context.random.stream("measure")
        var entries: [Entry] = []
        // The floor: real windows against other real windows.
        entries.append(Entry(name: Self.floor, isControl: true, rows: try meters.map { try $0.row($0.sample.otherReal) }, windows: material.fit.otherReal, diversity: nil))
        for control in Control.allCases {
            var draw = random.stream(control.rawValue)
            let sets = try meters.map { try material.controls.windows(control, $0.sample.keys, &draw, proceed: context.proceed) }
            let some = Array(material.fit.keys.prefix(256))
            let draws = try (0..<4).map { _ in try material.controls.windows(control, some, &draw, proceed: context.proceed) }
            entries.append(Entry(name: control.rawValue, isControl: true, rows: try zip(meters, sets).map { try $0.row($1) }, windows: sets[0], diversity: diversity(draws)))
        }
        for (arm, generator) in generators {
            var draw = random.stream(arm.name)
            let sets = try meters.map { try generator.windows($0.sample.keys, &draw, proceed: context.proceed) }
            guard sets.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { throw PSAGANError("\(arm.name) gives windows that are not finite in the stage measure; take a smaller rate than \(settings.game.rate)") }
            let some = Array(material.fit.keys.prefix(256))
            let draws = try (0..<4).map { _ in try generator.windows(some, &draw, proceed: context.proceed) }
            entries.append(Entry(name: arm.name, isControl: false, rows: try zip(meters, sets).map { try $0.row($1) }, windows: sets[0], diversity: diversity(draws)))
        }
        try measureCopies(&entries)
        try measureDiscrimination(&entries)
        reportTables(entries)
        if material.controls.constantVariances > 0 { context.warning("GARCH did not fit \(material.controls.constantVariances) of \(material.panel.count) series; their variance is taken as constant") }
        reportCurves(entries)
        try reportEmbeddings(meters[0], entries)
        let progressive = generators.compactMap { $0.generator as? TrainedGenerator }
        try reportSamples(progressive)
        try reportAttention(progressive)
        reportVerdict(entries)
        state.results = results(entries)
        let panel = material.panel
        try context.saveArtifact(PSAGANMethod().generatorArtifact, GeneratorArtifact(
            names: panel.names, low: panel.low, range: panel.range, start: panel.start, trained: panel.training.map(\.upperBound).max() ?? 0,
            generators: settings.arms.filter { $0.variant != nil }.compactMap { arm in state.finished.first { $0.arm == arm.name }.map { .init(arm: $0.arm, values: $0.values) } }).encoded())
    }

    static let floor = "floor: other real windows"

    /// One line of the table.
    struct Entry {
        var name: String, isControl: Bool
        /// fit, hold.
        var rows: [FidelityRow]
        /// The windows of `fit`.
        var windows: [Float]
        var diversity: Double?
        var copyRatio: Double?
        var discrimination: Double?
    }

    private func diversity(_ draws: [[Float]]) -> Double {
        let count = draws[0].count
        return Fidelity.diversity(draws, real: Array(material.fit.real.prefix(count)), length: material.length)
    }

    /// How near windows lie to training windows, over how near held-out real ones do.
    private func measureCopies(_ entries: inout [Entry]) throws {
        let length = material.length, count = min(96, material.fit.keys.count, material.hold.keys.count), size = count * length
        let queries = Array(material.hold.real.prefix(size)) + entries.dropFirst().flatMap { $0.windows.prefix(size) }
        let distances = try Fidelity.nearest(queries, length: length, panel: material.panel, proceed: context.proceed).map(\.distance)
        let real = Array(distances.prefix(count)).median
        for place in entries.indices.dropFirst() {
            entries[place].copyRatio = Array(distances[place * count..<(place + 1) * count]).median / max(1e-12, real)
        }
    }

    private func measureDiscrimination(_ entries: inout [Entry]) throws {
        guard settings.discriminationSteps > 0 else { return }
        for place in entries.indices {
            context.progress(Double(place), of: Double(entries.count), unit: "generators judged")
            entries[place].discrimination = try DiscriminativeScore.measure(real: material.fit.real, synthetic: entries[place].windows, length: material.length, steps: settings.discriminationSteps,
                                                                            random: context.random.stream("discriminate"), proceed: context.proceed)
        }
    }

    // MARK: - Tables

    private func reportTables(_ entries: [Entry]) {
        // Embedders of other sizes have other scales: as many digits as let the floor be seen.
        let floor = entries.first.map { min(1, max(1e-6, $0.rows[0].distance)) } ?? 1, digits = max(4, min(7, Int((1 - log10(floor)).rounded(.up))))
        for (part, name) in [(0, "fidelity"), (1, "fidelity, hold-out")] {
            let columns: [RunEvent.Table.Column] = [
                .init("generator"), .init("FD fit", digits: digits, better: .lower), .init("FD hold", digits: digits, better: .lower), .init("relative", digits: 4, better: .lower), .init("W1", digits: 3, better: .lower),
                .init("ACF error", digits: 3, better: .lower), .init("roughness", digits: 2), .init("cRMSE", digits: 3, better: .lower), .init("δ", digits: 3), .init("copy ratio", digits: 2),
                .init("told apart", digits: 3, better: .lower),
            ]
            // Numbers of the floor and the controls are texts, so that the best is picked among what was trained.
            func row(_ entry: Entry) -> [Cell] {
                func cell(_ value: Double?, _ digits: Int) -> Cell { value.map { entry.isControl ? .text(String(format: "%.\(digits)f", $0)) : .number($0) } ?? .empty }
                let own = entry.rows[part]
                return [.text(entry.name), cell(entry.rows[0].distance, digits), cell(entry.rows[1].distance, digits), cell(own.relative, 4), cell(own.marginal, 3), cell(own.autocorrelation, 3), cell(own.roughness, 2),
                        cell(own.conditional, 3), cell(entry.diversity, 3), cell(entry.copyRatio, 2), cell(entry.discrimination, 3)]
            }
            let ordered = entries.prefix(1) + entries.filter { !$0.isControl } + entries.dropFirst().filter(\.isControl)
            context.emit(.table(.init(name: name, columns: columns, rows: ordered.map(row))))
        }
        context.emit(.table(.init(name: "end of training", columns: [.init("generator"), .init("L_D", digits: 3), .init("L_adv", digits: 3), .init("ML", digits: 3), .init("ML at first", digits: 3), .init("FD at length \(material.length) first", digits: 3)],
                                  rows: state.finished.compactMap { done in
            guard let losses = done.losses else { return nil }
            return [.text(done.arm), .number(losses.discriminator), .number(losses.adversarial), .number(losses.moment), done.firstMoment.map { .number($0) } ?? .empty, done.firstDistance.map { .number($0) } ?? .empty]
        })))
    }

    // MARK: - Curves

    private var shownControls: [String] { [Control.weekBootstrap.rawValue, Control.profile.rawValue] }

    private func reportCurves(_ entries: [Entry]) {
        let length = material.length
        func autocorrelation(_ name: String, _ windows: [Float]) {
            for (lag, value) in Fidelity.autocorrelation(windows, length: length, lags: length - 1).enumerated() { context.metric("autocorrelation/\(name)", step: Double(lag + 1), value: value) }
        }
        autocorrelation("real", material.fit.real)
        for entry in entries.dropFirst() where !entry.isControl || shownControls.contains(entry.name) { autocorrelation(entry.name, entry.windows) }
        // By hour of the day: mean and the middle eight tenths.
        func profile(_ name: String, _ windows: [Float]) {
            var byHour = [[Float]](repeating: [], count: 24)
            let offset = Int((material.panel.start / 3600).rounded(.down))
            for (number, key) in material.fit.keys.enumerated() {
                for t in 0..<length { byHour[((key.start + t + offset) % 24 + 24) % 24].append(windows[number * length + t]) }
            }
            for (hour, values) in byHour.enumerated() where !values.isEmpty {
                let sorted = values.sorted()
                context.metric("profile/\(name)", step: Double(hour), value: values.reduce(0.0) { $0 + Double($1) } / Double(values.count))
                for (share, label) in [(0.1, "10 %"), (0.9, "90 %")] { context.metric("profile/\(name) \(label)", step: Double(hour), value: Double(sorted[Int(share * Double(sorted.count - 1))])) }
            }
        }
        profile("real", material.fit.real)
        if let main = entries.first(where: { !$0.isControl }) { profile(main.name, main.windows) }
        let groups = [("real", material.fit.real)] + entries.filter { !$0.isControl }.map { ($0.name, $0.windows) }
        context.emit(.distribution(.init(name: "values", groups: groups.map { name, windows in .init(name: name, values: stride(from: 0, to: windows.count, by: max(1, windows.count / 6000)).map { Double(windows[$0]) }) })))
    }

    /// Real and synthetic embeddings on the two main axes of the real ones.
    private func reportEmbeddings(_ meter: FidelityMeter, _ entries: [Entry]) throws {
        guard let main = entries.first(where: { !$0.isControl }), settings.embedder.shape.output >= 2 else { return }
        let mean = meter.embedding.columnMeans(), centred = meter.embedding.subtractingFromRows(mean)
        guard let eigen = try? centred.gram().symmetricEigen() else { return }
        let width = eigen.vectors.columns, axes = Matrix(rows: width, columns: 2, values: (0..<width).flatMap { [eigen.vectors[$0, width - 1], eigen.vectors[$0, width - 2]] })
        let synthetic = try meter.ruler.embed(main.windows, length: material.length, proceed: context.proceed).subtractingFromRows(mean)
        var rows: [[Cell]] = []
        for (name, places) in [("real", centred.multiplied(by: axes)), (main.name, synthetic.multiplied(by: axes))] {
            for row in 0..<min(300, places.rows) { rows.append([.text(name), .number(places[row, 0]), .number(places[row, 1])]) }
        }
        context.emit(.table(.init(name: "embeddings", columns: [.init("group"), .init("first axis", digits: 2), .init("second axis", digits: 2)], rows: rows)))
    }

    /// Windows to walk over: real, two draws, and the training window that is nearest to the first draw; on the original scale.
    private func reportSamples(_ generators: [TrainedGenerator]) throws {
        guard let generator = generators.first else { return }
        let panel = material.panel, length = material.length, keys = Array(material.fit.keys.prefix(6) + material.hold.keys.prefix(6))
        var random = context.random.stream("samples")
        let draws = try (0..<2).map { _ in try generator.windows(keys, &random, proceed: context.proceed) }
        let nearest = try Fidelity.nearest(draws[0], length: length, panel: panel, proceed: context.proceed)
        var rows: [[Cell]] = []
        for (number, key) in keys.enumerated() {
            let label = "\(panel.names[key.series]), step \(key.start)\(number < min(6, material.fit.keys.count) ? "" : " (held out)")", near = nearest[number].key
            let curves: [(String, [Float])] = [
                ("real", Array(panel.values[key.series][key.start..<key.start + length])), ("draw 1", Array(draws[0][number * length..<(number + 1) * length])),
                ("draw 2", Array(draws[1][number * length..<(number + 1) * length])), ("nearest in training", Array(panel.values[near.series][near.start..<near.start + length])),
            ]
            for (group, values) in curves {
                for (t, value) in values.enumerated() { rows.append([.text(label), .text(group), .number(Double(t)), .number(panel.low[key.series] + panel.range[key.series] * Double(value))]) }
            }
        }
        context.emit(.table(.init(name: "samples", columns: [.init("window"), .init("group"), .init("hour", unit: "h", digits: 0), .init("value", digits: 1)], rows: rows)))
    }

    /// How much each hour of the first window looks at each other in the block that was asked for, or in the finest that has attention.
    private func reportAttention(_ generators: [TrainedGenerator]) throws {
        guard let generator = generators.first, let key = material.fit.keys.first else { return }
        var random = context.random.stream("attention")
        let z = Tensor<Float>.normal([1, material.length, 1], from: &random), shape = generator.sampler.shape
        let block = settings.shownBlock > 0 ? min(settings.shownBlock, shape.resolutions) - 1 : shape.resolutions - 1, length = shape.length(block)
        guard let map = try generator.generator.attentionMap(generator.sampler.conditions([key]), noise: z, block: block) else { return }
        let names = (0..<length).map { "\($0 * material.length / length) h" }
        context.emit(.matrix(.init(name: "attention", rows: names, columns: names, values: map.scalars.map { Double($0) })))
    }

    // MARK: - Verdict and results

    private func reportVerdict(_ entries: [Entry]) {
        guard let bootstrap = entries.first(where: { $0.name == Control.weekBootstrap.rawValue }) else { return }
        for entry in entries where !entry.isControl {
            if entry.rows[0].distance >= bootstrap.rows[0].distance {
                context.note("\(entry.name) does not beat the seasonal bootstrap: FD \(short(entry.rows[0].distance)) against \(short(bootstrap.rows[0].distance)) on fresh training windows, \(short(entry.rows[1].distance)) against \(short(bootstrap.rows[1].distance)) held out")
            }
            if let own = entry.diversity, let other = bootstrap.diversity, own < 0.1 * other {
                context.warning("\(entry.name) nearly ignores its noise: diversity \(short(own)) where the seasonal bootstrap has \(short(other)); it is a profile and no sampler")
            }
            if let ratio = entry.copyRatio, ratio < 0.7 { context.warning("\(entry.name) copies: its windows lie \(short(ratio)) times as far from training windows as held-out real ones") }
        }
    }

    private func results(_ entries: [Entry]) -> [RunEvent.Result] {
        var results: [RunEvent.Result] = []
        let trained = entries.filter { !$0.isControl }
        for entry in trained + entries.filter(\.isControl) {
            let baseline = entry.isControl ? nil : Control.weekBootstrap.rawValue
            func add(_ name: String, _ value: Double?, _ better: RunEvent.Result.Direction, baseline: String? = nil) {
                if let value { results.append(.init(name: name, arm: entry.name, value: value, better: better, baseline: baseline)) }
            }
            for (part, row) in zip(["fit", "hold"], entry.rows) {
                // The ruler is a part of the name: distances of two rulers must not meet.
                add("FD \(part) (ruler \(rulerName))", row.distance, .lower, baseline: baseline)
                add("relative FD \(part) (ruler \(rulerName))", row.relative, .lower, baseline: baseline)
                add("W1 \(part)", row.marginal, .lower, baseline: baseline)
                add("ACF error \(part)", row.autocorrelation, .lower, baseline: baseline)
                add("roughness \(part)", row.roughness, .neither)
                add("cRMSE \(part)", row.conditional, .lower, baseline: baseline)
            }
            add("diversity", entry.diversity, .neither)
            add("copy ratio", entry.copyRatio, .neither)
            add("discriminative score", entry.discrimination, .lower)
            guard !entry.isControl, let done = state.finished.first(where: { $0.arm == entry.name }), let losses = done.losses else { continue }
            add("final L_D", losses.discriminator, .neither)
            add("final L_adv", losses.adversarial, .neither)
            add("final ML", losses.moment, .lower)
            add("first ML", done.firstMoment, .neither)
            add("last ten ML", done.lastMoment, .lower)
            add("FD at the last resolution's first step (ruler \(rulerName))", done.firstDistance, .neither)
            add("FD at the last step (ruler \(rulerName))", done.lastDistance, .lower)
        }
        if let embedder = state.embedder { results.append(.init(name: "triplet loss", arm: "embedder", unit: "nats", value: embedder.loss, better: .lower)) }
        return results
    }
}
