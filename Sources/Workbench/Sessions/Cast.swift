import Experiments
import Terminal

/// What asciinema recorded of a terminal, versions 1 to 3 of its format: https://docs.asciinema.org/manual/asciicast/v3/
public struct Cast: Sendable {
    enum Content: Sendable, Equatable {
        case output(String)
        case resize(Size)
        case mark(String)
    }

    public let size: Size
    public let title: String
    /// Seconds of playing time and what came then, rising.
    private(set) var events: [(time: Double, content: Content)] = []

    static let largest = 256 << 20

    /// Whether a text claims to be a cast and no session.
    public static func isCast(_ text: String) -> Bool {
        let start = text.prefix(2000)
        return start.first { !$0.isWhitespace } == "{" && start.contains("\"version\"") && !start.contains("\"lathe session\"")
    }

    /// Reads a cast. One that was cut off plays to where it was cut.
    /// - Parameter file: the name for the sentence.
    /// - Throws: `SessionError` with the file and the line.
    public init(text: String, file: String) throws(SessionError) {
        guard text.utf8.count <= Self.largest else { throw SessionError("\(file): the cast has \(text.utf8.count) bytes, \(Self.largest) is the most that is read") }
        let lines = Array(text.utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // The first version is one value, however many lines it takes; the later ones have a header and a line an event.
        let whole = try? JSONValue(parsing: text), first = lines.first { !$0.isEmpty }
        guard let header = whole ?? first.flatMap({ try? JSONValue(parsing: $0) }), let version = header["version"]?.int else {
            throw SessionError(file: file, line: 1, "this is no cast: asciinema's files begin with a header in JSON that has a version")
        }
        guard (1...3).contains(version) else { throw SessionError(file: file, line: 1, "the cast has version \(version); 1, 2 and 3 are played") }
        let terminal = version == 3 ? header["term"] : header
        let width = terminal?[version == 3 ? "cols" : "width"]?.int ?? 0, height = terminal?[version == 3 ? "rows" : "height"]?.int ?? 0
        guard (1...Size.largestSide).contains(width), (1...Size.largestSide).contains(height) else {
            throw SessionError(file: file, line: 1, "the cast's screen is \(width) x \(height) cells; 1 x 1 … \(Size.largestSide) x \(Size.largestSide) can be played")
        }
        size = Size(width: width, height: height)
        title = header["title"]?.string ?? ""
        var clock = Clock(idleLimit: header["idle_time_limit"]?.double ?? .infinity, isRelative: version != 2)
        if version == 1 {
            for item in header["stdout"]?.elements ?? [] {
                guard let parts = item.elements, parts.count == 2, let delay = parts[0].double, let output = parts[1].string else {
                    throw SessionError(file: file, line: 1, "“stdout” holds pairs of seconds and text, and one of them is none")
                }
                events.append((clock.time(delay), .output(output)))
            }
            return
        }
        for (number, bytes) in zip(1..., lines) where number > 1 && !bytes.isEmpty && bytes.first != UInt8(ascii: "#") {
            guard let parts = (try? JSONValue(parsing: bytes))?.elements, parts.count == 3, let time = parts[0].double, time.isFinite, let kind = parts[1].string else {
                // The last line of a recording that still goes on, or was killed.
                if number == lines.count { break }
                throw SessionError(file: file, line: number, "this is no event of a cast, which is [seconds, kind, text]")
            }
            let text = parts[2].string ?? ""
            let moment = clock.time(time)
            switch kind {
            case "o": events.append((moment, .output(text)))
            case "m": events.append((moment, .mark(text)))
            case "r":
                let sides = text.split(separator: "x").compactMap { Int($0) }
                guard sides.count == 2, sides.allSatisfy({ (1...Size.largestSide).contains($0) }) else {
                    throw SessionError(file: file, line: number, "“\(String(text.prefix(20)).printable)” is no size of a screen, such as 80x24")
                }
                events.append((moment, .resize(Size(width: sides[0], height: sides[1]))))
            default: break
            }
        }
    }

    /// Makes playing time of recorded time: it never goes back, and pauses are no longer than the recording asks for.
    private struct Clock {
        let idleLimit: Double
        let isRelative: Bool
        private var recorded = 0.0, played = 0.0

        init(idleLimit: Double, isRelative: Bool) {
            self.idleLimit = idleLimit > 0 ? idleLimit : .infinity
            self.isRelative = isRelative
        }

        mutating func time(_ said: Double) -> Double {
            let gap = max(0, isRelative ? said : said - recorded)
            recorded = isRelative ? recorded + gap : max(recorded, said)
            played += min(gap, idleLimit, 1e6)
            return played
        }
    }
}

/// Plays a cast in an emulated terminal. A value; states are kept on the way, so that going back costs little.
public struct CastPlayer: Sendable {
    public let cast: Cast
    private(set) var terminal: EmulatedTerminal
    /// Events that were played.
    private(set) var index = 0
    public private(set) var position = 0.0
    private var kept: [(index: Int, terminal: EmulatedTerminal)] = []
    private let interval: Int

    public init(_ cast: Cast) {
        self.cast = cast
        terminal = EmulatedTerminal(size: cast.size)
        interval = max(64, cast.events.count / 64)
        kept = [(0, terminal)]
    }

    public var duration: Double { cast.events.last?.time ?? 0 }
    public var isAtEnd: Bool { index >= cast.events.count }
    public var bookmarks: [(name: String, position: Double)] { cast.events.compactMap { if case .mark(let name) = $0.content { (name, $0.time) } else { nil } } }
    /// The screen at this moment.
    public var picture: CellGrid { terminal.grid }

    public mutating func seek(to seconds: Double) {
        let target = min(max(0, seconds.isNaN ? 0 : seconds), duration)
        var low = 0, high = cast.events.count
        while low < high {
            let middle = (low + high) / 2
            if cast.events[middle].time <= target { low = middle + 1 } else { high = middle }
        }
        play(upTo: low)
        position = target
    }

    /// Goes on to the next thing that was written.
    public mutating func step() {
        guard !isAtEnd else { return }
        play(upTo: index + 1)
        position = cast.events[index - 1].time
    }

    private mutating func play(upTo target: Int) {
        if target < index, let last = kept.last(where: { $0.index <= target }) { (index, terminal) = last }
        while index < target {
            switch cast.events[index].content {
            case .output(let text): terminal.feed(text)
            case .resize(let size): terminal.resize(size)
            case .mark: break
            }
            index += 1
            if index % interval == 0, index > kept.last?.index ?? 0 { kept.append((index, terminal)) }
        }
    }
}
