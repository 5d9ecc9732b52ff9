import Experiments

/// Makes the list's rows of the store's records and of what running runs say between two commits.
package struct RunRows {
    /// What is known of a run that works in this process.
    private struct Pulse {
        var stage: RunEvent.Stage?
        var progress: RunEvent.Progress?
        var clock = RunClock()
        var sketch: [Double] = []
        var sketchSeries: String?
        /// Every so many points go into the sketch; doubles when it is full.
        var stride = 1
        var seen = 0
    }

    package init() {}

    private(set) var records: [String: RunRecord] = [:]
    private var results: [String: [RunEvent.Result]] = [:]
    private var pulses: [String: Pulse] = [:]
    /// The revision that `records` has.
    package private(set) var revision = 0

    /// Takes changed records in.
    /// - Returns: finished runs whose results are not known yet.
    package mutating func apply(_ changes: RunStore.Changes) -> [String] {
        revision = changes.revision
        for identifier in changes.removed {
            records[identifier] = nil
            results[identifier] = nil
            pulses[identifier] = nil
        }
        var wanted: [String] = []
        for record in changes.changed {
            records[record.identifier] = record
            if record.state == .finished {
                if results[record.identifier] == nil { wanted.append(record.identifier) }
            } else {
                results[record.identifier] = nil
            }
            if record.state != .running, record.state != .paused { pulses[record.identifier]?.progress = nil }
        }
        return wanted
    }

    /// Takes in results that were read with a record. A run that has not ended has none yet: an empty list kept now would stand
    /// for the ones that come.
    package mutating func set(_ found: [RunEvent.Result], of run: String, state: RunState) {
        guard state == .finished else { return }
        results[run] = found
    }

    /// Takes in what a run of this process said.
    mutating func hear(_ run: String, _ events: [RunEvent]) {
        var pulse = pulses[run] ?? Pulse()
        for event in events {
            pulse.clock.note(event)
            switch event.payload {
            case .stage(let stage):
                pulse.stage = stage
                pulse.progress = nil
            case .progress(let progress): pulse.progress = progress
            case .metric(let batch) where pulse.sketchSeries == nil || pulse.sketchSeries == batch.series:
                pulse.sketchSeries = batch.series
                for value in batch.values {
                    pulse.seen += 1
                    if pulse.seen % pulse.stride == 0 { pulse.sketch.append(value) }
                }
                while pulse.sketch.count > 40 {
                    pulse.sketch = pulse.sketch.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
                    pulse.stride *= 2
                }
            default: break
            }
        }
        pulses[run] = pulse
    }

    mutating func hear(_ run: String, state: RunState) {
        records[run]?.state = state
        if state == .waiting { pulses[run] = nil }
    }

    /// All rows, newest first.
    package func rows(here: Set<String>, now: Double) -> [RunRow] {
        records.values.sorted(by: Self.comesFirst).map { row($0, here: here, now: now) }
    }

    /// Newest first; runs of one moment by setting and seed, whatever changes in them.
    private static func comesFirst(_ left: RunRecord, _ right: RunRecord) -> Bool {
        if left.created != right.created { return left.created > right.created }
        return (left.request.condition, left.request.seed, left.identifier) < (right.request.condition, right.request.seed, right.identifier)
    }

    /// The row of one record.
    func row(_ record: RunRecord, here: Set<String>, now: Double) -> RunRow {
        var row = RunRow(identifier: record.identifier, study: record.study ?? "", request: record.request, state: record.state,
            created: record.created)
        row.started = record.started
        row.finished = record.ended
        row.seconds = record.seconds
        row.pointCount = record.pointCount
        row.isResumable = record.isResumable
        row.isHere = here.contains(record.identifier)
        row.results = results[record.identifier] ?? []
        if !record.tags.isEmpty { row.tags = record.tags }
        if !record.notes.isEmpty { row.note = record.notes }
        if record.state == .failed { row.failure = record.sentence }
        let pulse = pulses[record.identifier]
        let stage = pulse?.stage ?? record.stage, progress = pulse?.progress ?? record.progress
        row.stage = stage?.name ?? ""
        row.stageIndex = min(max(0, stage?.index ?? 0), 10_000)
        row.stageCount = min(max(0, stage?.of ?? 0), 10_000)
        row.fraction = Self.fraction(stage, progress)
        row.sketch = pulse?.sketch ?? []
        if record.state == .running { row.secondsLeft = secondsLeft(record, row.fraction, now: now) }
        return row
    }

    /// Of the whole run: stages count alike.
    private static func fraction(_ stage: RunEvent.Stage?, _ progress: RunEvent.Progress?) -> Double? {
        let part = progress.flatMap { $0.total > 0 && $0.done.isFinite && $0.total.isFinite ? min(max($0.done / $0.total, 0), 1) : nil }
        guard let stage, stage.of > 0, stage.index > 0 else { return part }
        return min(max((Double(stage.index - 1) + (part ?? 0)) / Double(stage.of), 0), 1)
    }

    /// What the run still takes: by the last finished run of the same method, data set and plan where there is one, else by the
    /// rate so far.
    private func secondsLeft(_ record: RunRecord, _ fraction: Double?, now: Double) -> Double? {
        let worked = max(record.seconds, record.started.map { min(max(0, now - $0), 1e9) } ?? 0)
        let alike = records.values.filter { other in
            other.state == .finished && other.request.method == record.request.method && other.request.dataset == record.request.dataset
                && other.request.plan == record.request.plan && other.seconds > 0
        }.max { ($0.ended ?? 0) < ($1.ended ?? 0) }
        if let alike, alike.seconds > worked { return alike.seconds - worked }
        guard let fraction, fraction >= 0.05, worked > 1 else { return nil }
        return worked * (1 - fraction) / fraction
    }
}
