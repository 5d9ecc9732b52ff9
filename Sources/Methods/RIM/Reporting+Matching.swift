import Experiments
import Foundation

/// What the report says of matchings: diversity against relevance, exposures, and who gets what.
extension Trainer {
    private typealias Cell = RunEvent.Table.Cell

    func reportMatchings(_ outcomes: [ArmOutcome]) throws {
        guard let first = state.matchings.first else { return }
        reportDiversity(outcomes)
        reportExposures(of: first.arm)
        try reportAllocation()
        reportGuarantee(of: first.arm)
    }

    /// Precision against the perplexity of items (bounds from below) or of users (from above), one point a matching.
    private func reportDiversity(_ outcomes: [ArmOutcome]) {
        func emit(_ name: String, _ column: String, unit: String, _ records: [MatchingRecord], _ perplexity: (AssignmentMetrics) -> Double) {
            context.emit(.table(.init(name: name, columns: [.init("matching"), .init("precision", unit: "%", digits: 2), .init(column, unit: unit, digits: 1), .init("multiplier"), .init("group")], rows: records.map {
                [.text($0.mode.rawValue), .number(100 * $0.metrics.precision), .number(perplexity($0.metrics)), .number($0.multiplier), .text($0.arm)]
            })))
        }
        emit("relevance and items", "item perplexity", unit: "items", state.matchings.filter { $0.multiplier <= 1 }, \.itemPerplexity)
        emit("relevance and users", "user perplexity", unit: "users", state.matchings.filter { $0.multiplier >= 1 }, \.userPerplexity)
        // How evenly the histories themselves are spread.
        let users = material.split.test.map { Double($0.history.count) }, items = AssignmentMetrics.perplexity(material.popularity)
        let precision = outcomes.first { $0.arm.name == state.matchings.first?.arm }
        func mark(_ name: String, _ label: String, _ x: Double, _ y: Double) {
            context.emit(.table(.init(name: name, columns: [.init("what"), .init("precision", unit: "%"), .init("perplexity")], rows: [[.text(label), .number(x), .number(y)]])))
        }
        mark("history of items", "events so far, \(short(items, digits: 4)) items", 100 * (precision?.items.precision ?? 0), items)
        mark("history of users", "events so far, \(short(AssignmentMetrics.perplexity(users), digits: 4)) users", 100 * (precision?.users.precision ?? 0), AssignmentMetrics.perplexity(users))
        context.note("histories are spread over \(short(items, digits: 4)) items and \(short(AssignmentMetrics.perplexity(users), digits: 4)) users (perplexity)")
    }

    private func reportExposures(of arm: String) {
        guard let multiplier = shownMultiplier else { return }
        let shown = state.matchings.filter { $0.arm == arm && $0.multiplier == multiplier }, bounds = bounds(multiplier)
        let isEqual = Set(bounds.perColumn).count == 1
        context.emit(.distribution(.init(name: "exposures", unit: "users an item", groups: shown.map { .init(name: $0.mode.rawValue, values: $0.exposures) },
                                         marker: isEqual ? bounds.perColumn.first : nil, markerName: bounds.isLower ? "at least" : "at most", step: multiplier)))
    }

    /// Where the online matching sends what: requests in tenths of λ, items in tenths of their popularity.
    private func reportAllocation() throws {
        guard let arm = settings.matched.first, let multiplier = shownMultiplier, let record = state.matchings.first(where: { $0.arm == arm.name && $0.multiplier == multiplier && $0.mode == .online }) else { return }
        let table = try scores(arm, .test), lambda = try intensity(arm.intensity == .none ? .ema : arm.intensity, .test)
        let bounds = bounds(multiplier)
        // The prices are known: applying them is one pass.
        let dual = DualMatching(prices: record.prices, scale: try onlineScale(arm), bounds: bounds, requests: material.n, epsilon: settings.dualFloor)
        let found = try dual.assignment(table, proceed: context.proceed)
        func tenths(_ values: [Double]) -> (place: [Int], count: Int) {
            let count = min(10, values.count), order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
            var place = [Int](repeating: 0, count: values.count)
            for (rank, index) in order.enumerated() { place[index] = rank * count / values.count }
            return (place, count)
        }
        let rows = tenths(lambda), columns = tenths(material.popularity)
        var sums = [Double](repeating: 0, count: rows.count * columns.count), perRow = [Double](repeating: 0, count: rows.count)
        for row in rows.place { perRow[row] += 1 }
        for cell in found.cells { sums[rows.place[cell.row] * columns.count + columns.place[cell.column]] += cell.weight }
        func names(_ what: String, _ count: Int) -> [String] { (1...count).map { "\(what) \($0)" } }
        context.emit(.matrix(.init(name: "allocation", unit: "items a request", rows: names("activity", rows.count), columns: names("pop.", columns.count),
                                   values: sums.enumerated().map { $1 / max(1, perRow[$0 / columns.count]) })))
    }

    /// What scores were divided by when the online prices were found.
    private func onlineScale(_ arm: Arm) throws -> Double {
        let isHonest = settings.dualFit == .honest && arm.base.isFitted
        return max(try scores(arm, .validation, model: isHonest ? Self.honestName(arm.base) : nil).largest ?? 0, 1e-300)
    }

    /// What a guarantee costs, in a sentence.
    private func reportGuarantee(of arm: String) {
        guard let multiplier = shownMultiplier, multiplier < 1 else { return }
        func record(_ multiplier: Double, _ mode: MatchingRecord.Mode) -> MatchingRecord? { state.matchings.first { $0.arm == arm && $0.mode == mode && $0.multiplier == multiplier } }
        guard let free = record(0, .online), let bound = record(multiplier, .online), let least = bound.exposures.min() else { return }
        context.note("\(arm), online: at least \(short(Double(material.requestsPerItem) * multiplier)) users an item cost \(short(100 * (free.metrics.precision - bound.metrics.precision))) points of precision (\(short(100 * free.metrics.precision)) to \(short(100 * bound.metrics.precision)) %) "
            + "and spread items from \(short(free.metrics.itemPerplexity)) to \(short(bound.metrics.itemPerplexity)); the least exposed item got \(short(least)): the bound holds on average, not for every item")
    }
}
