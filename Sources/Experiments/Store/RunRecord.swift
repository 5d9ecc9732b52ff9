/// What the store knows of a run without opening it: one row of the Home screen.
public struct RunRecord: Sendable, Equatable, Identifiable {
    public var identifier: String
    public var study: String?
    public var request: RunRequest
    public var state: RunState
    /// Why the run failed or was stopped; "" otherwise.
    public var sentence: String
    /// Seconds since 1970.
    public var created: Double
    public var started: Double?
    public var ended: Double?
    /// Seconds of work, pauses not counted, interrupted parts included.
    public var seconds: Double
    public var stage: RunEvent.Stage?
    public var progress: RunEvent.Progress?
    /// Who runs it or ran it last.
    public var owner: RunOwner?
    /// When the owner last wrote, seconds since 1970.
    public var heartbeat: Double?
    /// One more than the sequence of the newest event.
    public var nextSequence: Int
    /// Metric points of all series.
    public var pointCount: Int
    /// The sequence of the newest checkpoint; nil when the run would begin anew.
    public var checkpointSequence: Int?
    /// The event log that it was imported from; "" for a run of this store.
    public var origin: String
    public var notes: String
    public var tags: [String]
    /// Grows with every change of the row, over all runs of the store.
    public var revision: Int

    public var id: String { identifier }
    /// Whether a process may take it up: it was stopped, or it waits and nobody has it, as the rest of a study that was killed.
    public var isResumable: Bool {
        state == .interrupted || state == .cancelled || state == .failed || (state == .waiting && owner == nil)
    }
}

/// Which runs a list holds, and in which order; the default is all of them, newest first.
public struct RunFilter: Sendable, Equatable {
    public enum Order: Sendable { case newestFirst, oldestFirst }

    /// Empty: any state.
    public var states: Set<RunState> = []
    public var method: String?
    public var dataset: String?
    public var plan: Plan?
    public var study: String?
    public var tag: String?
    /// Words that must all be part of the identifier, method, data set, condition, notes or tags; case does not count.
    public var text = ""
    public var order = Order.newestFirst
    public var limit: Int?
    public var offset = 0

    public init() {}
}

/// One metric series of a stored run, in the order in which its points came.
public struct MetricSeries: Sendable, Equatable {
    /// The path, arm last: "test error/reweighted".
    public var path: String
    public var unit: String
    public var steps: [Double]
    public var values: [Double]

    public init(path: String, unit: String, steps: [Double] = [], values: [Double] = []) {
        self.path = path
        self.unit = unit
        self.steps = steps
        self.values = values
    }
}

/// A run as it was read in one moment: its header, its events besides metrics, and its metric series whole.
public struct StoredRun: Sendable {
    public var record: RunRecord
    /// All events except metric ones, by sequence.
    public var events: [RunEvent]
    /// In the order in which they first appeared.
    public var series: [MetricSeries]
    public var results: [RunEvent.Result]
    /// Ask `RunStore.events(of:after:)` for what came after this one; -1 when there are none.
    public var lastSequence: Int { record.nextSequence - 1 }
}

/// A checkpoint as the store holds it.
public struct StoredCheckpoint: Sendable, Equatable {
    /// The sequence of its mark in the event stream.
    public var sequence: Int
    public var name: String
    /// Seconds since 1970.
    public var time: Double
    public var state: [UInt8]
}
