import Experiments
import Foundation
import Testing
import TrialMethod

@Suite struct EventLogTests {
    static func events(_ count: Int, from start: Int = 0) -> [RunEvent] {
        (start..<start + count).map { RunEvent(sequence: $0, time: 100 + Double($0), payload: .note(.init("note \($0)"))) }
    }

    static func write(_ events: [RunEvent], to file: URL) throws {
        try EventLogWriter(at: file, header: EventLogHeader(run: "r1", study: "s1")).append(events)
    }

    @Test func `a log tells its run and its events`() throws {
        let folder = try TemporaryFolder(), file = folder.file("a.jsonl")
        let events = everyKind.enumerated().map { RunEvent(sequence: $0.offset, time: Double($0.offset), payload: $0.element) }
        try Self.write(events, to: file)
        let log = try EventLog(readingFrom: file)
        #expect(log.header == EventLogHeader(run: "r1", study: "s1"))
        #expect(text(log.events) == text(events))
        #expect(log.problems.isEmpty)
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
    }

    @Test func `a log that is cut at any byte of its last lines gives all whole lines and names the torn one`() throws {
        let folder = try TemporaryFolder(), file = folder.file("a.jsonl"), cut = folder.file("cut.jsonl")
        let events = Self.events(20)
        try Self.write(events, to: file)
        let bytes = try Data(contentsOf: file)
        let ends = bytes.indices.filter { bytes[$0] == 0x0A }
        for length in ends[16]...bytes.count {
            try bytes.prefix(length).write(to: cut)
            let log = try EventLog(readingFrom: cut)
            let whole = ends.filter { $0 < length }.count
            #expect(log.events == Array(events.prefix(whole - 1)))
            let isTorn = length > 0 && bytes[length - 1] != 0x0A
            #expect(log.problems.map(\.line) == (isTorn ? [whole + 1] : []))
            // A writer that goes on closes the torn line; nothing before or after it is lost.
            try EventLogWriter(at: cut, header: EventLogHeader(run: "r1")).append(Self.events(3, from: 50))
            let longer = try EventLog(readingFrom: cut)
            let last = isTorn && (try? RunEvent(jsonLine: bytes[(ends[whole - 1] + 1)..<length])) != nil ? 1 : 0
            #expect(longer.events.count == whole - 1 + last + 3)
            #expect(longer.problems.count == (isTorn && last == 0 ? 1 : 0))
            #expect(longer.header?.run == "r1")
        }
    }

    @Test func `a spoilt line in the middle is named and passed over`() throws {
        let folder = try TemporaryFolder(), file = folder.file("a.jsonl")
        try Self.write(Self.events(3), to: file)
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("rubbish\n\n\u{0}\n{\"v\":1,\"n\":9}\n".utf8) + Data([0xFF, 0x0A]))
        try handle.close()
        try Self.write(Self.events(2, from: 3), to: file)
        let log = try EventLog(readingFrom: file)
        #expect(log.events == Self.events(5))
        #expect(log.problems.map(\.line) == [5, 7, 8, 9])
    }

    @Test func `a second writer is refused`() throws {
        let folder = try TemporaryFolder(), file = folder.file("a.jsonl")
        let first = try EventLogWriter(at: file, header: EventLogHeader(run: "r1"))
        let error = #expect(throws: EventLogError.self) { try EventLogWriter(at: file, header: EventLogHeader(run: "r1")) }
        #expect(error?.description.contains("another process") == true)
        try first.append(Self.events(1))
        #expect(throws: EventLogError.self) { try EventLogWriter(at: folder.file("none/a.jsonl"), header: EventLogHeader(run: "r1")) }
        #expect(throws: EventLogError.self) { try EventLog(readingFrom: folder.file("missing.jsonl")) }
    }

    @Test func `a growing log is read as it grows, and a replaced one anew`() throws {
        let folder = try TemporaryFolder(), file = folder.file("a.jsonl")
        let writer = try EventLogWriter(at: file, header: EventLogHeader(run: "r1"))
        var reader = EventLogReader(at: file)
        #expect(try reader.next()?.events.isEmpty == true)
        #expect(try reader.next() == nil)
        try writer.append(Self.events(4))
        #expect(try reader.next()?.events == Self.events(4))
        let line = RunEvent(sequence: 4, time: 1, payload: .note(.init("half"))).jsonBytes + [0x0A]
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(line.prefix(10)))
        #expect(try reader.next()?.events.isEmpty == true)
        #expect(reader.tornLine?.line == 6)
        try handle.write(contentsOf: Data(line.dropFirst(10)))
        #expect(try reader.next()?.events.map(\.sequence) == [4])
        #expect(reader.tornLine == nil && reader.lineCount == 6)
        try FileManager.default.removeItem(at: file)
        try Self.write(Self.events(1), to: file)
        let piece = try #require(try reader.next())
        #expect(piece.isFromStart && piece.events == Self.events(1))
    }

    @Test func `small reads give the same as one large read`() throws {
        let folder = try TemporaryFolder(), file = folder.file("a.jsonl")
        try Self.write(Self.events(200), to: file)
        for size in [1, 7, 64, 1000] {
            var reader = EventLogReader(at: file), events: [RunEvent] = []
            while let piece = try reader.next(bytes: size) { events += piece.events }
            #expect(events == Self.events(200))
        }
    }

    @Test func `a resumed run's steps back drop what stood there`() throws {
        let folder = try TemporaryFolder(), file = folder.file("a.jsonl")
        try Self.write(Self.events(10) + Self.events(3, from: 6), to: file)
        #expect(try EventLog(readingFrom: file).events == Self.events(9))
    }
}
