/// What a study came to: the object that `lathe run --json` prints, and what a screen shows at its end.
public struct StudyReport: Sendable {
    public var study: String
    /// What a sweep file calls it; "" for a method's plan.
    public var title: String
    public var runs: [RunRecord]
    public var method: String
    /// The data sets of its runs, in their order.
    public var datasets: [String]
    public var plan: Plan
    public var state: RunState
    /// Seconds of work of all runs.
    public var seconds: Double
    public var threads: Int
    public var seeds: [UInt64]
    /// Data sets of the plan that were absent.
    public var absent: [String]
    public var summary: [SummaryRow]
    public var acceptance: [AcceptanceRow]

    /// Reads a study's runs, asks its method for the acceptance rows, and keeps these in the store. A sweep has settings of its own,
    /// so the rows of the method's plan say nothing about it.
    /// - Parameter method: nil for a sweep.
    /// - Throws: `StoreError`.
    public init(study identifier: String, in store: RunStore, method: (any Method)?) throws(StoreError) {
        let record = try store.study(identifier)
        var filter = RunFilter()
        filter.study = identifier
        filter.order = .oldestFirst
        let runs = try store.runs(filter)
        let summary = StudySummary(identifier: identifier, method: record.method, plan: record.plan, runs: try store.summaryRuns(runs))
        self.init(record, runs: runs, summary: summary, acceptance: record.fingerprint.isEmpty ? method?.acceptance(for: summary) ?? [] : [])
        try store.setAcceptance(acceptance, ofStudy: identifier)
    }

    init(_ record: StudyRecord, runs: [RunRecord], summary: StudySummary, acceptance: [AcceptanceRow]) {
        study = record.identifier
        title = record.title
        self.runs = runs
        method = record.method
        var seen: Set<String> = []
        datasets = runs.map(\.request.dataset).filter { seen.insert($0).inserted }
        plan = record.plan
        state = Self.state(of: runs.map(\.state))
        seconds = runs.reduce(0) { $0 + $1.seconds }
        threads = runs.map(\.request.threads).max() ?? 1
        seeds = Set(runs.map(\.request.seed)).sorted()
        absent = record.absent
        self.summary = summary.table()
        self.acceptance = acceptance
    }

    /// A study is finished when all of its runs are; else the state that most needs a look.
    public static func state(of runs: [RunState]) -> RunState {
        if !runs.isEmpty, runs.allSatisfy({ $0 == .finished }) { return .finished }
        for state in [RunState.failed, .running, .paused, .interrupted, .cancelled] where runs.contains(state) { return state }
        return .waiting
    }

    /// The methods of its runs, in their order.
    public var methods: [String] {
        var seen: Set<String> = []
        return runs.map(\.request.method).filter { seen.insert($0).inserted }
    }

    /// One line of JSON, keys as `docs/architecture.md` lists them. `method`, `dataset` and `condition` stand in a summary row only
    /// where the study has several.
    public var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("study", study)
        if !title.isEmpty { writer.member("title", title) }
        writer.member("runs", runs.map(\.identifier))
        writer.member("method", method)
        writer.member("dataset", datasets.joined(separator: ","))
        writer.member("plan", plan.rawValue)
        writer.member("state", state.rawValue)
        writer.member("seconds", (seconds * 1000).rounded() / 1000)
        writer.member("threads", threads)
        writer.key("seeds")
        writer.beginArray()
        for seed in seeds { writer.value(seed) }
        writer.endArray()
        if !absent.isEmpty { writer.member("absent", absent) }
        writer.key("summary")
        writer.beginArray()
        let hasConditions = Set(summary.map(\.condition)).count > 1, methods = methods
        for row in summary { write(row, hasConditions, methods, to: &writer) }
        writer.endArray()
        writer.key("acceptance")
        writer.beginArray()
        for row in acceptance {
            writer.beginObject()
            writer.member("name", row.name)
            writer.member("target", row.target)
            writer.key("measured")
            writer.value(number: row.measured)
            writer.member("passed", row.passed)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.text
    }

    private func write(_ row: SummaryRow, _ hasConditions: Bool, _ methods: [String], to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", row.name)
        writer.member("arm", row.arm)
        if methods.count > 1 { writer.member("method", row.method) }
        if datasets.count > 1 { writer.member("dataset", row.dataset) }
        if hasConditions { writer.member("condition", row.condition) }
        writer.member("unit", row.unit)
        writer.key("mean")
        writer.value(number: row.moments.mean)
        writer.key("sd")
        writer.value(number: row.moments.standardDeviation)
        writer.member("n", row.moments.count)
        if let comparison = row.comparison, let baseline = row.baseline {
            writer.key("difference")
            writer.beginObject()
            writer.member("baseline", baseline)
            writer.key("mean")
            writer.value(number: comparison.meanDifference)
            writer.key("se")
            writer.value(number: comparison.standardError)
            writer.key("interval")
            if let interval = comparison.interval { writer.value([interval.lowerBound, interval.upperBound]) } else { writer.null() }
            writer.key("p")
            writer.value(number: comparison.studentProbability)
            writer.member("paired", comparison.isPaired)
            writer.member("n", comparison.count)
            writer.endObject()
        }
        writer.endObject()
    }
}

extension JSONWriter {
    /// For readers of plain JSON: null where there is no number.
    mutating func value(number: Double?) {
        if let number, number.isFinite { value(number) } else { null() }
    }
}
