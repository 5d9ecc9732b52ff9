import Foundation

/// A line of an event log that could not be read, with its number from 1 on.
public struct EventLogProblem: Sendable, Equatable, CustomStringConvertible {
    public var line: Int
    public var sentence: String
    public var description: String { "line \(line): \(sentence)" }
}

/// Reads an event log piece by piece, as it grows.
///
/// A torn last line is left until it is whole. A line that is no event is named in `problems` and passed over; it never stops
/// the reading. Where the log tells a run that was resumed, the sequence steps back: `Piece.restart` says so.
///
///     var reader = EventLogReader(at: file)
///     while let piece = try reader.next() { … }      // nil: nothing new for now
public struct EventLogReader: Sendable {
    /// Some more of the log, in the order of its lines.
    public struct Piece: Sendable {
        public var events: [RunEvent] = []
        /// The file became another one or shorter since the last piece: the events begin anew from the log's first line.
        public var isFromStart = false
        public var problems: [EventLogProblem] = []
    }

    public let location: URL
    /// The log's first line, once it was read; nil for a log without one.
    public private(set) var header: EventLogHeader?
    /// When the writer last said that it lives, seconds since 1970.
    public private(set) var lastHeartbeat: Double?
    /// How many whole lines were read.
    public private(set) var lineCount = 0
    /// The line that is not whole yet, as it stands: its number and bytes; nil where the log ends with a whole line.
    public var tornLine: EventLogProblem? {
        guard !rest.isEmpty else { return nil }
        return EventLogProblem(line: lineCount + 1, sentence: "the line ends after \(rest.count) bytes without its line end; the writer was stopped or is still writing")
    }

    private var offset: UInt64 = 0
    private var rest: [UInt8] = []
    private var isSkippingLine = false
    private var fileNumber: UInt64?
    /// A longer line is no event: 64 MB.
    static let longestLine = 64 << 20

    public init(at location: URL) { self.location = location }

    /// Reads what came since the last call, at most about `bytes`.
    /// - Returns: nil when there is nothing new.
    /// - Throws: `EventLogError` when the file cannot be read.
    public mutating func next(bytes limit: Int = 1 << 20) throws -> Piece? {
        let file: FileHandle
        do {
            file = try FileHandle(forReadingFrom: location)
        } catch {
            throw EventLogError("event log \(location.path): it cannot be read; check its name and permissions")
        }
        defer { try? file.close() }
        var piece = Piece()
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: location.path)
            let number = (attributes[.systemFileNumber] as? NSNumber)?.uint64Value
            let size = try file.seekToEnd()
            if size < offset || (fileNumber != nil && number != fileNumber) {
                self = EventLogReader(at: location)
                piece.isFromStart = true
            }
            fileNumber = number
            try file.seek(toOffset: offset)
            guard let data = try file.read(upToCount: limit), !data.isEmpty else { return piece.isFromStart ? piece : nil }
            offset += UInt64(data.count)
            take(data, into: &piece)
        } catch let error as EventLogError {
            throw error
        } catch {
            throw EventLogError("event log \(location.path): reading failed (\(error.localizedDescription))")
        }
        return piece
    }

    private mutating func take(_ data: Data, into piece: inout Piece) {
        var start = data.startIndex
        while let end = data[start...].firstIndex(of: 0x0A) {
            lineCount += 1
            if isSkippingLine {
                piece.problems.append(EventLogProblem(line: lineCount, sentence: "the line is longer than 64 MB"))
            } else {
                read(rest + data[start..<end], into: &piece)
            }
            isSkippingLine = false
            rest = []
            start = end + 1
        }
        if !isSkippingLine { rest += data[start...] }
        if rest.count > Self.longestLine {
            rest = []
            isSkippingLine = true
        }
    }

    private mutating func read(_ line: [UInt8], into piece: inout Piece) {
        guard line.contains(where: { $0 != 0x20 && $0 != 0x0D && $0 != 0x09 }) else { return }
        do {
            let json = try JSONValue(parsing: line)
            switch json["kind"]?.string {
            case "log" where json["n"] == nil:
                if header == nil, let run = json["run"]?.string {
                    header = EventLogHeader(run: run, study: json["study"]?.string, host: json["host"]?.string ?? "")
                }
            case "heartbeat" where json["n"] == nil: lastHeartbeat = json["t"]?.double
            default: piece.events.append(try RunEvent(json: json) { String(decoding: line, as: UTF8.self) })
            }
        } catch {
            piece.problems.append(EventLogProblem(line: lineCount, sentence: "\(error)"))
        }
    }
}

/// A whole event log in memory.
public struct EventLog: Sendable {
    public var header: EventLogHeader?
    /// The run's events by sequence; where the log tells a resumed run, what was dropped at its checkpoint is gone.
    public var events: [RunEvent] = []
    /// Lines that are no events, the torn last one among them.
    public var problems: [EventLogProblem] = []

    /// - Throws: `EventLogError` when the file cannot be read at all.
    public init(readingFrom location: URL) throws {
        var reader = EventLogReader(at: location)
        while let piece = try reader.next() {
            if piece.isFromStart { self.events = [] }
            problems += piece.problems
            for event in piece.events { Self.add(event, to: &events) }
        }
        header = reader.header
        if let torn = reader.tornLine { problems.append(torn) }
    }

    /// A sequence that steps back means that the run went on from a checkpoint: what came behind it is dropped.
    static func add(_ event: RunEvent, to events: inout [RunEvent]) {
        while let last = events.last, last.sequence >= event.sequence { events.removeLast() }
        events.append(event)
    }
}
