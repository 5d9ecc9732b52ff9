import Experiments
import Foundation

extension Trainer {
    // MARK: - What the run works on

    func reportMaterial() {
        let first = members[0]
        context.note("\(grouped(material.training.count)) pairs train without labels; \(material.tests.isEmpty ? "nothing" : material.tests.map { "\($0.name) \(grouped($0.pairs.count))" }.joined(separator: ", ")) tests; "
            + (settings.selection == .dev ? "\(material.dev.map { "\($0.name), \(grouped($0.pairs.count)) labelled pairs," } ?? "nothing") chooses checkpoints and cycles" : "no label is used to choose"))
        for member in members {
            let encoder = member.pretrained
            context.note("model\(member.suffix): \(encoder.identifier), \(encoder.isPretrained ? "pretrained" : "not a pretrained model: it starts from random numbers"), width \(encoder.configuration.width), \(member.layers) of \(encoder.configuration.layers) layers as bi-encoder, "
                + "\(member.crossLayers) as cross-encoder, \(grouped(encoder.configuration.words)) word pieces")
        }
        for note in material.notes { context.note(note) }
        if members.count == 1, first.pretrained.isPretrained, first.layers == first.crossLayers { context.note("bi- and cross-encoder are equally large; distilling an encoder that is tuned already on few pairs tends to lose a little, so cycle 0 stays among the candidates") }
    }

    func reportStarts() {
        guard !state.startRows.isEmpty else { return }
        context.emit(.table(.init(name: "starts", columns: [.init("layers, pooling")] + material.tests.map { .init($0.name, digits: 2, better: .higher) } + [.init("mean", digits: 2, better: .higher)], rows: state.startRows.map { row in
            [.text(row.name)] + row.values.map { $0.map { .number($0) } ?? .text("n/a") } + [mean(row.values).map { .number($0) } ?? .text("n/a")]
        })))
    }

    // MARK: - Models

    /// Spearman's correlations of scores on the test sets.
    func spearmans(_ scores: [Float]) -> [Double?] { material.tests.map { $0.spearman(scores) } }

    /// Nil where one of them has none.
    func mean(_ values: [Double?]) -> Double? {
        let known = values.compactMap(\.self)
        return known.isEmpty || known.count < values.count ? nil : known.reduce(0, +) / Double(known.count)
    }

    /// The arms of the ladder with their place: bi0, cross1, bi1, …
    private func place(_ name: String) -> Double? {
        for cycle in 0...settings.cycles {
            for member in members {
                if name == member.arm(.bi, cycle) { return Double(2 * cycle) }
                if cycle > 0, name == member.arm(.cross, cycle) { return Double(2 * cycle - 1) }
            }
        }
        return nil
    }

    /// Everything that is shown of the models so far; called when one more is scored.
    func reportArms() {
        guard let newest = state.arms.last else { return }
        if let place = place(newest.name) {
            let values = spearmans(newest.scores.floats), suffix = members.first { newest.name.hasSuffix($0.suffix) && !$0.suffix.isEmpty }?.suffix ?? ""
            for (set, value) in zip(material.tests, values) { if let value { context.metric("ladder/\(set.name)\(suffix)", step: place, value: value) } }
            if let mean = mean(values) { context.metric("ladder/mean\(suffix)", step: place, value: mean) }
        }
        context.emit(.table(.init(name: "phases", columns: [.init("phase"), .init("place")], rows: (0...2 * settings.cycles).map { [.text($0 % 2 == 0 ? "bi\($0 / 2)" : "cross\(($0 + 1) / 2)"), .number(Double($0))] })))
        emitTables()
        if place(newest.name) != nil { emitAgreement() }
    }

    /// Models with the ensembles of mutual distillation, in the order in which they were trained.
    private var shown: [(name: String, scores: [Float], dev: Double?)] {
        var rows = state.arms.map { (name: $0.name, scores: $0.scores.floats, dev: $0.dev) }
        guard members.count == 2 else { return rows }
        for cycle in 0...settings.cycles {
            for form in cycle == 0 ? [Form.bi] : [.cross, .bi] {
                guard let a = state[members[0].arm(form, cycle)]?.scores.floats, let b = state[members[1].arm(form, cycle)]?.scores.floats else { continue }
                let scores = zip(a, b).map { ($0 + $1) / 2 }
                rows.append(("\(form)\(cycle) A+B", scores, material.dev?.spearman(scores)))
            }
        }
        return rows
    }

    /// What a model is measured against: the start of its member.
    private func baseline(of name: String) -> String? {
        guard name != "words", name != "TF-IDF", !name.hasPrefix("bi0") else { return nil }
        if name.hasSuffix(" A+B") { return "bi0 A+B" }
        return members.first { !$0.suffix.isEmpty && name.hasSuffix($0.suffix) }.map { $0.arm(.bi, 0) } ?? members[0].arm(.bi, 0)
    }

    private func emitTables() {
        let rows = shown, sets = material.tests
        func columns(_ digits: Int) -> [RunEvent.Table.Column] {
            [.init("model")] + sets.map { .init($0.name, digits: digits, better: .higher) } + (sets.count > 1 ? [.init("mean", digits: digits, better: .higher)] : []) + (material.dev == nil ? [] : [.init("dev", digits: digits, better: .higher)])
        }
        func cells(_ values: [Double?], _ dev: Double?) -> [RunEvent.Table.Cell] {
            let all = values + (sets.count > 1 ? [mean(values)] : []) + (material.dev == nil ? [] : [dev])
            return all.map { $0.map { .number($0) } ?? .text("n/a") }
        }
        context.emit(.table(.init(name: "models", columns: columns(2), rows: rows.map { [.text(Self.words($0.name))] + cells(spearmans($0.scores), $0.dev) })))
        let found = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, (spearmans($0.scores), $0.dev)) })
        context.emit(.table(.init(name: "changes", columns: columns(2), rows: rows.compactMap { row in
            guard let base = baseline(of: row.name).flatMap({ found[$0] }), let own = found[row.name] else { return nil }
            return [.text("\(Self.words(row.name)) − \(baseline(of: row.name) ?? "")")] + cells(zip(own.0, base.0).map { own, base in own.flatMap { own in base.map { own - $0 } } }, own.1.flatMap { own in base.1.map { own - $0 } })
        })))
        let trained = state.arms.compactMap { arm in arm.training.map { (arm.name, $0) } }
        guard !trained.isEmpty else { return }
        func cell(_ value: Double?) -> RunEvent.Table.Cell { value.map { .number($0) } ?? .text("n/a") }
        context.emit(.table(.init(name: "training", columns: [.init("model"), .init("learns from"), .init("agreement", digits: 3), .init("loss, first epoch", digits: 5), .init("loss, last epoch", digits: 5), .init("floor", digits: 4), .init("mean target", digits: 3),
                                                              .init("targets < 0", digits: 0), .init("kept step", digits: 0), .init("steps", digits: 0), .init("tokens", digits: 0)], rows: trained.map { name, training in
            [.text(name), .text(training.teacher), cell(training.agreement), cell(training.firstLoss), cell(training.lastLoss), training.floor.map { .number($0) } ?? .empty, .number(training.meanTarget),
             .number(Double(training.negativeTargets)), .number(Double(training.bestStep)), .number(Double(training.steps)), .number(Double(training.tokens))]
        })))
    }

    /// A model's name in the tables.
    private static func words(_ name: String) -> String {
        switch name {
        case "words": "word vectors, mean"
        case "self-training": "control: own cosines"
        case "shuffled": "control: scores shuffled"
        case "simcse": "control: SimCSE step"
        default: name
        }
    }

    // MARK: - Agreement

    /// Teacher against student on P, at most so many pairs of each phase, and the pseudo-labels of each phase.
    private func emitAgreement() {
        let step = max(1, material.training.count / 400), places = stride(from: 0, to: material.training.count, by: step).map { material.training[$0] }
        let all = Dictionary(uniqueKeysWithValues: shown.map { ($0.name, $0.scores) })
        var rows: [[RunEvent.Table.Cell]] = []
        for arm in state.arms {
            guard let training = arm.training, arm.name != "shuffled", let teacher = all[training.teacher] else { continue }
            let student = arm.scores.floats
            for pair in places { rows.append([.text("\(training.teacher) → \(arm.name)"), .number(Double(teacher[pair])), .number(Double(student[pair]))]) }
        }
        if !rows.isEmpty { context.emit(.table(.init(name: "agreement", columns: [.init("phase"), .init("teacher", digits: 3), .init("student", digits: 3)], rows: rows))) }
        let groups = state.arms.filter { place($0.name) != nil }.map { arm in
            let scores = arm.scores.floats
            return RunEvent.Distribution.Group(name: arm.name, values: places.map { Double(scores[$0]) })
        }
        context.emit(.distribution(.init(name: "pseudo-labels", groups: groups)))
    }

    // MARK: - End

    /// The cycle whose model of a form is kept: the best on the dev set, cycle 0 among the bi-encoders; or the last.
    func chosenCycle(_ form: Form, _ member: Member) -> Int {
        let cycles = Array((form == .bi ? 0 : 1)...settings.cycles)
        guard settings.selection == .dev else { return settings.cycles }
        return cycles.max { (state[member.arm(form, $0)]?.dev ?? -.infinity) < (state[member.arm(form, $1)]?.dev ?? -.infinity) } ?? settings.cycles
    }

    func report() throws {
        try context.proceed()
        PairInspection.emit(self)
        verdict()
    }

    /// What the run found, a number for each model and set.
    var results: [RunEvent.Result] {
        var results: [RunEvent.Result] = []
        for row in shown {
            let values = spearmans(row.scores), base = baseline(of: row.name)
            for (set, value) in zip(material.tests, values) { if let value { results.append(.init(name: "Spearman \(set.name)", arm: row.name, unit: "/100", value: value, better: .higher, baseline: base)) } }
            if material.tests.count > 1, let mean = mean(values) { results.append(.init(name: "Spearman, mean of the sets", arm: row.name, unit: "/100", value: mean, better: .higher, baseline: base)) }
            if let dev = row.dev { results.append(.init(name: "Spearman dev", arm: row.name, unit: "/100", value: dev, better: .higher, baseline: base)) }
        }
        for arm in state.arms {
            guard let training = arm.training else { continue }
            if let agreement = training.agreement { results.append(.init(name: "agreement with the teacher", arm: arm.name, value: agreement, better: .neither)) }
            for (name, loss) in [("loss, first epoch", training.firstLoss), ("loss, last epoch", training.lastLoss)] { if let loss { results.append(.init(name: name, arm: arm.name, value: loss, better: .lower)) } }
        }
        for row in state.startRows {
            for (set, value) in zip(material.tests, row.values) { if let value { results.append(.init(name: "Spearman \(set.name)", arm: "start: \(row.name)", unit: "/100", value: value, better: .higher)) } }
        }
        for member in members {
            for form in [Form.bi, .cross] {
                let cycle = chosenCycle(form, member), name = member.arm(form, cycle)
                guard let scores = state[name]?.scores.floats else { continue }
                for (set, value) in zip(material.tests, spearmans(scores)) { if let value { results.append(.init(name: "Spearman \(set.name)", arm: "chosen \(form)\(member.suffix)", unit: "/100", value: value, better: .higher, baseline: member.arm(.bi, 0))) } }
                results.append(.init(name: "chosen cycle", arm: "chosen \(form)\(member.suffix)", value: Double(cycle), better: .neither))
            }
        }
        return results
    }

    /// Says where the method did not help.
    private func verdict() {
        for member in members {
            guard let base = state[member.arm(.bi, 0)] else { continue }
            let cycle = chosenCycle(.bi, member)
            if settings.selection == .dev { context.note(cycle == 0 ? "the dev set chooses cycle 0: no bi-encoder\(member.suffix) of a later cycle is better there" : "the dev set chooses the bi-encoder\(member.suffix) of cycle \(cycle)") }
            let start = spearmans(base.scores.floats)
            for later in 1...settings.cycles {
                for form in [Form.cross, .bi] {
                    guard let scores = state[member.arm(form, later)]?.scores.floats else { continue }
                    let lost = zip(material.tests, zip(spearmans(scores), start)).filter { ($0.1.0 ?? -.infinity) <= ($0.1.1 ?? -.infinity) }
                    if !lost.isEmpty { context.note("\(member.arm(form, later)) does not beat \(base.name) on " + lost.map { "\($0.0.name) (\(short($0.1.0 ?? .nan, digits: 4)) against \(short($0.1.1 ?? .nan, digits: 4)))" }.joined(separator: ", ")) }
                }
            }
        }
    }
}

/// 37079 as 37,079.
func grouped(_ number: Int) -> String {
    var digits = String(abs(number)), parts: [String] = []
    while digits.count > 3 {
        parts.insert(String(digits.suffix(3)), at: 0)
        digits.removeLast(3)
    }
    return (number < 0 ? "-" : "") + ([digits] + parts).joined(separator: ",")
}
