import Experiments
import Foundation
import Tensors

/// Cycle 0 and what is trained without the other form: an unsupervised start, the controls.
extension Trainer {
    // MARK: - Start

    mutating func learnStart(_ number: Int) throws {
        let isMirror = settings.start != .simCSE
        let model = try model(.bi, number, hasProjection: !isMirror && settings.pooling == .cls)
        try contrast(model, number, isMirror: isMirror, name: "start\(members[number].suffix)")
        let plain = try self.model(.bi, number)
        plain.copy(from: model.parameters)
        state.starts[number] = FloatBlock(plain.parameters.snapshot)
        state.contrastive = nil
    }

    mutating func contrast(_ model: SimilarityModel<Float>, _ number: Int, isMirror: Bool, name: String) throws {
        let member = members[number], rate = settings.startRate > 0 ? settings.startRate : member.pretrained.isPretrained ? 3e-5 : 1e-3
        var seen: Set<Int> = []
        let sentences = material.training.flatMap { [material.pairs[$0].first, material.pairs[$0].second] }.filter { seen.insert($0).inserted }
        guard sentences.count > 1 else { throw TransEncoderError("an unsupervised start needs two different sentences, and the pairs of \(context.request.dataset) have one; add pairs, or take start weights") }
        let training = ContrastiveTraining(model, isMirror: isMirror, rate: rate, settings, sentences: sentences.map { member.pretrained.tokenizer.single(member.pieces[$0], limit: settings.bi.tokens) },
                                           vocabulary: member.pretrained.tokenizer.vocabulary, random: context.random.stream(String(name.dropLast(name.hasSuffix(member.suffix) ? member.suffix.count : 0))))
        if let kept = state.contrastive { guard training.restore(kept) else { throw CheckpointError.foreign } }
        while !training.isFinished {
            try context.proceed()
            let loss = try training.advance(proceed: context.proceed)
            guard loss.isFinite else { throw try failure("contrastive loss", name, step: training.step, rate: "start-rate \(rate)") }
            context.metric("contrastive loss/\(name)", step: Double(training.step), value: loss, unit: "nats")
            if training.step % 5 == 0 { context.progress(Double(training.step), of: Double(training.steps), unit: "steps of \(name)") }
            guard training.step % 20 == 0 else { continue }
            let kept = state
            try context.saveCheckpoint("\(name), step \(training.step)") {
                var snapshot = kept
                snapshot.contrastive = training.state
                return try snapshot.encoded()
            }
        }
    }

    /// The weights are those before the step that failed; they stay in the checkpoint before it.
    func failure(_ what: String, _ name: String, step: Int, rate: String) throws -> TransEncoderError {
        try context.saveCheckpoint("\(name), stopped", force: true) { try state.encoded() }
        return TransEncoderError("the \(what) of \(name) is not finite at step \(step + 1); what was finished before is kept in the checkpoint, start anew with a smaller \(rate)")
    }

    // MARK: - Cycle 0

    mutating func scoreStarts() throws {
        for (number, member) in members.enumerated() {
            let name = member.arm(.bi, 0)
            guard state[name] == nil else { continue }
            try record(name, try scores(startModel(number), member, unit: "sentences encoded by \(name)"))
            if settings.kept != .none, state.starts[number] != nil { try keepEncoder(startModel(number), name, number) }
        }
        if state["words"] == nil { try record("words", try scores(SimilarityModel(.bi, members[0].pretrained, layers: 0, pooling: .mean, random: context.random), members[0], unit: "sentences encoded by words")) }
        if state["TF-IDF"] == nil { try record("TF-IDF", try TermCosines.scores(material, proceed: context.proceed)) }
        if settings.showsStarts, members[0].pretrained.isPretrained, !material.tests.isEmpty { state.startRows = try StartTable.rows(self) }
        reportStarts()
    }

    // MARK: - Controls

    mutating func runControl(_ control: Settings.Control) throws {
        let start = members[0].arm(.bi, 0), first = members[0].arm(.cross, 1)
        switch control {
        case .selfTraining:
            guard let own = state[start] else { throw CheckpointError.foreign }
            try train(startModel(0), control.rawValue, 0, targets: own.scores.floats, teacher: start)
        case .shuffled:
            guard let scores = state[first]?.scores.floats else { throw CheckpointError.foreign }
            var dealt = scores, random = context.random.stream("shuffled targets")
            for (pair, other) in zip(material.training, random.permutation(material.training.count)) { dealt[pair] = scores[material.training[other]] }
            try train(startModel(0), control.rawValue, 0, targets: dealt, teacher: first)
        case .simCSE:
            let hasProjection = settings.pooling == .cls, model = try model(.bi, 0, hasProjection: hasProjection)
            model.copy(from: try startModel(0).parameters)
            try contrast(model, 0, isMirror: false, name: control.rawValue)
            state.contrastive = nil
            try record(control.rawValue, try scores(model, members[0], unit: "sentences encoded by \(control.rawValue)"))
        }
    }
}
