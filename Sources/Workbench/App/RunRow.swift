import Experiments

/// One run as the lists show it: what was asked for, where it stands, and what it found.
public struct RunRow: Sendable, Codable, Hashable {
    public var identifier: String
    /// The study that it was queued with.
    public var study: String
    public var request: RunRequest
    public var state: RunState
    /// Seconds since 1970.
    public var created: Double
    public var started: Double?
    public var finished: Double?

    public var stage: String = ""
    /// 1 … `stageCount`; 0 before the first.
    public var stageIndex = 0
    public var stageCount = 0
    /// Of the whole run, 0 … 1; nil while nothing is known.
    public var fraction: Double?
    /// Seconds of work that are left, nil while nothing is known.
    public var secondsLeft: Double?
    /// Seconds of work so far.
    public var seconds: Double = 0

    public var results: [RunEvent.Result] = []
    /// Why it failed.
    public var failure: String?
    /// The run's first series, thinned to at most 40 values.
    public var sketch: [Double] = []
    /// Metric points in the store.
    public var pointCount = 0
    /// True where a checkpoint is from which the run can go on.
    public var isResumable = false
    /// True where this very process works on it, or has it in its queue.
    public var isHere = false
    /// The user's own words for it: tags, and a note.
    public var tags: [String]?
    public var note: String?

    public init(identifier: String, study: String, request: RunRequest, state: RunState, created: Double) {
        self.identifier = identifier
        self.study = study
        self.request = request
        self.state = state
        self.created = created
    }
}

extension RunRow {
    /// "diva · digits · seed 3"
    public var name: String {
        [request.method, request.dataset, request.condition, "seed \(request.seed)"].filter { !$0.isEmpty }.joined(separator: " · ")
    }

    /// "diva digits seed 3"
    public var shortName: String { "\(request.method) \(request.dataset) seed \(request.seed)" }

    /// Running, paused or waiting in this process: leaving the program ends it.
    public var isActiveHere: Bool { isHere && (state == .running || state == .paused || state == .waiting) }

    /// The first result in words: "test error 3.1 %"; "" before there is one.
    public var headline: String {
        guard let result = headlineResult else { return "" }
        return "\(result.name) \(NumberText.short(result.value, unit: result.unit))"
    }

    /// The result that stands for the run: the first that has a better and a worse.
    public var headlineResult: RunEvent.Result? { results.first { $0.better != .neither } ?? results.first }
}
