import Experiments

/// Stages, progress and the time that is left, from the times that events carry; nothing here reads a clock.
public struct RunClock: Sendable {
    public struct StageRecord: Sendable, Equatable {
        public var name: String
        public var index: Int
        public var startedAt: Double
        public var endedAt: Double?
    }

    /// The stages begun so far, in order.
    public private(set) var stages: [StageRecord] = []
    /// How many stages there are; 0 while none has begun.
    public private(set) var stageCount = 0
    /// Progress of the present stage; nil where none was told yet.
    public private(set) var progress: RunEvent.Progress?
    public private(set) var startedAt: Double?
    /// When the last event came: the end of a run that is over.
    public private(set) var lastEventAt: Double?
    private var isOver = false
    private var pausedAt: Double?
    private var pausedSeconds = 0.0
    /// Units a second of this stage, newest progress weighted most; nil until two reports.
    public private(set) var rate: Double?
    private var lastProgressAt: Double?
    /// Usual seconds between two reports of progress.
    private var usualInterval: Double?

    public init() {}

    mutating func note(_ event: RunEvent) {
        switch event.payload {
        case .started:
            startedAt = startedAt ?? event.time
            isOver = false
        case .stage(let stage): begin(stage, at: event.time)
        case .progress(let report): advance(report, at: event.time)
        case .finished, .failed, .cancelled:
            isOver = true
            closeStage(at: event.time)
        default: break
        }
        lastEventAt = max(lastEventAt ?? event.time, event.time)
    }

    mutating func note(state: RunState, at time: Double) {
        if state == .paused {
            pausedAt = pausedAt ?? time
        } else if let since = pausedAt {
            pausedSeconds += max(0, time - since)
            pausedAt = nil
            // The gap is no sign of a slow run.
            lastProgressAt = lastProgressAt.map { $0 + max(0, time - since) }
        }
    }

    private mutating func begin(_ stage: RunEvent.Stage, at time: Double) {
        closeStage(at: time)
        // Numbers from outside: brought to where sums of them cannot overflow.
        stageCount = min(max(stage.of, 0), 1_000_000)
        stages.append(StageRecord(name: stage.name, index: min(max(stage.index, 0), 1_000_000), startedAt: time))
        // A method that names a stage again and again (one for each fold) keeps the newest.
        if stages.count > 512 { stages.removeFirst(256) }
        progress = nil
        rate = nil
        usualInterval = nil
        lastProgressAt = time
    }

    private mutating func closeStage(at time: Double) {
        guard let last = stages.indices.last, stages[last].endedAt == nil else { return }
        stages[last].endedAt = time
    }

    private mutating func advance(_ report: RunEvent.Progress, at time: Double) {
        let before = progress?.unit == report.unit ? progress?.done ?? 0 : 0
        if let since = lastProgressAt ?? startedAt, time > since, report.done > before {
            let seconds = time - since
            let newest = (report.done - before) / seconds
            rate = rate.map { 0.7 * $0 + 0.3 * newest } ?? newest
            usualInterval = usualInterval.map { 0.7 * $0 + 0.3 * seconds } ?? seconds
        }
        progress = report
        lastProgressAt = time
    }

    /// The part of the present stage that is done, 0 … 1.
    public var stageFraction: Double? {
        guard let progress, progress.total > 0, progress.done.isFinite, progress.total.isFinite else { return nil }
        return min(1, max(0, progress.done / progress.total))
    }

    /// The part of the whole run that is done, stages counted alike: 1 when it is finished.
    public var fraction: Double? {
        if isOver { return 1 }
        guard let current = stages.last, stageCount > 0 else { return stageFraction }
        let whole = Double(max(0, current.index - 1)) + (stageFraction ?? 0)
        return min(1, max(0, whole / Double(stageCount)))
    }

    /// Seconds of work at `now`, pauses not counted.
    public func elapsed(at now: Double) -> Double {
        guard let startedAt else { return 0 }
        let end = isOver ? lastEventAt ?? now : pausedAt ?? now
        return max(0, end - startedAt - pausedSeconds)
    }

    /// How long the present stage takes yet.
    ///
    /// From an exponentially weighted rate; a range until 5 % is done. `stalled` after five times the usual
    /// pause between two reports (and at least ten seconds).
    public func timeLeft(at now: Double) -> TimeLeft {
        guard !isOver, pausedAt == nil, let progress, let rate, rate > 0, let last = lastProgressAt,
              let fraction = stageFraction else { return .unknown }
        let silence = now - last
        if let usual = usualInterval, fraction < 1, silence > max(10, 5 * usual) { return .stalled(for: silence) }
        let seconds = max(0, (progress.total - progress.done) / rate - max(0, silence))
        return fraction < 0.05 ? .between(seconds * 0.5, seconds * 2) : .about(seconds)
    }
}

/// Time until a stage is over.
public enum TimeLeft: Sendable, Equatable {
    case unknown
    /// Seconds.
    case about(Double)
    case between(Double, Double)
    /// No progress for so many seconds.
    case stalled(for: Double)

    /// As the header writes it; empty when unknown.
    public var display: String {
        switch self {
        case .unknown: ""
        case .about(let seconds): "\(NumberText.duration(seconds)) left"
        case .between(let low, let high): "\(NumberText.duration(low)) … \(NumberText.duration(high)) left"
        case .stalled(let seconds): "no progress for \(NumberText.duration(seconds))"
        }
    }
}
