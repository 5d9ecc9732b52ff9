import Datasets
import Experiments
import Foundation
import Tensors

/// One run: the embedding, then each method over the same material and from the same start, then the report.
struct Trainer {
    let context: RunContext
    let settings: Settings
    let material: Material
    let arms: [Arm]
    var state: TrainingState

    static func train(_ context: RunContext) throws {
        let settings = try Settings(context.parameters)
        let state = try context.restoredState.map(TrainingState.init(decoding:)) ?? TrainingState()
        let material = try Material(context, settings)
        let arms = settings.arms.filter { arm in
            switch arm.training {
            case .ridge: !material.samples.isClassification
            case .selectiveEntropy: material.samples.isClassification
            default: true
            }
        }
        guard !arms.isEmpty else { throw GRDAError("parameter arms: ridge predicts numbers and sentry classes, so none is left for \(material.dataset.identifier); name others") }
        var trainer = Trainer(context: context, settings: settings, material: material, arms: arms, state: state)
        try trainer.run()
    }

    private mutating func run() throws {
        let stages = arms.count + 2
        if context.stage("embed", 1, of: stages, after: &state.announcedStage) {
            report(material)
            for arm in settings.arms where !arms.contains(arm) { context.note("\(arm.name) does not apply: \(material.samples.isClassification ? "it predicts numbers" : "it predicts classes")") }
        }
        if state.embedding == nil {
            state.embedding = try embed()
            try save("embed")
        }
        guard let kept = state.embedding, fits(kept), state.finished.count <= arms.count, zip(arms, state.finished).allSatisfy(fits) else { throw CheckpointError.foreign }
        let embedding = DomainEmbedding(width: kept.width, values: kept.values)
        for (index, arm) in arms.enumerated() where index >= state.finished.count {
            context.stage("train \(arm.name)", index + 2, of: stages, after: &state.announcedStage)
            state.finished.append(try train(arm, embedding))
            state.progress = nil
            try save(arm.name)
        }
        context.stage("evaluate", stages, of: stages, after: &state.announcedStage)
        try context.proceed()
        context.finish(try report(embedding))
    }

    /// Whether what a checkpoint holds has the sizes of this run's data and networks: it is a file, and may be another run's.
    private func fits(_ embedding: TrainingState.Embedding) -> Bool {
        embedding.width >= 1 && embedding.values.count.isMultiple(of: material.count) && embedding.values.count / material.count == embedding.width && embedding.values.allSatisfy(\.isFinite)
    }

    private func fits(_ arm: Arm, _ finished: TrainingState.Finished) -> Bool {
        finished.arm == arm.name && finished.outputs.bytes.count == 4 * material.count * material.samples.evaluationSlots * material.samples.outputs
            && finished.reconstruction.count == (arm.pairing == nil ? 0 : material.count * settings.headSize)
    }


    private func save(_ name: String) throws { try context.saveCheckpoint(name) { try state.encoded() } }

    // MARK: - Stage 1

    private func embed() throws -> TrainingState.Embedding {
        let graph = material.graph, embedding: DomainEmbedding
        switch settings.embed {
        case .learned:
            embedding = try .learned(graph, width: settings.embedSize, steps: settings.embedSteps, rate: settings.embedRate, random: context.random.stream("embedding")) { step, loss, area in
                try context.proceed()
                context.metric("embedding/L_g", step: Double(step), value: loss, unit: "nats")
                if let area { context.metric("embedding/AUC", step: Double(step), value: area) }
                if step % 20 == 0 { context.progress(Double(step), of: Double(settings.embedSteps), unit: "steps of the embedding") }
            }
        case .spectral: embedding = try .spectral(graph, width: settings.embedSize)
        case .onehot: embedding = .oneHot(graph.count)
        case .coordinates:
            let rows = material.dataset.domains.map(\.coordinates)
            guard let width = rows.first?.count, width > 0 else {
                throw GRDAError("\(material.dataset.identifier) knows no numbers of its domains; set embed to learned, or add columns to domains.csv")
            }
            embedding = DomainEmbedding(width: width, values: rows.flatMap { $0 })
        case .file: embedding = try EmbeddingFile.read(settings.embedFile, names: material.dataset.domains.map(\.name))
        }
        let loss = try embedding.loss(graph)
        guard loss.isFinite else { throw GRDAError("L_g of this embedding is not finite, so |z| is too large; take fewer embed-steps, or scale the file down") }
        return .init(width: embedding.width, values: embedding.values, loss: loss, area: embedding.areaUnderCurve(graph))
    }

    // MARK: - Stage 2

    private mutating func train(_ arm: Arm, _ embedding: DomainEmbedding) throws -> TrainingState.Finished {
        guard arm.training != .ridge else {
            let weights = try RidgeRegression.fit(material.samples, sources: material.sources, penalty: settings.ridgePenalty)
            return .init(arm: arm.name, outputs: FloatBlock(RidgeRegression.outputs(weights, material.samples)), reconstruction: [])
        }
        let game = Game(arm, settings, material, embedding, random: context.random)
        var epoch = 0, losses = Game.Losses(), hasCollapsed = false
        if let progress = state.progress, progress.arm == arm.name {
            guard (0...settings.epochs).contains(progress.epoch), game.restore(progress) else { throw CheckpointError.foreign }
            (epoch, losses, hasCollapsed) = (progress.epoch, progress.losses, progress.hasCollapsed)
        }
        while epoch < settings.epochs, !hasCollapsed {
            losses = try game.epoch(epoch, proceed: context.proceed)
            epoch += 1
            guard losses.prediction.isFinite, losses.adversary?.isFinite ?? true else {
                throw GRDAError("the losses of \(arm.name) are not finite at epoch \(epoch); take a smaller rate or lambda")
            }
            emit(losses, game, epoch)
            if epoch % settings.evaluateEvery == 0 || epoch == settings.epochs || epoch == 1 { hasCollapsed = try measure(game, losses, epoch) }
            let progress = (epoch, losses, hasCollapsed)
            try context.saveCheckpoint("\(arm.name), epoch \(epoch)") {
                var snapshot = state
                snapshot.progress = game.progress(epoch: progress.0, losses: progress.1, hasCollapsed: progress.2)
                return try snapshot.encoded()
            }
        }
        let last = try game.evaluated(proceed: context.proceed)
        return .init(arm: arm.name, outputs: FloatBlock(last.outputs), reconstruction: last.reconstruction,
                     predictionLoss: losses.prediction, adversaryLoss: losses.adversary, hasCollapsed: hasCollapsed)
    }

    private func emit(_ losses: Game.Losses, _ game: Game, _ epoch: Int) {
        let arm = game.arm
        context.metric("L_f/\(arm.name)", step: Double(epoch), value: losses.prediction, unit: material.samples.lossUnit)
        if let adversary = losses.adversary {
            context.metric(arm.pairing == nil ? "adversary loss/\(arm.name)" : "L_D/\(arm.name)", step: Double(epoch), value: adversary, unit: game.adversaryUnit)
            if arm.pairing != nil { context.metric("L_D/chance N ln 2", step: Double(epoch), value: GraphReconstruction.chance(material.count), unit: "nats") }
        }
        if epoch % 5 == 0 { context.progress(Double(epoch), of: Double(settings.epochs), unit: "epochs of \(arm.name)") }
    }

    /// Measures on all samples; true when training has collapsed.
    private func measure(_ game: Game, _ losses: Game.Losses, _ epoch: Int) throws -> Bool {
        let measured = try game.evaluated(proceed: context.proceed), evaluation = Evaluation(measured.outputs, material), unit = material.samples.metricUnit
        let x = Double(epoch)
        if let value = evaluation.mean(material.targets) { context.metric("targets/\(game.arm.name)", step: x, value: value, unit: unit) }
        if game.arm == mainArm || game.arm.name == Arm.sourceOnly {
            for level in material.levels { if let value = evaluation.mean(level.domains) { context.metric("\(game.arm.name) by level/\(level.name)", step: x, value: value, unit: unit) } }
        }
        guard let reconstruction = game.arm.reconstruction else { return false }
        if let area = pairAUC(reconstruction.logits(measured.reconstruction, width: settings.headSize), material.graph) {
            context.metric("discriminator AUC/\(game.arm.name)", step: x, value: area)
            context.metric("discriminator AUC/graph hidden", step: x, value: 0.5)
        }
        // Too strong a graph loss: everything is sacrificed to it and nothing is learnt.
        guard let adversary = losses.adversary, adversary > 3 * GraphReconstruction.chance(material.count), material.samples.isClassification,
              let found = evaluation.mean(material.sources), found < 100 / Double(material.samples.outputs) + 5 else { return false }
        context.warning("\(game.arm.name) has collapsed at epoch \(epoch): sources are at chance (\(short(found)) %) and L_D is \(short(adversary)), more than three times N ln 2; take a smaller lambda or rate")
        return true
    }

    /// The arm that the charts are about: GRDA with the first honest pairing, else the last one.
    var mainArm: Arm {
        arms.first { $0.pairing == .slot } ?? arms.first { $0.pairing == .all } ?? arms.first { $0.pairing != nil } ?? arms.last { $0.training != .ridge } ?? arms[0]
    }
}

extension Arm {
    var reconstruction: GraphReconstruction? {
        if case .network(.graph(let reconstruction), _) = training { return reconstruction }
        return nil
    }
}

/// A number for a sentence.
func short(_ value: Double, digits: Int = 3) -> String { String(format: "%.\(digits)g", value) }
