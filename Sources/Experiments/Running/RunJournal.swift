import Datasets
import Foundation

/// Where a running run is written down. Called from one serial queue; a call that throws is made again with the same events.
protocol RunJournal: Sendable {
    func append(_ events: [RunEvent], seconds: Double) throws
    /// The last of the events is the checkpoint's mark.
    func saveCheckpoint(_ state: Data, events: [RunEvent], seconds: Double) throws
    /// The last of the events is the artifact's mark.
    func saveArtifact(_ data: Data, events: [RunEvent], seconds: Double) throws
    /// Says that the run lives, several times a second.
    /// - Returns: what another process wishes.
    func tick(seconds: Double) throws -> RunWish?
    /// The run's state besides its events: paused, running again, released.
    func setState(_ state: RunState, sentence: String, seconds: Double) throws
}

/// Writes into the store.
struct StoreJournal: RunJournal {
    let store: RunStore
    let claim: RunClaim

    func append(_ events: [RunEvent], seconds: Double) throws {
        try store.append(events, to: claim.identifier, claim: claim, seconds: seconds)
    }

    func saveCheckpoint(_ state: Data, events: [RunEvent], seconds: Double) throws {
        try store.saveCheckpoint(state, events: events, claim: claim, seconds: seconds)
    }

    func saveArtifact(_ data: Data, events: [RunEvent], seconds: Double) throws {
        try store.saveArtifact(data, events: events, claim: claim, seconds: seconds)
    }

    func tick(seconds: Double) throws -> RunWish? { try store.heartbeat(claim, seconds: seconds) }

    func setState(_ state: RunState, sentence: String, seconds: Double) throws {
        try store.setState(state, sentence: sentence, seconds: seconds, claim: claim)
    }
}

/// Writes an event log, with the last two checkpoints in files beside it: what a node of a cluster does, which must not write a
/// SQLite file that other machines read.
struct LogJournal: RunJournal {
    let log: EventLogWriter
    let run: String

    func append(_ events: [RunEvent], seconds: Double) throws { try log.append(events) }

    func saveCheckpoint(_ state: Data, events: [RunEvent], seconds: Double) throws {
        guard let location = log.location, let mark = events.last else { return try log.append(events) }
        // The mark is on the disk before the checkpoint that refers to it.
        try log.append(events)
        log.synchronize()
        try LogCheckpoint(run: run, sequence: mark.sequence, seconds: seconds, state: state).write(beside: location)
    }

    func saveArtifact(_ data: Data, events: [RunEvent], seconds: Double) throws {
        if let location = log.location, case .artifact(let mark)? = events.last?.payload { try LogArtifact.write(data, mark, beside: location) }
        try log.append(events)
    }

    func tick(seconds: Double) throws -> RunWish? {
        try log.tick()
        return nil
    }

    func setState(_ state: RunState, sentence: String, seconds: Double) throws { log.synchronize() }
}

/// The newest checkpoint of a run that only has an event log: `<log>.checkpoint`, and the one before it in `<log>.checkpoint.previous`.
/// One line of JSON that says what follows, then the state's bytes.
struct LogCheckpoint {
    var run: String
    var sequence: Int
    var seconds: Double
    var state: Data

    private static func locations(beside log: URL) -> [URL] {
        [log.appendingPathExtension("checkpoint"), log.appendingPathExtension("checkpoint.previous")]
    }

    func write(beside log: URL) throws {
        let places = Self.locations(beside: log)
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("v", RunEvent.version)
        writer.member("kind", "checkpoint")
        writer.member("run", run)
        writer.member("n", sequence)
        writer.member("seconds", seconds)
        writer.member("bytes", state.count)
        writer.endObject()
        if FileManager.default.fileExists(atPath: places[0].path) {
            try? FileManager.default.removeItem(at: places[1])
            try? FileManager.default.moveItem(at: places[0], to: places[1])
        }
        do {
            try AtomicFile.write(Data(writer.bytes) + Data([0x0A]) + state, to: places[0])
        } catch {
            throw EventLogError("checkpoint \(places[0].path): it cannot be written (\(error.localizedDescription)); free some room")
        }
    }

    /// The newest whole checkpoint of the run beside a log.
    static func newest(beside log: URL, run: String) -> LogCheckpoint? {
        locations(beside: log).lazy.compactMap { read($0, run: run) }.first
    }

    private static func read(_ file: URL, run: String) -> LogCheckpoint? {
        guard let data = try? Data(contentsOf: file), let end = data.firstIndex(of: 0x0A),
              let json = try? JSONValue(parsing: data[..<end]), json["run"]?.string == run, let sequence = json["n"]?.int,
              let bytes = json["bytes"]?.int, data.count - end - 1 == bytes else { return nil }
        return LogCheckpoint(run: run, sequence: sequence, seconds: json["seconds"]?.double ?? 0, state: Data(data[(end + 1)...]))
    }
}

/// The artifacts of a run that only has an event log: `<log>.artifacts/<name>`.
enum LogArtifact {
    private static func location(_ name: String, beside log: URL) -> URL {
        log.appendingPathExtension("artifacts").appendingPathComponent(name)
    }

    static func write(_ data: Data, _ mark: RunEvent.ArtifactMark, beside log: URL) throws {
        let place = location(mark.name, beside: log)
        do {
            try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
            try AtomicFile.write(data, to: place)
        } catch {
            throw EventLogError("artifact \(place.path): it cannot be written (\(error.localizedDescription)); free some room")
        }
    }

    /// The bytes that a mark names, where they are there and are those. A log may be a stranger's: only a plain name is followed.
    static func read(_ mark: RunEvent.ArtifactMark, beside log: URL) -> Data? {
        guard ArtifactError.isName(mark.name), let data = try? Data(contentsOf: location(mark.name, beside: log)), data.count == mark.bytes,
              SHA256.hexadecimal(of: Array(data)) == mark.checksum else { return nil }
        return data
    }
}
