import Charts
import Datasets
import Experiments
import Terminal

/// What all screens share: what the outside said last, and what the user set for the whole program.
public struct Workspace: Sendable {
    /// The methods that there are.
    public internal(set) var methods: [any Method]

    /// Seconds since 1970, as the newest message said.
    public internal(set) var now: Double = 0
    /// True while a message is told to a screen that nobody sees: another one, not a dialog, lies above it.
    public internal(set) var isCovered = false
    /// The terminal's size.
    public internal(set) var size = Size(width: 80, height: 24)

    /// The store's runs, newest first, without those that wait for their deletion.
    public internal(set) var runs: [RunRow] = []
    /// False until the store answered for the first time.
    public internal(set) var runsAreKnown = false
    /// The catalogue of data sets; empty until the library answered.
    public internal(set) var datasets: [DatasetEntry] = []
    public internal(set) var datasetsAreKnown = false
    public internal(set) var themes: [Theme] = []
    public internal(set) var sessions: [SessionEntry] = []

    /// Reports of crashes that nobody had read at the start, newest first.
    public internal(set) var crashes: [CrashReport] = []

    /// Runs that are marked for comparison or deletion, in the order of marking.
    public var marks: [String] = []
    /// Which colour and marker each run and series has, for life.
    public var series = SeriesRegister()

    public internal(set) var theme: Theme
    /// The styles of the theme, resolved.
    public internal(set) var styles: Styles
    /// What charts draw with.
    public internal(set) var palette: ChartPalette
    public let appearance: Appearance

    /// Toasts of the last five seconds and everything said before, newest last.
    public internal(set) var messages: [Toast] = []
    /// What the palette did, oldest first.
    public private(set) var commandHistory: [String] = []
    /// Ends of runs that were not yet told to the terminal.
    var notices: [String] = []
    /// Runs that go at the end of their toast: identifier and the time.
    var deletions: [(run: RunRow, at: Double)] = []

    /// Whether runs can go on in a process without a screen when the user leaves.
    let canHandOver: Bool

    init(methods: [any Method], theme: Theme, appearance: Appearance, canHandOver: Bool) {
        self.methods = methods
        self.canHandOver = canHandOver
        self.theme = theme
        self.appearance = appearance
        styles = Styles(theme, appearance)
        palette = styles.palette
    }

    mutating func use(_ theme: Theme) {
        self.theme = theme
        styles = Styles(theme, appearance)
        palette = styles.palette
    }

    mutating func remember(command: String) {
        guard !command.isEmpty, commandHistory.last != command else { return }
        commandHistory.append(command)
        if commandHistory.count > 100 { commandHistory.removeFirst() }
    }

    public func method(_ identifier: String) -> (any Method)? {
        methods.first { $0.description.identifier == identifier }
    }

    public func run(_ identifier: String) -> RunRow? { runs.first { $0.identifier == identifier } }

    public func dataset(_ identifier: String) -> DatasetEntry? { datasets.first { $0.identifier == identifier } }

    /// Toasts that still show.
    public var toasts: [Toast] { messages.suffix(3).filter { now - $0.time < Toast.lifetime } }

    mutating func say(_ kind: Toast.Kind, _ text: String) {
        messages.append(Toast(kind: kind, text: text, time: now))
        if messages.count > 500 { messages.removeFirst(messages.count - 500) }
    }
}

/// What the terminal can show, fixed for a session.
public struct Appearance: Sendable, Codable, Hashable {
    /// False under `NO_COLOR` and on terminals without colours: bold, reverse and underline stay.
    public var hasColor: Bool
    public var glyphs: GlyphLevel

    public init(hasColor: Bool = true, glyphs: GlyphLevel = .braille) {
        self.hasColor = hasColor
        self.glyphs = glyphs
    }
}
