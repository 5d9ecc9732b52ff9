import Charts
import Terminal

/// What an application was told, and when: enough to show every screen again.
///
/// The application is a pure machine, so a session holds messages (keys, sizes, data), never pictures. On disk it is a file of
/// JSON lines; `docs/sessions.md` describes it. Places in a session are seconds of playing time, in which pauses longer
/// than the header's idle limit are cut short.
public struct Session: Sendable {
    /// The version of the file format.
    public static let version = 1

    public struct Header: Sendable, Equatable, Codable {
        public var version = Session.version
        /// The build of Lathe that recorded it.
        public var build = ""
        /// One line: what can be seen in it.
        public var title = ""
        /// The identifiers of the methods that the recording program offered, in its order; nil in old files: all of the player's.
        public var methods: [String]?
        /// Columns and rows of the terminal at the start.
        public var width = 80
        public var height = 24
        public var theme = ""
        public var glyphs = GlyphLevel.braille
        /// Colours of the terminal: 0, 8, 16, 256 or 16777216.
        public var colors = 16_777_216
        /// Seconds since 1970.
        public var started = 0.0
        /// Seconds that a pause takes at most when the session is played.
        public var idleLimit = 2.0

        public init() {}
    }

    /// A place with a name, before the message with that index.
    public struct Bookmark: Sendable, Equatable {
        public var name: String
        public var index: Int
    }

    public var header: Header
    /// In the order in which the application received them.
    public var messages: [Message]
    public var bookmarks: [Bookmark]

    public init(header: Header, messages: [Message] = [], bookmarks: [Bookmark] = []) {
        self.header = header
        self.messages = messages
        self.bookmarks = bookmarks
    }

    /// The playing time at which each message comes: rising, pauses cut to the idle limit.
    public var playingTimes: [Double] {
        var times: [Double] = []
        times.reserveCapacity(messages.count)
        let limit = header.idleLimit.isFinite && header.idleLimit > 0 ? header.idleLimit : .infinity
        var place = 0.0, before = header.started
        for message in messages {
            place += min(limit, max(0, message.time - before))
            before = max(before, message.time)
            times.append(place)
        }
        return times
    }

    /// The length in seconds of playing time.
    public var duration: Double { playingTimes.last ?? 0 }
}

/// Why a session cannot be read or played: one sentence with the file and the line.
public struct SessionError: Error, CustomStringConvertible, Sendable, Equatable {
    public var description: String

    init(_ sentence: String) { description = sentence }

    init(file: String, line: Int, _ sentence: String) { description = "\(file), line \(line): \(sentence)" }
}
