import Charts
import Experiments

/// What a run looks like so far: the fold of its events into the values that panels draw.
///
/// Live runs fold event by event as they come; a stored run folds its packed series at once and its other events one by one.
/// Both ways end in the same value. A batch of points costs its own length, every other event the length of its payload;
/// drawing reads and never copies. Memory is about 17 bytes a metric point and what the newest tables, matrices and pictures take;
/// histories (weights, log, unknown kinds) are bounded.
public struct RunModel: Sendable {
    /// The run's identifier in the store.
    public let identifier: String
    public private(set) var start: RunEvent.RunStart?
    public private(set) var state: RunState
    /// Stages, progress, time left.
    public private(set) var clock = RunClock()
    /// Metric series by path.
    public private(set) var series: [String: RunCurve] = [:]
    /// Paths of the series in the order in which they first came.
    public private(set) var seriesOrder: [String] = []
    /// Arms in the order in which they first came: an arm has the same colour and marker in all panels.
    private var arms: [String: Int] = [:]
    /// The newest table of each name, and likewise below.
    public private(set) var tables: [String: RunEvent.Table] = [:]
    public private(set) var distributions: [String: RunEvent.Distribution] = [:]
    public private(set) var matrices: [String: RunEvent.Matrix] = [:]
    public private(set) var graphs: [String: RunEvent.GraphSketch] = [:]
    public private(set) var scenes: [String: RunEvent.SceneSet] = [:]
    public private(set) var weights: [String: WeightHistory] = [:]
    public private(set) var images: [String: ExampleImages] = [:]
    public private(set) var log = RunLog()
    /// What the run found, once it is finished.
    public private(set) var summary: RunEvent.RunSummary?
    /// The sentence with which the run failed or was stopped.
    public private(set) var ending: String?
    public private(set) var checkpoint: RunEvent.CheckpointMark?
    /// The sequence number that the next event has; events below it are known already and are skipped.
    public private(set) var nextSequence = 0
    /// Grows with every change: what was drawn for one revision need not be drawn again.
    public private(set) var revision = 0

    public init(identifier: String, state: RunState = .waiting) {
        self.identifier = identifier
        self.state = state
    }

    /// The state as the runner or the store knows it, for what no event says: paused, interrupted, waiting again.
    public mutating func setState(_ newState: RunState, at time: Double? = nil) {
        guard newState != state else { return }
        state = newState
        revision += 1
        if let time { clock.note(state: newState, at: time) }
    }

    public mutating func fold(_ events: some Sequence<RunEvent>) {
        for event in events { fold(event) }
    }

    /// Takes in one event. An event that was folded before (its sequence number is known) changes nothing.
    public mutating func fold(_ event: RunEvent) {
        guard event.sequence >= nextSequence else { return }
        nextSequence = event.sequence < .max ? event.sequence + 1 : .max
        revision += 1
        clock.note(event)
        switch event.payload {
        case .started(let value):
            start = value
            state = .running
            ending = nil
        case .stage, .progress: break
        case .metric(let batch): append(batch)
        case .table(let value): tables[value.name] = value
        case .distribution(let value): distributions[value.name] = value
        case .matrix(let value): matrices[value.name] = value
        case .graph(let value): graphs[value.name] = value
        case .scenes(let value): scenes[value.name] = value
        case .weights(let value): weights[value.name, default: WeightHistory()].append(value)
        case .images(let value): images[value.name, default: ExampleImages()].add(value)
        case .note(let message): log.add(.note, message.text, at: event.time)
        case .warning(let message): log.add(.warning, message.text, at: event.time)
        case .checkpoint(let mark): checkpoint = mark
        case .artifact(let mark): log.add(.note, "left “\(mark.name)”, \(NumberText.bytes(Double(mark.bytes))); lathe artifacts writes it to a file", at: event.time)
        case .finished(let value):
            summary = value
            state = .finished
        case .failed(let message): end(.failed, message.text, at: event.time)
        case .cancelled(let message): end(.cancelled, message.text, at: event.time)
        case .unknown(let kind, let json): log.add(.unknown(kind), json, at: event.time)
        }
    }

    /// Takes in a whole series of a stored run at once: the same as one batch of all of its points.
    public mutating func adopt(path: String, unit: String, steps: [Double], values: [Double]) {
        revision += 1
        append(RunEvent.MetricBatch(series: path, unit: unit, steps: steps, values: values))
    }

    /// Marks that everything before `sequence` was taken in: the store's series carry no sequence numbers of their own.
    public mutating func advance(to sequence: Int) { nextSequence = max(nextSequence, sequence) }

    private mutating func append(_ batch: RunEvent.MetricBatch) {
        if series[batch.series] == nil {
            seriesOrder.append(batch.series)
            let curve = RunCurve(path: batch.series, unit: batch.unit)
            if arms[curve.arm] == nil { arms[curve.arm] = arms.count }
            series[batch.series] = curve
        }
        series[batch.series]?.append(steps: batch.steps, values: batch.values, unit: batch.unit)
    }

    private mutating func end(_ newState: RunState, _ sentence: String, at time: Double) {
        state = newState
        ending = sentence
        log.add(newState == .failed ? .failure : .note, sentence, at: time)
    }

    /// The palette slot of a series, by its arm: the same for life, since arms are numbered as they come.
    public func slot(of path: String) -> Int { series[path].flatMap { arms[$0.arm] } ?? 0 }

    /// The series that a panel names: a pattern is a path, or ends in `*` and names all paths that begin so.
    /// Order of the patterns, then order of first appearance.
    public func matching(_ patterns: [String]) -> [RunCurve] {
        var seen: Set<String> = []
        var found: [RunCurve] = []
        for pattern in patterns {
            for path in seriesOrder where SeriesPattern.matches(pattern, path) && seen.insert(path).inserted {
                if let match = series[path] { found.append(match) }
            }
        }
        return found
    }
}

/// How panels name series.
enum SeriesPattern {
    static func matches(_ pattern: String, _ path: String) -> Bool {
        pattern.last == "*" ? path.hasPrefix(pattern.dropLast()) : path == pattern
    }
}
