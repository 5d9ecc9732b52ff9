import Experiments
import Foundation

/// Single users with their events and intensities, and single items with their audiences.
extension Trainer {
    private typealias Cell = RunEvent.Table.Cell

    /// Users and items that can be looked at.
    private static let shown = 16
    /// Points of a drawn intensity.
    private static let points = 96

    private var shownIntensities: [UserIntensity] {
        settings.intensities.filter { [.ema, .hawkes, .hp].contains($0) } + (material.dataset.process == nil ? [] : [.oracle])
    }

    func reportInspector() throws {
        guard let arm = settings.matched.first ?? [Arm(.gru, .hp), Arm(.gru)].first(where: { settings.models.contains($0.base) && ($0.intensity == .none || settings.uses($0.intensity)) }) ?? settings.models.first.map({ Arm($0) }) else { return }
        let base = try scores(arm.base, .test), lambda = try intensity(arm.intensity, .test), table = base.scalingRows(by: lambda)
        try reportUsers(arm, base, lambda)
        try reportAudiences(arm, base, lambda, table)
    }

    /// The busiest requests, and others at even steps of λ, so that quiet ones are seen too.
    private func shownRequests(_ lambda: [Double]) -> [Int] {
        let order = lambda.indices.sorted { (lambda[$0], $1) > (lambda[$1], $0) }, count = min(Self.shown, order.count)
        return (0..<count).map { order[$0 < count / 2 ? $0 : count / 2 + ($0 - count / 2) * (order.count - count / 2) / max(1, count - count / 2)] }
    }

    private func hit(_ row: Int, _ column: Int) -> Cell { .text((material.targets.counts[row][column] ?? 0) > 0 ? "✓ hit" : "") }

    private func ago(_ request: Request) -> Double { request.start - material.events.times[request.history.upperBound - 1] }

    // MARK: - Users

    private func reportUsers(_ arm: Arm, _ base: ScoreTable, _ lambda: [Double]) throws {
        let shown = shownRequests(lambda), kinds = shownIntensities, clock = material.dataset.clock
        let values = try kinds.map { try intensity($0, .test) }
        let prices = state.matchings.first { $0.arm == arm.name && $0.mode == .online && $0.multiplier == shownMultiplier }?.prices
        var rows: [[Cell]] = [], details: [[Cell]] = [], rug: [[Cell]] = []
        for row in shown {
            try context.proceed()
            let request = material.split.test[row], name = userKey(request.user)
            rows.append([.text(name), .number(Double(request.history.count)), .text(Material.length(ago(request), clock))] + values.map { .number($0[row]) } + [.number(Double(request.target.count))])
            var best = BestPlaces(count: material.itemsPerRequest)
            for column in 0..<base.columns where !base.isExcluded(row * base.columns + column) { best.offer(column, score: base.values[row * base.columns + column], tie: material.ties.columns[column]) }
            for (rank, column) in best.places.enumerated() {
                let p = base.values[row * base.columns + column]
                details.append([.text(name), .number(Double(rank + 1)), .text(material.itemName(column)), .number(100 * p), .number(100 * p * lambda[row]), prices.map { .number($0[column]) } ?? .empty, hit(row, column)])
            }
            let origin = clock == .unix ? material.events.times[request.history.lowerBound] : 0
            for event in request.history { rug.append([.text(name), .text("before"), .number(material.events.times[event] - origin)]) }
            for event in request.target { rug.append([.text(name), .text("came"), .number(material.events.times[event] - origin)]) }
            try reportCurves(name, request, origin: origin)
        }
        let isProbability = arm.base == .gru || arm.base == .transformer
        context.emit(.table(.init(name: "users", columns: [.init("user"), .init("events", digits: 0), .init("last before")] + kinds.map { .init("λ \($0.name)", digits: 2) } + [.init("came", unit: "events", digits: 0)], rows: rows)))
        context.emit(.table(.init(name: "items for a user", columns: [
            .init("user"), .init("rank", digits: 0), .init("item"), .init(isProbability ? "p" : "score", unit: isProbability ? "%" : "× 100", digits: 2), .init("λp", unit: "per 100 horizons", digits: 2), .init("price v", digits: 4), .init("hit"),
        ], rows: details)))
        context.emit(.table(.init(name: "events of users", columns: [.init("user"), .init("rug"), .init("time", unit: clock == .unix ? "s" : clock.unit)], rows: rug)))
    }

    private func userKey(_ user: Int) -> String {
        let name = material.userName(user)
        return name.allSatisfy(\.isNumber) ? "user \(name)" : name.replacing("/", with: "∕")
    }

    /// λ(t) from the first event to the end of the horizon: within the horizon as the history leaves it.
    private func reportCurves(_ name: String, _ request: Request, origin: Double) throws {
        let times = Array(material.intensityTimes[request.history]), from = times.first ?? request.start, to = request.start + request.horizon, horizon = material.horizon
        func curve(_ name: String, _ value: (ArraySlice<Double>, Double) -> Double) {
            var steps: [Double] = [], values: [Double] = []
            for point in 0...Self.points {
                let t = from + (to - from) * Double(point) / Double(Self.points)
                let count = times.partitioningIndex { $0 >= t }
                steps.append(t - origin)
                values.append(value(times[0..<count], t))
            }
            context.emit(.metric(.init(series: name, unit: "events a horizon", steps: steps, values: values)))
        }
        for kind in shownIntensities {
            let path = "λ/\(name)/\(kind.name)"
            switch kind {
            case .ema: curve(path) { UserIntensity.movingAverage($0, at: $1, horizon: horizon) }
            case .hawkes where state.hawkes.count == features.count: curve(path) { HawkesPoisson.count(state.hawkes, features($0, at: $1, horizon: horizon)) }
            case .hp where state.hawkesPoisson.count == features.count: curve(path) { HawkesPoisson.count(state.hawkesPoisson, features($0, at: $1, horizon: horizon)) }
            case .oracle:
                guard let process = material.dataset.process else { continue }
                curve(path) { process.expectedCount(user: request.user, history: $0, start: $1, horizon: horizon) }
            default: break
            }
        }
    }

    // MARK: - Audiences

    private func reportAudiences(_ arm: Arm, _ base: ScoreTable, _ lambda: [Double], _ table: ScoreTable) throws {
        let order = material.popularity.indices.sorted { (material.popularity[$0], $1) > (material.popularity[$1], $0) }
        let count = min(Self.shown, order.count), shown = (0..<count).map { order[$0 * order.count / count] }
        let middle = lambda.median, taken = material.targets.columnSums
        var rows: [[Cell]] = [], details: [[Cell]] = []
        for column in shown {
            try context.proceed()
            let name = itemKey(column)
            var best = BestPlaces(count: material.requestsPerItem)
            for row in 0..<table.rows where !table.isExcluded(row * table.columns + column) { best.offer(row, score: table.values[row * table.columns + column], tie: material.ties.rows[row]) }
            let usual = (0..<base.rows).map { base.values[$0 * base.columns + column] }.median
            let hits = best.places.reduce(0.0) { $0 + (material.targets.counts[$1][column] ?? 0) }
            rows.append([.text(name), .number(material.popularity[column]), .number(taken[column]), .number(Double(best.places.count)), .number(hits)])
            for (rank, row) in best.places.enumerated() {
                let request = material.split.test[row], p = base.values[row * base.columns + column]
                let activity = lambda[row] / max(1e-300, middle), taste = p / max(1e-300, usual)
                details.append([.text(name), .number(Double(rank + 1)), .text(userKey(request.user)), .number(lambda[row]), .number(100 * p), .text(Material.length(ago(request), material.dataset.clock)),
                                .text(Self.reason(activity: activity, taste: taste)), hit(row, column)])
            }
        }
        let isProbability = arm.base == .gru || arm.base == .transformer
        context.emit(.table(.init(name: "items", columns: [.init("item"), .init("events before", digits: 0), .init("came", unit: "events", digits: 0), .init("audience", unit: "users", digits: 0), .init("hits", unit: "events", digits: 0)], rows: rows)))
        context.emit(.table(.init(name: "audience of an item", columns: [
            .init("item"), .init("rank", digits: 0), .init("user"), .init("λ", digits: 2), .init(isProbability ? "p" : "score", unit: isProbability ? "%" : "× 100", digits: 2), .init("last before"), .init("why"), .init("hit"),
        ], rows: details)))
    }

    /// Two items of one title are two items.
    private func itemKey(_ column: Int) -> String {
        let name = material.itemName(column)
        return material.dataset.itemTitles == nil ? (name.allSatisfy(\.isNumber) ? "item \(name)" : name) : "\(name) (\(material.dataset.itemNames[material.items[column]]))"
    }

    /// What brings a request into an audience: how far its λ and its p lie above the middle request's.
    private static func reason(activity: Double, taste: Double) -> String {
        let parts = "activity \(short(activity, digits: 2))×, taste \(short(taste, digits: 2))×"
        let (a, t) = (log(max(1e-12, activity)), log(max(1e-12, taste)))
        return a > 2 * max(0, t) ? "active: \(parts)" : t > 2 * max(0, a) ? "taste: \(parts)" : "both: \(parts)"
    }
}

extension Array {
    /// The first place of a sorted array at which a condition holds that holds from some place on.
    fileprivate func partitioningIndex(_ holds: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
