/// A group of runs that were asked for together, over seeds, data sets and settings, folded into numbers.
public struct StudySummary: Sendable, Codable {
    /// One finished run with what it found.
    public struct Run: Sendable, Codable {
        public var identifier: String
        public var request: RunRequest
        public var state: RunState
        public var results: [RunEvent.Result]
        public init(identifier: String, request: RunRequest, state: RunState, results: [RunEvent.Result]) {
            self.identifier = identifier
            self.request = request
            self.state = state
            self.results = results
        }
    }

    public var identifier: String
    public var method: String
    public var plan: Plan
    public var runs: [Run]

    public init(identifier: String, method: String, plan: Plan, runs: [Run]) {
        self.identifier = identifier
        self.method = method
        self.plan = plan
        self.runs = runs
    }

    /// The values of one result over the finished runs of a data set and condition, by seed.
    public func values(_ name: String, arm: String, dataset: String, condition: String = "") -> [UInt64: Double] {
        var values: [UInt64: Double] = [:]
        for run in runs where run.request.dataset == dataset && run.request.condition == condition && run.state == .finished {
            if let result = run.results.first(where: { $0.name == name && $0.arm == arm }) { values[run.request.seed] = result.value }
        }
        return values
    }

    /// How far an arm lies above another in one result: the mean of the differences over the seeds that both have, in the order of the seeds; nil without any.
    public func meanDifference(_ name: String, arm: String, above other: String, dataset: String, condition: String = "") -> Double? {
        let mine = values(name, arm: arm, dataset: dataset, condition: condition), theirs = values(name, arm: other, dataset: dataset, condition: condition)
        let differences = mine.keys.sorted().compactMap { seed in mine[seed].flatMap { mine in theirs[seed].map { mine - $0 } } }
        return differences.isEmpty ? nil : differences.reduce(0, +) / Double(differences.count)
    }
}

/// Values by seed, as `StudySummary.values` gives them.
extension [UInt64: Double] {
    /// The mean in the order of the seeds, so that it is the same each time; nil without any.
    package var mean: Double? { isEmpty ? nil : keys.sorted().reduce(0) { $0 + (self[$1] ?? 0) } / Double(count) }

    /// This value less another's, for the seeds that both have.
    package func differences(to other: [UInt64: Double]) -> [UInt64: Double] {
        reduce(into: [:]) { result, entry in if let base = other[entry.key] { result[entry.key] = entry.value - base } }
    }
}

/// Where a run stands.
public enum RunState: String, Sendable, Codable, CaseIterable, Hashable {
    case waiting, running, paused, finished, failed, cancelled
    /// Its process went away; it can be resumed where a checkpoint is.
    case interrupted
}
