import Experiments
import Foundation
import TrialMethod
#if canImport(Glibc)
import Glibc
#endif

/// Event logs that end in the middle of a line, at every byte of their last 4 KiB.
struct TornLogs {
    let bench: Bench

    func perform(_ ledger: inout Ledger) throws {
        let place = try bench.place("torn")
        defer { place.remove() }
        let whole = place.folder.appendingPathComponent("whole.jsonl"), torn = place.folder.appendingPathComponent("torn.jsonl")
        let request = DartsMethod.request(rounds: 120)
        let folder = try TemporaryFolder()
        var executor = makeExecutor(folder)
        executor.minimumCheckpointInterval = .zero
        let undisturbed = try executor.run(request, identifier: "r1", of: DartsMethod(), log: whole)
        let bytes = try Data(contentsOf: whole), events = try EventLog(readingFrom: whole).events
        let values = Self.values(events)
        let files = ["checkpoint", "checkpoint.previous"]
        for length in stride(from: bytes.count, through: max(0, bytes.count - 4096), by: -1) {
            ledger.faults["torn log", default: 0] += 1
            try bytes.prefix(length).write(to: torn)
            let kept = try EventLog(readingFrom: torn)
            let lines = bytes.prefix(length).count { $0 == 0x0A }
            // The first line is the header.
            ledger.eventsChecked += kept.events.count
            if kept.events != Array(events.prefix(max(0, lines - 1))) { ledger.lose("log of \(length) bytes: not all whole lines are read") }
            if kept.problems.count > 1 { ledger.lose("log of \(length) bytes: \(kept.problems.count) problems are named, there is one") }
            for file in files { try? FileManager.default.removeItem(at: torn.appendingPathExtension(file)) }
            for file in files { try? FileManager.default.copyItem(at: whole.appendingPathExtension(file), to: torn.appendingPathExtension(file)) }
            let outcome = try executor.run(request, identifier: "r1", of: DartsMethod(), log: torn)
            ledger.runsResumed += 1
            ledger.runsCompared += 1
            let again = try EventLog(readingFrom: torn)
            if outcome.results != undisturbed.results { ledger.lose("log of \(length) bytes: the resumed run ends otherwise") }
            if Self.values(again.events) != values { ledger.lose("log of \(length) bytes: the resumed log does not tell the whole run") }
            if again.events.map(\.sequence) != Array(0..<again.events.count) { ledger.lose("log of \(length) bytes: events are missing in the resumed log") }
        }
    }

    /// Every point of every series.
    private static func values(_ events: [RunEvent]) -> [String: [Double]] {
        var values: [String: [Double]] = [:]
        for case .metric(let batch) in events.map(\.payload) { values[batch.series, default: []] += batch.values }
        return values
    }
}
