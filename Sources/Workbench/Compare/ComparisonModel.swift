import Charts
import Experiments

/// What is compared: the runs, how they are set against each other, and what follows from that, worked out once a change.
struct ComparisonModel: Sendable {
    /// The runs in the order of marking.
    private(set) var order: [String]
    private(set) var runs: [String: RunModel] = [:]

    // What was chosen.
    var by: ComparedBy?
    /// What makes runs a group.
    var grouping = ComparedGroup.By.everything
    /// The runs that a filter leaves; nil leaves all.
    var filtered: Set<String>?
    /// The side that was chosen as the baseline. It stays so while filters and new runs change the sides' names.
    var pinned: Contender?
    /// The path of the series, or its metric where sides are arms.
    var metric: String?
    var axis = ComparedAxis.step
    /// Each run has its curve; otherwise a side is its mean with a band.
    var showsEachRun = false
    /// What is drawn.
    var drawing = ComparedDrawing.curves

    // What follows.
    private(set) var groups: [ComparedGroup] = []
    private(set) var contenders: [Contender] = []
    private(set) var table = ComparisonTable([], baseline: 0, runs: [:])
    private(set) var parameters = ParameterDifference([])
    private(set) var metrics: [String] = []
    private(set) var curves: [ComparedCurve] = []

    init(_ runs: [String]) { order = runs.reduce(into: []) { kept, run in if !kept.contains(run) { kept.append(run) } } }

    /// The way in use: arms where there is only one group, unless chosen.
    var comparedBy: ComparedBy { by ?? (groups.count > 1 ? .groups : .arms) }
    var shownMetric: String? { metric.flatMap { metrics.contains($0) ? $0 : nil } ?? metrics.first }
    var missing: [String] { order.filter { runs[$0] == nil } }
    /// The runs that are compared now, in their order.
    var shown: [RunModel] { order.filter { filtered?.contains($0) ?? true }.compactMap { runs[$0] } }
    /// Runs whose results do not count yet.
    var unfinished: Int { shown.count { $0.state != .finished } }
    /// The settings by which groups can be made.
    var groupings: [ComparedGroup.By] { [.everything] + RunSettings.differing(order.compactMap { runs[$0]?.start }).map(ComparedGroup.By.setting) }

    mutating func take(_ model: RunModel) {
        guard order.contains(model.identifier) else { return }
        runs[model.identifier] = model
    }

    /// Takes in what a compared run has done since.
    mutating func fold(_ events: [RunEvent], into run: String, _ register: SeriesRegister) {
        runs[run]?.fold(events)
        let changesResults = events.contains { event in
            switch event.payload {
            case .started, .finished, .failed, .cancelled: true
            default: false
            }
        }
        // Points come ten times a second; the statistics change only when a run starts or ends.
        if changesResults { refresh(register) } else { refreshCurves() }
    }

    mutating func setState(_ state: RunState, of run: String) { runs[run]?.setState(state) }

    /// Works everything out anew.
    mutating func refresh(_ register: SeriesRegister) {
        groups = ComparedGroup.groups(shown, by: grouping, register: register)
        parameters = ParameterDifference(groups.map { $0.runs.compactMap { runs[$0]?.start } })
        contenders = comparedBy == .groups ? groups.map { Contender(name: $0.name, slot: $0.slot, runs: $0.runs, arm: nil) } : arms()
        let summaries = runs.compactMapValues(Self.summary)
        table = ComparisonTable(contenders, baseline: baseline, runs: summaries, pairs: pairs)
        refreshCurves()
    }

    /// What pairs up besides the seed, by run, where the runs of a group differ in more than that.
    private var pairs: [String: String] {
        guard case .setting(let name) = grouping else { return [:] }
        return runs.compactMapValues { $0.start.map { RunSettings($0).rest(without: name) } }
    }

    /// The baseline's number: the chosen one, else what the results themselves name, else the first.
    var baseline: Int {
        if let pinned, let place = contenders.firstIndex(where: { $0.arm == pinned.arm && !Set($0.runs).isDisjoint(with: pinned.runs) }) { return place }
        guard comparedBy == .arms else { return 0 }
        let results = shown.flatMap { $0.summary?.results ?? [] }
        let named = Set(results.compactMap(\.baseline)).union(["original", "baseline"])
        // Of the arms that results are set against, the one that has the most results itself: others would leave gaps.
        let reach = contenders.map { contender in
            contender.arm.map { arm in named.contains(arm) ? Set(results.filter { $0.arm == arm }.map(\.name)).count : 0 } ?? 0
        }
        guard let widest = reach.max(), widest > 0 else { return 0 }
        return reach.firstIndex(of: widest) ?? 0
    }

    /// A result of all compared runs with their settings.
    func settings(of result: String) -> ComparedSettings {
        ComparedSettings(result, runs: shown.compactMap { model in Self.summary(model).flatMap { run in model.start.map { (run, $0.values) } } })
    }

    private static func summary(_ model: RunModel) -> StudySummary.Run? {
        guard let start = model.start, let summary = model.summary else { return nil }
        var results = summary.results
        if summary.seconds > 0 { results.append(.init(name: "time", arm: "whole run", unit: "s", value: summary.seconds, better: .lower)) }
        return StudySummary.Run(identifier: model.identifier, request: start.request, state: model.state, results: results)
    }

    /// The arms of all groups; the arm names alone where there is one group.
    private func arms() -> [Contender] {
        var list: [Contender] = []
        for group in groups {
            var names: [String] = []
            for run in group.runs {
                for result in runs[run]?.summary?.results ?? [] where !names.contains(result.arm) { names.append(result.arm) }
            }
            if names.isEmpty { names = seriesArms(group) }
            list += names.map { Contender(name: groups.count == 1 ? $0 : "\(group.name) / \($0)", slot: 0, runs: group.runs, arm: $0) }
        }
        return list.enumerated().map { index, contender in
            var placed = contender
            placed.slot = index
            return placed
        }
    }

    private func seriesArms(_ group: ComparedGroup) -> [String] {
        var names: [String] = []
        for run in group.runs { for path in runs[run]?.seriesOrder ?? [] where !names.contains(SeriesPath.arm(path)) { names.append(SeriesPath.arm(path)) } }
        return names
    }

    // MARK: Curves

    /// All series of all runs, without repeats, for the x axis.
    var allSeries: [String] {
        var paths: [String] = []
        for run in shown { for path in run.seriesOrder where !paths.contains(path) { paths.append(path) } }
        return paths
    }

    private mutating func refreshCurves() {
        let paths = allSeries
        metrics = comparedBy == .groups ? paths : paths.map(SeriesPath.metric).reduce(into: []) { kept, name in if !kept.contains(name) { kept.append(name) } }
        // What can be compared first: a test result, then what more than one side has.
        let ranks = metrics.map(rank)
        metrics = metrics.indices.sorted { (ranks[$0].0, ranks[$0].1, $0) < (ranks[$1].0, ranks[$1].1, $1) }.map { metrics[$0] }
        guard let shown = shownMetric else {
            curves = []
            return
        }
        curves = groups.enumerated().flatMap { index, group in
            comparedBy == .groups
                ? curves(path: shown, of: group, name: group.name, slot: group.slot)
                : paths.filter { SeriesPath.metric($0) == shown }.flatMap { path in
                    let arm = SeriesPath.arm(path)
                    let contender = contenders.first { $0.arm == arm && $0.runs == group.runs }
                    return curves(path: path, of: group, name: groups.count == 1 ? arm : "\(group.name) / \(arm)",
                                  slot: contender?.slot ?? contenders.count + index)
                }
        }
    }

    private func rank(_ metric: String) -> (Int, Int) {
        let isTest = metric.lowercased().hasPrefix("test") ? 0 : 1
        let points = runs.values.map { model in
            model.seriesOrder.filter { $0 == metric || SeriesPath.metric($0) == metric }.map { model.series[$0]?.data.count ?? 0 }.max() ?? 0
        }.max() ?? 0
        return (points > 1 ? 0 : 1, isTest)
    }

    private func curves(path: String, of group: ComparedGroup, name: String, slot: Int) -> [ComparedCurve] {
        let found = group.runs.compactMap { run -> (seed: UInt64, data: SeriesData)? in
            guard let model = runs[run], let curve = model.series[path], let seed = model.start?.request.seed else { return nil }
            return (seed, ComparedCurve.data(curve, over: axis, in: model))
        }
        guard found.count > 1 else { return found.map { ComparedCurve(name: name, slot: slot, data: $0.data) } }
        guard !showsEachRun else { return found.map { ComparedCurve(name: "\(name) seed \($0.seed)", slot: slot, data: $0.data) } }
        let mean = ComparedCurve.mean(found.map(\.data))
        return [ComparedCurve(name: name, slot: slot, data: mean.mean, band: mean.band)]
    }
}
