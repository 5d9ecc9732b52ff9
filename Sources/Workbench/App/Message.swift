import Datasets
import Experiments
import Terminal

/// Everything that the application is ever told, with the time at which it was told.
///
/// The application has no clock, file, thread or random source of its own, so a session is the list of the messages that it
/// received: feed the same list and every screen is the same.
public struct Message: Sendable, Codable {
    /// Seconds since 1970.
    public var time: Double
    public var content: Content

    public init(time: Double, _ content: Content) {
        self.time = time
        self.content = content
    }

    public enum Content: Sendable, Codable {
        /// A key, a paste or the mouse.
        case input(InputEvent)
        /// The terminal's size; also the first message of every session.
        case resize(Size)
        /// Time passed and nothing else happened: toasts go, "2 m ago" moves on.
        case tick

        /// The store's list of runs, whole, newest first.
        case runs([RunRow])
        /// A stored run that `Effect.openRun` asked for.
        case runOpened(OpenedRun)
        /// New events of a run that is open.
        case runEvents(run: String, [RunEvent])
        /// A few thinned curves of a run, for the list's preview.
        case runPreview(RunPreview)
        /// The ends of a study's runs, folded into numbers.
        case study(StudySummary)
        /// The runs that an effect made, in the order asked for.
        case submitted(runs: [String], study: String)

        case datasets([DatasetEntry])
        case datasetPreview(dataset: String, DatasetPreview)
        case datasetPreviewFailed(dataset: String, sentence: String)

        case themes([Theme], current: String)
        case sessions([SessionEntry])
        /// The messages of a session that `Effect.loadSession` asked for.
        case sessionLoaded(name: String, json: String)
        /// A file was written for the user.
        case fileWritten(path: String)
        /// How a copy ended: nil when the terminal took it, else the file it went to.
        case copied(what: String, file: String?)

        /// A screen of the catalogue that the command line asked for (`lathe --run ID`).
        case open(screen: String, argument: String)

        /// Reports of crashes that nobody read yet, newest first.
        case crashes([CrashReport])
        case toast(Toast.Kind, String)
        /// An effect could not be done: one sentence.
        case effectFailed(String)
    }
}

/// A run as `Effect.openRun` finds it in the store. Its metrics are `series`, so `events` has none.
public struct OpenedRun: Sendable, Codable {
    public var row: RunRow
    public var events: [RunEvent]
    public var series: [RunSeries]
    public init(row: RunRow, events: [RunEvent], series: [RunSeries]) {
        self.row = row
        self.events = events
        self.series = series
    }
}

/// The points of one metric series in step order.
public struct RunSeries: Sendable, Codable {
    public var name: String
    public var unit: String
    public var steps: [Double]
    public var values: [Double]
    public init(name: String, unit: String, steps: [Double], values: [Double]) {
        self.name = name
        self.unit = unit
        self.steps = steps
        self.values = values
    }
}

/// What the list shows of the run under the cursor: its first curves, thinned so that no peak is lost, and its last note.
public struct RunPreview: Sendable, Codable {
    public var run: String
    public var series: [RunSeries]
    public var lastWords: String
    public init(run: String, series: [RunSeries], lastWords: String) {
        self.run = run
        self.series = series
        self.lastWords = lastWords
    }
}

/// A saved session on disk.
public struct SessionEntry: Sendable, Codable, Hashable {
    public var name: String
    public var path: String
    public var seconds: Double
    /// True for a session that came with the program.
    public var isShipped: Bool
    public init(name: String, path: String, seconds: Double, isShipped: Bool) {
        self.name = name
        self.path = path
        self.seconds = seconds
        self.isShipped = isShipped
    }
}
