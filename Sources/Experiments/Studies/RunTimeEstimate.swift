import Foundation
import GRDB

/// How long a run takes yet, from the events it has told: the rate of this stage, newest most, plus what the same stages took in
/// earlier runs of the method.
///
///     var estimator = RunTimeEstimator(stageSeconds: try store.stageSeconds(of: record.request))
///     for event in events { estimator.note(event) }
///     estimator.estimate(at: now)
public struct RunTimeEstimator: Sendable {
    /// What is known at one moment. Seconds.
    public struct Estimate: Sendable, Equatable {
        /// Until the run ends: a range that is wide until 5 % of the stage is done; nil while nothing is known.
        public var remaining: ClosedRange<Double>?
        /// Units of progress a second.
        public var rate: Double?
        /// Seconds since the last progress where that is more than five times the usual step; nil otherwise.
        public var stalledFor: Double?
        /// True when later stages are not counted, since no earlier run tells how long they take.
        public var isOfThisStageOnly: Bool
    }

    private let stageSeconds: [String: Double]
    private var stage: RunEvent.Stage?
    private var stageStart: Double?
    private var laterNames: [String] = []
    private var progress: RunEvent.Progress?
    private var lastProgress: Double?
    private var rate: Double?
    private var usualStep: Double?
    private var pausedAt: Double?
    private var isOver = false
    /// Progress of the last half minute decides.
    private static let memory = 30.0

    /// - Parameter stageSeconds: what each stage took before, by name, in the order of the stages; see `RunStore.stageSeconds`.
    public init(stageSeconds: [(name: String, seconds: Double)] = []) {
        self.stageSeconds = Dictionary(stageSeconds.map { ($0.name, $0.seconds) }) { $1 }
        laterNames = stageSeconds.map(\.name)
    }

    public mutating func note(_ event: RunEvent) {
        switch event.payload {
        case .stage(let stage):
            self.stage = stage
            stageStart = event.time
            (progress, rate, usualStep) = (nil, nil, nil)
            lastProgress = event.time
        case .progress(let report): advance(report, at: event.time)
        case .finished, .failed, .cancelled: isOver = true
        case .started: isOver = false
        default: break
        }
    }

    /// Pauses do not count; say when one begins and ends.
    public mutating func note(isPaused: Bool, at time: Double) {
        if isPaused {
            pausedAt = pausedAt ?? time
        } else if let since = pausedAt {
            lastProgress = lastProgress.map { $0 + max(0, time - since) }
            stageStart = stageStart.map { $0 + max(0, time - since) }
            pausedAt = nil
        }
    }

    private mutating func advance(_ report: RunEvent.Progress, at time: Double) {
        defer {
            progress = report
            lastProgress = time
        }
        guard let last = lastProgress, time > last else { return }
        let before = progress.flatMap { $0.unit == report.unit && $0.done <= report.done ? $0.done : nil } ?? 0
        let seconds = time - last
        let newest = (report.done - before) / seconds
        guard newest.isFinite, newest >= 0 else { return }
        let weight = 1 - exp(-seconds / Self.memory)
        // The first reports count like their share of the time so far, else one slow start would be remembered long.
        let share = stageStart.map { start in time > start ? seconds / (time - start) : 1 } ?? 1
        let part = min(1, max(weight, share))
        rate = rate.map { $0 + part * (newest - $0) } ?? newest
        usualStep = usualStep.map { $0 + 0.3 * (seconds - $0) } ?? seconds
    }

    /// - Parameter now: seconds since 1970, as events have them.
    public func estimate(at now: Double) -> Estimate {
        let now = pausedAt ?? now
        let later = laterSeconds
        var estimate = Estimate(remaining: nil, rate: rate, stalledFor: nil, isOfThisStageOnly: later == nil)
        guard !isOver else {
            estimate.remaining = 0...0
            return estimate
        }
        if let last = lastProgress, let usualStep, pausedAt == nil, now - last > max(5 * usualStep, 2) { estimate.stalledFor = now - last }
        if let progress, progress.total > 0, let rate, rate > 0 {
            let silence = lastProgress.map { max(0, now - $0) } ?? 0
            let here = max(0, (progress.total - progress.done) / rate - silence)
            let isEarly = progress.done / progress.total < 0.05
            let low = (isEarly ? here * 0.5 : here * 0.9) + (later ?? 0), high = (isEarly ? here * 2 : here * 1.1) + (later ?? 0)
            if low.isFinite, high.isFinite { estimate.remaining = low...high }
        } else if let stage, let start = stageStart, let usual = stageSeconds[stage.name] {
            let here = max(0, usual - (now - start))
            estimate.remaining = (here * 0.5 + (later ?? 0))...(here * 2 + (later ?? 0))
        }
        return estimate
    }

    /// What the stages after this one took before; nil where one of them is unknown.
    private var laterSeconds: Double? {
        guard let stage, stage.index < stage.of else { return 0 }
        guard let place = laterNames.lastIndex(of: stage.name) else { return nil }
        let names = laterNames[(place + 1)...]
        guard names.count >= stage.of - stage.index else { return nil }
        return names.reduce(0) { $0 + (stageSeconds[$1] ?? 0) }
    }
}

extension RunStore {
    /// How long each stage took in up to five finished runs like this one (method, data set, plan; else method and plan alone): the
    /// median of each, in the order of the newest run's stages.
    public func stageSeconds(of request: RunRequest) throws(StoreError) -> [(name: String, seconds: Double)] {
        var filter = RunFilter()
        filter.states = [.finished]
        filter.method = request.method
        filter.plan = request.plan
        filter.dataset = request.dataset
        filter.limit = 5
        var runs = try runs(filter)
        if runs.isEmpty {
            filter.dataset = nil
            runs = try self.runs(filter)
        }
        var order: [String] = [], durations: [String: [Double]] = [:]
        for run in runs {
            let stages = try stageTimes(run.identifier)
            for (index, stage) in stages.enumerated() where index + 1 < stages.count {
                if order.count < stages.count - 1, !order.contains(stage.name) { order.append(stage.name) }
                durations[stage.name, default: []].append(max(0, stages[index + 1].time - stage.time))
            }
        }
        return order.map { name in
            let sorted = (durations[name] ?? []).sorted()
            return (name, sorted.isEmpty ? 0 : sorted[sorted.count / 2])
        }
    }

    /// The beginnings of a run's stages, and last its end.
    private func stageTimes(_ identifier: String) throws(StoreError) -> [(name: String, time: Double)] {
        try read { db in
            try Row.fetchAll(db, sql: """
                SELECT json FROM events WHERE run = ? AND kind IN ('stage', 'finished') ORDER BY sequence LIMIT 1000
                """, arguments: [try Self.key(db, identifier)]).compactMap { row in
                guard let event = row.string(0).flatMap({ try? RunEvent(jsonLine: $0) }) else { return nil }
                if case .stage(let stage) = event.payload { return (stage.name, event.time) }
                return ("", event.time)
            }
        }
    }
}
