import Experiments
import Foundation
import Tensors

/// One matching of one arm at one multiplier.
struct MatchingRecord: Codable, Sendable {
    enum Mode: String, Codable, Sendable, CaseIterable {
        case greedy, offline = "dual offline", online = "dual online"
    }

    var arm: String
    var mode: Mode
    var multiplier: Double
    var metrics: AssignmentMetrics
    /// Σ S ⊙ A over R_min.
    var objective: Double
    /// The same of whole pairs (duals only), and their precision.
    var roundedObjective: Double?, roundedPrecision: Double?
    /// Σ of the column of each item, and the bound of the least popular one.
    var exposures: [Double]
    /// v of each item; empty for greedy.
    var prices: [Double]

    func fits(items m: Int) -> Bool { exposures.count == m && (prices.isEmpty || prices.count == m) }
}

extension Trainer {
    func bounds(_ multiplier: Double) -> MatchingBounds {
        MatchingBounds(multiplier: multiplier, itemsPerRow: material.itemsPerRequest, rowsPerItem: material.requestsPerItem, rows: material.n, columns: material.m,
                       popularity: settings.relativeBounds ? material.popularity : nil)
    }

    /// S of an arm for the requests of a part.
    func scores(_ arm: Arm, _ part: FactorModel.Part, model: String? = nil) throws -> ScoreTable {
        let base: ScoreTable
        if let model {
            guard let factors = state.factors(of: model) else { throw CheckpointError.foreign }
            base = try factors.scores(part, items: material.m, excluded: material.excluded(part), proceed: context.proceed)
        } else {
            base = try scores(arm.base, part)
        }
        return arm.intensity == .none ? base : base.scalingRows(by: try intensity(arm.intensity, part))
    }

    /// The name of the second model that the honest dual fits.
    static func honestName(_ base: BaseModel) -> String { "\(base.name) before V" }

    /// Greedy, and by prices found on D itself and on V, at every multiplier.
    mutating func match(_ arm: Arm) throws {
        let table = try scores(arm, .test), isHonest = settings.dualFit == .honest && arm.base.isFitted
        let earlier = try scores(arm, .validation, model: isHonest ? Self.honestName(arm.base) : nil)
        let total = settings.multipliers.count * MatchingRecord.Mode.allCases.count * settings.matched.count
        for multiplier in settings.multipliers {
            let bounds = bounds(multiplier)
            for mode in MatchingRecord.Mode.allCases where !state.matchings.contains(where: { $0.arm == arm.name && $0.mode == mode && $0.multiplier == multiplier }) {
                let record: MatchingRecord
                if mode == .greedy {
                    let found = try GreedyMatching.assign(table, bounds, ties: material.ties, proceed: context.proceed)
                    record = self.record(arm, mode, multiplier, found, table, bounds)
                } else {
                    let label = "\(arm.name), \(mode.rawValue), multiplier \(short(multiplier))", isShown = arm == settings.matched.first && multiplier == shownMultiplier
                    let dual = try DualMatching(fitting: mode == .online ? earlier : table, bounds, requests: material.n, epochs: settings.dualEpochs, floor: settings.dualFloor,
                                                random: context.random.stream("prices of \(label)"), proceed: context.proceed) { progress in
                        let x = Double(progress.epoch)
                        if isShown {
                            context.metric("prices/\(mode == .online ? "online" : "offline"), bound", step: x, value: progress.dual, unit: "score")
                            context.metric("prices/\(mode == .online ? "online" : "offline"), value", step: x, value: progress.primal, unit: "score")
                        }
                        context.metric("ε of the prices/ε", step: x, value: progress.epsilon, unit: "of the largest score")
                        if arm == settings.matched.first {
                            context.metric("worst item/\(mode == .online ? "online" : "offline") \(short(multiplier))", step: x, value: progress.violation, unit: "users")
                        }
                    }
                    let soft = try dual.assignment(table, proceed: context.proceed), whole = dual.rounded(table, ties: material.ties)
                    var found = self.record(arm, mode, multiplier, soft, table, bounds)
                    found.roundedObjective = whole.objective(table) / max(1, bounds.least)
                    found.roundedPrecision = AssignmentMetrics(whole, material.targets, least: bounds.least).precision
                    found.prices = dual.prices
                    record = found
                }
                state.matchings.append(record)
                reportMatching()
                context.progress(Double(state.matchings.count), of: Double(total), unit: "matchings")
                let snapshot = state
                try context.saveCheckpoint("matching \(state.matchings.count)") { try snapshot.encoded() }
            }
        }
    }

    /// The multiplier whose fits are drawn in detail.
    var shownMultiplier: Double? { settings.multipliers.min { abs($0 - 0.7) < abs($1 - 0.7) } }

    private func record(_ arm: Arm, _ mode: MatchingRecord.Mode, _ multiplier: Double, _ found: Assignment, _ table: ScoreTable, _ bounds: MatchingBounds) -> MatchingRecord {
        MatchingRecord(arm: arm.name, mode: mode, multiplier: multiplier, metrics: AssignmentMetrics(found, material.targets, least: bounds.least),
                       objective: found.objective(table) / max(1, bounds.least), exposures: found.columnSums, prices: [])
    }
}

/// What matching says while it goes on.
extension Trainer {
    func reportMatching() {
        let columns: [RunEvent.Table.Column] = [
            .init("model"), .init("multiplier"), .init("how"), .init("precision", unit: "%", digits: 2), .init("item perplexity", digits: 0), .init("user perplexity", digits: 0),
            .init("over greedy", digits: 3), .init("objective", digits: 5), .init("pairs", digits: 0), .init("least exposed", unit: "users", digits: 1), .init("in whole pairs, precision", unit: "%", digits: 2),
        ]
        context.emit(.table(.init(name: "matching", columns: columns, rows: state.matchings.map { record in
            let greedy = state.matchings.first { $0.arm == record.arm && $0.mode == .greedy && $0.multiplier == record.multiplier }
            return [.text(record.arm), .text(short(record.multiplier)), .text(record.mode.rawValue), .number(100 * record.metrics.precision), .number(record.metrics.itemPerplexity), .number(record.metrics.userPerplexity),
                    greedy.flatMap { $0.objective > 0 ? .number(record.objective / $0.objective) : nil } ?? .empty, .number(record.objective), .number(record.metrics.assigned),
                    record.exposures.min().map { .number($0) } ?? .empty, record.roundedPrecision.map { .number(100 * $0) } ?? .empty]
        })))
    }

    /// The results of the matchings, paired with greedy.
    var matchingResults: [RunEvent.Result] {
        state.matchings.flatMap { record -> [RunEvent.Result] in
            let arm = "\(record.arm), \(record.mode.rawValue), multiplier \(short(record.multiplier))"
            let greedy = state.matchings.first { $0.arm == record.arm && $0.mode == .greedy && $0.multiplier == record.multiplier }
            let base = record.mode == .greedy ? nil : "\(record.arm), greedy, multiplier \(short(record.multiplier))"
            var results: [RunEvent.Result] = [
                .init(name: "matching precision", arm: arm, unit: "%", value: 100 * record.metrics.precision, better: .higher, baseline: base),
                .init(name: "matching item perplexity", arm: arm, unit: "items", value: record.metrics.itemPerplexity, better: .neither),
                .init(name: "matching user perplexity", arm: arm, unit: "users", value: record.metrics.userPerplexity, better: .neither),
            ]
            if record.mode != .greedy, let greedy, greedy.objective > 0 { results.append(.init(name: "matching objective over greedy", arm: arm, value: record.objective / greedy.objective, better: .higher)) }
            if let rounded = record.roundedPrecision { results.append(.init(name: "matching precision in whole pairs", arm: arm, unit: "%", value: 100 * rounded, better: .higher)) }
            return results
        }
    }
}
