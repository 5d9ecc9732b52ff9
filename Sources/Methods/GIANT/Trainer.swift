import Datasets
import Experiments
import Foundation
import Tensors

/// One run: a list of stages over shared material, with a state that a checkpoint keeps after each.
struct Trainer {
    let context: RunContext
    let material: Material
    let memory: MemoryWatch
    /// Clusters of the levels that are fine-tuned.
    let levels: [Int]
    var state: TrainingState
    /// The encoder that trains, between two levels of an arm.
    var encoder: (any TextEncoder<Float>)?
    /// When the phase that is at work began.
    var phaseStart = ContinuousClock.now
    /// Steps of earlier levels of the arm, so that the loss runs on.
    var stepsBefore = 0

    var settings: Settings { material.settings }
    var graph: GraphDataset { material.graph }

    struct Stage {
        var name: String
        /// How many rows or visits it works on, for the rate.
        var rows: (Trainer) -> Double
        var run: (inout Trainer) throws -> Void
    }

    static func train(_ context: RunContext) throws {
        let start = ContinuousClock.now
        let graph = try context.library.open(context.request.dataset, as: GraphDataset.self), settings = try Settings(context.parameters, nodes: graph.count)
        let levels = try settings.levels(nodes: graph.count), stages = stages(settings, levels, hasEmbeddings: graph.embeddings != nil || settings.encoder == .sentence || settings.encoder == .pretrained)
        context.stage("TF-IDF", 1, of: stages.count + 1)
        let memory = MemoryWatch()
        let material = try Material(context, graph, settings, memory)
        var trainer = Trainer(context: context, material: material, memory: memory, levels: levels, state: try context.restoredState.map(TrainingState.init(decoding:)) ?? TrainingState())
        guard trainer.state.finishedStages <= stages.count else { throw TrainingState.misfit }
        if trainer.state.finishedStages == 0 {
            trainer.reportMaterial()
            trainer.phaseStart = start
            trainer.finishPhase("TF-IDF", rows: Double(material.graph.count), arrays: material.text?.parts.reduce(0) { $0 + $1.vocabularyBytes } ?? 0)
        }
        for (index, stage) in stages.enumerated() where index >= trainer.state.finishedStages {
            context.stage(stage.name, index + 2, of: stages.count + 1)
            trainer.phaseStart = ContinuousClock.now
            try stage.run(&trainer)
            trainer.state.finishedStages = index + 1
            // The leaf of each node in the chain and in the state; while a tree grows also labels, scores and sides.
            let codes = (stage.name.hasSuffix(": tree") ? 33 : 12) * trainer.graph.count
            trainer.finishPhase(stage.name, rows: stage.rows(trainer), arrays: codes)
            if index == stages.count - 1, trainer.settings.arms == .encode { trainer.reportScaling() }
            try context.saveCheckpoint(stage.name, force: stage.name.contains("level")) { try trainer.state.encoded() }
        }
        context.finish(trainer.state.results)
    }

    private static func stages(_ settings: Settings, _ levels: [Int], hasEmbeddings: Bool) -> [Stage] {
        let arms = Arm.arms(settings), nodes: (Trainer) -> Double = { Double($0.graph.count) }
        let isWhole = settings.arms != .encode, trains = settings.encoder != .pretrained
        var stages: [Stage] = []
        if isWhole {
            stages.append(Stage(name: "LSA", rows: nodes) { try $0.makeLSA() })
            if trains { stages.append(Stage(name: "untrained", rows: nodes) { try $0.encodeUntrained() }) }
            if hasEmbeddings { stages.append(Stage(name: "embeddings", rows: nodes) { try $0.takeEmbeddings() }) }
        }
        for arm in arms {
            stages.append(Stage(name: "\(arm.name): tree", rows: nodes) { try $0.growTree(arm) })
            for (level, clusters) in levels.enumerated() {
                stages.append(Stage(name: "\(arm.name): level \(level + 1), K = \(clusters)", rows: { arm.training(settings).visits(rows: $0.material.rows.count, levels: levels.count)[level] }) { try $0.trainLevel(arm, level) })
            }
            let isFile = settings.arms == .encode
            stages.append(Stage(name: "\(arm.name): encode", rows: nodes) { try isFile ? $0.encodeToFile(arm) : $0.encode(arm) })
        }
        guard isWhole else { return stages }
        if trains, settings.arms != .giant { stages.append(Stage(name: "link prediction", rows: { Double($0.material.edges.edgeCount) * Double(settings.linkEpochs) }) { try $0.trainLinkPrediction() }) }
        if !arms.isEmpty, settings.ranker == .linear { stages.append(Stage(name: "ranking", rows: nodes) { try $0.rankHeldOut() }) }
        for features in featureNames(settings, arms, hasEmbeddings: hasEmbeddings) {
            stages.append(Stage(name: "downstream: \(features)", rows: nodes) { try $0.trainDownstream(features) })
        }
        stages.append(Stage(name: "label rates", rows: nodes) { try $0.trainLabelRates() })
        stages.append(Stage(name: "report", rows: nodes) { try $0.report() })
        return stages
    }

    /// The rows of the table of accuracies. A name with ‖ stands for both vectors side by side.
    static func featureNames(_ settings: Settings, _ arms: [Arm], hasEmbeddings: Bool) -> [String] {
        var names = ["LSA"]
        if settings.encoder != .pretrained { names.append("untrained") }
        if hasEmbeddings { names += ["embeddings", "embeddings‖LSA"] }
        if settings.encoder != .pretrained, settings.arms != .giant { names += ["link prediction"] }
        names += arms.map(\.name)
        if !arms.isEmpty { names.append("GIANT‖LSA") }
        return names
    }

    // MARK: - What the arms share

    /// The encoder at its beginning; every arm begins with the same numbers.
    func newEncoder(beginsWithLSA: Bool = false) throws -> any TextEncoder<Float> {
        var random = context.random.stream("encoder")
        if settings.encoder == .transformer, let texts = graph.texts {
            return TransformerTextEncoder<Float>(WordSequences(texts), width: settings.width, random: &random)
        }
        if settings.encoder == .sentence, let sentences = material.sentences { return try SentenceTextEncoder(sentences, width: settings.width, random: &random) }
        guard beginsWithLSA else { return BagEncoder(material.features, width: settings.width, random: &random) }
        let decomposition = try TruncatedSVD(material.matrix(), rank: settings.width, random: context.random.stream("LSA"), proceed: context.proceed)
        return BagEncoder(material.features, width: settings.width, table: decomposition.columnVectors, random: &random)
    }

    mutating func makeLSA() throws {
        let decomposition = try TruncatedSVD(material.matrix(), rank: settings.width, random: context.random.stream("LSA"), proceed: context.proceed)
        state.set("vectors/LSA", NodeVectors(decomposition.rowVectors, width: settings.width).unitRows().values, width: settings.width)
    }

    /// The vectors of a pretrained model: those that the graph brings, else the sentence encoder's.
    mutating func takeEmbeddings() throws {
        if let given = graph.embeddings { return state.set("vectors/embeddings", given.values, width: given.width) }
        guard let sentences = material.sentences else { return }
        let values = try sentences.vectors { done in
            try context.proceed()
            context.progress(Double(done), of: Double(graph.count), unit: "texts encoded")
        }
        state.set("vectors/embeddings", values, width: sentences.pretrained.configuration.width)
    }

    mutating func encodeUntrained() throws {
        let values = try newEncoder().encoded(count: graph.count) { _ in try context.proceed() }
        state.set("vectors/untrained", values, width: settings.width)
    }

    // MARK: - An arm

    /// The rows that are clustered.
    private func labelRows(_ arm: Arm) throws -> FeatureRows {
        var features = material.features
        switch arm.tree {
        case .texts, .random: return features
        case .untrained: features = FeatureRows(SparseFeatures(dense: try state.vectors("untrained", nodes: graph.count).values, width: settings.width))
        case .aggregated: break
        }
        var kind = settings.labelRows
        if kind == .automatic { kind = graph.count > 5_000_000 ? .sketch : graph.count > Settings.largestInMemory ? .top128 : .all }
        if kind == .sketch { features = try LabelEmbeddings.sketched(features, in: material.folder, random: context.random.stream("sketch")) }
        return try LabelEmbeddings.aggregated(features, over: material.edges, isTraining: material.isTraining, normalisesRows: settings.normalisesRows, largest: kind == .top128 ? 128 : nil, in: material.folder) { done in
            try context.proceed()
            memory.look()
            if done % 16_384 == 0 { context.progress(Double(done), of: Double(graph.count), unit: "label embeddings") }
        }
    }

    mutating func growTree(_ arm: Arm) throws {
        encoder = nil
        stepsBefore = 0
        state.remove(prefix: "head ")
        state.remove(prefix: "predicted ")
        state.set("encoder", nil)
        let depth = try TreeShape.depth(labels: graph.count, maximumLeaf: settings.maximumLeaf)
        let random = context.random.stream("tree")
        let codes: [Int32]
        if case .random = arm.tree {
            codes = BisectingClusters.randomCodes(count: graph.count, depth: depth, random: random)
        } else {
            let rows = try labelRows(arm)
            finishPhase("\(arm.name): PIFA", rows: Double(graph.count))
            guard rows.entryCount > 0 else { throw GIANTError("every label embedding is zero, so labels cannot be clustered; change the limits of document frequency (max-features, word-pairs) or give longer texts") }
            var clusters = BisectingClusters(random: random)
            if settings.sampling == .upperLevels || settings.sampling == .automatic && graph.count > Settings.largestInMemory { clusters.sampling = .upperLevels }
            codes = try clusters.leafCodes(rows, depth: depth) { level in
                try context.proceed()
                memory.look()
                context.progress(Double(level), of: Double(depth), unit: "levels of the tree")
            }
        }
        state.set("codes", codes.map { Float($0) })
        if arm.name == "GIANT" { state.set("codes/GIANT", codes.map { Float($0) }) }
    }

    func chain(_ name: String = "codes") throws -> ClusterChain {
        let depth = try TreeShape.depth(labels: graph.count, maximumLeaf: settings.maximumLeaf)
        let codes = try state.integers(name, count: graph.count, in: 0...Int32(1 << depth - 1))
        return try ClusterChain(codes: codes, leaves: 1 << depth, splits: settings.splits, minimumCodes: settings.minimumCodes)
    }

    /// The encoder of the arm as the finished levels left it.
    private mutating func currentEncoder(_ arm: Arm) throws -> any TextEncoder<Float> {
        if let encoder { return encoder }
        let fresh = try newEncoder(beginsWithLSA: arm.beginsWithLSA)
        if state.has("encoder") {
            let count = fresh.parameters.snapshot.count
            guard fresh.parameters.restore(try state.array("encoder", count: count)) else { throw TrainingState.misfit }
        }
        encoder = fresh
        return fresh
    }

    mutating func trainLevel(_ arm: Arm, _ level: Int) throws {
        let encoder = try currentEncoder(arm), chain = try chain()
        let targets = LevelTargets(chain: chain, graph: material.edges, droppingColumnsAbove: settings.dropsHubColumns ? settings.maximumDegree : nil)
        let training = LevelTraining(encoder: encoder, targets: targets, rows: material.rows, options: arm.training(settings), random: context.random.stream("levels"))
        var finished = try state.levels(chain, width: settings.width, rows: material.rows.count, predicted: settings.training.matcherCount)
        guard finished.finishedLevels == level else { throw TrainingState.misfit }
        stepsBefore = training.steps.prefix(level).reduce(0, +)
        let watch = RecallWatch(self, chain, level)
        var last = 0
        // The course of recall is shown of GIANT alone; of an ablation its end counts, unless it decides when a level stops.
        let looks = arm.name == "GIANT" || settings.training.patience > 0 ? 10 : 1
        try training.train(level: level, state: &finished, looks: looks) { _, heads in
            let measured = try watch.measure(encoder, heads)
            reportRecall(arm, level, measured, step: stepsBefore + last)
            return measured.heldOut.isNaN ? nil : measured.heldOut
        } proceed: {
            try context.proceed()
        } report: { step in
            try context.proceed()
            memory.look()
            last = step.step
            reportStep(arm, step)
        }
        state.set(finished)
        state.set("encoder", encoder.parameters.snapshot)
    }

    mutating func encode(_ arm: Arm) throws {
        let encoder = try currentEncoder(arm)
        let values = try encoder.encoded(count: graph.count) { done in
            try context.proceed()
            if done % 8192 == 0 { context.progress(Double(done), of: Double(graph.count), unit: "nodes") }
        }
        state.set("vectors/\(arm.name)", values, width: settings.width)
        if arm.name == "GIANT" {
            for name in state.names(prefix: "head ") { if let array = state.arrays[name] { state.set("kept \(name)", array.values) } }
        }
        state.remove(prefix: "head ")
        state.remove(prefix: "predicted ")
        state.set("encoder", nil)
        self.encoder = nil
    }

    mutating func encodeToFile(_ arm: Arm) throws {
        let encoder = try currentEncoder(arm)
        let file = VectorFile(folder: context.cacheFolder, checksum: graph.checksum, encoder: encoder, count: graph.count)
        let path = try file.write { done in
            try context.proceed()
            memory.look()
            context.progress(Double(done), of: Double(graph.count), unit: "nodes")
        }
        context.note("The vectors of \(graph.count) nodes are in \(path), half precision, \(VectorFile.shardRows) rows a file.")
        state.results.append(.init(name: "encoded nodes", arm: arm.name, value: Double(graph.count), better: .neither))
    }

    mutating func trainLinkPrediction() throws {
        let encoder = try newEncoder(beginsWithLSA: settings.bagStart == .lsa)
        try LinkPrediction.train(encoder, on: material.edges, epochs: settings.linkEpochs, batch: settings.training.batch, rate: settings.training.rate, clippingNorm: settings.training.clippingNorm,
                                 dropout: settings.training.dropout, random: context.random.stream("links")) { step, steps, loss in
            try context.proceed()
            if step == 1 || step % 20 == 0 || step == steps {
                context.metric("loss/link prediction", step: Double(step), value: loss)
                context.progress(Double(step), of: Double(steps), unit: "steps")
            }
        }
        state.set("vectors/link prediction", try encoder.encoded(count: graph.count) { _ in try context.proceed() }, width: settings.width)
    }

    /// The vectors behind a row of the table.
    func vectors(_ features: String) throws -> NodeVectors {
        let parts = features.split(separator: "‖").map(String.init)
        let first = try state.vectors(parts[0], nodes: graph.count)
        return parts.count > 1 ? first.beside(try state.vectors(parts[1], nodes: graph.count)) : first
    }
}

extension Arm {
    /// How the levels of this arm train.
    func training(_ settings: Settings) -> LevelTraining.Options {
        var options = settings.training
        if let negatives { options.negatives = negatives }
        if beginsWithLSA, settings.bagStart == .normal {
            options.epochs = settings.lsaEpochs
            options.rate = settings.lsaRate
        }
        return options
    }
}
