import Charts
import Experiments
import Terminal

/// Keeps what the application was told, always, within a bound of bytes and of time.
///
/// The record is a chain of segments. Each starts with messages that bring a fresh application to the state in which
/// the segment began: the home screen. When the bound is passed, the oldest segment goes; what is saved plays from the start of the
/// oldest that is left. A segment can only begin at home, so work far from home makes the record longer, up to twice the
/// bound; beyond that the record begins anew where it is, and the first screens of it may differ from what was seen.
public struct SessionRecorder: Sendable {
    private struct Segment: Sendable {
        /// What a fresh application is told first.
        var opening: [Message]
        var messages: [Message] = []
        var bytes = 0
        /// Bookmarks by the number of messages before them.
        var bookmarks: [Session.Bookmark] = []
        var startedAt: Double
    }

    private var header: Session.Header
    private let byteLimit: Int
    private let secondLimit: Double
    private var segments: [Segment] = []
    private var bytes = 0

    /// - Parameters:
    ///   - header: build, size, glyphs and colours; its start is set by the first message.
    ///   - byteLimit: about how much memory the record may take: 24 MB.
    ///   - secondLimit: how far it reaches back: two hours.
    public init(header: Session.Header, byteLimit: Int = 24_000_000, secondLimit: Double = 7200) {
        self.header = header
        self.byteLimit = max(1, byteLimit)
        self.secondLimit = secondLimit
    }

    /// How many messages the record holds, for tests and `:messages`.
    package var messageCount: Int { segments.reduce(0) { $0 + $1.messages.count } }
    /// About how many bytes the record takes.
    package var byteCount: Int { bytes }

    /// Keeps a message.
    /// - Parameter app: the application before it receives the message.
    public mutating func record(_ message: Message, before app: App) {
        if segments.isEmpty { segments = [Segment(opening: [], startedAt: message.time)] }
        rotate(app, at: message.time)
        let last = segments.count - 1
        // Two ticks within half a second say what one says.
        if case .tick = message.content, let before = segments[last].messages.last, case .tick = before.content,
           segments[last].messages.count > 1, segments[last].bookmarks.last?.index != segments[last].messages.count {
            let second = segments[last].messages[segments[last].messages.count - 2]
            if message.time - second.time < 0.5 {
                segments[last].messages[segments[last].messages.count - 1] = message
                return
            }
        }
        segments[last].messages.append(message)
        let cost = message.approximateBytes
        segments[last].bytes += cost
        bytes += cost
    }

    /// Names this moment.
    public mutating func bookmark(_ name: String) {
        guard let last = segments.indices.last else { return }
        segments[last].bookmarks.append(.init(name: name, index: segments[last].messages.count))
    }

    private mutating func rotate(_ app: App, at time: Double) {
        guard let current = segments.last, !current.messages.isEmpty else { return }
        let isLong = current.bytes > byteLimit / 4 || time - current.startedAt > secondLimit / 4
        guard isLong else { return }
        let isForced = bytes > 2 * byteLimit
        guard isForced || app.stack.count == 1 else { return }
        let opening = app.openingMessages(at: time)
        if !isForced {
            var fresh = App(methods: app.workspace.methods, appearance: app.workspace.appearance)
            for message in opening { _ = fresh.receive(message) }
            guard fresh.draw(size: app.workspace.size) == app.draw(size: app.workspace.size) else { return }
        }
        segments.append(Segment(opening: opening, startedAt: time))
        while segments.count > 1, bytes > byteLimit || time - segments[1].startedAt > secondLimit {
            bytes -= segments.removeFirst().bytes
        }
    }

    /// The record as a session.
    public func session(title: String = "") -> Session {
        var header = header
        header.title = title
        guard let first = segments.first else { return Session(header: header) }
        header.started = (first.opening.first ?? first.messages.first)?.time ?? 0
        var session = Session(header: header, messages: first.opening)
        for segment in segments {
            let offset = session.messages.count
            session.messages += segment.messages
            session.bookmarks += segment.bookmarks.map { .init(name: $0.name, index: $0.index + offset) }
        }
        for case .resize(let size) in session.messages.lazy.map(\.content).prefix(8) {
            session.header.width = max(1, size.width)
            session.header.height = max(1, size.height)
            break
        }
        for case .themes(_, let current) in session.messages.lazy.map(\.content) {
            session.header.theme = current
            break
        }
        return session
    }
}

extension App {
    /// The messages that bring a fresh application to this one's home screen.
    func openingMessages(at time: Double) -> [Message] {
        var contents: [Message.Content] = [.resize(workspace.size)]
        contents.append(.themes(workspace.themes, current: workspace.theme.name))
        if workspace.datasetsAreKnown { contents.append(.datasets(workspace.datasets)) }
        if !workspace.sessions.isEmpty { contents.append(.sessions(workspace.sessions)) }
        if workspace.runsAreKnown { contents.append(.runs(workspace.runs)) }
        return contents.map { Message(time: time, $0) }
    }
}

extension Message {
    /// About how many bytes the message takes in memory.
    var approximateBytes: Int {
        let own = 160
        switch content {
        case .input, .resize, .tick: return own
        case .runs(let rows): return own + rows.count * 800
        case .runOpened(let run): return own + Self.bytes(run.events) + run.series.reduce(0) { $0 + 64 + 16 * $1.steps.count }
        case .runEvents(_, let events): return own + Self.bytes(events)
        case .runPreview(let preview): return own + preview.series.reduce(0) { $0 + 64 + 16 * $1.steps.count }
        case .study(let study): return own + study.runs.count * 800
        case .submitted(let runs, _): return own + runs.count * 40
        case .datasets(let entries): return own + entries.count * 500
        case .datasetPreview(_, let preview):
            return own + preview.rows.count * 400 + preview.edges.count * 64 + preview.lines.reduce(0) { $0 + 8 * $1.values.count }
                + preview.examples.reduce(0) { $0 + 80 + $1.thumbnail.pixels.count }
        case .themes(let themes, _): return own + themes.count * 2_000
        case .sessions(let entries): return own + entries.count * 200
        case .crashes(let reports): return own + reports.reduce(0) { $0 + 100 + $1.text.utf8.count }
        case .sessionLoaded(_, let json): return own + json.utf8.count
        case .datasetPreviewFailed(_, let text), .toast(_, let text), .effectFailed(let text), .fileWritten(let text), .copied(let text, _):
            return own + text.utf8.count
        case .open(let screen, let argument): return own + screen.utf8.count + argument.utf8.count
        }
    }

    private static func bytes(_ events: [RunEvent]) -> Int {
        events.reduce(0) { sum, event in
            let size = switch event.payload {
            case .metric(let batch): 16 * batch.steps.count
            case .weights(let weights): weights.values.count * (16 + 24 * weights.attributes.count)
            case .distribution(let value): value.groups.reduce(0) { $0 + 8 * $1.values.count }
            case .matrix(let value): 8 * value.values.count
            case .images(let set): set.items.reduce(0) { $0 + 100 + ($1.thumbnail?.pixels.count ?? 0) }
            case .graph(let graph): 80 * graph.nodes.count + 48 * graph.edges.count
            case .scenes(let set): set.scenes.reduce(0) { $0 + $1.tracks.reduce(0) { $0 + 60 + 16 * $1.x.count } }
            case .table(let table): 24 * table.columns.count * table.rows.count
            case .unknown(_, let json): json.utf8.count
            default: 100
            }
            return sum + 200 + size
        }
    }
}
