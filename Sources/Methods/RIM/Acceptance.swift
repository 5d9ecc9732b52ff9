import Experiments

extension RIMMethod {
    /// The sheet's acceptance rows (section 6) for what the study holds.
    public func acceptance(for study: StudySummary) -> [AcceptanceRow] {
        guard study.plan == .standard else { return [] }
        return generatorRows(study) + movieRows(study)
    }

    private struct Part {
        let study: StudySummary, dataset: String
        func values(_ name: String, _ arm: String) -> [UInt64: Double] { study.values(name, arm: arm, dataset: dataset) }
        func mean(_ name: String, _ arm: String) -> Double? { values(name, arm).mean }

        /// The ratio of the means over the seeds that both have.
        func ratio(_ name: String, _ arm: String, _ other: String) -> Double? {
            let mine = values(name, arm), theirs = values(name, other), seeds = mine.keys.filter { theirs[$0] != nil }.sorted()
            let below = seeds.reduce(0) { $0 + (theirs[$1] ?? 0) }
            return seeds.isEmpty || below <= 0 ? nil : seeds.reduce(0) { $0 + (mine[$1] ?? 0) } / below
        }

        /// The least difference over the seeds that both have.
        func leastGain(_ name: String, _ arm: String, _ other: String) -> Double? { values(name, arm).differences(to: values(name, other)).values.min() }

        func ratioRow(_ bound: Double, _ direction: String, _ arm: String, _ other: String) -> AcceptanceRow {
            .atLeast(bound, name: "\(dataset): \(direction) precision of \(arm) over \(other)", measured: ratio("\(direction) precision", arm, other))
        }

        func gainRow(_ arm: String, _ other: String) -> AcceptanceRow {
            .above(0, name: "\(dataset): least gain of a seed in UserRec precision, \(arm) over \(other), points", measured: leastGain("UserRec precision", arm, other))
        }
    }

    private func generatorRows(_ study: StudySummary) -> [AcceptanceRow] {
        guard study.runs.contains(where: { $0.request.dataset == "shop-events" }) else { return [] }
        let part = Part(study: study, dataset: "shop-events")
        var rows: [AcceptanceRow] = []
        for arm in ["GRU × HP", "GRU × Hawkes"] {
            rows += [part.ratioRow(1.6, "UserRec", arm, "GRU"), part.gainRow(arm, "GRU"), part.ratioRow(1.2, "UserRec", arm, "GRU × Pop")]
        }
        rows += [
            part.ratioRow(1.25, "UserRec", "GRU × HP", "ItemPop × HP"), part.ratioRow(1.3, "UserRec", "GRU × HP", "ALS"), part.ratioRow(1.1, "UserRec", "GRU × HP", "GraphConv-Extra"),
            .within(0.75...1, name: "shop-events: UserRec precision of GRU × HP over GRU × oracle", measured: part.ratio("UserRec precision", "GRU × HP", "GRU × oracle")),
            part.ratioRow(2, "ItemRec", "GRU", "ItemPop"), part.ratioRow(0.9, "ItemRec", "Transformer", "GRU"),
        ]
        for name in ["Hawkes", "HP"] {
            rows.append(.atMost(-0.5, name: "shop-events: Poisson loss of \(name) less that of the constant rate, nats a request", measured: part.values("Poisson loss", name).differences(to: part.values("Poisson loss", "constant rate")).mean))
        }
        rows.append(.within(0.7...1.4, name: "shop-events: ΣΛ/ΣY of HP", measured: part.mean("ΣΛ/ΣY", "HP")))
        return rows + matchingRows(part)
    }

    /// The least, over multipliers, of the mean objective relative to greedy; and what a guarantee of 0.7 C does to diversity and precision.
    private func matchingRows(_ part: Part) -> [AcceptanceRow] {
        let arm = "GRU × HP"
        func name(_ mode: MatchingRecord.Mode, _ multiplier: String) -> String { "\(arm), \(mode.rawValue), multiplier \(multiplier)" }
        func least(_ mode: MatchingRecord.Mode) -> Double? {
            let means = ["0", "0.3", "0.7", "1", "3"].map { part.mean("matching objective over greedy", name(mode, $0)) }
            return means.contains { $0 == nil } ? nil : means.compactMap { $0 }.min()
        }
        return [
            .atLeast(0.995, name: "shop-events: offline dual objective over greedy, least over multipliers", measured: least(.offline)),
            .atLeast(0.93, name: "shop-events: online dual objective over greedy, least over multipliers", measured: least(.online)),
            .atLeast(1.2, name: "shop-events: item perplexity at multiplier 0.7 over that at 0, online", measured: part.ratio("matching item perplexity", name(.online, "0.7"), name(.online, "0"))),
            .atLeast(0.93, name: "shop-events: precision at multiplier 0.7 over that at 0, online", measured: part.ratio("matching precision", name(.online, "0.7"), name(.online, "0"))),
        ]
    }

    private func movieRows(_ study: StudySummary) -> [AcceptanceRow] {
        guard study.runs.contains(where: { $0.request.dataset == "movielens-100k" }) else { return [] }
        let part = Part(study: study, dataset: "movielens-100k")
        return [
            part.ratioRow(2, "UserRec", "GRU × HP", "GRU"), part.gainRow("GRU × HP", "GRU"), part.ratioRow(1.2, "UserRec", "GRU × HP", "GRU × EMA"), part.gainRow("GRU × HP", "GRU × EMA"),
            part.ratioRow(1.1, "UserRec", "ItemPop × HP", "ItemPop × Pop"), part.ratioRow(1.15, "ItemRec", "GRU", "ItemPop"),
        ]
    }
}
