import Datasets
import Experiments
import Foundation
import Language
import Layers
import Tensors

/// One run: a list of stages, each of which trains or scores one model; what it finds goes into a state that a checkpoint keeps.
struct Trainer {
    let context: RunContext
    let settings: Settings
    let material: Material
    let members: [Member]
    var state: TrainingState

    struct Stage {
        var name: String
        var run: (inout Trainer) throws -> Void
    }

    static func train(_ context: RunContext) throws {
        let settings = try Settings(context.parameters), material = try Material(context, settings), members = try Member.members(context, settings, material)
        let request = context.request
        let owner = ([request.dataset, material.checksum, "seed \(request.seed)"] + members.map(\.pretrained.checksum) + context.parameters.all.map { "\($0.key)=\($0.value.display)" }.sorted()).joined(separator: "\n")
        let state = try context.restoredState.map { try TrainingState(decoding: $0, owner: owner, pairs: material.pairs.count, tests: material.tests.count) } ?? TrainingState(owner: owner)
        var trainer = Trainer(context: context, settings: settings, material: material, members: members, state: state)
        try trainer.run()
    }

    private mutating func run() throws {
        let stages = stages
        guard (0...stages.count).contains(state.finishedStages) else { throw CheckpointError.foreign }
        if state.starts.isEmpty { state.starts = members.map { _ in nil } }
        guard state.starts.count == members.count else { throw CheckpointError.foreign }
        for (index, stage) in stages.enumerated() where index >= state.finishedStages {
            if context.stage(stage.name, index + 1, of: stages.count, after: &state.announcedStage), index == 0 { reportMaterial() }
            try stage.run(&self)
            state.finishedStages = index + 1
            try context.saveCheckpoint(stage.name) { try state.encoded() }
        }
        context.finish(results)
    }

    private var stages: [Stage] {
        var stages: [Stage] = []
        for (number, member) in members.enumerated() where learnsStart(member) { stages.append(Stage(name: "start\(member.suffix)") { try $0.learnStart(number) }) }
        stages.append(Stage(name: "starts") { try $0.scoreStarts() })
        for cycle in 1...settings.cycles {
            for form in [Form.cross, .bi] {
                for (number, member) in members.enumerated() { stages.append(Stage(name: member.arm(form, cycle)) { try $0.distil(form, cycle, number) }) }
            }
        }
        for control in settings.controls { stages.append(Stage(name: control.rawValue) { try $0.runControl(control) }) }
        return stages + [Stage(name: "report") { try $0.report() }]
    }

    // MARK: - Models

    /// Whether a member's bi-encoder learns without labels before the first cycle.
    private func learnsStart(_ member: Member) -> Bool {
        switch settings.start {
        case .automatic: !member.pretrained.isPretrained
        case .weights: false
        case .simCSE, .mirrorBERT: true
        }
    }

    func model(_ form: Form, _ number: Int, hasProjection: Bool = false) throws -> SimilarityModel<Float> {
        let member = members[number]
        return try SimilarityModel(form, member.pretrained, layers: member.layers(form), pooling: settings.pooling, dropout: settings.dropout, update: settings.update, hasProjection: hasProjection,
                                   random: context.random.stream("models"))
    }

    /// S: the bi-encoder that every cycle begins with.
    func startModel(_ number: Int) throws -> SimilarityModel<Float> {
        let model = try model(.bi, number)
        if let learnt = state.starts[number] { guard model.parameters.restore(learnt.floats) else { throw CheckpointError.foreign } }
        return model
    }

    /// The model that a phase begins with (section 2.3).
    func freshModel(_ form: Form, _ number: Int) throws -> SimilarityModel<Float> {
        let isRaw = settings.crossStart == .raw || settings.crossStart == .automatic && members[number].pretrained.isPretrained
        let fresh = try form == .bi ? startModel(number) : model(.cross, number)
        if form == .cross, !isRaw, state.starts[number] != nil { fresh.copy(from: try startModel(number).parameters) }
        if !settings.isFresh, let other = state.newest["\(form == .bi ? Form.cross : .bi) \(number)"] {
            let theirs = try model(form == .bi ? .cross : .bi, number)
            guard theirs.parameters.restore(other.floats) else { throw CheckpointError.foreign }
            fresh.copy(from: theirs.parameters)
        }
        return fresh
    }

    // MARK: - Scores

    /// A score for each pair of the material, or of some of them (the others are 0), in evaluation mode: the bi-encoder's cosines, the cross-encoder's sigmoids in the
    /// given order of the two sentences.
    func scores(_ model: SimilarityModel<Float>, _ member: Member, of wanted: [Int]? = nil, unit: String? = nil) throws -> [Float] {
        let tokenizer = member.pretrained.tokenizer, padding = tokenizer.vocabulary.padding, places = wanted ?? Array(material.pairs.indices)
        var scores = [Float](repeating: 0, count: material.pairs.count)
        if model.form == .bi {
            var numbers: [Int: Int] = [:], used: [Int] = []
            for place in places { for sentence in [material.pairs[place].first, material.pairs[place].second] where numbers[sentence] == nil { numbers[sentence] = used.count; used.append(sentence) } }
            let vectors = try model.encoder.vectors(of: used.map { tokenizer.single(member.pieces[$0], limit: settings.bi.tokens) }, model.pooling, padding: padding, tokensAtOnce: 1024) { done in
                try context.proceed()
                if let unit { context.progress(Double(done), of: Double(used.count), unit: unit) }
            }
            let cosines = Cosines(vectors, width: model.encoder.width)
            for place in places { scores[place] = cosines[numbers[material.pairs[place].first] ?? 0, numbers[material.pairs[place].second] ?? 0] }
            return scores
        }
        let encoded = places.map { place in tokenizer.pair(member.pieces[material.pairs[place].first], member.pieces[material.pairs[place].second], limit: settings.cross.tokens) }
        try BERTEncoder<Float>.forEachBatch(of: encoded.map(\.tokens.count), tokensAtOnce: 1024) { chosen, done in
            try context.proceed()
            if let unit { context.progress(Double(done), of: Double(places.count), unit: unit) }
            let batch = TokenBatch(chosen.map { encoded[$0].tokens }, firstLengths: chosen.map { encoded[$0].firstLength }, padding: padding)
            try model.logits(batch, mode: .inference).sigmoid().withScalars { values in for (row, place) in chosen.enumerated() { scores[places[place]] = values[row] } }
        }
        return scores
    }

    func devScore(_ model: SimilarityModel<Float>, _ member: Member) throws -> Double? {
        guard let dev = material.dev else { return nil }
        return dev.spearman(try scores(model, member, of: dev.pairs))
    }

    /// Keeps what a model scores, and says it.
    /// - Throws: `TransEncoderError` when a score is not finite.
    mutating func record(_ name: String, _ scores: [Float], training: TrainingState.Training? = nil) throws {
        guard scores.allSatisfy(\.isFinite) else { throw TransEncoderError("a score of \(name) is not finite, so its weights hold numbers that are too large; bring the weights of \(members[0].pretrained.identifier) anew, or take smaller rates") }
        state.arms.append(.init(name: name, scores: FloatBlock(scores), dev: material.dev?.spearman(scores), training: training))
        reportArms()
    }

    /// The mean of what the members' models of a form and cycle score.
    func teacher(_ form: Form, _ cycle: Int) throws -> [Float] {
        let all = try members.map { member in
            guard let arm = state[member.arm(form, cycle)] else { throw CheckpointError.foreign }
            return arm.scores.floats
        }
        return all[0].indices.map { place in all.reduce(0) { $0 + $1[place] } / Float(all.count) }
    }
}

/// A number for a sentence.
func short(_ value: Double, digits: Int = 3) -> String { String(format: "%.\(digits)g", value) }
