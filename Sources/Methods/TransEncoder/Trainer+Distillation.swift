import Experiments
import Foundation
import Tensors

/// The cycles: a form learns the scores of the other.
extension Trainer {
    // MARK: - Cycles

    mutating func distil(_ form: Form, _ cycle: Int, _ number: Int) throws {
        let member = members[number], name = member.arm(form, cycle), teacherForm: Form = form == .bi ? .cross : .bi, teacherCycle = form == .bi ? cycle : cycle - 1
        let model = try freshModel(form, number), targets = try teacher(teacherForm, teacherCycle)
        let teacherName = members.count == 1 ? "\(teacherForm)\(teacherCycle)" : "\(teacherForm)\(teacherCycle) A+B"
        try train(model, name, number, targets: targets, teacher: teacherName)
        try keepEncoder(model, name, number)
        if !settings.isFresh { state.newest["\(form) \(number)"] = FloatBlock(model.parameters.snapshot) }
    }

    /// Trains a model on targets, one a pair of the material (those of P count), and records what it then scores.
    mutating func train(_ model: SimilarityModel<Float>, _ name: String, _ number: Int, targets: [Float], teacher: String) throws {
        let member = members[number], phase = model.form == .bi ? settings.bi : settings.cross
        let wanted = material.training.map { settings.clampsTargets && model.form == .cross ? max(0, targets[$0]) : targets[$0] }
        var examples = zip(material.training, wanted).map { DistillationTraining.Example(pair: $0, isTurned: false, target: $1) }
        if model.form == .cross, settings.bothOrders { examples += examples.map { .init(pair: $0.pair, isTurned: true, target: $0.target) } }
        let mean = wanted.reduce(0.0) { $0 + Double($1) } / Double(wanted.count)
        if settings.startsBias, let bias = model.classifier?.bias {
            let share = min(max(mean, 1e-3), 1 - 1e-3)
            bias.assign(Tensor(shape: [1], [Float(logarithm(share / (1 - share)))]))
        }
        // Two members draw the same orders and masks: equal models stay equal.
        let training = DistillationTraining(model, phase, settings, material, member, examples, random: context.random.stream(String(name.dropLast(name.hasSuffix(member.suffix) ? member.suffix.count : 0))))
        let floor = model.form == .cross ? SimilarityLoss.floor(wanted) : 0
        if let kept = state.distillation { guard training.restore(kept) else { throw CheckpointError.foreign } }
        let lossName = model.form == .cross ? "cross loss" : "bi loss", teacherDev = teacherDevScore(teacher)
        let tokensAStep = Double(material.training.prefix(200).reduce(0) { $0 + member.pieces[material.pairs[$1].first].count + member.pieces[material.pairs[$1].second].count + 4 }) / Double(min(200, material.training.count)) * Double(phase.batch)
        while !training.isFinished {
            try context.proceed()
            let loss = try training.advance(proceed: context.proceed)
            guard loss.isFinite else {
                throw try failure("loss", name, step: training.step, rate: "\(model.form)-rate than \(phase.rate)")
            }
            context.metric("\(lossName)/\(name)", step: Double(training.step), value: loss, unit: model.form == .cross ? "nats" : "")
            if model.form == .cross { context.metric("cross loss above floor/\(name)", step: Double(training.step), value: loss - floor, unit: "nats") }
            if training.step % 2 == 0 || training.isFinished { context.progress(Double(training.tokens), of: max(Double(training.tokens), tokensAStep * Double(training.steps)), unit: "tokens of \(name)") }
            if training.isAtCheck, let dev = try devScore(model, member) {
                training.note(dev)
                context.metric("dev Spearman/\(name)", step: Double(training.step), value: dev)
                if let teacherDev { for step in [0, training.step] { context.metric("dev Spearman/teacher of \(name)", step: Double(step), value: teacherDev) } }
            }
            guard training.step % 10 == 0 || training.isAtCheck, !training.isFinished else { continue }
            let kept = state
            try context.saveCheckpoint("\(name), step \(training.step)") {
                var snapshot = kept
                snapshot.distillation = training.state
                return try snapshot.encoded()
            }
        }
        try training.finish()
        state.distillation = nil
        let scores = try scores(model, member, unit: model.form == .bi ? "sentences encoded by \(name)" : "pairs scored by \(name)")
        let agreement = RankCorrelation.spearman(material.training.map { Double(targets[$0]) }, material.training.map { Double(scores[$0]) })
        try record(name, scores, training: .init(
            teacher: teacher, agreement: agreement, firstLoss: training.firstLoss.isFinite ? training.firstLoss : nil, lastLoss: training.lastLoss.isFinite ? training.lastLoss : nil,
            floor: model.form == .cross ? floor : nil, bestStep: settings.selection == .dev ? training.best?.step ?? training.steps : training.steps, steps: training.steps, tokens: training.tokens,
            meanTarget: mean, negativeTargets: material.training.count { targets[$0] < 0 }))
        if model.form == .cross, (agreement ?? 0) < 0.7 {
            context.warning("\(name) agrees little with its teacher \(teacher) on the training pairs (Spearman \(agreement.map { short($0) } ?? "n/a"), below 0.7): it has learnt little, and a bi-encoder that learns from it gets worse; raise cross-rate or cross-epochs, or give it more layers")
        }
    }

    func teacherDevScore(_ teacher: String) -> Double? {
        if let arm = state[teacher] { return arm.dev }
        guard let dev = material.dev, teacher.hasSuffix(" A+B") else { return nil }
        let all = members.compactMap { state["\(teacher.dropLast(4))\($0.suffix)"]?.scores.floats }
        guard all.count == members.count else { return nil }
        return dev.spearman(all[0].indices.map { place in all.reduce(0) { $0 + $1[place] } / Float(all.count) })
    }

    /// Leaves the weights of a phase as a file where no phase of its form was better on the dev set before.
    func keepEncoder(_ model: SimilarityModel<Float>, _ name: String, _ number: Int) throws {
        guard settings.kept == .both || settings.kept == .bi && model.form == .bi, let record = state[name] else { return }
        let member = members[number], earlier = state.arms.filter { $0.name.hasPrefix(model.form.rawValue) && $0.name.hasSuffix(member.suffix) && $0.name != name }
        guard settings.selection == .last || earlier.allSatisfy({ ($0.dev ?? -.infinity) < (record.dev ?? -.infinity) }) else { return }
        let stem = "\(model.form.rawValue)-encoder\(member.suffix.replacingOccurrences(of: " ", with: "-").lowercased())"
        try context.saveArtifact("\(stem).safetensors", member.pretrained.exported(model.encoder, besides: model.classifier.map { [("classifier", $0)] } ?? []))
        try context.saveArtifact("\(stem).config.json", member.pretrained.configurationFile(layers: member.layers(model.form)))
        try context.saveArtifact("\(stem).vocab.txt", member.pretrained.vocabularyFile)
    }
}
