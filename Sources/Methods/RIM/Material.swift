import Datasets
import Experiments
import Foundation
import Tensors

/// Everything a run works on, a function of the request alone: events, split, candidates, targets.
struct Material: Sendable {
    let dataset: EventDataset
    let events: EventHistories
    /// Times as the intensities see them: those of the events, or moved apart where they coincide.
    let intensityTimes: [Double]
    let split: RequestSplit
    let splitKind: RequestSplit.Kind
    /// Candidates: items with a training event. Their number in the data set, and back (-1 for others).
    let items: [Int], candidate: [Int32]
    /// Training events of each candidate.
    let popularity: [Double]
    /// k items a request, C requests an item.
    let itemsPerRequest: Int, requestsPerItem: Int
    let targets: Targets, validationTargets: Targets
    let excluded: [Bool], validationExcluded: [Bool]
    /// How many events each request had within the horizon.
    let counts: [Double], validationCounts: [Double]
    let ties: TieBreak
    let notes: [String], warnings: [String]

    var n: Int { split.test.count }
    var m: Int { items.count }
    var horizon: Double { split.horizon }
    var training: TrainingEvents { TrainingEvents(counts: split.training) }
    var trainingBeforeValidation: TrainingEvents {
        TrainingEvents(counts: split.training.indices.map { min(split.training[$0], events.count(of: $0, before: split.validationStarts[$0])) })
    }

    /// Tables of scores hold a number for each request and item; this many at most.
    static let pairLimit = 250_000_000

    init(_ context: RunContext, _ settings: Settings) throws {
        var dataset = try context.library.open(context.request.dataset, as: EventDataset.self)
        if settings.redraws, let generator = dataset.generator { dataset = try generator.generate(identifier: dataset.identifier, seed: context.request.seed) }
        try context.proceed()
        self.dataset = dataset
        let events = EventHistories(dataset, rule: settings.rule, random: context.random.stream("ties in time"))
        self.events = events
        try context.proceed()
        (splitKind, split) = try Self.split(dataset, events, settings, context.random.stream("split"))
        let split = split
        intensityTimes = Self.apart(events, by: settings.jitter * split.horizon, random: context.random.stream("jitter"))

        var trained = [Double](repeating: 0, count: events.itemCount)
        for user in 0..<events.userCount { for event in events.events(of: user).prefix(split.training[user]) { trained[Int(events.items[event])] += 1 } }
        items = trained.indices.filter { trained[$0] > 0 }
        guard items.count >= 2 else { throw RIMError("\(items.count) items have an event before the test, so there is nothing to choose from; take a later test-start") }
        popularity = items.map { trained[$0] }
        var candidate = [Int32](repeating: -1, count: events.itemCount)
        for (place, item) in items.enumerated() { candidate[item] = Int32(truncatingIfNeeded: place) }
        self.candidate = candidate
        let (n, m) = (split.test.count, items.count)
        for requests in [n, split.validation.count] {
            guard requests.multipliedReportingOverflow(by: m).partialValue <= Self.pairLimit, !requests.multipliedReportingOverflow(by: m).overflow else {
                throw RIMError("\(requests) requests by \(m) items are more than the \(Self.pairLimit / 1_000_000) million pairs that are scored; take a part of the users")
            }
        }
        itemsPerRequest = min(m, Int((settings.share * Double(m)).rounded(.up)))
        requestsPerItem = min(n, Int((settings.share * Double(n)).rounded(.up)))
        ties = TieBreak(rows: n, columns: m, random: context.random.stream("tie-break"))

        func targets(_ requests: [Request]) -> Targets {
            let found = Targets(rows: requests.count, columns: m, counts: requests.map { request in
                request.target.reduce(into: [:]) { counts, event in
                    let column = Int(candidate[Int(events.items[event])])
                    if column >= 0 { counts[column, default: 0] += 1 }
                }
            })
            return settings.binaryTargets ? found.binary : found
        }
        func excluded(_ requests: [Request]) -> [Bool] {
            guard settings.excludesHistory else { return [] }
            var result = [Bool](repeating: false, count: requests.count * m)
            for (row, request) in requests.enumerated() {
                for event in request.history {
                    let column = Int(candidate[Int(events.items[event])])
                    if column >= 0 { result[row * m + column] = true }
                }
            }
            return result
        }
        self.targets = targets(split.test)
        validationTargets = targets(split.validation)
        self.excluded = excluded(split.test)
        validationExcluded = excluded(split.validation)
        counts = split.test.map { Double($0.target.count) }
        validationCounts = split.validation.map { Double($0.target.count) }
        guard self.targets.sum > 0 else { throw RIMError("no item that is taken within the test's horizon has a training event, so nothing could be hit; take a later test-start") }
        (notes, warnings) = Self.remarks(dataset, events, split, splitKind, items: m, settings, targets: self.targets, excluded: self.excluded)
    }

    // MARK: - Split

    private static func split(_ dataset: EventDataset, _ events: EventHistories, _ settings: Settings, _ random: RandomSource) throws -> (RequestSplit.Kind, RequestSplit) {
        let isUser = settings.split == .user || settings.split == .automatic && dataset.identifier.hasPrefix("movielens")
        guard !isUser else { return (.user, try .user(events, hasExtra: settings.extraSets > 0, random: random)) }
        guard let low = events.times.min(), let high = events.times.max() else { throw RIMError("\(dataset.identifier) has no events; give a table of user, item and time") }
        let span = high - low
        guard span > 0, span.isFinite else { throw RIMError("all events of \(dataset.identifier) fall on one moment, so there is no time to split; give a column of times") }
        let horizon = settings.horizon > 0 ? settings.horizon : span / 10
        var start = low + span - horizon
        if settings.start.contains(where: { $0 != " " }) {
            guard let moment = dataset.moment(settings.start) else {
                throw RIMError("parameter test-start: “\(settings.start.prefix(40))” is \(dataset.clock == .unix ? "neither a number of seconds nor a date such as 2005-06-15" : "no number in \(dataset.clock.unit)"); mend it")
            }
            start = moment
        }
        guard start > low, start <= high else {
            throw RIMError("parameter test-start: \(dataset.text(of: start)) is outside of the events, which run from \(dataset.text(of: low)) to \(dataset.text(of: high)); give a moment between")
        }
        return (.temporal, try .temporal(events, start: start, horizon: horizon, extra: settings.extraSets))
    }

    /// Times with coincident events of a user moved back, at most half-way to what came before, so that their order and every split stay.
    private static func apart(_ events: EventHistories, by width: Double, random: RandomSource) -> [Double] {
        guard width > 0 else { return events.times }
        var times = events.times, random = random
        for user in 0..<events.userCount {
            var first = events.starts[user]
            while first < events.starts[user + 1] {
                var next = first + 1
                while next < events.starts[user + 1], events.times[next] == events.times[first] { next += 1 }
                if next - first > 1 {
                    let room = first > events.starts[user] ? min(width, (events.times[first] - events.times[first - 1]) / 2) : width
                    let moves = (first..<next - 1).map { _ in room * random.uniform() }.sorted(by: >)
                    for (place, move) in zip(first..<next - 1, moves) { times[place] -= move }
                }
                first = next
            }
        }
        return times
    }

    // MARK: - Remarks

    private static func remarks(_ dataset: EventDataset, _ events: EventHistories, _ split: RequestSplit, _ kind: RequestSplit.Kind, items: Int, _ settings: Settings,
                                targets: Targets, excluded: [Bool]) -> (notes: [String], warnings: [String]) {
        let empty = split.test.count { $0.target.isEmpty }, share = Double(empty) / Double(split.test.count)
        let future = split.test.reduce(0) { $0 + $1.target.count }
        var notes = [
            "\(kind.rawValue) split, horizon \(length(split.horizon, dataset.clock)): \(split.training.reduce(0, +)) training events, \(split.test.count) requests for \(items) items with \(future) target events (V: \(split.validation.count) requests, \(split.validation.reduce(0) { $0 + $1.target.count }) events)",
        ] + dataset.notes
        var warnings: [String] = []
        if share > 0.5 { warnings.append("\(percent(share)) of the requests have no event within the horizon; precision is bounded by the rest") }
        if Double(events.coincident) > 0.1 * Double(events.count) {
            warnings.append("\(percent(Double(events.coincident) / Double(events.count))) of the events fall on the moment of an earlier one of the same user; short time scales of Hawkes see them as bursts (jitter moves them apart)")
        }
        let unknown = Double(future) - (settings.binaryTargets ? Double(future) : targets.sum)
        if unknown > 0 { notes.append("\(percent(unknown / Double(future))) of the target events are of items without a training event and are left out") }
        if !excluded.isEmpty {
            let repeats = targets.counts.enumerated().reduce(0.0) { sum, row in sum + row.element.reduce(0) { excluded[row.offset * items + $1.key] ? $0 + $1.value : $0 } }
            if repeats > 0 { warnings.append("\(percent(repeats / targets.sum)) of the target events repeat an item of the history, which exclude-train keeps out of reach; set exclude-train to no where people buy again") }
        }
        let long = (0..<events.userCount).count { split.training[$0] > settings.truncation }
        if long > 0 { warnings.append("\(long) users have more than \(settings.truncation) training events; the sequence models read the last of them") }
        if dataset.clock == .unix, split.horizon < 6 * 3600 {
            warnings.append("the horizon is \(length(split.horizon, dataset.clock)): what is predicted is whether a sitting goes on, not whether somebody comes back")
        }
        return (notes, warnings)
    }

    private static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }

    /// A length of time in words: seconds in the largest unit that leaves at least one.
    static func length(_ time: Double, _ clock: EventDataset.Clock) -> String {
        guard clock == .unix else { return "\(short(time)) \(clock.unit)" }
        for (unit, seconds) in [("days", 86_400.0), ("h", 3600), ("min", 60)] where time >= seconds { return "\(short(time / seconds)) \(unit)" }
        return "\(short(time)) s"
    }
}

/// A number for a sentence.
func short(_ value: Double, digits: Int = 3) -> String { String(format: "%.\(digits)g", value) }

extension Material {
    /// Candidates in the history of a request, in order of time.
    func historyItems(_ request: Request) -> [Int32] { request.history.compactMap { event in candidate[Int(events.items[event])] >= 0 ? candidate[Int(events.items[event])] : nil } }

    /// Candidates among the first `count` events of a user.
    func trainingItems(_ user: Int, _ count: Int) -> [Int32] {
        events.events(of: user).prefix(count).compactMap { event in candidate[Int(events.items[event])] >= 0 ? candidate[Int(events.items[event])] : nil }
    }

    /// Times of a request's history as the intensities see them.
    func historyTimes(_ request: Request) -> ArraySlice<Double> { intensityTimes[request.history] }

    func requests(_ part: FactorModel.Part) -> [Request] { part == .test ? split.test : split.validation }
    func excluded(_ part: FactorModel.Part) -> [Bool] { part == .test ? excluded : validationExcluded }

    /// The name of a candidate: its title where it has one.
    func itemName(_ candidate: Int) -> String {
        let item = items[candidate], title = dataset.itemTitles.map { $0[item] } ?? ""
        return title.isEmpty ? dataset.itemNames[item] : title
    }

    func userName(_ user: Int) -> String { dataset.userNames[user] }
}
